"""Gradient descent, and the ball that rolls: SGD, Momentum, Nesterov."""

import numpy as np

from coursekit.inputs import between
from coursekit.optimizers.optimizer import Optimizer


class SGD(Optimizer):
    """P -= lr * G. With `momentum`, which is a convenience of Keras, the rule of Momentum or Nesterov.

    >>> P = np.array([1.0, 2.0])
    >>> SGD(lr=0.1).build(P).step(P, np.array([10.0, -10.0]))
    >>> P
    array([0., 3.])
    """

    slots = ("V",)
    fading = ("V",)

    def __init__(self, lr=0.01, momentum=0.0, nesterov=False, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.momentum, self.nesterov = momentum, nesterov
        between("momentum", momentum, type(self).__name__, 0, 1)
        if not momentum:
            self.slots = self.fading = ()

    def update(self, P, G, lr):
        G *= lr
        if self.momentum:
            V = self.V
            V *= self.momentum
            V += G
            if self.nesterov:
                # P is kept at the look-ahead point, where the gradient is wanted: P = W - beta * V.
                # W moves by -V, and the offset by beta * (V_old - V): together -(lr * G + beta * V).
                P -= G
                P -= np.multiply(V, self.momentum, out=G)
            else:
                P -= V
        else:
            P -= G


class Momentum(SGD):
    """V = beta * V + lr * G, P -= V.

    Steps in one direction add up to lr / (1 - beta) (Polyak 1964).

    >>> P = np.array([1.0])
    >>> ball = Momentum(lr=0.1, beta=0.5).build(P)
    >>> for _ in range(2):
    ...     ball.step(P, np.array([1.0]))
    >>> P.round(12)
    array([0.75])
    """

    def __init__(self, lr=0.01, beta=0.9, clip_value=None, clip_norm=None):
        super().__init__(lr, beta, False, clip_value, clip_norm)
        self.beta = beta


class Nesterov(SGD):
    """Momentum with the gradient at the look-ahead point W - beta * V.

    The model's parameters *are* that point while it trains; the difference shrinks with the steps (Nesterov 1983,
    Sutskever et al. 2013).

    >>> P = np.array([1.0, 2.0])
    >>> Nesterov(lr=0.01, beta=0.5).build(P).step(P, np.array([10.0, -0.1]))
    >>> P.round(3)
    array([0.85 , 2.002])
    """

    def __init__(self, lr=0.01, beta=0.9, clip_value=None, clip_norm=None):
        super().__init__(lr, beta, True, clip_value, clip_norm)
        self.beta = beta
