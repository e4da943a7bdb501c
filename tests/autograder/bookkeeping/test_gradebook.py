"""Marks reach nbgrader's gradebook whole or not at all, and what a person gave stays."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from autograder.assignment import Assignment
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.handin import Cell, HandIn
from autograder.restore import restore
from autograder.verdict import Verdict
from tests.notebooks import autograded, by_hand, solution


def assignment(*extra, points=2.0):
    cells = [
        solution("def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", "f"),
        autograded("assert f() == 1", "test-f", points),
        by_hand("Why?", "why", 3.0),
        *extra,
    ]
    return Assignment("week", notebooks={"nb": new_notebook(cells=cells)})


def answered(asked, f="def f(): return 1", why="Because."):
    cells = (Cell("code", f, grade_id="f"), Cell("markdown", why, grade_id="why"))
    return {"nb": restore(asked.notebooks["nb"], HandIn("ada", "nb", cells)).notebook}


def record(*verdicts, student="ada", unreadable=()):
    return Record(student, "week", 1, "d", {"nb": verdicts}, dict(unreadable))


def verdict(score, points=2.0, status=None, cell="test-f"):
    return Verdict(cell, "t", status or ("passed" if score == points else "failed"), score, points)


@pytest.fixture
def gradebook(tmp_path, empty_gradebook):
    (tmp_path / "course.toml").write_text('id = "tiny"\n')
    shutil.copy(empty_gradebook, tmp_path)
    with books.opened(Course.load(tmp_path)) as opened:
        books.register(opened, assignment())
        yield opened


def grade(gradebook, cell="test-f", student="ada"):
    return gradebook.find_grade(cell, "nb", "week", student)


def test_verdicts_become_scores_and_written_answers_wait(gradebook):
    books.save(gradebook, record(verdict(1.5)), answered(assignment()), "2026-01-15 12:00:00 UTC")
    assert (grade(gradebook).auto_score, grade(gradebook).needs_manual_grade) == (1.5, False)
    assert (grade(gradebook, "why").auto_score, grade(gradebook, "why").needs_manual_grade) == (None, True)
    assert str(gradebook.find_submission("week", "ada").timestamp) == "2026-01-15 12:00:00"
    assert books.totals(gradebook, "week") == {"ada": (1.5, 0, 5.0)}


def test_an_answer_that_was_not_touched_gets_nothing_and_waits_for_nobody(gradebook):
    blank = assignment()
    untouched = {"nb": restore(blank.notebooks["nb"], HandIn("ada", "nb", ())).notebook}
    books.save(gradebook, record(verdict(0)), untouched)
    assert (grade(gradebook, "why").auto_score, grade(gradebook, "why").needs_manual_grade) == (0, False)
    assert gradebook.find_comment("why", "nb", "week", "ada").comment == "No response."


def test_manual_marks_comments_and_penalties_survive(gradebook):
    books.save(gradebook, record(verdict(0)), answered(assignment()))
    grade(gradebook).manual_score = 1
    grade(gradebook, "why").manual_score, grade(gradebook, "why").extra_credit = 2.5, 0.5
    gradebook.find_comment("why", "nb", "week", "ada").manual_comment = "Good."
    gradebook.find_submission("week", "ada").notebooks[0].late_submission_penalty = 1.0
    gradebook.db.commit()
    books.save(gradebook, record(verdict(2)), answered(assignment()))
    found = books.marks(gradebook, "week", "ada")
    test = found["nb", "test-f"]
    assert (test.score, test.by_hand, test.waiting) == (1, True, True)
    assert (found["nb", "why"].score, found["nb", "why"].comment) == (3.0, "Good.")
    assert grade(gradebook).auto_score == 2
    assert books.totals(gradebook, "week") == {"ada": (4.0, 1.0, 5.0)}


def test_an_unreadable_hand_in_gets_nothing_everywhere(gradebook):
    books.save(gradebook, record(verdict(0), unreadable={"nb": "empty"}), answered(assignment()))
    assert {g.auto_score for g in gradebook.find_submission("week", "ada").notebooks[0].grades} == {0}
    assert not gradebook.find_submission("week", "ada").needs_manual_grade


def test_what_the_grader_could_not_tell_asks_for_a_person(gradebook):
    books.save(gradebook, record(verdict(0, status="could_not_tell")), answered(assignment()))
    assert (grade(gradebook).auto_score, grade(gradebook).needs_manual_grade) == (None, True)


def test_an_error_on_the_way_writes_nothing(gradebook):
    books.save(gradebook, record(verdict(2)), answered(assignment()))
    with pytest.raises(ValueError, match="yesterday"):
        books.save(gradebook, record(verdict(0)), answered(assignment()), "yesterday")
    assert grade(gradebook).auto_score == 2
    with pytest.raises(ValueError):
        books.save(gradebook, record(verdict(0), student="bob"), answered(assignment()), "yesterday")
    with pytest.raises(MissingEntry):
        gradebook.find_submission("week", "bob")


def test_a_new_version_of_the_assignment_adds_and_removes_cells(gradebook):
    books.save(gradebook, record(verdict(2)), answered(assignment()))
    more = assignment(autograded("assert 1", "test-g", 4.0), points=6.0)
    books.register(gradebook, more)
    books.save(gradebook, record(verdict(2)), answered(more))
    assert grade(gradebook).auto_score == 6                      # the same share of the points there are now
    assert (grade(gradebook, "test-g").auto_score, grade(gradebook, "test-g").needs_manual_grade) == (None, True)
    books.register(gradebook, assignment())
    assert books.totals(gradebook, "week")["ada"][2] == 5.0
    with pytest.raises(MissingEntry):
        grade(gradebook, "test-g")


def test_a_cell_that_a_person_has_marked_is_not_removed(gradebook):
    books.register(gradebook, assignment(autograded("assert 1", "test-g", 4.0)))
    books.save(gradebook, record(verdict(2)), answered(assignment()))
    grade(gradebook, "test-g").manual_score = 3
    gradebook.db.commit()
    books.register(gradebook, assignment())
    assert grade(gradebook, "test-g").manual_score == 3


def test_registering_is_what_nbgraders_generate_assignment_does(gradebook):
    notebook = gradebook.find_notebook("nb", "week")
    assert {cell.name: (cell.max_score, cell.cell_type) for cell in notebook.grade_cells} == {
        "test-f": (2.0, "code"), "why": (3.0, "markdown")}
    assert {cell.name for cell in notebook.solution_cells} == {"f", "why"}
    source = gradebook.find_source_cell("f", "nb", "week")
    assert "return 1" not in source.source and source.checksum and not source.locked
    assert gradebook.find_source_cell("test-f", "nb", "week").locked


def test_a_new_gradebook_is_the_one_that_nbgrader_makes(tmp_path, empty_gradebook, monkeypatch):
    def held(path):
        with closing(sqlite3.connect(path)) as db:
            return [sorted(db.execute(f"SELECT {what}"))
                    for what in ("name, sql FROM sqlite_master", "* FROM alembic_version", "* FROM course")]

    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")   # it starts `alembic`
    Gradebook(f"sqlite:///{tmp_path}/theirs.db", "").close()
    assert held(empty_gradebook) == held(tmp_path / "theirs.db")


def test_a_gradebook_that_was_cut_off_while_it_was_made_is_made_whole(tmp_path, empty_gradebook):
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    (tmp_path / "course.toml").write_text('id = "tiny"\n')
    with books.opened(Course.load(tmp_path)) as gradebook:
        books.register(gradebook, assignment())
    version = "SELECT version_num FROM alembic_version"
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as db, closing(sqlite3.connect(empty_gradebook)) as whole:
        assert db.execute(version).fetchall() == whole.execute(version).fetchall() != []


@pytest.mark.parametrize("change", ["auto_score = 1", "auto_score = NULL"])
def test_a_gradebook_with_other_marks_does_not_agree(gradebook, change):
    told = record(verdict(2))
    assert not books.agrees(gradebook, told)
    books.save(gradebook, told, answered(assignment()))
    assert books.agrees(gradebook, told)
    gradebook.db.execute(text(f"UPDATE grade SET {change} WHERE auto_score = 2"))
    assert not books.agrees(gradebook, told)


def test_a_gradebook_without_a_row_for_a_mark_does_not_agree(gradebook):
    told = record(verdict(2))
    books.save(gradebook, told, answered(assignment()))
    gradebook.db.execute(text("DELETE FROM grade WHERE auto_score = 2"))
    assert not books.agrees(gradebook, told)


def test_an_extension_is_entered_with_the_marks_and_otherwise_stays(gradebook):
    for extension in (timedelta(days=2), None):
        with books.transaction(gradebook):
            books.enter(gradebook, record(verdict(2)), answered(assignment()), extension=extension)
        assert gradebook.find_submission("week", "ada").extension == timedelta(days=2)


@pytest.mark.parametrize(("state", "error", "words"), [
    ("55P03", OSError, "another program holds the gradebook"), ("23503", DBAPIError, "a fault of ours")])
def test_who_holds_the_gradebook_is_named_in_words(tmp_path, empty_gradebook, state, error, words):
    shutil.copy(empty_gradebook, tmp_path)
    with pytest.raises(error, match=words), books.opened(Course.load(tmp_path)):
        raise DBAPIError("a fault of ours", {}, SimpleNamespace(sqlstate=state))


def test_a_damaged_gradebook_is_told_in_a_sentence(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"no database" * 100)
    with pytest.raises(OSError, match="gradebook.db is damaged .*put back a copy"), books.opened(Course.load(tmp_path)):
        pass


def test_what_is_entered_together_is_there_together(gradebook):
    with pytest.raises(ValueError), books.transaction(gradebook):
        books.enter(gradebook, record(verdict(2)), answered(assignment()))
        books.enter(gradebook, record(verdict(2), student="bob"), answered(assignment()), "yesterday")
    assert books.totals(gradebook, "week") == {}


def test_no_statement_looks_through_the_whole_class(gradebook):
    """Else a class would take time by the square of its size."""
    told, plans = record(verdict(2)), []
    books.save(gradebook, told, answered(assignment()))

    @event.listens_for(gradebook.engine, "before_cursor_execute")
    def explain(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith(("SELECT", "UPDATE")):
            first = parameters[0] if executemany else parameters
            plans.extend(row[3] for row in cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", first))

    books.save(gradebook, record(verdict(1)), answered(assignment()), "2026-01-15 12:00:00 UTC")
    books.agrees(gradebook, told)
    event.remove(gradebook.engine, "before_cursor_execute", explain)
    large = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")
    assert plans and not [plan for plan in plans if plan.startswith(tuple(f"SCAN {table}" for table in large))]
