# Correct solutions in other styles. Each must get full marks.

# %% alternative="Derivation" style="static-methods"
class Derivation:
    @staticmethod
    def line_1(mean, var):
        return mean * mean + var

    @staticmethod
    def line_2(a, b):
        return b * a

    @staticmethod
    def line_3(a, b):
        return b * a

    @staticmethod
    def line_4(square, mean):
        return square - mean * mean

    @staticmethod
    def line_5(n, var):
        return sum([var] * n)

    @staticmethod
    def line_6(n, v, w):
        return sum(v * w for _ in range(n))

    @staticmethod
    def line_7(a, b):
        return a + (b - a) / 2

    @staticmethod
    def line_8(a, b):
        return (b**3 - a**3) / (3 * (b - a))

# %% alternative="Derivation" style="built-on-each-other"
class Derivation:
    def line_1(self, mean_x, var_x):
        return float(var_x) + float(mean_x) ** 2

    def line_2(self, square_x, square_y):
        return float(square_x * square_y)

    def line_3(self, mean_x, mean_y):
        return float(mean_x * mean_y)

    def line_4(self, square_xy, mean_xy):
        return square_xy - self.line_3(mean_xy, mean_xy)

    def line_5(self, n, var_t):
        return var_t * n

    def line_6(self, n, var_w, var_x):
        return self.line_5(n, self.line_4(self.line_2(var_w, var_x), 0.0))

    def line_7(self, a, b):
        return 0.5 * a + 0.5 * b

    def line_8(self, a, b):
        return self.line_1(self.line_7(a, b), (b - a) ** 2 / 12)

# %% alternative="Derivation" style="numpy"
import numpy as np

class Derivation:
    def line_1(self, mean_x, var_x):
        return np.add(np.square(mean_x), var_x)

    def line_2(self, square_x, square_y):
        return np.multiply(square_x, square_y)

    line_3 = line_2

    def line_4(self, square_xy, mean_xy):
        return np.subtract(square_xy, np.square(mean_xy))

    def line_5(self, n, var_t):
        return np.full(n, var_t).sum()

    def line_6(self, n, var_w, var_x):
        return np.prod([n, var_w, var_x])

    def line_7(self, a, b):
        return np.mean([a, b])

    def line_8(self, a, b):
        return np.mean([a, b]) ** 2 + (b - a) ** 2 / 12

# %% alternative="product_variance" style="by-definition"
def product_variance(mean_x, var_x, mean_y, var_y):
    return (var_x + mean_x**2) * (var_y + mean_y**2) - (mean_x * mean_y) ** 2

# %% alternative="product_variance" style="bracketed"
import numpy as np

def product_variance(mean_x, var_x, mean_y, var_y):
    mx2, my2 = np.square(mean_x), np.square(mean_y)
    return var_x * (my2 + var_y) + mx2 * var_y

# %% alternative="product_variance" style="entry-by-entry"
import numpy as np

def product_variance(mean_x, var_x, mean_y, var_y):
    def one(mx, vx, my, vy):
        return mx * mx * vy + my * my * vx + vx * vy

    if np.ndim(mean_x) == 0:
        return one(mean_x, var_x, mean_y, var_y)
    flat = [one(*four) for four in zip(mean_x.flat, var_x.flat, mean_y.flat, var_y.flat, strict=True)]
    return np.array(flat).reshape(mean_x.shape)

# %% alternative="uniform_variance" style="moments"
def uniform_variance(a, b):
    mean = (a + b) / 2
    return (a * a + a * b + b * b) / 3 - mean**2

# %% alternative="uniform_variance" style="half-length"
def uniform_variance(a, b):
    k = (b - a) / 2
    return k * k / 3

# %% alternative="uniform_variance" style="antiderivative"
def uniform_variance(a, b):
    middle = (a + b) / 2
    return ((b - middle) ** 3 - (a - middle) ** 3) / (3 * (b - a))

# %% alternative="glorot_uniform" style="stretched-unit-interval"
def glorot_uniform(shape, rng):
    k = (6 / sum(shape)) ** 0.5
    return (2 * rng.random(shape) - 1) * k

# %% alternative="glorot_uniform" style="loops"
import math
import numpy as np

def glorot_uniform(shape, rng):
    rows, columns = shape
    k = math.sqrt(3) * math.sqrt(2 / (rows + columns))
    W = np.zeros(shape)
    for i in range(rows):
        for j in range(columns):
            W[i, j] = rng.uniform(-k, k)
    return W

# %% alternative="glorot_uniform" style="column-by-column"
import numpy as np

def glorot_uniform(shape, rng):
    k = np.sqrt(6.0 / (shape[0] + shape[1]))
    return np.column_stack([rng.uniform(low=-k, high=k, size=shape[0]) for _ in range(shape[1])])

# %% alternative="he_normal" style="scaled-standard-normal"
def he_normal(shape, rng):
    return rng.standard_normal(shape) * (2 / shape[0]) ** 0.5

# %% alternative="he_normal" style="loops"
import math
import numpy as np

def he_normal(shape, rng):
    d_in, d_out = shape
    sigma = math.sqrt(2) / math.sqrt(d_in)
    return np.array([[rng.normal(0, sigma) for _ in range(d_out)] for _ in range(d_in)])

# %% alternative="he_normal" style="row-by-row"
import numpy as np

def he_normal(shape, rng):
    W = np.empty(shape)
    for row in W:
        row[:] = rng.normal(scale=np.sqrt(2.0 / len(W)), size=W.shape[1])
    return W

# %% alternative="orthogonal" style="polar"
import numpy as np

def orthogonal(shape, rng, gain=1.0):
    U, _, Vt = np.linalg.svd(rng.normal(size=shape), full_matrices=False)
    return gain * (U @ Vt)

# %% alternative="orthogonal" style="gram-schmidt"
import numpy as np

def orthogonal(shape, rng, gain=1.0):
    long, short = max(shape), min(shape)
    columns = []
    while len(columns) < short:
        v = rng.normal(size=long)
        for _ in range(2):
            for q in columns:
                v = v - (q @ v) * q
        columns.append(v / np.linalg.norm(v))
    Q = np.array(columns)
    return gain * (Q.T if shape[0] >= shape[1] else Q)

# %% alternative="orthogonal" style="random-signs"
import numpy as np

def orthogonal(shape, rng, gain=1.0):
    n, k = shape if shape[0] >= shape[1] else shape[::-1]
    A = rng.standard_normal((n, k))
    Q, R = np.linalg.qr(A)
    Q *= np.sign(np.diagonal(R))
    return Q * gain if shape == (n, k) else (Q * gain).T

# %% alternative="sparse" style="shuffled-rows"
import numpy as np

def sparse(shape, rng, fan_in=15, std=1.0):
    d_in, d_out = shape
    k = min(fan_in, d_in)
    order = rng.permuted(np.tile(np.arange(d_in), (d_out, 1)), axis=1)[:, :k]
    W = np.zeros(shape)
    np.put_along_axis(W, order.T, rng.normal(0, std, size=(k, d_out)), axis=0)
    return W

# %% alternative="sparse" style="masked"
import numpy as np

def sparse(shape, rng, fan_in=15, std=1.0):
    ranks = rng.random(shape).argsort(axis=0).argsort(axis=0)
    return np.where(ranks < fan_in, std * rng.standard_normal(shape), 0.0)

# %% alternative="sparse" style="loops"
import numpy as np

def sparse(shape, rng, fan_in=15, std=1.0):
    W = np.zeros(shape)
    for j in range(shape[1]):
        for i in rng.permutation(shape[0])[:fan_in]:
            W[i, j] = std * rng.normal()
    return W

# %% alternative="signal_std_by_depth" style="recursive"
import numpy as np

def signal_std_by_depth(X, weights, activation):
    weights = list(weights)
    if not weights:
        return np.array([])
    a = activation(np.matmul(X, weights[0]))
    return np.concatenate([[np.std(a)], signal_std_by_depth(a, weights[1:], activation)])

# %% alternative="signal_std_by_depth" style="by-hand"
import numpy as np

def signal_std_by_depth(X, weights, activation):
    result = np.zeros(len(weights))
    for i in range(len(weights)):
        X = activation(np.dot(X, weights[i]))
        result[i] = np.sqrt(((X - X.mean()) ** 2).sum() / X.size)
    return result

# %% alternative="signal_std_by_depth" style="accumulate"
import itertools
import numpy as np

def signal_std_by_depth(X, weights, activation):
    signals = itertools.accumulate(weights, lambda a, W: activation(a @ W), initial=X)
    return np.array([np.std(a) for a in signals][1:])

# %% alternative="lsuv" style="twice-forward"
import numpy as np

def lsuv(weights, X, activation):
    found, a = [], X
    for W in weights:
        s = np.std(a @ W)
        if s == 0:
            raise ValueError("the outputs do not vary")
        V = W / s
        found.append(V)
        a = activation(a @ V)
    return found

# %% alternative="lsuv" style="copies"
import numpy as np

def lsuv(weights, X, activation):
    weights = [np.array(W, dtype=float) for W in weights]
    a = X
    for W in weights:
        z = np.einsum("ij,jk->ik", a, W)
        spread = np.sqrt(np.mean(z**2) - np.mean(z) ** 2)
        if spread <= 0 or np.isnan(spread):
            raise ValueError("nothing to rescale")
        W *= 1 / spread
        a = activation(z / spread)
    return weights

# %% alternative="lsuv" style="from-the-input-again"
import numpy as np

def lsuv(weights, X, activation):
    scaled = []
    for W in weights:
        a = X
        for V in scaled:
            a = activation(a @ V)
        deviation = (a @ W).std()
        if not deviation:
            raise ValueError("standard deviation 0")
        scaled.append(W / deviation)
    return scaled
