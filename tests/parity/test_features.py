"""A course with every feature of nbgrader, and nbgrader's own user-guide course: stock nbgrader's marks against ours.

Strictly: every mark, every needs_manual_grade, every late penalty is equal. Otherwise each difference is listed.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbgrader.utils import parse_utc

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.rehearsal import changes, rehearsed
from autograder.cli.progress import course_line
from autograder.course import Course
from autograder.grade import grade
from autograder.runners import chosen
from tests.notebooks import autograded, by_hand
from tests.parity import features
from tests.stock import ENVIRONMENT, autograde, release

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("default")]
NAME = "ps1"
GUIDE = Path(nbgrader.__file__).parent / "docs/source/user_guide"

# (student, cell) -> why our mark is not stock nbgrader's.
DEAD = "the kernel died: it gives no marks for the notebook, nor for those after it; we keep what came before"
WHOLE = {       # student -> why all of what the student's notebooks are worth may differ
    "dies": DEAD,
    "nothing": "it does not see a folder without a notebook; we give 0 and the reason",
    "twice": "it stumbles over cells that are there twice; we drop the copy of a test, the last answer counts",
    "skips": "it obeys a student's tag that keeps a cell from running; we run it",
}
DIFFERENCES = {
    ("warns", "stderr"): "it gives 0 for a line on stderr",
    ("wrong", "array"): "it gives 0 for NumPy's warning; the test itself is content",
    ("deleted", "plain"): "it gives no mark for a deleted test; we put it back",
}


@pytest.fixture
def quiet(monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def released(root):
    """The course with its release and its gradebook by stock nbgrader."""
    course = Course.load(root)
    (root / "secret.key").write_text("5a" * 32 + "\n")
    release(course, NAME)
    return course


def by_stock(course):
    """Stock nbgrader's marks."""
    autograde(course, NAME)
    return marks(course)


def marks(course):
    """(student, notebook, cell) -> (mark, needs_manual_grade), and the late penalties beside them."""
    found = {}
    with books.opened(course) as gradebook:
        for submission in gradebook.assignment_submissions(NAME):
            for theirs in submission.notebooks:
                found[submission.student.id, theirs.name, "late penalty"] = theirs.late_submission_penalty
                for each in theirs.grades:
                    found[submission.student.id, theirs.name, each.name] = each.auto_score, each.needs_manual_grade
    return found


def unlike(ours, stock):
    return {key: (ours.get(key), stock.get(key)) for key in ours.keys() | stock.keys()
            if ours.get(key) != stock.get(key)}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Released, due, handed in; one mark and one comment given by hand before the first run."""
    root = tmp_path_factory.mktemp("features") / "course"
    features.write(root)
    course = released(root)
    features.hand_in(root)
    with books.opened(course) as gradebook, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gradebook.update_or_create_assignment(NAME, duedate=parse_utc(features.DUE))
        gradebook.update_or_create_student("right")
        gradebook.update_or_create_submission(NAME, "right")
        gradebook.find_grade("why", "functions", NAME, "right").manual_score = 2.5
        gradebook.find_comment("why", "functions", NAME, "right").manual_comment = "nearly"
        gradebook.db.commit()
    return course


@pytest.fixture(scope="module")
def copied(course, tmp_path_factory):
    def copy(name):
        root = tmp_path_factory.mktemp(name) / "course"
        shutil.copytree(course.root, root)
        return Course.load(root)
    return copy


@pytest.fixture(scope="module")
def stock(copied):
    return by_stock(copied("stock"))


def test_strictly_in_a_kernel_all_is_equal(copied, stock, quiet):
    ours = copied("kernel")
    with chosen("kernel") as runner:
        grade(ours, NAME, runner=runner, strict=True)
    assert unlike(marks(ours), stock) == {}


def test_strictly_in_the_engine_all_is_equal(copied, stock, quiet):
    ours = copied("engine")
    with chosen("engine") as runner:
        grade(ours, NAME, runner=runner, strict=True)
    assert unlike(marks(ours), stock) == {}


@pytest.fixture(scope="module")
def graded(copied):
    ours = copied("ours")
    with chosen("engine") as runner:
        return ours, grade(ours, NAME, runner=runner)


def test_each_difference_has_its_reason(graded, stock):
    ours, _ = graded
    differing = {(student, cell) for student, notebook, cell in unlike(marks(ours), stock)
                 if student not in WHOLE}
    assert differing == set(DIFFERENCES)
    assert {mark for (student, *_), mark in marks(ours).items() if student == "nothing"} == {(0, False), None}
    assert not any(student == "nothing" for student, *_ in stock)


def test_a_crash_keeps_what_came_before(graded, stock):
    mark = marks(graded[0])["dies", "functions", "plain"]
    assert mark == (1, False) and stock["dies", "functions", "plain"] == (None, True), DEAD


def test_the_line_about_the_course(graded):
    line = course_line(graded[1])
    assert line.startswith("23 of 26 test cells judged apart from students' code. 3 beside it: file-written (")
    assert "not for everybody" not in line
    assert "Stock nbgrader gives 0: the cell wrote to stderr." in line


def test_marks_by_hand_and_comments_stay(graded):
    with books.opened(graded[0]) as gradebook:
        assert gradebook.find_grade("why", "functions", NAME, "right").manual_score == 2.5
        assert gradebook.find_comment("why", "functions", NAME, "right").manual_comment == "nearly"


def test_a_dry_run_tells_and_changes_nothing(copied, quiet):
    ours = copied("dry")
    before = (ours.root / "gradebook.db").read_bytes()
    with chosen("engine") as runner, rehearsed(ours, NAME) as aside:
        grade(aside, NAME, runner=runner, students=["wrong"])
        told = changes(ours, aside, NAME)
    assert "wrong  functions  plain: nothing -> 0" in told
    assert any(line.startswith("wrong  functions  partial: nothing -> ") for line in told)
    assert (ours.root / "gradebook.db").read_bytes() == before
    assert not (ours.root / "autograded").exists() and not (ours.root / "verdicts").exists()


# ------------------------------------------------------------------ the user guide's course

@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    """nbgrader's own example, as it is shipped: sources, and the hand-ins of two students."""
    root = tmp_path_factory.mktemp("guide") / "course"
    shutil.copytree(GUIDE / "source" / NAME, root / "source" / NAME)
    shutil.copytree(GUIDE / "submitted", root / "submitted")
    return released(root)


def test_the_user_guides_course(guide, tmp_path, quiet):
    copies = {}
    for name in ("stock", "strict", "engine"):
        shutil.copytree(guide.root, tmp_path / name)
        copies[name] = Course.load(tmp_path / name)
    stock = by_stock(copies["stock"])
    assert len(stock) > 10
    with chosen("kernel") as runner:
        grade(copies["strict"], NAME, runner=runner, strict=True)
    assert unlike(marks(copies["strict"]), stock) == {}
    with chosen("engine") as runner:
        grade(copies["engine"], NAME, runner=runner, strict=True)
    assert unlike(marks(copies["engine"]), stock) == {}


# ------------------------------------------------------------------ another language, an older format

ABACUS = '''
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

class Abacus(Kernel):
    """Adds the numbers of a cell; "= 3" is an error unless the last sum was 3."""
    implementation = language = "abacus"
    implementation_version = language_version = banner = "1"
    language_info = {"name": "octave", "mimetype": "text/plain", "file_extension": ".m"}
    total = 0

    def do_execute(self, code, silent, *rest, **options):
        good = True
        for line in code.splitlines():
            if line.startswith("="):
                good = good and self.total == int(line[1:])
            elif line.strip() and line[0].isdigit():
                self.total = sum(map(int, line.split()))
        reply = {"execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        if good:
            return {"status": "ok", **reply}
        error = {"ename": "Wrong", "evalue": "another sum", "traceback": []}
        self.send_response(self.iopub_socket, "error", error)
        return {"status": "error", **reply, **error}

IPKernelApp.launch_instance(kernel_class=Abacus)
'''


def test_another_language_goes_the_stock_way_and_it_is_said(tmp_path, quiet, monkeypatch):
    spec = tmp_path / "jupyter" / "kernels" / "abacus"
    spec.mkdir(parents=True)
    (spec / "abacus.py").write_text(ABACUS)
    (spec / "kernel.json").write_text(json.dumps({
        "argv": [sys.executable, str(spec / "abacus.py"), "-f", "{connection_file}"], "display_name": "Abacus",
        "language": "octave"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    root = tmp_path / "stock"
    (root / "source" / NAME).mkdir(parents=True)
    metadata = {"kernelspec": {"name": "abacus", "display_name": "Abacus", "language": "octave"}}
    made = nbformat.v4.new_notebook(metadata=metadata, cells=[
        features.solved("1 2", "sum"), autograded("= 3", "three", 2)])
    nbformat.write(made, root / "source" / NAME / "p.ipynb")
    released(root)
    for student, numbers in {"right": "2 1", "wrong": "2 2"}.items():
        handed_in = nbformat.read(root / "release" / NAME / "p.ipynb", as_version=4)
        handed_in.cells[0].source = numbers
        (root / "submitted" / student / NAME).mkdir(parents=True)
        nbformat.write(handed_in, root / "submitted" / student / NAME / "p.ipynb")
    shutil.copytree(root, tmp_path / "ours")
    ours = Course.load(tmp_path / "ours")
    with chosen("engine") as runner:
        records = grade(ours, NAME, runner=runner)
    stock = by_stock(Course.load(root))
    assert unlike(marks(ours), stock) == {} and stock["right", "p", "three"] == (2, False)
    assert all("in the kernel abacus as stock nbgrader does, without a sandbox" in str(r.notes) for r in records)


@pytest.mark.parametrize("version", [1, 2])
def test_older_marks_in_cells_are_read_as_nbgrader_update_reads_them(tmp_path, quiet, version):
    cells = [features.solved("x = 3", "answer"), autograded("assert x == 3", "check", 2), by_hand("Because.", "why", 4)]
    for cell in cells:
        known = cell.metadata.nbgrader
        known["schema_version"] = version
        del known["task"]
        if version == 1:
            del known["cell_type"]
    (tmp_path / "source" / NAME).mkdir(parents=True)
    made = nbformat.v4.new_notebook(cells=cells)
    for cell in made.cells:
        cell.pop("id", None)
    made.nbformat_minor = 4
    nbformat.write(made, tmp_path / "source" / NAME / "p.ipynb")
    for student, answer in {"right": "x = 3", "wrong": "x = 4"}.items():
        made.cells[0].source = answer
        (tmp_path / "submitted" / student / NAME).mkdir(parents=True)
        nbformat.write(made, tmp_path / "submitted" / student / NAME / "p.ipynb")
    course = Course.load(tmp_path)
    for strict in (False, True):
        with chosen("kernel") as runner:
            records = grade(course, NAME, runner=runner, strict=strict)
        assert {record.student: record.score for record in records} == {"right": 2, "wrong": 0}
        assert marks(course)["wrong", "p", "why"] == (None, True)
