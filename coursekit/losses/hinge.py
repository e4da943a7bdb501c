"""Losses of scores that want a margin: for two classes, and for several."""

import numpy as np

from coursekit.functions import losses as rules
from coursekit.losses.cross_entropy import SparseCategoricalCrossEntropy
from coursekit.losses.loss import Loss


class Hinge(Loss):
    """Mean over the batch of max(0, 1 - y f), summed over the outputs; labels are -1 and +1.

    >>> Hinge()(np.array([[0.5], [2.0]]), np.array([1, 1]))
    0.25
    """

    def targets(self, y, shape, dtype=np.float64):
        y = super().targets(y, shape, dtype)
        if not (np.abs(y) == 1).all():
            raise ValueError(f"{self.label} expected labels -1 and +1, received {np.unique(y)[:5]}")
        return y

    def value_and_gradient(self, y_hat, y):
        return rules.hinge(y_hat, y), rules.hinge_gradient(y_hat, y)


class MulticlassHinge(SparseCategoricalCrossEntropy):
    """Mean over the batch of the sum over wrong classes j of max(0, 1 + f[j] - f[y]); class numbers as targets.

    Source: Weston & Watkins 1999.

    >>> MulticlassHinge()(np.array([[2.0, 1.5, 0.0]]), np.array([0]))
    0.5
    """

    follows = None

    def __init__(self):
        super().__init__()

    def value_and_gradient(self, y_hat, y):
        gradient = rules.multiclass_hinge_gradient(y_hat, y).astype(y_hat.dtype, copy=False)
        return rules.multiclass_hinge(y_hat, y), gradient
