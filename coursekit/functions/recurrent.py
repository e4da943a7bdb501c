"""One step of the recurrent layers: from x (n, d) and the state h (n, u) to the next state, and back.

Each `_step` gives the new state and a cache, each `_step_backward` the gradients of x, the state and the parameters.
The weights W (d, k u) and U (u, k u) hold the k gates side by side, in Keras's order.
"""

import numpy as np


def rnn_step(x, h, W, U, b):
    """`h' = tanh(x W + h U + b)` (Elman 1990): x (n, d), h (n, u), W (d, u), U (u, u), b (u,). Gives (h', cache).

    >>> rnn_step(np.array([[1.0]]), np.array([[2.0]]), np.array([[3.0]]), np.array([[-1.0]]), np.array([-1.0]))[0]
    array([[0.]])
    """
    new_h = np.tanh(x @ W + h @ U + b)
    return new_h, (x, h, W, U, new_h)


def rnn_step_backward(dh, cache):
    """(dx, dh, dW, dU, db) from dh (n, u), the gradient of h'.

    >>> one = np.ones((1, 1))
    >>> _, cache = rnn_step(0 * one, 0 * one, one, 2 * one, np.zeros(1))
    >>> [float(d.sum()) for d in rnn_step_backward(one, cache)]      # tanh'(0) = 1
    [1.0, 2.0, 0.0, 0.0, 1.0]
    """
    x, h, W, U, new_h = cache
    dz = dh * (1 - new_h**2)
    return dz @ W.T, dz @ U.T, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def lstm_step(x, h, c, W, U, b):
    """Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

        i, f, o = sigmoid(x W + h U + b) and g = tanh(x W + h U + b), each with its own columns, in the order i f g o
        c' = f * c + i * g
        h' = o * tanh(c')

    x (n, d), h and c (n, u), W (d, 4 u), U (u, 4 u), b (4 u,). Gives (h', c', cache). That c is added to, not
    multiplied by a matrix, lets a gradient survive many steps; a bias of 1 for f, the second quarter, opens its gate at
    the start.

    >>> zero = np.zeros((1, 1))
    >>> h, c, _ = lstm_step(zero, zero, zero + 8, np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))
    >>> c                                       # all gates half open: half of 8 is forgotten
    array([[4.]])
    """
    def sigmoid(z):
        return (1 + np.tanh(z / 2)) / 2

    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    new_c = f * c + i * g
    tanh_c = np.tanh(new_c)
    return o * tanh_c, new_c, (x, h, c, W, U, i, f, g, o, tanh_c)


def lstm_step_backward(dh, dc, cache):
    """(dx, dh, dc, dW, dU, db) from dh and dc (n, u), the gradients of h' and c'.

    >>> zero, one = np.zeros((1, 1)), np.ones((1, 1))
    >>> _, _, cache = lstm_step(zero, zero, zero, np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))
    >>> lstm_step_backward(zero, one, cache)[2]     # through the half-open forget gate
    array([[0.5]])
    """
    x, h, c, W, U, i, f, g, o, tanh_c = cache
    dc = dc + dh * o * (1 - tanh_c**2)
    dz = np.concatenate([dc * g * i * (1 - i),
                         dc * c * f * (1 - f),
                         dc * i * (1 - g**2),
                         dh * tanh_c * o * (1 - o)], axis=1)
    return dz @ W.T, dz @ U.T, dc * f, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def gru_step(x, h, W, U, b):
    """Gated recurrent unit (Cho et al. 2014), in the form that cuDNN, Keras and PyTorch compute.

        z, r = sigmoid(x W + b[0] + h U + b[1]), each with its own columns
        g = tanh(x W + b[0] + r * (h U + b[1])), the third columns
        h' = z * h + (1 - z) * g

    x (n, d), h (n, u), W (d, 3 u), U (u, 3 u), b (2, 3 u): one bias for x, one for h. Gives (h', cache).

    >>> zero = np.zeros((1, 1))
    >>> gru_step(zero, zero + 8, np.zeros((1, 3)), np.zeros((1, 3)), np.zeros((2, 3)))[0]
    array([[4.]])
    """
    def sigmoid(z):
        return (1 + np.tanh(z / 2)) / 2

    x_z, x_r, x_g = np.split(x @ W + b[0], 3, axis=1)
    h_z, h_r, h_g = np.split(h @ U + b[1], 3, axis=1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    g = np.tanh(x_g + r * h_g)
    return z * h + (1 - z) * g, (x, h, W, U, z, r, g, h_g)


def gru_step_backward(dh, cache):
    """(dx, dh, dW, dU, db) from dh (n, u), the gradient of h'.

    >>> zero, one = np.zeros((1, 1)), np.ones((1, 1))
    >>> _, cache = gru_step(zero, zero, np.zeros((1, 3)), np.zeros((1, 3)), np.zeros((2, 3)))
    >>> gru_step_backward(one, cache)[1]            # through z, half open
    array([[0.5]])
    """
    x, h, W, U, z, r, g, h_g = cache
    dg = dh * (1 - z) * (1 - g**2)
    dz = dh * (h - g) * z * (1 - z)
    dr = dg * h_g * r * (1 - r)
    from_x = np.concatenate([dz, dr, dg], axis=1)
    from_h = np.concatenate([dz, dr, dg * r], axis=1)  # the reset gate stands between h U and g
    db = np.stack([from_x.sum(axis=0), from_h.sum(axis=0)])
    return from_x @ W.T, dh * z + from_h @ U.T, x.T @ from_x, h.T @ from_h, db
