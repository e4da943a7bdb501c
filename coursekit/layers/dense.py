"""The dense (fully connected, affine, linear) layer."""

from coursekit.inputs import positive
from coursekit.layers.affine import Affine
from coursekit.sums import column_sums


class Dense(Affine):
    """Y = g(X W + b)

    X (n, ..., d_in) -> Y (n, ..., units): the last axis is contracted, whatever comes before it.
    Parameters W (d_in, units) and b (units,): (d_in + 1) * units numbers.

    >>> import numpy as np
    >>> layer = Dense(2, activation="relu", kernel_initializer="ones")
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
        self.units = positive("units", units, "Dense")
        self.remember(
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, kernel_constraint
        )

    def build(self, input_shape):
        self.add_kernel_and_bias((input_shape[-1], self.units), self.units)

    def output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def affine(self, X, training=False):
        """z = X W + b: dense_forward, for any number of leading axes."""
        self.X = X
        W = self.params["W"]
        z = X.dot(W) if X.ndim == 2 else X.reshape(-1, len(W)).dot(W).reshape(*X.shape[:-1], self.units)
        if self.use_bias:
            z += self.params["b"]
        return z

    def affine_backward(self, dz):
        """dense_backward, with the gradients written straight into `grads`."""
        X, W = self.X, self.params["W"]
        if X.ndim > 2:
            X, dz = X.reshape(-1, X.shape[-1]), dz.reshape(-1, dz.shape[-1])
        X.T.dot(dz, self.grads["W"])
        if self.use_bias:
            column_sums(dz, self.grads["b"])
        if self.wants_dX:
            dX = dz.dot(W.T)
            return dX if self.X.ndim == 2 else dX.reshape(self.X.shape)
