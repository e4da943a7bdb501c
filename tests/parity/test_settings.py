"""A course whose nbgrader_config.py changes what can be changed: stock nbgrader's marks against ours."""

import shutil
from textwrap import dedent

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.bookkeeping import gradebook as books
from autograder.course import Course
from autograder.grade import grade
from autograder.runners import chosen
from tests.notebooks import PYTHON, autograded, by_hand, code, solution, text
from tests.stock import autograde, release

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("default")]
NAME = "sheet 1"
SETTINGS = """
    c = get_config()
    c.CourseDirectory.course_id = "settings"
    c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
    c.CourseDirectory.source_directory = "masters"
    c.CourseDirectory.release_directory = "given"
    c.CourseDirectory.submitted_directory = "in/turned"
    c.CourseDirectory.autograded_directory = "in/marked"
    c.CourseDirectory.ignore = ["*.bak", ".ipynb_checkpoints", "old"]
    c.CourseDirectory.student_id_exclude = "tester"
    c.CourseDirectory.db_url = "sqlite:///marks.db"
    c.IncludeHeaderFooter.header = "masters/header.ipynb"
    c.IncludeHeaderFooter.footer = "masters/footer.ipynb"
    c.ClearSolutions.begin_solution_delimeter = "<solution>"
    c.ClearSolutions.end_solution_delimeter = "</solution>"
    c.ClearSolutions.code_stub = {"python": "pass  # here"}
    c.ClearSolutions.text_stub = "Write here."
    c.ClearHiddenTests.begin_test_delimeter = "<hidden>"
    c.ClearHiddenTests.end_test_delimeter = "</hidden>"
    c.ClearMarkScheme.begin_mark_scheme_delimeter = "<scheme>"
    c.ClearMarkScheme.end_mark_scheme_delimeter = "</scheme>"
    c.LockCells.lock_solution_cells = False
    c.OverwriteCells.add_missing_cells = True
    c.ExecutePreprocessor.timeout = 60
    c.LimitOutput.max_lines = 5
    c.IgnorePattern.enabled = True
    c.IgnorePattern.pattern = "deprecated"
    c.Autograde.exclude_overwriting = {"sheet 1": ["solver.py"]}
"""


def solved(source, name):
    return solution(f"# <solution>\n{source}\n# </solution>", name)


def cells():
    return [
        solved("def f(x):\n    return unit * x", "f"),
        autograded("assert f(2) == 2 * unit\n# <hidden>\nassert f(3) == 3 * unit\n# </hidden>", "test-f", 2),
        solved("import sys\ndef noisy(x):\n    print('this is deprecated', file=sys.stderr)\n    return x", "noisy"),
        autograded("assert noisy(1) == 1", "test-noisy"),
        solved("rows = len(open('data.csv').read().split())", "rows"),
        autograded("assert rows == 3", "test-rows"),
        autograded("from solver import solve\nassert solve() == 7", "test-solver", 2),
        by_hand("<solution>\nBecause.\n</solution>", "why", 3),
        text("Draw.\n<scheme>\nAny.\n</scheme>", "task", task=True, locked=True, points=4),
    ]


SEVEN = "def solve():\n    return 7\n"
NOISY = "import sys\ndef noisy(x):\n    print('this is deprecated', file=sys.stderr)\n    return x"
ANSWERS = {"f": "def f(x):\n    return unit * x", "rows": "rows = 3", "why": "So.", "noisy": NOISY}
CLASS = {       # student -> (answers, cells left out, solver.py)
    "right": (ANSWERS, (), SEVEN),
    "wrong": (ANSWERS | {"f": "def f(x):\n    return 2 * unit", "rows": "rows = 4"}, (), SEVEN.replace("7", "8")),
    "untouched": ({}, (), None),
    "deleted": (ANSWERS, ("test-f",), SEVEN),
    "loud": (ANSWERS | {"noisy": NOISY.replace("this is deprecated", "other")}, (), None),
    "tester": (ANSWERS, (), None),
}
DIFFERENCES = {("loud", "test-noisy")}      # a line on stderr costs nothing with us


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Released by stock nbgrader, and handed in."""
    root = tmp_path_factory.mktemp("settings") / "course"
    source = root / "masters" / NAME
    for folder in (source, source / "old"):
        folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(dedent(SETTINGS).replace("sqlite:///", f"sqlite:///{root}/"))
    (root / "secret.key").write_text("5a" * 32 + "\n")
    nbformat.write(new_notebook(cells=cells(), metadata=PYTHON), source / "p.ipynb")
    header = [new_markdown_cell("The course.", id="hello"), code("unit = 10", "unit", locked=True)]
    nbformat.write(new_notebook(cells=header), root / "masters" / "header.ipynb")
    nbformat.write(new_notebook(cells=[new_markdown_cell("The end.", id="bye")]), root / "masters" / "footer.ipynb")
    for name, content in {"data.csv": "1\n2\n3\n", "data.bak": "1\n", "solver.py": SEVEN}.items():
        (source / name).write_text(content)
    release(Course.load(root), NAME)
    released = nbformat.read(root / "given" / NAME / "p.ipynb", as_version=4)
    assert released.cells[0].source == "The course." and "<solution>" not in str(released)
    for student, (answers, left_out, solver) in CLASS.items():
        folder = root / "in" / "turned" / NAME / student
        folder.mkdir(parents=True)
        theirs = nbformat.from_dict(released.copy())
        theirs.cells = [nbformat.from_dict({**cell}) for cell in released.cells]
        for cell in theirs.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        theirs.cells = [c for c in theirs.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in left_out]
        nbformat.write(theirs, folder / "p.ipynb")
        (folder / "data.csv").write_text("forged\n")
        if solver:
            (folder / "solver.py").write_text(solver)
    return root


def moved(root, to):
    """A copy of the course; its settings name the gradebook by its whole path."""
    shutil.copytree(root, to)
    text = (to / "nbgrader_config.py").read_text().replace(str(root), str(to))
    (to / "nbgrader_config.py").write_text(text)
    return Course.load(to)


def marks(course):
    with books.opened(course) as gradebook:
        return {(submission.student.id, each.name): (each.auto_score, each.needs_manual_grade)
                for submission in gradebook.assignment_submissions(NAME)
                for theirs in submission.notebooks for each in theirs.grades}


@pytest.fixture(scope="module")
def stock(root, tmp_path_factory):
    course = moved(root, tmp_path_factory.mktemp("stock") / "course")
    autograde(course, NAME)
    return marks(course)


def test_the_class_is_graded_as_stock_nbgrader_grades_it(root, stock, tmp_path):
    assert {student for student, _ in stock} == set(CLASS) - {"tester"}
    assert stock["right", "test-f"] == (2, False) and stock["wrong", "test-solver"] == (0, False)
    assert stock["right", "test-noisy"] == (1, False) and stock["loud", "test-noisy"] == (0, False)
    for runner in ("kernel", "engine"):
        course = moved(root, tmp_path / runner)
        with chosen(runner) as run:
            grade(course, NAME, runner=run, strict=True)
        assert marks(course) == stock, runner


def test_what_differs_otherwise_is_known(root, stock, tmp_path):
    course = moved(root, tmp_path / "course")
    with chosen("engine") as run:
        records = grade(course, NAME, runner=run)
    ours = marks(course)
    assert {key for key in stock if ours[key] != stock[key]} == DIFFERENCES
    beside = {verdict.cell for record in records for verdict in record.all_verdicts if not verdict.tamper_proof}
    assert beside == {"test-solver"}        # it imports what was handed in
