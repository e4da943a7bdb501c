"""Long short-term memory (Hochreiter & Schmidhuber 1997)."""

from coursekit.functions.recurrent import lstm_step, lstm_step_backward
from coursekit.layers.recurrent import Recurrent


class LSTM(Recurrent):
    """c = f * c + i * g, h = o * tanh(c): gates decide what is forgotten, written and shown.

    The columns of W, U and b are the gates i, f, g, o. The bias of the forget gate f begins at 1 (Jozefowicz et al.
    2015), so that a new network remembers; unit_forget_bias=False leaves it to the initialiser.

    >>> import numpy as np
    >>> layer = LSTM(32)
    >>> layer(np.zeros((2, 5, 16))).shape, layer.count_params()
    ((2, 32), (6272, 0))
    """

    gates = 4

    def __init__(
        self,
        units,
        return_sequences=False,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
    ):
        super().__init__(units, return_sequences, kernel_initializer, recurrent_initializer, bias_initializer)
        self.unit_forget_bias = unit_forget_bias

    def build(self, input_shape):
        super().build(input_shape)
        if self.unit_forget_bias:
            self.params["b"][self.units : 2 * self.units] = 1

    def start(self, n):
        return (*super().start(n), *super().start(n))

    def step(self, x, states):
        h, c, cache = lstm_step(x, *states, self.params["W"], self.params["U"], self.params["b"])
        return (h, c), cache

    def step_backward(self, dstates, cache):
        dx, dh, dc, dW, dU, db = lstm_step_backward(*dstates, cache)
        return dx, (dh, dc), {"W": dW, "U": dU, "b": db}
