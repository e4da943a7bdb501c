"""Initialisers with a distribution that does not depend on the shape."""

import numpy as np

from coursekit.initializers.initializer import Initializer
from coursekit.inputs import between, number

TRUNCATED_STD = 0.8796256610342398  # of N(0, 1) cut at -2 and 2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1))


class Uniform(Initializer):
    """Drawn from U[low, high]: mean (low + high) / 2, variance (high - low)^2 / 12.

    >>> W = Uniform(-1, 1)((1000, 100), np.random.default_rng(0))
    >>> bool(abs(W).max() <= 1), round(float(W.var()), 2)
    (True, 0.33)
    """

    def __init__(self, low=-0.05, high=0.05):
        if not number("low", low, "Uniform") <= number("high", high, "Uniform"):
            raise ValueError(f"Uniform expected low <= high, received low={low} and high={high}.")
        self.low, self.high = low, high

    def draw(self, shape, rng):
        return rng.uniform(self.low, self.high, shape)


class Normal(Initializer):
    """Drawn from N(mean, std^2).

    >>> W = Normal(std=0.1)((1000, 100), np.random.default_rng(0))
    >>> round(float(W.std()), 2)
    0.1
    """

    def __init__(self, mean=0.0, std=0.05):
        owner = type(self).__name__
        self.mean, self.std = number("mean", mean, owner), between("std", std, owner, 0)

    def draw(self, shape, rng):
        return rng.normal(self.mean, self.std, shape)


class TruncatedNormal(Normal):
    """Drawn from N(mean, std^2), what lies further than 2 std from the mean drawn again: the deviation is 0.88 std.

    >>> W = TruncatedNormal(std=1.0)((1000, 100), np.random.default_rng(0))
    >>> bool(abs(W).max() <= 2), round(float(W.std()), 2)
    (True, 0.88)
    """

    def draw(self, shape, rng):
        return self.mean + self.std * truncated(shape, rng)


def truncated(shape, rng):
    """N(0, 1), numbers beyond -2 and 2 drawn again.

    >>> bool(np.abs(truncated((1000,), np.random.default_rng(0))).max() <= 2)
    True
    """
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(np.count_nonzero(outside))
    return z
