"""A gradebook goes to PostgreSQL and comes back: every row, and all that stands in it."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine, inspect

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.move import moved
from autograder.course import Course
from tests.scale.gradebooks import dump

pytestmark = pytest.mark.scale


def test_there_and_back_loses_nothing(rich_gradebook, database, make_database, tmp_path):
    there = moved(f"sqlite:///{rich_gradebook}", database)
    back = moved(database, f"sqlite:///{tmp_path / 'back.db'}")
    before, after = dump(rich_gradebook), dump(tmp_path / "back.db")
    assert there == {name: len(rows) for name, rows in before.items()} and all(there.values())
    assert after == before | {"course": [("",), *before["course"]]}     # what SQLite let an assignment refer to
    assert back == there | {"course": there["course"] + 1}
    assert moved(f"sqlite:///{tmp_path / 'back.db'}", make_database()) == back      # every course has its row now


def test_nbgrader_opens_what_arrived(rich_gradebook, database, tmp_path):
    moved(f"sqlite:///{rich_gradebook}", database)
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {database!r}\n")
    course = Course.load(tmp_path)
    with books.opened(course) as gradebook:
        assert books.totals(gradebook, "ps1")["ada"] == (9.25, 1.5, 12)


def test_what_postgresql_cannot_hold_is_said_and_nothing_arrives(rich_gradebook, database):
    with closing(sqlite3.connect(rich_gradebook)) as connection:
        connection.execute("UPDATE grade SET cell_id = 'nobody' WHERE rowid = 1")      # SQLite does not mind
        connection.commit()
    with pytest.raises(ValueError, match="cannot hold a row .*, and nothing was changed: .*nobody") as trouble:
        moved(f"sqlite:///{rich_gradebook}", database)
    assert database.split(":")[2].split("@")[0] not in str(trouble.value)       # the password
    engine = create_engine(database)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_what_cannot_be_reached_is_said(rich_gradebook, database):
    wrong = database.replace("@", "x@")
    with pytest.raises(OSError, match="autograder:.*@127.0.0.1.* cannot be reached: .*password authentication failed"):
        moved(f"sqlite:///{rich_gradebook}", wrong)
    with pytest.raises(OSError, match="cannot be reached"):
        moved(f"sqlite:///{rich_gradebook}", "postgresql+psycopg://nobody@127.0.0.1:1/x")
