"""A course that nobody of us wrote, with a small class: right, wrong, late, unreadable, marked by hand."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.utils import parse_utc

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.record import load_all
from autograder.course import Course
from autograder.grade import grade
from tests.notebooks import autograded, by_hand, solution

NAME = "ps1"
CHILD = Path(__file__).with_name("child.py")
RULE = """c = get_config()
c.LateSubmissionPlugin.penalty_method = "zero"
"""


def _runner():
    spec = importlib.util.spec_from_file_location("child", CHILD)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.runner


def notebook(answer):
    return new_notebook(cells=[
        solution(answer, "solution"),
        autograded("assert double(2) == 4", "test", 3),
        autograded("assert double(3) == 6", "more", 2),
        by_hand("Because.", "why", 4),
    ])


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory):
    """The course as it is before the first run: due, handed in, one answer of an earlier run marked by hand."""
    root = tmp_path_factory.mktemp("faults") / "course"
    (root / "source" / NAME).mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(RULE)
    (root / "secret.key").write_text("5a" * 32 + "\n")
    nbformat.write(notebook("### BEGIN SOLUTION\ndouble = lambda x: 2 * x\n### END SOLUTION"),
                   root / "source" / NAME / f"{NAME}.ipynb")
    hand_in(root, "ada", "double = lambda x: x + x")
    hand_in(root, "bob", "double = 'WRONG'")
    hand_in(root, "cyd", raw=b"no notebook")
    hand_in(root, "dan", "double = lambda x: 2 * x  # late", at="2026-01-02 12:00:00 UTC")
    hand_in(root, "eve", "double = 'WRONG, and marked by hand'")
    course = Course.load(root)
    with books.opened(course) as gradebook:
        books.register(gradebook, course.assignment(NAME))
        gradebook.update_or_create_assignment(NAME, duedate=parse_utc("2026-01-01 12:00:00 UTC"))
        gradebook.update_or_create_student("eve")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")         # nbgrader 0.9.6 under SQLAlchemy 2
            gradebook.update_or_create_submission(NAME, "eve")
        grade = gradebook.find_grade("why", NAME, NAME, "eve")
        grade.manual_score, grade.extra_credit = 2.5, 0.5
        gradebook.find_comment("why", NAME, NAME, "eve").manual_comment = "nearly"
        gradebook.find_grade("test", NAME, NAME, "eve").manual_score = 1
        gradebook.db.commit()
    return root


@pytest.fixture
def course(handed_in, tmp_path):
    shutil.copytree(handed_in, tmp_path / "course")
    return Course.load(tmp_path / "course")


def hand_in(root, student, answer="", raw=None, at="2026-01-01 11:00:00 UTC"):
    folder = root / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.ipynb").write_bytes(json.dumps(notebook(answer)).encode() if raw is None else raw)
    (folder / "timestamp.txt").write_text(at + "\n")


@pytest.fixture(name="hand_in", scope="session")
def hand_in_fixture():
    return hand_in


@pytest.fixture(scope="session")
def child_runner():
    return _runner()


@pytest.fixture
def run():
    """run(course) grades in this process, with the child's runner."""
    runner = _runner()
    return lambda course, **options: grade(course, NAME, runner=runner, workers=1, **options)


@pytest.fixture
def child():
    """child(course, *fault) grades in a process of its own; returns what became of it, or one that is at work."""
    started = []

    def start(course, *fault, wait=True):
        command = [sys.executable, str(CHILD), str(course.root), *map(str, fault)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        if not wait:
            assert process.stdout.readline() == "at work\n"
            return process
        _, process.words = process.communicate(timeout=600)
        return process

    yield start
    for process in started:         # a test that failed leaves one waiting
        process.kill()
        process.communicate()


def marks(course):
    """All that the gradebook says of the class."""
    with books.opened(course) as gradebook:
        return {
            submission.student.id: {
                "at": str(submission.timestamp), "score": submission.score,
                **{n.name: ([(g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                             for g in sorted(n.grades, key=lambda g: g.name)],
                            [(c.name, c.auto_comment, c.manual_comment)
                             for c in sorted(n.comments, key=lambda c: c.name)],
                            n.late_submission_penalty) for n in submission.notebooks}}
            for submission in gradebook.assignment_submissions(NAME)
        }


@pytest.fixture
def state():
    """state(course): gradebook, autograded notebooks and records; only how long it took is left out."""
    def look(course):
        files = {path.relative_to(course.root).as_posix(): path.read_text()
                 for path in sorted((course.root / "autograded").rglob("*")) if path.is_file()}
        records = {record.student: replace(record, seconds=0) for record in load_all(course, NAME)}
        return {"marks": marks(course), "files": files, "records": records}
    return look


@pytest.fixture(scope="session")
def undisturbed(handed_in, tmp_path_factory):
    """The state after a run that nothing happened to."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(handed_in, root)
    course = Course.load(root)
    grade(course, NAME, runner=_runner(), workers=1)
    return course
