"""Initialisers that keep the size of the signal: their variance follows from the shape and the activation."""

import math

import numpy as np

from coursekit.functions.variance import gain as gain_of
from coursekit.initializers.distribution import TRUNCATED_STD, truncated
from coursekit.initializers.initializer import Initializer
from coursekit.inputs import number, whole_shape


class VarianceScaling(Initializer):
    """Mean 0 and variance `gain^2 / n`, where n counts what the fan mode says.

    gain          a number or the name of an activation: "relu" is sqrt 2 (see `coursekit.functions.variance.gain`)
    mode          "fan_in", "fan_out" or "fan_avg", their mean
    distribution  "normal", "truncated_normal" or "uniform", all of the same variance

    For a convolution kernel (height, width, c_in, c_out) the fans are those of all that one output adds up:
    fan_in = height * width * c_in.

    >>> kernel = VarianceScaling("relu", "fan_in", "uniform")((3, 3, 16, 32), np.random.default_rng(0))
    >>> round(float(kernel.var() * 3 * 3 * 16), 1)
    2.0
    """

    def __init__(self, gain=1.0, mode="fan_in", distribution="normal"):
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"mode is {mode!r}, expected 'fan_in', 'fan_out' or 'fan_avg'.")
        if distribution not in ("normal", "truncated_normal", "uniform"):
            raise ValueError(f"distribution is {distribution!r}, expected 'normal', 'truncated_normal' or 'uniform'.")
        self.gain = gain if isinstance(gain, str) else number("gain", gain, type(self).__name__)
        self.mode, self.distribution = mode, distribution

    def draw(self, shape, rng):
        fan_in, fan_out = fans(shape)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        gain = gain_of(self.gain) if isinstance(self.gain, str) else self.gain
        if self.distribution == "uniform":
            k = np.sqrt(3 * gain**2 / n)  # U[-k, k] has variance k^2 / 3
            return rng.uniform(-k, k, shape)
        std = np.sqrt(gain**2 / n)
        if self.distribution == "normal":
            return rng.normal(0, std, shape)
        return std / TRUNCATED_STD * truncated(shape, rng)


class GlorotUniform(VarianceScaling):
    """`U[-k, k]`, k = sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio 2010).

    >>> W = GlorotUniform()((300, 100), np.random.default_rng(0))
    >>> round(float(abs(W).max()), 3), round(float(W.var() * (300 + 100)), 1)       # k = 0.122, variance 2 / 400
    (0.122, 2.0)
    """

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_avg", "uniform")


class GlorotNormal(VarianceScaling):
    """`N(0, 2 / (fan_in + fan_out))` (Glorot & Bengio 2010).

    >>> round(float(GlorotNormal()((300, 100), np.random.default_rng(0)).var() * (300 + 100)), 1)
    2.0
    """

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_avg", "normal")


class LeCunUniform(VarianceScaling):
    """`U[-k, k]`, k = sqrt(3 / fan_in) (LeCun et al. 1998).

    >>> round(float(LeCunUniform()((300, 100), np.random.default_rng(0)).var() * 300), 1)
    1.0
    """

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_in", "uniform")


class LeCunNormal(VarianceScaling):
    """`N(0, 1 / fan_in)` (LeCun et al. 1998).

    >>> round(float(LeCunNormal()((300, 100), np.random.default_rng(0)).var() * 300), 1)
    1.0
    """

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_in", "normal")


class XavierUniform(LeCunUniform):
    """`U[-k, k]`, k = sqrt(3 / fan_in): what some frameworks named after Xavier Glorot.

    >>> round(float(XavierUniform()((300, 100), np.random.default_rng(0)).var() * 300), 1)
    1.0
    """


class XavierNormal(LeCunNormal):
    """`N(0, 1 / fan_in)`: what some frameworks named after Xavier Glorot.

    >>> round(float(XavierNormal()((300, 100), np.random.default_rng(0)).var() * 300), 1)
    1.0
    """


class HeUniform(VarianceScaling):
    """`U[-k, k]`, k = sqrt(6 / fan_in), for ReLU (He et al. 2015).

    >>> round(float(HeUniform()((300, 100), np.random.default_rng(0)).var() * 300), 1)
    2.0
    """

    def __init__(self, gain="relu"):
        super().__init__(gain, "fan_in", "uniform")


class HeNormal(VarianceScaling):
    """`N(0, 2 / fan_in)`, for ReLU (He et al. 2015).

    >>> round(float(HeNormal()((300, 100), np.random.default_rng(0)).var() * 300), 1)
    2.0
    """

    def __init__(self, gain="relu"):
        super().__init__(gain, "fan_in", "normal")


def fans(shape):
    """(fan_in, fan_out) of a parameter: how many numbers one output adds up, and how many outputs one input reaches.

    >>> fans((784, 64)), fans((5, 5, 3, 8)), fans((10,))
    ((784, 64), (75, 200), (10, 10))
    """
    shape = whole_shape(shape, "fans")
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    taps = math.prod(shape[:-2])
    return taps * shape[-2], taps * shape[-1]
