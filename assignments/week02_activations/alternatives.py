# Correct solutions in other styles. Each must get full marks.

# %% alternative="sigmoid" style="tanh"
import numpy as np

def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))

# %% alternative="sigmoid" style="masks"
import numpy as np

def sigmoid(z):
    z = np.asarray(z)
    result = np.empty(z.shape)
    right = z > 0
    result[right] = 1 / (1 + np.exp(-z[right]))
    result[~right] = np.exp(z[~right]) / (1 + np.exp(z[~right]))
    return result

# %% alternative="sigmoid" style="number-by-number"
import math
import numpy as np

def sigmoid(z):
    def one(t):
        return 1 / (1 + math.exp(-t)) if t >= 0 else math.exp(t) / (1 + math.exp(t))
    return np.vectorize(one, otypes=[float])(z)

# %% alternative="sigmoid" style="clipped-far-out"
import numpy as np

def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -700, 700)))

# %% alternative="sigmoid" style="logaddexp"
import numpy as np

def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))

# %% alternative="sigmoid_derivative" style="from-the-output"
import numpy as np

def sigmoid_derivative(z):
    s = 0.5 + 0.5 * np.tanh(0.5 * z)
    return s * (1 - s)

# %% alternative="sigmoid_derivative" style="hyperbolic-cosine"
import numpy as np

def sigmoid_derivative(z):
    half = np.clip(z, -700, 700) / 2
    return 1 / (2 * np.cosh(half)) ** 2

# %% alternative="sigmoid_derivative" style="two-sigmoids"
import numpy as np

def sigmoid_derivative(z):
    return np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z))

# %% alternative="relu" style="product-with-mask"
def relu(z):
    return z * (z > 0)

# %% alternative="relu" style="half-of-z-and-its-size"
def relu(z):
    return (z + abs(z)) / 2

# %% alternative="relu" style="copy-then-zero"
import numpy as np

def relu(z):
    a = np.array(z)
    a[a < 0] = 0
    return a

# %% alternative="relu" style="loop"
import numpy as np

def relu(z):
    a = np.zeros(z.shape)
    for i in np.ndindex(*z.shape):
        if z[i] > 0:
            a[i] = z[i]
    return a

# %% alternative="relu_derivative" style="cast"
def relu_derivative(z):
    return (z > 0).astype(float)

# %% alternative="relu_derivative" style="heaviside"
import numpy as np

def relu_derivative(z):
    return np.heaviside(z, 0.0)

# %% alternative="relu_derivative" style="zeros-then-ones"
import numpy as np

def relu_derivative(z):
    slope = np.zeros(z.shape)
    slope[z > 0] = 1
    return slope

# %% alternative="relu_derivative" style="ceiling"
import numpy as np

def relu_derivative(z):
    return np.ceil(np.clip(z, 0, 1))

# %% alternative="leaky_relu" style="two-halves"
import numpy as np

def leaky_relu(z, alpha=0.01):
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)

# %% alternative="leaky_relu" style="slope-times-z"
import numpy as np

def leaky_relu(z, alpha=0.01):
    slope = np.where(z <= 0, alpha, 1.0)
    return slope * z

# %% alternative="leaky_relu" style="copy-and-mask"
import numpy as np

def leaky_relu(z, alpha=0.01):
    a = np.array(z, dtype=float)
    a[a < 0] *= alpha
    return a

# %% alternative="leaky_relu_derivative" style="arithmetic-with-the-mask"
def leaky_relu_derivative(z, alpha=0.01):
    return alpha + (1 - alpha) * (z > 0)

# %% alternative="leaky_relu_derivative" style="full-then-ones"
import numpy as np

def leaky_relu_derivative(z, alpha=0.01):
    slope = np.full(np.shape(z), float(alpha))
    slope[z > 0] = 1
    return slope

# %% alternative="leaky_relu_derivative" style="select"
import numpy as np

def leaky_relu_derivative(z, alpha=0.01):
    return np.select([z > 0, z <= 0], [1.0, alpha])

# %% alternative="elu" style="two-halves"
import numpy as np

def elu(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)

# %% alternative="elu" style="mask"
import numpy as np

def elu(z, alpha=1.0):
    a = np.array(z, dtype=float)
    below = a <= 0
    a[below] = alpha * (np.exp(a[below]) - 1)
    return a

# %% alternative="elu" style="negative-size"
import numpy as np

def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(-np.abs(z)) - 1))

# %% alternative="elu_derivative" style="value-plus-alpha"
import numpy as np

def elu_derivative(z, alpha=1.0):
    sunk = alpha * np.expm1(np.minimum(z, 0))
    return np.where(z > 0, 1.0, sunk + alpha)

# %% alternative="elu_derivative" style="mask"
import numpy as np

def elu_derivative(z, alpha=1.0):
    slope = np.ones(np.shape(z))
    below = z <= 0
    slope[below] = alpha * np.exp(z[below])
    return slope

# %% alternative="elu_derivative" style="arithmetic-with-the-mask"
import numpy as np

def elu_derivative(z, alpha=1.0):
    return (z > 0) + (z <= 0) * alpha * np.exp(-np.abs(z))

# %% alternative="swish" style="tanh"
import numpy as np

def swish(z, beta=1.0):
    return z * (1 + np.tanh(beta * z / 2)) / 2

# %% alternative="swish" style="masks"
import numpy as np

def swish(z, beta=1.0):
    t = np.asarray(beta * z)
    s = np.empty(t.shape)
    right = t >= 0
    s[right] = 1 / (1 + np.exp(-t[right]))
    grown = np.exp(t[~right])
    s[~right] = grown / (1 + grown)
    return z * s

# %% alternative="swish" style="logaddexp"
import numpy as np

def swish(z, beta=1.0):
    return z * np.exp(-np.logaddexp(0, -beta * z))

# %% alternative="swish_derivative" style="from-the-output"
import numpy as np

def swish_derivative(z, beta=1.0):
    s = (1 + np.tanh(beta * z / 2)) / 2
    a = z * s
    return beta * a + s * (1 - beta * a)

# %% alternative="swish_derivative" style="product-rule"
import numpy as np

def swish_derivative(z, beta=1.0):
    s = np.exp(-np.logaddexp(0, -beta * z))
    u, du = z, 1.0
    v, dv = s, beta * s * (1 - s)
    return du * v + u * dv

# %% alternative="swish_derivative" style="clipped-far-out"
import numpy as np

def swish_derivative(z, beta=1.0):
    t = np.clip(beta * z, -500, 500)
    s = 1 / (1 + np.exp(-t))
    return s * (1 + t * (1 - s))

# %% alternative="softmax" style="log-sum"
import numpy as np

def softmax(z, axis=-1):
    return np.exp(z - np.logaddexp.reduce(z, axis=axis, keepdims=True))

# %% alternative="softmax" style="axis-to-the-end"
import numpy as np

def softmax(z, axis=-1):
    z = np.moveaxis(z, axis, -1)
    e = np.exp(z - z.max(axis=-1)[..., None])
    return np.moveaxis(e / e.sum(axis=-1)[..., None], -1, axis)

# %% alternative="softmax" style="row-by-row"
import math
import numpy as np

def softmax(z, axis=-1):
    def one(row):
        top = max(row)
        e = [math.exp(v - top) for v in row]
        return np.array(e) / math.fsum(e)
    return np.apply_along_axis(one, axis, z)

# %% alternative="log_softmax" style="logaddexp"
import numpy as np

def log_softmax(z, axis=-1):
    return z - np.logaddexp.reduce(z, axis=axis, keepdims=True)

# %% alternative="log_softmax" style="largest-and-the-rest"
import numpy as np

def log_softmax(z, axis=-1):
    top = z.max(axis=axis, keepdims=True)
    log_sum = top + np.log(np.exp(z - top).sum(axis=axis, keepdims=True))
    return z - log_sum

# %% alternative="log_softmax" style="row-by-row"
import math
import numpy as np

def log_softmax(z, axis=-1):
    def one(row):
        top = max(row)
        log_sum = math.log(sum(math.exp(v - top) for v in row))
        return np.array([v - top - log_sum for v in row])
    return np.apply_along_axis(one, axis, z)

# %% alternative="dead_fraction" style="largest-of-each-column"
import numpy as np

def dead_fraction(a):
    return np.mean(a.max(axis=0) <= 0)

# %% alternative="dead_fraction" style="any-and-not"
import numpy as np

def dead_fraction(a):
    awake = np.any(a > 0, axis=0)
    return 1 - awake.sum() / a.shape[1]

# %% alternative="dead_fraction" style="loop"
def dead_fraction(a):
    dead = 0
    for unit in a.T.tolist():
        if not any(value > 0 for value in unit):
            dead += 1
    return dead / a.shape[1]

# %% alternative="dead_fraction" style="after-a-relu"
import numpy as np

def dead_fraction(a):
    return float(np.count_nonzero(np.maximum(a, 0).sum(axis=0) == 0)) / len(a[0])
