"""What is said about data that will not do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit.inputs import array, examples, finite


@given(arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.floats(width=32)))
def test_finite_agrees_with_isfinite(X):
    assert finite(X) == np.isfinite(X).all()


def test_large_finite_numbers_are_finite():
    assert finite(np.full((3, 3), 1e30, np.float32))  # their squares are not
    assert finite(np.full((3, 3), 1e30, np.float32)[:, ::2])


def test_whole_numbers_and_booleans_become_floats():
    assert examples(np.array([[True, False]]), np.float32).tolist() == [[1.0, 0.0]]


def test_no_copy_where_none_is_needed():
    X = np.zeros((2, 2), np.float32)
    assert examples(X, np.float32) is X


@pytest.mark.parametrize(
    "values, sentence",
    [
        (np.zeros((0, 3)), r"at least one example, received X of shape \(0, 3\)"),
        (3.0, "as an array of numbers, received float64"),
        ([[1], [2, 3]], "a list whose rows differ in length"),
        ([{"a": 1}], "as an array of numbers"),
    ],
)
def test_what_is_no_array_gets_a_sentence(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        array(values, "X")
