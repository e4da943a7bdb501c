"""What all that learns from data before a network does has in common."""

import numpy as np

from coursekit.identifiers import Configurable
from coursekit.inputs import even, finite


class Transformer(Configurable):
    """fit, transform, fit_transform: a subclass writes `learn(X)` and `apply(X)`, whose X has been looked at.

    >>> class Centre(Transformer):
    ...     def learn(self, X):
    ...         self.mean_ = X.mean(axis=0)
    ...     def apply(self, X):
    ...         return X - self.mean_
    >>> Centre().fit([[0.0], [4.0]]).transform([[5.0]])
    array([[3.]])
    """

    def fit(self, X, y=None):
        """Learn from X (n, d); y is ignored. Returns self."""
        self._fit(X)
        return self

    def transform(self, X):
        """What fit has learned, applied to X (m, d)."""
        return self.apply(self.check(X))

    def fit_transform(self, X, y=None):
        """fit(X), then transform(X)."""
        return self.apply(self._fit(X))

    def _fit(self, X):
        X = matrix(X)
        self.n_features_in_ = X.shape[1]
        self.learn(X)
        return X

    def check(self, X):
        """X as an array of floats that has the width seen by fit."""
        self.need_fit()
        X = matrix(X)
        if X.shape[1] != self.n_features_in_:
            raise ValueError(f"{type(self).__name__} expected X with {self.n_features_in_} features, "
                             f"received shape {X.shape}.")
        return X

    def need_fit(self):
        """Raise ValueError before fit."""
        if not hasattr(self, "n_features_in_"):
            raise ValueError(f"this {type(self).__name__} has learned nothing yet: call fit with training data first.")


def matrix(X):
    """X (n, d) as an array of finite floats; ValueError for anything else.

    >>> matrix([[1, 2]])
    array([[1., 2.]])
    """
    X = even(X, "X")
    if X.ndim != 2 or not X.size:
        raise ValueError(f"expected X of shape (n, d) with n > 0 and d > 0, received shape {X.shape}.")
    if X.dtype.kind not in "biuf":
        raise ValueError(f"expected numbers in X, received {X.dtype} such as {X.ravel()[:1]}.")
    if not finite(X):
        row, column = np.argwhere(~np.isfinite(X))[0]
        raise ValueError(f"expected finite numbers in X, received {X[row, column]} in row {row}, column {column}.")
    return X if X.dtype.kind == "f" else X.astype(float)
