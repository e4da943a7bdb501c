"""AUTOTEST lines become tests, by nbgrader's own step; without such lines nothing is started."""

import shutil
from pathlib import Path

import nbgrader
import pytest
from nbformat.v4 import new_notebook

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.exercise.autotest import written_out
from tests.notebooks import PYTHON, autograded, solution

RULES = Path(nbgrader.__file__).parent / "docs/source/user_guide/autotests.yml"


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text('id = "tiny"\n')
    return Course.load(tmp_path)


def asking(test):
    cells = [solution("a = 5", "a"), autograded(test, "t")]
    return Assignment("ps1", notebooks={"p": new_notebook(cells=cells, metadata=PYTHON)})


def test_without_such_lines_it_is_the_same_assignment(course):
    made = asking("assert a == 5")
    assert written_out(course, made) is made


def test_the_tests_hold_what_the_solution_gives_and_are_the_same_each_time(course):
    shutil.copy(RULES, course.root)
    made = asking("### AUTOTEST a")
    first, second = (written_out(course, made).notebooks["p"].cells[1].source for _ in range(2))
    assert first == second and "AUTOTEST" not in first
    right, wrong = {"a": 5}, {"a": 6}
    exec(first, right)
    with pytest.raises(AssertionError):
        exec(first, wrong)
