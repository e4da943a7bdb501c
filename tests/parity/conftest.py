"""Week 1's class, graded twice: by us, and by stock nbgrader in a copy of the course."""

import shutil
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grade import grade
from autograder.publishing.release import generate
from autograder.sampleclass.sample import hand_in, sample_class
from tests.stock import autograde, release

NAME = "week01_mlp"
ASSIGNMENTS = Path(__file__).resolve().parents[2] / "assignments"


@pytest.fixture(scope="session")
def name():
    return NAME


@pytest.fixture(scope="session")
def exchanged():
    """Who handed in through nbgrader's exchange, and the secret by which it knows whose feedback is whose."""
    return "s001-correct-reference", "a secret"


@pytest.fixture(scope="session")
def copied(exchanged, tmp_path_factory):
    """copied(name) is a copy of the course, released, with the class handed in."""
    def copy(name):
        root = tmp_path_factory.mktemp(name) / "assignments"
        shutil.copytree(ASSIGNMENTS, root, ignore=shutil.ignore_patterns("build", "versions", "secret.key"))
        (root / "secret.key").write_text("5a" * 32 + "\n")
        course = Course.load(root)
        generate(course, NAME)
        hand_in(course, NAME, chosen(course))
        student, secret = exchanged
        came = course.folder("submitted", NAME, student)
        (came / "submission_secret.txt").write_text(secret)
        (came / "timestamp.txt").write_text("2026-01-15 12:00:00 UTC")
        return course
    return copy


def chosen(course):
    """The class, but of each exercise's misconceptions only the first: they differ in nothing that matters here."""
    seen, kept = set(), []
    exercises = course.assignment(NAME).exercises
    for sample in sample_class(course, NAME):
        exercise = sample.student[5:].split("-")[0]
        if exercise not in exercises or exercise not in seen:
            kept.append(sample)
        seen.add(exercise)
    return kept


@pytest.fixture(scope="session")
def ours(copied):
    course = copied("ours")
    grade(course, NAME)
    return course


@pytest.fixture(scope="session")
def stock(copied):
    course = copied("stock")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSEKIT_GRADING", str(course.root))     # what nbgrader_config.py sets for `nbgrader autograde`
        release(course, NAME)
        autograde(course, NAME)
    return course
