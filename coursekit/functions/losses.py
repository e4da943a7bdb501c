"""What a prediction costs. A loss is averaged over the batch and summed over the outputs of one example.

    classes 0..k-1        cross_entropy (of probabilities)   softmax_cross_entropy (of logits, with gradient)
                          multiclass_hinge (of scores)
    yes or no, in {0, 1}  binary_cross_entropy (of probabilities)   sigmoid_cross_entropy (of logits, with gradient)
    yes or no, in {-1, 1} hinge (of scores)
    numbers               squared_error   absolute_error
    distributions         entropy   kl_divergence

`<loss>_gradient` is the gradient with respect to the first argument, of its shape.
"""

import numpy as np


def cross_entropy(p, y):
    """loss = mean over the rows i of -log p[i, y[i]]

    The negative logarithm of the probability that was given to what really happened.
    It is 0, its lowest value, when that probability is 1, and grows without bound as it
    falls towards 0.

    Shapes: p (n, k), rows are probabilities; y (n,), integer classes from 0 to k - 1 -> a number.
    Raises ValueError if a class in y is negative or not smaller than k.

    >>> p = np.array([[0.5, 0.5], [0.25, 0.75]])
    >>> print(round(cross_entropy(p, np.array([0, 0])), 4))  # (log 2 + log 4) / 2
    1.0397
    """
    n, k = p.shape
    # NumPy would read -1 as "the last class" without a word.
    if y.min() < 0 or y.max() >= k:
        raise ValueError(f"cross_entropy expected classes from 0 to {k - 1}, received {y.min()} to {y.max()}")
    return -np.log(p[np.arange(n), y]).mean()


def cross_entropy_gradient(p, y):
    """dp = -1 / (n p) at the true classes, 0 elsewhere.

    Shapes: p (n, k), y (n,) -> (n, k). Rarely wanted: with softmax before it, use
    `softmax_cross_entropy`, whose gradient stays finite.

    >>> cross_entropy_gradient(np.array([[0.5, 0.5]]), np.array([1])).tolist()
    [[0.0, -2.0]]
    """
    rows = np.arange(len(y))
    dp = np.zeros_like(p)
    dp[rows, y] = -1 / (len(y) * p[rows, y])
    return dp


def softmax_cross_entropy(logits, y):
    """loss = mean of -log softmax(logits)[i, y[i]]        dlogits = (softmax(logits) - onehot(y)) / n

    Loss and gradient together, from the logits (what the last affine layer gives), so that
    no exponential overflows and no logarithm meets a zero, also at logits of 1000.

    Shapes: logits (n, k), y (n,) integer classes -> loss, a number; dlogits (n, k).

    >>> loss, dlogits = softmax_cross_entropy(np.array([[0.0, 0.0], [1000.0, 0.0]]), np.array([0, 0]))
    >>> print(round(loss, 4), dlogits.tolist())  # log(2) / 2 and (p - onehot) / 2
    0.3466 [[-0.25, 0.25], [0.0, 0.0]]
    """
    n = len(logits)
    rows = np.arange(n)
    # softmax does not change when every logit of a row moves by the same amount: move the largest to 0
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, y].mean()
    dlogits = np.exp(log_p)
    dlogits[rows, y] -= 1
    return loss, dlogits / n


def binary_cross_entropy(p, y):
    """loss = mean of -(y log p + (1 - y) log(1 - p)), summed over the outputs of one example

    The logistic log-likelihood with a minus in front, for labels in {0, 1}. Several outputs
    are several yes-or-no questions about one example (attributes), each judged by itself.

    Shapes: p and y both (n,) or both (n, k) -> a number. p lies strictly between 0 and 1.

    >>> print(round(binary_cross_entropy(np.array([0.5, 0.75]), np.array([1, 0])), 4))
    1.0397
    """
    return -(y * np.log(p) + (1 - y) * np.log1p(-p)).sum() / len(p)


def binary_cross_entropy_gradient(p, y):
    """dp = (p - y) / (p (1 - p)) / n

    Shapes: p and y both (n,) or both (n, k) -> that shape.

    >>> binary_cross_entropy_gradient(np.array([0.5]), np.array([1])).tolist()
    [-2.0]
    """
    return (p - y) / (p * (1 - p)) / len(p)


def sigmoid_cross_entropy(logits, y):
    """loss = mean of log(1 + exp(f)) - y f, summed over outputs        dlogits = (sigmoid(f) - y) / n

    Binary cross-entropy of sigmoid(f), written in the logits f: finite for every f.
    y - sigmoid(f) would be the gradient of the log-likelihood, which is climbed; the loss is descended.

    Shapes: logits and y both (n,) or both (n, k), y in {0, 1} -> loss, a number; dlogits of that shape.

    >>> loss, dlogits = sigmoid_cross_entropy(np.array([0.0, 1000.0]), np.array([1, 1]))
    >>> print(round(loss, 4), dlogits.tolist())  # log(2) / 2
    0.3466 [-0.25, 0.0]
    """
    # log(1 + e^f) = max(f, 0) + log(1 + e^-|f|), and sigmoid(f) = e^min(f, 0) / (1 + e^-|f|):
    # every exponent is at most 0.
    small = np.exp(-np.abs(logits))
    loss = (np.maximum(logits, 0) + np.log1p(small) - y * logits).sum() / len(logits)
    sigmoid = np.exp(np.minimum(logits, 0)) / (1 + small)
    return loss, (sigmoid - y) / len(logits)


def squared_error(y_hat, y):
    """loss = mean of 1/2 sum over outputs of (y_hat - y)^2

    Shapes: y_hat and y both (n,) or both (n, k) -> a number.

    >>> print(squared_error(np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 3.0]])))
    3.5
    """
    return 0.5 * ((y_hat - y) ** 2).sum() / len(y_hat)


def squared_error_gradient(y_hat, y):
    """dy_hat = (y_hat - y) / n, the residual: the 1/2 is there to cancel the 2.

    Shapes: y_hat and y both (n,) or both (n, k) -> that shape.

    >>> squared_error_gradient(np.array([3.0, 1.0]), np.array([1.0, 1.0])).tolist()
    [1.0, 0.0]
    """
    return (y_hat - y) / len(y_hat)


def absolute_error(y_hat, y):
    """loss = mean of the sum over outputs of |y_hat - y|

    Shapes: y_hat and y both (n,) or both (n, k) -> a number.

    >>> print(absolute_error(np.array([3.0, 0.0]), np.array([1.0, 1.0])))
    1.5
    """
    return np.abs(y_hat - y).sum() / len(y_hat)


def absolute_error_gradient(y_hat, y):
    """dy_hat = sign(y_hat - y) / n; at the kink y_hat = y it is 0, one of the slopes from -1 to 1.

    Shapes: y_hat and y both (n,) or both (n, k) -> that shape.

    >>> absolute_error_gradient(np.array([3.0, 1.0]), np.array([1.0, 1.0])).tolist()
    [0.5, 0.0]
    """
    return np.sign(y_hat - y) / len(y_hat)


def hinge(f, y):
    """loss = mean of max(0, 1 - y f), for labels in {-1, +1}

    Zero as soon as the score has the right sign and a margin of 1.

    Shapes: f and y both (n,) or both (n, k) -> a number, summed over the outputs of one example.

    >>> print(hinge(np.array([2.0, 0.5, -1.0]), np.array([1, 1, 1])))  # (0 + 0.5 + 2) / 3
    0.8333333333333334
    """
    return np.maximum(0, 1 - y * f).sum() / len(f)


def hinge_gradient(f, y):
    """df = -y / n where the margin is missed (y f < 1), else 0.

    Shapes: f and y both (n,) or both (n, k) -> that shape.

    >>> hinge_gradient(np.array([2.0, 0.5]), np.array([1, 1])).tolist()
    [0.0, -0.5]
    """
    return np.where(y * f < 1, -y, 0) / len(f)


def multiclass_hinge(scores, y):
    """loss = mean over i of the sum over j != y[i] of max(0, 1 + scores[i, j] - scores[i, y[i]])

    Every wrong class has to stay at least 1 below the right one.

    Shapes: scores (n, k), y (n,) integer classes -> a number.
    Source: Weston, Watkins, "Support vector machines for multi-class pattern recognition", 1999.

    >>> print(multiclass_hinge(np.array([[3.0, 2.5, 0.0]]), np.array([0])))
    0.5
    """
    rows = np.arange(len(y))
    margins = np.maximum(0, 1 + scores - scores[rows, y][:, None])
    margins[rows, y] = 0
    return margins.sum() / len(y)


def multiclass_hinge_gradient(scores, y):
    """dscores = 1/n for each wrong class within the margin; the right class pays for all of them.

    Shapes: scores (n, k), y (n,) -> (n, k).

    >>> multiclass_hinge_gradient(np.array([[3.0, 2.5, 2.5]]), np.array([0])).tolist()
    [[-2.0, 1.0, 1.0]]
    """
    rows = np.arange(len(y))
    inside = (1 + scores - scores[rows, y][:, None] > 0).astype(float)
    inside[rows, y] = 0
    inside[rows, y] = -inside.sum(axis=1)
    return inside / len(y)


def entropy(p):
    """H(p) = -sum of p log p, in nats; 0 log 0 counts as 0.

    Shapes: p (..., k), the last axis sums to 1 -> (...).
    Source: Shannon, "A mathematical theory of communication", 1948.

    >>> print(round(entropy(np.array([0.5, 0.5, 0.0])), 4))  # log 2
    0.6931
    """
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)


def kl_divergence(p, q):
    """KL(p || q) = sum of p log(p / q): what it costs to believe q where p is true.

    Never negative, 0 only for q = p, and not symmetric. H(p) + KL(p || q) is the cross-entropy
    -sum of p log q. Where p is 0 the term is 0; q must be positive where p is.

    Shapes: p and q (..., k) -> (...).
    Source: Kullback, Leibler, "On information and sufficiency", 1951.

    >>> print(round(kl_divergence(np.array([1.0, 0.0]), np.array([0.5, 0.5])), 4))  # log 2
    0.6931
    """
    ratio = np.divide(p, q, out=np.ones_like(p, dtype=float), where=p > 0)
    return (p * np.log(ratio)).sum(axis=-1)
