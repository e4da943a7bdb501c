"""New values for the parameters of a built model."""

import numpy as np

from coursekit.initializers.initializer import get


def assign(parameter, initializer, rng, part=...):
    """Sets `parameter[part]` of a built model in place: `part` is any index, all of it by default.

    >>> b = np.zeros(6)
    >>> assign(b, 1.0, np.random.default_rng(0), part=np.s_[2:4])
    >>> b
    array([0., 0., 1., 1., 0., 0.])
    """
    parameter[part] = get(initializer)(np.shape(parameter[part]), rng)


def lsuv(model, X, tolerance=0.01, rounds=10):
    """Divides each kernel W of a built model by the deviation of its outputs, until their variance is 1 (+- tolerance).

    Layer-sequential unit variance (Mishkin & Matas 2016): start from orthogonal kernels, pass a batch X of real data.
    The plain version for a list of matrices is `coursekit.functions.initializers.lsuv`.

    >>> from coursekit.layers import Dense
    >>> from coursekit.models import Sequential
    >>> model = Sequential([Dense(64, "relu", kernel_initializer="orthogonal") for _ in range(5)], seed=0)
    >>> X = np.random.default_rng(0).normal(size=(200, 64))
    >>> lsuv(model.build(64), X)
    >>> a = X
    >>> for layer in model.layers:
    ...     variance, a = layer.affine(a).var(), layer(a)
    >>> bool(abs(variance - 1) < 0.01)                     # of the last layer's outputs, before its ReLU
    True
    """
    if model.input_shape is None:
        raise ValueError("lsuv rescales the kernels of a built model: call model.build(input_shape) first.")
    model.layers[0].check(np.shape(X))
    X = model.layers[0].admit(X)
    for layer in model.layers:
        if "W" in layer.params:
            forward, _ = layer.stages()[0]  # before the activation
            for _ in range(rounds):
                std = forward(X).std()
                if not 0 < std < np.inf:
                    raise ValueError(f"{layer.label} gives outputs of standard deviation {std}: nothing to rescale.")
                if abs(std**2 - 1) <= tolerance:
                    break
                layer.params["W"] = layer.params["W"] / std
        X = layer(X)
