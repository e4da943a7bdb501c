"""Losses of predicted numbers: SquaredError, AbsoluteError."""

from coursekit.functions import losses as rules
from coursekit.losses.loss import Loss


class SquaredError(Loss):
    """Mean over the batch of 1/2 * sum of (y_hat - y)**2 over the outputs.

    Keras's and PyTorch's mean squared error is this times 2 / (number of outputs).

    >>> import numpy as np
    >>> SquaredError()(np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]]))
    2.5
    """

    def value_and_gradient(self, y_hat, y):
        return rules.squared_error(y_hat, y), rules.squared_error_gradient(y_hat, y)


class AbsoluteError(Loss):
    """Mean over the batch of the sum of |y_hat - y| over the outputs.

    >>> import numpy as np
    >>> AbsoluteError()(np.array([[1.0, -2.0]]), np.array([[0.0, 0.0]]))
    3.0
    """

    def value_and_gradient(self, y_hat, y):
        return rules.absolute_error(y_hat, y), rules.absolute_error_gradient(y_hat, y)
