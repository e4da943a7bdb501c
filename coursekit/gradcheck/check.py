"""A function, a layer or a model under the microscope."""

import copy

import numpy as np

from coursekit.gradcheck.report import Report
from coursekit.inputs import array, even, examples, generator

# An unusual one: X drawn from default_rng(0) would be equal to a dY from the same seed, dW = X^T X would be symmetric,
# and a transposed gradient would pass.
SEED = 20161


def check_function(f, x, gradient, *, name="gradient", h=1e-5, tolerance=1e-6, entries=500):
    """Whether `gradient`, of x's shape, is that of f at x; f takes an array like x and gives a number.

    >>> x = np.array([1.0, 2.0])
    >>> check_function(lambda x: (x**2).sum(), x, 2 * x)
    gradient      2 entries  relative error ...
    all gradients agree
    >>> print(check_function(lambda x: (x**2).sum() / 2, x, 2 * x).finding)
    first wrong: gradient[0] is 2, measured 1
    likely cause: every entry is 2 times too large: a constant factor.
    """
    x = np.array(examples(np.atleast_1d(x), float)).reshape(np.shape(x))
    if np.shape(value := f(x.copy())) != () or np.asarray(value).dtype.kind not in "biuf":
        raise ValueError(f"check_function expected f(x) to be one number, received {value!r:.60}.")
    report = Report()
    report.add(name, x, even(gradient, "gradient"), lambda: f(x.copy()), h=h, tolerance=tolerance, entries=entries,
               rng=np.random.default_rng(SEED))
    return report


def check_layer(layer, X, *, h=1e-5, tolerance=1e-6, entries=100, training=True, rng=None):
    """Whether `layer.backward` gives the gradients of `layer.forward` at X (n, ...), for a random dY.

    The loss is sum(dY * Y). Random layers draw the same numbers at each measurement.

    >>> from coursekit.layers import Dense
    >>> bool(check_layer(Dense(3, activation="tanh"), np.array([[0.5, -1.0], [2.0, 0.1]])))
    True
    """
    if not hasattr(layer, "stages"):
        raise TypeError(f"check_layer expected a layer such as Dense(10), received {layer!r}.")
    rng = np.random.default_rng(SEED) if rng is None else generator(rng, "check_layer")
    X = array(X, "X")
    X = X.copy() if X.dtype.kind in "iu" else np.array(examples(X, float))
    if not layer.built:
        layer(X)
    layer.wants_dX = True
    start = copy.deepcopy(layer)
    dY = rng.normal(size=start.forward(X.copy(), training).shape)

    def loss():
        return float(np.sum(dY * _forward([layer], X, training)))

    measured = copy.deepcopy(layer)
    measured.forward(X.copy(), training)
    dX = measured.backward(dY.copy())
    report = Report()
    options = {"h": h, "tolerance": tolerance, "entries": entries, "rng": rng, "rows": len(X)}
    _check_parameters(report, layer, measured, loss, options)
    if X.dtype.kind == "f":
        report.add(f"{layer.label} dX", X, dX, loss, **options)
    return report


def check_model(model, X, y, *, h=1e-5, tolerance=1e-6, entries=50, training=True, rng=None):
    """Whether a compiled model's backward pass gives the gradients of its loss, layer by layer from the last.

    Needs `Sequential(..., dtype="float64")`. The first wrong entry stands in the layer nearest to the loss: if only the
    layers before it are wrong too, the mistake is in that layer's `backward`.

    >>> from coursekit.layers import Dense
    >>> from coursekit.models import Sequential
    >>> model = Sequential([Dense(4, "tanh"), Dense(2, "softmax")], dtype="float64", seed=0)
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> bool(check_model(model, np.eye(3), np.array([0, 1, 1])))
    True
    """
    if not hasattr(model, "layers"):
        raise TypeError(f"check_model expected a Sequential model, received {model!r}.")
    if model.dtype != np.float64:
        raise ValueError(f"check_model measures in float64, received a model of {model.dtype}: "
                         "Sequential(..., dtype='float64').")
    if getattr(model, "loss", None) is None:
        raise ValueError("check_model needs a loss: compile the model first.")
    rng = np.random.default_rng(SEED) if rng is None else generator(rng, "check_model")
    X = array(X, "X")
    if model.input_shape is None:
        model.build(X.shape[1:])
    model.layers[0].check(X.shape)
    X = model.layers[0].admit(X)
    options = {"h": h, "tolerance": tolerance, "entries": entries, "rng": rng, "rows": len(X)}
    report = Report()

    measured = copy.deepcopy(model.layers)
    a = X
    for layer in measured:
        layer.wants_dX = True
        a = layer.forward(a, training)
    y_hat = np.array(a)
    gradient = model.loss.gradient(y_hat.copy(), y)
    report.add(f"{type(model.loss).__name__} dY", y_hat, gradient, lambda: model.loss(y_hat, y), **options)
    for layer in reversed(measured):
        gradient = layer.backward(gradient)
    for layer, own in zip(reversed(model.layers), reversed(measured), strict=True):
        _check_parameters(report, layer, own, lambda: model.loss(_forward(model.layers, X, training), y), options)
    return report


def _check_parameters(report, layer, measured, loss, options):
    for part, own in zip(layer.walk(), measured.walk(), strict=True):
        for name in part.params:
            report.add(f"{part.label} d{name}", part.params[name], own.grads[name], loss, **options)


def _forward(layers, X, training):
    # A copy of the layers runs, so that dropout draws the same mask each time and no running average moves.
    a = X.copy()
    for layer in copy.deepcopy(layers):
        a = layer.forward(a, training)
    return a
