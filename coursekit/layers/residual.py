"""A block that learns what to add to its input (He et al. 2016)."""

from coursekit.layers import layer as registry
from coursekit.layers.layer import Layer


class Residual(Layer):
    """Y = X + F(X), where F is a list of layers.

    shortcut   a layer that X passes on its way round, for an F that changes the shape: Y = shortcut(X) + F(X)

    >>> import numpy as np
    >>> from coursekit.layers import Dense
    >>> Residual([Dense(2, kernel_initializer="zeros")])(np.array([[1.0, 2.0]]))
    array([[1., 2.]])
    """

    def __init__(self, layers, shortcut=None):
        if not isinstance(layers, (list, tuple)) or None in layers:
            raise TypeError(f"Residual expected a list of layers, [Dense(10), ...], received {layers!r}")
        self.layers = [registry.get(layer) for layer in layers]
        self.shortcut = registry.get(shortcut)
        if len(set(map(id, self.children))) < len(self.children):  # a layer remembers one X alone
            raise ValueError("Residual has one layer at two places: two places need two layers")

    @property
    def children(self):
        return (*self.layers, *([self.shortcut] if self.shortcut else []))

    def build(self, input_shape):
        shape = input_shape
        for layer in self.layers:
            layer.check((1, *shape))
            layer.setup(shape, self.rng, self.dtype)
            shape = layer.output_shape(shape)
        round_about = input_shape
        if self.shortcut:
            self.shortcut.check((1, *input_shape))
            round_about = self.shortcut.setup(input_shape, self.rng, self.dtype).output_shape(input_shape)
        if shape != round_about:
            raise ValueError(
                f"{self.label} cannot add {round_about} of the shortcut and {shape} of its layers: let the layers keep "
                f"the shape, or give a shortcut that changes it in the same way"
            )

    def output_shape(self, input_shape):
        for layer in self.layers:
            input_shape = layer.output_shape(input_shape)
        return input_shape

    def forward(self, X, training=False):
        Y = X
        for layer in self.layers:
            Y = layer.forward(Y, training)
        return Y + (self.shortcut.forward(X, training) if self.shortcut else X)

    def backward(self, dY):
        dX = dY
        for layer in reversed(self.layers):
            dX = layer.backward(dX)
        return dX + (self.shortcut.backward(dY) if self.shortcut else dY)
