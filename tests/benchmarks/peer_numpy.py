"""The textbook version, as one writes it from the formulas, and the floor: the job's matrix products alone."""

import numpy as np
from jobs import spread


def prepare(name, job, variant):
    """`variant` is "textbook" or "floor"."""
    return (textbook if variant == "textbook" else floor)(name, job), lambda: None


def batches(job):
    """The index arrays of all steps, in the order that everybody uses."""
    rng = np.random.default_rng(job["seed"])
    n = len(job["X"])
    for _ in range(job["epochs"]):
        order = rng.permutation(n)
        for start in range(0, n, job["batch"]):
            yield order[start : start + job["batch"]]


def textbook(name, job):
    if name.startswith("J5"):
        return lambda: textbook_whitening(job["X"], job["components"])
    if name == "J4":
        return lambda: textbook_inference(job)
    if name == "J3":
        return lambda: textbook_deep(job)
    return lambda: textbook_training(name, job)


def softmax_step(z, y):
    """Loss, and gradient of the logits."""
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    p[np.arange(len(y)), y] -= 1
    return loss, p / len(y)


class Adam:
    def __init__(self, params):
        self.m, self.v, self.t = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params], 0

    def step(self, params, grads):
        self.t += 1
        for i, g in enumerate(grads):
            self.m[i] = 0.9 * self.m[i] + 0.1 * g
            self.v[i] = 0.999 * self.v[i] + 0.001 * g**2
            m, v = self.m[i] / (1 - 0.9**self.t), self.v[i] / (1 - 0.999**self.t)
            params[i] = params[i] - 0.001 * m / (np.sqrt(v) + 1e-7)


class Momentum:
    def __init__(self, params):
        self.V = [np.zeros_like(p) for p in params]

    def step(self, params, grads):
        for i, g in enumerate(grads):
            self.V[i] = 0.9 * self.V[i] + 0.01 * g
            params[i] = params[i] - self.V[i]


def textbook_training(name, job):
    params = [p.copy() for pair in job["weights"] for p in pair]
    optimizer = Adam(params) if name == "J1" else Momentum(params)
    every = (np.arange(len(job["X"])) for _ in range(job["steps"])) if "steps" in job else batches(job)
    for idx in every:
        X, y = job["X"][idx], job["y"][idx]
        W1, b1, W2, b2 = params
        z1 = X @ W1 + b1
        a1 = np.maximum(z1, 0)
        loss, dz2 = softmax_step(a1 @ W2 + b2, y)
        dz1 = np.where(z1 > 0, dz2 @ W2.T, 0)
        dX = dz1 @ W1.T  # noqa: F841  a general backward pass gives it, wanted or not
        optimizer.step(params, [X.T @ dz1, dz1.sum(axis=0), a1.T @ dz2, dz2.sum(axis=0)])
    return float(loss)


def textbook_deep(job):
    rng = np.random.default_rng(0)
    layers = [[W.copy(), b.copy(), np.ones_like(b), np.zeros_like(b)] for W, b in job["weights"][:-1]]
    params = [p for layer in layers for p in layer] + [p.copy() for p in job["weights"][-1]]
    optimizer, deep = Adam(params), len(layers)
    running = [(np.zeros_like(b), np.ones_like(b)) for _, b in job["weights"][:-1]]
    for idx in batches(job):
        a, caches = job["X"][idx], []
        for i in range(deep):
            W, b, gamma, beta = params[4 * i : 4 * i + 4]
            z = a @ W + b
            mean, var = z.mean(axis=0), z.var(axis=0)
            running[i] = 0.99 * running[i][0] + 0.01 * mean, 0.99 * running[i][1] + 0.01 * var
            z_hat = (z - mean) / np.sqrt(var + 1e-3)
            u = gamma * z_hat + beta
            mask = (rng.random(u.shape) >= 0.1).astype(np.float32) / 0.9
            caches.append((a, z_hat, var, u, mask))
            a = np.maximum(u, 0) * mask
        loss, dz = softmax_step(a @ params[-2] + params[-1], job["y"][idx])
        grads = [a.T @ dz, dz.sum(axis=0)]
        da = dz @ params[-2].T
        for i in reversed(range(deep)):
            W, b, gamma, beta = params[4 * i : 4 * i + 4]
            a, z_hat, var, u, mask = caches[i]
            du = np.where(u > 0, da * mask, 0)
            dgamma, dbeta, dz_hat = (du * z_hat).sum(axis=0), du.sum(axis=0), du * gamma
            dz = (dz_hat - dz_hat.mean(axis=0) - z_hat * (dz_hat * z_hat).mean(axis=0)) / np.sqrt(var + 1e-3)
            grads = [a.T @ dz, dz.sum(axis=0), dgamma, dbeta, *grads]
            da = dz @ W.T
        optimizer.step(params, grads)
    return float(loss)


def textbook_inference(job):
    (W1, b1), (W2, b2), (W3, b3) = job["weights"]
    a = np.maximum(np.maximum(job["X"] @ W1 + b1, 0) @ W2 + b2, 0)
    z = a @ W3 + b3
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return float((p / p.sum(axis=1, keepdims=True))[:, 0].sum())


def textbook_whitening(X, components):
    mean = X.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(X.T))
    keep = slice(None, None, -1) if components is None else slice(-1, -components - 1, -1)
    Y = (X - mean) @ vectors[:, keep] / np.sqrt(values[keep])
    return spread(Y)


def floor(name, job):
    """The products, on arrays that are there already; a backward pass has two for each forward one, but the first."""
    if name.startswith("J5"):
        return lambda: floor_whitening(job)
    if name == "J4":
        return lambda: floor_inference(job)
    return lambda: floor_training(job)


def floor_inference(job):
    X, widths = job["X"], [W.shape[1] for W, _ in job["weights"]]
    outs = [np.empty((1024, width), np.float32) for width in widths]
    for start in range(0, len(X), 1024):
        a = X[start : start + 1024]
        for (W, _), out in zip(job["weights"], outs, strict=True):
            a = np.dot(a, W, out=out[: len(a)])
    return float(a[0, 0])


def floor_whitening(job):
    X, k = job["X"], job["components"] or job["X"].shape[1]
    values, _ = np.linalg.eigh(X.T @ X)
    W, out = np.ones((784, k), np.float32), np.empty((1024, k), np.float32)
    for start in range(0, len(X), 1024):
        chunk = X[start : start + 1024]
        np.dot(chunk, W, out=out[: len(chunk)])
    return float(values[0])


def floor_training(job):
    n = len(job["X"])
    if "steps" in job:
        sizes = [n] * job["steps"]
    else:
        whole, rest = divmod(n, job["batch"])
        sizes = (whole * [job["batch"]] + [rest] * (rest > 0)) * job["epochs"]
    weights = [W for W, _ in job["weights"]]
    grads = [np.empty_like(W) for W in weights]
    inputs = [np.ones((max(sizes), W.shape[0]), np.float32) for W in weights]
    outputs = [np.ones((max(sizes), W.shape[1]), np.float32) for W in weights]
    for size in sizes:
        for X, W, Y in zip(inputs, weights, outputs, strict=True):
            np.dot(X[:size], W, out=Y[:size])
        for i in reversed(range(len(weights))):
            np.dot(inputs[i][:size].T, outputs[i][:size], out=grads[i])
            if i:
                np.dot(outputs[i][:size], weights[i].T)
        for Y in outputs:
            Y[:size] = 1  # or the numbers would grow from step to step
    return 0.0
