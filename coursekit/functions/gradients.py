"""Gradients as numbers: measured by differences, compared, and cut to a length."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    """gradient[i] = (f(x with x[i] + h) - f(x with x[i] - h)) / (2 h)

    Central differences, one entry at a time. The error shrinks with h^2, until the
    rounding of f, divided by h, takes over. x itself stays as it is.

    Shapes: f takes an array of x's shape and gives a number; x of any shape -> gradient, float64, of x's shape.

    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([[1.0, 2.0]])).round(6).tolist()
    [[2.0, 4.0]]
    """
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        gradient[i] = (above - below) / (2 * h)
    return gradient


def relative_error(a, b):
    """max|a - b| / max(max|a|, max|b|), and 0 where both are zero throughout.

    What to expect in float64 of a right gradient against central differences with
    h = 1e-5: below 1e-7. Above 1e-2 it is wrong; between, look for a kink or for float32.

    Shapes: a and b of one shape -> a number.
    Raises ValueError for two shapes: broadcasting would hide a transposed gradient.

    >>> print(relative_error(np.array([1.0, 2.0]), np.array([1.0, 1.9])))
    0.050000000000000044
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"relative_error expected two arrays of one shape, received {a.shape} and {b.shape}")
    scale = max(np.abs(a).max(), np.abs(b).max())
    return float(np.abs(a - b).max() / scale) if scale > 0 else 0.0


def clip_by_norm(grads, max_norm):
    """norm = sqrt(sum of the squares of all entries of all arrays);  g = g * max_norm / norm  if norm > max_norm

    The arrays are clipped together: the step becomes shorter and keeps its direction.
    New arrays are returned, of the dtypes that came in; the ones that came in stay as they are.

    Shapes: grads, a list of arrays of any shapes -> a list of arrays of these shapes.
    Raises ValueError if max_norm is not positive.
    Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013.

    >>> [g.tolist() for g in clip_by_norm([np.array([3.0]), np.array([[4.0]])], max_norm=2.5)]
    [[1.5], [[2.0]]]
    """
    if not max_norm > 0:
        raise ValueError(f"clip_by_norm expected a positive max_norm, received {max_norm}")
    # Squares of exploded float32 gradients do not fit into float32: sum them up in float64.
    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))
    scale = max_norm / max(norm, max_norm)
    return [(g * scale).astype(g.dtype) for g in grads]
