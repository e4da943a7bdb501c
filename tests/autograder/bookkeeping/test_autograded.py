"""What formgrader shows of a hand-in."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.bookkeeping.autograded import presentable
from autograder.bookkeeping.record import Record

RECORD = Record("ada", "week", 1, "d", {}, {})


@pytest.mark.parametrize(("typed", "shown"), [
    ('student_id = "ada"', 'student_id = "..."'),
    ("student_id='ada'  # mine", 'student_id="..."  # mine'),
    ('x = 1\nstudent_id = "ada"\ny = 2', 'x = 1\nstudent_id = "..."\ny = 2'),
    ('print(student_id == "a")', 'print(student_id == "a")'),
])
def test_who_marks_does_not_read_whose_it_is(typed, shown):
    notebook = new_notebook(cells=[new_code_cell(typed)])
    assert presentable(notebook, RECORD, "nb", set())["cells"][0]["source"] == shown
    assert notebook.cells[0].source == typed


def test_an_answer_stays_as_it_was_typed():
    marks = {"schema_version": 3, "grade_id": "who", "grade": False, "solution": True, "locked": False, "task": False}
    cell = new_code_cell('student_id = "ada"', metadata={"nbgrader": marks})
    shown = presentable(new_notebook(cells=[cell]), RECORD, "nb", {"who"})
    assert shown["cells"][0]["source"] == 'student_id = "ada"'
