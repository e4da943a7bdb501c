"""One step of each optimiser, as the formula on the page: what goes in is kept, new values come out.

The small constant `eps` sits where Keras has it: under the root for AdaGrad, RMSprop and AdaDelta, beside the root
for Adam. Other libraries differ here, and their curves differ from the third digit on.
"""

import numpy as np


def sgd(W, dW, lr=0.01):
    """W <- W - lr dW: one step down the gradient.

    `W` and `dW` have one shape; so has the result.

    >>> sgd(np.array([1.0, 2.0]), np.array([10.0, -10.0]), lr=0.1)
    array([0., 3.])
    """
    return W - lr * dW


def momentum(W, dW, V, lr=0.01, beta=0.9):
    """V <- beta V + lr dW, W <- W - V: the step keeps a share `beta` of the step before.

    `V` is the velocity, zeros at the start. Returns (W, V), both new (Polyak 1964).

    >>> momentum(np.array([1.0]), np.array([2.0]), V=np.array([0.5]), lr=0.1, beta=0.9)
    (array([0.35]), array([0.65]))
    """
    V = beta * V + lr * dW
    return W - V, V


def nesterov(W, gradient, V, lr=0.01, beta=0.9):
    """V <- beta V + lr dW, W <- W - V, with the gradient dW from where beta V alone would lead: look, then leap.

    `gradient` is a function of the weights: it is called once, at the look-ahead point.
    Returns (W, V), both new (Nesterov 1983; Sutskever et al. 2013).

    >>> nesterov(np.array([1.0]), lambda W: 2 * W, V=np.array([0.5]), lr=0.1, beta=0.8)
    (array([0.48]), array([0.52]))
    """
    V = beta * V + lr * gradient(W - beta * V)
    return W - V, V


def adagrad(W, dW, s, lr=0.01, eps=1e-7):
    """s <- s + dW^2, W <- W - lr dW / sqrt(s + eps): each weight has a rate of its own, and it only falls.

    `s` is the sum of squared gradients so far, zeros at the start. Returns (W, s), both new (Duchi et al. 2011).

    >>> adagrad(np.array([1.0]), np.array([3.0]), s=np.array([16.0]), lr=0.5, eps=0.0)
    (array([0.7]), array([25.]))
    """
    s = s + dW**2
    return W - lr * dW / np.sqrt(s + eps), s


def rmsprop(W, dW, s, lr=0.001, rho=0.9, eps=1e-7):
    """s <- rho s + (1 - rho) dW^2, W <- W - lr dW / sqrt(s + eps): AdaGrad with a memory that fades.

    `s` is the running mean of squared gradients, zeros at the start. Returns (W, s), both new (Tieleman & Hinton 2012).

    >>> rmsprop(np.array([1.0]), np.array([2.0]), s=np.array([4.0]), lr=0.5, rho=0.9, eps=0.0)
    (array([0.5]), array([4.]))
    """
    s = rho * s + (1 - rho) * dW**2
    return W - lr * dW / np.sqrt(s + eps), s


def adadelta(W, dW, s, u, lr=1.0, rho=0.95, eps=1e-6):
    """step = sqrt(u + eps) / sqrt(s + eps) * dW: RMSprop whose rate is the typical size of its own past steps.

    `s` is the running mean of squared gradients, `u` that of squared steps, both zeros at the start. The step then has
    the units of W, and no learning rate is needed: `lr` is 1 in the paper. Returns (W, s, u), all new (Zeiler 2012).

    >>> W, s, u = adadelta(np.array([1.0]), np.array([2.0]), np.array([0.0]), np.array([0.0]), rho=0.75, eps=3.0)
    >>> W.round(4), s, u.round(4)
    (array([-0.7321]), array([1.]), array([0.75]))
    """
    s = rho * s + (1 - rho) * dW**2
    step = np.sqrt(u + eps) / np.sqrt(s + eps) * dW
    u = rho * u + (1 - rho) * step**2
    return W - lr * step, s, u


def adam(W, dW, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """W <- W - lr c m / (sqrt(v) + eps), c = sqrt(1 - beta2^t) / (1 - beta1^t): running means m of dW, v of dW^2.

    `t` is the number of this step and begins at 1; `m` and `v` begin as zeros, and the factor c undoes the pull
    towards that zero (the bias correction, in the short form of Kingma & Ba 2015, end of section 2, which Keras
    uses). Returns (W, m, v), all new. The first step has length lr in every weight, whatever the gradient's size:

    >>> W, m, v = adam(np.zeros(2), np.array([5.0, -0.01]), np.zeros(2), np.zeros(2), t=1, lr=0.1)
    >>> W.round(4)
    array([-0.1,  0.1])
    """
    m = beta1 * m + (1 - beta1) * dW
    v = beta2 * v + (1 - beta2) * dW**2
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return W - rate * m / (np.sqrt(v) + eps), m, v


def adamw(W, dW, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7, weight_decay=0.004):
    """W = W - lr * weight_decay * W, then Adam's step: the decay stays out of Adam's running means.

    An L2 penalty in the loss would be divided by sqrt(v) like any gradient, so that weights with large gradients
    would hardly decay. Arguments and result as for `adam` (Loshchilov & Hutter 2019).

    >>> W, m, v = adamw(np.array([1.0]), np.array([0.0]), np.zeros(1), np.zeros(1), 1, lr=0.1, weight_decay=0.5)
    >>> W
    array([0.95])
    """
    W = W - lr * weight_decay * W
    m = beta1 * m + (1 - beta1) * dW
    v = beta2 * v + (1 - beta2) * dW**2
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return W - rate * m / (np.sqrt(v) + eps), m, v
