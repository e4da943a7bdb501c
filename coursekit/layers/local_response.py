"""Local response normalisation (Krizhevsky, Sutskever & Hinton 2012)."""

from coursekit.functions.local_response import local_response_backward, local_response_forward
from coursekit.inputs import between, positive
from coursekit.layers.layer import Layer


class LocalResponseNormalization(Layer):
    """Y = X / (k + alpha / size * sum of X**2 over `size` neighbouring channels) ** beta. No parameters.

    X (n, ..., c) -> Y of the same shape. The division by size is PyTorch's and Caffe's.

    >>> import numpy as np
    >>> LocalResponseNormalization(size=3, alpha=3.0, beta=1.0)(np.ones((1, 3))).round(3)
    array([[0.333, 0.25 , 0.333]])
    """

    def __init__(self, size=5, alpha=1e-4, beta=0.75, k=1.0):
        self.size = positive("size", size, "LocalResponseNormalization")
        self.alpha, self.beta, self.k = (between(name, value, "LocalResponseNormalization", 0)
                                         for name, value in (("alpha", alpha), ("beta", beta), ("k", k)))

    def forward(self, X, training=False):
        Y, self.cache = local_response_forward(X, self.size, self.alpha, self.beta, self.k)
        return Y

    def backward(self, dY):
        return local_response_backward(dY, self.cache)
