"""Different optimisers for different layers."""

from coursekit.optimizers.optimizer import Optimizer, get


class MultiOptimizer(Optimizer):
    """One optimiser for the layers named in `rules`, another for the rest.

    rules     {layer name, as in summary(): optimiser}; "dense_1/b" names one parameter of a layer
    default   the optimiser of everything else

    >>> import numpy as np
    >>> from coursekit.optimizers import SGD
    >>> optimizer = MultiOptimizer({"dense": SGD(lr=1.0)}, default=SGD(lr=0.1))
    >>> P = np.zeros(3)
    >>> layout = [("dense", "W", slice(0, 2)), ("dense_1", "W", slice(2, 3))]
    >>> optimizer.build(P, layout).step(P, np.ones(3))
    >>> P
    array([-1. , -1. , -0.1])
    """

    def __init__(self, rules, default="sgd"):
        if not isinstance(rules, dict):
            raise TypeError(f"MultiOptimizer expected rules as {{layer name: optimizer}}, received {rules!r}")
        self.rules, self.default = {name: get(optimizer) for name, optimizer in rules.items()}, get(default)
        self.steps, self.clip_value, self.clip_norm = 0, None, None

    def build(self, P, layout=()):
        self.steps, self.parts, used = 0, [], set()
        for layer, parameter, where in layout:
            path = f"{layer}/{parameter}"
            # "block/0/W" follows the rule of "block/0/W", else of "block/0", else of "block".
            matching = [name for name in self.rules if path == name or path.startswith(name + "/")]
            used.update(matching)
            rule = self.rules[max(matching, key=len)] if matching else self.default
            self.parts.append((where, type(rule).from_config(rule.get_config()).build(P[where])))
        for name in self.rules:
            if name not in used:
                there = ", ".join(f"{layer}/{parameter}" for layer, parameter, _ in layout)
                raise ValueError(f"MultiOptimizer has a rule for {name!r}, but the model's parameters are {there}")
        return self

    def step(self, P, G):
        for where, optimizer in self.parts:
            optimizer.step(P[where], G[where])
        self.steps += 1

    @property
    def lr(self):
        """The rate of `default`. Setting it scales every other rate by the same factor."""
        return self.default.lr

    @lr.setter
    def lr(self, lr):
        factor = lr / self.default.lr
        for optimizer in [self.default, *self.rules.values(), *(part for _, part in getattr(self, "parts", ()))]:
            optimizer.lr = optimizer.lr * factor

    def get_state(self):
        state = {"steps": self.steps}
        for i, (_, optimizer) in enumerate(self.parts):
            state |= {f"{i}/{name}": value for name, value in optimizer.get_state().items()}
        return state

    def set_state(self, state):
        self.steps = int(state["steps"])
        for i, (_, optimizer) in enumerate(self.parts):
            mark = f"{i}/"
            optimizer.set_state({name[len(mark) :]: state[name] for name in state if name.startswith(mark)})
