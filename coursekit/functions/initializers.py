"""Initial weights of a dense layer: `W (d_in, d_out)`, drawn from a generator that is passed in.

The rule behind most of them: a sum of d_in terms w x has variance d_in Var[w] Var[x], so Var[w] = 1 / d_in keeps the
size of the signal going forward, and by the same sum Var[w] = 1 / d_out keeps that of the gradient going backward.
"""

import numpy as np


def glorot_uniform(shape, rng):
    """`U[-k, k]` with `k = sqrt(6 / (d_in + d_out))`: variance 2 / (d_in + d_out) (Glorot & Bengio 2010).

    The compromise between 1/d_in, which forward wants, and 1/d_out, which backward wants. shape is (d_in, d_out).

    >>> W = glorot_uniform((300, 100), np.random.default_rng(0))
    >>> W.shape, bool(np.abs(W).max() <= np.sqrt(6 / 400))
    ((300, 100), True)
    """
    d_in, d_out = shape
    k = np.sqrt(6 / (d_in + d_out))
    return rng.uniform(-k, k, size=shape)


def glorot_normal(shape, rng):
    """`N(0, sigma^2)` with `sigma = sqrt(2 / (d_in + d_out))` (Glorot & Bengio 2010).

    >>> round(float(glorot_normal((300, 500), np.random.default_rng(0)).std()), 3)
    0.05
    """
    d_in, d_out = shape
    return rng.normal(0, np.sqrt(2 / (d_in + d_out)), size=shape)


def xavier_uniform(shape, rng):
    """`U[-k, k]` with `k = sqrt(3 / d_in)`: variance 1 / d_in, what some frameworks call Xavier; LeCun's as well.

    >>> bool(np.abs(xavier_uniform((300, 100), np.random.default_rng(0))).max() <= 0.1)
    True
    """
    k = np.sqrt(3 / shape[0])
    return rng.uniform(-k, k, size=shape)


def lecun_normal(shape, rng):
    """`N(0, sigma^2)` with `sigma = sqrt(1 / d_in)`: keeps the variance of a linear layer (LeCun et al. 1998).

    >>> round(float(lecun_normal((400, 400), np.random.default_rng(0)).std()), 3)
    0.05
    """
    return rng.normal(0, np.sqrt(1 / shape[0]), size=shape)


def he_normal(shape, rng):
    """`N(0, sigma^2)` with `sigma = sqrt(2 / d_in)`: the 2 makes up for the half that ReLU removes (He et al. 2015).

    >>> round(float(he_normal((800, 400), np.random.default_rng(0)).std()), 3)
    0.05
    """
    return rng.normal(0, np.sqrt(2 / shape[0]), size=shape)


def he_uniform(shape, rng):
    """`U[-k, k]` with `k = sqrt(6 / d_in)`: variance 2 / d_in (He et al. 2015).

    >>> bool(np.abs(he_uniform((600, 100), np.random.default_rng(0))).max() <= 0.1)
    True
    """
    k = np.sqrt(6 / shape[0])
    return rng.uniform(-k, k, size=shape)


def orthogonal(shape, rng, gain=1.0):
    """`gain * Q`, Q a random matrix whose columns (or rows, if it has fewer) are orthonormal (Saxe et al. 2014).

    All singular values are equal to gain: a square Q changes no vector's length, however many are multiplied.

    >>> Q = orthogonal((4, 3), np.random.default_rng(0))
    >>> np.allclose(Q.T @ Q, np.eye(3))
    True
    """
    d_in, d_out = shape
    Q, R = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))
    # QR alone prefers some rotations; with the signs of R's diagonal every Q is equally likely (Mezzadri 2007).
    Q = Q * np.where(np.diag(R) < 0, -1.0, 1.0)
    return gain * (Q if d_in >= d_out else Q.T)


def sparse(shape, rng, fan_in=15, std=1.0):
    """Each unit gets `fan_in` weights from N(0, std^2) at random inputs, all others are 0 (Martens 2010).

    Every column has exactly fan_in non-zeros (d_in, if that is smaller): how much a unit receives does not grow with
    the width of the layer before.

    >>> (sparse((100, 4), np.random.default_rng(0), fan_in=3) != 0).sum(axis=0)
    array([3, 3, 3, 3])
    """
    d_in, d_out = shape
    W = np.zeros(shape)
    for j in range(d_out):
        rows = rng.choice(d_in, size=min(fan_in, d_in), replace=False)
        W[rows, j] = rng.normal(0, std, size=len(rows))
    return W


def lsuv(weights, X, activation):
    """Each W divided by the standard deviation of its own outputs `a @ W`, layer after layer (Mishkin & Matas 2016).

    weights is a list of matrices, usually orthogonal; X (n, d) is a batch of real data. Gives the rescaled matrices.
    Driven by data, it needs no formula for what the activation does.

    >>> (W,) = lsuv([np.eye(2)], np.array([[3.0, 1.0], [-1.0, -3.0]]), np.tanh)
    >>> float((np.array([[3.0, 1.0], [-1.0, -3.0]]) @ W).std())
    1.0
    """
    a, scaled = X, []
    for W in weights:
        z = a @ W
        std = z.std()
        if not std > 0:
            raise ValueError(f"layer {len(scaled) + 1} gives outputs of standard deviation {std}: nothing to rescale.")
        scaled.append(W / std)
        a = activation(z / std)
    return scaled
