"""Initialisers that draw nothing."""

import numpy as np

from coursekit.initializers.initializer import Initializer
from coursekit.inputs import array, number


class Constant(Initializer):
    """Every entry is `value`.

    >>> Constant(0.1)((2,), np.random.default_rng(0))
    array([0.1, 0.1])
    """

    def __init__(self, value=0.0):
        self.value = number("value", value, type(self).__name__)

    def draw(self, shape, rng):
        return np.full(shape, float(self.value))


class Zeros(Constant):
    """Zeros: right for biases, fatal for weights, because all units of a layer stay equal.

    >>> Zeros()((2,), np.random.default_rng(0))
    array([0., 0.])
    """

    def __init__(self):
        super().__init__(0.0)


class Ones(Constant):
    """Ones: for scales, such as batch norm's gamma.

    >>> Ones()((2,), np.random.default_rng(0))
    array([1., 1.])
    """

    def __init__(self):
        super().__init__(1.0)


class Copy(Initializer):
    """A copy of `values`: pretrained weights as a start.

    >>> Copy([[1, 2]])((1, 2), np.random.default_rng(0))
    array([[1., 2.]])
    """

    def __init__(self, values):
        if array(values, "values").dtype.kind not in "biuf":
            raise ValueError(f"Copy expected an array of numbers, received {values!r:.60}")
        self.values = values

    def draw(self, shape, rng):
        values = np.array(self.values, dtype=float)
        if values.shape != shape:
            raise ValueError(f"Copy holds values of shape {values.shape}, the parameter has shape {shape}.")
        return values
