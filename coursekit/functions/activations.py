"""Activation functions, element by element: `a = g(z)`. Their derivatives have a module of their own beside this one.

Every function takes an array of any shape and gives one of the same shape and floating type, and none overflows or
warns for z as far out as 1000 (the exponential is only ever taken of numbers that are not positive).
"""

import numpy as np


def identity(z):
    """`z`: no non-linearity, for the output of a regression.

    >>> float(identity(np.float64(-1.5)))
    -1.5
    """
    return z


def sigmoid(z):
    """`1 / (1 + exp(-z))`, the logistic function: between 0 and 1, steepest at 0, always positive.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    # exp(-z) overflows for z = -1000. With e = exp(-|z|) <= 1 both halves are safe:
    #   z >= 0:  1 / (1 + exp(-z)) = 1 / (1 + e)          z < 0:  exp(z) / (1 + exp(z)) = e / (1 + e)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def tanh(z):
    """`(exp(z) - exp(-z)) / (exp(z) + exp(-z)) = 2 sigmoid(2 z) - 1`: between -1 and 1, close to z near 0.

    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    return np.tanh(z)


def relu(z):
    """`max(0, z)`, the rectified linear unit (Nair & Hinton 2010).

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    return np.maximum(z, 0)


def leaky_relu(z, alpha=0.01):
    """`z` if z > 0, else `alpha * z`: a small slope keeps the gradient alive (Maas et al. 2013).

    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]))
    array([-0.02,  0.  ,  3.  ])
    """
    return np.where(z > 0, z, alpha * z)


def prelu(z, alpha):
    """`z` if z > 0, else `alpha * z`, where alpha is a parameter that training learns (He et al. 2015).

    z has shape (n, d); alpha is one number or has shape (d,), one slope for each unit.

    >>> prelu(np.array([[-2.0, -2.0]]), np.array([0.5, 0.25]))
    array([[-1. , -0.5]])
    """
    return np.where(z > 0, z, alpha * z)


def noisy_relu(z, rng):
    """`max(0, z + noise)`, noise drawn from N(0, sigmoid(z)): the variance is sigmoid(z) (Nair & Hinton 2010).

    The noisy unit behaves like the sum of many binary units that share their weights. Noise is for training; at
    inference use `relu`. rng is a `np.random.Generator`.

    >>> a = noisy_relu(np.full(100_000, 20.0), np.random.default_rng(0))
    >>> round(float(a.mean()), 1), round(float(a.std()), 1)      # far from 0 the noise is N(0, 1)
    (20.0, 1.0)
    """
    z = np.asarray(z)
    e = np.exp(-np.abs(z))
    variance = np.where(z >= 0, 1, e) / (1 + e)
    noise = np.sqrt(variance) * rng.standard_normal(z.shape).astype(variance.dtype)
    return np.maximum(z + noise, 0)


def elu(z, alpha=1.0):
    """`z` if z > 0, else `alpha * (exp(z) - 1)`, the exponential linear unit (Clevert et al. 2016).

    >>> elu(np.array([-1000.0, 0.0, 1000.0]))
    array([  -1.,    0., 1000.])
    """
    # np.where computes both branches: without the minimum, exp(1000) would overflow in the branch nobody reads.
    # expm1(z) = exp(z) - 1 without losing the digits near 0.
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def selu(z):
    """`1.0507 * elu(z, alpha=1.6733)`: keeps mean 0 and variance 1 from layer to layer (Klambauer et al. 2017).

    The two constants make (0, 1) a fixed point of mean and variance for Var[W] = 1 / d_in.

    >>> selu(np.array([-1000.0, 0.0, 1.0])).round(4)
    array([-1.7581,  0.    ,  1.0507])
    """
    alpha, scale = 1.6732632423543772, 1.0507009873554805
    return scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def swish(z, beta=1.0):
    """`z * sigmoid(beta * z)` (Ramachandran et al. 2017, found by a search over formulas).

    beta = 0 gives z / 2, beta = 1 is also called SiLU, and a large beta comes close to ReLU; beta may be learned.
    Neither monotonic nor non-negative: the minimum is -0.2785 at z = -1.2785 (beta = 1).

    >>> swish(np.array([-4.0, -1.2785, 0.0, 4.0])).round(4)
    array([-0.0719, -0.2785,  0.    ,  3.9281])
    """
    e = np.exp(-np.abs(beta * z))
    return z * np.where(beta * z >= 0, 1, e) / (1 + e)


def softplus(z):
    """`log(1 + exp(z))`, a smooth ReLU; its derivative is the sigmoid (Dugas et al. 2001).

    >>> softplus(np.array([-1000.0, 0.0, 1000.0])).round(4)
    array([0.000e+00, 6.931e-01, 1.000e+03])
    """
    # log(1 + exp(z)) = z + log(1 + exp(-z)): take whichever exponent is not positive.
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def gelu(z, approximate=False):
    """`z * Phi(z)`, Phi the distribution function of N(0, 1) (Hendrycks & Gimpel 2016).

    approximate=True uses `z/2 * (1 + tanh(sqrt(2/pi) * (z + 0.044715 z^3)))`, within 0.0005 of the exact value and much
    faster in NumPy, which has no error function of its own.

    >>> gelu(np.array([-1000.0, 0.0, 1.0])).round(4), gelu(np.array([1.0]), approximate=True).round(4)
    (array([-0.    ,  0.    ,  0.8413]), array([0.8412]))
    """
    if approximate:
        return z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi).item() * (z + 0.044715 * z**3)))
    from math import erfc
    # Phi(z) = erfc(-z / sqrt 2) / 2 keeps its digits far below zero, where 1 + erf(z / sqrt 2) cancels.
    phi = np.vectorize(lambda v: erfc(-v / 2**0.5) / 2, otypes=[float])(z)
    return z * phi.astype(np.result_type(z, 0.0))


def softmax(z, axis=-1):
    """`exp(z) / sum(exp(z))` along `axis`: positive numbers that add up to 1.

    Adding the same number to every z changes nothing, which is what makes it safe: subtract the largest first.

    >>> softmax(np.array([[0.0, 0.0], [1000.0, -1000.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def log_softmax(z, axis=-1):
    """`z - log(sum(exp(z)))` along `axis`: the logarithm of softmax, exact where softmax has rounded to 0.

    >>> log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    shifted = z - np.max(z, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def dead_fraction(a):
    """Share of units that no example activates: columns of `a` without a positive number.

    a has shape (n, units); z, before the ReLU, gives the same answer. Between 0 (all alive) and 1.

    >>> dead_fraction(np.array([[0.0, 2.0, 0.0, 0.0], [0.0, 1.0, 3.0, 0.0]]))
    0.5
    """
    return float(np.mean(np.all(a <= 0, axis=0)))
