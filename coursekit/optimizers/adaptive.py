"""A rate of its own for each parameter, from the squares of its gradients: AdaGrad, RMSprop, AdaDelta."""

import numpy as np

from coursekit.inputs import between
from coursekit.optimizers.optimizer import Optimizer


class AdaGrad(Optimizer):
    """s += G**2, P -= lr * G / sqrt(s + eps).

    Each direction's steps shrink as its squared gradients add up (Duchi et al. 2011).

    >>> P = np.array([1.0, 2.0])
    >>> AdaGrad(lr=0.1).build(P).step(P, np.array([10.0, -0.1]))
    >>> P.round(3)
    array([0.9, 2.1])
    """

    slots = ("s",)

    def __init__(self, lr=0.01, eps=1e-7, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.eps = between("eps", eps, "AdaGrad", 0)

    def update(self, P, G, lr):
        root = self.scratch
        self.s += np.multiply(G, G, out=root)
        np.add(self.s, self.eps, out=root)
        np.sqrt(root, out=root)
        G *= lr
        G /= root
        P -= G


class RMSprop(Optimizer):
    """s = rho * s + (1 - rho) * G**2, P -= lr * G / sqrt(s + eps).

    AdaGrad that forgets, so that its steps do not die out (Tieleman & Hinton 2012).

    >>> P = np.array([1.0, 2.0])
    >>> RMSprop(lr=0.1).build(P).step(P, np.array([10.0, -0.1]))
    >>> P.round(3)
    array([0.684, 2.316])
    """

    slots = ("s",)
    fading = ("s",)

    def __init__(self, lr=0.001, rho=0.9, eps=1e-7, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.rho, self.eps = between("rho", rho, "RMSprop", 0, 1), between("eps", eps, "RMSprop", 0)

    def update(self, P, G, lr):
        root = self.scratch
        _running_mean_of_squares(self.s, G, self.rho, root)
        np.add(self.s, self.eps, out=root)
        np.sqrt(root, out=root)
        G *= lr
        G /= root
        P -= G


class AdaDelta(Optimizer):
    """step = sqrt(u + eps) / sqrt(s + eps) * G, P -= lr * step; s and u: running means of G**2 and step**2.

    The step has the units of P, so that no rate has to be found: lr is 1 in the paper (Zeiler 2012).

    >>> P = np.array([1.0, 2.0])
    >>> AdaDelta().build(P).step(P, np.array([10.0, -0.1]))
    >>> P.round(3)
    array([0.996, 2.004])
    """

    slots = ("s", "u")
    fading = ("s", "u")

    def __init__(self, lr=1.0, rho=0.95, eps=1e-6, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.rho, self.eps = between("rho", rho, "AdaDelta", 0, 1), between("eps", eps, "AdaDelta", 0)

    def update(self, P, G, lr):
        ratio = self.scratch
        _running_mean_of_squares(self.s, G, self.rho, ratio)
        np.add(self.u, self.eps, out=ratio)
        ratio /= self.s + self.eps
        G *= np.sqrt(ratio, out=ratio)
        _running_mean_of_squares(self.u, G, self.rho, ratio)
        G *= lr
        P -= G


def _running_mean_of_squares(s, G, rho, scratch):
    s *= rho
    np.multiply(G, G, out=scratch)
    scratch *= 1 - rho
    s += scratch
