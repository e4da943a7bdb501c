"""Classes as rows of numbers."""

import numpy as np

from coursekit.inputs import even, positive


def one_hot(y, k=None, dtype=np.float64):
    """Row i is 0 but for a 1 in column y[i]: (n,) -> (n, k), k the number of classes (the largest y plus 1).

    >>> one_hot(np.array([2, 0]))
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    y = even(y, "y")
    if y.ndim != 1 or y.dtype.kind not in "iub":
        raise ValueError(f"one_hot expected integers of shape (n,), received {y.dtype} of shape {y.shape}.")
    k = int(y.max(initial=-1)) + 1 if k is None else positive("k", k, "one_hot")
    if y.size and (y.min() < 0 or y.max() >= k):
        raise ValueError(f"classes reach from {y.min()} to {y.max()}, expected 0 to {k - 1}.")
    Y = np.zeros((len(y), k), dtype)
    Y[np.arange(len(y)), y.astype(np.int64)] = 1
    return Y
