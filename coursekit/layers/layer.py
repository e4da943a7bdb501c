"""What every layer is: a function of arrays that may hold parameters, and that knows its own backward pass."""

from contextlib import contextmanager

import numpy as np

from coursekit import initializers
from coursekit.identifiers import Configurable, find
from coursekit.inputs import array, examples, whole_shape

# Every layer of the library by name; `get` is how saved models and composite layers find them.
LAYERS = {}


class Parameters(dict):
    """Arrays by name. Assigning to a name that exists copies into its array: a model holds views of it.

    >>> params = Parameters(W=np.zeros(2))
    >>> view = params["W"]
    >>> params["W"] = [1.0, 2.0]
    >>> view
    array([1., 2.])
    """

    def __setitem__(self, name, value):
        if name not in self:
            super().__setitem__(name, value)
            return
        there = self[name]
        if np.shape(value) != there.shape:
            raise ValueError(f"parameter {name!r} has shape {there.shape}, received an array of {np.shape(value)}")
        there[...] = value

    def move(self, name, view):
        """Copy the array `name` into `view`, which takes its place."""
        view[...] = self[name]
        super().__setitem__(name, view)


class Layer(Configurable):
    """A layer: `Y = layer(X)` forwards, `dX = layer.backward(dY)` backwards, parameters and gradients by name.

    params     {"W": array, ...}, what training changes
    grads      {"W": array, ...}, the gradients of the last backward pass, of the same shapes
    state      {"mean": array, ...}, what is remembered but not trained
    trainable  False: the optimiser leaves the parameters alone

    Shapes are inferred at the first call. Your own layer keeps its arguments in `__init__`, calls `self.add` in
    `build(input_shape)`, and writes `forward` and `backward`:

    >>> class Scale(Layer):
    ...     def build(self, input_shape):
    ...         self.add("gamma", input_shape, "ones")
    ...     def forward(self, X, training=False):
    ...         self.X = X
    ...         return X * self.params["gamma"]
    ...     def backward(self, dY):
    ...         self.grads["gamma"] = (dY * self.X).sum(axis=0)
    ...         return dY * self.params["gamma"]
    >>> layer = Scale()
    >>> layer(np.array([[1.0, 2.0]])), layer.backward(np.array([[10.0, 10.0]])), layer.grads["gamma"]
    (array([[1., 2.]]), array([[10., 10.]]), array([10., 20.]))
    """

    rank = None  # how many axes X has, the batch included; None: any
    name = None
    trainable = True
    built = False
    # A model sets this to False for its first layer: nobody wants the gradient with respect to the data,
    # and computing it would cost as much as the layer's own gradient.
    wants_dX = True

    def __init_subclass__(cls):
        if cls.__module__.startswith("coursekit."):  # a student's own Dense must not take the library's place
            LAYERS[cls.__name__] = cls

    def setup(self, input_shape, rng=None, dtype=np.float64):
        """Draw the parameters for inputs of `input_shape` (without the batch axis). Happens once. Returns self."""
        if not self.built:
            self.params, self.grads, self.state = Parameters(), Parameters(), Parameters()
            self.regularizers, self.constraints = {}, {}
            self.input_shape, self.dtype = tuple(input_shape), np.dtype(dtype)
            self.rng = np.random.default_rng() if rng is None else rng
            self.build(self.input_shape)
            self.built = True
        return self

    def build(self, input_shape):
        """Add the parameters; most layers have none."""

    def add(self, name, shape, initializer="zeros", regularizer=None, constraint=None):
        """A parameter and room for its gradient."""
        value = initializers.get(initializer)(shape, self.rng)
        self.params[name] = np.ascontiguousarray(value, dtype=self.dtype)
        self.grads[name] = np.zeros(shape, self.dtype)
        if regularizer is not None:
            self.regularizers[name] = regularizer
        if constraint is not None:
            self.constraints[name] = constraint

    def __call__(self, X, training=False):
        """forward(X), after a look at X; the first call builds the layer."""
        X = array(X, "X")
        if not self.built:
            self.check(X.shape)
            self.setup(X.shape[1:], dtype=X.dtype if X.dtype.kind == "f" else np.float64)
        self.check(X.shape)
        return self.forward(self.admit(X), training)

    def admit(self, X):
        """X as an array that `forward` takes; ValueError where it is not one of finite numbers."""
        return examples(X, self.dtype)

    def check(self, shape):
        """Raise ValueError unless a batch of this shape fits: the right rank and, once built, the right width."""
        if self.rank is not None and len(shape) != self.rank or len(shape) < 2:
            wanted = f"{self.rank} axes" if self.rank else "at least 2 axes"
            raise ValueError(f"{self.label} expected X with {wanted} {self.axes}, received shape {shape}")
        whole_shape(shape, self.label)
        if self.built and shape[1:] != self.input_shape:
            self.check_width(shape)

    def check_width(self, shape):
        """What `check` asks when a later batch has another shape than the first."""
        if shape[-1] != self.input_shape[-1]:
            raise ValueError(f"{self.label} expected X with {self.input_shape[-1]} features, received shape {shape}")

    axes = "(rows first)"  # how the error names them

    @property
    def label(self):
        return f"{type(self).__name__} {self.name!r}" if self.name else type(self).__name__

    def forward(self, X, training=False):
        """X (n, ...) -> Y (n, ...). Remembers what `backward` needs."""
        raise NotImplementedError(f"{type(self).__name__} has to compute Y in forward(self, X, training=False)")

    def backward(self, dY):
        """dY, of Y's shape -> dX, of X's shape; fills `grads`. Returns None where wants_dX is False."""
        raise NotImplementedError(f"{type(self).__name__} has to compute dX in backward(self, dY)")

    def output_shape(self, input_shape):
        """The shape of Y without the batch axis. Most layers keep it."""
        return tuple(input_shape)

    @property
    def children(self):
        """Layers inside this one, in the order of their parameters."""
        return ()

    def name_children(self):
        """"residual/0", "residual/1", ... for the layers inside one named "residual"."""
        for i, child in enumerate(self.children):
            child.name = f"{self.name}/{i}"
            child.name_children()

    def walk(self):
        """This layer and all layers inside it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def stages(self):
        """The (forward, backward) pairs that a model runs for this layer, in order."""
        return [(self.forward, self.backward)]

    def count_params(self):
        """(trainable, not trainable): how many numbers the built layer holds."""
        if not self.built:
            raise ValueError(f"{self.label} is not built: call it, or build its model, and it has parameters to count")
        trainable = fixed = 0
        for layer in self.walk():
            held = sum(value.size for value in layer.params.values())
            moves = self.trainable and layer.trainable
            trainable += held if moves else 0
            fixed += (0 if moves else held) + sum(value.size for value in layer.state.values())
        return trainable, fixed


@contextmanager
def known(custom):
    """Let `get` find the classes in `custom` too, for a while."""
    before = dict(LAYERS)
    LAYERS.update({cls.__name__: cls for cls in custom})
    try:
        yield
    finally:
        LAYERS.clear()
        LAYERS.update(before)


def get(identifier):
    """A layer from its config or itself; None stays None.

    >>> from coursekit.layers import Dropout
    >>> get({"name": "Dropout", "config": {"rate": 0.5}}), get("flatten")
    (Dropout(rate=0.5), Flatten())
    """
    layer = find(identifier, LAYERS, "layer")
    if not (layer is None or hasattr(layer, "stages")):
        raise TypeError(f"a layer is an object such as Dense(10), received {identifier!r}")
    return layer
