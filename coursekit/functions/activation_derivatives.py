"""Derivatives of the activation functions: `dz = da * g'(z)`, element by element.

Each takes the same z as its function. At a kink (ReLU at 0) the derivative from the left is returned, as frameworks do.
Softmax mixes the elements of a row, so it has a Jacobian matrix instead.
"""

import numpy as np


def identity_derivative(z):
    """`1`.

    >>> identity_derivative(np.array([-2.0, 3.0]))
    array([1., 1.])
    """
    return np.ones_like(z)


def sigmoid_derivative(z):
    """`sigmoid(z) * (1 - sigmoid(z))`: largest at 0, where it is 1/4, and gone far from 0.

    >>> sigmoid_derivative(np.array([-1000.0, 0.0, 1000.0]))
    array([0.  , 0.25, 0.  ])
    """
    # With e = exp(-|z|) the product is 1/(1+e) * e/(1+e) on both sides of 0: symmetric, and no 1 - sigmoid to cancel.
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def tanh_derivative(z):
    """`1 - tanh(z)^2`: largest at 0, where it is 1.

    >>> tanh_derivative(np.array([-1000.0, 0.0, 1000.0]))
    array([0., 1., 0.])
    """
    return 1 - np.tanh(z) ** 2


def relu_derivative(z):
    """`1` if z > 0, else `0`; at z = 0 itself we choose 0.

    >>> relu_derivative(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 1.])
    """
    return np.where(z > 0, np.ones_like(z), 0)


def leaky_relu_derivative(z, alpha=0.01):
    """`1` if z > 0, else `alpha`.

    >>> leaky_relu_derivative(np.array([-2.0, 0.0, 3.0]))
    array([0.01, 0.01, 1.  ])
    """
    return np.where(z > 0, np.ones_like(z), alpha)


def prelu_derivative(z, alpha):
    """`1` if z > 0, else `alpha`; alpha is one number or has shape (d,). See `prelu_alpha_derivative` for alpha's own.

    >>> prelu_derivative(np.array([[-2.0, -2.0, 1.0]]), np.array([0.5, 0.25, 0.5]))
    array([[0.5 , 0.25, 1.  ]])
    """
    return np.where(z > 0, np.ones_like(z), alpha)


def prelu_alpha_derivative(z):
    """`0` if z > 0, else `z`: the derivative of `prelu(z, alpha)` with respect to alpha.

    >>> prelu_alpha_derivative(np.array([-2.0, 3.0]))
    array([-2.,  0.])
    """
    return np.minimum(z, 0)


def noisy_relu_derivative(a):
    """`1` if a > 0, else `0`. Takes the *output* a of `noisy_relu`: the noise is gone, but a tells where it let z pass.

    The noise counts as a constant, as Nair & Hinton (2010) do, although its variance depends on z.

    >>> noisy_relu_derivative(np.array([0.0, 0.7]))
    array([0., 1.])
    """
    return np.where(a > 0, np.ones_like(a), 0)


def elu_derivative(z, alpha=1.0):
    """`1` if z > 0, else `alpha * exp(z)`.

    >>> elu_derivative(np.array([-1000.0, 0.0, 1000.0]))
    array([0., 1., 1.])
    """
    return np.where(z > 0, np.ones_like(z), alpha * np.exp(np.minimum(z, 0)))


def selu_derivative(z):
    """`1.0507` if z > 0, else `1.0507 * 1.6733 * exp(z)`.

    >>> selu_derivative(np.array([-1000.0, -1.0, 1.0])).round(4)
    array([0.    , 0.6468, 1.0507])
    """
    alpha, scale = 1.6732632423543772, 1.0507009873554805
    return scale * np.where(z > 0, np.ones_like(z), alpha * np.exp(np.minimum(z, 0)))


def swish_derivative(z, beta=1.0):
    """`s + beta * z * s * (1 - s)` with s = sigmoid(beta z): the product rule.

    >>> swish_derivative(np.array([-1000.0, 0.0, 2.4, 1000.0])).round(4)
    array([0.    , 0.5   , 1.0998, 1.    ])
    """
    e = np.exp(-np.abs(beta * z))
    s = np.where(beta * z >= 0, 1, e) / (1 + e)
    return s + beta * z * e / (1 + e) ** 2


def softplus_derivative(z):
    """`sigmoid(z)`.

    >>> softplus_derivative(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def gelu_derivative(z, approximate=False):
    """`Phi(z) + z * phi(z)`, with the distribution function Phi and the density phi of N(0, 1).

    approximate=True differentiates the tanh formula of `gelu`.

    >>> gelu_derivative(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    if approximate:
        c = np.sqrt(2 / np.pi).item()
        t = np.tanh(c * (z + 0.044715 * z**3))
        return (1 + t) / 2 + z / 2 * (1 - t**2) * c * (1 + 3 * 0.044715 * z**2)
    from math import erfc
    distribution = np.vectorize(lambda v: erfc(-v / 2**0.5) / 2, otypes=[float])(z).astype(np.result_type(z, 0.0))
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi).item()
    return distribution + z * density


def softmax_jacobian(z):
    """`J[i, j] = d softmax(z)_i / d z_j = p_i * (1 if i == j else 0) - p_i * p_j`.

    z has shape (..., k), the result (..., k, k): symmetric, and each row adds up to 0.

    >>> softmax_jacobian(np.array([0.0, 0.0]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    p = e / np.sum(e, axis=-1, keepdims=True)
    return p[..., :, None] * np.eye(p.shape[-1], dtype=p.dtype) - p[..., :, None] * p[..., None, :]


def log_softmax_jacobian(z):
    """`J[i, j] = d log_softmax(z)_i / d z_j = (1 if i == j else 0) - p_j`; z has shape (..., k), J (..., k, k).

    >>> log_softmax_jacobian(np.array([0.0, 0.0]))
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    p = e / np.sum(e, axis=-1, keepdims=True)
    return np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :]
