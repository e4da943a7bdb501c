"""What the recurrent layers share: one step after the other, and back through time."""

import numpy as np

from coursekit.inputs import positive
from coursekit.layers.layer import Layer


class Recurrent(Layer):
    """A state that each step of a sequence changes, with the same parameters at every step.

    X (n, t, d) -> Y (n, units), the state after the last step, or (n, t, units), all states, with return_sequences.
    Parameters W (d, gates * units), U (units, gates * units), b. Sequences may differ in length from batch to batch.

    A subclass writes `start`, `step` and `step_backward` with the functions of coursekit.functions.recurrent.

    >>> from coursekit.layers import SimpleRNN
    >>> SimpleRNN(4, return_sequences=True)(np.zeros((2, 5, 3))).shape
    (2, 5, 4)
    """

    rank = 3
    axes = "(n, time, features)"
    gates = 1

    def __init__(
        self,
        units,
        return_sequences=False,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
    ):
        self.units = positive("units", units, type(self).__name__)
        self.return_sequences = return_sequences
        self.kernel_initializer, self.recurrent_initializer = kernel_initializer, recurrent_initializer
        self.bias_initializer = bias_initializer

    def build(self, input_shape):
        columns = self.gates * self.units
        self.add("W", (input_shape[-1], columns), self.kernel_initializer)
        self.add("U", (self.units, columns), self.recurrent_initializer)
        self.add("b", (columns,), self.bias_initializer)

    def output_shape(self, input_shape):
        return (*input_shape[:1], self.units) if self.return_sequences else (self.units,)

    def start(self, n):
        """The states before the first step: a tuple of arrays (n, units), the output first."""
        return (np.zeros((n, self.units), self.dtype),)

    def step(self, x, states):
        """(new states, cache)."""
        raise NotImplementedError(f"{type(self).__name__} has to give (states, cache) in step(self, x, states)")

    def step_backward(self, dstates, cache):
        """(dx, gradients of the old states, {parameter: gradient})."""
        raise NotImplementedError(f"{type(self).__name__} has to write step_backward(self, dstates, cache)")

    def forward(self, X, training=False):
        self.shape, self.caches = X.shape, []
        states, outputs = self.start(len(X)), []
        for t in range(X.shape[1]):
            states, cache = self.step(X[:, t], states)
            self.caches.append(cache)
            outputs.append(states[0])
        return np.stack(outputs, axis=1) if self.return_sequences else states[0]

    def backward(self, dY):
        n, steps, _ = self.shape
        dX = np.empty(self.shape, dY.dtype)
        dstates = tuple(np.zeros_like(state) for state in self.start(n))
        if not self.return_sequences:
            dstates = (dY, *dstates[1:])
        for grad in self.grads.values():
            grad[...] = 0
        for t in reversed(range(steps)):
            if self.return_sequences:
                dstates = (dstates[0] + dY[:, t], *dstates[1:])
            dX[:, t], dstates, parts = self.step_backward(dstates, self.caches[t])
            for name, part in parts.items():
                self.grads[name] += part
        return dX
