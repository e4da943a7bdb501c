"""Activation functions as a layer."""

import numpy as np

from coursekit.constants import constant, zero_beside
from coursekit.functions import activation_derivatives as derivatives
from coursekit.functions import activations as functions
from coursekit.identifiers import find_class
from coursekit.layers.layer import Layer


class Activation(Layer):
    """a = g(z), element by element (softmax: row by row); backwards dz = da * g'(z).

    function   "relu", "tanh", "softmax", ...: a name of coursekit.functions.activations
    options    its further arguments: {"alpha": 0.2} for leaky_relu and elu, {"beta": 2.0} for swish

    >>> Activation("leaky_relu", {"alpha": 0.5})(np.array([[-2.0, 3.0]]))
    array([[-1.,  3.]])
    """

    # A Dense layer owns the z that it hands over, and lets its activation write a into the same memory.
    in_place = False

    def __init__(self, function="relu", options=None):
        if not isinstance(options, (dict, type(None))):
            raise TypeError(f"Activation expected options as a dict, {{'alpha': 0.2}}, received {options!r}")
        self.function, self.options = function, dict(options or {})
        self.rule, self.backward_rule = find_class(function, ACTIVATIONS, "activation")
        for option in self.options:
            if option not in (known := self.rule.__code__.co_varnames[1 : self.rule.__code__.co_argcount]):
                raise ValueError(f"{function} has no option {option!r}: it takes {', '.join(known) or 'none'}")
        self.is_identity = self.rule is functions.identity
        self.is_relu, self.is_noisy = self.rule is functions.relu, self.rule is functions.noisy_relu

    def forward(self, z, training=False):
        if self.is_relu:
            self.a = np.maximum(z, zero_beside(z), out=z if self.in_place else None)
        elif self.is_noisy:
            self.a = functions.noisy_relu(z, self.rng) if training else functions.relu(z)
        else:
            self.z = z
            self.a = self.rule(z, **self.options)
        return self.a

    def backward(self, da):
        if self.is_relu or self.is_noisy:
            # a > 0 exactly where the z > 0 of relu_backward, so that z need not be kept. A product with a mask beats
            # np.where by far, most of all once the mask holds numbers of the same kind.
            return da * (self.a > constant((), 0, self.a.dtype)).astype(da.dtype)
        return self.backward_rule(da, self.z, self.a, **self.options)


def _by(derivative):
    return lambda da, z, a, **options: da * derivative(z, **options)


# Each function with its backward rule (da, z, a) -> dz. Where a alone gives the derivative, no exponential is taken
# again; and softmax and log-softmax multiply by their Jacobians without writing them out.
ACTIVATIONS = {
    "identity": (functions.identity, lambda da, z, a: da),
    "linear": (functions.identity, lambda da, z, a: da),
    "relu": (functions.relu, _by(derivatives.relu_derivative)),
    "leaky_relu": (functions.leaky_relu, _by(derivatives.leaky_relu_derivative)),
    "noisy_relu": (functions.noisy_relu, lambda da, z, a: da * derivatives.noisy_relu_derivative(a)),
    "elu": (functions.elu, _by(derivatives.elu_derivative)),
    "selu": (functions.selu, _by(derivatives.selu_derivative)),
    "swish": (functions.swish, _by(derivatives.swish_derivative)),
    "silu": (functions.swish, _by(derivatives.swish_derivative)),
    "softplus": (functions.softplus, _by(derivatives.softplus_derivative)),
    "gelu": (functions.gelu, _by(derivatives.gelu_derivative)),
    "sigmoid": (functions.sigmoid, lambda da, z, a: da * (a * (1 - a))),
    "tanh": (functions.tanh, lambda da, z, a: da * (1 - a * a)),
    "softmax": (functions.softmax, lambda da, z, a: a * (da - (da * a).sum(axis=-1, keepdims=True))),
    "log_softmax": (functions.log_softmax, lambda da, z, a: da - np.exp(a) * da.sum(axis=-1, keepdims=True)),
}


def get(identifier):
    """An Activation layer from a function's name, a config or itself; None is the identity.

    >>> get("tanh"), get(None)
    (Activation(function='tanh', options={}), Activation(function='identity', options={}))
    """
    if identifier is None:
        identifier = "identity"
    if isinstance(identifier, dict) and "config" in identifier:
        return Activation.from_config(identifier["config"])
    if isinstance(identifier, Activation):
        return identifier
    return Activation(identifier)
