"""Optimisers that change one flat array of parameters in place.

    SGD  Momentum  Nesterov  AdaGrad  RMSprop  AdaDelta  Adam  AdamW        MultiOptimizer

The rules are those of coursekit.functions.optimizers, written for speed: a model keeps all its parameters in one array
`P` and their gradients in one array `G`, so that a step is a few operations on long arrays, not some on each of many
short ones. `G` serves as scratch paper and is spoilt.
"""

import numpy as np

from coursekit import schedules
from coursekit.functions.gradients import clip_by_norm
from coursekit.identifiers import Configurable, find


class Optimizer(Configurable):
    """What all optimisers share: the rate, clipping, the count of steps, and the arrays they remember.

    lr           a number, or a schedule: function of the step (0, 1, ...) -> number
    clip_value   each entry of the gradient is cut to [-clip_value, clip_value]
    clip_norm    then the whole gradient, of all parameters together, is shortened to this length

    Your own: list in `slots` the arrays to remember, and write `update(P, G, lr)`; it finds the slots, of P's shape and
    zeros at first, as attributes.
    """

    slots = ()
    # Slots that shrink by a constant factor where no gradient comes. After some hundred steps they would be denormal
    # numbers, on which a processor is a hundred times slower; nothing is lost if they become zero well before that.
    fading = ()

    def __init__(self, lr=0.01, clip_value=None, clip_norm=None):
        self.lr = lr if isinstance(lr, (int, float)) else schedules.get(lr)
        self.clip_value, self.clip_norm = clip_value, clip_norm
        self.steps = 0
        for name, value in (("lr", lr), ("clip_value", clip_value), ("clip_norm", clip_norm)):
            if isinstance(value, (int, float)) and not (value > 0 or name == "lr" and value == 0):
                raise ValueError(f"{type(self).__name__} expected a positive {name}, received {value}")

    @property
    def rate(self):
        """The learning rate of the step that comes next."""
        return float(self.lr(self.steps)) if callable(self.lr) else self.lr

    def build(self, P, layout=()):
        """Make the slots for the parameters `P` and begin at step 0. Returns self.

        `layout` lists (layer name, parameter name, slice of P); only MultiOptimizer wants it.
        """
        self.steps = 0
        self.scratch = np.empty_like(P)
        for name in self.slots:
            setattr(self, name, np.zeros_like(P))
        return self

    def step(self, P, G):
        """Change the parameters `P` by one step along their gradient `G`. Both are flat arrays; G is spoilt."""
        if self.clip_value is not None:
            np.clip(G, -self.clip_value, self.clip_value, out=G)
        if self.clip_norm is not None:
            G[...] = clip_by_norm([G], self.clip_norm)[0]
        self.update(P, G, self.rate)
        self.steps += 1
        if self.fading and self.steps % 256 == 0:
            for name in self.fading:
                slot = getattr(self, name)
                slot[np.abs(slot) < 1e-20] = 0

    def update(self, P, G, lr):
        raise NotImplementedError(f"{type(self).__name__} has to change P in place in update(self, P, G, lr)")

    def get_state(self):
        """The count of steps and a copy of each slot: what a saved model needs to go on where it stopped."""
        return {"steps": self.steps} | {name: getattr(self, name).copy() for name in self.slots}

    def set_state(self, state):
        """Go on from what get_state returned."""
        self.steps = int(state["steps"])
        for name in self.slots:
            getattr(self, name)[...] = state[name]


class SGD(Optimizer):
    """P -= lr * G. With `momentum`, which is a convenience of Keras, the rule of Momentum or Nesterov.

    >>> P = np.array([1.0, 2.0])
    >>> SGD(lr=0.1).build(P).step(P, np.array([10.0, -10.0]))
    >>> P
    array([0., 3.])
    """

    slots = ("V",)
    fading = ("V",)

    def __init__(self, lr=0.01, momentum=0.0, nesterov=False, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.momentum, self.nesterov = momentum, nesterov
        if not 0 <= momentum < 1:
            raise ValueError(f"{type(self).__name__} expected a momentum from 0 to below 1, received {momentum}")
        if not momentum:
            self.slots = self.fading = ()

    def update(self, P, G, lr):
        G *= lr
        if self.momentum:
            V = self.V
            V *= self.momentum
            V += G
            if self.nesterov:
                # P is kept at the look-ahead point, where the gradient is wanted: P = W - beta * V.
                # W moves by -V, and the offset by beta * (V_old - V): together -(lr * G + beta * V).
                P -= G
                P -= np.multiply(V, self.momentum, out=G)
            else:
                P -= V
        else:
            P -= G


class Momentum(SGD):
    """V = beta * V + lr * G, P -= V."""

    def __init__(self, lr=0.01, beta=0.9, clip_value=None, clip_norm=None):
        super().__init__(lr, beta, False, clip_value, clip_norm)
        self.beta = beta


class Nesterov(SGD):
    """Momentum with the gradient at the look-ahead point W - beta * V.

    The model's parameters *are* that point while it trains; the difference shrinks with the steps.
    """

    def __init__(self, lr=0.01, beta=0.9, clip_value=None, clip_norm=None):
        super().__init__(lr, beta, True, clip_value, clip_norm)
        self.beta = beta


class AdaGrad(Optimizer):
    """s += G**2, P -= lr * G / sqrt(s + eps)."""

    slots = ("s",)

    def __init__(self, lr=0.01, eps=1e-7, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.eps = eps

    def update(self, P, G, lr):
        root = self.scratch
        self.s += np.multiply(G, G, out=root)
        np.add(self.s, self.eps, out=root)
        np.sqrt(root, out=root)
        G *= lr
        G /= root
        P -= G


class RMSprop(Optimizer):
    """s = rho * s + (1 - rho) * G**2, P -= lr * G / sqrt(s + eps)."""

    slots = ("s",)
    fading = ("s",)

    def __init__(self, lr=0.001, rho=0.9, eps=1e-7, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.rho, self.eps = rho, eps

    def update(self, P, G, lr):
        root = self.scratch
        _running_mean_of_squares(self.s, G, self.rho, root)
        np.add(self.s, self.eps, out=root)
        np.sqrt(root, out=root)
        G *= lr
        G /= root
        P -= G


class AdaDelta(Optimizer):
    """step = sqrt(u + eps) / sqrt(s + eps) * G, P -= lr * step; s and u: running means of G**2 and step**2."""

    slots = ("s", "u")
    fading = ("s", "u")

    def __init__(self, lr=1.0, rho=0.95, eps=1e-6, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.rho, self.eps = rho, eps

    def update(self, P, G, lr):
        ratio = self.scratch
        _running_mean_of_squares(self.s, G, self.rho, ratio)
        np.add(self.u, self.eps, out=ratio)
        ratio /= self.s + self.eps
        G *= np.sqrt(ratio, out=ratio)
        _running_mean_of_squares(self.u, G, self.rho, ratio)
        G *= lr
        P -= G


class Adam(Optimizer):
    """P -= lr * sqrt(1 - beta2**t) / (1 - beta1**t) * m / (sqrt(v) + eps), in Keras's form.

    m and v, the running means of G and G**2, are kept without their factors (1 - beta1) and (1 - beta2), as plain
    fading sums: that saves two operations a step, and the factors go into the rate and into eps.
    """

    slots = ("m", "v")
    fading = ("m",)

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7, clip_value=None, clip_norm=None):
        super().__init__(lr, clip_value, clip_norm)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def build(self, P, layout=()):
        # With m and v the sums: (1 - beta1) m / (sqrt((1 - beta2) v) + eps)
        #                      = (1 - beta1) / root * m / (sqrt(v) + eps / root),  root = sqrt(1 - beta2).
        # As arrays without axes the constants need not be converted at each step.
        self.root = (1 - self.beta2) ** 0.5
        self.constants = [np.array(value, P.dtype) for value in (self.beta1, self.beta2, self.eps / self.root)]
        return super().build(P, layout)

    def update(self, P, G, lr):
        m, v, step = self.m, self.v, self.scratch
        beta1, beta2, eps = self.constants
        t = self.steps + 1
        m *= beta1
        m += G
        v *= beta2
        G *= G
        v += G
        np.sqrt(v, out=step)
        step += eps
        np.divide(m, step, out=step)
        step *= lr * (1 - self.beta2**t) ** 0.5 / (1 - self.beta1**t) * (1 - self.beta1) / self.root
        P -= step


class AdamW(Adam):
    """P -= lr * weight_decay * P, then Adam's step. All parameters decay, biases too, as in Keras and PyTorch."""

    def __init__(
        self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7, weight_decay=0.004, clip_value=None, clip_norm=None
    ):
        super().__init__(lr, beta1, beta2, eps, clip_value, clip_norm)
        self.weight_decay = weight_decay

    def update(self, P, G, lr):
        P *= 1 - lr * self.weight_decay
        super().update(P, G, lr)


class MultiOptimizer(Optimizer):
    """One optimiser for the layers named in `rules`, another for the rest.

    rules     {layer name, as in summary(): optimiser}; "dense_1/b" names one parameter of a layer
    default   the optimiser of everything else

    >>> optimizer = MultiOptimizer({"dense": SGD(lr=1.0)}, default=SGD(lr=0.1))
    >>> P = np.zeros(3)
    >>> layout = [("dense", "W", slice(0, 2)), ("dense_1", "W", slice(2, 3))]
    >>> optimizer.build(P, layout).step(P, np.ones(3))
    >>> P
    array([-1. , -1. , -0.1])
    """

    def __init__(self, rules, default="sgd"):
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


def _running_mean_of_squares(s, G, rho, scratch):
    s *= rho
    np.multiply(G, G, out=scratch)
    scratch *= 1 - rho
    s += scratch


OPTIMIZERS = {
    cls.__name__: cls
    for cls in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, AdaDelta, Adam, AdamW, MultiOptimizer)
}


def get(identifier):
    """An optimiser from its name, its config or itself."""
    return find(identifier, OPTIMIZERS, "optimizer")
