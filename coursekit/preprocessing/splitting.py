"""Rows to learn from, and rows to judge by."""

import numpy as np

from coursekit.inputs import even, generator, number


def train_test_split(*arrays, test_size=0.25, rng, stratify=None):
    """Each array in two parts, drawn alike: `X_train, X_test, y_train, y_test = train_test_split(X, y, rng=rng)`.

    test_size is a number of rows or a share, rounded up. stratify (n,): the classes, whose shares both parts keep.

    >>> X_train, X_test, y_train, y_test = train_test_split(np.arange(8), np.arange(8) % 2, test_size=0.25,
    ...     rng=np.random.default_rng(0), stratify=np.arange(8) % 2)
    >>> len(X_train), np.bincount(y_test)
    (6, array([1, 1]))
    """
    arrays = [even(each, "each argument") for each in arrays]
    if not arrays or any(each.ndim == 0 for each in arrays):
        raise ValueError(f"train_test_split expected arrays of n rows, received {arrays!r:.80}.")
    lengths = {len(each) for each in arrays}
    if len(lengths) != 1:
        raise ValueError(f"train_test_split expected arrays of one length, received {[len(a) for a in arrays]}.")
    n = lengths.pop()
    number("test_size", test_size, "train_test_split")
    n_test = int(np.ceil(test_size * n)) if isinstance(test_size, float) else int(test_size)
    if not 0 < n_test < n:
        raise ValueError(f"test_size={test_size!r} leaves {n - n_test} of {n} rows for training, {n_test} for testing.")
    order = generator(rng, "train_test_split").permutation(n)
    if stratify is not None:
        if np.shape(stratify) != (n,):
            raise ValueError(f"train_test_split expected {n} classes in stratify, one a row, "
                             f"received shape {np.shape(stratify)}.")
        # Sorted by class, shuffled within: a pick at equal distances meets each class in proportion to its size.
        order = order[np.argsort(np.asarray(stratify)[order], kind="stable")]
        picked = np.zeros(n, dtype=bool)
        picked[((np.arange(n_test) + rng.random()) * n / n_test).astype(int)] = True
        order = np.concatenate([rng.permutation(order[picked]), rng.permutation(order[~picked])])
    test, train = order[:n_test], order[n_test:]
    return tuple(part for each in arrays for part in (each[train], each[test]))
