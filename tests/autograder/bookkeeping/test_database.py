"""What cannot be reached is said in one sentence; a new database is of nbgrader's newest version."""

import re
from pathlib import Path

import pytest
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from autograder.bookkeeping.database import reached, stamp


def test_a_driver_that_is_not_there():
    with pytest.raises(RuntimeError, match=r"oracle\+cx_oracle://ada:\*\*\*@h/x needs the Python package cx_Oracle"):
        reached(make_url("oracle+cx_oracle://ada:secret@h/x"))
    with pytest.raises(RuntimeError, match="SQLAlchemy knows no database nosuch; use sqlite:///"):
        reached(make_url("nosuch://h/x"))


def test_a_database_that_does_not_answer(tmp_path):
    with pytest.raises(OSError, match="the database sqlite:///.*x.db cannot be reached: unable to open database file"):
        reached(make_url(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"))


def test_one_that_does(tmp_path):
    engine = reached(make_url(f"sqlite:///{tmp_path / 'x.db'}"))
    assert engine.url.database == str(tmp_path / "x.db")
    engine.dispose()


def test_a_new_one_is_of_the_version_that_no_other_follows(tmp_path):
    url = make_url(f"sqlite:///{tmp_path / 'x.db'}")
    stamp(url)
    stamp(url)
    steps = [path.read_text() for path in Path(ALEMBIC_DIR, "versions").glob("*.py")]
    of = {name: {found[1] for step in steps if (found := re.search(rf"^{name} = [\"'](\w+)", step, re.MULTILINE))}
          for name in ("revision", "down_revision")}
    engine = reached(url)
    with engine.connect() as connection:
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    engine.dispose()
    assert versions == list(of["revision"] - of["down_revision"])


def test_one_with_tables_of_an_older_version_is_left_to_nbgrader(tmp_path):
    url = make_url(f"sqlite:///{tmp_path / 'x.db'}")
    engine = reached(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE course (id VARCHAR(128))"))
    stamp(url)
    assert inspect(engine).get_table_names() == ["course"]
    engine.dispose()
