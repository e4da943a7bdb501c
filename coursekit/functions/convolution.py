"""Convolution of images X (n, h, w, c_in) with kernels K (kh, kw, c_in, c_out), as a sum over the taps of the kernel.

Like every framework this computes the cross-correlation: the kernel is not flipped. For tap (i, j) the inputs that it
meets are a strided slice of X, so that one matrix product a tap does all positions and examples at once.

stride is one number or a pair. padding is "valid" (none), "same" (the output has ceil(h / stride) rows; an odd pixel
goes to the bottom right) or a number of zeros for each side.
"""

import numpy as np


def conv2d_forward(X, K, b, stride=1, padding="valid"):
    """`Y[n, y, x] = b + sum over i, j of X[n, y s + i, x s + j] @ K[i, j]`: (n, h, w, c_in) -> (n, h', w', c_out).

    h' = floor((h + padding - kh) / s) + 1.

    >>> X = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> conv2d_forward(X, np.ones((2, 2, 1, 1)), np.zeros(1))[0, :, :, 0]
    array([[ 8., 12.],
           [20., 24.]])
    """
    kh, kw, _, c_out = K.shape
    (top, bottom, sy), (left, right, sx) = _geometry(X.shape[1:3], (kh, kw), stride, padding)
    X = np.pad(X, ((0, 0), (top, bottom), (left, right), (0, 0)))
    h, w = (X.shape[1] - kh) // sy + 1, (X.shape[2] - kw) // sx + 1
    Y = np.zeros((len(X), h, w, c_out), dtype=np.result_type(X, K)) + b
    for i in range(kh):
        for j in range(kw):
            Y += X[:, i:i + sy * h:sy, j:j + sx * w:sx] @ K[i, j]
    return Y


def conv2d_backward(dY, X, K, stride=1, padding="valid"):
    """(dX, dK, db): each tap sends the gradient back to the slice that it read, and collects its own from there.

    >>> X = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> dX, dK, db = conv2d_backward(np.ones((1, 2, 2, 1)), X, np.ones((2, 2, 1, 1)))
    >>> dX[0, :, :, 0]                                # how many positions of the kernel each pixel takes part in
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    kh, kw, c_in, c_out = K.shape
    (top, bottom, sy), (left, right, sx) = _geometry(X.shape[1:3], (kh, kw), stride, padding)
    padded = np.pad(X, ((0, 0), (top, bottom), (left, right), (0, 0)))
    _, h, w, _ = dY.shape
    dX, dK = np.zeros_like(padded), np.zeros_like(K)
    rows = dY.reshape(-1, c_out)
    for i in range(kh):
        for j in range(kw):
            met = (slice(None), slice(i, i + sy * h, sy), slice(j, j + sx * w, sx))
            dK[i, j] = padded[met].reshape(-1, c_in).T @ rows
            dX[met] += dY @ K[i, j].T
    return dX[:, top:top + X.shape[1], left:left + X.shape[2]], dK, dY.sum(axis=(0, 1, 2))


def conv2d_transpose_forward(X, K, b, stride=1, padding="valid"):
    """What `conv2d_backward` does to dY, as a layer of its own: every pixel stamps the kernel, `X @ K[i, j]^T`, on Y.

    (n, h, w, c_in) -> (n, h', w', c_out), K (kh, kw, c_out, c_in) as in Keras; h' = (h - 1) s + max(kh, s) for "valid",
    h s for "same", (h - 1) s + kh - 2 p for a number p.

    >>> X = np.array([1.0, 2.0]).reshape(1, 1, 2, 1)
    >>> conv2d_transpose_forward(X, np.ones((1, 2, 1, 1)), np.zeros(1), stride=(1, 2)).ravel()
    array([1., 1., 2., 2.])
    """
    kh, kw, c_out, _ = K.shape
    _, h, w, _ = X.shape
    size = _transposed_size((h, w), (kh, kw), stride, padding)
    (top, bottom, sy), (left, right, sx) = _geometry(size, (kh, kw), stride, padding)
    canvas = np.zeros((len(X), top + size[0] + bottom, left + size[1] + right, c_out), dtype=np.result_type(X, K))
    for i in range(kh):
        for j in range(kw):
            canvas[:, i:i + sy * h:sy, j:j + sx * w:sx] += X @ K[i, j].T
    return canvas[:, top:top + size[0], left:left + size[1]] + b


def conv2d_transpose_backward(dY, X, K, stride=1, padding="valid"):
    """(dX, dK, db); dX is an ordinary convolution of dY with the same kernel.

    >>> X, K = np.ones((1, 1, 2, 1)), np.ones((1, 2, 1, 1))
    >>> dX, dK, db = conv2d_transpose_backward(np.ones((1, 1, 4, 1)), X, K, stride=(1, 2))
    >>> dX.ravel(), dK.ravel(), db
    (array([2., 2.]), array([2., 2.]), array([4.]))
    """
    kh, kw, c_out, c_in = K.shape
    _, h, w, _ = X.shape
    (top, bottom, sy), (left, right, sx) = _geometry(dY.shape[1:3], (kh, kw), stride, padding)
    canvas = np.pad(dY, ((0, 0), (top, bottom), (left, right), (0, 0)))
    dX, dK = np.zeros_like(X), np.zeros_like(K)
    for i in range(kh):
        for j in range(kw):
            met = canvas[:, i:i + sy * h:sy, j:j + sx * w:sx]
            dX += met @ K[i, j]
            dK[i, j] = met.reshape(-1, c_out).T @ X.reshape(-1, c_in)
    return dX, dK, dY.sum(axis=(0, 1, 2))


def conv2d_shape(size, kernel, stride=1, padding="valid"):
    """(h', w') of a convolution of images of size (h, w) with kernels of size (kh, kw).

    >>> conv2d_shape((28, 28), (5, 5)), conv2d_shape((28, 28), (5, 5), stride=2, padding="same")
    ((24, 24), (14, 14))
    """
    return tuple((length + before + after - k) // s + 1 for length, k, (before, after, s)
                 in zip(size, kernel, _geometry(size, kernel, stride, padding), strict=True))


def conv2d_transpose_shape(size, kernel, stride=1, padding="valid"):
    """(h', w') of a transposed convolution.

    >>> conv2d_transpose_shape((7, 7), (4, 4), stride=2, padding="same")
    (14, 14)
    """
    return _transposed_size(size, kernel, stride, padding)


def _pair(value):
    return tuple(value) if np.iterable(value) else (value, value)


def _geometry(size, kernel, stride, padding):
    """For each of the two axes: zeros before, zeros after, stride."""
    axes = []
    for length, k, s in zip(size, kernel, _pair(stride), strict=True):
        if padding == "valid":
            before = after = 0
        elif padding == "same":
            total = max((-(-length // s) - 1) * s + k - length, 0)
            before, after = total // 2, total - total // 2
        elif isinstance(padding, (int, np.integer)) and padding >= 0:
            before = after = int(padding)
        else:
            raise ValueError(f"padding is {padding!r}, expected 'valid', 'same' or a number of zeros.")
        if length + before + after < k:
            raise ValueError(f"a kernel of size {tuple(kernel)} does not fit in images of size {tuple(size)}, "
                             f"padding {padding!r}.")
        axes.append((before, after, s))
    return axes


def _transposed_size(size, kernel, stride, padding):
    if padding == "same":
        return tuple(length * s for length, s in zip(size, _pair(stride), strict=True))
    p = 0 if padding == "valid" else padding
    return tuple((length - 1) * s + (max(k, s) if padding == "valid" else k) - 2 * p
                 for length, k, s in zip(size, kernel, _pair(stride), strict=True))
