"""Sequential: a list of layers that is defined, compiled, and fitted to data.

The training loop is coursekit.functions.training.train, with layers and optimisers in place of formulas; what one of
its steps calls is laid out in coursekit.plan.
"""

import numpy as np

from coursekit import losses, optimizers
from coursekit import metrics as metrics_by
from coursekit.callbacks import Callback, ProgressBar
from coursekit.history import History
from coursekit.identifiers import snake
from coursekit.inputs import array, between, generator, positive, same_length, seeded
from coursekit.plan import Plan
from coursekit.summary import summary


class Sequential:
    """Layers, one after the other.

    layers   a list of layers; shapes are inferred from the first data, or from `build`
    seed     a number, or a `np.random.Generator`: initial weights, shuffling and dropout follow from it
    dtype    of parameters and computation

    >>> from coursekit.layers import Dense
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> model = Sequential([Dense(8, activation="tanh"), Dense(2, activation="softmax")], seed=1)
    >>> model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    >>> history = model.fit(X, [0, 1, 1, 0], epochs=500)
    >>> model.predict(X).argmax(axis=1)
    array([0, 1, 1, 0])
    """

    def __init__(self, layers=(), *, seed=None, dtype="float32"):
        if str(dtype) not in ("float32", "float64") and dtype not in (np.float32, np.float64, float):
            raise ValueError(f"Sequential expected dtype 'float32' or 'float64', received {dtype!r}")
        if not isinstance(layers, (list, tuple)):
            raise TypeError(f"Sequential expected a list of layers, [Dense(10), ...], received {layers!r}")
        self.seed, self.dtype = seed, np.dtype(dtype)
        # Three streams of random numbers, so that a layer more or an epoch more leaves the others as they are.
        self.init_rng, self.order_rng, self.layer_rng = seeded(seed, "Sequential").spawn(3)
        self.layers, self.input_shape, self.loss, self.optimizer = [], None, None, None
        for layer in layers:
            self.add(layer)

    def add(self, layer):
        """One more layer at the end."""
        if not hasattr(layer, "stages"):
            raise TypeError(f"Sequential expected layers such as Dense(10), received {layer!r}")
        if layer in self.layers:
            raise ValueError(f"{layer!r} is in this model already: two places need two layers")
        if self.input_shape is not None:
            raise ValueError("this model is built: its layers are settled")
        kind = snake(type(layer).__name__)
        same = sum(snake(type(other).__name__) == kind for other in self.layers)
        layer.name = layer.name or (f"{kind}_{same}" if same else kind)
        layer.name_children()
        self.layers.append(layer)

    def build(self, input_shape):
        """Draw all parameters, for examples of `input_shape` (without the batch axis). Returns self.

        `fit`, `evaluate` and `predict` do it by themselves.
        """
        if not self.layers:
            raise ValueError("this model has no layers: Sequential([Dense(10), ...])")
        shape = tuple(input_shape) if np.iterable(input_shape) else (positive("a shape", input_shape, "build"),)
        for layer in self.layers:
            layer.check((1, *shape))
            layer.setup(shape, self.init_rng, self.dtype)
            for part in layer.walk():
                part.rng = self.layer_rng
            shape = layer.output_shape(shape)
        self.input_shape, self.output_shape = self.layers[0].input_shape, shape
        self._lay_out()
        return self

    def compile(self, optimizer="adam", loss="mse", metrics=()):
        """Say how to learn: an optimiser, a loss, and metrics to watch, by name or as objects.

        A model that ends in softmax or sigmoid and has the cross-entropy that goes with it computes both in one, from
        the logits: quicker, and exact where a probability would round to 0.
        """
        self.optimizer, self.loss = optimizers.get(optimizer), losses.get(loss)
        if not isinstance(metrics, (list, tuple)):
            raise TypeError(f"compile expected a list of metrics, ['accuracy'], received {metrics!r}")
        self.metrics = {metrics_by.name_of(metric): metrics_by.get(metric) for metric in metrics}
        if self.input_shape is not None:
            self._lay_out()

    def _lay_out(self):
        self.plan = Plan(self.layers, self.dtype, self.loss, self.optimizer)

    @property
    def P(self):
        """All parameters that are trained, in one flat array."""
        if self.input_shape is None:
            raise RuntimeError("this model has no parameters yet: build it or fit it first")
        return self.plan.P

    def fit(
        self,
        X,
        y,
        batch_size=32,
        epochs=1,
        validation_data=None,
        validation_split=0.0,
        shuffle=True,
        callbacks=(),
        verbose=0,
        rng=None,
    ):
        """Train for `epochs` passes over the rows of X, in batches; returns a History.

        validation_data    (X, y) to evaluate after each epoch; or validation_split, the share of the *last* rows to
                           set aside for it
        shuffle            a new order of the rows for each epoch, drawn from `rng` or from the model's seed
        callbacks          objects that are told of epochs and batches (coursekit.callbacks)
        verbose            1 shows a progress bar
        """
        X, y = self._data(X, y)
        if validation_split:
            validation_data, X, y = split_off(validation_split, X, y)
        n, rng = len(X), self.order_rng if rng is None else generator(rng, "fit")
        for name, value, least in (("batch_size", batch_size, 1), ("epochs", epochs, 0)):
            if not (isinstance(value, (int, np.integer)) and value >= least):
                raise ValueError(f"fit expected {name} as a whole number from {least}, received {value!r}")
        if not isinstance(callbacks, (list, tuple)) or not all(isinstance(each, Callback) for each in callbacks):
            raise TypeError(f"fit expected a list of callbacks, [EarlyStopping()], received {callbacks!r}")
        if not (validation_data is None or isinstance(validation_data, (list, tuple)) and len(validation_data) == 2):
            raise ValueError(f"fit expected validation_data as (X, y), received {type(validation_data).__name__}")
        callbacks = [*callbacks, ProgressBar()] if verbose else list(callbacks)
        listeners = [callback.on_batch_end for callback in callbacks if callback.listens]
        self.history, self.stop_training = History(), False
        for callback in callbacks:
            callback.begin(self, epochs, -(-n // batch_size))
        for epoch in range(1, epochs + 1):
            step = self.plan.step  # anew each epoch: a callback may have compiled the model again
            order = rng.permutation(n) if shuffle else np.arange(n)
            total, outputs = 0.0, None
            for start in range(0, n, batch_size):
                idx = order[start : start + batch_size]
                loss, output = step(X.take(idx, axis=0), y.take(idx, axis=0))
                total += loss * len(idx)
                if self.metrics:
                    outputs = np.empty((n, *output.shape[1:]), output.dtype) if outputs is None else outputs
                    outputs[start : start + batch_size] = output
                for listener in listeners:
                    listener(start // batch_size + 1, {"loss": loss})
            logs = {"loss": total / n} | self._measure(outputs, y[order])
            if validation_data is not None:
                logs |= {f"val_{name}": value for name, value in self.evaluate(*validation_data).items()}
            for callback in callbacks:
                callback.on_epoch_end(epoch, logs)
            self.history.add(logs)
            if self.stop_training:
                break
        for callback in callbacks:
            callback.on_train_end()
        return self.history

    def train_on_batch(self, X, y):
        """One step on one batch; returns the loss before it."""
        X, y = self._data(X, y)
        return self.plan.step(X, y)[0]

    def evaluate(self, X, y):
        """{"loss": ..., and each metric} on data that training does not see: dropout and batch noise are off."""
        X, y = self._data(X, y)
        outputs = self.plan.run(X, self.layers[0].admit)
        return {"loss": self.plan.loss_of(outputs, y)} | self._measure(outputs, y)

    def predict(self, X):
        """The outputs for the rows of X."""
        X = self._fitting(X)
        return self.plan.end(self.plan.run(X, self.layers[0].admit))

    def _measure(self, outputs, y):
        if not self.metrics:
            return {}
        y_hat = self.plan.end(outputs)
        return {name: float(metric(y, y_hat)) for name, metric in self.metrics.items()}

    def _data(self, X, y):
        """X and y as arrays that the first layer and the loss take."""
        if self.loss is None:
            raise RuntimeError("this model is not compiled: model.compile(optimizer, loss) says how to learn")
        X, y = self._fitting(X), array(y, "y")
        same_length(X, y)
        shape = self.output_shape if X.shape[1:] == self.input_shape else self._check(X.shape)
        return self.layers[0].admit(X), self.loss.targets(y, (len(X), *shape), self.dtype)

    def _fitting(self, X):
        """X as an array whose shape goes through all layers; the first one settles the shapes."""
        X = array(X, "X")
        if self.input_shape is None:
            self.build(X.shape[1:])
        if X.shape[1:] != self.input_shape:
            self._check(X.shape)
        return X

    def _check(self, shape):
        """Ask every layer about a batch of another shape than the first; returns the output's shape without the n."""
        for layer in self.layers:
            layer.check(shape)
            shape = (shape[0], *layer.output_shape(shape[1:]))
        return shape[1:]

    def count_params(self):
        """How many numbers the built model holds, trainable or not."""
        return sum(sum(layer.count_params()) for layer in self.layers)

    def summary(self):
        """Print the layers with their output shapes and parameter counts."""
        print(summary(self))

    def save(self, path):
        """Write the model to one .npz file: layers, parameters, and where the optimiser stands."""
        from coursekit.archive import save  # JSON takes longer to import than most of coursekit

        save(self, path)

    @classmethod
    def load(cls, path, custom=()):
        """The model that `save` wrote. `custom` lists the classes of layers that are not coursekit's own."""
        from coursekit.archive import load

        return load(cls, path, custom)


def split_off(share, X, y):
    """((X, y) of the last rows, X of the rest, y of the rest).

    >>> X = np.arange(4)
    >>> split_off(0.25, X, X)
    ((array([3]), array([3])), array([0, 1, 2]), array([0, 1, 2]))
    """
    between("validation_split", share, "fit", 0, 1)
    kept = len(X) - int(len(X) * share)
    if kept in (0, len(X)):
        raise ValueError(f"a validation_split of {share} leaves one side of {len(X)} examples empty")
    return (X[kept:], y[kept:]), X[:kept], y[:kept]
