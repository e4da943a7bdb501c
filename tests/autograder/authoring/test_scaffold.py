"""`autograder new`: what it writes builds, proves itself, and can be released as it stands."""

import re
import tomllib

import pytest

from autograder.authoring.author import build
from autograder.authoring.prove import prove, read_alternatives
from autograder.authoring.scaffold import check_name, new_assignment, new_course
from autograder.course import Course
from autograder.course.settings import read_settings
from autograder.publishing.leaks import leaks
from autograder.publishing.release import generate

NAME = "week09_trees"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("new") / "Machine Learning 1"
    new_course(root, NAME)
    course = Course.load(root)
    new_assignment(course, NAME)
    return course


def test_a_course_with_all_its_files(course):
    assert (course.id, course.title) == ("machine-learning-1", "Machine Learning 1")
    assert course.assignments() == [NAME]
    assert not course.roster(), "nobody takes it yet"
    assert {"secret.key", "roster.csv", "build/"} <= set((course.root / ".gitignore").read_text().splitlines())


def test_what_is_commented_out_in_course_toml_would_do(course, tmp_path):
    text = (course.root / "course.toml").read_text()
    live = re.sub(r"^# (\[|due|extensions|groups|percent|grace|maximum)", r"\1", text, flags=re.MULTILINE)
    (tmp_path / "course.toml").write_text(live)
    settings = read_settings(tmp_path / "course.toml")
    assert settings.late.percent_per_day == 10 and set(settings.assignments[NAME].extensions) == {"ada", "bob"}


def test_the_example_proves_itself_and_gives_nothing_away(course):
    build(course, NAME)
    assignment = course.assignment(NAME)
    alternatives = read_alternatives((course.root / NAME / "alternatives.py").read_text(encoding="utf-8"))
    assert len(alternatives) == 2 and prove(assignment, alternatives) == []
    release = generate(course, NAME)
    assert leaks(release, assignment, course.key()) == []
    assert assignment.title == "Week 9 · Trees" and assignment.limits.cpu_seconds == 60


def test_a_second_assignment_of_the_course(course):
    wrote = new_assignment(course, "week10_forests")
    assert {path.name for path in wrote} == {"week10_forests.py", "assignment.toml", "exercises.toml", "quiz.toml",
                                             "alternatives.py"}
    assert tomllib.loads((course.root / "week10_forests" / "assignment.toml").read_text(encoding="utf-8"))["title"] == \
        "Week 10 · Forests"
    assert course.assignments() == [NAME, "week10_forests"]


def test_nothing_is_overwritten(course):
    with pytest.raises(FileExistsError, match="is there already"):
        new_assignment(course, NAME)
    with pytest.raises(FileExistsError, match="is a course already"):
        new_course(course.root, NAME)


@pytest.mark.parametrize("name", ["", "week 9", "../x", "9weeks", "a__b", "a/b", "ä", "week09_", ".hidden"])
def test_names_that_will_not_do(name):
    with pytest.raises(ValueError, match="such as week09_trees; received"):
        check_name(name)
