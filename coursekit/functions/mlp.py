"""The multilayer perceptron as a function: affine layers, and what lies between them."""


def collapse(W1, b1, W2, b2):
    """One affine layer that does what two do: (X @ W1 + b1) @ W2 + b2 = X @ W + b for every X.

    W1 (d_in, d_hidden), b1 (d_hidden,), W2 (d_hidden, d_out), b2 (d_out,)

    Returns the pair W (d_in, d_out), b (d_out,). The arguments are left as they are. Shapes that do
    not fit raise ValueError, as NumPy's own operators do.

    >>> import numpy as np
    >>> W, b = collapse(np.array([[2.0]]), np.array([1.0]), np.array([[10.0]]), np.array([5.0]))
    >>> W, b
    (array([[20.]]), array([15.]))
    """
    # (X W1 + b1) W2 + b2 = X (W1 W2) + (b1 W2 + b2): multiply out, and collect what X does not touch.
    W = W1 @ W2
    b = b1 @ W2 + b2
    return W, b


def mlp_forward(params, X, activation):
    """The forward pass: a = activation(a @ W + b) in every layer but the last, which stays affine.

    params      list of pairs (W, b), one for each layer, W (d_in, d_out), b (d_out,); at least one pair
    X           (n, d), one example a row
    activation  a function of an array, applied to each entry, that returns an array of the same shape

    Returns the outputs of the last layer, (n, outputs). The arguments are left as they are. Raises
    ValueError when `params` is empty.

    >>> import numpy as np
    >>> params = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0], [1.0]]), np.zeros(1))]
    >>> mlp_forward(params, np.array([[-3.0], [0.0], [2.0]]), lambda z: np.maximum(z, 0))
    array([[3.],
           [0.],
           [2.]])
    """
    if not params:
        raise ValueError("a network has at least one layer, received no params")
    a = X
    for W, b in params[:-1]:
        a = activation(a @ W + b)
    W, b = params[-1]
    return a @ W + b
