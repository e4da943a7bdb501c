"""A look at the data before anything is computed with it: what arrived, and what would do."""

import math

import numpy as np


def examples(X, dtype):
    """`X` as a finite array of `dtype` with at least one row.

    >>> examples([[1, 2], [3, 4]], np.float32).dtype
    dtype('float32')
    >>> examples([[1.0, float("nan")]], np.float64)
    Traceback (most recent call last):
    ValueError: expected finite numbers in X, received nan at [0, 1]: fill it in or leave the row out
    """
    X = array(X, "X")
    if X.dtype.kind not in "biuf":
        raise ValueError(f"expected numbers in X, received {X.dtype} such as {X.ravel()[:1]}")
    X = X.astype(dtype, copy=False)
    if not finite(X):
        where = np.argwhere(~np.isfinite(X))[0].tolist()
        raise ValueError(
            f"expected finite numbers in X, received {X[tuple(where)]} at {where}: fill it in or leave the row out"
        )
    return X


def array(values, name):
    """`values` as an array with at least one row."""
    try:
        values = np.asarray(values)
    except ValueError:
        raise ValueError(f"expected {name} as an array, received a list whose rows differ in length") from None
    if values.ndim == 0 or values.dtype == object:
        raise ValueError(f"expected {name} as an array of numbers, received {type(values[()]).__name__} {values!r:.60}")
    if values.size == 0:
        raise ValueError(f"expected at least one example, received {name} of shape {values.shape}")
    return values


def finite(X):
    """Whether all numbers of X are finite, at the price of one pass over memory.

    A sum of squares meets every number and is infinite or NaN if one of them is; only then is a closer look taken,
    since finite squares may overflow as well.
    """
    if X.dtype.kind != "f":
        return True
    flat = X.reshape(-1) if X.flags.c_contiguous else X.ravel()
    with np.errstate(over="ignore", invalid="ignore"):
        total = flat.dot(flat)
    return math.isfinite(total) or bool(np.isfinite(X).all())


def same_length(X, y):
    """Raise ValueError unless there is one target for each example."""
    if len(X) != len(y):
        raise ValueError(f"expected one target for each example, received {len(X)} examples and {len(y)} targets")
