"""A gradebook copied into another file. To PostgreSQL and back: tests/scale/test_move.py."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from typer.testing import CliRunner

from autograder.bookkeeping import move
from autograder.bookkeeping.move import moved
from autograder.cli.app import app
from tests.scale.gradebooks import dump, fill


@pytest.fixture(scope="module")
def filled(empty_gradebook, tmp_path_factory):
    path = tmp_path_factory.mktemp("gradebook") / "rich.db"
    shutil.copy(empty_gradebook, path)
    fill(f"sqlite:///{path}")
    return path


def test_every_row_of_every_table_arrives_and_is_counted(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(move, "BATCH", 2)
    counts = moved(f"sqlite:///{filled}", f"sqlite:///{tmp_path / 'new' / 'copy.db'}")
    assert dump(tmp_path / "new" / "copy.db") == dump(filled)
    assert counts == {name: len(rows) for name, rows in dump(filled).items()}
    assert all(counts.values())


def test_a_gradebook_that_nbgrader_has_only_opened_is_filled(filled, empty_gradebook, tmp_path):
    target = shutil.copy(empty_gradebook, tmp_path)
    moved(f"sqlite:///{filled}", f"sqlite:///{target}")
    assert dump(target) == dump(filled)


def test_nothing_is_written_over(filled, tmp_path):
    target = shutil.copy(filled, tmp_path)
    before = dump(target)
    with pytest.raises(ValueError, match="holds a gradebook already: its table .* is not empty"):
        moved(f"sqlite:///{filled}", f"sqlite:///{target}")
    assert dump(target) == before


def test_what_arrives_as_another_row_is_noticed_and_nothing_stays(filled, tmp_path):
    target = tmp_path / "bad.db"
    shutil.copy(filled, target)
    with closing(sqlite3.connect(target)) as connection:      # a database that thinks it knows better
        for table in (name for name in dump(filled) if name not in ("course", "alembic_version")):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("CREATE TRIGGER round AFTER INSERT ON grade "
                           "BEGIN UPDATE grade SET auto_score = round(auto_score) WHERE id = new.id; END")
        connection.commit()
    before = dump(target)
    with pytest.raises(ValueError, match="a row of grade arrived as another, nothing was changed"):
        moved(f"sqlite:///{filled}", f"sqlite:///{target}")
    assert dump(target) == before


def test_an_older_gradebook_is_told_apart(filled, tmp_path):
    old = shutil.copy(filled, tmp_path)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("ALTER TABLE student DROP COLUMN lms_user_id")
        connection.commit()
    with pytest.raises(ValueError, match="its table student lacks lms_user_id; for an old one, `nbgrader db upgrade`"):
        moved(f"sqlite:///{old}", f"sqlite:///{tmp_path / 'copy.db'}")
    assert dump(tmp_path / "copy.db") == {}


def test_there_must_be_one(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no gradebook at sqlite:///.*none.db"):
        moved(f"sqlite:///{tmp_path / 'none.db'}", f"sqlite:///{tmp_path / 'copy.db'}")
    assert not (tmp_path / "none.db").exists() and not (tmp_path / "copy.db").exists()


def test_the_command(filled, tmp_path):
    (tmp_path / "course.toml").write_text('id = "nn"\n')
    shutil.copy(filled, tmp_path / "gradebook.db")
    backup = f"sqlite:///{tmp_path / 'backup.db'}"
    result = CliRunner().invoke(app, ["gradebook", "--course", str(tmp_path), "--to", backup])
    assert result.exit_code == 0 and "rows arrived, each as it was" in result.output
    assert dump(tmp_path / "backup.db") == dump(filled)
    (tmp_path / "gradebook.db").unlink()
    result = CliRunner().invoke(app, ["gradebook", "--course", str(tmp_path), "--from", backup,
                                      "--to", f"sqlite:///{tmp_path / 'gradebook.db'}", "--json"])
    assert '"student": 2' in result.stdout
    assert dump(tmp_path / "gradebook.db") == dump(filled)
