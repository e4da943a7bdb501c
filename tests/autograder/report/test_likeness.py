"""What is compared is what was graded: solutions and cells of one's own, less what was given out."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring.author import build
from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.report import similarity
from autograder.report.likeness import likeness

NAME = "week05_tiny"
LONG = '''
def dense_backward(dY, X, W):
    rows, width = X.shape
    dW = np.zeros_like(W)
    for r in range(rows):
        for i in range(width):
            for j in range(dY.shape[1]):
                dW[i, j] += X[r, i] * dY[r, j]
    db = np.array([sum(dY[r, j] for r in range(rows)) for j in range(dY.shape[1])])
    dX = np.stack([sum(dY[r, j] * W[:, j] for j in range(dY.shape[1])) for r in range(rows)])
    return dX, dW, db
'''
OTHER = "def dense_backward(dY, X, W):\n    return np.dot(dY, W.T), np.einsum('ri,rj->ij', X, dY), dY.sum(0)"


@pytest.fixture
def course(tiny):
    build(tiny, NAME)
    return Course.load(tiny)


def graded(course, student, solution, own=(), unreadable=None):
    cells = [new_code_cell(solution, id="x", metadata={"nbgrader": {"grade_id": "solution-dense_backward",
                                                                   "solution": True}}),
             *(new_code_cell(text, id=f"free-{place}") for place, text in enumerate(own, start=1))]
    folder = course.folder("autograded", NAME, student)
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(new_notebook(cells=cells)), encoding="utf-8")
    return Record(student, NAME, 1, "d", {}, unreadable or {})


def test_copies_are_found_in_what_was_graded(course):
    renamed = LONG.replace("rows", "n").replace("dW", "grad")
    records = [graded(course, "ada", LONG), graded(course, "bob", renamed), graded(course, "cyd", OTHER),
               graded(course, "eve", LONG, unreadable={NAME: "The file is empty."})]
    found = likeness(course, course.assignment(NAME), records)
    assert [group.students for group in found.alike] == [("ada", "bob")]
    assert found.as_reference == ()


def test_cells_of_ones_own_are_compared_too(course):
    records = [graded(course, "ada", LONG), graded(course, "cyd", OTHER),
               graded(course, "dan", "dense_backward = g", own=[LONG.replace("dense_backward", "g")])]
    found = likeness(course, course.assignment(NAME), records)
    assert [group.students for group in found.alike] == [("ada", "dan")]


def test_the_reference_is_recognised(course, monkeypatch):
    monkeypatch.setattr(similarity, "LONG", 10)         # the tiny course's solutions are short
    source, = course.assignment(NAME).notebooks.values()
    solved = next(cell.source for cell in source.cells if cell.id == "solution-dense_backward")
    records = [graded(course, "ada", solved.replace("db", "bias_gradient")), graded(course, "bob", OTHER)]
    found = likeness(course, course.assignment(NAME), records)
    assert [each.student for each in found.as_reference] == ["ada"] and found.alike == ()


def test_a_notebook_that_is_gone_or_damaged_is_left_out(course):
    records = [graded(course, "ada", LONG), graded(course, "bob", LONG), Record("cyd", NAME, 1, "d", {}, {})]
    (course.folder("autograded", NAME, "bob") / f"{NAME}.ipynb").write_text("{")
    assert likeness(course, course.assignment(NAME), records).alike == ()
