"""Numbers that remember how they were made: a scalar autograd, small enough to read, that draws its own graph.

    w, x = Value(2.0, "w"), Value(-1.0, "x")
    loss = (w * x - 3) ** 2
    loss.backward()          # w.grad is d loss / d w
    draw(loss)               # the graph, with value and gradient at each node
"""

import math


class Value:
    """A number, the operation that made it, and for each operand the local derivative: how fast it moves this number.

    grad   d result / d self, filled in by `result.backward()`

    >>> x = Value(3.0)
    >>> y = x * x + x                      # x is used three times: what comes back adds up
    >>> y.backward()
    >>> y.data, x.grad
    (12.0, 7.0)
    """

    def __init__(self, data, label="", operation="", operands=()):
        if not isinstance(data, (int, float)):
            data = _number(data)
        self.data, self.label, self.operation = float(data), label, operation
        self.operands = operands  # pairs (Value, local derivative)
        self.grad = 0.0

    def __repr__(self):
        return f"Value({self.data:g}, grad={self.grad:g})"

    def backward(self):
        """The chain rule, from the result to the leaves: a gradient times the local derivative goes to each operand."""
        nodes = topological_order(self)
        for node in nodes:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(nodes):
            for operand, slope in node.operands:
                operand.grad += slope * node.grad

    # The rules: a value, and the local derivative for each operand. Addition hands the gradient on, multiplication
    # swaps, the maximum routes.

    def __add__(self, other):
        other = value(other)
        return Value(self.data + other.data, "", "+", ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = value(other)
        return Value(self.data * other.data, "", "*", ((self, other.data), (other, self.data)))

    def __pow__(self, power):
        if not isinstance(power, (int, float)):
            raise TypeError(f"the power has to be a plain number, received {power!r}: write exp(power * log(base)).")
        if self.data < 0 and power != int(power) or self.data == 0 and 0 != power < 1:
            raise ValueError(f"{self.data:g} ** {power:g} has no value or no slope.")
        slope = power * self.data ** (power - 1) if power else 0.0
        return Value(self.data**power, "", f"^{power:g}", ((self, slope),))

    def __neg__(self):
        return Value(-self.data, "", "neg", ((self, -1.0),))

    def __sub__(self, other):
        return self + -value(other)

    def __rsub__(self, other):
        return value(other) + -self

    def __truediv__(self, other):
        return self * value(other) ** -1

    def __rtruediv__(self, other):
        return value(other) * self**-1

    __radd__, __rmul__ = __add__, __mul__


def _number(data):
    if getattr(data, "shape", None) == () and data.dtype.kind in "biuf":  # a number of NumPy's
        return data.item()
    raise TypeError(f"a Value is a plain number, received {data!r}: make one for each entry of an array.")


def value(x):
    """x as a Value; a plain number becomes a leaf.

    >>> value(2)
    Value(2, grad=0)
    """
    return x if isinstance(x, Value) else Value(x)


def exp(x):
    """e^x, its own derivative.

    >>> exp(0)
    Value(1, grad=0)
    """
    x = value(x)
    y = math.exp(x.data)
    return Value(y, "", "exp", ((x, y),))


def log(x):
    """The natural logarithm; derivative 1 / x.

    >>> x = Value(4.0)
    >>> log(x).backward()
    >>> x.grad
    0.25
    """
    x = value(x)
    if not x.data > 0:
        raise ValueError(f"log expected a number above 0, received {x.data:g}.")
    return Value(math.log(x.data), "", "log", ((x, 1 / x.data),))


def tanh(x):
    """The hyperbolic tangent; derivative 1 - tanh^2.

    >>> x = Value(0.0)
    >>> tanh(x).backward()
    >>> x.grad
    1.0
    """
    x = value(x)
    y = math.tanh(x.data)
    return Value(y, "", "tanh", ((x, 1 - y * y),))


def maximum(x, y):
    """The larger of two: the gradient goes there and nowhere else (to the second, if they are equal).

    >>> x = Value(-2.0)
    >>> maximum(x, 0)                      # ReLU
    Value(0, grad=0)
    """
    x, y = value(x), value(y)
    first = float(x.data > y.data)
    return Value(max(x.data, y.data), "", "max", ((x, first), (y, 1 - first)))


def sigmoid(x):
    """1 / (1 + exp(-x)), built from the rules above.

    >>> sigmoid(Value(0.0)).data
    0.5
    """
    return (1 + exp(-value(x))) ** -1


def topological_order(result):
    """Every node of the graph, operands before what is made of them.

    >>> a = Value(1.0, "a")
    >>> [node.label or node.operation for node in topological_order(a * a + 2)]
    ['a', '*', '', '+']
    """
    if not isinstance(result, Value):
        raise TypeError(f"a graph is drawn from its result, a Value, received {result!r}.")
    order, seen, waiting = [], set(), [(result, False)]
    while waiting:  # a loop, because a long sum would be too deep for recursion
        node, operands_done = waiting.pop()
        if operands_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting.extend((operand, False) for operand, _ in reversed(node.operands))
    return order


def draw(result, ax=None):
    """The graph from left to right: in each box the name or operation, then the value, then the gradient.

    Returns ax.

    >>> x = Value(2.0, "x")
    >>> y = x * x
    >>> y.backward()
    >>> sorted(text.get_text().replace(chr(10), " | ") for text in draw(y).texts if text.get_text())
    ['* | 4 | grad 1', 'x | 2 | grad 4']
    """
    from coursekit.plotting import BLUE, VERMILION, plt

    nodes = topological_order(result)
    places = _layout(nodes)
    if ax is None:
        width, height = (max(p[i] for p in places.values()) - min(p[i] for p in places.values()) + 1 for i in (0, 1))
        _, ax = plt.subplots(figsize=(1.25 * width, 0.85 * height + 0.3))
    for node in nodes:
        for operand in {id(operand): operand for operand, _ in node.operands}.values():
            ax.annotate("", places[id(node)], places[id(operand)], zorder=1,
                        arrowprops={"arrowstyle": "-|>", "color": "0.6", "shrinkA": 20, "shrinkB": 22})
    for node in nodes:
        name = " = ".join(part for part in (node.label, node.operation) if part) or "constant"
        shape, colour = ("round", BLUE) if node.operands else ("square", VERMILION)
        ax.text(*places[id(node)], f"{name}\n{node.data:.3g}\ngrad {node.grad:.3g}", ha="center", va="center",
                fontsize=8, bbox={"boxstyle": shape, "facecolor": "white", "edgecolor": colour})
    columns, rows = zip(*places.values(), strict=True)
    ax.set(xlim=(min(columns) - 0.6, max(columns) + 0.6), ylim=(min(rows) - 0.6, max(rows) + 0.6))
    ax.set_axis_off()
    return ax


def _layout(nodes):
    """{id: (column, row)}: a node right of its operands, level with their middle; a leaf just before its first use."""
    column, uses = {}, {}
    for node in nodes:
        column[id(node)] = 1 + max((column[id(operand)] for operand, _ in node.operands), default=-1)
        for operand, _ in node.operands:
            uses.setdefault(id(operand), []).append(node)
    for node in nodes:
        if not node.operands and id(node) in uses:
            column[id(node)] = min(column[id(user)] for user in uses[id(node)]) - 1
    leaves = [node for node in nodes if not node.operands]
    row = {id(leaf): -float(i) for i, leaf in enumerate(leaves)}
    for node in nodes:
        if node.operands:
            rows = [row[id(operand)] for operand, _ in node.operands]
            row[id(node)] = sum(rows) / len(rows)
    for c in set(column.values()):  # two boxes of a column stand at least one row apart
        previous = float("inf")
        for node in sorted((n for n in nodes if column[id(n)] == c), key=lambda n: -row[id(n)]):
            previous = row[id(node)] = min(row[id(node)], previous - 1)
    return {id(node): (column[id(node)], row[id(node)]) for node in nodes}
