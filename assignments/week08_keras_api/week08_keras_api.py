# %% [markdown]
# # Week 8 · A Keras-style API
#
# In the lecture you defined, compiled and fitted models that somebody else's library put together. Here you write
# that library: layers, a model that trains any row of them, a callback, a file format. At the end you use all eight
# weeks at once and build a reader of handwritten digits.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then run the cell
# below it. `check` tells you at once what came out for a few small inputs and what was expected.
# `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what is left. The marks come
# from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: if one resists, go on with the next. Reckon with 120 minutes. What
# every **layer** here has in common:
#
# - `params` is a dict from names to float arrays, what training changes; `grads` is a dict with the same names, the
#   gradients of the latest `backward`. A layer without parameters has two empty dicts.
# - `build(d_in, rng)` draws the parameters for inputs of width `d_in` and returns the width of the outputs. Every
#   random number comes from `rng`, a `np.random.Generator`.
# - `forward(X, training=False)` returns Y, `backward(dY)` returns dX and fills `grads`. `backward` belongs to the
#   latest `forward`. The mean over the batch sits in `dY` already.
# - Whoever trains the layer changes the arrays in `params`, or puts others in their place. So a layer looks there
#   each time, and keeps no copies.
#
# *Arguments stay as they are*: a function that needs to change an array changes a copy.

# %% setup="imports"
import json

import numpy as np
from coursekit.datasets import digits
from coursekit.desk import check, hint, progress
from coursekit.functions.activations import relu, sigmoid, tanh
from coursekit.functions.backprop import mlp_gradients
from coursekit.functions.batches import minibatches
from coursekit.functions.initializers import glorot_uniform, he_normal, orthogonal
from coursekit.functions.losses import softmax_cross_entropy

INITIALIZERS = {"glorot_uniform": glorot_uniform, "he_normal": he_normal, "orthogonal": orthogonal}

# %% [markdown]
# ## 1 · Dense
#
# The layer of weeks 1 and 5, with a life of its own: it learns how wide its inputs are only when it is built.
#
# - `Dense(units, use_bias=True, kernel_initializer="glorot_uniform")`. The last is a key of `INITIALIZERS`,
#   functions that you call as `f((d_in, d_out), rng)`; for any other name raise a `ValueError`.
# - `build` fills `params`: `"W"`, of shape `(d_in, units)`, from the initialiser, and `"b"`, of shape `(units,)`,
#   zeros. With `use_bias=False` there is no `"b"` at all.
# - `forward` and `backward` as you know them from week 5.
# - `count_params()` is how many numbers the built layer has to learn.

# %% solution="Dense"
class Dense:
    """Y = X W + b, with parameters of its own.

    >>> layer = Dense(3)
    >>> layer.build(2, np.random.default_rng(0)), layer.params["W"].shape, layer.count_params()
    (3, (2, 3), 9)
    """

    def __init__(self, units, use_bias=True, kernel_initializer="glorot_uniform"):
        ### BEGIN SOLUTION
        if kernel_initializer not in INITIALIZERS:
            raise ValueError(f"kernel_initializer is one of {', '.join(INITIALIZERS)}; received {kernel_initializer!r}")
        self.units, self.use_bias = units, use_bias
        self.kernel_initializer = INITIALIZERS[kernel_initializer]
        self.params, self.grads = {}, {}
        ### END SOLUTION

    def build(self, d_in, rng):
        ### BEGIN SOLUTION
        self.params["W"] = self.kernel_initializer((d_in, self.units), rng)
        if self.use_bias:
            self.params["b"] = np.zeros(self.units)
        return self.units
        ### END SOLUTION

    def forward(self, X, training=False):
        ### BEGIN SOLUTION
        self.X = X
        Y = X @ self.params["W"]
        return Y + self.params["b"] if self.use_bias else Y
        ### END SOLUTION

    def backward(self, dY):
        ### BEGIN SOLUTION
        self.grads["W"] = self.X.T @ dY
        if self.use_bias:
            self.grads["b"] = dY.sum(axis=0)
        return dY @ self.params["W"].T
        ### END SOLUTION

    def count_params(self):
        ### BEGIN SOLUTION
        return sum(value.size for value in self.params.values())
        ### END SOLUTION

# %% test="Dense" points=4
def life_of_a_dense_layer(Dense, units, options, d_in, batches, rng):
    """Build a layer; for each batch go forwards, backwards, and a step downhill. Note all that comes out."""
    layer = Dense(units, **options)
    seen = {"width": layer.build(d_in, rng), "count": layer.count_params(),
            "start": {name: np.array(value) for name, value in layer.params.items()}, "batches": []}
    for X, dY in batches:
        Y, dX = layer.forward(X, training=True), layer.backward(dY)
        grads = {name: np.array(value) for name, value in layer.grads.items()}
        layer.params = {name: value - 0.5 * grads[name] for name, value in layer.params.items()}
        seen["batches"].append({"Y": Y, "dX": dX, "grads": grads})
    return seen

check(Dense, through=life_of_a_dense_layer)
### BEGIN HIDDEN TESTS
def cases(rng):
    def batches(d_in, units, *counts):
        return [(rng.normal(size=(n, d_in)), rng.normal(size=(n, units))) for n in counts]

    def stream():
        return np.random.default_rng(rng.integers(2**32))

    yield 2, {}, 1, batches(1, 2, 1, 2), stream()
    yield 3, {"kernel_initializer": "he_normal", "use_bias": False}, 2, batches(2, 3, 2, 2), stream()
    yield 2, {"kernel_initializer": "sure"}, 2, [], stream()
    yield 4, {"kernel_initializer": "he_normal"}, 4, batches(4, 4, 3, 1, 5), stream()
    yield 5, {"kernel_initializer": "orthogonal"}, 3, batches(3, 5, 4, 4), stream()
    yield 2, {"use_bias": False}, 6, batches(6, 2, 3), stream()

examine(Dense, cases, public=3, through=life_of_a_dense_layer)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Activation
#
# An activation function as a layer, so that it can stand in a row with others.
#
# - `Activation(name)`, where the name is `"linear"`, `"relu"`, `"tanh"` or `"sigmoid"`; for any other raise a
#   `ValueError`. The functions `relu`, `tanh` and `sigmoid` are imported; their derivatives are your business.
# - `forward` applies the function to every entry, `backward` turns the gradient at the outputs into the one at the
#   inputs. At `z = 0` the slope of ReLU is 0.
# - There is nothing to learn: `params` and `grads` are empty, and `build` returns the width it was given.

# %% solution="Activation"
class Activation:
    """a = g(z), entry by entry.

    >>> layer = Activation("relu")
    >>> layer.forward(np.array([[-1.0, 2.0]])), layer.backward(np.array([[5.0, 5.0]]))
    (array([[0., 2.]]), array([[0., 5.]]))
    """

    def __init__(self, name):
        ### BEGIN SOLUTION
        if name not in ("linear", "relu", "tanh", "sigmoid"):
            raise ValueError(f"there is no activation {name!r}")
        self.name = name
        self.params, self.grads = {}, {}
        ### END SOLUTION

    def build(self, d_in, rng):
        ### BEGIN SOLUTION
        return d_in
        ### END SOLUTION

    def forward(self, z, training=False):
        ### BEGIN SOLUTION
        functions = {"linear": np.array, "relu": relu, "tanh": tanh, "sigmoid": sigmoid}
        self.z = z
        self.a = functions[self.name](z)
        return self.a
        ### END SOLUTION

    def backward(self, da):
        ### BEGIN SOLUTION
        if self.name == "relu":
            return da * (self.z > 0)
        if self.name == "tanh":
            return da * (1 - self.a**2)
        if self.name == "sigmoid":
            return da * self.a * (1 - self.a)
        return da.copy()
        ### END SOLUTION

# %% test="Activation" points=2
def life_of_an_activation(Activation, name, d, batches, rng):
    """For each batch go forwards and backwards; note what comes out, and how much there is to learn."""
    layer = Activation(name)
    seen = [{"width": layer.build(d, rng)}]
    for z, da in batches:
        a = layer.forward(z)
        seen.append({"a": a, "dz": layer.backward(da), "to learn": len(layer.params) + len(layer.grads)})
    return seen

check(Activation, through=life_of_an_activation)
### BEGIN HIDDEN TESTS
def cases(rng):
    def batches(d, *counts):
        return [(2 * rng.normal(size=(n, d)), rng.normal(size=(n, d))) for n in counts]

    stream = np.random.default_rng(0)
    yield "relu", 3, [(np.array([[-1.0, 0.0, 2.0]]), np.array([[5.0, 6.0, 7.0]]))], stream
    yield "tanh", 2, batches(2, 1), stream
    yield "sigmoid", 2, batches(2, 1, 2), stream
    yield "linear", 2, batches(2, 1), stream
    yield "rellu", 2, [], stream
    for name in ("sigmoid", "relu", "tanh", "linear"):
        yield name, 4, batches(4, 3, 2), stream
    yield "Linear", 2, [], stream

examine(Activation, cases, public=5, through=life_of_an_activation)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · A layer of your own: PReLU
#
# No library has every layer. The **parametric ReLU** (He et al. 2015) is a leaky ReLU that learns its leak, one
# $\alpha$ for each feature:
#
# $$a_{ij} = z_{ij} \ \text{ if } z_{ij} > 0, \qquad a_{ij} = \alpha_j\, z_{ij} \ \text{ otherwise.}$$
#
# - `build(d_in, rng)` sets `params["alpha"]`, of shape `(d_in,)`, to 0.25 everywhere and returns `d_in`.
# - `forward` and `backward` as for every layer; `grads["alpha"]` is how the loss changes with each $\alpha_j$. At
#   $z = 0$ take the slope $\alpha$.

# %% solution="PReLU"
class PReLU:
    """a = z where z > 0, alpha z elsewhere, with one alpha to learn for each feature.

    >>> layer = PReLU()
    >>> layer.build(2, np.random.default_rng(0)), layer.forward(np.array([[-4.0, 4.0]]))
    (2, array([[-1.,  4.]]))
    """

    def __init__(self):
        ### BEGIN SOLUTION
        self.params, self.grads = {}, {}
        ### END SOLUTION

    def build(self, d_in, rng):
        ### BEGIN SOLUTION
        self.params["alpha"] = np.full(d_in, 0.25)
        return d_in
        ### END SOLUTION

    def forward(self, z, training=False):
        ### BEGIN SOLUTION
        self.z = z
        return np.where(z > 0, z, self.params["alpha"] * z)
        ### END SOLUTION

    def backward(self, da):
        ### BEGIN SOLUTION
        leaking = np.where(self.z > 0, 0, self.z)
        self.grads["alpha"] = (da * leaking).sum(axis=0)
        return da * np.where(self.z > 0, 1, self.params["alpha"])
        ### END SOLUTION

# %% test="PReLU" points=3
def life_of_a_prelu(PReLU, d, batches, rng):
    """For each batch go forwards, backwards, and a step downhill; note what comes out."""
    layer = PReLU()
    seen = [{"width": layer.build(d, rng), "alpha": np.array(layer.params["alpha"])}]
    for z, da in batches:
        a, dz = layer.forward(z, training=True), layer.backward(da)
        dalpha = np.array(layer.grads["alpha"])
        seen.append({"a": a, "dz": dz, "dalpha": dalpha})
        layer.params = {"alpha": layer.params["alpha"] - 0.5 * dalpha}
    return seen

check(PReLU, through=life_of_a_prelu)
### BEGIN HIDDEN TESTS
def cases(rng):
    def batches(d, *counts):
        return [(rng.normal(size=(n, d)), rng.normal(size=(n, d))) for n in counts]

    stream = np.random.default_rng(0)
    first = np.array([[-4.0, 4.0], [-2.0, 0.0]]), np.array([[1.0, 1.0], [3.0, 5.0]])
    yield 2, [first], stream
    yield 2, [first, (np.array([[-1.0, -1.0]]), np.array([[2.0, 4.0]]))], stream
    yield 3, batches(3, 4, 2), stream
    yield 1, batches(1, 5), stream
    yield 4, batches(4, 3, 3, 6), stream

examine(PReLU, cases, public=2, through=life_of_a_prelu)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Sequential: define, compile, fit
#
# A model is a row of layers. It does not ask what kind of layers they are: whatever has `params`, `grads`, `build`,
# `forward` and `backward` will do. For trying it out, the cell below brings three small layers and a callback
# along; leave them as they are.
#
# - **Define.** `Sequential(layers)` keeps the list as `self.layers`. `build(d_in, rng)` builds the layers in their
#   order, each for the width that the one before it gives. A model that is built already stays as it is.
# - **Compile.** `compile(lr)` says how to learn: the loss is `softmax_cross_entropy` (imported; it gives the pair
#   loss, gradient at the logits), the optimiser is plain gradient descent, `value - lr * gradient` for every
#   parameter.
# - **Fit.** `fit(X, y, epochs, batch_size, rng, validation_data=None, callbacks=())`. Without a `compile` before
#   it: a `RuntimeError`. First the model is built, if it is not yet, with `rng`. Then for each epoch: one new order
#   of the rows, `rng.permutation(len(X))` (or `minibatches`, which does that); batches in this order, the last one
#   may be smaller; for each batch forwards with `training=True`, backwards, and a step. A second `fit` goes on
#   where the first one ended.
# - **History.** After each epoch there is a dict `logs`: `"loss"` is the mean loss *over all rows* of the epoch's
#   batches, each measured before its step. With `validation_data=(X, y)` also `"val_loss"` and `"val_accuracy"`.
#   `fit` returns a dict of lists: for each name in the logs, its values epoch by epoch.
# - **Callbacks.** Each gets `callback.model = self` before the first epoch, `callback.on_epoch_end(epoch, logs)`
#   after each (epochs count from 1), and `callback.on_train_end()` at the very end. `fit` sets `self.stop_training`
#   to `False` when it begins; if a callback sets it to `True`, the epoch that has just ended was the last.
# - **Evaluate and predict.** `predict(X)` gives the logits, `evaluate(X, y)` the dict with `"loss"` and
#   `"accuracy"`, the share of rows whose largest logit is the right one. Neither of them is training.
#
# One point is for `predict`, two are for the history, two for the trained parameters and the evaluation, one for
# the callback.

# %% solution="Sequential"
class Still:
    """What layers with nothing to learn have in common."""

    def __init__(self):
        self.params, self.grads = {}, {}

    def build(self, d_in, rng):
        return d_in


class Scale:
    """Y = gamma X, one gamma for each feature."""

    def __init__(self):
        self.params, self.grads = {}, {}

    def build(self, d_in, rng):
        self.params["gamma"] = rng.uniform(0.5, 1.5, size=d_in)
        return d_in

    def forward(self, X, training=False):
        self.inputs = X
        return X * self.params["gamma"]

    def backward(self, dY):
        self.grads["gamma"] = np.einsum("nd,nd->d", dY, self.inputs)
        return dY * self.params["gamma"]


class Square(Still):
    """Y = X²."""

    def forward(self, X, training=False):
        self.inputs = X
        return X * X

    def backward(self, dY):
        return 2 * dY * self.inputs


class Half(Still):
    """Y = X / 2 in training, Y = X otherwise: as dropout would have it, without the dice."""

    def forward(self, X, training=False):
        self.factor = 0.5 if training else 1.0
        return X * self.factor

    def backward(self, dY):
        return dY * self.factor


class StopAfter:
    """A callback that ends the training after epoch `last`, and notes what it is told."""

    def __init__(self, last):
        self.last, self.noted = last, []

    def on_epoch_end(self, epoch, logs):
        self.noted.append((epoch, sorted(logs)))
        if epoch == self.last:
            self.model.stop_training = True

    def on_train_end(self):
        self.noted.append("end")


class Sequential:
    """Layers in a row: define, compile, fit.

    >>> model = Sequential([Scale(), Square()])
    >>> model.compile(lr=0.1)
    >>> X, y = np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([1, 0])
    >>> history = model.fit(X, y, epochs=3, batch_size=2, rng=np.random.default_rng(0))
    >>> list(history), len(history["loss"])
    (['loss'], 3)
    """

    toys = Scale, Half, Square, StopAfter     # with these the test tries the model: leave the line as it is

    def __init__(self, layers):
        ### BEGIN SOLUTION
        self.layers, self.lr, self.built = list(layers), None, False
        ### END SOLUTION

    def build(self, d_in, rng):
        ### BEGIN SOLUTION
        if not self.built:
            for layer in self.layers:
                d_in = layer.build(d_in, rng)
            self.built = True
        ### END SOLUTION

    def compile(self, lr):
        ### BEGIN SOLUTION
        self.lr = lr
        ### END SOLUTION

    def predict(self, X):
        ### BEGIN SOLUTION
        a = X
        for layer in self.layers:
            a = layer.forward(a, training=False)
        return a
        ### END SOLUTION

    def evaluate(self, X, y):
        ### BEGIN SOLUTION
        logits = self.predict(X)
        loss, _ = softmax_cross_entropy(logits, y)
        return {"loss": float(loss), "accuracy": float((logits.argmax(axis=1) == y).mean())}
        ### END SOLUTION

    def fit(self, X, y, epochs, batch_size, rng, validation_data=None, callbacks=()):
        ### BEGIN SOLUTION
        if self.lr is None:
            raise RuntimeError("compile the model before you fit it")
        self.build(X.shape[1], rng)
        history, self.stop_training = {}, False
        for callback in callbacks:
            callback.model = self
        for epoch in range(1, epochs + 1):
            order, total = rng.permutation(len(X)), 0.0
            for start in range(0, len(X), batch_size):
                rows = order[start:start + batch_size]
                a = X[rows]
                for layer in self.layers:
                    a = layer.forward(a, training=True)
                loss, gradient = softmax_cross_entropy(a, y[rows])
                total += loss * len(rows)
                for layer in reversed(self.layers):
                    gradient = layer.backward(gradient)
                for layer in self.layers:
                    for name in layer.params:
                        layer.params[name] = layer.params[name] - self.lr * layer.grads[name]
            logs = {"loss": float(total / len(X))}
            if validation_data is not None:
                logs |= {f"val_{name}": value for name, value in self.evaluate(*validation_data).items()}
            for name, value in logs.items():
                history.setdefault(name, []).append(value)
            for callback in callbacks:
                callback.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        for callback in callbacks:
            callback.on_train_end()
        return history
        ### END SOLUTION

# %% test="Sequential" points=6
def life_of_a_model(Sequential, X, y, lr, epochs, batch_size, last, rng):
    """Build, predict, compile, fit with validation and a callback, fit once more, evaluate."""
    Scale, Half, Square, StopAfter = Sequential.toys
    layers = [Scale(), Half(), Square(), Scale()]
    model, callback = Sequential(layers), StopAfter(last)
    model.build(X.shape[1], rng)
    logits = np.array(model.predict(X))
    if lr is not None:
        model.compile(lr)
    first = model.fit(X, y, epochs, batch_size, rng, validation_data=(X[:2], y[:2]), callbacks=[callback])
    second = model.fit(X, y, 1, batch_size, rng)
    trained = [{name: np.array(value) for name, value in layer.params.items()} for layer in layers]
    return {"predict": logits, "history": [first, second], "trained": [trained, model.evaluate(X, y)],
            "callback": callback.noted}

check(Sequential, through=life_of_a_model)
### BEGIN HIDDEN TESTS
def cases(rng):
    def data(n, classes):
        return rng.normal(size=(n, classes)), rng.integers(classes, size=n)

    def stream():
        return np.random.default_rng(rng.integers(2**32))

    yield *data(2, 2), 0.5, 1, 2, 5, stream()
    yield *data(5, 2), 0.5, 2, 2, 5, stream()
    yield *data(5, 3), 0.25, 4, 3, 2, stream()
    yield *data(2, 2), None, 1, 2, 5, stream()
    yield *data(11, 3), 0.3, 3, 4, 9, stream()
    yield *data(8, 4), 0.2, 5, 8, 4, stream()
    yield *data(7, 3), 0.1, 3, 1, 1, stream()

examine(Sequential, cases, public=4, through=life_of_a_model, points=6,
        parts={"predict": 1, "history": 2, "trained": 2, "callback": 1})
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · A callback: early stopping
#
# Stop when the validation loss has not improved for `patience` epochs in a row, and go back to the parameters of
# the best epoch. The model tells the callback of each epoch; the callback decides.
#
# - `EarlyStopping(patience, monitor="val_loss", min_delta=0.0)`. An epoch is an **improvement** if `logs[monitor]`
#   is less than the best value so far by more than `min_delta`; the first epoch always is one.
# - `on_epoch_end(epoch, logs)` is called after each epoch, with epochs from 1 (week 7's list began at 0). When
#   `patience` epochs have passed since the best one, set `self.model.stop_training = True`. `self.model` is put there
#   before the first epoch.
# - `on_train_end()`: every layer in `self.model.layers` gets the parameters back that it had at the best epoch.
# - Keep `best`, the best value, and `best_epoch`, when it was.
#
# `ToyModel` stands in for a model: in each epoch its parameters grow by 1, `W` **in the same array**, `b` in a new
# one. Training does both.

# %% solution="EarlyStopping"
class ToyLayer:
    """A layer with two parameters, which start at zero."""

    def __init__(self):
        self.params = {"W": np.zeros(2), "b": np.zeros(1)}


class ToyModel:
    """One layer; an epoch of training adds 1 to its parameters, to W in place, to b by a new array."""

    def __init__(self):
        self.layers, self.stop_training = [ToyLayer()], False

    def train_an_epoch(self):
        params = self.layers[0].params
        params["W"] += 1.0
        params["b"] = params["b"] + 1.0


class EarlyStopping:
    """Stop once `monitor` has not improved for `patience` epochs in a row, and go back to the best parameters.

    >>> stopper = EarlyStopping(patience=1)
    >>> stopper.model = ToyModel()
    >>> stopper.on_epoch_end(1, {"val_loss": 0.5})
    >>> stopper.on_epoch_end(2, {"val_loss": 0.7})
    >>> stopper.model.stop_training, stopper.best, stopper.best_epoch
    (True, 0.5, 1)
    """

    toy = ToyModel     # with this the test tries the callback: leave the line as it is

    def __init__(self, patience, monitor="val_loss", min_delta=0.0):
        ### BEGIN SOLUTION
        self.patience, self.monitor, self.min_delta = patience, monitor, min_delta
        self.best, self.best_epoch, self.kept = None, 0, []
        ### END SOLUTION

    def on_epoch_end(self, epoch, logs):
        ### BEGIN SOLUTION
        value = logs[self.monitor]
        if self.best is None or value < self.best - self.min_delta:
            self.best, self.best_epoch = value, epoch
            self.kept = [{name: array.copy() for name, array in layer.params.items()} for layer in self.model.layers]
        elif epoch - self.best_epoch >= self.patience:
            self.model.stop_training = True
        ### END SOLUTION

    def on_train_end(self):
        ### BEGIN SOLUTION
        for layer, params in zip(self.model.layers, self.kept, strict=True):
            layer.params = params
        ### END SOLUTION

# %% test="EarlyStopping" points=3
def life_of_a_callback(EarlyStopping, options, epochs_logs):
    """Train a toy model as long as the callback lets it; note when it stopped and which parameters it ends with."""
    stopper, model = EarlyStopping(**options), EarlyStopping.toy()
    stopper.model = model
    trained = 0
    for epoch, logs in enumerate(epochs_logs, start=1):
        model.train_an_epoch()
        stopper.on_epoch_end(epoch, logs)
        trained = epoch
        if model.stop_training:
            break
    stopper.on_train_end()
    params = {name: np.array(value) for name, value in model.layers[0].params.items()}
    return {"epochs": trained, "stopped": model.stop_training, "best": stopper.best, "best epoch": stopper.best_epoch,
            "params": params}

check(EarlyStopping, through=life_of_a_callback)
### BEGIN HIDDEN TESTS
def cases(rng):
    def logs(*values):
        return [{"loss": 1 / (i + 1), "val_loss": float(v)} for i, v in enumerate(values)]

    yield {"patience": 1}, logs(0.5, 0.4, 0.6, 0.3)
    yield {"patience": 2}, logs(0.9, 0.8, 0.85, 0.7, 0.75, 0.72, 0.1)
    yield {"patience": 2}, logs(0.5, 0.5, 0.5, 0.4)
    yield {"patience": 3, "min_delta": 0.1}, logs(1.0, 0.95, 0.88, 0.85, 0.84, 0.83, 0.2)
    yield {"patience": 3}, logs(3.0, 2.0, 1.0)
    yield {"patience": 1, "monitor": "loss"}, logs(0.5, 0.6, 0.7)
    yield {"patience": 2}, logs(0.3, 0.9, 0.8, 0.7, 0.2)
    for patience in (2, 3):
        falling = np.exp(-np.arange(12) / 4) + 0.3 * rng.random(12)
        yield {"patience": patience}, logs(*falling.round(3))
        yield {"patience": patience, "min_delta": 0.05}, logs(*falling.round(3))

examine(EarlyStopping, cases, public=4, through=life_of_a_callback)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · Saving
#
# A trained model is worth keeping. Python's `pickle` writes any object, but reading such a file *runs* what is in
# it; so we write text that nobody can run. A model is described as a list of layers, each a dict:
#
#     {"kind": "Dense", "config": {"units": 3}, "params": {"W": array, "b": array}}
#
# Turn the list into one JSON text (`json` is imported): a dict with `"format": 1` and `"layers"`, the list of
# layers, in which each array has become a dict
#
#     {"dtype": "float32", "shape": [2, 3], "data": [all entries, row after row]}
#
# - Every entry keeps all its digits: reading the text gives back the very same number.
# - A layer may have no parameters; its `"params"` is then an empty dict.

# %% solution="save"
def save(layers):
    """A list of layers with their parameters, as JSON text.

    >>> save([{"kind": "Scale", "config": {}, "params": {"gamma": np.array([0.5, 2.0])}}])[:12]
    '{"format": 1'
    """
    ### BEGIN SOLUTION
    described = []
    for layer in layers:
        params = {}
        for name, value in layer["params"].items():
            params[name] = {"dtype": value.dtype.name, "shape": list(value.shape), "data": value.ravel().tolist()}
        described.append({"kind": layer["kind"], "config": layer["config"], "params": params})
    return json.dumps({"format": 1, "layers": described})
    ### END SOLUTION

# %% test="save" points=2
def what_the_text_holds(save, layers):
    """The text, read as JSON."""
    return json.loads(save(layers))

check(save, through=what_the_text_holds)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield [{"kind": "Scale", "config": {}, "params": {"gamma": np.array([1 / 3, 2.0])}}],
    yield [{"kind": "Dense", "config": {"units": 3, "use_bias": True},
            "params": {"W": rng.normal(size=(2, 3)).astype(np.float32), "b": np.zeros(3, np.float32)}},
           {"kind": "Activation", "config": {"name": "relu"}, "params": {}}],
    yield [],
    yield [{"kind": "Dense", "config": {"units": 4, "use_bias": False}, "params": {"W": rng.normal(size=(3, 4))}},
           {"kind": "PReLU", "config": {}, "params": {"alpha": 1e-9 * rng.normal(size=4)}},
           {"kind": "Dense", "config": {"units": 2}, "params": {"W": rng.normal(size=(4, 2)), "b": np.ones(2)}}],
    kernel = rng.normal(size=(2, 2, 1, 2))
    yield [{"kind": "Conv2D", "config": {"filters": 2}, "params": {"W": kernel, "b": np.ones(2)}}],

examine(save, cases, public=2, through=what_the_text_holds)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · Loading
#
# The way back, from any text that has the form of exercise 6: give the list of layers, in which `params` holds
# arrays again, with their dtype and their shape.
#
# - Text comes from anywhere. Raise a `ValueError` if it is no JSON, if it is not a dict with `"format"` 1, if a
#   dtype is neither `float32` nor `float64`, or if the data do not fill the shape.

# %% solution="load"
def load(text):
    """The layers that `save` wrote.

    >>> gamma = '{"dtype": "float64", "shape": [1, 2], "data": [0.5, 2.0]}'
    >>> load('{"format": 1, "layers": [{"kind": "Scale", "config": {}, "params": {"gamma": ' + gamma + "}}]}")
    [{'kind': 'Scale', 'config': {}, 'params': {'gamma': array([[0.5, 2. ]])}}]
    """
    ### BEGIN SOLUTION
    saved = json.loads(text)     # a JSONDecodeError is a ValueError
    if type(saved) is not dict or saved.get("format") != 1:
        raise ValueError("this text is no model of format 1")
    layers = []
    for layer in saved["layers"]:
        params = {}
        for name, entry in layer["params"].items():
            if entry["dtype"] not in ("float32", "float64"):
                raise ValueError(f"{name} has the dtype {entry['dtype']!r}")
            params[name] = np.array(entry["data"], dtype=entry["dtype"]).reshape(entry["shape"])
        layers.append({"kind": layer["kind"], "config": layer["config"], "params": params})
    return layers
    ### END SOLUTION

# %% test="load" points=2
def what_was_loaded(load, text):
    """The layers, and beside them the dtype of each array."""
    layers = load(text)
    return [layer | {"dtypes": {name: value.dtype.name for name, value in layer["params"].items()}} for layer in layers]

check(load, through=what_was_loaded)
### BEGIN HIDDEN TESTS
def cases(rng):
    def text(*layers, form=1):
        return json.dumps({"format": form, "layers": list(layers)})

    def entry(*shape, dtype="float64"):
        data = rng.normal(size=shape).astype(dtype).ravel().tolist()
        return {"dtype": dtype, "shape": list(shape), "data": data}

    dense = {"kind": "Dense", "config": {"units": 3, "use_bias": True}}
    one = {"dtype": "float64", "shape": [2], "data": [0.5, 2.0]}
    yield text({"kind": "Scale", "config": {}, "params": {"gamma": one}}),
    yield text(dense | {"params": {"W": entry(2, 3, dtype="float32"), "b": entry(3, dtype="float32")}},
               {"kind": "Activation", "config": {"name": "relu"}, "params": {}}),
    yield Case("weights: 1, 2, 3", raises=ValueError)
    yield text(form=2),
    yield text(dense | {"params": {"W": {"dtype": "int8", "shape": [1], "data": [1]}}}),
    yield Case(text(dense | {"params": {"W": {"dtype": "float64", "shape": [2, 2], "data": [1.0]}}}), raises=ValueError)
    yield text(),
    yield text(dense | {"params": {"W": entry(4, 3), "b": entry(3)}}, dense | {"params": {"W": entry(3, 3)}}),
    yield text({"kind": "Conv2D", "config": {}, "params": {"W": entry(2, 3, 1, 2, dtype="float32")}}),
    yield "[1, 2]",

examine(load, cases, public=5, through=what_was_loaded)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Capstone: a reader of digits, on a budget
#
# Your network gets **at most 5,000 parameters** and has to read digits that it never saw: the last 500 of the set.
# Once as they are, at least **87%** of them right; and once as they come from a shaky scanner, moved by up to one
# pixel in both directions and with noise on every pixel (`wander`, below), at least **80%**. The marks come from
# other moves and other noise than you can see here.
#
# Write `train_reader(X, y, seed)`. `X`, `(n, 64)` with pixels from 0 to 1, and `y`, `(n,)`, are the digits to learn
# from. Return the weights as a plain list of pairs `(W, b)`: between them ReLU, after the last one nothing, as in
# week 5. Everything else is yours: sizes, initialisation, optimiser, schedule, regularisation, what you do to the
# data.
#
# - All randomness comes from `np.random.default_rng(seed)`: the same seed gives the same weights.
# - It may take up to 10 seconds; one or two are enough. `mlp_gradients`, `minibatches` and `he_normal` are
#   imported.
# - `measure(params, rng)`, below, tells you how many parameters a network has and what it reads right; the test
#   cell turns that into yes and no. What the marks come from is computed anew from your weights.
# - Choose sizes and rates on rows of `X` that you set aside yourself; `measure` is for the report.
# - A network that has learned nothing about moved digits reads about 4 in 10 of them. What could it learn that
#   from?
# - Two points for the digits as they are, three for the moved ones, both within the budget.

# %% setup="scanner"
def wander(X, rng):
    """Digits (n, 64), each moved by -1, 0 or 1 pixel down and across, with normal noise of deviation 0.1 on top."""
    images = np.pad(X.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    rows, columns = rng.integers(3, size=(2, len(X), 1)) + np.arange(8)
    images = images[np.arange(len(X))[:, None, None], rows[:, :, None], columns[:, None, :]]
    return images.reshape(len(X), 64) + rng.normal(0, 0.1, size=X.shape)


def measure(params, rng):
    """How many parameters a network has, and the shares of the last 500 digits it reads: as they are, and moved.

    The moved ones go through the scanner four times. ValueError unless the layers fit: 64 inputs, 10 outputs.
    """
    params = [(np.asarray(W), np.asarray(b)) for W, b in params]
    d = 64
    for i, (W, b) in enumerate(params, start=1):
        if W.ndim != 2 or W.shape[0] != d or b.shape != W.shape[1:] or not W.dtype.kind == b.dtype.kind == "f":
            raise ValueError(f"layer {i} should have real W ({d}, d_out) and b (d_out,), not {W.shape} and {b.shape}")
        d = W.shape[1]
    if d != 10:
        raise ValueError(f"the last layer should have 10 outputs, not {d}")

    def share(a, truth):
        for W, b in params[:-1]:
            a = np.maximum(a @ W + b, 0)
        W, b = params[-1]
        return float(((a @ W + b).argmax(axis=1) == truth).mean())

    X, y = digits()
    X, y = X[1297:] / 16, y[1297:]
    moved = np.mean([share(wander(X, rng), y) for _ in range(4)])
    return sum(W.size + b.size for W, b in params), share(X, y), float(moved)

# %% solution="train_reader"
def train_reader(X, y, seed):
    """Weights [(W1, b1), (W2, b2), ...] of a ReLU network that reads digits, moved ones too; 5,000 numbers at most.

    >>> X, y = digits()
    >>> params = train_reader(X[:1297] / 16, y[:1297], seed=0)
    >>> params[0][0].shape[0], params[-1][1].shape
    (64, (10,))
    """
    ### BEGIN SOLUTION
    width, epochs, lr = 60, 20, 0.2
    rng = np.random.default_rng(seed)
    params = [(he_normal((64, width), rng), np.zeros(width)), (he_normal((width, 10), rng), np.zeros(10))]
    velocities = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]
    for epoch in range(epochs):
        for X_batch, y_batch in minibatches(wander(X, rng), y, 50, rng):
            _, grads = mlp_gradients(params, X_batch, y_batch)
            for values, speeds, slopes in zip(params, velocities, grads, strict=True):
                for value, speed, slope in zip(values, speeds, slopes, strict=True):
                    speed *= 0.9
                    speed += lr * (1 - epoch / epochs) * slope
                    value -= speed
    return params
    ### END SOLUTION

# %% test="train_reader" points=5
def on_trial(train_reader, seed, scanner_seed):
    """Train on the first 1,297 digits; 1 stands for yes and 0 for no."""
    X, y = digits()
    params = train_reader(X[:1297] / 16, y[:1297], seed)
    count, plain, moved = measure(params, np.random.default_rng(scanner_seed))
    return {"reads digits, within the budget": int(plain >= 0.87 and count <= 5000),
            "reads moved digits, within the budget": int(moved >= 0.80 and count <= 5000),
            "has more than 5,000 parameters": int(count > 5000), "better than guessing": int(plain >= 0.25)}

check(train_reader, through=on_trial)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield int(rng.integers(1000)), int(rng.integers(2**31))

examine(train_reader, cases, public=1, through=on_trial, points=5,
        parts={"reads digits, within the budget": 2, "reads moved digits, within the budget": 3,
               "has more than 5,000 parameters": 0, "better than guessing": 0})
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · Put it together (ungraded)
#
# Your pieces fit each other. Try it in a cell of your own:
#
#     X, y = digits()
#     X = X / 16
#     model = Sequential([Dense(32), PReLU(), Dense(10)])
#     model.compile(lr=0.5)
#     history = model.fit(X[:1000], y[:1000], 100, 50, np.random.default_rng(0),
#                         validation_data=(X[1000:1297], y[1000:1297]), callbacks=[EarlyStopping(patience=5)])
#     print(len(history["loss"]), model.evaluate(X[1297:], y[1297:]))
#
# And `coursekit.models.Sequential`, with its own `Dense`? Build both, in float64; put *your* weights into *its* layers
# (`layer.params["W"] = ...`), give it `SGD(0.5)` and the loss `"sparse_categorical_crossentropy"` after a softmax, and
# let both fit draw from generators of the same seed: the losses have to agree to the last digits.

# %%

# %% [markdown]
# ## 10 · What did the library decide?
#
# Somebody writes four lines, `Sequential([Dense(64, "relu"), Dense(10, "softmax")])`, `compile("adam",
# "sparse_categorical_crossentropy", ["accuracy"])`, `fit(X, y, epochs=20)` and `evaluate(X, y)`, and reports "an
# accuracy of 99.8%".
#
# In six to ten sentences: name four things that these lines decided without anybody saying so, and for one of them
# how you would find out, by an experiment, whether it matters. What is wrong with the number in the report, and
# which argument of `fit` or which lines would you change? This answer is read and marked by a person.

# %% [markdown] answer="what-was-decided" points=4
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# Decided silently, for example: the kernels' initialiser (Glorot uniform, although a ReLU follows, where He's would
# be the usual choice) and zero biases; the batch size of 32, and with it the number of steps an epoch; that rows
# are shuffled anew in every epoch; Adam's rate of 0.001 and its two decay rates; the mean over the batch; no
# regularisation; no seed, so that the next run gives another number; float32. An experiment: train with two
# initialisers, everything else and the seeds equal, from five seeds each, and compare the held-out accuracies with
# their spread. The number is measured on the rows that the model was trained on, so it tells how well they were
# learned by heart and nothing about new digits. Set rows aside first: fit(X_train, y_train, validation_data=(X_val,
# y_val)) for choosing, and evaluate(X_test, y_test), once, at the end, for the report; with scaling statistics from
# the training rows alone.
#
# Rubric: 1 point for four real silent decisions (half for two); 1 point for an experiment that changes one thing
# and compares over several seeds; 1 point for "evaluated on the training rows"; 1 point for a remedy that keeps
# test rows out of training and of choosing.
# ### END SOLUTION

# %% [markdown]
# ## 11 · Quiz
#
# Type each answer in its cell and run the cell below it, which tells you whether the *form* of the answer is right.
# Whether the answer is right you learn with your marks.
#
# Some questions have numbers of your own. So say who you are first: the id under which you hand in.

# %%
student_id = "..."

# %% quiz="q_summary"

# %% quiz="q_rank_three"

# %% quiz="q_batchnorm"

# %% quiz="q_conv"

# %% quiz="q_conv_size"

# %% quiz="q_not_trainable"

# %% quiz="q_order"

# %% quiz="q_frozen"

# %% quiz="q_trainable"

# %% quiz="q_true"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
