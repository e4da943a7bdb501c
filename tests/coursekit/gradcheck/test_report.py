"""What a report says: which entries were measured, how far off they are, and the first that is wrong."""

import numpy as np
import pytest

from coursekit.gradcheck import Report, check_function


def test_the_words():
    assert repr(Report()) == "all gradients agree"
    x = np.array([1.0, 2.0])
    right, wrong = (check_function(lambda x: (x**2).sum(), x, gradient) for gradient in (2 * x, np.array([2.0, 3.0])))
    assert repr(right).startswith("gradient      2 entries  relative error ")
    assert repr(right).endswith("\nall gradients agree")
    assert repr(wrong).startswith("gradient      2 entries  relative error 2.5e-01\nfirst wrong: gradient[1] is 3, ")
    assert "all gradients agree" not in repr(wrong)


def test_a_number_has_no_index():
    report = check_function(lambda x: x**2, 1.0, 3.0)
    assert str(report.finding).startswith("first wrong: gradient is 3, measured 2\nlikely cause: every entry is 1.5")


@pytest.mark.parametrize("shape, words", [
    ((2, 3), "the gradient is transposed"),
    ((3, 3), "the shapes differ"),
    ((3,), "the shapes differ"),
])
def test_another_shape_is_told_before_anything_is_measured(shape, words):
    report = check_function(np.sum, np.ones((3, 2)), np.ones(shape))
    assert f"received shape {shape} for an array of shape (3, 2); {words}" in report.finding.cause
    (row,) = report.rows
    assert (row.entries, row.error) == (0, np.inf)


def test_of_many_entries_some_are_measured_each_once():
    x, moved = np.zeros(1000), []

    def f(x):
        moved.extend(np.flatnonzero(x).tolist())
        return x.sum()

    report = check_function(f, x, np.full(1000, 2.0), entries=20)
    assert report.rows[0].entries == 20
    assert len(moved) == 40 and len(set(moved)) == 20  # once up, once down
    assert report.finding.index == (min(moved),)  # the first that is wrong is the first in the array


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_errors_are_relative_to_the_largest_entry(size):
    x = np.array([0.3, 1.2])
    gradient = size * np.cos(x)
    off = np.array([0.0, size * np.cos(0.3)])
    f = lambda x: size * np.sin(x).sum()  # noqa: E731
    assert check_function(f, x, gradient + 1e-8 * off)
    report = check_function(f, x, gradient + 1e-4 * off)
    assert not report and report.rows[0].error == pytest.approx(1e-4, rel=1e-3)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_at_a_kink_what_lies_between_the_slopes_passes_and_nothing_else(size):
    f = lambda x: size * np.abs(x).sum()  # noqa: E731, slopes -size and size at 0
    x = np.array([0.0, 1.0])
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        assert check_function(f, x, size * np.array([share, 1.0]))
    for share in (-1.0005, 1.0005):
        assert not check_function(f, x, size * np.array([share, 1.0]))
