"""Initialisers whose entries belong together: orthogonal, identity, sparse."""

import math

import numpy as np

from coursekit.functions import initializers as functions
from coursekit.functions.variance import gain as gain_of
from coursekit.initializers.initializer import Initializer
from coursekit.inputs import between, number, positive


class Orthogonal(Initializer):
    """gain times a matrix with orthonormal columns or rows (Saxe et al. 2014). A kernel becomes (the rest, last).

    It keeps the norm of every vector, so that 10,000 linear layers neither overflow nor vanish.

    >>> W = Orthogonal()((3, 3), np.random.default_rng(0))
    >>> bool(np.allclose(W.T @ W, np.eye(3)))
    True
    """

    def __init__(self, gain=1.0):
        self.gain = gain if isinstance(gain, str) else number("gain", gain, "Orthogonal")

    def draw(self, shape, rng):
        rows, columns = _as_matrix(self, shape)
        gain = gain_of(self.gain) if isinstance(self.gain, str) else self.gain
        return functions.orthogonal((rows, columns), rng, gain).reshape(shape)


class Identity(Initializer):
    """gain times the identity; more rows or columns than the other are 0. A kernel has it at its centre tap.

    >>> Identity()((2, 3), np.random.default_rng(0))
    array([[1., 0., 0.],
           [0., 1., 0.]])
    """

    def __init__(self, gain=1.0):
        self.gain = number("gain", gain, "Identity")

    def draw(self, shape, rng):
        _as_matrix(self, shape)
        values = np.zeros(shape)
        values[tuple(size // 2 for size in shape[:-2])] = self.gain * np.eye(*shape[-2:])
        return values


class Sparse(Initializer):
    """fan_in non-zero weights from N(0, std^2) for each unit, all others 0 (Martens 2010).

    >>> W = Sparse(fan_in=2)((10, 3), np.random.default_rng(0))
    >>> np.count_nonzero(W, axis=0)
    array([2, 2, 2])
    """

    def __init__(self, fan_in=15, std=1.0):
        self.fan_in, self.std = positive("fan_in", fan_in, "Sparse"), between("std", std, "Sparse", 0)

    def draw(self, shape, rng):
        return functions.sparse(_as_matrix(self, shape), rng, self.fan_in, self.std).reshape(shape)


def _as_matrix(initializer, shape):
    if len(shape) < 2:
        raise ValueError(f"{type(initializer).__name__} needs at least two axes, received shape {shape}.")
    return math.prod(shape[:-1]), shape[-1]
