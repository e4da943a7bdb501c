"""300 hand-ins, 40 of them broken in every way there is: 300 verdicts, and no student's fault is called ours."""

import copy
import itertools
import json

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.bookkeeping import gradebook as books
from autograder.course import Course
from autograder.grade import grade
from autograder.runners import chosen
from autograder.sampleclass.breakages import BREAKAGES, WHOLE, Draft
from tests.notebooks import autograded, solution

pytestmark = pytest.mark.faults
NAME = "ps1"
STUDENTS, BROKEN = 300, 40
TESTS = ["test-double", "test-triple"]


def notebook(double="def double(x):\n    return 2 * x", triple="def triple(x):\n    return 3 * x"):
    return new_notebook(cells=[
        solution(double, "double"),
        autograded("assert double(2) == 4", TESTS[0], 1),
        solution(triple, "triple"),
        autograded("assert triple(2) == 6", TESTS[1], 2),
    ])


def broken(breakage):
    released = {name: f"def {name}(x):\n    raise NotImplementedError" for name in ("double", "triple")}
    tested = {"test-double": "double", "test-triple": "triple"}
    draft = Draft(notebook(), released, list(TESTS), tested, f"{NAME}.ipynb")
    breakage(draft)
    return draft


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course, what each of the class loses, and the records."""
    root = tmp_path_factory.mktemp("class") / "course"
    (root / "source" / NAME).mkdir(parents=True)
    (root / NAME).mkdir()
    (root / NAME / "assignment.toml").write_text("[limits]\ncell_seconds = 1\n")
    nbformat.write(notebook(), root / "source" / NAME / f"{NAME}.ipynb")
    lost = {}
    kinds = itertools.cycle(BREAKAGES.items())
    for number in range(STUDENTS):
        if number < BROKEN:
            kind, breakage = next(kinds)
            draft = broken(breakage)
            student, file = f"{number:03}-{kind}", draft.file
            content = draft.bytes() if draft.raw is None else draft.raw
            lost[student] = set(TESTS) if WHOLE in draft.lost else set(draft.lost)
        else:
            wrong = number % 3 == 0
            made = notebook(double="double = None") if wrong else copy.deepcopy(notebook())
            student, file, content = f"{number:03}", f"{NAME}.ipynb", json.dumps(made).encode()
            lost[student] = {TESTS[0]} if wrong else set()
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / file).write_bytes(content)
    course = Course.load(root)
    with chosen("engine") as runner:
        records = grade(course, NAME, runner=runner)
    return course, lost, {record.student: record for record in records}


def test_every_way_is_there():
    assert len(BREAKAGES) <= BROKEN


def test_nobody_is_missing(graded):
    course, lost, records = graded
    assert set(records) == set(lost) and len(records) == STUDENTS
    assert all([verdict.cell for verdict in record.all_verdicts] == TESTS for record in records.values())
    with books.opened(course) as gradebook:
        assert set(books.totals(gradebook, NAME)) == set(lost)


def test_each_has_what_it_deserves_and_no_fault_of_a_student_is_called_ours(graded):
    _, lost, records = graded
    found = {student: {verdict.cell for verdict in record.all_verdicts if verdict.status == "failed"}
             for student, record in records.items()}
    assert found == lost
    assert {verdict.status for record in records.values() for verdict in record.all_verdicts} == {"passed", "failed"}
