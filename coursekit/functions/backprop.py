"""Backpropagation through a whole network: one pass forwards, one pass back."""

import numpy as np


def relu_backward(dY, z):
    """dz = dY where z > 0, and 0 elsewhere (at z = 0 too)

    ReLU lets the gradient through where it let the signal through, so the mask comes from
    z, what went *into* the ReLU.

    Shapes: dY and z of one shape -> dz of that shape.

    >>> relu_backward(np.array([-5.0, -5.0, 5.0]), np.array([-1.0, 2.0, 3.0])).tolist()
    [0.0, -5.0, 5.0]
    """
    return np.where(z > 0, dY, 0)


def mlp_gradients(params, X, y):
    """Loss of a ReLU network with softmax cross-entropy, and its gradient for every W and b.

    forwards:  a = X;  z = a W + b;  a = max(z, 0) after every layer but the last, whose z are the logits
    backwards: dz = (softmax(logits) - onehot(y)) / n;  then, from the last layer to the first,
               dW = a^T dz,  db = column sums of dz,  dz of the layer below = (dz W^T) where its z > 0

    Shapes: params, a list of (W, b) with W (d_in, d_out) and b (d_out,); X (n, d); y (n,) integer classes
    -> loss, a number; a list of (dW, db), in the order and of the shapes of params.

    Source: Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986.

    >>> params = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2))]
    >>> loss, grads = mlp_gradients(params, np.array([[0.0]]), np.array([0]))
    >>> print(round(loss, 4), grads[1][1].tolist())  # two classes, no opinion: log 2
    0.6931 [-0.5, 0.5]
    """
    # Forwards, and remember what the way back needs: each layer's input.
    inputs, a = [], X
    for W, b in params:
        inputs.append(a)
        z = a @ W + b
        a = np.maximum(z, 0)
    # The last layer has no ReLU: its z are the logits.
    n, rows = len(X), np.arange(len(X))
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()
    dz = np.exp(log_p)
    dz[rows, y] -= 1
    dz = dz / n
    # Backwards. A layer's input is the ReLU of the z below it: it is positive exactly where that z is.
    grads = []
    for (W, _), a in reversed(list(zip(params, inputs, strict=True))):
        grads.append((a.T @ dz, dz.sum(axis=0)))
        dz = np.where(a > 0, dz @ W.T, 0)
    return loss, grads[::-1]
