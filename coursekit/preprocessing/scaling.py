"""Each column by itself: moved, and stretched or shrunk."""

import numpy as np

from coursekit.inputs import number
from coursekit.preprocessing.transformer import Transformer


class Standardizer(Transformer):
    """`(X - mean_) / scale_`: mean 0 and standard deviation 1 on the training set. Constant columns are only centred.

    >>> scaler = Standardizer().fit(np.array([[0.0, 7.0], [2.0, 7.0]]))
    >>> scaler.transform(np.array([[4.0, 8.0]])), scaler.inverse_transform(np.array([[3.0, 1.0]]))
    (array([[3., 1.]]), array([[4., 8.]]))
    """

    def learn(self, X):
        self.mean_ = X.mean(axis=0)
        self.scale_ = np.where(np.ptp(X, axis=0) == 0, 1, X.std(axis=0))

    def apply(self, X):
        return (X - self.mean_) / self.scale_

    def inverse_transform(self, Z):
        return self.check(Z) * self.scale_ + self.mean_


class MinMax(Transformer):
    """Each column stretched from its smallest and largest training value to `low` and `high`; constant columns to low.

    >>> MinMax(-1, 1).fit_transform(np.array([[0.0], [5.0], [10.0]])).ravel()
    array([-1.,  0.,  1.])
    """

    def __init__(self, low=0.0, high=1.0):
        if not number("low", low, "MinMax") < number("high", high, "MinMax"):
            raise ValueError(f"MinMax expected low < high, received low={low} and high={high}.")
        self.low, self.high = low, high

    def learn(self, X):
        self.min_ = X.min(axis=0)
        width = X.max(axis=0) - self.min_
        self.scale_ = (self.high - self.low) / np.where(width == 0, 1, width)

    def apply(self, X):
        return (X - self.min_) * self.scale_ + self.low

    def inverse_transform(self, Z):
        return (self.check(Z) - self.low) / self.scale_ + self.min_
