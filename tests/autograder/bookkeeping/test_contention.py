"""Whoever came second tries again; against PostgreSQL: tests/scale/test_writers.py."""

import threading
import time
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from autograder.bookkeeping.contention import AGAIN, patiently


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}", connect_args={"timeout": 0, "check_same_thread": False})
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (id TEXT PRIMARY KEY)"))
    yield engine
    engine.dispose()


def insert(engine, name="a"):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (:name)"), {"name": name})


def test_a_locked_database_is_waited_for(engine):
    holder = engine.connect()
    holder.execute(text("INSERT INTO t VALUES ('other')"))
    with pytest.raises(OperationalError, match="locked"):
        insert(engine)
    release = threading.Timer(0.5, holder.commit)
    release.start()
    patiently(lambda: insert(engine), 600)
    release.join()
    holder.close()


def test_but_not_for_ever(engine):
    began = time.monotonic()
    with engine.connect() as holder:
        holder.execute(text("INSERT INTO t VALUES ('other')"))
        with pytest.raises(OperationalError, match="locked"):
            patiently(lambda: insert(engine), 0.3)
    assert time.monotonic() - began > 0.3


def test_a_row_that_another_entered_is_looked_for_once_more(engine):
    insert(engine)
    tries = []

    def write():
        tries.append(1)
        if len(tries) < 3:
            insert(engine)

    patiently(write, 20)
    assert len(tries) == 3


def test_a_row_that_is_always_there_is_a_fault(engine):
    insert(engine)
    tries = []
    with pytest.raises(IntegrityError):
        patiently(lambda: tries.append(1) or insert(engine), 20)
    assert len(tries) == AGAIN + 1


@pytest.mark.parametrize("state, times", [("40P01", 3), ("40001", 3), ("23503", 1), (None, 1)])
def test_postgresql_says_it_by_a_code(state, times):
    tries = []

    def write():
        tries.append(1)
        if len(tries) < 3:
            raise DBAPIError("", {}, SimpleNamespace(sqlstate=state))

    if times == 3:
        patiently(write, 20)
    else:
        with pytest.raises(DBAPIError):
            patiently(write, 20)
    assert len(tries) == times


def test_any_other_error_is_told_at_once(engine):
    with engine.connect() as connection, pytest.raises(OperationalError, match="no such table"):
        patiently(lambda: connection.execute(text("SELECT * FROM absent")), 20)
