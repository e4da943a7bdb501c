# Correct solutions in other styles. Each must get full marks.

# %% alternative="standardize" style="column-by-column"
import numpy as np

def standardize(X_train, X):
    Z = np.empty(X.shape)
    for j in range(X.shape[1]):
        column = X_train[:, j]
        mean = column.sum() / len(column)
        std = np.sqrt(((column - mean) ** 2).sum() / len(column))
        if np.all(column == column[0]):
            std = 1.0
        Z[:, j] = (X[:, j] - mean) / std
    return Z

# %% alternative="standardize" style="peak-to-peak"
import numpy as np

def standardize(X_train, X):
    scale = X_train.std(axis=0)
    scale[np.ptp(X_train, axis=0) == 0] = 1
    return np.divide(np.subtract(X, X_train.mean(axis=0)), scale)

# %% alternative="standardize" style="relative-threshold"
import numpy as np

def standardize(X_train, X):
    mu = np.average(X_train, axis=0)
    sigma = np.sqrt(np.mean((X_train - mu) ** 2, axis=0))
    varies = sigma > 1e-12 * np.abs(X_train).max(axis=0)
    Z = X - mu
    Z[:, varies] /= sigma[varies]
    return Z

# %% alternative="near_zero" style="isclose"
import numpy as np

def near_zero(Z, tol=1e-9):
    means = np.isclose(Z.mean(axis=0), 0, rtol=0, atol=tol)
    return means, np.isclose(Z.std(axis=0), 1, rtol=0, atol=tol)

# %% alternative="near_zero" style="two-sided"
import numpy as np

def near_zero(Z, tol=1e-9):
    m, s = np.mean(Z, axis=0), np.std(Z, axis=0)
    return (-tol <= m) & (m <= tol), (1 - tol <= s) & (s <= 1 + tol)

# %% alternative="near_zero" style="loop"
import numpy as np

def near_zero(Z, tol=1e-9):
    means, deviations = [], []
    for column in Z.T:
        mean = sum(column) / len(column)
        std = np.sqrt(sum((column - mean) ** 2) / len(column))
        means.append(bool(abs(mean) <= tol))
        deviations.append(bool(abs(std - 1) <= tol))
    return [np.array(means), np.array(deviations)]

# %% alternative="covariance" style="loops"
import numpy as np

def covariance(X):
    n, d = X.shape
    mu = X.mean(axis=0)
    S = np.zeros((d, d))
    for j in range(d):
        for k in range(d):
            S[j, k] = sum((X[i, j] - mu[j]) * (X[i, k] - mu[k]) for i in range(n)) / (n - 1)
    return S

# %% alternative="covariance" style="numpys-own"
import numpy as np

def covariance(X):
    return np.atleast_2d(np.cov(X, rowvar=False))

# %% alternative="covariance" style="einsum"
import numpy as np

def covariance(X):
    c = X - np.mean(X, axis=0, keepdims=True)
    return np.einsum("ni,nj->ij", c, c) / (X.shape[0] - 1)

# %% alternative="covariance" style="sum-of-outer-products"
import numpy as np

def covariance(X):
    mu = sum(X) / len(X)
    return sum(np.outer(x - mu, x - mu) for x in X) / (len(X) - 1)

# %% alternative="pca" style="svd"
import numpy as np

def pca(X):
    mu = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mu, full_matrices=True)
    D = np.zeros(X.shape[1])
    D[:len(s)] = s**2 / (len(X) - 1)
    for row in Vt:
        if row[np.argmax(np.abs(row))] < 0:
            row *= -1
    return mu, Vt.T, D

# %% alternative="pca" style="argsort"
import numpy as np

def pca(X):
    mu = X.mean(axis=0)
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(X.T)))
    order = np.argsort(-values)
    E = vectors[:, order]
    for j in range(E.shape[1]):
        E[:, j] *= np.sign(max(E[:, j], key=abs))
    return mu, E, np.clip(values[order], 0, None)

# %% alternative="pca" style="variances-measured"
import numpy as np

def pca(X):
    mu = X.mean(axis=0)
    C = X - mu
    _, E = np.linalg.eigh(C.T @ C)
    E = np.fliplr(E)
    top = np.take_along_axis(E, np.abs(E).argmax(axis=0)[None, :], axis=0)
    E = np.where(top < 0, -E, E)
    return [mu, E, (C @ E).var(axis=0, ddof=1)]

# %% alternative="whiten" style="diagonal-matrix"
import numpy as np

def whiten(X, mu, E, D, eps=1e-5):
    return (X - mu) @ E @ np.diag(1 / np.sqrt(D + eps))

# %% alternative="whiten" style="column-vectors"
import numpy as np

def whiten(X, mu, E, D, eps=1e-5):
    return np.array([np.diag((D + eps) ** -0.5) @ E.T @ (x - mu) for x in X])

# %% alternative="whiten" style="einsum"
import numpy as np

def whiten(X, mu, E, D, eps=1e-5):
    return np.einsum("nd,dk,k->nk", X - mu, E, 1 / np.sqrt(D + eps))

# %% alternative="whiten" style="one-affine-map"
import numpy as np

def whiten(X, mu, E, D, eps=1e-5):
    W = E / (D + eps) ** 0.5
    return X @ W - mu @ W

# %% alternative="zca" style="one-symmetric-matrix"
import numpy as np

def zca(X, mu, E, D, eps=1e-5):
    W = E @ np.diag((D + eps) ** -0.5) @ E.T
    return (X - mu) @ W

# %% alternative="zca" style="sum-over-directions"
import numpy as np

def zca(X, mu, E, D, eps=1e-5):
    Y = np.zeros(X.shape)
    for e, variance in zip(E.T, D, strict=True):
        Y += np.outer((X - mu) @ e, e) / np.sqrt(variance + eps)
    return Y

# %% alternative="zca" style="einsum"
import numpy as np

def zca(X, mu, E, D, eps=1e-5):
    return np.einsum("na,ak,k,bk->nb", X - mu, E, 1 / np.sqrt(D + eps), E)

# %% alternative="reconstruct" style="sum-over-directions"
import numpy as np

def reconstruct(Y, mu, E):
    X = np.tile(mu, (len(Y), 1))
    for k in range(E.shape[1]):
        X = X + np.outer(Y[:, k], E[:, k])
    return X

# %% alternative="reconstruct" style="transposed-throughout"
import numpy as np

def reconstruct(Y, mu, E):
    return (E @ Y.T + mu[:, None]).T

# %% alternative="reconstruct" style="pseudo-inverse"
import numpy as np

def reconstruct(Y, mu, E):
    return np.dot(Y, np.linalg.pinv(E)) + mu

# %% alternative="m_step" style="loop"
import numpy as np

def m_step(X, r):
    n, d = X.shape
    total = sum(r)
    mu = np.zeros(d)
    for i in range(n):
        mu = mu + r[i] * X[i] / total
    Sigma = np.zeros((d, d))
    for i in range(n):
        Sigma = Sigma + r[i] * np.outer(X[i] - mu, X[i] - mu) / total
    return mu, Sigma

# %% alternative="m_step" style="numpys-own"
import numpy as np

def m_step(X, r):
    mu = np.average(X, axis=0, weights=r)
    return mu, np.atleast_2d(np.cov(X, rowvar=False, aweights=r, ddof=0))

# %% alternative="m_step" style="einsum-and-roots"
import numpy as np

def m_step(X, r):
    w = r / r.sum()
    mu = np.einsum("n,nd->d", w, X)
    half = np.sqrt(w)[:, np.newaxis] * (X - mu)
    return [mu, half.T @ half]

# %% alternative="covariance_parameters" style="ifs"
def covariance_parameters(d, kind):
    if kind == "spherical":
        return 1
    if kind == "diagonal":
        return d
    if kind == "full":
        return d + d * (d - 1) // 2
    raise ValueError("kind should be spherical, diagonal or full")

# %% alternative="covariance_parameters" style="match-and-sum"
def covariance_parameters(d, kind):
    match kind:
        case "spherical":
            return 1
        case "diagonal":
            return d
        case "full":
            return sum(range(d + 1))
    raise ValueError(kind)

# %% alternative="covariance_parameters" style="binomial"
import math

def covariance_parameters(d, kind):
    try:
        return {"spherical": lambda: 1, "diagonal": lambda: d, "full": lambda: math.comb(d + 1, 2)}[kind]()
    except KeyError:
        raise ValueError(f"no such kind: {kind}") from None
