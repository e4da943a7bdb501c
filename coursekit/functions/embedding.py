"""A lookup table: row k of E is the vector that stands for symbol k."""

import numpy as np


def embedding_forward(indices, E):
    """`Y = E[indices]`: integers (n, ...), E (vocabulary, d) -> (n, ..., d).

    >>> embedding_forward(np.array([2, 0]), np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
    array([[4., 5.],
           [0., 1.]])
    """
    return E[indices]


def embedding_backward(dY, indices, vocabulary):
    """dE (vocabulary, d): each row collects the gradients of all places where its symbol stood.

    >>> embedding_backward(np.array([[1.0], [2.0], [3.0]]), np.array([1, 0, 1]), vocabulary=3).ravel()
    array([2., 4., 0.])
    """
    dE = np.zeros((vocabulary, dY.shape[-1]), dY.dtype)
    np.add.at(dE, indices, dY)  # dE[indices] += dY would count a repeated symbol once
    return dE
