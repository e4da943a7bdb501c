"""Causes named from the numbers alone."""

import numpy as np
import pytest

from coursekit.gradcheck import likely_cause


def test_a_wrong_loss_value_is_told_from_a_wrong_gradient():
    assert "the loss itself is nan" in likely_cause(np.ones(2), np.array([np.nan, 1.0]))
    assert "should be 0" in likely_cause(np.array([1.0, 2.0, 7.0]), np.array([1.0, 0.0, 0.0]), tolerance=1e-6)
    assert "does not depend" in likely_cause(np.ones(2), np.zeros(2))
    assert "L2 penalty's gradient is missing" in likely_cause(np.array([1.0, 2.0]), np.array([1.3, 1.7]),
                                                              value=np.array([3.0, -3.0]))


n = np.array([1.0, -2.0, 3.0, 0.5])
W = np.array([2.0, 1.0, -1.0, 0.5])


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])  # what is said does not depend on the units
@pytest.mark.parametrize("analytic, measured, more, words", [
    (-n, n, {}, "the sign is the wrong way round"),
    (np.array([4.0, 4.0, 4.0, 1.0]), n, {"turned": n}, "the gradient is transposed"),
    (6 * n, n, {"rows": 6}, "6 times too large, the number of rows: the mean over the batch is missing"),
    (n / 6, n, {"rows": 6}, "6 times too small, the number of rows: the mean over the batch is taken twice"),
    (2 * n, n, {"rows": 2}, "2 times too large, the number of rows: the mean over the batch is missing"),
    (n / 2, n, {"rows": 2}, "2 times too small, the number of rows: the mean over the batch is taken twice"),
    (n * 1.00005, n, {"rows": 1}, "a constant factor"),
    (n / 1.00005, n, {"rows": 1}, "a constant factor"),
    (6 * n, n, {"rows": 5}, "every entry is 6 times too large: a constant factor"),
    (n / 4, n, {"rows": 6}, "every entry is 4 times too small: a constant factor"),
    (n + W / 2, n, {"value": W}, "times the parameter: a penalty that the loss does not hold"),
    (n - W / 2, n, {"value": W}, "times the parameter: the L2 penalty's gradient is missing"),
    (n * [1, 0, 0, 1], n, {}, "2 of 4 entries are 0 that should not be: a mask stops too much"),
    (n, n * [1, 0, 1, 0], {}, "2 of 4 entries should be 0: a mask lets too much pass"),
    (n + [0, 0, 0, 1], n, {}, "1 of 4 entries are wrong, the others right: a special case or an index"),
    (n + [1, 0, 0, 2], n, {}, "no pattern that is known"),
    (n**2, n, {"value": W, "rows": 6}, "no pattern that is known"),
    (np.zeros(4), n, {}, "the gradient is 0 throughout"),
    (n + [np.inf, 0, 0, 0], n, {}, "the gradient holds nan or inf"),
])  # fmt: skip
def test_patterns_are_named_at_every_size(analytic, measured, more, words, size):
    scaled = {name: size * value if name == "turned" else value for name, value in more.items()}
    assert words in likely_cause(size * analytic, size * measured, **scaled)
