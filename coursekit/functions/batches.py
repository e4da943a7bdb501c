"""A set of examples, in small shuffled portions."""

import numpy as np


def minibatches(X, y, batch_size, rng=None, drop_last=False):
    """Yield (X[idx], y[idx]) for consecutive pieces `idx` of one random order of the rows.

    Every row comes exactly once an epoch. The last batch holds what is left over and is the smaller one; `drop_last`
    leaves it out. `rng` is a `np.random.Generator`; without it the rows keep their order. ValueError, at the first
    batch, for a `batch_size` below 1 and for X and y of different lengths.

    >>> for X_batch, y_batch in minibatches(np.arange(5)[:, None], np.arange(5), batch_size=2):
    ...     print(X_batch.ravel(), y_batch)
    [0 1] [0 1]
    [2 3] [2 3]
    [4] [4]
    """
    # One permutation of the indices, and one gather a batch: copying X in a new order first would touch
    # all of memory twice and lose to this as soon as X is larger than the cache.
    n = len(X)
    if batch_size < 1 or len(y) != n:
        raise ValueError(f"expected rows of X and y in batches of 1 or more; received {n}, {len(y)} and {batch_size}")
    order = np.arange(n) if rng is None else rng.permutation(n)
    stop = n - n % batch_size if drop_last else n
    for start in range(0, stop, batch_size):
        idx = order[start : start + batch_size]
        yield X[idx], y[idx]
