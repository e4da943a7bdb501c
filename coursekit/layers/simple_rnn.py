"""The plain recurrent layer (Elman 1990)."""

from coursekit.functions.recurrent import rnn_step, rnn_step_backward
from coursekit.layers.recurrent import Recurrent


class SimpleRNN(Recurrent):
    """h = tanh(x W + h U + b), step by step.

    >>> import numpy as np
    >>> layer = SimpleRNN(32)
    >>> layer(np.zeros((2, 5, 16))).shape, layer.count_params()
    ((2, 32), (1568, 0))
    """

    def step(self, x, states):
        h, cache = rnn_step(x, *states, self.params["W"], self.params["U"], self.params["b"])
        return (h,), cache

    def step_backward(self, dstates, cache):
        dx, dh, dW, dU, db = rnn_step_backward(*dstates, cache)
        return dx, (dh,), {"W": dW, "U": dU, "b": db}
