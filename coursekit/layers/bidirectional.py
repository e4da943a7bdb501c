"""A sequence read in both directions (Schuster & Paliwal 1997)."""

import numpy as np

from coursekit.layers import layer as registry
from coursekit.layers.layer import Layer
from coursekit.layers.recurrent import Recurrent


class Bidirectional(Layer):
    """Two recurrent layers, one from the first step to the last, one from the last to the first.

    layer   a recurrent layer; the second is made like it, with parameters of its own
    merge   "concat" puts their outputs side by side, "sum" adds them

    >>> from coursekit.layers import LSTM
    >>> layer = Bidirectional(LSTM(32))
    >>> layer(np.zeros((2, 5, 16))).shape, layer.count_params()
    ((2, 64), (12544, 0))
    """

    rank = 3
    axes = "(n, time, features)"

    def __init__(self, layer, merge="concat"):
        self.layer, self.merge = registry.get(layer), merge
        if not isinstance(self.layer, Recurrent):
            raise TypeError(f"Bidirectional expected a recurrent layer such as LSTM(32), received {layer!r}")
        if self.layer.built:
            raise ValueError(f"Bidirectional expected a new layer, received {self.layer.label}, which is built already")
        if merge not in ("concat", "sum"):
            raise ValueError(f"Bidirectional expected merge 'concat' or 'sum', received {merge!r}")
        self.other = type(self.layer).from_config(self.layer.get_config())

    @property
    def children(self):
        return (self.layer, self.other)

    def build(self, input_shape):
        for layer in self.children:
            layer.setup(input_shape, self.rng, self.dtype)

    def output_shape(self, input_shape):
        *front, units = self.layer.output_shape(input_shape)
        return (*front, 2 * units if self.merge == "concat" else units)

    def forward(self, X, training=False):
        there = self.layer.forward(X, training)
        back = self._turned(self.other.forward(X[:, ::-1], training))
        return np.concatenate([there, back], axis=-1) if self.merge == "concat" else there + back

    def backward(self, dY):
        there, back = np.split(dY, 2, axis=-1) if self.merge == "concat" else (dY, dY)
        return self.layer.backward(there) + self.other.backward(self._turned(back))[:, ::-1]

    def _turned(self, Y):
        """All states of the second layer, in the order of the sequence."""
        return Y[:, ::-1] if self.layer.return_sequences else Y
