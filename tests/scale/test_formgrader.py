"""Formgrader on PostgreSQL: Jupyter's own server, asked over the loopback interface."""

import json

import pytest

from autograder.bookkeeping import gradebook as books
from autograder.course import Course
from autograder.grade import grade
from tests.benchmarks.classes import make_course
from tests.faults import child
from tests.loopback import formgrader

pytestmark = pytest.mark.scale


@pytest.fixture
def course(database, tmp_path):
    root = make_course(tmp_path / "course", "small", 3)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {database!r}\n")
    course = Course.load(root)
    grade(course, "small", runner=child.runner)
    return course


@pytest.fixture
def ask(course, tmp_path):
    """ask(path, body) talks to formgrader's API."""
    with formgrader(course.root, tmp_path) as asked:
        yield lambda path, body=None: json.loads(asked(f"/api{path}", body))


def test_marks_are_shown_and_a_person_gives_one(ask, course):
    listed = {entry["student"]: entry["score"] for entry in ask("/submissions/small")}
    with books.opened(course) as gradebook:
        assert listed == {student: score for student, (score, _, _) in books.totals(gradebook, "small").items()}
        assert set(listed) == {"student0000", "student0001", "student0002"} and all(listed.values())
        notebook = gradebook.find_submission_notebook("small", "small", "student0001").id
    entry = next(mark for mark in ask(f"/grades?submission_id={notebook}") if mark["name"] == "t00")
    ask(f"/grade/{entry['id']}", {"manual_score": 0.25, "extra_credit": 0.5})
    with books.opened(course) as gradebook:
        mark = books.marks(gradebook, "small", "student0001")["small", "t00"]
    assert (mark.score, mark.by_hand) == (0.75, True)
