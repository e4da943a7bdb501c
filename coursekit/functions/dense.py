"""The dense layer, forwards and backwards, for a whole batch at once."""

import numpy as np  # noqa: F401  the examples use it


def dense_forward(X, W, b):
    """Y = X W + b, the same affine map applied to every row.

    Shapes: X (n, d_in), W (d_in, d_out), b (d_out,) -> Y (n, d_out).

    >>> X, W, b = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([0.5])
    >>> dense_forward(X, W, b)
    array([[11.5]])
    """
    return X @ W + b


def dense_backward(dY, X, W):
    """Carry the gradient of the loss back through Y = X W + b.

        dX = dY W^T        dW = X^T dY        db = column sums of dY

    Each gradient has the shape of the thing it belongs to. The mean over the batch is
    part of the loss and so already inside dY: nothing is divided here.

    Shapes: dY (n, d_out), X (n, d_in), W (d_in, d_out) -> dX (n, d_in), dW (d_in, d_out), db (d_out,).

    Source: Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986.

    >>> dX, dW, db = dense_backward(np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]]), np.array([[7.0]]))
    >>> dX.tolist(), dW.tolist(), db.tolist()
    ([[7.0], [14.0]], [[13.0]], [3.0])
    """
    # Y[i, j] = sum_k X[i, k] W[k, j] + b[j]: each product hands the incoming gradient to
    # one factor multiplied by the other, and whatever was used several times adds up.
    dX = dY @ W.T
    dW = X.T @ dY
    db = dY.sum(axis=0)
    return dX, dW, db
