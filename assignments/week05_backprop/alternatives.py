# Correct solutions in other styles. Each must get full marks.

# %% alternative="cross_entropy" style="loop"
import math

def cross_entropy(p, y):
    total = 0.0
    for row, c in zip(p.tolist(), y.tolist(), strict=True):
        if not 0 <= c < len(row):
            raise ValueError("no such class")
        total += -math.log(row[c])
    return total / len(p)

# %% alternative="cross_entropy" style="one-hot"
import numpy as np

def cross_entropy(p, y):
    k = p.shape[1]
    if np.any((y < 0) | (y > k - 1)):
        raise ValueError(f"classes run from 0 to {k - 1}")
    onehot = np.eye(k)[y]
    return -(onehot * np.log(p)).sum(axis=1).mean()

# %% alternative="cross_entropy" style="take-along-axis"
import numpy as np

def cross_entropy(p, y):
    if not set(y.tolist()) <= set(range(p.shape[1])):
        raise ValueError("classes out of range")
    chosen = np.take_along_axis(p, y[:, np.newaxis], axis=1)
    return float(np.mean(np.log(1 / chosen)))

# %% alternative="numerical_gradient" style="unit-vectors"
import numpy as np

def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    slopes = []
    for i in range(x.size):
        e = np.zeros(x.size)
        e[i] = h
        e = e.reshape(x.shape)
        slopes.append((f(x + e) - f(x - e)) / (2 * h))
    return np.array(slopes, dtype=np.float64).reshape(x.shape)

# %% alternative="numerical_gradient" style="flat-copies"
import numpy as np

def numerical_gradient(f, x, h=1e-5):
    x = np.array(x)
    grad = np.empty(x.shape, dtype=float)
    for i in range(x.size):
        plus, minus = x.astype(float), x.astype(float)
        plus.flat[i] += h
        minus.flat[i] -= h
        grad.flat[i] = 0.5 * (f(plus) / h - f(minus) / h)
    return grad

# %% alternative="numerical_gradient" style="nditer-in-place"
import numpy as np

def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, float)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        kept = x[i].copy()
        x[i] = kept + h
        hi = f(x)
        x[i] = kept - h
        lo = f(x)
        x[i] = kept
        grad[i] = (hi - lo) / (2 * h)
        it.iternext()
    return grad

# %% alternative="dense_backward" style="einsum"
import numpy as np

def dense_backward(dY, X, W):
    return np.einsum("no,io->ni", dY, W), np.einsum("ni,no->io", X, dY), np.einsum("no->o", dY)

# %% alternative="dense_backward" style="sum-of-outer-products"
import numpy as np

def dense_backward(dY, X, W):
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n in range(len(X)):
        dX[n] = W @ dY[n]
        dW += np.outer(X[n], dY[n])
        db += dY[n]
    return dX, dW, db

# %% alternative="dense_backward" style="transposed-throughout"
import numpy as np

def dense_backward(dY, X, W):
    db = np.ones(len(dY)) @ dY
    return [(W @ dY.T).T, (dY.T @ X).T, db]

# %% alternative="relu_backward" style="product-with-mask"
def relu_backward(dY, z):
    return dY * (z > 0)

# %% alternative="relu_backward" style="copy-then-zero"
def relu_backward(dY, z):
    dz = dY.copy()
    dz[z <= 0] = 0
    return dz

# %% alternative="relu_backward" style="loop"
import numpy as np

def relu_backward(dY, z):
    dz = np.empty(dY.shape)
    for i in np.ndindex(*dY.shape):
        dz[i] = dY[i] if z[i] > 0 else 0.0
    return dz

# %% alternative="relu_backward" style="heaviside"
import numpy as np

def relu_backward(dY, z):
    return np.multiply(np.heaviside(z, 0.0), dY)

# %% alternative="softmax_cross_entropy" style="one-hot"
import numpy as np

def softmax_cross_entropy(logits, y):
    n, k = logits.shape
    e = np.exp(logits - logits.max(axis=1)[:, None])
    p = e / e.sum(axis=1)[:, None]
    onehot = np.eye(k)[y]
    top = logits.max(axis=1)
    log_sum = top + np.log(e.sum(axis=1))
    loss = np.mean(log_sum - (logits * onehot).sum(axis=1))
    return loss, (p - onehot) / n

# %% alternative="softmax_cross_entropy" style="logaddexp"
import numpy as np

def softmax_cross_entropy(logits, y):
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    loss = 0.0
    grad = np.exp(log_p) / len(y)
    for i, c in enumerate(y):
        loss -= log_p[i, c] / len(y)
        grad[i, c] -= 1 / len(y)
    return loss, grad

# %% alternative="softmax_cross_entropy" style="row-by-row"
import math
import numpy as np

def softmax_cross_entropy(logits, y):
    losses, rows = [], []
    for z, c in zip(logits.tolist(), y.tolist(), strict=True):
        top = max(z)
        e = [math.exp(v - top) for v in z]
        s = math.fsum(e)
        losses.append(top + math.log(s) - z[c])
        rows.append([v / s - (j == c) for j, v in enumerate(e)])
    return sum(losses) / len(losses), np.array(rows) / len(rows)

# %% alternative="mlp_gradients" style="keeps-every-z"
import numpy as np

def mlp_gradients(params, X, y):
    zs, activations = [], [X]
    for i, (W, b) in enumerate(params):
        zs.append(activations[-1] @ W + b)
        activations.append(zs[-1] * (zs[-1] > 0) if i < len(params) - 1 else zs[-1])
    e = np.exp(activations[-1] - activations[-1].max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[range(len(y)), y]))
    delta = (p - np.eye(p.shape[1])[y]) / len(y)
    grads = [None] * len(params)
    for i in range(len(params) - 1, -1, -1):
        grads[i] = (activations[i].T @ delta, delta.sum(axis=0))
        if i > 0:
            delta = (delta @ params[i][0].T) * (zs[i - 1] > 0)
    return loss, grads

# %% alternative="mlp_gradients" style="recursion"
import numpy as np

def mlp_gradients(params, X, y):
    n = len(y)

    def onwards(layer, a):
        W, b = params[layer]
        z = a @ W + b
        if layer == len(params) - 1:
            z = z - z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            loss = -log_p[np.arange(n), y].sum() / n
            dz = np.exp(log_p)
            dz[np.arange(n), y] -= 1
            dz, rest = dz / n, []
        else:
            loss, da, rest = onwards(layer + 1, np.maximum(z, 0))
            dz = da * (z > 0)
        return loss, dz @ W.T, [(a.T @ dz, dz.sum(axis=0)), *rest]

    loss, _, grads = onwards(0, X)
    return loss, grads

# %% alternative="mlp_gradients" style="einsum-and-one-row-for-the-bias"
import numpy as np

def mlp_gradients(params, X, y):
    n = len(X)
    seen = []
    h = X
    for i, (W, b) in enumerate(params):
        full = np.hstack([h, np.ones((n, 1))])
        seen.append(full)
        h = full @ np.vstack([W, b])
        if i + 1 < len(params):
            h = np.clip(h, 0, None)
    h = h - h.max(axis=1, keepdims=True)
    p = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
    loss = np.mean([-np.log(p[i, c]) for i, c in enumerate(y)])
    p[np.arange(n), y] -= 1
    d = p / n
    out = []
    for (W, _), full in list(zip(params, seen, strict=True))[::-1]:
        both = np.einsum("ni,no->io", full, d)
        out.insert(0, (both[:-1], both[-1]))
        d = np.einsum("no,io->ni", d, W) * (full[:, :-1] > 0)
    return loss, out

# %% alternative="DenseLayer" style="tuple-memory"
import numpy as np

class DenseLayer:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.memory = None

    def forward(self, X):
        self.memory = (X,)
        return np.dot(X, self.W) + self.b

    def backward(self, dY):
        (X,) = self.memory
        self.dW, self.db = np.dot(X.T, dY), np.sum(dY, axis=0)
        return np.dot(dY, self.W.T)

# %% alternative="DenseLayer" style="closure"
class DenseLayer:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, X):
        def back(dY):
            return dY @ self.W.T, X.T @ dY, sum(dY)

        self._back = back
        return self.b + X @ self.W

    def backward(self, dY):
        dX, self.dW, self.db = self._back(dY)
        return dX

# %% alternative="DenseLayer" style="einsum-and-zeroed-buffers"
import numpy as np

class DenseLayer:
    def __init__(self, W, b):
        self.W, self.b = np.array(W), np.array(b)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
        self.inputs = []

    def forward(self, X):
        self.inputs.append(X)
        return np.einsum("ni,io->no", X, self.W) + self.b

    def backward(self, dY):
        self.dW[...] = np.einsum("ni,no->io", self.inputs[-1], dY)
        self.db[...] = dY.sum(0)
        return np.einsum("no,io->ni", dY, self.W)

# %% alternative="clip_by_norm" style="one-long-vector"
import numpy as np

def clip_by_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    length = np.linalg.norm(np.concatenate([g.ravel().astype(np.float64) for g in grads]))
    if length <= max_norm:
        return [g.copy() for g in grads]
    factor = max_norm / length
    return [np.asarray(g * factor, dtype=g.dtype) for g in grads]

# %% alternative="clip_by_norm" style="largest-entry-first"
import math
import numpy as np

def clip_by_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(max_norm)
    largest = max(float(np.abs(g).max()) for g in grads)
    if largest == 0:
        return [g + 0 for g in grads]
    norm = largest * math.sqrt(sum(float(((g / largest) ** 2).sum(dtype=np.float64)) for g in grads))
    factor = min(1.0, float(max_norm) / norm)
    return [g * g.dtype.type(factor) if factor > 1e-30 else (g / g.dtype.type(largest)) * g.dtype.type(factor * largest)
            for g in grads]

# %% alternative="clip_by_norm" style="hypot"
import math
import numpy as np

def clip_by_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("clip to a positive length")
    norm = 0.0
    for g in grads:
        norm = math.hypot(norm, *g.astype(float).ravel().tolist())
    result = []
    for g in grads:
        new = g.astype(float)
        if norm > max_norm:
            new = new / norm * max_norm
        result.append(new.astype(g.dtype))
    return result

# %% alternative="descend" style="slices"
def descend(params, loss_and_gradients, lr, steps):
    losses = []
    while len(losses) < steps:
        loss, grads = loss_and_gradients(params)
        losses += [loss]
        for i in range(len(params)):
            params[i][...] = params[i] - lr * grads[i]
    return losses

# %% alternative="descend" style="np-subtract-out"
import numpy as np

def descend(params, loss_and_gradients, lr, steps):
    def step():
        loss, grads = loss_and_gradients(params)
        for p, g in zip(params, grads, strict=True):
            np.subtract(p, np.multiply(g, lr), out=p)
        return loss
    return [step() for _ in range(steps)]

# %% alternative="descend" style="works-on-copies-writes-back"
import numpy as np

def descend(params, loss_and_gradients, lr, steps):
    now = [p.copy() for p in params]
    losses = []
    for _ in range(steps):
        loss, grads = loss_and_gradients(now)
        losses.append(np.float64(loss))
        now = [p - lr * g for p, g in zip(now, grads, strict=True)]
    for p, trained in zip(params, now, strict=True):
        np.copyto(p, trained)
    return tuple(losses)
