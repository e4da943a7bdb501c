# Correct solutions in other styles: every one of them must get full marks.

# %% alternative="count_dense" style="one expression"
def count_dense(d_in, d_out, bias=True):
    if min(d_in, d_out) <= 0:
        raise ValueError("sizes start at 1")
    return (d_in + bool(bias)) * d_out

# %% alternative="count_dense" style="count the arrays"
import numpy as np


def count_dense(d_in, d_out, bias=True):
    if d_in < 1 or d_out < 1:
        raise ValueError("no such layer")
    W = np.zeros((d_in, d_out))
    b = np.zeros(d_out if bias else 0)
    return W.size + b.size

# %% alternative="count_dense" style="unit by unit"
def count_dense(d_in, d_out, bias=True):
    if not (d_in > 0 and d_out > 0):
        raise ValueError
    count = 0
    for _ in range(d_out):
        count += d_in
        if bias:
            count += 1
    return count

# %% alternative="count_mlp" style="sum of a generator"
def count_mlp(sizes, bias=True):
    if len(sizes) < 2 or any(size < 1 for size in sizes):
        raise ValueError(f"{sizes}")
    return sum((before + bool(bias)) * after for before, after in zip(sizes, sizes[1:], strict=False))

# %% alternative="count_mlp" style="index loop"
def count_mlp(sizes, bias=True):
    if len(sizes) <= 1:
        raise ValueError("too few")
    parameters = 0
    for i in range(1, len(sizes)):
        if sizes[i] <= 0 or sizes[i - 1] <= 0:
            raise ValueError("too small")
        parameters = parameters + sizes[i - 1] * sizes[i] + (sizes[i] if bias else 0)
    return parameters

# %% alternative="count_mlp" style="dot product"
import numpy as np


def count_mlp(sizes, bias=True):
    widths = np.array(sizes)
    if widths.size < 2 or (widths < 1).any():
        raise ValueError("sizes")
    weights = np.dot(widths[:-1], widths[1:])
    return int(weights + (widths[1:].sum() if bias else 0))

# %% alternative="count_mlp" style="recursion"
def count_mlp(sizes, bias=True):
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError("sizes")
    first = sizes[0] * sizes[1] + (sizes[1] if bias else 0)
    return first if len(sizes) == 2 else first + count_mlp(sizes[1:], bias)

# %% alternative="layer_table" style="comprehension"
def layer_table(sizes, bias=True):
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError("sizes")
    return [
        {"inputs": a, "units": c, "weights": a * c, "biases": c * bool(bias), "parameters": (a + bool(bias)) * c}
        for a, c in zip(sizes, sizes[1:], strict=False)
    ]

# %% alternative="layer_table" style="index loop, keys one by one"
def layer_table(sizes, bias=True):
    if len(sizes) < 2:
        raise ValueError("at least two sizes")
    for size in sizes:
        if size < 1:
            raise ValueError("at least one unit")
    table = []
    for i in range(len(sizes) - 1):
        row = {}
        row["weights"] = sizes[i] * sizes[i + 1]
        row["biases"] = 0
        if bias:
            row["biases"] = sizes[i + 1]
        row["parameters"] = row["weights"] + row["biases"]
        row["inputs"] = sizes[i]
        row["units"] = sizes[i + 1]
        table.append(row)
    return table

# %% alternative="layer_table" style="last layer first, then turned round"
def layer_table(sizes, bias=True):
    rest = list(sizes)
    if len(rest) < 2 or not all(size >= 1 for size in rest):
        raise ValueError("sizes")
    rows = []
    while len(rest) > 1:
        units = rest.pop()
        inputs = rest[-1]
        biases = units if bias else 0
        rows.append({"inputs": inputs, "units": units, "weights": inputs * units, "biases": biases,
                     "parameters": inputs * units + biases})
    return rows[::-1]

# %% alternative="widest_hidden" style="halving search"
def widest_hidden(budget, d_in, d_out):
    low, high = 0, budget + 1
    while high - low > 1:
        middle = (low + high) // 2
        if (d_in + 1) * middle + (middle + 1) * d_out <= budget:
            low = middle
        else:
            high = middle
    return low

# %% alternative="widest_hidden" style="two cases"
import math


def widest_hidden(budget, d_in, d_out):
    one_unit = (d_in + 1) * 1 + (1 + 1) * d_out
    if budget < one_unit:
        return 0
    return 1 + math.floor((budget - one_unit) / (d_in + d_out + 1))

# %% alternative="widest_hidden" style="doubling, then steps back"
def widest_hidden(budget, d_in, d_out):
    def parameters(h):
        return d_in * h + h + h * d_out + d_out

    h, step = 0, 1
    while parameters(h + step) <= budget:
        step *= 2
    while step:
        if parameters(h + step) <= budget:
            h += step
        step //= 2
    return h

# %% alternative="collapse" style="einsum"
import numpy as np


def collapse(W1, b1, W2, b2):
    return np.einsum("ih,ho->io", W1, W2), np.einsum("h,ho->o", b1, W2) + b2

# %% alternative="collapse" style="ask the two layers"
import numpy as np


def collapse(W1, b1, W2, b2):
    def both(X):
        return (X @ W1 + b1) @ W2 + b2

    d_in = W1.shape[0]
    b = both(np.zeros((1, d_in)))[0]      # what remains when X is zero
    W = both(np.eye(d_in)) - b            # each unit vector brings out one row of W
    return W, b

# %% alternative="collapse" style="biases as one more row"
import numpy as np


def collapse(W1, b1, W2, b2):
    first = np.vstack([W1, b1])
    W_and_b = first @ W2
    return W_and_b[:-1], W_and_b[-1] + b2

# %% alternative="collapse" style="loops"
import numpy as np


def collapse(W1, b1, W2, b2):
    if W1.shape[1] != W2.shape[0]:
        raise ValueError("the layers do not fit")
    W = np.zeros((W1.shape[0], W2.shape[1]))
    b = np.array(b2)
    for k in range(W2.shape[1]):
        for j in range(W2.shape[0]):
            b[k] += b1[j] * W2[j, k]
            for i in range(W1.shape[0]):
                W[i, k] += W1[i, j] * W2[j, k]
    return W, b

# %% alternative="mlp_forward" style="enumerate"
def mlp_forward(params, X, activation):
    if len(params) == 0:
        raise ValueError("no layers")
    for i, (W, b) in enumerate(params):
        X = X @ W + b
        if i < len(params) - 1:
            X = activation(X)
    return X

# %% alternative="mlp_forward" style="recursion"
def mlp_forward(params, X, activation):
    if not params:
        raise ValueError("no layers")
    W, b = params[0]
    z = X @ W + b
    return z if len(params) == 1 else mlp_forward(params[1:], activation(z), activation)

# %% alternative="mlp_forward" style="example by example"
import numpy as np


def mlp_forward(params, X, activation):
    if not params:
        raise ValueError("no layers")
    outputs = []
    for x in X:
        for W, b in params[:-1]:
            x = activation(W.T @ x + b)
        W, b = params[-1]
        outputs.append(np.dot(x, W) + b)
    return np.array(outputs)

# %% alternative="mlp_forward" style="reduce"
from functools import reduce


def mlp_forward(params, X, activation):
    if not params:
        raise ValueError("no layers")
    *hidden, (W, b) = params
    return reduce(lambda a, layer: activation(a @ layer[0] + layer[1]), hidden, X) @ W + b

# %% alternative="steps_per_epoch" style="ceil"
import math


def steps_per_epoch(n, batch_size, drop_last=False):
    if n <= 0 or batch_size <= 0:
        raise ValueError("at least one")
    return math.floor(n / batch_size) if drop_last else math.ceil(n / batch_size)

# %% alternative="steps_per_epoch" style="upside-down floor"
def steps_per_epoch(n, batch_size, drop_last=False):
    if min(n, batch_size) < 1:
        raise ValueError("at least one")
    if drop_last:
        return n // batch_size
    return (n + batch_size - 1) // batch_size

# %% alternative="steps_per_epoch" style="deal them out"
def steps_per_epoch(n, batch_size, drop_last=False):
    if n < 1:
        raise ValueError("no examples")
    if batch_size < 1:
        raise ValueError("empty batches")
    steps = 0
    while n >= batch_size:
        n -= batch_size
        steps += 1
    if n > 0 and not drop_last:
        steps += 1
    return steps

# %% alternative="train_steps" style="first batch before the weights"
def train_steps(steps, seed_weights, fetch_batch, forward, cost, backward, update):
    batch = fetch_batch()
    w = seed_weights()
    losses = []
    while True:
        X, y = batch
        loss, slope = cost(forward(w, X), y)
        w = update(w, backward(w, X, slope))
        losses.append(loss)
        if len(losses) == steps:
            return w, losses
        batch = fetch_batch()

# %% alternative="train_steps" style="a step as a function"
def train_steps(steps, seed_weights, fetch_batch, forward, cost, backward, update):
    def step(w):
        X, y = fetch_batch()
        loss, dy_hat = cost(forward(w, X), y)
        return update(w, backward(w, X, dy_hat)), loss

    w, losses = seed_weights(), []
    for _ in range(steps):
        w, loss = step(w)
        losses += [loss]
    return w, losses

# %% alternative="train_steps" style="while, list filled in place"
def train_steps(steps, seed_weights, fetch_batch, forward, cost, backward, update):
    losses = [None] * steps
    w = seed_weights()
    t = 0
    while t < steps:
        batch = fetch_batch()
        prediction = forward(w, batch[0])
        result = cost(prediction, batch[1])
        losses[t] = result[0]
        w = update(w, backward(w, batch[0], result[1]))
        t += 1
    return [w, losses]
