"""A dry run: the same marks on a copy, and no trace in the course."""

import dataclasses
import json

import nbformat
import pytest

from autograder.bookkeeping.rehearsal import changes, rehearsed
from autograder.course import Course
from autograder.exercise.solutions import is_test
from autograder.grade import grade
from autograder.job import Run

NAME = "week05_tiny"


def runner(job):
    run = Run(job.notebook)
    for cell in job.notebook.cells:
        if is_test(cell):
            cell.execution_count = 1
            run.findings[cell.metadata.nbgrader.grade_id] = [
                {"exercise": "", "status": "passed", "fraction": 1.0, "rationale": ""}]
    return run


@pytest.fixture
def course(built):
    course = Course.load(built)
    folder = course.folder("submitted", NAME, "ada")
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(nbformat.v4.new_notebook()))
    return course


def everything(course):
    return {path: path.read_bytes() for path in sorted(course.root.rglob("*")) if path.is_file()}


def test_it_says_what_would_change_and_changes_nothing(course):
    course.key()
    before = everything(course)
    with rehearsed(course, NAME) as aside:
        grade(aside, NAME, runner=runner)
        told = changes(course, aside, NAME)
    assert f"ada  {NAME}  test-double: nothing -> 1.5" in told
    assert f"ada  {NAME}  answer-why: nothing -> 0 (to be marked by hand)" in told or \
        f"ada  {NAME}  answer-why: nothing -> 0" in told
    assert everything(course) == before


def test_what_is_graded_already_would_not_change(course):
    grade(course, NAME, runner=runner)
    with rehearsed(course, NAME) as aside:
        fresh = []
        grade(aside, NAME, runner=runner, tell=lambda record, of, new: fresh.append(new))
        assert fresh == [False] and changes(course, aside, NAME) == []


def test_a_database_that_cannot_be_reached_is_named_without_its_password(course):
    elsewhere = dataclasses.replace(course, db_url="postgresql+psycopg://grader:secret@127.0.0.1:1/grades")
    with pytest.raises((OSError, RuntimeError), match=r"grader:\*\*\*@127.0.0.1:1/grades") as refused:
        with rehearsed(elsewhere, NAME):
            pass
    assert "secret" not in str(refused.value)
