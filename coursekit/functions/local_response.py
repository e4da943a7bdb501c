"""Local response normalisation: neighbouring channels compete (Krizhevsky, Sutskever & Hinton 2012)."""

import numpy as np


def local_response_forward(X, size=5, alpha=1e-4, beta=0.75, k=1.0):
    """`Y = X / (k + alpha / size * S)^beta`, S the sum of X^2 over the `size` channels around each. Gives (Y, cache).

    X has shape (..., c), channels last; size is odd. alpha is divided by size as in PyTorch and Caffe; the paper itself
    does not divide, and uses k = 2.

    >>> Y, cache = local_response_forward(np.array([[1.0, 1.0, 1.0]]), size=3, alpha=3.0, beta=1.0)
    >>> Y                                              # the middle one has two neighbours
    array([[0.33333333, 0.25      , 0.33333333]])
    """
    if size % 2 == 0:
        raise ValueError(f"size is {size}, expected an odd number: the channel itself and as many on each side.")
    scale = k + alpha / size * _window_sum(X**2, size)
    return X * scale**-beta, (X, scale, size, alpha, beta)


def local_response_backward(dY, cache):
    """`dX = dY * scale^-beta - 2 alpha beta / size * X * W(dY * X * scale^(-beta - 1))`, W the same sum of neighbours.

    >>> _, cache = local_response_forward(np.array([[2.0]]), size=1, alpha=1.0, beta=1.0)
    >>> local_response_backward(np.array([[1.0]]), cache)          # y = x / (1 + x^2), y' = (1 - x^2) / (1 + x^2)^2
    array([[-0.12]])
    """
    X, scale, size, alpha, beta = cache
    # X_j moves its own Y_j directly, and through S each Y_i with j among its neighbours; being neighbours is mutual.
    return dY * scale**-beta - 2 * alpha * beta / size * X * _window_sum(dY * X * scale ** (-beta - 1), size)


def _window_sum(A, size):
    half = size // 2
    padded = np.pad(A, [(0, 0)] * (A.ndim - 1) + [(half, half)])
    return sum(padded[..., j:j + A.shape[-1]] for j in range(size))
