"""Losses of predicted probabilities: one yes or no, a distribution, the number of a class."""

from functools import lru_cache
from math import log

import numpy as np

from coursekit.constants import first_of_each_row, ones
from coursekit.functions import losses as rules
from coursekit.losses.loss import Loss
from coursekit.sums import spread_row_sums


class BinaryCrossEntropy(Loss):
    """Mean over the batch of -(y log p + (1 - y) log(1 - p)), summed over the outputs; y from 0 to 1.

    from_logits   True: the predictions are logits f, p = sigmoid(f)

    >>> round(BinaryCrossEntropy(from_logits=True)(np.array([[0.0]]), np.array([[1]])), 4)
    0.6931
    """

    follows = "sigmoid"

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def targets(self, y, shape, dtype=np.float64):
        y = super().targets(y, shape, dtype)
        if y.min() < 0 or y.max() > 1:
            raise ValueError(f"{self.label} expected targets from 0 to 1, received {y.min():g} to {y.max():g}")
        return y

    def value_and_gradient(self, y_hat, y):
        if self.from_logits:
            return rules.sigmoid_cross_entropy(y_hat, y)
        # In floating point a sigmoid reaches 0 and 1, where the logarithm is infinite: step back by one rounding.
        eps = np.finfo(y_hat.dtype).eps
        p = np.clip(y_hat, eps, 1 - eps)
        return rules.binary_cross_entropy(p, y), rules.binary_cross_entropy_gradient(p, y)


class CategoricalCrossEntropy(Loss):
    """Mean over the batch of -sum y log p; the targets are rows of probabilities, one-hot or softer.

    from_logits   True: the predictions are logits, p = softmax(logits)

    >>> loss = CategoricalCrossEntropy(from_logits=True)
    >>> round(loss(np.array([[0.0, 0.0]]), np.array([[0.25, 0.75]])), 4)
    0.6931
    """

    follows = "softmax"

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def targets(self, y, shape, dtype=np.float64):
        y = super().targets(y, shape, dtype)
        if y.min() < 0 or not np.allclose(y.sum(axis=-1), 1, atol=1e-3):
            raise ValueError(
                f"{self.label} expected rows of probabilities that add up to 1, received sums from "
                f"{y.sum(axis=-1).min():g} to {y.sum(axis=-1).max():g}; for class numbers there is "
                "SparseCategoricalCrossEntropy"
            )
        return y

    def value_and_gradient(self, y_hat, y):
        n = len(y_hat)
        if self.from_logits:
            shifted = y_hat - y_hat.max(axis=-1, keepdims=True)
            e = np.exp(shifted)
            s = e.sum(axis=-1, keepdims=True)
            return (y * (np.log(s) - shifted)).sum() / n, (e / s - y) / n
        p = np.maximum(y_hat, np.finfo(y_hat.dtype).tiny)
        return -(y * np.log(p)).sum() / n, -y / p / n


class SparseCategoricalCrossEntropy(Loss):
    """Mean over the batch of -log p[y]; the targets are class numbers 0, 1, ..., k - 1.

    Predictions (n, k), targets (n,). Predictions (n, t, k) with targets (n, t) are summed over t.

    from_logits   True: the predictions are logits, p = softmax(logits)

    >>> round(SparseCategoricalCrossEntropy()(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 0])), 4)
    1.0397
    """

    follows = "softmax"

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def targets(self, y, shape, dtype=np.float64):
        if len(shape) < 2:
            raise ValueError(f"{self.label} expected predictions of shape (n, k), one for each class, received {shape}")
        y, k = np.asarray(y), shape[-1]
        if y.shape == (*shape[:-1], 1):
            y = y[..., 0]
        if y.shape != tuple(shape[:-1]):
            one_hot = "; CategoricalCrossEntropy takes one-hot rows" if y.shape == tuple(shape) else ""
            raise ValueError(f"{self.label} expected targets of shape {shape[:-1]}, received {y.shape}{one_hot}")
        if y.dtype.kind not in "biu" and not (y.dtype.kind == "f" and (y == np.floor(y)).all()):
            raise ValueError(f"{self.label} expected whole class numbers, received {y.dtype} such as {y.ravel()[:1]}")
        low, high = y.item(y.argmin()), y.item(y.argmax())
        if low < 0 or high >= k:
            raise ValueError(
                f"{self.label} expected classes from 0 to {k - 1}, received {low:g} to {high:g}: "
                f"the last layer needs a unit for each class"
            )
        return y.astype(np.intp, copy=False)

    def value_and_gradient(self, y_hat, y):
        if y_hat.ndim > 2:
            # Each position is a row; what is averaged over is still the batch.
            rows = y_hat.reshape(-1, y_hat.shape[-1])
            value, gradient = self.value_and_gradient(rows, y.reshape(-1))
            positions = len(rows) / len(y_hat)
            return value * positions, gradient.reshape(y_hat.shape) * positions
        if self.from_logits:
            return softmax_cross_entropy(y_hat, y)
        p = np.maximum(y_hat, np.finfo(y_hat.dtype).tiny)
        return rules.cross_entropy(p, y), rules.cross_entropy_gradient(p, y)


def softmax_cross_entropy(logits, y):
    """coursekit.functions.losses.softmax_cross_entropy in half the time: one exponential, and no row by row.

    >>> loss, dlogits = softmax_cross_entropy(np.array([[0.0, 0.0], [1000.0, 0.0]]), np.array([0, 0]))
    >>> round(loss, 4), dlogits
    (0.3466, array([[-0.25,  0.25],
           [ 0.  ,  0.  ]]))
    """
    n, k = logits.shape
    limit = exponent_limit(logits.dtype)
    # Two looks at all the logits (argmin and argmax: min and max take four times as long) spare one at each row. Where
    # they lie far apart, or are NaN, the plain function moves the largest of each row to 0.
    low, high = logits.item(logits.argmin()), logits.item(logits.argmax())
    if not high - low < 2 * limit:
        loss, gradient = rules.softmax_cross_entropy(logits, y)
        return float(loss), gradient
    if not -limit < low <= high < limit:
        logits = logits - (low + high) / 2  # softmax stays the same where all logits move together
    p = np.exp(logits)
    p /= spread_row_sums(p, n)  # softmax / n
    # Entries by their position in memory: `take` and `put` are several times quicker there than [rows, columns].
    target = first_of_each_row(n, k) + y
    of_truth = p.take(target)
    p.put(target, of_truth - 1 / n)
    return -float(ones(n, p.dtype).dot(np.log(of_truth))) / n - log(n), p


@lru_cache(maxsize=8)
def exponent_limit(dtype):
    """x such that all of exp(-2 x) to exp(2 x) lies well within the range of the dtype.

    >>> round(exponent_limit(np.dtype("float32")), 1)
    29.6
    """
    return float(np.log(np.finfo(dtype).max)) / 3
