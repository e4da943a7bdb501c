"""Batch normalisation of X (n, d), column by column (Ioffe & Szegedy 2015). Images (n, h, w, c): reshape to (-1, c)."""

import numpy as np


def batchnorm_forward(X, gamma, beta, eps=1e-3):
    """`X_hat = (X - mean) / sqrt(var + eps)`, `Y = gamma * X_hat + beta`, with the statistics of this batch.

    X has shape (n, d), gamma and beta (d,). The variance divides by n. Gives (Y, cache) with
    cache = (X_hat, gamma, mean, var, eps): what `batchnorm_backward` needs, and the statistics for running averages.

    >>> Y, cache = batchnorm_forward(np.array([[1.0], [3.0]]), np.array([2.0]), np.array([5.0]), eps=0)
    >>> Y
    array([[3.],
           [7.]])
    """
    mean, var = X.mean(axis=0), X.var(axis=0)
    X_hat = (X - mean) / np.sqrt(var + eps)
    return gamma * X_hat + beta, (X_hat, gamma, mean, var, eps)


def batchnorm_backward(dY, cache):
    """(dX, dgamma, dbeta) from dY, through the statistics too: each number moves its column's mean and variance.

    dY has shape (n, d), and so has dX; dgamma and dbeta have shape (d,). cache is what `batchnorm_forward` gave.

    >>> _, cache = batchnorm_forward(np.array([[1.0], [3.0]]), np.array([2.0]), np.array([5.0]))
    >>> dX, dgamma, dbeta = batchnorm_backward(np.array([[1.0], [1.0]]), cache)
    >>> dX.ravel(), dgamma, dbeta          # pushing both examples up moves the mean and changes nothing else
    (array([0., 0.]), array([0.]), array([2.]))
    """
    # Every x_i moves the mean and the variance too. With X_hat = (X - mean) / s and dX_hat = gamma dY:
    #   d mean / d x_i = 1/n,   d s / d x_i = X_hat_i / n   =>
    #   dX = (dX_hat - mean(dX_hat) - X_hat mean(dX_hat X_hat)) / s
    # The first mean takes out what a shift of the column does, the second what a stretch of it does.
    X_hat, gamma, mean, var, eps = cache
    dgamma = np.sum(dY * X_hat, axis=0)
    dbeta = np.sum(dY, axis=0)
    n = len(dY)
    dX = gamma / np.sqrt(var + eps) * (dY - dbeta / n - X_hat * dgamma / n)
    return dX, dgamma, dbeta


def batchnorm_inference(X, gamma, beta, mean, var, eps=1e-3):
    """What `batchnorm_forward` does, by the running statistics `mean` and `var`: each example for itself.

    X has shape (n, d), the other arrays (d,). Nothing is learned here: the statistics stay as they are.

    >>> one = np.array([1.0])
    >>> batchnorm_inference(np.array([[5.0]]), 2 * one, one, mean=3 * one, var=4 * one, eps=0)
    array([[3.]])
    """
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


def running_average(running, batch, momentum=0.99):
    """`momentum * running + (1 - momentum) * batch` (Keras's momentum; PyTorch's is 1 minus it).

    >>> running_average(0.0, 10.0, momentum=0.9).__round__(12)
    1.0
    """
    return momentum * running + (1 - momentum) * batch
