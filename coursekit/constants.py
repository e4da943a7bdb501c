"""Arrays that never change, to read only: the same one each time, so that a step makes none."""

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=64)
def constant(shape, value, dtype):
    """An array of that shape and dtype filled with `value`.

    >>> constant(2, 0.5, np.float32)
    array([0.5, 0.5], dtype=float32)
    """
    held = np.full(shape, value, dtype)
    held.flags.writeable = False
    return held


@lru_cache(maxsize=64)
def ones(n, dtype):
    """n ones: a product with them is a sum."""
    return constant(n, 1, dtype)


@lru_cache(maxsize=64)
def first_of_each_row(n, k):
    """Where in memory the rows of an (n, k) array begin: an entry's place is that plus its column.

    >>> first_of_each_row(3, 10)
    array([ 0, 10, 20])
    """
    held = np.arange(0, n * k, k)
    held.flags.writeable = False
    return held


def zero_beside(A):
    """Zeros for the maximum with A: of A's shape, or one row of them where that would be much memory.

    NumPy takes the maximum of two arrays many entries at a time, but of an array and a number one by one, four times as
    long. Rows shorter than 32 are not worth a loop of their own: the number 0.

    >>> np.maximum(np.array([-1.0, 2.0]), zero_beside(np.array([-1.0, 2.0])))
    array([0., 2.])
    """
    if A.size <= 65_536:
        return constant(A.shape, 0, A.dtype)
    return constant(A.shape[-1:], 0, A.dtype) if A.shape[-1] >= 32 else 0
