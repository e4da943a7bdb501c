"""From any shape to rows."""

import math

from coursekit.layers.layer import Layer


class Flatten(Layer):
    """X (n, a, b, ...) -> Y (n, a * b * ...): each example becomes a row.

    >>> import numpy as np
    >>> Flatten()(np.zeros((2, 4, 4, 3))).shape
    (2, 48)
    """

    def output_shape(self, input_shape):
        return (math.prod(input_shape),)

    def check_width(self, shape):
        """The rows' length is settled: later batches must have the first one's shape."""
        raise ValueError(f"{self.label} expected examples of shape {self.input_shape}, received {shape[1:]}")

    def forward(self, X, training=False):
        self.shape = X.shape
        return X.reshape(len(X), -1)

    def backward(self, dY):
        return dY.reshape(self.shape)
