"""How variances pass through sums, products and layers: what a good initial weight has to respect."""

import numpy as np


def product_variance(mean_x, var_x, mean_y, var_y):
    """`Var(XY) = E[X]^2 Var(Y) + E[Y]^2 Var(X) + Var(X) Var(Y)` for independent X and Y.

    With both means 0 the variances simply multiply. Numbers or arrays of one shape.

    >>> product_variance(0.0, 2.0, 0.0, 3.0), product_variance(1.0, 2.0, 0.0, 3.0)
    (6.0, 9.0)
    """
    return mean_x**2 * var_y + mean_y**2 * var_x + var_x * var_y


def uniform_variance(a, b):
    """`(b - a)^2 / 12`, the variance of a number drawn uniformly from [a, b]; U[-k, k] has k^2 / 3.

    >>> uniform_variance(-3.0, 3.0)
    3.0
    """
    # With mean m = (a + b)/2:  integral of (x - m)^2 / (b - a) over [a, b] = 2 ((b - a)/2)^3 / (3 (b - a)).
    return (b - a) ** 2 / 12


def gain(activation, alpha=0.01):
    """The factor on the standard deviation of the weights that makes up for what the activation takes away.

    activation is "linear", "sigmoid", "tanh" (5/3, a heuristic), "relu" (sqrt 2: the ReLU halves the second moment),
    "leaky_relu" (sqrt(2 / (1 + alpha^2))) or "selu" (3/4). The values are those of `torch.nn.init.calculate_gain`.

    >>> round(gain("relu"), 4), round(gain("leaky_relu", alpha=1.0), 4)
    (1.4142, 1.0)
    """
    gains = {"linear": 1.0, "identity": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": 2**0.5,
             "leaky_relu": (2 / (1 + alpha**2)) ** 0.5, "selu": 0.75}
    if activation not in gains:
        raise ValueError(f"no gain is known for activation {activation!r}; known are {', '.join(gains)}.")
    return gains[activation]


def signal_std_by_depth(X, weights, activation):
    """Standard deviation of what comes out of each layer, `activation(a @ W)`, whose a is what came out before.

    X has shape (n, d); weights is an iterable of matrices, each used once, so that it may be a generator that makes one
    matrix at a time; activation is a function. One number a layer: shape (depth,).

    >>> signal_std_by_depth(np.array([[1.0, -1.0]]), [2 * np.eye(2)] * 3, lambda z: z)
    array([2., 4., 8.])
    """
    a, stds = X, []
    for W in weights:
        a = activation(a @ W)
        stds.append(a.std())
    return np.array(stds)
