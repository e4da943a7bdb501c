"""Counting: parameters of dense layers and whole networks, and steps in an epoch."""


def count_dense(d_in, d_out, bias=True):
    """Parameters of one dense layer: a weight for every pair (input, unit) and a bias for every unit.

    d_in   number of inputs, at least 1
    d_out  number of units, at least 1
    bias   False for a layer without biases

    Returns an int. Raises ValueError when a size is below 1.

    >>> count_dense(3, 2)
    8
    >>> count_dense(3, 2, bias=False)
    6
    """
    if d_in < 1 or d_out < 1:
        raise ValueError(f"a dense layer has at least 1 input and 1 unit, received d_in={d_in} and d_out={d_out}")
    weights = d_in * d_out
    biases = d_out if bias else 0
    return weights + biases


def count_mlp(sizes, bias=True):
    """Parameters of a multilayer perceptron: the sum over its dense layers.

    sizes  [inputs, units of each hidden layer ..., outputs]: at least two numbers, each at least 1
    bias   False for a network without any biases

    Returns an int. Raises ValueError for fewer than two sizes and for a size below 1.

    >>> count_mlp([2, 3, 1])
    13
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"a network has inputs and outputs, at least 1 of each, received sizes={sizes}")
    total = 0
    for d_in, d_out in zip(sizes[:-1], sizes[1:], strict=True):
        total += d_in * d_out
        if bias:
            total += d_out
    return total


def layer_table(sizes, bias=True):
    """One row for each dense layer of a multilayer perceptron, first layer first.

    sizes  [inputs, units of each hidden layer ..., outputs]: at least two numbers, each at least 1
    bias   False for a network without any biases

    Returns a list of dictionaries of ints with the keys "inputs", "units", "weights", "biases" and
    "parameters". The input layer computes nothing and has no row. Raises ValueError for fewer than
    two sizes and for a size below 1.

    >>> for row in layer_table([3, 4, 2]):
    ...     print(row)
    {'inputs': 3, 'units': 4, 'weights': 12, 'biases': 4, 'parameters': 16}
    {'inputs': 4, 'units': 2, 'weights': 8, 'biases': 2, 'parameters': 10}
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"a network has inputs and outputs, at least 1 of each, received sizes={sizes}")
    rows = []
    for d_in, d_out in zip(sizes[:-1], sizes[1:], strict=True):
        weights = d_in * d_out
        biases = d_out if bias else 0
        rows.append(
            {"inputs": d_in, "units": d_out, "weights": weights, "biases": biases, "parameters": weights + biases}
        )
    return rows


def steps_per_epoch(n, batch_size, drop_last=False):
    """Training steps in which every example is used once.

    The last batch may be smaller than the others; it is a step all the same, unless `drop_last`
    says that an incomplete batch is left out.

    n           number of examples, at least 1
    batch_size  examples in a full batch, at least 1

    Returns an int. Raises ValueError when n or batch_size is below 1.

    >>> steps_per_epoch(10, 4), steps_per_epoch(10, 4, drop_last=True)
    (3, 2)
    """
    if n < 1 or batch_size < 1:
        raise ValueError(f"an epoch needs examples and a batch size of at least 1, received n={n}, {batch_size=}")
    full = n // batch_size
    rest = n % batch_size
    return full + 1 if rest and not drop_last else full
