"""JAX by hand: variant "step" compiles one step and calls it from Python, "scan" compiles a whole epoch."""

import numpy as np


def prepare(name, job, variant):
    import jax
    import jax.numpy as jnp

    adam = name == "J1"
    X, y = jnp.asarray(job["X"]), jnp.asarray(job.get("y", 0))
    params = [tuple(map(jnp.asarray, pair)) for pair in job["weights"]]
    zeros = jax.tree.map(jnp.zeros_like, params)

    def forward(params, X):
        for W, b in params[:-1]:
            X = jax.nn.relu(X @ W + b)
        return X @ params[-1][0] + params[-1][1]

    if name == "J4":
        run = jax.jit(lambda X: jax.nn.softmax(forward(params, X)))
        return lambda: float(np.concatenate([run(X[i : i + 1024]) for i in range(0, len(X), 1024)])[:, 0].sum()), None

    def loss_of(params, X, y):
        return -jnp.take_along_axis(jax.nn.log_softmax(forward(params, X)), y[:, None], axis=1).mean()

    def step(state, X, y):
        params, m, v, t = state
        loss, grads = jax.value_and_grad(loss_of)(params, X, y)
        t = t + 1
        if adam:
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
            v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
            rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            params = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7), params, m, v)
        else:
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.01 * g, m, grads)
            params = jax.tree.map(lambda p, m: p - m, params, m)
        return (params, m, v, t), loss

    # The state is copied first: the compiled function may write into the memory of what it was given.
    compiled = jax.jit(step, donate_argnums=0)

    def fresh():
        return jax.tree.map(jnp.array, (params, zeros, zeros, jnp.float32(0)))

    if name.startswith("J6"):

        def steps():
            state = fresh()
            for _ in range(job["steps"]):
                state, loss = compiled(state, X, y)
            return float(loss)

        return steps, lambda: None

    n, batch = len(X), job["batch"]
    full = n - n % batch

    @jax.jit
    def epoch(state, X, y, order):
        def one(state, idx):
            return step(state, X[idx], y[idx])

        state, losses = jax.lax.scan(one, state, order[:full].reshape(-1, batch))
        if full < n:
            state, _ = one(state, order[full:])
        return state, losses[-1]

    def train():
        rng, state = np.random.default_rng(job["seed"]), fresh()
        for _ in range(job["epochs"]):
            order = rng.permutation(n)
            if variant == "scan":
                state, loss = epoch(state, X, y, jnp.asarray(order))
            else:
                for begin in range(0, n, batch):
                    idx = order[begin : begin + batch]
                    state, loss = compiled(state, job["X"][idx], job["y"][idx])
        return float(loss)

    return train, lambda: None
