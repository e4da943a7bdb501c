"""Momentum with a rate of its own for each parameter: Adam, AdamW."""

import numpy as np

from coursekit.inputs import between
from coursekit.optimizers.optimizer import Optimizer


class Adam(Optimizer):
    """P -= lr * sqrt(1 - beta2**t) / (1 - beta1**t) * m / (sqrt(v) + eps), in Keras's form.

    m and v, the running means of G and G**2, are kept without their factors (1 - beta1) and (1 - beta2), as plain
    fading sums: that saves two operations a step, and the factors go into the rate and into eps (Kingma & Ba 2015).
    The first step has the length lr in every direction, however steep it is:

    >>> P = np.array([1.0, 2.0])
    >>> Adam(lr=0.1).build(P).step(P, np.array([10.0, -0.1]))
    >>> P.round(3)
    array([0.9, 2.1])
    """

    slots = ("m", "v")
    fading = ("m",)

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.beta1, self.beta2 = between("beta1", beta1, "Adam", 0, 1), between("beta2", beta2, "Adam", 0, 1)
        self.eps = between("eps", eps, "Adam", 0)

    def build(self, P, layout=()):
        # With m and v the sums: (1 - beta1) m / (sqrt((1 - beta2) v) + eps)
        #                      = (1 - beta1) / root * m / (sqrt(v) + eps / root),  root = sqrt(1 - beta2).
        # As arrays without axes the constants need not be converted at each step.
        self.root = (1 - self.beta2) ** 0.5
        self.constants = [np.array(value, P.dtype) for value in (self.beta1, self.beta2, self.eps / self.root)]
        self.scale = np.empty((), P.dtype)
        return super().build(P, layout)

    def update(self, P, G, lr):
        m, v, step = self.m, self.v, self.scratch
        beta1, beta2, eps = self.constants
        t = self.steps + 1
        m *= beta1
        m += G
        v *= beta2
        G *= G
        v += G
        np.sqrt(v, out=step)
        step += eps
        np.divide(m, step, out=step)
        self.scale.fill(lr * (1 - self.beta2**t) ** 0.5 / (1 - self.beta1**t) * (1 - self.beta1) / self.root)
        step *= self.scale
        P -= step


class AdamW(Adam):
    """P -= lr * weight_decay * P, then Adam's step. All parameters decay, biases too, as in Keras and PyTorch.

    The decay does not pass through Adam's scaling: Loshchilov & Hutter 2019.

    >>> P = np.array([1.0, 2.0])
    >>> AdamW(lr=0.1, weight_decay=0.5).build(P).step(P, np.array([10.0, -0.1]))
    >>> P.round(3)
    array([0.85, 2.  ])
    """

    def __init__(
        self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7, weight_decay=0.004, clip_value=None, clip_norm=None
    ):
        super().__init__(lr, beta1, beta2, eps, clip_value, clip_norm)
        self.weight_decay = between("weight_decay", weight_decay, "AdamW", 0)

    def update(self, P, G, lr):
        P *= 1 - lr * self.weight_decay
        super().update(P, G, lr)
