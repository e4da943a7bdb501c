"""What happens to data before a network sees them: scaling, PCA and whitening, one-hot, splits, mini-batches.

The classes follow scikit-learn's conventions: the constructor remembers, `fit(X)` learns from X (n, d) and stores what
it learned in attributes that end in `_`, `transform(X)` applies it to any X (m, d). Fit on the training set only. The
plain formulas are in `coursekit.functions.whitening`; here they run over chunks of rows.
"""

import numpy as np

from coursekit.functions.batches import minibatches  # noqa: F401  at home in preprocessing too
from coursekit.identifiers import Configurable

CHUNK = 1024  # rows that stay in the cache between centring and multiplying: twice as fast as all rows at once


class Transformer(Configurable):
    """fit, transform, fit_transform: a subclass writes `learn(X)` and `transform(X)`."""

    def fit(self, X, y=None):
        """Learn from X (n, d); y is ignored. Returns self."""
        X = _matrix(X)
        if not np.isfinite(X.sum()):
            rows, columns = np.nonzero(~np.isfinite(X))
            if len(rows):
                raise ValueError(f"{type(self).__name__} expected finite numbers, received {X[rows[0], columns[0]]} in "
                                 f"row {rows[0]}, column {columns[0]}.")
        self.n_features_in_ = X.shape[1]
        self.learn(X)
        return self

    def fit_transform(self, X, y=None):
        """fit(X), then transform(X)."""
        return self.fit(X).transform(X)

    def check(self, X):
        """X as an array of floats that has the width seen by fit."""
        if not hasattr(self, "n_features_in_"):
            raise ValueError(f"this {type(self).__name__} has learned nothing yet: call fit with training data first.")
        X = _matrix(X)
        if X.shape[1] != self.n_features_in_:
            raise ValueError(f"{type(self).__name__} expected X with {self.n_features_in_} features, "
                             f"received shape {X.shape}.")
        return X


class Standardizer(Transformer):
    """`(X - mean_) / scale_`: mean 0 and standard deviation 1 on the training set. Constant columns are only centred.

    >>> scaler = Standardizer().fit(np.array([[0.0, 7.0], [2.0, 7.0]]))
    >>> scaler.transform(np.array([[4.0, 8.0]])), scaler.inverse_transform(np.array([[3.0, 1.0]]))
    (array([[3., 1.]]), array([[4., 8.]]))
    """

    def learn(self, X):
        self.mean_ = X.mean(axis=0)
        self.scale_ = np.where(np.ptp(X, axis=0) == 0, 1, X.std(axis=0))

    def transform(self, X):
        return (self.check(X) - self.mean_) / self.scale_

    def inverse_transform(self, Z):
        return self.check(Z) * self.scale_ + self.mean_


class MinMax(Transformer):
    """Each column stretched from its smallest and largest training value to `low` and `high`; constant columns to low.

    >>> MinMax(-1, 1).fit_transform(np.array([[0.0], [5.0], [10.0]])).ravel()
    array([-1.,  0.,  1.])
    """

    def __init__(self, low=0.0, high=1.0):
        if not low < high:
            raise ValueError(f"MinMax expected low < high, received low={low} and high={high}.")
        self.low, self.high = low, high

    def learn(self, X):
        self.min_ = X.min(axis=0)
        width = X.max(axis=0) - self.min_
        self.scale_ = (self.high - self.low) / np.where(width == 0, 1, width)

    def transform(self, X):
        return (self.check(X) - self.min_) * self.scale_ + self.low

    def inverse_transform(self, Z):
        return (self.check(Z) - self.low) / self.scale_ + self.min_


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
        self.n_components, self.whiten, self.eps, self.solver = n_components, whiten, eps, solver

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

    def transform(self, X):
        X = self.check(X)
        W = self.components_.T
        return _affine(X, self.mean_, W / self.scale_ if self.whiten else W)

    def inverse_transform(self, Y):
        """From k coordinates back to d: (m, k) -> (m, d). Exact if no direction with variance was left out."""
        Y = _matrix(Y)
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
        self.eps = eps

    def learn(self, X):
        pca = PCA(whiten=True, eps=self.eps).fit(X)
        self.mean_ = pca.mean_
        self.matrix_ = pca.components_.T / pca.scale_ @ pca.components_

    def transform(self, X):
        return _affine(self.check(X), self.mean_, self.matrix_)


def one_hot(y, k=None, dtype=np.float64):
    """Row i is 0 but for a 1 in column y[i]: (n,) -> (n, k), k the number of classes (the largest y plus 1).

    >>> one_hot(np.array([2, 0]))
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    y = np.asarray(y)
    if y.ndim != 1 or y.dtype.kind not in "iub":
        raise ValueError(f"one_hot expected integers of shape (n,), received {y.dtype} of shape {y.shape}.")
    k = int(y.max(initial=-1)) + 1 if k is None else k
    if y.size and (y.min() < 0 or y.max() >= k):
        raise ValueError(f"classes reach from {y.min()} to {y.max()}, expected 0 to {k - 1}.")
    Y = np.zeros((len(y), k), dtype)
    Y[np.arange(len(y)), y.astype(np.int64)] = 1
    return Y


def train_test_split(*arrays, test_size=0.25, rng, stratify=None):
    """Each array in two parts, drawn alike: `X_train, X_test, y_train, y_test = train_test_split(X, y, rng=rng)`.

    test_size is a number of rows or a share, rounded up. stratify (n,): the classes, whose shares both parts keep.

    >>> X_train, X_test, y_train, y_test = train_test_split(np.arange(8), np.arange(8) % 2, test_size=0.25,
    ...     rng=np.random.default_rng(0), stratify=np.arange(8) % 2)
    >>> len(X_train), np.bincount(y_test)
    (6, array([1, 1]))
    """
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1:
        raise ValueError(f"train_test_split expected arrays of one length, received {[len(a) for a in arrays]}.")
    n = lengths.pop()
    n_test = int(np.ceil(test_size * n)) if isinstance(test_size, float) else int(test_size)
    if not 0 < n_test < n:
        raise ValueError(f"test_size={test_size!r} leaves {n - n_test} of {n} rows for training, {n_test} for testing.")
    order = rng.permutation(n)
    if stratify is not None:
        # Sorted by class, shuffled within: a pick at equal distances meets each class in proportion to its size.
        order = order[np.argsort(np.asarray(stratify)[order], kind="stable")]
        picked = np.zeros(n, dtype=bool)
        picked[((np.arange(n_test) + rng.random()) * n / n_test).astype(int)] = True
        order = np.concatenate([rng.permutation(order[picked]), rng.permutation(order[~picked])])
    test, train = order[:n_test], order[n_test:]
    return tuple(part for array in arrays for part in (np.asarray(array)[train], np.asarray(array)[test]))


def _matrix(X):
    X = np.asarray(X)
    if X.ndim != 2 or not len(X):
        raise ValueError(f"expected X of shape (n, d) with n > 0, received shape {X.shape}.")
    return X if X.dtype.kind == "f" else X.astype(float)


def _chunks(n):
    return (slice(start, start + CHUNK) for start in range(0, n, CHUNK))


def _mean(X):
    # Sums of a thousand rows are added up in double: one float32 sum over all rows would lose digits.
    return (sum(X[rows].sum(axis=0).astype(np.float64) for rows in _chunks(len(X))) / len(X)).astype(X.dtype)


def _covariance(X, mean):
    # Centred before the product: X^T X - n mean mean^T cancels and, in float32, can lose every digit. `c.T @ c` is seen
    # by NumPy as symmetric and costs half of a general product.
    total = np.zeros((X.shape[1], X.shape[1]), X.dtype)
    for rows in _chunks(len(X)):
        c = X[rows] - mean
        total += c.T @ c
    return total / (len(X) - 1)


def _affine(X, mean, W):
    Y = np.empty((len(X), W.shape[1]), np.result_type(X, W))
    for rows in _chunks(len(X)):
        np.matmul(X[rows] - mean, W, out=Y[rows])
    return Y
