"""Sums along an axis as products with ones: for short rows and small batches twice as quick as `sum`."""

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=64)
def ones(n, dtype):
    """n ones, to read only: the same array each time.

    >>> ones(2, np.float32)
    array([1., 1.], dtype=float32)
    """
    held = np.ones(n, dtype)
    held.flags.writeable = False
    return held


def column_sums(A, out=None):
    """A (n, k) -> (k,), as A.sum(axis=0).

    >>> column_sums(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([4., 6.])
    """
    return ones(len(A), A.dtype).dot(A, out)


def row_sums(A):
    """A (n, k) -> (n,), as A.sum(axis=1).

    >>> row_sums(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([3., 7.])
    """
    return A.dot(ones(A.shape[1], A.dtype))
