"""A lookup table of vectors."""

import numpy as np

from coursekit.functions.embedding import embedding_backward, embedding_forward
from coursekit.inputs import array, positive
from coursekit.layers.layer import Layer


class Embedding(Layer):
    """Y = E[X]: row k of E is the vector of symbol k.

    X (n, ...) whole numbers from 0 to vocabulary - 1 -> Y (n, ..., units). Parameter E (vocabulary, units).

    >>> layer = Embedding(1000, 8)
    >>> layer(np.array([[4, 20, 4]])).shape, layer.count_params()
    ((1, 3, 8), (8000, 0))
    """

    def __init__(self, vocabulary, units, initializer="uniform"):
        self.vocabulary = positive("vocabulary", vocabulary, "Embedding")
        self.units = positive("units", units, "Embedding")
        self.initializer = initializer

    def build(self, input_shape):
        self.add("E", (self.vocabulary, self.units), self.initializer)

    def output_shape(self, input_shape):
        return (*input_shape, self.units)

    def check_width(self, shape):
        """Sequences may differ in length from batch to batch."""

    def admit(self, X):
        X = array(X, "X")
        whole = X.dtype.kind in "iu" or X.dtype.kind == "f" and (X == np.floor(X)).all()
        if not whole:
            raise ValueError(f"{self.label} expected whole numbers, received {X.dtype} such as {X.ravel()[:1]}")
        if X.min() < 0 or X.max() >= self.vocabulary:
            raise ValueError(
                f"{self.label} expected numbers from 0 to {self.vocabulary - 1}, received {X.min():g} to {X.max():g}"
            )
        return X.astype(np.intp, copy=False)

    def forward(self, X, training=False):
        self.X = X
        return embedding_forward(X, self.params["E"])

    def backward(self, dY):
        """Whole numbers have no gradient: returns None."""
        self.grads["E"] = embedding_backward(dY, self.X, self.vocabulary)
