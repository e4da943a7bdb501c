"""32 processes write marks at the same moment. Stock nbgrader doing so: tests/benchmarks/bench_scale.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import func

from autograder.bookkeeping import gradebook as books
from autograder.course import Course
from tests.benchmarks.classes import make_course

pytestmark = pytest.mark.scale
WRITERS, EACH, SHARED = 32, 1, "ada"      # all of them write what ada handed in, and each a hand-in of its own


@pytest.fixture
def course(tmp_path):
    """course(url) makes one whose gradebook is there, or beside it, with the assignment registered."""
    def make(url=""):
        root = make_course(tmp_path / "course", "small", 1)
        if url:
            (root / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n")
        course = Course.load(root)
        with books.opened(course) as gradebook:
            books.register(gradebook, course.assignment("small"))
        return course
    return make


def write(course):
    script = Path(__file__).with_name("writers.py")
    done = subprocess.run([sys.executable, str(script), str(course.root), "ours", str(WRITERS), str(EACH), SHARED],
                          capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["errors"] == [] and len(told["seconds"]) == WRITERS * (EACH + 1)


def complete(course):
    """Everybody's ten marks are in the gradebook."""
    with books.opened(course) as gradebook:
        sums = gradebook.db.query(SubmittedAssignment.student_id, func.count(), func.sum(Grade.auto_score)).join(
            SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id).join(
            Grade, Grade.notebook_id == SubmittedNotebook.id).group_by(SubmittedAssignment.student_id).all()
    names = [SHARED, *(f"w{writer:02}-{count}" for writer in range(WRITERS) for count in range(EACH))]
    return sorted(map(tuple, sums)) == sorted((name, 10, 10) for name in names)


def test_on_postgresql(course, database):
    course = course(database)
    write(course)
    assert complete(course)


def test_on_sqlite(course):
    course = course()
    write(course)
    assert complete(course)
