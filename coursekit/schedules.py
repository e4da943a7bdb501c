"""Learning-rate schedules as objects: an optimiser calls `schedule(step)`, and a saved model remembers it.

    Constant  StepDecay  ExponentialDecay  Cosine  WarmUp  Triangular  OneCycle  RangeTest

Each keeps the arguments of the function of the same name in coursekit.functions.schedules, which does the work.
New-bob has to see the validation error: it is a callback (coursekit.callbacks.NewBob).
"""

from coursekit.functions import schedules as rules
from coursekit.identifiers import Configurable, find
from coursekit.inputs import above, between, is_real, positive


class Schedule(Configurable):
    """A function step -> learning rate. Your own: keep the arguments in `__init__`, give the rate in `__call__`.

    >>> class Inverse(Schedule):
    ...     def __init__(self, lr=0.5):
    ...         self.lr = lr
    ...     def __call__(self, step):
    ...         return self.lr / (1 + step)
    >>> Inverse()(4)
    0.1
    """

    def __call__(self, step):
        raise NotImplementedError(f"{type(self).__name__} has to say the rate of a step in __call__(self, step)")


class Constant(Schedule):
    """The same rate at every step.

    >>> Constant(0.1)(1000)
    0.1
    """

    def __init__(self, lr=0.01):
        self.lr = between("lr", lr, "Constant", 0)

    def __call__(self, step):
        return rules.constant(step, self.lr)


class StepDecay(Schedule):
    """lr * factor ** (step // every): a staircase.

    >>> schedule = StepDecay(lr=0.1, factor=0.5, every=100)
    >>> schedule(99), schedule(100)
    (0.1, 0.05)
    """

    def __init__(self, lr=0.1, factor=0.5, every=10):
        self.lr, self.factor = between("lr", lr, "StepDecay", 0), between("factor", factor, "StepDecay", 0)
        self.every = positive("every", every, "StepDecay")

    def __call__(self, step):
        return rules.step_decay(step, self.lr, self.factor, self.every)


class ExponentialDecay(Schedule):
    """lr * factor ** (step / every): a slope.

    >>> schedule = ExponentialDecay(lr=0.1, factor=0.25, every=100)
    >>> schedule(50), schedule(100)
    (0.05, 0.025)
    """

    def __init__(self, lr=0.1, factor=0.5, every=10):
        self.lr = between("lr", lr, "ExponentialDecay", 0)
        self.factor = between("factor", factor, "ExponentialDecay", 0)
        self.every = positive("every", every, "ExponentialDecay")

    def __call__(self, step):
        return rules.exponential_decay(step, self.lr, self.factor, self.every)


class Cosine(Schedule):
    """Half a cosine wave from `lr` to `end` in `steps` steps.

    Slow at both ends, steep in the middle (Loshchilov & Hutter 2017).

    >>> [round(Cosine(lr=1.0, steps=4)(step), 3) for step in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """

    def __init__(self, lr=0.1, steps=100, end=0.0):
        self.lr, self.end = between("lr", lr, "Cosine", 0), between("end", end, "Cosine", 0)
        self.steps = positive("steps", steps, "Cosine")

    def __call__(self, step):
        return rules.cosine(step, self.lr, self.steps, self.end)


class WarmUp(Schedule):
    """A straight climb to the full rate in `steps` steps.

    `lr` may be a schedule itself; its rate is what is climbed to.

    >>> schedule = WarmUp(StepDecay(lr=1.0, factor=0.1, every=4), steps=2)
    >>> [schedule(step) for step in range(5)]
    [0.5, 1.0, 1.0, 1.0, 0.1]
    """

    def __init__(self, lr=0.1, steps=10):
        self.lr, self.steps = get(lr), positive("steps", steps, "WarmUp")

    def __call__(self, step):
        top = self.lr(step) if callable(self.lr) else self.lr
        return rules.warm_up(step, top, self.steps)


class Triangular(Schedule):
    """Between `low` and `high`, up and down, `half` steps each way.

    A cyclical rate (Smith 2017).

    >>> [Triangular(low=0.0, high=1.0, half=2)(step) for step in range(5)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """

    def __init__(self, low=0.001, high=0.1, half=100):
        self.low, self.high = between("low", low, "Triangular", 0), between("high", high, "Triangular", 0)
        self.half = positive("half", half, "Triangular")

    def __call__(self, step):
        return rules.triangular(step, self.low, self.high, self.half)


class OneCycle(Schedule):
    """One climb to `lr`, one long descent; `steps` is the number of steps of the whole run.

    rise    the share of the steps that climb; both ways are half a cosine wave (Smith & Topin 2018)
    start   the first rate is lr / start
    end     the last is lr / start / end

    >>> schedule = OneCycle(steps=10, lr=1.0, rise=0.5, start=10.0, end=10.0)
    >>> [round(schedule(step), 3) for step in (0, 2, 4, 9)]
    [0.1, 0.55, 1.0, 0.01]
    """

    def __init__(self, steps=100, lr=0.1, rise=0.3, start=25.0, end=1e4):
        self.steps = positive("steps", steps, "OneCycle")
        self.lr, self.rise = between("lr", lr, "OneCycle", 0), between("rise", rise, "OneCycle", 0, 1)
        self.start, self.end = above("start", start, "OneCycle", 0), above("end", end, "OneCycle", 0)

    def __call__(self, step):
        return rules.one_cycle(step, self.steps, self.lr, self.rise, self.start, self.end)


class RangeTest(Schedule):
    """Every size of rate once: train with it for `steps` steps and look where the loss falls fastest.

    Well before the loss shoots up lies a good rate (Smith 2017).

    >>> [round(RangeTest(low=0.001, high=1.0, steps=4)(step), 6) for step in range(4)]
    [0.001, 0.01, 0.1, 1.0]
    """

    def __init__(self, low=1e-5, high=1.0, steps=100):
        self.low, self.high = above("low", low, "RangeTest", 0), above("high", high, "RangeTest", 0)
        self.steps = positive("steps", steps, "RangeTest")

    def __call__(self, step):
        return rules.range_test(step, self.low, self.high, self.steps)


SCHEDULES = {
    cls.__name__: cls
    for cls in (Constant, StepDecay, ExponentialDecay, Cosine, WarmUp, Triangular, OneCycle, RangeTest)
}


def get(identifier):
    """A schedule from its name, its config, itself, or any function of the step; a number stays a number.

    >>> get("cosine"), get(0.01)
    (Cosine(), 0.01)
    """
    schedule = find(identifier, SCHEDULES, "schedule")
    if not (callable(schedule) or is_real(schedule)):
        raise TypeError(f"a rate is a number, a schedule or a function of the step, received {identifier!r}")
    return schedule
