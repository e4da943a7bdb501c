"""What cannot be reached is said in one sentence."""

import pytest
from sqlalchemy.engine import make_url

from autograder.bookkeeping.database import reached


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
