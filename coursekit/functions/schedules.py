"""Learning-rate schedules: the rate of a step, counted from 0. `new_bob` alone looks at what training achieved."""

import numpy as np


def constant(step, lr=0.01):
    """lr, at every step.

    >>> constant(1000, lr=0.1)
    0.1
    """
    return lr


def step_decay(step, lr=0.1, factor=0.5, every=10):
    """A staircase from `lr`: after each `every` steps the rate is multiplied by `factor`.

    >>> [step_decay(step, lr=0.8, factor=0.5, every=2) for step in range(6)]
    [0.8, 0.8, 0.4, 0.4, 0.2, 0.2]
    """
    return lr * factor ** (step // every)


def exponential_decay(step, lr=0.1, factor=0.5, every=10):
    """lr * factor ** (step / every): the staircase made smooth, equal to it at every `every`-th step.

    >>> [round(exponential_decay(step, lr=0.8, factor=0.25, every=2), 3) for step in range(5)]
    [0.8, 0.4, 0.2, 0.1, 0.05]
    """
    return lr * factor ** (step / every)


def cosine(step, lr=0.1, steps=100, end=0.0):
    """end + (lr - end) * (1 + cos(pi * step / steps)) / 2: from `lr` to `end` in half a wave, then `end`.

    Slow at both ends, steep in the middle (Loshchilov & Hutter 2017).

    >>> [round(cosine(step, lr=1.0, steps=4), 3) for step in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    done = min(step, steps) / steps
    return float(end + (lr - end) * (1 + np.cos(np.pi * done)) / 2)


def warm_up(step, lr=0.1, steps=10):
    """lr * (step + 1) / steps while step < steps, then lr: small steps while the weights are still raw.

    >>> [warm_up(step, lr=1.0, steps=4) for step in range(6)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    return lr * min(1.0, (step + 1) / steps)


def triangular(step, low=0.001, high=0.1, half=100):
    """From `low` up to `high` in `half` steps, down again in as many, for ever: a cyclical rate (Smith 2017).

    >>> [triangular(step, low=0.0, high=1.0, half=2) for step in range(6)]
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.5]
    """
    distance = abs(step % (2 * half) - half) / half
    return low + (high - low) * (1 - distance)


def one_cycle(step, steps=100, lr=0.1, rise=0.3, start=25.0, end=1e4):
    """One climb to `lr` and one long descent, each half a cosine wave (Smith & Topin 2018).

    The whole run has `steps` steps. It begins at lr / start, reaches `lr` at step rise * steps - 1, and the last step
    has lr / start / end. Before and after the run the rate stays at its ends. The details are PyTorch's.

    >>> [round(one_cycle(step, steps=10, lr=1.0, rise=0.5, start=10.0, end=10.0), 3) for step in (0, 2, 4, 9)]
    [0.1, 0.55, 1.0, 0.01]
    """
    first, last = lr / start, lr / start / end
    top = rise * steps - 1
    if step <= top:
        begin, finish, done = first, lr, step / max(top, 1)
    else:
        begin, finish, done = lr, last, (step - top) / (steps - 1 - top)
    done = min(max(done, 0.0), 1.0)
    return float(finish + (begin - finish) * (1 + np.cos(np.pi * done)) / 2)


def range_test(step, low=1e-5, high=1.0, steps=100):
    """low * (high / low) ** (step / (steps - 1)): every size of rate once, in equal ratios.

    Plot the loss against it: the best rates lie where the loss falls fastest, well before it shoots up (Smith 2017).

    >>> [round(range_test(step, low=0.001, high=1.0, steps=4), 3) for step in range(4)]
    [0.001, 0.01, 0.1, 1.0]
    """
    return low * (high / low) ** (min(step, steps - 1) / max(steps - 1, 1))


def new_bob(lr, errors, factor=0.5, threshold=0.0):
    """lr * factor if the last validation error fell by less than `threshold`, else lr: the rate for the next epoch.

    `errors` are the validation errors so far, oldest first. With threshold 0 the rate falls exactly when the
    error *rises*; fewer than two errors leave it alone.

    >>> new_bob(0.1, [0.30, 0.25]), new_bob(0.1, [0.30, 0.25, 0.26]), new_bob(0.1, [0.30])
    (0.1, 0.05, 0.1)
    """
    if len(errors) >= 2 and errors[-2] - errors[-1] < threshold:
        return lr * factor
    return lr
