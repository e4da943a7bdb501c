"""A self-check says right or not, and leads on without giving the answer away."""

import doctest

import numpy as np
import pytest

from coursekit import selfcheck
from coursekit.selfcheck import self_check


def test_the_examples_in_the_docstring_run():
    result = doctest.testmod(selfcheck)
    assert result.attempted >= 4
    assert result.failed == 0


@pytest.mark.parametrize(
    ("answer", "right"),
    [(26, 26.0), (np.int64(26), 26), (0.1 + 0.2, 0.3), ("B", "b"), (" b ", "b"), (["c", "A"], ["a", "c"]), (True, True)],
)
def test_right_however_it_is_typed(answer, right, capsys):
    self_check(answer, right)
    assert capsys.readouterr().out == "Right!\n"


@pytest.mark.parametrize(
    ("answer", "right"),
    [(25, 26), (True, 1), ("26", 26), (None, 26), (float("nan"), 26), (["a"], ["a", "c"]), ("a", ["a"]), ([26], 26)],
)
def test_wrong_and_the_answer_is_not_given_away(answer, right, capsys):
    self_check(answer, right, hint="Which arrays are there?")
    said = capsys.readouterr().out
    assert said == f"Not {answer}. Which arrays are there?\n"


def test_the_three_dots_are_no_wrong_answer(capsys):
    self_check(..., 26, hint="Draw it.")
    assert "three dots" in capsys.readouterr().out
