"""Warnings that cross from the student's process: recorded there, given again here, nothing else taken."""

import warnings

import numpy as np
import pytest

from autograder.engine.box.warned import MOST, recorded
from autograder.engine.box.wire import Malformed
from autograder.engine.warned import WHERE, give, mood


class OfTheirOwn(RuntimeWarning):
    pass


def test_what_is_recorded_is_said_again():
    with recorded(["always", {}]) as told:
        warnings.warn("beware", OfTheirOwn, stacklevel=1)
    assert told == [["RuntimeWarning", "beware"]]
    with pytest.warns(RuntimeWarning, match="^beware$") as again:
        give(told, {})
    assert again[0].filename == WHERE


def test_the_mood_of_the_test_holds_before_the_students_own():
    with warnings.catch_warnings(), np.errstate(over="ignore"):
        warnings.simplefilter("always")
        with np.errstate(over="warn"):
            now = mood()
        with recorded(now) as told:
            np.exp(np.float64(1000.0))
        with recorded(None) as untold:
            np.exp(np.float64(1000.0))
    assert told == [["RuntimeWarning", "overflow encountered in exp"]]
    assert untold == []


def test_a_filter_for_one_kind_is_no_mood():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        assert mood() is None


def test_a_loop_that_warns_each_time_says_so_much_and_no_more():
    with recorded(["always", {}]) as told:
        for i in range(5 * MOST):
            warnings.warn(f"{i}", stacklevel=1)
    assert len(told) == MOST


def test_the_same_warning_is_shown_once():
    said = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        give([["UserWarning", "again"]], said)
        give([["UserWarning", "again"]], said)
    assert len(caught) == 1


@pytest.mark.parametrize("told", [
    7, {}, [["UserWarning"]], [["UserWarning", 3]], ["UserWarning"], [["KeyboardInterrupt", ""]], [["print", ""]],
    [["NoSuchWarning", ""]], [["UserWarning", ""]] * (MOST + 1),
])  # fmt: skip
def test_whatever_no_honest_process_says_is_refused(told):
    with pytest.raises(Malformed):
        give(told, {})
