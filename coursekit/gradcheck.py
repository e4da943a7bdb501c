"""The gradient microscope: compares analytic gradients with measured ones and says where, and perhaps why, they differ.

    check_function(f, x, gradient)     any function of one array
    check_layer(layer, X)              one layer: its parameters and its input
    check_model(model, X, y)           a whole network, from the loss back to the first layer

Each gives a Report: true if all agree, printed as a table otherwise. Measuring is by central differences,
`(f(x + h) - f(x - h)) / (2 h)`, in float64: in float32 the rounding of f alone is larger than what is looked for.
"""

import copy
from dataclasses import dataclass

import numpy as np

# An unusual one: X drawn from default_rng(0) would be equal to a dY from the same seed, dW = X^T X would be symmetric,
# and a transposed gradient would pass.
SEED = 20161


@dataclass(frozen=True)
class Row:
    """One array that was checked: where it is, how many entries were measured, the largest relative error."""

    where: str
    entries: int
    error: float


@dataclass(frozen=True)
class Finding:
    """The first wrong entry: where, which index, both values, and what the pattern of all entries looks like."""

    where: str
    index: tuple
    analytic: float
    numerical: float
    cause: str

    def __str__(self):
        place = f"{self.where}{list(self.index)}" if self.index else self.where
        return (f"first wrong: {place} is {self.analytic:.6g}, measured {self.numerical:.6g}\n"
                f"likely cause: {self.cause}")


class Report:
    """Rows in the order of the backward pass, and the Finding in the first one that is wrong (None if all agree)."""

    def __init__(self, rows=(), finding=None):
        self.rows, self.finding = list(rows), finding

    def __bool__(self):
        return self.finding is None

    def __repr__(self):
        width = max((len(row.where) for row in self.rows), default=0)
        lines = [f"{row.where:{width}}  {row.entries:5d} entries  relative error {row.error:.1e}" for row in self.rows]
        return "\n".join([*lines, str(self.finding) if self.finding else "all gradients agree"])

    def add(self, where, value, gradient, loss, *, h, tolerance, entries, rng, rows=None):
        """Measure `loss()` while the entries of `value` are moved in place, and compare with `gradient`."""
        if np.shape(gradient) != value.shape:
            cause = "the shapes differ: the gradient has the shape of what it belongs to."
            if np.shape(gradient) == value.shape[::-1]:
                cause = "the gradient is transposed: the gradient has the shape of what it belongs to."
            self._found(Finding(where, (), float("nan"), float("nan"),
                                f"received shape {np.shape(gradient)} for an array of shape {value.shape}; {cause}"))
            self.rows.append(Row(where, 0, float("inf")))
            return
        chosen = np.arange(value.size)
        if value.size > entries:
            chosen = np.sort(rng.choice(value.size, entries, replace=False))
        places = [tuple(int(i) for i in np.unravel_index(k, value.shape)) for k in chosen]
        slopes = np.array([_slopes(loss, value, place, h) for place in places]).reshape(-1, 2)
        measured = slopes.mean(axis=1)
        analytic = np.array([gradient[place] for place in places], dtype=float)
        scale = max(np.abs(measured).max(initial=0), np.abs(analytic).max(initial=0), 1e-8)
        # Left and right slope differ by h times the curvature where f is smooth, and by far more at a kink, where any
        # value between the two is a gradient.
        low, high = slopes.min(axis=1), slopes.max(axis=1)
        between = (analytic > low - tolerance * scale) & (analytic < high + tolerance * scale)
        kink = between & (high - low > 1000 * h * scale)
        errors = np.where(kink, 0, np.abs(analytic - measured) / scale)
        errors = np.where(np.isfinite(errors), errors, np.inf)
        self.rows.append(Row(where, len(places), float(errors.max(initial=0))))
        if errors.max(initial=0) > tolerance:
            first = int(np.argmax(errors > tolerance))
            held = np.array([value[place] for place in places])
            turned = None
            if value.ndim == 2 and value.shape[0] == value.shape[1]:
                turned = np.array([gradient[place[::-1]] for place in places])
            cause = likely_cause(analytic, measured, value=held, turned=turned, rows=rows, tolerance=tolerance)
            self._found(Finding(where, places[first], float(analytic[first]), float(measured[first]), cause))

    def _found(self, finding):
        self.finding = self.finding or finding


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
    x = np.array(x, dtype=float)
    report = Report()
    report.add(name, x, np.asarray(gradient), lambda: f(x.copy()), h=h, tolerance=tolerance, entries=entries,
               rng=np.random.default_rng(SEED))
    return report


def check_layer(layer, X, *, h=1e-5, tolerance=1e-6, entries=100, training=True, rng=None):
    """Whether `layer.backward` gives the gradients of `layer.forward` at X (n, ...), for a random dY.

    The loss is sum(dY * Y). Random layers draw the same numbers at each measurement.

    >>> from coursekit.layers import Dense
    >>> bool(check_layer(Dense(3, activation="tanh"), np.array([[0.5, -1.0], [2.0, 0.1]])))
    True
    """
    rng = rng or np.random.default_rng(SEED)
    X = np.array(X, dtype=None if np.asarray(X).dtype.kind in "iu" else float)
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
    """
    if model.dtype != np.float64:
        raise ValueError(f"check_model measures in float64, received a model of {model.dtype}: "
                         "Sequential(..., dtype='float64').")
    if getattr(model, "loss", None) is None:
        raise ValueError("check_model needs a loss: compile the model first.")
    rng = rng or np.random.default_rng(SEED)
    X = np.asarray(X)
    if model.input_shape is None:
        model.build(X.shape[1:])
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


def _slopes(loss, value, place, h):
    """(slope to the left, slope to the right) of loss as value[place] moves; their mean is the central difference."""
    old, middle = value[place], loss()
    value[place] = old + h
    above = loss()
    value[place] = old - h
    below = loss()
    value[place] = old
    return (middle - below) / h, (above - middle) / h


def likely_cause(analytic, numerical, value=None, turned=None, rows=None, tolerance=1e-6):
    """A sentence on what the wrong numbers look like. The patterns are those of common mistakes, likeliest first.

    >>> likely_cause(np.array([-1.0, 2.0]), np.array([1.0, -2.0]))
    'the sign is the wrong way round.'
    """
    scale = np.abs(numerical).max(initial=0)
    slack = 10 * tolerance * max(scale, 1e-8)

    def equal(a, b):
        return np.allclose(a, b, rtol=10 * tolerance, atol=slack)

    if not np.isfinite(analytic).all():
        return "the gradient holds nan or inf: a division by 0, a log of 0 or an overflow on the way."
    if not np.isfinite(numerical).all():
        return "the loss itself is nan or inf near this point: look at the forward pass."
    if not np.any(analytic):
        return "the gradient is 0 throughout: was it never computed, or not stored?"
    if scale <= 1e-8:
        return "the loss does not depend on these numbers, but the gradient says so."
    if equal(analytic, -numerical):
        return "the sign is the wrong way round."
    if turned is not None and equal(turned, numerical):
        return "the gradient is transposed."
    ratio = float(analytic @ numerical / (numerical @ numerical))
    if equal(analytic, ratio * numerical):
        if rows and rows > 1 and np.isclose(ratio, rows, rtol=1e-4):
            return f"every entry is {rows} times too large, the number of rows: the mean over the batch is missing."
        if rows and rows > 1 and np.isclose(ratio, 1 / rows, rtol=1e-4):
            return f"every entry is {rows} times too small, the number of rows: the mean over the batch is taken twice."
        if abs(ratio) < 1:
            return f"every entry is {1 / ratio:.4g} times too small: a constant factor."
        return f"every entry is {ratio:.4g} times too large: a constant factor."
    if value is not None and np.any(value):
        extra = float((analytic - numerical) @ value / (value @ value))
        if equal(analytic - extra * value, numerical):
            penalty = "a penalty that the loss does not hold" if extra > 0 else "the L2 penalty's gradient is missing"
            return f"the difference is {abs(extra):.4g} times the parameter: {penalty}."
    wrong = ~np.isclose(analytic, numerical, rtol=10 * tolerance, atol=slack)
    if np.all(analytic[wrong] == 0):
        return f"{wrong.sum()} of {wrong.size} entries are 0 that should not be: a mask stops too much."
    if np.all(np.abs(numerical[wrong]) <= slack):
        return f"{wrong.sum()} of {wrong.size} entries should be 0: a mask lets too much pass."
    if wrong.mean() < 0.5:
        return f"{wrong.sum()} of {wrong.size} entries are wrong, the others right: a special case or an index."
    return "no pattern that is known here: check the formula term by term, with a batch of one row and one column."
