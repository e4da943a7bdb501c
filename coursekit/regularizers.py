"""Penalties on weights: each is added to the loss and has a gradient of its own. Biases are left alone.

    L1  L2  ElasticNet

`penalty(W)` gives (value, gradient), as the functions of coursekit.functions.regularization, which do the work.
"""

from coursekit.functions import regularization as rules
from coursekit.identifiers import Configurable, find
from coursekit.inputs import between


class L1(Configurable):
    """C * sum |w|, gradient C * sign(w): the same pull on small and large weights, so small ones end at zero.

    >>> import numpy as np
    >>> L1(0.1)(np.array([1.0, -3.0, 0.0]))
    (0.4, array([ 0.1, -0.1,  0. ]))
    """

    def __init__(self, C=0.01):
        self.C = between("C", C, type(self).__name__, 0)

    def __call__(self, W):
        return rules.l1_penalty(W, self.C)


class L2(Configurable):
    """C / 2 * sum w**2, gradient C * w: the half is there so that the gradient is plain weight decay.

    Keras's L2(C) has no half: coursekit's L2(2 * C) is the same penalty.

    >>> import numpy as np
    >>> L2(0.1)(np.array([1.0, -3.0]))
    (0.5, array([ 0.1, -0.3]))
    """

    def __init__(self, C=0.01):
        self.C = between("C", C, type(self).__name__, 0)

    def __call__(self, W):
        return rules.l2_penalty(W, self.C)


class ElasticNet(Configurable):
    """l1 * sum |w| + l2 / 2 * sum w**2 (Zou & Hastie 2005).

    >>> import numpy as np
    >>> ElasticNet(l1=0.1, l2=0.2)(np.array([1.0, -2.0]))
    (0.8, array([ 0.3, -0.5]))
    """

    def __init__(self, l1=0.01, l2=0.01):
        self.l1, self.l2 = between("l1", l1, "ElasticNet", 0), between("l2", l2, "ElasticNet", 0)

    def __call__(self, W):
        return rules.elastic_net(W, self.l1, self.l2)


REGULARIZERS = {"L1": L1, "L2": L2, "ElasticNet": ElasticNet}


def get(identifier):
    """A regularizer from its name, its config or itself; a function of W is one too, and None stays None.

    >>> get("l2"), get(None)
    (L2(), None)
    """
    regularizer = find(identifier, REGULARIZERS, "regularizer")
    if not (regularizer is None or callable(regularizer)):
        raise TypeError(f"a regularizer is a name or an object such as L2(0.01), received {identifier!r}")
    return regularizer
