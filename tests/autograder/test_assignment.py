"""Known mistakes are patches to a reference's code, and one that does not fit is refused in words."""

import pytest

from autograder.assignment import MOST_SIGNS, Assignment, defined_names, read_exercises

SOURCE = 'def double(x):\n    """Is 2 * x.\n\n    >>> double(2)\n    4\n    """\n    return 2 * x\n'


def exercises(**wrong):
    wrong = {"name": "squared", "old": "2 * x", "new": "x * x", "says": "It was squared.", "hint": "Of 3?"} | wrong
    return read_exercises({"double": {"wrong": [wrong]}}, {"double": SOURCE})


def test_what_stands_in_the_docstring_is_left_alone():
    [mistake] = exercises()["double"].misconceptions
    assert mistake.source == SOURCE.replace("return 2 * x", "return x * x")


@pytest.mark.parametrize("old, times", [("3 * x", 0), ("x", 2), ("double(2)", 0)])
def test_a_patch_that_does_not_fit_once_is_refused(old, times):
    with pytest.raises(ValueError, match=f"docstrings apart, it occurs {times} times"):
        exercises(old=old)


def test_a_solution_with_a_line_for_ipython_is_searched_whole():
    text = "%matplotlib inline\ny = 2 * x\n"
    wrong = {"name": "n", "old": "2 * x", "new": "x", "says": "s", "hint": "h"}
    [mistake] = read_exercises({"y": {"wrong": [wrong]}}, {"y": text})["y"].misconceptions
    assert mistake.source == "%matplotlib inline\ny = x\n"


@pytest.mark.parametrize("source", [
    "x=" + "-" * 20_000 + "1", "x=a" + ".a" * 20_000, "if 1:\n pass\n" + "elif 1:\n pass\n" * 3000, "(" * 20_000, "x\0",
    "f = 1\n" * MOST_SIGNS], ids=["signs", "attributes", "branches", "brackets", "null", "long"])
def test_code_that_python_cannot_read_defines_nothing(source):
    """It is a student's; an error here would be told as the grader's own fault."""
    assert defined_names(source) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff"])
def test_a_damaged_source_notebook_is_named(tmp_path, content):
    (tmp_path / "source" / "week").mkdir(parents=True)
    (tmp_path / "source" / "week" / "nb.ipynb").write_bytes(content)
    with pytest.raises(ValueError, match="nb.ipynb is no notebook that can be read"):
        Assignment.load(tmp_path, "week")
