"""A course with settings of its own: the students' version is the one that nbgrader makes of them."""

import json
from textwrap import dedent

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ComputeChecksums

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.course.issuing import delimiters, through
from autograder.handin import HandIn, read
from autograder.publishing.release import generate, shown_to_students
from autograder.restore import issued, restore
from tests.notebooks import autograded, by_hand, code, solution, text

SETTINGS = """
    c = get_config()
    c.CourseDirectory.source_directory = "masters"
    c.CourseDirectory.release_directory = "given"
    c.CourseDirectory.ignore = ["*.bak", "drafts"]
    c.CourseDirectory.student_id_exclude = "zoe,tester"
    c.IncludeHeaderFooter.header = "masters/header.ipynb"
    c.IncludeHeaderFooter.footer = "masters/footer.ipynb"
    c.ClearSolutions.begin_solution_delimeter = "<solution>"
    c.ClearSolutions.end_solution_delimeter = "</solution>"
    c.ClearSolutions.code_stub = {"python": "# here\\nraise SystemError"}
    c.ClearSolutions.text_stub = "Write here."
    c.ClearHiddenTests.begin_test_delimeter = "<hidden>"
    c.ClearHiddenTests.end_test_delimeter = "</hidden>"
    c.ClearMarkScheme.begin_mark_scheme_delimeter = "<scheme>"
    c.ClearMarkScheme.end_mark_scheme_delimeter = "</scheme>"
    c.LockCells.lock_grade_cells = False
    c.Execute.timeout = 90
    c.Autograde.exclude_overwriting = {"ps1": ["solver.py"]}
"""


CELLS = [
    solution("def f(x):\n    # <solution>\n    return x * 2 + 17\n    # </solution>", "f"),
    autograded("assert f(1) == 19\n# <hidden>\nassert f(4711) == 9439\n# </hidden>", "test", 2),
    by_hand("<solution>\nBecause of that.\n</solution>", "why", 1),
    text("Draw.\n\n<scheme>\nAny drawing at all.\n</scheme>", "task", task=True, locked=True, points=3),
]


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(dedent(SETTINGS))
    source = tmp_path / "masters" / "ps1"
    (source / "drafts").mkdir(parents=True)
    nbformat.write(new_notebook(cells=CELLS), source / "p.ipynb")
    for end in ("header", "footer"):
        cells = [new_markdown_cell(f"The {end}."), code("t = 1", end, locked=True)]
        nbformat.write(new_notebook(cells=cells), tmp_path / "masters" / f"{end}.ipynb")
    for name in ("solver.py", "data.csv", "data.bak", "drafts/old.csv"):
        (source / name).write_text(name)
    for student in ("ada", "zoe", "tester"):
        (tmp_path / "submitted" / student / "ps1").mkdir(parents=True)
    return Course.load(tmp_path)


def texts(notebook):
    return [(cell.cell_type, cell.source, cell.metadata.get("nbgrader", {}).get("checksum"),
             cell.metadata.get("editable")) for cell in notebook.cells]


def test_the_students_version_is_nbgraders(course):
    released = nbformat.read(generate(course, "ps1") / "p.ipynb", as_version=4)
    source = course.assignment("ps1").notebooks["p"]
    assert texts(through(issued(source), ClearHiddenTests, ClearMarkScheme, ComputeChecksums)) == texts(released)
    assert "raise SystemError" in released.cells[2].source and "4711" not in str(released)
    assert [cell.source for cell in released.cells][0] == "The header."


def test_a_hand_in_is_restored_by_them(course):
    released = nbformat.read(generate(course, "ps1") / "p.ipynb", as_version=4)
    cells, _ = read(json.dumps(released).encode())
    source = course.assignment("ps1").notebooks["p"]
    restored = restore(source, HandIn("ada", "p", tuple(cells)))
    assert restored.notes == {}
    assert [cell.source for cell in restored.notebook.cells] == [
        cell.source for cell in issued(source).cells]
    assert "4711" in restored.notebook.cells[3].source


def test_a_version_keeps_the_rules_that_it_was_given_out_by(course):
    frozen = Assignment.from_json(course.assignment("ps1").to_json())
    assert texts(issued(frozen.notebooks["p"])) == texts(issued(course.assignment("ps1").notebooks["p"]))
    assert "<solution>" in delimiters(frozen.notebooks["p"])
    assert "4711" not in str(shown_to_students(frozen)) and "return" not in str(shown_to_students(frozen))


def test_time_files_and_students(course):
    assignment = course.assignment("ps1")
    assert assignment.limits.cell_seconds == 90 and assignment.limits.cpu_seconds == 900
    assert set(assignment.contents()) == {"solver.py", "data.csv"} and set(assignment.fixed()) == {"data.csv"}
    assert course.students("ps1") == ["ada"]


def test_a_time_limit_that_depends_on_the_cell(course):
    course.config.Execute.timeout_func = lambda cell: 200 if "4711" in cell.source else 5
    assert course.assignment("ps1").limits.cell_seconds == 200


def test_a_step_that_the_course_does_without(course):
    course.config.GenerateAssignment.preprocessors = ["nbgrader.preprocessors.ClearSolutions"]
    notebook = course.assignment("ps1").notebooks["p"]
    assert len(notebook.cells) == len(CELLS)        # no header
    assert "4711" in through(notebook, ClearHiddenTests).cells[1].source


def test_who_keeps_to_nbgraders_rules_has_nothing_noted(tiny):
    from autograder.authoring.author import build

    build(Course.load(tiny), "week05_tiny")
    for notebook in Course.load(tiny).assignment("week05_tiny").notebooks.values():
        assert "issuing" not in notebook.metadata

