"""The training loop: the whole of learning in a dozen lines."""

import numpy as np  # noqa: F401  (for the example)


def train(params, X, y, gradients, lr, epochs, batch_size, rng):
    """Minibatch gradient descent; returns (params, losses).

    params       list of (W, b), kept as it is: the trained ones are new arrays
    gradients    function (params, X_batch, y_batch) -> (loss, list of (dW, db)), the loss a mean over the batch
    lr           a number, or a schedule: function of the step (0, 1, 2, ... over the whole run) -> number
    rng          `np.random.Generator`; it draws a new order of the rows for each epoch
    losses       one number an epoch: the mean over its *examples* of the loss that each batch had before its step

    >>> def gradients(params, X, y):                    # fits y = W X + b by half the mean squared error
    ...     residual = X @ params[0][0] + params[0][1] - y
    ...     return (residual**2).mean() / 2, [(X.T @ residual / len(X), residual.mean(axis=0))]
    >>> X = np.array([[0.0], [1.0], [2.0]])
    >>> start = [(np.zeros((1, 1)), np.zeros(1))]
    >>> params, losses = train(start, X, 2 * X + 1, gradients, 0.2, 200, 2, np.random.default_rng(0))
    >>> params[0][0].round(3), params[0][1].round(3)
    (array([[2.]]), array([1.]))
    >>> losses[0] > losses[-1]
    True
    """
    n = len(X)
    step = 0
    losses = []
    for _ in range(epochs):
        order = rng.permutation(n)
        total = 0.0
        for start in range(0, n, batch_size):
            idx = order[start : start + batch_size]
            loss, grads = gradients(params, X[idx], y[idx])
            rate = lr(step) if callable(lr) else lr
            params = [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
            # The last batch may be smaller: weigh by rows, or its examples would count for more than others.
            total += loss * len(idx)
            step += 1
        losses.append(float(total / n))
    return params, losses
