"""What every loss is, and how a name finds one."""

import numpy as np

from coursekit.identifiers import Configurable, find
from coursekit.inputs import array

# Every loss of the library by name, and the field's short names.
LOSSES = {}
SHORT = {
    "mse": "SquaredError",
    "mae": "AbsoluteError",
    "mean_squared_error": "SquaredError",
    "mean_absolute_error": "AbsoluteError",
}


class Loss(Configurable):
    """loss(y_hat, y) is a number, loss.gradient(y_hat, y) its gradient with respect to y_hat.

    Your own: write `value_and_gradient(y_hat, y)`.

    >>> class Quartic(Loss):
    ...     def value_and_gradient(self, y_hat, y):
    ...         return ((y_hat - y) ** 4).sum() / 4, (y_hat - y) ** 3
    >>> Quartic()(np.array([[2.0]]), np.array([0])), Quartic().gradient(np.array([[2.0]]), np.array([0]))
    (4.0, array([[8.]]))
    """

    # The activation that a cross-entropy from probabilities undoes. A model that ends in it hands over the logits.
    follows = None

    def __init_subclass__(cls):
        if cls.__module__.startswith("coursekit."):  # a student's own Hinge must not take the library's place
            LOSSES[cls.__name__] = cls

    def value_and_gradient(self, y_hat, y):
        """(number, array of y_hat's shape), for targets that `targets` has let through."""
        raise NotImplementedError(f"{type(self).__name__} has to write value_and_gradient(self, y_hat, y)")

    def __call__(self, y_hat, y):
        return float(self.value_and_gradient(*self.admit(y_hat, y))[0])

    def gradient(self, y_hat, y):
        """The gradient of `loss(y_hat, y)` with respect to y_hat, of its shape."""
        return self.value_and_gradient(*self.admit(y_hat, y))[1]

    def admit(self, y_hat, y):
        """Predictions and targets as arrays that `value_and_gradient` takes."""
        y_hat = array(y_hat, "y_hat")
        if y_hat.dtype.kind not in "biuf":
            raise ValueError(f"{self.label} expected numbers as predictions, received {y_hat.dtype}")
        y_hat = y_hat if y_hat.dtype.kind == "f" else y_hat.astype(np.float64)
        # A little room for whoever moves a probability to measure a slope; NaN passes, and the loss says NaN.
        if self.follows and not self.from_logits and (y_hat.min() < -1e-3 or y_hat.max() > 1 + 1e-3):
            raise ValueError(f"{self.label} expected probabilities, received predictions from {y_hat.min():g} to "
                             f"{y_hat.max():g}: for logits there is {self.label}(from_logits=True)")
        return y_hat, self.targets(array(y, "y"), y_hat.shape, y_hat.dtype)

    def targets(self, y, shape, dtype=np.float64):
        """`y` as an array of the shape and dtype of the predictions; ValueError says what is wrong with it."""
        y = np.asarray(y)
        if y.dtype.kind not in "biuf":
            raise ValueError(f"{self.label} expected numbers as targets, received {y.dtype} such as {y.ravel()[:1]}")
        if y.shape != tuple(shape):
            # One output and one target a row mean the same; left as they are, (n,) - (n, 1) would broadcast to (n, n).
            if y.ndim == 1 and tuple(shape) == (len(y), 1):
                y = y[:, None]
            else:
                raise ValueError(f"{self.label} expected targets of the predictions' shape {shape}, received {y.shape}")
        y = y.astype(dtype, copy=False)
        if not np.isfinite(y).all():
            raise ValueError(f"{self.label} expected finite targets, received {y[~np.isfinite(y)][0]} among them")
        return y

    @property
    def label(self):
        return type(self).__name__


def get(identifier):
    """A loss from its name ("mse" and "mae" for short), its config or itself.

    >>> from coursekit import losses
    >>> losses.get("mse"), losses.get("binary_crossentropy")
    (SquaredError(), BinaryCrossEntropy())
    """
    loss = find(identifier, LOSSES | {short: LOSSES[name] for short, name in SHORT.items()}, "loss")
    if not isinstance(loss, Loss):
        raise TypeError(f"a loss is a name or an object such as SquaredError(), received {identifier!r}")
    return loss
