"""A course with every feature of nbgrader, and nbgrader's own user-guide course: stock nbgrader's marks against ours.

Strictly: every mark, every needs_manual_grade, every late penalty is equal. Otherwise each difference is listed.
"""

import os
import runpy
import shutil
import sys
import warnings
from pathlib import Path

import nbgrader
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import parse_utc

from autograder import gradebook as books
from autograder.course import Course
from autograder.grade import grade
from autograder.progress import course_line
from autograder.rehearsal import changes, rehearsed
from autograder.runners import chosen

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("default")]
NAME = "ps1"
GUIDE = Path(nbgrader.__file__).parent / "docs/source/user_guide"

# (student, cell) -> why our mark is not stock nbgrader's.
DEAD = "the kernel died: it gives no marks for the notebook, nor for those after it; we keep what came before"
DIFFERENCES = {
    ("warns", "stderr"): "it gives 0 for a line on stderr",
    ("wrong", "array"): "it gives 0 for NumPy's warning; the test itself is content",
    ("deleted", "plain"): "it gives no mark for a deleted test; we put it back",
}


@pytest.fixture(scope="module")
def features():
    return runpy.run_path(str(Path(__file__).with_name("features.py")))


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def released(root):
    """The course with its release and its gradebook by stock nbgrader."""
    course = Course.load(root)
    (root / "secret.key").write_text("5a" * 32 + "\n")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        patch.chdir(root)
        result = NbGraderAPI(config=course.config.copy()).generate_assignment(NAME)
    assert result["success"], result["log"]
    return course


def by_stock(course):
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        patch.chdir(course.root)
        for student in course.students(NAME):
            NbGraderAPI(config=course.config.copy()).autograde(NAME, student)
    return course


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
def course(features, tmp_path_factory):
    """Released, due, handed in; one mark and one comment given by hand before the first run."""
    root = tmp_path_factory.mktemp("features") / "course"
    features["write"](root)
    course = released(root)
    features["hand_in"](root)
    with books.opened(course) as gradebook, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gradebook.update_or_create_assignment(NAME, duedate=parse_utc(features["DUE"]))
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
    return marks(by_stock(copied("stock")))


def test_strictly_in_a_kernel_all_is_equal(copied, stock, quiet):
    ours = copied("kernel")
    with chosen("kernel") as runner:
        grade(ours, NAME, runner=runner, strict=True)
    assert unlike(marks(ours), stock) == {}


def test_strictly_in_the_engine_all_is_equal_but_what_the_sandbox_forbids(copied, stock, quiet):
    ours = copied("engine")
    with chosen("engine") as runner:
        grade(ours, NAME, runner=runner, strict=True)
    differing = unlike(marks(ours), stock)
    assert {cell for _, _, cell in differing} <= {"shelled", "shell-in-test"}
    assert {mark for mark, _ in differing.values()} == {(None, True)}       # a person is asked, nobody loses a mark


@pytest.fixture(scope="module")
def graded(copied):
    ours = copied("ours")
    with chosen("engine") as runner:
        return ours, grade(ours, NAME, runner=runner)


def test_each_difference_has_its_reason(graded, stock):
    ours, _ = graded
    differing = {(student, cell) for student, notebook, cell in unlike(marks(ours), stock)
                 if student != "dies" and cell not in ("shelled", "shell-in-test")}
    assert differing == set(DIFFERENCES)


def test_a_crash_keeps_what_came_before(graded, stock):
    mark = marks(graded[0])["dies", "functions", "plain"]
    assert mark == (1, False) and stock["dies", "functions", "plain"] == (None, True), DEAD


def test_the_line_about_the_course(graded):
    line = course_line(graded[1])
    assert line.startswith("17 of 20 test cells judged apart from students' code. 3 beside it: awaited (")
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
    stock = marks(by_stock(copies["stock"]))
    assert len(stock) > 10
    with chosen("kernel") as runner:
        grade(copies["strict"], NAME, runner=runner, strict=True)
    assert unlike(marks(copies["strict"]), stock) == {}
    with chosen("engine") as runner:
        grade(copies["engine"], NAME, runner=runner, strict=True)
    assert unlike(marks(copies["engine"]), stock) == {}
