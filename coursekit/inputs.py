"""A look at data and arguments before anything is computed with them: what arrived, and what would do."""

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
    """`values` as an array with at least one row.

    >>> array([[1], [2, 3]], "X")
    Traceback (most recent call last):
    ValueError: expected X as an array, received a list whose rows differ in length
    """
    values = even(values, name)
    if values.ndim == 0 or values.dtype == object:
        raise ValueError(f"expected {name} as an array of numbers, received {type(values[()]).__name__} {values!r:.60}")
    if values.size == 0:
        raise ValueError(f"expected at least one example, received {name} of shape {values.shape}")
    return values


def even(values, name):
    """`values` as an array of any kind; ValueError for lists in a list that differ in length."""
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(f"expected {name} as an array, received a list whose rows differ in length") from None


def finite(X):
    """Whether all numbers of X are finite, at the price of one pass over memory.

    A sum of squares meets every number and is infinite or NaN if one of them is; only then is a closer look taken,
    since finite squares may overflow as well.

    >>> finite(np.array([1.0, 1e300])), finite(np.array([1.0, np.inf]))
    (True, False)
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


def positive(name, value, owner):
    """A positive whole number, or a ValueError.

    >>> positive("units", 0, "Dense")
    Traceback (most recent call last):
    ValueError: Dense expected units as a positive whole number, received 0
    """
    if not is_whole(value) or value < 1:
        raise ValueError(f"{owner} expected {name} as a positive whole number, received {value!r}")
    return int(value)


def pair(name, value, owner):
    """One positive whole number for both axes of an image, or one for each: (height, width).

    >>> pair("stride", 2, "Conv2D"), pair("stride", (1, 2), "Conv2D")
    ((2, 2), (1, 2))
    """
    values = tuple(value) if np.iterable(value) else (value, value)
    if len(values) != 2:
        raise ValueError(f"{owner} expected {name} as one number or two, (height, width), received {value!r}")
    return tuple(positive(name, v, owner) for v in values)


def between(name, value, owner, low, high=math.inf):
    """A number from `low` to below `high`, or a ValueError.

    >>> between("rate", 1.5, "Dropout", 0, 1)
    Traceback (most recent call last):
    ValueError: Dropout expected rate as a number from 0 to below 1, received 1.5
    """
    if not (is_real(value) and low <= value < high):
        span = f"from {low} to below {high}" if high < math.inf else f"from {low} up"
        raise ValueError(f"{owner} expected {name} as a number {span}, received {value!r}")
    return value


def above(name, value, owner, low):
    """A number above `low`, or a ValueError."""
    if not (is_real(value) and value > low):
        raise ValueError(f"{owner} expected {name} as a number above {low}, received {value!r}")
    return value


def number(name, value, owner):
    """A finite number, or a ValueError."""
    if not (is_real(value) and math.isfinite(value)):
        raise ValueError(f"{owner} expected {name} as a finite number, received {value!r}")
    return value


def is_whole(value):
    """Whether value is a whole number of Python's or NumPy's; True and False are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def is_real(value):
    """Whether value is a number, whole or not; True and False are none."""
    return is_whole(value) or isinstance(value, (float, np.floating))


def whole_shape(value, owner):
    """A shape as a tuple of positive whole numbers, or a ValueError; one number is a shape of one axis.

    >>> whole_shape(3, "Zeros"), whole_shape([2, 3], "Zeros")
    ((3,), (2, 3))
    """
    shape = tuple(value) if np.iterable(value) else (value,)
    if not all(is_whole(length) and length > 0 for length in shape):
        raise ValueError(f"{owner} expected a shape of positive whole numbers, such as (3, 2), received {value!r}")
    return shape


def generator(rng, owner):
    """A generator of random numbers, or a TypeError.

    >>> generator(3, "blobs")
    Traceback (most recent call last):
    TypeError: blobs draws from a np.random.Generator, received 3: pass np.random.default_rng(seed)
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{owner} draws from a np.random.Generator, received {rng!r}: pass np.random.default_rng(seed)")
    return rng


def seeded(seed, owner):
    """The generator of random numbers that a seed stands for; a generator is taken as it is.

    >>> seeded(-1, "Dropout")
    Traceback (most recent call last):
    ValueError: Dropout expected seed as a whole number from 0 or a np.random.Generator, received -1
    """
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise ValueError(
            f"{owner} expected seed as a whole number from 0 or a np.random.Generator, received {seed!r}"
        ) from None
