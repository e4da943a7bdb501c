"""What keeps a network from learning its training set by heart: penalties, bounds, shortcuts, stopping in time.

A penalty gives (value, gradient); both are added to the loss's. Biases are left alone: they are few, and a large one
does not make the function less smooth.
"""

import numpy as np


def l2_penalty(W, C):
    """`1/2 C sum(W^2)` and its gradient: weight decay (under plain gradient descent). Gives (value, gradient).

    W has any shape; the value is a number, the gradient has the shape of W. The 1/2 is there to make the gradient
    pretty. As a prior: weights are normal with variance 1 / C.

    >>> value, gradient = l2_penalty(np.array([[1.0, -2.0]]), C=0.1)
    >>> value, gradient
    (0.25, array([[ 0.1, -0.2]]))
    """
    return float(C * np.sum(W**2) / 2), C * W


def l1_penalty(W, C):
    """`C sum(|W|)` and its gradient `C sign(W)`, 0 where W is 0. Gives (value, gradient).

    Pulls small weights as hard as large ones, and so all the way to 0: sparse solutions, where L2 spreads the weights.

    >>> l1_penalty(np.array([[1.0, -2.0, 0.0]]), C=0.5)
    (1.5, array([[ 0.5, -0.5,  0. ]]))
    """
    return float(C * np.sum(np.abs(W))), C * np.sign(W)


def elastic_net(W, l1, l2):
    """`l1 sum(|W|) + 1/2 l2 sum(W^2)` and its gradient (Zou & Hastie 2005). Gives (value, gradient).

    >>> elastic_net(np.array([[1.0, -2.0]]), l1=1.0, l2=2.0)
    (8.0, array([[ 3., -5.]]))
    """
    return float(l1 * np.sum(np.abs(W)) + l2 * np.sum(W**2) / 2), l1 * np.sign(W) + l2 * W


def max_norm(W, limit):
    """Every column of W (d_in, d_out) that is longer than limit is shortened to it: the weights of one unit each.

    limit > 0. A projection, done after each update; not a penalty. Gives a new array.

    >>> max_norm(np.array([[3.0, 0.3], [4.0, 0.4]]), limit=1.0)
    array([[0.6, 0.3],
           [0.8, 0.4]])
    """
    norms = np.sqrt(np.sum(W**2, axis=0))
    # A column of zeros has norm 0: dividing by the larger of norm and limit leaves short columns as they are.
    return W * (limit / np.maximum(norms, limit))


def residual(X, W1, b1, W2, b2):
    """`X + relu(X W1 + b1) W2 + b2`: the block learns what to add to its input (He et al. 2016).

    X (n, d), W1 (d, h), b1 (h,), W2 (h, d), b2 (d,) -> (n, d).

    >>> residual(np.array([[1.0, -1.0]]), np.eye(2), np.zeros(2), 10 * np.eye(2), np.zeros(2))
    array([[11., -1.]])
    """
    return X + np.maximum(X @ W1 + b1, 0) @ W2 + b2


def residual_backward(dY, X, W1, b1, W2, b2):
    """(dX, dW1, db1, dW2, db2): dX is dY itself, by the shortcut, plus what comes back through the two layers.

    >>> X, eye, zero = np.array([[1.0, -1.0]]), np.eye(2), np.zeros(2)
    >>> residual_backward(np.array([[1.0, 1.0]]), X, eye, zero, 10 * eye, zero)[0]
    array([[11.,  1.]])
    """
    z = X @ W1 + b1
    dz = (dY @ W2.T) * (z > 0)
    return dY + dz @ W1.T, X.T @ dz, dz.sum(axis=0), np.maximum(z, 0).T @ dY, dY.sum(axis=0)


def early_stopping(losses, patience, min_delta=0.0):
    """(best, stop): the epoch whose validation loss is kept, and the one after which training ends, counted from 0.

    losses holds the validation loss of each epoch. An epoch improves if its loss is lower than the best so far by more
    than min_delta; after `patience` epochs in a row without improvement training ends. If that never happens, stop is
    the last epoch.

    >>> early_stopping([0.9, 0.5, 0.6, 0.4, 0.45, 0.41, 0.3], patience=2)
    (3, 5)
    """
    best, lowest = 0, losses[0]
    for epoch, loss in enumerate(losses):
        if loss < lowest - min_delta:
            best, lowest = epoch, loss
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1
