"""What a finding holds of a failing case."""

import numpy as np
import pytest

from coursekit.agreement import Difference
from coursekit.findings import shown_case
from coursekit.outcome import Case, Outcome, Rules

APART = Difference("", "is wrong")


@pytest.mark.parametrize(("expected", "got", "rtol", "alike"), [
    ((np.ones(2), np.ones(3)), (np.ones(2), np.zeros(3)), None, ["dX"]),
    ((1.0, 2.0), (1.001, 2.1), 1e-2, ["dX"]),                   # by the exercise's own tolerance
    ((1.0, 2.0), (1.001, 2.1), None, []),
    ((1.0, 2.0), (1.0,), None, []),
    ((np.zeros(2), 1.0), (np.full(2, 1e-15), 2.0), None, ["dX"]),       # the arguments give zeros their scale
])
def test_it_names_the_entries_that_agree(expected, got, rtol, alike):
    rules = Rules("f", ("X",), {"dX": 1, "dW": 1}, rtol=rtol)
    case = shown_case(rules, Case(np.array([5.0])), Outcome(expected), Outcome(got), APART)
    assert case["alike"] == alike


def test_nothing_agrees_with_what_was_not_returned():
    case = shown_case(Rules("f", ("X",), {"dX": 1, "dW": 1}), Case(1.0), Outcome((1.0, 2.0)),
                      Outcome(raised=("ValueError",), message="no"), APART)
    assert case["alike"] == [] and case["raised"] == "ValueError: no"
