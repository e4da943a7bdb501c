"""The gated recurrent unit (Cho et al. 2014)."""

from coursekit.functions.recurrent import gru_step, gru_step_backward
from coursekit.layers.recurrent import Recurrent


class GRU(Recurrent):
    """h = z * h + (1 - z) * g: one gate for forgetting and writing, one for what g sees of the past.

    The columns of W, U and b are z, r, g. b is (2, 3 * units): the inputs and the state have a bias each, as in cuDNN,
    Keras and PyTorch, where the reset gate acts after the product with U.

    >>> import numpy as np
    >>> layer = GRU(32)
    >>> layer(np.zeros((2, 5, 16))).shape, layer.count_params()
    ((2, 32), (4800, 0))
    """

    gates = 3

    def build(self, input_shape):
        columns = self.gates * self.units
        self.add("W", (input_shape[-1], columns), self.kernel_initializer)
        self.add("U", (self.units, columns), self.recurrent_initializer)
        self.add("b", (2, columns), self.bias_initializer)

    def step(self, x, states):
        h, cache = gru_step(x, *states, self.params["W"], self.params["U"], self.params["b"])
        return (h,), cache

    def step_backward(self, dstates, cache):
        dx, dh, dW, dU, db = gru_step_backward(*dstates, cache)
        return dx, (dh,), {"W": dW, "U": dU, "b": db}
