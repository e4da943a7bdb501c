# Correct solutions in other styles. Each must get full marks.

# %% alternative="minibatches" style="array-split"
import numpy as np

def minibatches(X, y, batch_size, rng=None, drop_last=False):
    if batch_size <= 0:
        raise ValueError("batch_size must be positive")
    if len(X) != len(y):
        raise ValueError("one label for each row, please")
    order = rng.permutation(len(X)) if rng is not None else np.arange(len(X))
    for idx in np.split(order, range(batch_size, len(order), batch_size)):
        if drop_last and len(idx) < batch_size:
            return
        yield X[idx], y[idx]

# %% alternative="minibatches" style="shuffled-copies-checked-at-once"
import numpy as np

def minibatches(X, y, batch_size, rng=None, drop_last=False):
    n = len(X)
    if not batch_size > 0 or n != len(y):
        raise ValueError("no batches from this")
    if rng is not None:
        idx = rng.permutation(n)
        X, y = X[idx], y[idx]
    count = n // batch_size if drop_last else -(-n // batch_size)
    return ((X[i * batch_size : (i + 1) * batch_size], y[i * batch_size : (i + 1) * batch_size]) for i in range(count))

# %% alternative="minibatches" style="row-by-row"
import numpy as np

def minibatches(X, y, batch_size, rng=None, drop_last=False):
    if batch_size < 1 or len(X) != len(y):
        raise ValueError((len(X), len(y), batch_size))
    rows = range(len(X)) if rng is None else rng.permutation(len(X)).tolist()
    batch = []
    for i in rows:
        batch.append(i)
        if len(batch) == batch_size:
            yield X[batch], y[batch]
            batch = []
    if batch and not drop_last:
        yield np.array([X[i] for i in batch]), np.array([y[i] for i in batch])

# %% alternative="sgd" style="np-subtract"
import numpy as np

def sgd(W, dW, lr=0.01):
    return np.subtract(W, np.multiply(dW, lr))

# %% alternative="sgd" style="copy-in-place"
def sgd(W, dW, lr=0.01):
    new = W.copy()
    new -= lr * dW
    return new

# %% alternative="sgd" style="loop"
import numpy as np

def sgd(W, dW, lr=0.01):
    new = np.empty(W.shape)
    for i in np.ndindex(W.shape):
        new[i] = W[i] - dW[i] * lr
    return new

# %% alternative="momentum" style="negative-velocity-inside"
def momentum(W, dW, V, lr=0.01, beta=0.9):
    step = -lr * dW - beta * V
    return W + step, -step

# %% alternative="momentum" style="copy-in-place"
def momentum(W, dW, V, lr=0.01, beta=0.9):
    W, V = W.copy(), V.copy()
    V *= beta
    V += lr * dW
    W -= V
    return [W, V]

# %% alternative="momentum" style="expanded"
def momentum(W, dW, V, lr=0.01, beta=0.9):
    return W - beta * V - lr * dW, lr * dW + V * beta

# %% alternative="nesterov" style="named-points"
def nesterov(W, gradient, V, lr=0.01, beta=0.9):
    carried = beta * V
    there = W - carried
    dW = gradient(there)
    return there - lr * dW, carried + lr * dW

# %% alternative="nesterov" style="negative-velocity-inside"
def nesterov(W, gradient, V, lr=0.01, beta=0.9):
    v = -V
    v_new = beta * v - lr * gradient(W + beta * v)
    return W + v_new, -v_new

# %% alternative="nesterov" style="copies"
import numpy as np

def nesterov(W, gradient, V, lr=0.01, beta=0.9):
    ahead = np.array(W)
    ahead -= beta * V
    new = np.array(V) * beta
    new += np.multiply(lr, gradient(ahead))
    return [np.subtract(W, new), new]

# %% alternative="adagrad" style="root-of-a-product"
import numpy as np

def adagrad(W, dW, s, lr=0.01, eps=1e-7):
    s = np.add(s, np.square(dW))
    return W - lr * (s + eps) ** -0.5 * dW, s

# %% alternative="adagrad" style="rate-per-weight"
import numpy as np

def adagrad(W, dW, s, lr=0.01, eps=1e-7):
    total = s + dW * dW
    rate = lr / np.sqrt(eps + total)
    return W - rate * dW, total

# %% alternative="adagrad" style="loop"
import math
import numpy as np

def adagrad(W, dW, s, lr=0.01, eps=1e-7):
    W_new, s_new = np.empty(W.shape), np.empty(W.shape)
    for i in np.ndindex(W.shape):
        s_new[i] = s[i] + dW[i] ** 2
        W_new[i] = W[i] - lr * dW[i] / math.sqrt(s_new[i] + eps)
    return W_new, s_new

# %% alternative="rmsprop" style="moves-towards-the-square"
import numpy as np

def rmsprop(W, dW, s, lr=0.001, rho=0.9, eps=1e-7):
    s = s + (1 - rho) * (dW**2 - s)
    return W - lr * dW / np.sqrt(s + eps), s

# %% alternative="rmsprop" style="average"
import numpy as np

def rmsprop(W, dW, s, lr=0.001, rho=0.9, eps=1e-7):
    mean = np.average([s, np.square(dW)], axis=0, weights=[rho, 1 - rho])
    return W - np.power(mean + eps, -0.5) * dW * lr, mean

# %% alternative="rmsprop" style="copy-in-place"
import numpy as np

def rmsprop(W, dW, s, lr=0.001, rho=0.9, eps=1e-7):
    s = np.array(s)
    s *= rho
    s += (1 - rho) * dW * dW
    root = np.sqrt(s + eps)
    new = np.array(W)
    new -= np.divide(dW, root) * lr
    return new, s

# %% alternative="adam" style="moves-towards"
import numpy as np

def adam(W, dW, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    m = m + (1 - beta1) * (dW - m)
    v = v + (1 - beta2) * (dW * dW - v)
    return W - lr * (1 - beta2**t) ** 0.5 / (1 - beta1**t) * (m / (v**0.5 + eps)), m, v

# %% alternative="adam" style="corrected-means"
import numpy as np

def adam(W, dW, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    m_new = beta1 * m + (1 - beta1) * dW
    v_new = beta2 * v + (1 - beta2) * np.square(dW)
    c2 = np.sqrt(1 - beta2**t)
    m_hat = m_new / (1 - beta1**t)
    root_hat = np.sqrt(v_new) / c2
    return W - lr * m_hat / (root_hat + eps / c2), m_new, v_new

# %% alternative="adam" style="loop"
import math
import numpy as np

def adam(W, dW, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    W, m, v = W.copy(), m.copy(), v.copy()
    c1 = 1 - math.prod([beta1] * t)
    c2 = 1 - math.prod([beta2] * t)
    for i in np.ndindex(W.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * dW[i]
        v[i] = beta2 * v[i] + (1 - beta2) * dW[i] ** 2
        W[i] -= lr * math.sqrt(c2) / c1 * m[i] / (math.sqrt(v[i]) + eps)
    return W, m, v

# %% alternative="step_decay" style="loop"
def step_decay(step, lr=0.1, factor=0.5, every=10):
    while step >= every:
        lr *= factor
        step -= every
    return lr

# %% alternative="step_decay" style="floor"
import math

def step_decay(step, lr=0.1, factor=0.5, every=10):
    return lr * math.pow(factor, math.floor(step / every))

# %% alternative="step_decay" style="recursion"
def step_decay(step, lr=0.1, factor=0.5, every=10):
    if step < every:
        return lr
    return factor * step_decay(step - every, lr, factor, every)

# %% alternative="new_bob" style="early-returns"
def new_bob(lr, errors, factor=0.5, threshold=0.0):
    if len(errors) < 2:
        return lr
    before, now = errors[-2:]
    if before - now >= threshold:
        return lr
    return factor * lr

# %% alternative="new_bob" style="numpy-diff"
import numpy as np

def new_bob(lr, errors, factor=0.5, threshold=0.0):
    fallen = -np.diff(np.array(errors, dtype=float))
    return lr * (factor if fallen.size and fallen[-1] < threshold else 1)

# %% alternative="new_bob" style="reversed-unpacking"
def new_bob(lr, errors, factor=0.5, threshold=0.0):
    newest_first = errors[::-1]
    try:
        now, before = newest_first[0], newest_first[1]
    except IndexError:
        return lr
    enough = not (before - now < threshold)
    return lr if enough else lr * factor

# %% alternative="one_cycle" style="math-helper"
import math

def one_cycle(step, steps=100, lr=0.1, rise=0.3, start=25.0, end=1e4):
    def wave(a, b, q):
        return b + (a - b) * (1 + math.cos(math.pi * q)) / 2

    top = rise * steps - 1
    low = lr / start
    if step <= top:
        return wave(low, lr, step / top)
    q = (step - top) / (steps - 1 - top)
    return wave(lr, low / end, min(q, 1))

# %% alternative="one_cycle" style="sine-squared"
import numpy as np

def one_cycle(step, steps=100, lr=0.1, rise=0.3, start=25.0, end=1e4):
    step = min(step, steps - 1)
    top = rise * steps - 1
    if step < top:
        return lr / start + (lr - lr / start) * np.sin(np.pi / 2 * step / top) ** 2
    q = (step - top) / (steps - 1 - top)
    return lr + (lr / (start * end) - lr) * np.sin(np.pi / 2 * q) ** 2

# %% alternative="one_cycle" style="interpolated-angle"
import numpy as np

def one_cycle(step, steps=100, lr=0.1, rise=0.3, start=25.0, end=1e4):
    # The angle runs 0, pi, 2 pi over the whole run; np.interp stays at the ends by itself.
    angle = np.interp(step, [0, rise * steps - 1, steps - 1], [0, np.pi, 2 * np.pi])
    outer = lr / start if angle < np.pi else lr / start / end
    return float(lr + (outer - lr) * (1 + np.cos(angle)) / 2)

# %% alternative="train" style="array-split"
import numpy as np

def train(params, X, y, gradients, lr, epochs, batch_size, rng):
    schedule = lr if callable(lr) else lambda step: lr
    params = [(np.array(W), np.array(b)) for W, b in params]
    losses, step = [], 0
    for _ in range(epochs):
        order = rng.permutation(len(X))
        weighted = []
        for idx in np.split(order, range(batch_size, len(order), batch_size)):
            loss, grads = gradients(params, X[idx], y[idx])
            weighted.append(loss * len(idx))
            for (W, b), (dW, db) in zip(params, grads, strict=True):
                W -= schedule(step) * dW
                b -= schedule(step) * db
            step += 1
        losses.append(sum(weighted) / len(X))
    return params, losses

# %% alternative="train" style="while-and-average"
import numpy as np

def train(params, X, y, gradients, lr, epochs, batch_size, rng):
    n, done, losses = len(X), 0, []
    while len(losses) < epochs:
        idx = rng.permutation(n)
        Xs, ys = X[idx], y[idx]
        batch_losses, sizes = [], []
        at = 0
        while at < n:
            Xb, yb = Xs[at : at + batch_size], ys[at : at + batch_size]
            loss, grads = gradients(params, Xb, yb)
            rate = lr(done) if callable(lr) else lr
            params = [tuple(p - rate * g for p, g in zip(pair, grad, strict=True))
                      for pair, grad in zip(params, grads, strict=True)]
            batch_losses.append(loss)
            sizes.append(len(Xb))
            done += 1
            at += batch_size
        losses.append(float(np.average(batch_losses, weights=sizes)))
    return list(params), losses

# %% alternative="train" style="one-loop-over-all-steps"
import math

def train(params, X, y, gradients, lr, epochs, batch_size, rng):
    n = len(X)
    a_epoch = math.ceil(n / batch_size)
    losses = [0.0] * epochs
    for step in range(epochs * a_epoch):
        epoch, k = divmod(step, a_epoch)
        if k == 0:
            order = rng.permutation(n)
        idx = order[k * batch_size : (k + 1) * batch_size]
        loss, grads = gradients(params, X[idx], y[idx])
        losses[epoch] += float(loss) * len(idx) / n
        rate = lr(step) if callable(lr) else lr
        params = [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    return params, losses
