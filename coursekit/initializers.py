"""Initialisers of any parameter: `initializer(shape, rng)` gives an array to start from.

    Initializer
      Zeros  Ones  Constant  Copy            what is known beforehand
      Uniform  Normal  TruncatedNormal       a distribution
      VarianceScaling                        a distribution whose variance follows from the shape and the activation
        GlorotUniform  GlorotNormal  XavierUniform  XavierNormal
        HeUniform  HeNormal  LeCunUniform  LeCunNormal
      Orthogonal  Identity  Sparse           a structure
      Sum  Product                           what `+` and `*` make of two of them

The generator is always passed in. `assign` sets one parameter of a built model, or a part of it; `lsuv` rescales all
kernels of a model until real data keep unit variance. The plain functions for dense layers are in
`coursekit.functions.initializers`.
"""

import math

import numpy as np

from coursekit.functions import initializers as functions
from coursekit.functions.variance import gain as gain_of
from coursekit.identifiers import Configurable, find


class Initializer(Configurable):
    """An array of `shape` from the generator `rng`; `+` and `*` compose, with numbers too.

    >>> (Ones() + 2 * Constant(0.5))((2,), np.random.default_rng(0))
    array([2., 2.])
    """

    def __call__(self, shape, rng):
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"{type(self).__name__} draws from a np.random.Generator, received {rng!r}: "
                            "pass np.random.default_rng(seed).")
        return self.draw(tuple(shape) if np.iterable(shape) else (shape,), rng)

    def draw(self, shape, rng):
        """What a subclass writes: the array."""
        raise NotImplementedError(f"{type(self).__name__} has to give an array in draw(self, shape, rng)")

    def __add__(self, other):
        return Sum(self, other)

    def __mul__(self, other):
        return Product(self, other)

    __radd__, __rmul__ = __add__, __mul__


class Constant(Initializer):
    """Every entry is `value`."""

    def __init__(self, value=0.0):
        self.value = value

    def draw(self, shape, rng):
        return np.full(shape, float(self.value))


class Zeros(Constant):
    """Zeros: right for biases, fatal for weights, because all units of a layer stay equal."""

    def __init__(self):
        super().__init__(0.0)


class Ones(Constant):
    """Ones: for scales, such as batch norm's gamma."""

    def __init__(self):
        super().__init__(1.0)


class Copy(Initializer):
    """A copy of `values`: pretrained weights as a start."""

    def __init__(self, values):
        self.values = values

    def draw(self, shape, rng):
        values = np.array(self.values, dtype=float)
        if values.shape != shape:
            raise ValueError(f"Copy holds values of shape {values.shape}, the parameter has shape {shape}.")
        return values


class Uniform(Initializer):
    """Drawn from U[low, high]: mean (low + high) / 2, variance (high - low)^2 / 12."""

    def __init__(self, low=-0.05, high=0.05):
        if not low <= high:
            raise ValueError(f"Uniform expected low <= high, received low={low} and high={high}.")
        self.low, self.high = low, high

    def draw(self, shape, rng):
        return rng.uniform(self.low, self.high, shape)


class Normal(Initializer):
    """Drawn from N(mean, std^2)."""

    def __init__(self, mean=0.0, std=0.05):
        self.mean, self.std = mean, _not_negative(std)

    def draw(self, shape, rng):
        return rng.normal(self.mean, self.std, shape)


class TruncatedNormal(Normal):
    """Drawn from N(mean, std^2), what lies further than 2 std from the mean drawn again: the deviation is 0.88 std."""

    def draw(self, shape, rng):
        return self.mean + self.std * _truncated(shape, rng)


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
        self.gain, self.mode, self.distribution = gain, mode, distribution

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
        return std / TRUNCATED_STD * _truncated(shape, rng)


class GlorotUniform(VarianceScaling):
    """`U[-k, k]`, k = sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio 2010)."""

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_avg", "uniform")


class GlorotNormal(VarianceScaling):
    """`N(0, 2 / (fan_in + fan_out))` (Glorot & Bengio 2010)."""

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_avg", "normal")


class LeCunUniform(VarianceScaling):
    """`U[-k, k]`, k = sqrt(3 / fan_in) (LeCun et al. 1998)."""

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_in", "uniform")


class LeCunNormal(VarianceScaling):
    """`N(0, 1 / fan_in)` (LeCun et al. 1998)."""

    def __init__(self, gain=1.0):
        super().__init__(gain, "fan_in", "normal")


class XavierUniform(LeCunUniform):
    """`U[-k, k]`, k = sqrt(3 / fan_in): what some frameworks named after Xavier Glorot."""


class XavierNormal(LeCunNormal):
    """`N(0, 1 / fan_in)`: what some frameworks named after Xavier Glorot."""


class HeUniform(VarianceScaling):
    """`U[-k, k]`, k = sqrt(6 / fan_in), for ReLU (He et al. 2015)."""

    def __init__(self, gain="relu"):
        super().__init__(gain, "fan_in", "uniform")


class HeNormal(VarianceScaling):
    """`N(0, 2 / fan_in)`, for ReLU (He et al. 2015)."""

    def __init__(self, gain="relu"):
        super().__init__(gain, "fan_in", "normal")


class Orthogonal(Initializer):
    """gain times a matrix with orthonormal columns or rows (Saxe et al. 2014). A kernel becomes (the rest, last)."""

    def __init__(self, gain=1.0):
        self.gain = gain

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
        self.gain = gain

    def draw(self, shape, rng):
        _as_matrix(self, shape)
        values = np.zeros(shape)
        values[tuple(size // 2 for size in shape[:-2])] = self.gain * np.eye(*shape[-2:])
        return values


class Sparse(Initializer):
    """fan_in non-zero weights from N(0, std^2) for each unit, all others 0 (Martens 2010)."""

    def __init__(self, fan_in=15, std=1.0):
        self.fan_in, self.std = fan_in, _not_negative(std)

    def draw(self, shape, rng):
        return functions.sparse(_as_matrix(self, shape), rng, self.fan_in, self.std).reshape(shape)


class Sum(Initializer):
    """`left + right`, two initialisers or numbers: add a constant or noise."""

    def __init__(self, left, right):
        self.left, self.right = get(left), get(right)

    def draw(self, shape, rng):
        return self.left(shape, rng) + self.right(shape, rng)


class Product(Initializer):
    """`left * right`, two initialisers or numbers: scale, or mask."""

    def __init__(self, left, right):
        self.left, self.right = get(left), get(right)

    def draw(self, shape, rng):
        return self.left(shape, rng) * self.right(shape, rng)


INITIALIZERS = {cls.__name__: cls for cls in (
    Zeros, Ones, Constant, Copy, Uniform, Normal, TruncatedNormal, VarianceScaling, GlorotUniform, GlorotNormal,
    XavierUniform, XavierNormal, HeUniform, HeNormal, LeCunUniform, LeCunNormal, Orthogonal, Identity, Sparse, Sum,
    Product)}


def get(identifier):
    """The initialiser of that name ("he_normal"), of that config, the object itself, or a constant for a number.

    >>> get("he_normal"), get(0.01)
    (HeNormal(), Constant(value=0.01))
    """
    if isinstance(identifier, (int, float)):
        return Constant(identifier)
    initializer = find(identifier, INITIALIZERS, "initializer")
    if not callable(initializer):
        raise TypeError(f"an initializer is a name, a number or a function of (shape, rng), received {identifier!r}.")
    return initializer


def assign(parameter, initializer, rng, part=...):
    """Sets `parameter[part]` of a built model in place: `part` is any index, all of it by default.

    >>> b = np.zeros(6)
    >>> assign(b, 1.0, np.random.default_rng(0), part=np.s_[2:4])
    >>> b
    array([0., 0., 1., 1., 0., 0.])
    """
    parameter[part] = get(initializer)(np.shape(parameter[part]), rng)


def lsuv(model, X, tolerance=0.01, rounds=10):
    """Divides each kernel W of a built model by the deviation of its outputs, until their variance is 1 (+- tolerance).

    Layer-sequential unit variance (Mishkin & Matas 2016): start from orthogonal kernels, pass a batch X of real data.
    The plain version for a list of matrices is `coursekit.functions.initializers.lsuv`.
    """
    for layer in model.layers:
        if "W" in getattr(layer, "params", {}):
            forward, _ = layer.stages()[0]  # before the activation
            for _ in range(rounds):
                std = forward(X).std()
                if not 0 < std < np.inf:
                    raise ValueError(f"{layer.label} gives outputs of standard deviation {std}: nothing to rescale.")
                if abs(std**2 - 1) <= tolerance:
                    break
                layer.params["W"] = layer.params["W"] / std
        X = layer(X)


def fans(shape):
    """(fan_in, fan_out) of a parameter: how many numbers one output adds up, and how many outputs one input reaches.

    >>> fans((784, 64)), fans((5, 5, 3, 8)), fans((10,))
    ((784, 64), (75, 200), (10, 10))
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    taps = math.prod(shape[:-2])
    return taps * shape[-2], taps * shape[-1]


TRUNCATED_STD = 0.8796256610342398  # of N(0, 1) cut at -2 and 2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1))


def _truncated(shape, rng):
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(np.count_nonzero(outside))
    return z


def _as_matrix(initializer, shape):
    if len(shape) < 2:
        raise ValueError(f"{type(initializer).__name__} needs at least two axes, received shape {shape}.")
    return math.prod(shape[:-1]), shape[-1]


def _not_negative(std):
    if std < 0:
        raise ValueError(f"std is {std}, expected a number that is not negative.")
    return std
