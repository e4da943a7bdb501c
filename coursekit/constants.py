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
    """Zeros of A's shape to compare A with; the number 0 where they would be as much memory again.

    NumPy compares two arrays many entries at a time, an array and a number one by one, which takes three times as long.

    >>> np.maximum(np.array([-1.0, 2.0]), zero_beside(np.array([-1.0, 2.0])))
    array([0., 2.])
    """
    return constant(A.shape, 0, A.dtype) if A.size <= 65_536 else 0
