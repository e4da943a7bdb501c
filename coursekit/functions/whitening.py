"""Centring, scaling, rotating and whitening data `X (n, d)`, and fitting a Gaussian to it.

With the covariance `Sigma = E diag(D) E^T`, the rows of `(X - mu) E` are uncorrelated (PCA), those of
`(X - mu) E diag(D)^(-1/2)` have variance 1 as well (whitening), and a last `E^T` turns them back (ZCA).
"""

import numpy as np


def standardize(X_train, X):
    """`(X - mean) / std` with the mean and the standard deviation of X_train, column by column.

    X_train (n, d) is the only data that may be looked at; X (m, d) is anything that shall be treated alike. The
    standard deviation divides by n. A column that is constant in X_train is only centred.

    >>> standardize(np.array([[0.0, 5.0], [2.0, 5.0]]), np.array([[4.0, 6.0]]))
    array([[3., 1.]])
    """
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    # The mean of equal numbers is rounded, so their deviation may come out as 1e-17 and not 0: ask the range.
    constant = X_train.max(axis=0) == X_train.min(axis=0)
    return (X - mean) / np.where(constant, 1, std)


def near_zero(Z, tol=1e-9):
    """Is Z standardised? For each column whether `|mean| <= tol`, and whether `|std - 1| <= tol`.

    Z (n, d) -> two boolean arrays (d,). The standard deviation divides by n. Sums of floats are rounded, so that
    nobody can ask for exactly 0 and 1. NaN is near to nothing.

    >>> near_zero(np.array([[-1.0, 1.0], [1.0, 3.0]]))
    (array([ True, False]), array([ True,  True]))
    """
    mean, deviation = Z.mean(axis=0), Z.std(axis=0) - 1
    return np.abs(mean) <= tol, np.abs(deviation) <= tol


def covariance(X):
    """`(X - mu)^T (X - mu) / (n - 1)`: shape (n, d) -> (d, d).

    >>> covariance(np.array([[0.0, 0.0], [2.0, 4.0]]))
    array([[2., 4.],
           [4., 8.]])
    """
    centred = X - X.mean(axis=0)
    return centred.T @ centred / (len(X) - 1)


def pca(X):
    """`mu, E, D` with `covariance(X) = E diag(D) E^T`: the mean, the directions and the variance along each.

    mu has shape (d,); the columns of E (d, d) are orthonormal eigenvectors and D (d,) their eigenvalues, largest first,
    none negative. Of the two possible signs of a direction take the one whose largest entry, in absolute value, is
    positive.

    >>> mu, E, D = pca(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    >>> mu, E[:, 0].round(12), D.round(12)
    (array([3., 4.]), array([0.6, 0.8]), array([25.,  0.]))
    """
    mu = X.mean(axis=0)
    D, E = np.linalg.eigh((X - mu).T @ (X - mu) / (len(X) - 1))
    D, E = np.maximum(D[::-1], 0), E[:, ::-1]  # eigh sorts upwards and rounds a variance of 0 to either side of it
    largest = E[np.abs(E).argmax(axis=0), np.arange(E.shape[1])]
    return mu, E * np.where(largest < 0, -1, 1), D


def whiten(X, mu, E, D, eps=1e-5):
    """`(X - mu) E / sqrt(D + eps)`: uncorrelated columns of variance D / (D + eps), close to 1 where D >> eps.

    X (n, d), mu (d,), E (d, k) and D (k,) as `pca` gives them, perhaps the first k directions only -> (n, k). Without
    eps, directions that hold nothing but noise would be blown up to the size of the others.

    >>> X = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    >>> whiten(X, np.array([3.0, 4.0]), np.array([[0.6], [0.8]]), np.array([25.0]), eps=0)
    array([[-1.],
           [ 0.],
           [ 1.]])
    """
    return (X - mu) @ E / np.sqrt(D + eps)


def zca(X, mu, E, D, eps=1e-5):
    """`(X - mu) E / sqrt(D + eps) E^T`: whitened, then turned back: as close to X as white data can be.

    Shapes as in `whiten`, with all d directions -> (n, d): images still look like images (Bell & Sejnowski 1997).

    >>> zca(np.array([[4.0, 2.0]]), np.array([0.0, 0.0]), np.eye(2), np.array([16.0, 4.0]), eps=0)
    array([[1., 1.]])
    """
    return (X - mu) @ E / np.sqrt(D + eps) @ E.T


def reconstruct(Y, mu, E):
    """`Y E^T + mu`: from k coordinates back to d, the inverse of `Y = (X - mu) E` if no direction was left out.

    Y (n, k), mu (d,), E (d, k) -> (n, d). With k < d this is the closest that k directions can come to X.

    >>> reconstruct(np.array([[5.0]]), np.array([1.0, 1.0]), np.array([[0.6], [0.8]]))
    array([[4., 5.]])
    """
    return Y @ E.T + mu


def m_step(X, r):
    """Mean and covariance of one Gaussian of a mixture, each point weighted by how much it belongs to it.

    `mu = sum_i r_i x_i / sum_i r_i` and `Sigma = sum_i r_i (x_i - mu)(x_i - mu)^T / sum_i r_i`.
    X (n, d), r (n,) with r_i >= 0, the responsibilities -> mu (d,), Sigma (d, d).

    >>> m_step(np.array([[0.0], [4.0], [100.0]]), np.array([3.0, 1.0, 0.0]))
    (array([1.]), array([[3.]]))
    """
    mu = r @ X / r.sum()
    centred = X - mu
    return mu, (r[:, None] * centred).T @ centred / r.sum()


def covariance_parameters(d, kind):
    """How many numbers a d x d covariance is free to choose: "spherical" 1, "diagonal" d, "full" d (d + 1) / 2.

    >>> [covariance_parameters(2, kind) for kind in ("spherical", "diagonal", "full")]
    [1, 2, 3]
    """
    counts = {"spherical": 1, "diagonal": d, "full": d * (d + 1) // 2}
    if kind not in counts:
        raise ValueError(f"kind is {kind!r}, expected one of {', '.join(counts)}.")
    return counts[kind]
