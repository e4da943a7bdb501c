"""Dropout: each number is 0 with probability `rate` while training (Hinton et al. 2012, Srivastava et al. 2014)."""

import numpy as np  # noqa: F401  the examples use it


def dropout_forward(X, rate, rng, noise_shape=None):
    """Inverted dropout: each number is 0 with probability rate, the others grow so that E[Y] = X. Gives (Y, mask).

    mask holds the factors, Y = X times mask, so that nothing is left to do at inference. X has any shape; mask has
    the same, or noise_shape, whose axes of length 1 drop whole slices together. 0 <= rate < 1 is what is *dropped*.
    rng is a `np.random.Generator`.

    >>> Y, mask = dropout_forward(np.full(8, 3.0), 0.25, np.random.default_rng(0))
    >>> Y
    array([4., 4., 0., 0., 4., 4., 4., 4.])
    """
    if not 0 <= rate < 1:
        raise ValueError(f"rate is {rate}, expected the share to drop: at least 0 and less than 1")
    # E[mask] = (1 - rate) * 1 / (1 - rate) = 1.
    kept = rng.random(X.shape if noise_shape is None else noise_shape) >= rate
    mask = kept.astype(X.dtype) / (1 - rate)
    return X * mask, mask


def dropout_backward(dY, mask):
    """dX: what was dropped gets no gradient, what was kept is scaled as on the way forward.

    dY has the shape of Y; mask is the one that `dropout_forward` gave, and may be a noise_shape.

    >>> dropout_backward(np.array([1.0, 2.0]), np.array([0.0, 2.0]))
    array([0., 4.])
    """
    return dY * mask


def vanilla_dropout_forward(X, rate, rng):
    """`Y = X * mask`; mask is 0 with probability rate, else 1. Gives (Y, mask).

    The original form: the expectation shrinks to (1 - rate) X, which `vanilla_dropout_inference` makes up for.

    >>> vanilla_dropout_forward(np.full(8, 3.0), 0.25, np.random.default_rng(0))[0]
    array([3., 3., 0., 0., 3., 3., 3., 3.])
    """
    mask = (rng.random(X.shape) >= rate).astype(X.dtype)
    return X * mask, mask


def vanilla_dropout_inference(X, rate):
    """`(1 - rate) X`: what the next layer got on average while training.

    Approximates the average over all sub-networks; through a non-linearity it is not equal to it.

    >>> vanilla_dropout_inference(np.array([4.0]), 0.25)
    array([3.])
    """
    return (1 - rate) * X
