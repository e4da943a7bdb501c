"""Arrays to read only, and what is compared with zero."""

import numpy as np
import pytest

from coursekit.constants import constant, first_of_each_row, ones, zero_beside


def test_the_same_array_each_time_and_nobody_can_write_into_it():
    assert ones(3, np.dtype("float32")) is ones(3, np.dtype("float32"))
    for held in (ones(3, float), constant((2, 2), 0.5, np.float32), first_of_each_row(2, 3)):
        with pytest.raises(ValueError, match="read-only"):
            held[...] = 7


def test_values_shapes_and_dtypes():
    np.testing.assert_array_equal(constant((2, 1), 2.5, np.float32), np.array([[2.5], [2.5]], np.float32))
    assert ones(3, np.float32).dtype == np.float32 and ones(3, float).sum() == 3
    np.testing.assert_array_equal(first_of_each_row(3, 4), [0, 4, 8])


@pytest.mark.parametrize(
    "shape, zeros",
    [((3, 2), (3, 2)), ((256, 256), (256, 256)), ((2, 3, 4), (2, 3, 4)), ((257, 256), (256,)), ((9000, 8), ())],
)
def test_beside_large_arrays_zeros_are_a_row_or_a_number(shape, zeros):
    A = np.full(shape, -1.0, np.float32)
    zero = zero_beside(A)
    assert np.shape(zero) == zeros
    assert np.maximum(A, zero).dtype == np.float32 and not np.maximum(A, zero).any()
