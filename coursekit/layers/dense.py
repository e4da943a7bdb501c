"""The dense (fully connected, affine, linear) layer."""

import numpy as np

from coursekit import constraints, regularizers
from coursekit.layers import activation as activations
from coursekit.layers.layer import Layer
from coursekit.sums import column_sums


class Dense(Layer):
    """Y = g(X W + b)

    X (n, ..., d_in) -> Y (n, ..., units): the last axis is contracted, whatever comes before it.
    Parameters W (d_in, units) and b (units,): (d_in + 1) * units numbers.

    >>> layer = Dense(2, activation="relu", kernel_initializer="ones", bias_initializer="zeros")
    >>> layer(np.array([[1.0, 2.0, -4.0], [1.0, 2.0, 3.0]]))
    array([[0., 0.],
           [6., 6.]])
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        kernel_constraint=None,
    ):
        if not (isinstance(units, (int, np.integer)) and units > 0):
            raise ValueError(f"Dense expected a positive whole number of units, received {units!r}")
        self.units, self.use_bias = int(units), use_bias
        self.activation = activations.get(activation)
        self.activation.in_place = True
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)

    @property
    def children(self):
        return (self.activation,)

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.add("W", shape, self.kernel_initializer, self.kernel_regularizer, self.kernel_constraint)
        if self.use_bias:
            self.add("b", (self.units,), self.bias_initializer)
        self.activation.setup(self.output_shape(input_shape), self.rng, self.dtype)

    def output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def stages(self):
        if self.activation.is_identity:
            return [(self.affine, self.affine_backward)]
        return [(self.affine, self.affine_backward), (self.activation.forward, self.activation.backward)]

    def forward(self, X, training=False):
        return self.activation.forward(self.affine(X), training)

    def backward(self, dY):
        return self.affine_backward(self.activation.backward(dY))

    def affine(self, X, training=False):
        """z = X W + b: dense_forward, for any number of leading axes."""
        self.X = X
        z = np.dot(X, self.params["W"])
        if self.use_bias:
            z += self.params["b"]
        return z

    def affine_backward(self, dz):
        """dense_backward, with the gradients written straight into `grads`."""
        X, W = self.X, self.params["W"]
        if X.ndim > 2:
            X, dz = X.reshape(-1, X.shape[-1]), dz.reshape(-1, dz.shape[-1])
        np.dot(X.T, dz, out=self.grads["W"])
        if self.use_bias:
            column_sums(dz, out=self.grads["b"])
        return np.dot(dz, W.T).reshape(self.X.shape) if self.wants_dX else None
