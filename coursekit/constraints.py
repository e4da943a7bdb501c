"""Rules that weights obey: after each step they are moved to the nearest allowed point.

    MaxNorm  NonNegative
"""

import numpy as np

from coursekit.functions.regularization import max_norm
from coursekit.identifiers import Configurable, find
from coursekit.inputs import between


class MaxNorm(Configurable):
    """The incoming weights of each unit, a column of W, keep a length of at most `limit`.

    A longer column is shortened to that length, a shorter one stays (Srivastava et al. 2014 use 3 to 4, with dropout).

    >>> MaxNorm(2.5)(np.array([[3.0, 1.0], [4.0, 1.0]]))
    array([[1.5, 1. ],
           [2. , 1. ]])
    """

    def __init__(self, limit=2.0):
        self.limit = between("limit", limit, "MaxNorm", 0)

    def __call__(self, W):
        # All axes but the last lead into a unit: (d_in, d_out), and (height, width, c_in, c_out) of a convolution.
        return max_norm(W.reshape(-1, W.shape[-1]), self.limit).reshape(W.shape)


class NonNegative(Configurable):
    """max(w, 0): no weight below zero.

    >>> NonNegative()(np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    def __call__(self, W):
        return np.maximum(W, 0)


CONSTRAINTS = {"MaxNorm": MaxNorm, "NonNegative": NonNegative}


def get(identifier):
    """A constraint from its name, its config or itself; a function of W is one too, and None stays None.

    >>> get("max_norm"), get(None)
    (MaxNorm(), None)
    """
    constraint = find(identifier, CONSTRAINTS, "constraint")
    if not (constraint is None or callable(constraint)):
        raise TypeError(f"a constraint is a name or an object such as MaxNorm(2.0), received {identifier!r}")
    return constraint
