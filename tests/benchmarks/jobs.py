"""The jobs that every library does: data, starting weights and the order of the rows, the same for all.

    J1  digits (1797 x 64), 64-64-10 ReLU, Adam, batches of 32, 30 epochs
    J2  60,000 x 784, 784-64-10 ReLU, momentum, batches of 128, 1 epoch
    J3  digits, 20 dense layers of 128 with batch norm, ReLU and dropout, Adam, batches of 64, 5 epochs
    J4  100,000 x 784 through 784-512-512-10
    J5  PCA whitening of 50,000 x 784, fit and transform, all components and 100
    J6  one step of J2's network on a batch of 1, 32, 1024

Everything is float32. `scale` < 1 makes a smoke run of the same shapes.
"""

import numpy as np

JOBS = ["J1", "J2", "J3", "J4", "J5", "J5-100", "J6-1", "J6-32", "J6-1024"]
STEPS = {"J6-1": 300, "J6-32": 300, "J6-1024": 60}


def dense_weights(sizes, rng):
    """[(W, b), ...], W from He's normal rule, b zeros."""
    return [
        (rng.normal(0, np.sqrt(2 / d_in), (d_in, d_out)).astype(np.float32), np.zeros(d_out, np.float32))
        for d_in, d_out in zip(sizes, sizes[1:], strict=False)
    ]


def images(n, rng):
    """n x 784 numbers from 0 to 1 and classes that depend on them."""
    X = rng.random((n, 784), dtype=np.float32)
    return X, (X[:, :392].reshape(n, 49, 8)[:, ::5].sum(axis=2).argmax(axis=1)).astype(np.int64)


def job(name, scale=1.0):
    """A dict of what the job needs."""
    rng = np.random.default_rng(2024)
    kind = name.split("-")[0]
    if kind in ("J1", "J3"):
        from coursekit.datasets import digits

        X, y = digits(np.float32)
        X /= 16
        epochs = max(1, round((30 if kind == "J1" else 5) * scale))
        sizes = [64, 64, 10] if kind == "J1" else [64] + 20 * [128] + [10]
        batch = 32 if kind == "J1" else 64
        return {"X": X, "y": y, "weights": dense_weights(sizes, rng), "batch": batch, "epochs": epochs, "seed": 7}
    if kind == "J2":
        X, y = images(max(256, round(60_000 * scale)), rng)
        return {"X": X, "y": y, "weights": dense_weights([784, 64, 10], rng), "batch": 128, "epochs": 1, "seed": 7}
    if kind == "J4":
        X, _ = images(max(1024, round(100_000 * scale)), rng)
        return {"X": X, "weights": dense_weights([784, 512, 512, 10], rng)}
    if kind == "J5":
        n = max(1000, round(50_000 * scale))
        mixing = rng.normal(size=(784, 784)).astype(np.float32) * np.linspace(1, 0.1, 784, dtype=np.float32)
        X = rng.normal(size=(n, 784)).astype(np.float32) @ mixing
        return {"X": X, "components": 100 if name.endswith("100") else None}
    size = int(name.split("-")[1])
    X, y = images(size, rng)
    return {"X": X, "y": y, "weights": dense_weights([784, 64, 10], rng), "steps": max(3, round(STEPS[name] * scale))}


def spread(Y):
    """What a whitening job reports of its coordinates: the variance of the first thousand rows.

    That of all of them would take as much fresh memory again as the coordinates themselves, and where a page of it is
    dear (a virtual machine's, given back to its host), the report would take longer than the job.
    """
    return float(Y[:1000].var())
