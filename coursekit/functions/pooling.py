"""Pooling of images X (n, h, w, c): one number for each window of each channel. Windows that stick out are left out.

size and stride are one number or a pair; the stride is the size if it is None.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def maxpool2d_forward(X, size=2, stride=None):
    """The largest number of each window: (n, h, w, c) -> (n, h', w', c). Gives (Y, cache).

    h' = floor((h - kh) / s) + 1.

    >>> Y, cache = maxpool2d_forward(np.arange(16.0).reshape(1, 4, 4, 1))
    >>> Y[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    (kh, kw), (sy, sx) = _sizes(X, size, stride)
    windows = sliding_window_view(X, (kh, kw), axis=(1, 2))[:, ::sy, ::sx]  # (n, h', w', c, kh, kw)
    windows = windows.reshape(*windows.shape[:4], kh * kw)
    winner = windows.argmax(axis=-1)  # the first, if several are equal
    Y = np.take_along_axis(windows, winner[..., None], axis=-1)[..., 0]
    return Y, (winner, X.shape, (kh, kw), (sy, sx))


def maxpool2d_backward(dY, cache):
    """dX: the gradient goes to the number that won its window, and to no other.

    >>> _, cache = maxpool2d_forward(np.arange(4.0).reshape(1, 2, 2, 1))
    >>> maxpool2d_backward(np.array([[[[5.0]]]]), cache)[0, :, :, 0]
    array([[0., 0.],
           [0., 5.]])
    """
    winner, shape, (kh, kw), (sy, sx) = cache
    _, h, w, _ = dY.shape
    dX = np.zeros(shape, dY.dtype)
    for i in range(kh):
        for j in range(kw):
            dX[:, i:i + sy * h:sy, j:j + sx * w:sx] += dY * (winner == i * kw + j)
    return dX


def averagepool2d_forward(X, size=2, stride=None):
    """The mean of each window: (n, h, w, c) -> (n, h', w', c). Gives (Y, cache).

    >>> averagepool2d_forward(np.arange(16.0).reshape(1, 4, 4, 1))[0][0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    (kh, kw), (sy, sx) = _sizes(X, size, stride)
    windows = sliding_window_view(X, (kh, kw), axis=(1, 2))[:, ::sy, ::sx]
    return windows.mean(axis=(-2, -1)), (X.shape, (kh, kw), (sy, sx))


def averagepool2d_backward(dY, cache):
    """dX: each number of a window gets an equal share of its gradient.

    >>> _, cache = averagepool2d_forward(np.arange(4.0).reshape(1, 2, 2, 1))
    >>> averagepool2d_backward(np.array([[[[8.0]]]]), cache)[0, :, :, 0]
    array([[2., 2.],
           [2., 2.]])
    """
    shape, (kh, kw), (sy, sx) = cache
    _, h, w, _ = dY.shape
    dX = np.zeros(shape, dY.dtype)
    for i in range(kh):
        for j in range(kw):
            dX[:, i:i + sy * h:sy, j:j + sx * w:sx] += dY / (kh * kw)
    return dX


def _sizes(X, size, stride):
    size = tuple(size) if np.iterable(size) else (size, size)
    stride = size if stride is None else tuple(stride) if np.iterable(stride) else (stride, stride)
    if X.shape[1] < size[0] or X.shape[2] < size[1]:
        raise ValueError(f"a window of size {size} does not fit in images of size {X.shape[1:3]}.")
    return size, stride
