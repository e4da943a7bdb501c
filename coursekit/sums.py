"""Sums along an axis as products with ones: for short rows and small batches twice as quick as `sum`."""

import numpy as np

from coursekit.constants import constant, ones


def column_sums(A, out=None):
    """A (n, k) -> (k,), as A.sum(axis=0).

    >>> column_sums(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([4., 6.])
    """
    return ones(len(A), A.dtype).dot(A, out)


def spread_row_sums(A, factor):
    """factor * the sum of each row of A (n, k), in every column: (n, k), to read only.

    >>> spread_row_sums(np.array([[1.0, 2.0], [3.0, 4.0]]), 10)
    array([[30., 30.],
           [70., 70.]])
    """
    k = A.shape[1]
    if k <= 32:  # short rows: NumPy takes several times as long for rows and a column as for two arrays of one shape
        return A.dot(constant((k, k), factor, A.dtype))
    return np.broadcast_to((factor * A.dot(ones(k, A.dtype)))[:, None], A.shape)
