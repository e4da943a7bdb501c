"""What every optimiser is, and how a name finds one."""

import numpy as np

from coursekit import schedules
from coursekit.buffer import aligned_zeros
from coursekit.functions.gradients import clip_by_norm
from coursekit.identifiers import Configurable, find
from coursekit.inputs import above, between, is_real

# Every optimiser of the library by name.
OPTIMIZERS = {}


class Optimizer(Configurable):
    """What all optimisers share: the rate, clipping, the count of steps, and the arrays they remember.

    lr           a number, or a schedule: function of the step (0, 1, ...) -> number
    clip_value   each entry of the gradient is cut to [-clip_value, clip_value]
    clip_norm    then the whole gradient, of all parameters together, is shortened to this length

    Your own: list in `slots` the arrays to remember, and write `update(P, G, lr)`; it finds the slots, of P's shape and
    zeros at first, as attributes.

    >>> class Signs(Optimizer):
    ...     def update(self, P, G, lr):
    ...         P -= lr * np.sign(G)
    >>> P = np.array([1.0, 2.0])
    >>> Signs(lr=0.5).build(P).step(P, np.array([10.0, -0.1]))
    >>> P
    array([0.5, 2.5])
    """

    slots = ()
    # Slots that shrink by a constant factor where no gradient comes. After some hundred steps they would be denormal
    # numbers, on which a processor is a hundred times slower; nothing is lost if they become zero well before that.
    fading = ()

    def __init_subclass__(cls):
        if cls.__module__.startswith("coursekit."):  # a student's own Adam must not take the library's place
            OPTIMIZERS[cls.__name__] = cls

    def __init__(self, lr=0.01, clip_value=None, clip_norm=None):
        self.lr = between("lr", lr, type(self).__name__, 0) if is_real(lr) else schedules.get(lr)
        self.clip_value, self.clip_norm = clip_value, clip_norm
        self.steps = 0
        for name, value in (("clip_value", clip_value), ("clip_norm", clip_norm)):
            if value is not None:
                above(name, value, type(self).__name__, 0)

    @property
    def rate(self):
        """The learning rate of the step that comes next."""
        return float(self.lr(self.steps)) if callable(self.lr) else self.lr

    def build(self, P, layout=()):
        """Make the slots for the parameters `P` and begin at step 0. Returns self.

        `layout` lists (layer name, parameter name, slice of P); only MultiOptimizer wants it.
        """
        self.steps = 0
        for name in ("scratch", *self.slots):
            setattr(self, name, aligned_zeros(P.size, P.dtype))
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
        """What a subclass writes: one step, P changed in place. G may be spoilt."""
        raise NotImplementedError(f"{type(self).__name__} has to change P in place in update(self, P, G, lr)")

    def get_state(self):
        """The count of steps and a copy of each slot: what a saved model needs to go on where it stopped."""
        return {"steps": self.steps} | {name: getattr(self, name).copy() for name in self.slots}

    def set_state(self, state):
        """Go on from what get_state returned."""
        self.steps = int(state["steps"])
        for name in self.slots:
            getattr(self, name)[...] = state[name]


def get(identifier):
    """An optimiser from its name, its config or itself.

    >>> from coursekit import optimizers
    >>> optimizers.get("adam"), optimizers.get({"name": "SGD", "config": {"lr": 0.5}})
    (Adam(), SGD(lr=0.5))
    """
    optimizer = find(identifier, OPTIMIZERS, "optimizer")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"an optimizer is a name or an object such as SGD(lr=0.01), received {identifier!r}")
    return optimizer
