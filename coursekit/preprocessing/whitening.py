"""Columns turned until they are uncorrelated: PCA, and whitening by PCA or ZCA.

The plain formulas are in `coursekit.functions.whitening`; here they run over chunks of rows.
"""

import numpy as np

from coursekit.inputs import between
from coursekit.preprocessing.transformer import Transformer, matrix
from coursekit.sums import column_sums

CHUNK = 1024  # rows that stay in the cache between centring and multiplying: twice as fast as all rows at once


class PCA(Transformer):
    """`(X - mean_) @ components_.T`: coordinates along the k directions of largest variance, uncorrelated.

    n_components  k; None for all, a fraction such as 0.95 for as many as explain that share of the variance
    whiten        True: each coordinate divided by sqrt(variance + eps). A direction without variance becomes 0.
    eps           keeps noise from being blown up: a whitened variance is D / (D + eps)
    solver        "covariance" (n d^2 + d^3 operations, good for n >> d), or "svd" of the centred data, which never
                  squares them: twice the digits for directions of small variance, and quicker for n < d

    Learned: mean_ (d,), components_ (k, d), explained_variance_ (k,), explained_variance_ratio_ (k,), n_components_.
    The largest entry of each component, in absolute value, is positive.

    >>> pca = PCA(1).fit(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    >>> pca.components_.round(12), pca.explained_variance_.round(12)
    (array([[0.6, 0.8]]), array([25.]))
    """

    def __init__(self, n_components=None, whiten=False, eps=0.0, solver="covariance"):
        if solver not in ("covariance", "svd"):
            raise ValueError(f"solver is {solver!r}, expected 'covariance' or 'svd'.")
        self.n_components, self.whiten, self.solver = n_components, whiten, solver
        self.eps = between("eps", eps, "PCA", 0)

    def learn(self, X):
        if len(X) < 2:
            raise ValueError(f"PCA needs at least 2 examples to see a variance, received {len(X)}.")
        self.mean_ = _mean(X)
        D, rows = (self._by_covariance if self.solver == "covariance" else self._by_svd)(X)
        ratio = D / (D.sum() or 1)
        k = self._count(ratio)
        rows = rows[:k]
        largest = rows[np.arange(k), np.abs(rows).argmax(axis=1)]
        self.components_ = rows * np.where(largest < 0, -1, 1).astype(X.dtype)[:, None]
        self.explained_variance_, self.explained_variance_ratio_, self.n_components_ = D[:k], ratio[:k], k
        if self.whiten:
            empty = D[:k] <= D[:1] * np.finfo(X.dtype).eps  # what rounding leaves of a variance of 0
            self.scale_ = np.sqrt(np.where(empty, np.inf, D[:k] + self.eps)).astype(X.dtype)

    def apply(self, X):
        W = self.components_.T
        # As in _around_zero: where the mean is no longer than the largest deviation, nothing is lost by centring the
        # coordinates, which may be far fewer, and not the data.
        late = np.sum(self.mean_.astype(np.float64) ** 2) <= self.explained_variance_[0]
        return _affine(X, self.mean_, W / self.scale_ if self.whiten else W, late)

    def inverse_transform(self, Y):
        """From k coordinates back to d: (m, k) -> (m, d). Exact if no direction with variance was left out."""
        self.need_fit()
        Y = matrix(Y)
        if Y.shape[1] != self.n_components_:
            raise ValueError(f"PCA expected Y with {self.n_components_} components, received shape {Y.shape}.")
        if self.whiten:
            Y = Y * np.where(np.isinf(self.scale_), 0, self.scale_)
        return Y @ self.components_ + self.mean_

    def _by_covariance(self, X):
        D, E = np.linalg.eigh(_covariance(X, self.mean_))
        n = min(X.shape)
        return np.maximum(D[::-1][:n], 0), E.T[::-1][:n]

    def _by_svd(self, X):
        _, s, rows = np.linalg.svd(X - self.mean_, full_matrices=False)
        return s**2 / (len(X) - 1), rows

    def _count(self, ratio):
        k = len(ratio) if self.n_components is None else self.n_components
        if isinstance(k, float) and 0 < k < 1:
            return min(int(np.searchsorted(np.cumsum(ratio), k, side="right")) + 1, len(ratio))
        if not (isinstance(k, (int, np.integer)) and 0 < k <= len(ratio)):
            raise ValueError(f"n_components is {k!r}, expected 1 to {len(ratio)} = min(n, d), or a fraction.")
        return int(k)


class ZCA(Transformer):
    """`(X - mean_) @ matrix_` with `matrix_ = E (D + eps)^(-1/2) E^T`: white, and as close to X as white can be.

    >>> white = ZCA(eps=0).fit_transform(np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]]))
    >>> np.cov(white, rowvar=False).round(12) + 0
    array([[1., 0.],
           [0., 1.]])
    """

    def __init__(self, eps=1e-5):
        self.eps = between("eps", eps, "ZCA", 0)

    def learn(self, X):
        pca = PCA(whiten=True, eps=self.eps)
        pca.learn(X)
        self.mean_ = pca.mean_
        self.matrix_ = pca.components_.T / pca.scale_ @ pca.components_

    def apply(self, X):
        return _affine(X, self.mean_, self.matrix_)


def _chunks(n):
    return (slice(start, start + CHUNK) for start in range(0, n, CHUNK))


def _mean(X):
    # Sums of a thousand rows are added up in double: one float32 sum over all rows would lose digits.
    return (sum(column_sums(X[rows]).astype(np.float64) for rows in _chunks(len(X))) / len(X)).astype(X.dtype)


def _covariance(X, mean):
    # `A.T @ A` is seen by NumPy as symmetric and costs half of a general product.
    n, d = X.shape
    if _around_zero(X, mean):
        return (X.T @ X - np.outer(n * mean, mean)) / (n - 1)
    # Centred before the product: X^T X - n mean mean^T would cancel and, in float32, can lose every digit.
    total = np.zeros((d, d), X.dtype)
    for rows in _chunks(n):
        c = X[rows] - mean
        total += c.T @ c
    return total / (n - 1)


def _around_zero(X, mean):
    # Whether centring may wait until after the product. With lambda the largest eigenvalue of the covariance, those of
    # X^T X / n reach up to lambda + mean^2 at most, so that rounding disturbs them by eps (lambda + mean^2), and eigh
    # adds eps lambda in any case. Nothing is lost with mean^2 <= lambda, and lambda is at least the columns' average
    # variance, (sum X^2 / n - mean^2) / d.
    with np.errstate(over="ignore"):
        squares = float(np.vdot(X, X))
    mean = mean.astype(np.float64)
    return (X.shape[1] + 1) * (mean @ mean) <= squares / len(X) < np.inf


def _affine(X, mean, W, late=False):
    Y, offset = np.empty((len(X), W.shape[1]), np.result_type(X, W)), mean @ W
    for rows in _chunks(len(X)):
        np.matmul(X[rows] if late else X[rows] - mean, W, out=Y[rows])
        if late:
            Y[rows] -= offset
    return Y
