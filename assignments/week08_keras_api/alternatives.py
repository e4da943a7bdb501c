# Correct solutions in other styles. Each must get full marks.

# %% alternative="Dense" style="einsum"
import numpy as np

class Dense:
    def __init__(self, units, use_bias=True, kernel_initializer="glorot_uniform"):
        try:
            self.draw = INITIALIZERS[kernel_initializer]
        except KeyError:
            raise ValueError(kernel_initializer) from None
        self.shape_out, self.biased, self.params, self.grads = units, use_bias, {}, {}

    def build(self, d_in, rng):
        self.params = {"W": self.draw((d_in, self.shape_out), rng)}
        if self.biased:
            self.params |= {"b": np.zeros((self.shape_out,))}
        return self.shape_out

    def forward(self, X, training=False):
        self.seen = X
        return np.einsum("ni,io->no", X, self.params["W"]) + self.params.get("b", 0.0)

    def backward(self, dY):
        self.grads = {"W": np.einsum("ni,no->io", self.seen, dY)}
        if self.biased:
            self.grads["b"] = np.einsum("no->o", dY)
        return np.einsum("no,io->ni", dY, self.params["W"])

    def count_params(self):
        return int(sum(np.prod(value.shape) for value in self.params.values()))

# %% alternative="Dense" style="functions-of-week-5"
import numpy as np
from coursekit.functions.counting import count_dense
from coursekit.functions.dense import dense_backward, dense_forward

class Dense:
    def __init__(self, units, use_bias=True, kernel_initializer="glorot_uniform"):
        if kernel_initializer not in INITIALIZERS:
            raise ValueError("no such initialiser")
        self.units, self.use_bias, self.initializer = units, use_bias, kernel_initializer
        self.params, self.grads = {}, {}

    def build(self, d_in, rng):
        self.d_in = d_in
        self.params["W"] = INITIALIZERS[self.initializer]((d_in, self.units), rng)
        if self.use_bias:
            self.params["b"] = np.zeros(self.units)
        return self.units

    def forward(self, X, training=False):
        self.X = X
        return dense_forward(X, self.params["W"], self.params["b"] if self.use_bias else np.zeros(self.units))

    def backward(self, dY):
        dX, dW, db = dense_backward(dY, self.X, self.params["W"])
        self.grads = {"W": dW, "b": db} if self.use_bias else {"W": dW}
        return dX

    def count_params(self):
        return count_dense(self.d_in, self.units, self.use_bias)

# %% alternative="Dense" style="ones-column"
import numpy as np

class Dense:
    def __init__(self, units, use_bias=True, kernel_initializer="glorot_uniform"):
        if kernel_initializer not in INITIALIZERS.keys():
            raise ValueError(f"unknown: {kernel_initializer}")
        self.u, self.bias, self.init = units, use_bias, kernel_initializer
        self.params = {}
        self.grads = {}

    def build(self, d_in, rng):
        W = INITIALIZERS[self.init](shape=(d_in, self.u), rng=rng)
        self.params.update(W=W)
        if self.bias is True:
            self.params.update(b=0 * W[0])
        return W.shape[1]

    def forward(self, X, training=False):
        # the bias is the weight of an input that is always 1
        self.X1 = np.hstack([X, np.ones((len(X), 1))]) if self.bias else X
        rows = [self.params["W"], self.params["b"][None]] if self.bias else [self.params["W"]]
        return self.X1 @ np.vstack(rows)

    def backward(self, dY):
        both = self.X1.T @ dY
        self.grads = {"W": both[:-1], "b": both[-1]} if self.bias else {"W": both}
        return (self.params["W"] @ dY.T).T

    def count_params(self):
        total = 0
        for name in self.params:
            total += len(self.params[name].ravel())
        return total

# %% alternative="Activation" style="table-of-pairs"
import numpy as np

class Activation:
    pairs = {
        "linear": (lambda z: 1.0 * z, lambda z: np.ones_like(z)),
        "relu": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
        "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
        "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    }

    def __init__(self, name):
        if name not in self.pairs:
            raise ValueError(name)
        self.g, self.slope = self.pairs[name]
        self.params, self.grads = {}, {}

    def build(self, d_in, rng):
        return d_in

    def forward(self, z, training=False):
        self.z = z
        return self.g(z)

    def backward(self, da):
        return self.slope(self.z) * da

# %% alternative="Activation" style="match"
import numpy as np

class Activation:
    def __init__(self, name):
        self.params = {}
        self.grads = {}
        match name:
            case "linear" | "relu" | "tanh" | "sigmoid":
                self.kind = name
            case _:
                raise ValueError(f"activation {name}?")

    def build(self, d_in, rng):
        self.d = d_in
        return self.d

    def forward(self, z, training=False):
        match self.kind:
            case "linear":
                a, self.local = z.copy(), np.ones(z.shape)
            case "relu":
                a, self.local = relu(z), (z > 0).astype(float)
            case "tanh":
                a = tanh(z)
                self.local = (1 - a) * (1 + a)
            case "sigmoid":
                a = sigmoid(z)
                self.local = a - a * a
        return a

    def backward(self, da):
        return np.multiply(da, self.local)

# %% alternative="Activation" style="library-derivatives"
import numpy as np
from coursekit.functions.activation_derivatives import relu_derivative, sigmoid_derivative, tanh_derivative

class Activation:
    def __init__(self, name):
        known = {"linear": (None, None), "relu": (relu, relu_derivative), "tanh": (tanh, tanh_derivative),
                     "sigmoid": (sigmoid, sigmoid_derivative)}
        if name not in known:
            raise ValueError("relu, tanh, sigmoid or linear")
        self.f, self.df = known[name]
        self.params, self.grads = {}, {}

    def build(self, d_in, rng=None):
        return d_in

    def forward(self, z, training=False):
        self.z = z
        return np.array(z) if self.f is None else self.f(z)

    def backward(self, da):
        return np.array(da) if self.df is None else da * self.df(self.z)

# %% alternative="PReLU" style="masks"
import numpy as np

class PReLU:
    def __init__(self):
        self.params, self.grads = {}, {}

    def build(self, d_in, rng):
        self.params = {"alpha": 0.25 * np.ones(d_in)}
        return d_in

    def forward(self, z, training=False):
        self.above, self.below = np.maximum(z, 0), np.minimum(z, 0)
        self.positive = z > 0
        return self.above + self.below * self.params["alpha"]

    def backward(self, da):
        self.grads = {"alpha": np.einsum("nd,nd->d", da, self.below)}
        return da * self.positive + da * ~self.positive * self.params["alpha"]

# %% alternative="PReLU" style="loops"
import numpy as np

class PReLU:
    def __init__(self):
        self.params = {}
        self.grads = {}

    def build(self, d_in, rng):
        self.params["alpha"] = np.array([0.25] * d_in)
        return d_in

    def forward(self, z, training=False):
        self.z = z.copy()
        a = z.copy()
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                if z[i, j] <= 0:
                    a[i, j] = z[i, j] * self.params["alpha"][j]
        return a

    def backward(self, da):
        dz, dalpha = da.copy(), np.zeros(da.shape[1])
        for i in range(da.shape[0]):
            for j in range(da.shape[1]):
                if self.z[i, j] <= 0:
                    dalpha[j] += da[i, j] * self.z[i, j]
                    dz[i, j] *= self.params["alpha"][j]
        self.grads["alpha"] = dalpha
        return dz

# %% alternative="PReLU" style="slopes"
import numpy as np

class PReLU:
    def __init__(self):
        self.params, self.grads = {}, {}

    def build(self, d_in, rng):
        self.params["alpha"] = np.repeat(0.25, d_in)
        return d_in

    def forward(self, z, training=False):
        self.z = z
        self.slopes = np.ones(z.shape) * self.params["alpha"]
        self.slopes[z > 0] = 1
        return z * self.slopes

    def backward(self, da):
        self.grads["alpha"] = np.sum(da * self.z, axis=0, where=self.z <= 0)
        return da * self.slopes

# %% alternative="Sequential" style="minibatches"
import numpy as np

class Sequential:
    toys = Scale, Half, Square, StopAfter

    def __init__(self, layers):
        self.layers = layers
        self.is_built = False
        self.rate = None

    def build(self, d_in, rng):
        if self.is_built:
            return
        width = d_in
        for layer in self.layers:
            width = layer.build(width, rng)
        self.is_built = True

    def compile(self, lr):
        self.rate = lr

    def run(self, X, training):
        for layer in self.layers:
            X = layer.forward(X, training)
        return X

    def predict(self, X):
        return self.run(X, False)

    def evaluate(self, X, y):
        logits = self.predict(X)
        return {"loss": softmax_cross_entropy(logits, y)[0], "accuracy": np.mean(np.argmax(logits, axis=1) == y)}

    def step(self, X, y):
        loss, d = softmax_cross_entropy(self.run(X, True), y)
        for layer in self.layers[::-1]:
            d = layer.backward(d)
            for name, grad in layer.grads.items():
                layer.params[name] -= self.rate * grad
        return loss

    def fit(self, X, y, epochs, batch_size, rng, validation_data=None, callbacks=()):
        if self.rate is None:
            raise RuntimeError("not compiled")
        self.build(X.shape[1], rng)
        self.stop_training = False
        for callback in callbacks:
            callback.model = self
        all_logs = []
        epoch = 0
        while epoch < epochs and not self.stop_training:
            epoch += 1
            losses = [(self.step(A, b), len(b)) for A, b in minibatches(X, y, batch_size, rng)]
            logs = {"loss": sum(loss * n for loss, n in losses) / len(X)}
            if validation_data:
                found = self.evaluate(*validation_data)
                logs["val_loss"], logs["val_accuracy"] = found["loss"], found["accuracy"]
            all_logs.append(logs)
            for callback in callbacks:
                callback.on_epoch_end(epoch, dict(logs))
        for callback in callbacks:
            callback.on_train_end()
        return {name: [logs[name] for logs in all_logs] for name in all_logs[0]}

# %% alternative="Sequential" style="row-losses"
import numpy as np

class Sequential:
    toys = Scale, Half, Square, StopAfter

    def __init__(self, layers):
        self.layers, self.ready, self.step_size = list(layers), False, None

    def build(self, d_in, rng):
        if not self.ready:
            for layer in self.layers:
                d_in = layer.build(d_in, rng)
        self.ready = True

    def compile(self, lr):
        self.step_size = lr

    def predict(self, X):
        outputs = [X]
        for layer in self.layers:
            outputs.append(layer.forward(outputs[-1]))
        return outputs[-1]

    def evaluate(self, X, y):
        z = self.predict(X)
        right = sum(int(row.argmax()) == int(c) for row, c in zip(z, y, strict=True))
        return {"accuracy": right / len(y), "loss": softmax_cross_entropy(z, y)[0]}

    def fit(self, X, y, epochs, batch_size, rng, validation_data=None, callbacks=()):
        if not self.step_size:
            raise RuntimeError("say how to learn: compile(lr)")
        self.build(X.shape[1], rng)
        self.stop_training, history = False, {"loss": []}
        if validation_data is not None:
            history |= {"val_loss": [], "val_accuracy": []}
        for c in callbacks:
            c.model = self
        n = len(X)
        for e in range(epochs):
            order = rng.permutation(n)
            Xs, ys = X[order], y[order]
            row_losses = np.empty(n)
            for i in range(0, n, batch_size):
                part = slice(i, i + batch_size)
                a = Xs[part]
                for layer in self.layers:
                    a = layer.forward(a, True)
                row_losses[part], d = softmax_cross_entropy(a, ys[part])
                gradients = []
                for layer in self.layers[::-1]:
                    d = layer.backward(d)
                    gradients.insert(0, {k: v.copy() for k, v in layer.grads.items()})
                for layer, grads in zip(self.layers, gradients, strict=True):
                    layer.params = {k: layer.params[k] - self.step_size * grads[k] for k in layer.params}
            history["loss"].append(row_losses.mean())
            logs = {"loss": history["loss"][-1]}
            if validation_data is not None:
                for k, v in self.evaluate(*validation_data).items():
                    history["val_" + k].append(v)
                    logs["val_" + k] = v
            for c in callbacks:
                c.on_epoch_end(e + 1, logs)
            if self.stop_training:
                break
        for c in callbacks:
            c.on_train_end()
        return history

# %% alternative="Sequential" style="recursive"
import numpy as np

class Sequential:
    toys = Scale, Half, Square, StopAfter

    def __init__(self, layers):
        self.layers = layers

    def build(self, d_in, rng):
        if getattr(self, "built", False):
            return self
        self.built = True
        for layer in self.layers:
            d_in = layer.build(d_in, rng)
        return self

    def compile(self, lr):
        self.lr = lr

    def through(self, X, y, layers):
        """Forwards on the way in, backwards on the way out."""
        if not layers:
            self.loss, gradient = softmax_cross_entropy(X, y)
            return gradient
        gradient = self.through(layers[0].forward(X, training=True), y, layers[1:])
        return layers[0].backward(gradient)

    def predict(self, X):
        for layer in self.layers:
            X = layer.forward(X, training=False)
        return X

    def evaluate(self, X, y):
        logits = self.predict(X)
        loss, _ = softmax_cross_entropy(logits, y)
        return {"loss": loss, "accuracy": float(sum(logits.argmax(1) == y)) / len(y)}

    def fit(self, X, y, epochs, batch_size, rng, validation_data=None, callbacks=()):
        if not hasattr(self, "lr"):
            raise RuntimeError("compile comes first")
        self.build(X.shape[1], rng)
        self.stop_training = False
        history = {}
        for callback in callbacks:
            callback.model = self
        for epoch in range(1, epochs + 1):
            total = 0
            order = rng.permutation(len(X))
            for rows in np.split(order, range(batch_size, len(X), batch_size)):
                self.through(X[rows], y[rows], self.layers)
                total += len(rows) * self.loss
                for layer in self.layers:
                    for name, value in layer.params.items():
                        value -= self.lr * layer.grads[name]
            logs = {"loss": total / len(X)}
            if validation_data is not None:
                val = self.evaluate(*validation_data)
                logs.update(val_loss=val["loss"], val_accuracy=val["accuracy"])
            for name in logs:
                history[name] = history.get(name, []) + [logs[name]]
            [callback.on_epoch_end(epoch, logs) for callback in callbacks]
            if self.stop_training:
                break
        [callback.on_train_end() for callback in callbacks]
        return history

# %% alternative="EarlyStopping" style="counter"
import numpy as np

class EarlyStopping:
    toy = ToyModel

    def __init__(self, patience, monitor="val_loss", min_delta=0.0):
        self.patience = patience
        self.monitor = monitor
        self.min_delta = min_delta
        self.best = np.inf
        self.waited = 0

    def on_epoch_end(self, epoch, logs):
        if self.best == np.inf or logs[self.monitor] < self.best - self.min_delta:
            self.best = logs[self.monitor]
            self.best_epoch = epoch
            self.waited = 0
            self.saved = []
            for layer in self.model.layers:
                self.saved.append({})
                for name in layer.params:
                    self.saved[-1][name] = np.array(layer.params[name])
        else:
            self.waited += 1
            if self.waited == self.patience:
                self.model.stop_training = True

    def on_train_end(self):
        for i in range(len(self.saved)):
            self.model.layers[i].params = self.saved[i]

# %% alternative="EarlyStopping" style="all-epochs-kept"
import copy

class EarlyStopping:
    toy = ToyModel

    def __init__(self, patience, monitor="val_loss", min_delta=0.0):
        self.patience, self.monitor, self.min_delta = patience, monitor, min_delta
        self.snapshots, self.best_epoch = {}, None

    def on_epoch_end(self, epoch, logs):
        self.snapshots[epoch] = copy.deepcopy([layer.params for layer in self.model.layers])
        if self.best_epoch is None or self.best - logs[self.monitor] > self.min_delta:
            self.best, self.best_epoch = logs[self.monitor], epoch
        self.model.stop_training = epoch >= self.best_epoch + self.patience

    def on_train_end(self):
        for layer, params in zip(self.model.layers, self.snapshots[self.best_epoch], strict=True):
            layer.params = params

# %% alternative="EarlyStopping" style="restored-in-place"
class EarlyStopping:
    toy = ToyModel

    def __init__(self, patience, monitor="val_loss", min_delta=0.0):
        self.__dict__.update(patience=patience, monitor=monitor, delta=min_delta, best=None, best_epoch=0)

    def on_epoch_end(self, epoch, logs):
        new = logs[self.monitor]
        improved = self.best is None or new + self.delta < self.best
        if improved:
            self.best, self.best_epoch = new, epoch
            self.values = [(layer.params, name, value.copy())
                           for layer in self.model.layers for name, value in layer.params.items()]
        if not improved and epoch == self.best_epoch + self.patience:
            self.model.stop_training = True

    def on_train_end(self):
        for params, name, value in self.values:
            params[name][...] = value

# %% alternative="save" style="comprehension"
import json

def save(layers):
    def entry(value):
        return {"data": [float(x) for x in value.flat], "dtype": str(value.dtype), "shape": value.shape}

    described = [layer | {"params": {k: entry(v) for k, v in layer["params"].items()}} for layer in layers]
    return json.dumps({"layers": described, "format": 1}, indent=2)

# %% alternative="save" style="default-hook"
import json
import numpy as np

def save(layers):
    def described(value):
        if isinstance(value, np.ndarray):
            return {"dtype": value.dtype.name, "shape": value.shape, "data": value.reshape(-1).tolist()}
        raise TypeError(value)

    return json.dumps({"format": 1, "layers": layers}, default=described)

# %% alternative="save" style="copy-and-replace"
import copy
import json

def save(layers):
    layers = copy.deepcopy(layers)
    for layer in layers:
        for name in layer["params"]:
            array = layer["params"][name]
            entries = list(map(float, array.flatten()))
            layer["params"][name] = {"shape": [int(s) for s in array.shape], "dtype": f"{array.dtype}", "data": entries}
    return json.dumps({"format": 1, "layers": layers}, sort_keys=True)

# %% alternative="load" style="checks-first"
import json
import numpy as np

def load(text):
    try:
        saved = json.loads(text)
        layers = saved["layers"] if saved["format"] == 1 else None
    except (TypeError, KeyError, ValueError):
        raise ValueError("not a saved model") from None
    if layers is None:
        raise ValueError("another format")
    for layer in layers:
        for name, entry in layer["params"].items():
            if entry["dtype"] not in {"float32", "float64"} or np.prod(entry["shape"]) != len(entry["data"]):
                raise ValueError(name)
            kind = np.float32 if entry["dtype"] == "float32" else np.float64
            array = np.zeros(entry["shape"], kind)
            array.flat = entry["data"]
            layer["params"][name] = array
    return layers

# %% alternative="load" style="comprehension"
import json
import numpy as np

def load(text):
    def array(entry):
        if entry["dtype"] not in ["float32", "float64"]:
            raise ValueError(entry["dtype"])
        return np.asarray(entry["data"], entry["dtype"]).reshape(*entry["shape"])

    saved = json.loads(text)
    if not isinstance(saved, dict) or saved.get("format", 0) != 1:
        raise ValueError("format")
    return [{**layer, "params": {k: array(v) for k, v in layer["params"].items()}} for layer in saved["layers"]]

# %% alternative="load" style="object-hook"
import json
import numpy as np

def load(text):
    def hook(entry):
        if set(entry) != {"dtype", "shape", "data"}:
            return entry
        if not entry["dtype"].startswith("float") or entry["dtype"] == "float16":
            raise ValueError("dtype")
        return np.array(entry["data"]).astype(entry["dtype"]).reshape(tuple(entry["shape"]))

    saved = json.loads(text, object_hook=hook)
    if not (isinstance(saved, dict) and saved.get("format") == 1):
        raise ValueError("format 1 is all that can be read here")
    return saved["layers"]

# %% alternative="train_reader" style="adam"
import numpy as np

def train_reader(X, y, seed):
    rng = np.random.default_rng(seed)
    params = [[he_normal((64, 64), rng), np.zeros(64)], [he_normal((64, 10), rng), np.zeros(10)]]
    m = [[np.zeros_like(v) for v in pair] for pair in params]
    s = [[np.zeros_like(v) for v in pair] for pair in params]
    t, total = 0, 20 * -(-len(X) // 50)
    for _ in range(20):
        moved = wander(X, rng)
        for X_batch, y_batch in minibatches(moved, y, 50, rng):
            _, grads = mlp_gradients(params, X_batch, y_batch)
            t += 1
            for i in range(2):
                for j in range(2):
                    g = grads[i][j]
                    m[i][j] = 0.9 * m[i][j] + 0.1 * g
                    s[i][j] = 0.99 * s[i][j] + 0.01 * g**2
                    step = m[i][j] / (1 - 0.9**t) / (np.sqrt(s[i][j] / (1 - 0.99**t)) + 1e-8)
                    params[i][j] = params[i][j] - 0.02 * (1 - t / total) * step
    return [tuple(pair) for pair in params]

# %% alternative="train_reader" style="nine-times-the-data"
import numpy as np

def train_reader(X, y, seed):
    rng = np.random.default_rng(seed)
    X5, y5 = np.concatenate([X] + [wander(X, rng) for _ in range(8)]), np.tile(y, 9)
    params = [(he_normal((64, 62), rng), np.zeros(62)), (he_normal((62, 10), rng), np.zeros(10))]
    speed = [(0 * W, 0 * b) for W, b in params]
    for epoch in range(3):
        for A, b in minibatches(X5, y5, 60, rng):
            _, grads = mlp_gradients(params, A, b)
            rate = 0.2 * (1 - epoch / 4)
            speed = [(0.9 * v - rate * dW, 0.9 * w - rate * db) for (v, w), (dW, db) in zip(speed, grads, strict=True)]
            params = [(W + v, c + w) for (W, c), (v, w) in zip(params, speed, strict=True)]
    return params

# %% alternative="train_reader" style="two-hidden-layers"
import numpy as np

def train_reader(X, y, seed):
    rng = np.random.default_rng(seed)
    sizes = [64, 48, 24, 10]
    params = [(he_normal(shape, rng), np.zeros(shape[1])) for shape in zip(sizes[:-1], sizes[1:], strict=True)]
    speed = [(0 * W, 0 * b) for W, b in params]
    for epoch in range(24):
        for A, c in minibatches(wander(X, rng), y, 50, rng):
            for (W, b), (v, u), (dW, db) in zip(params, speed, mlp_gradients(params, A, c)[1], strict=True):
                rate = 0.12 * (1 - epoch / 24)
                v[...] = 0.9 * v + rate * dW
                u[...] = 0.9 * u + rate * db
                W -= v
                b -= u
    return [(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
