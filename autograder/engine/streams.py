"""The global streams of random numbers, `np.random` and `random`: what a test cell seeds, student code draws from.

Once a test cell has seeded one of them, the student's process gets ours with each call, and ours goes on from where
its code left off: as far as it was drawn from, for whoever could set it would choose what the test draws next.
"""

from __future__ import annotations

import functools
import random

import numpy as np

from autograder.engine.box.streams import BLOCK, current, put, same
from autograder.engine.box.wire import Malformed

FARTHEST = 1 << 24      # draws in one call


class Streams:
    """Both streams of this process, watched for being seeded."""

    def __init__(self):
        self.seeded = False
        self.known: dict[str, tuple] = {}       # how each was when the other side had it last
        for module, names in ((np.random, ("seed", "set_state")), (random, ("seed", "setstate"))):
            for name in names:
                setattr(module, name, self._watched(getattr(module, name)))

    def begin_cell(self) -> None:
        """A new test cell: until it seeds, the student's streams are the student's."""
        self.seeded, self.known = False, {}

    def told(self) -> dict:
        """What goes with a request: the streams that have changed since the last one."""
        if not self.seeded:
            return {}
        states = current()
        fresh = {name: state for name, state in states.items() if not same(state, self.known.get(name))}
        self.known = states
        return {"streams": {name: list(state) for name, state in fresh.items()}}

    def heard(self, states: dict) -> None:
        """What the student's code left them at; a stream that was set rather than drawn from goes on from ours."""
        here = current()
        for name, state in states.items():
            if name in here and follows(here[name], state):
                put(name, (*state[:2], None))
        self.known = current()

    def _watched(self, function):
        @functools.wraps(function)
        def seed(*args, **kwargs):
            self.seeded = True
            return function(*args, **kwargs)

        return seed


def follows(here: tuple, there: object) -> bool:
    """Does `there` lie ahead of `here` on the same stream, at most FARTHEST draws away?

    The twister makes its words 624 at a time, so blocks are compared; both libraries use the same generator.
    Source: Matsumoto and Nishimura, Mersenne twister (1998).

    Raises:
        Malformed: it is no state.
    """
    if type(there) is not list or len(there) != 3:
        raise Malformed("a stream's state")
    words, place, _ = there
    if type(words) is not np.ndarray or words.shape != (BLOCK,) or words.dtype != np.uint32:
        raise Malformed("a stream's state")
    if type(place) is not int or not 0 <= place <= BLOCK:
        raise Malformed("a stream's state")
    if np.array_equal(here[0], words):
        return place >= here[1]
    stepped = np.random.MT19937()
    stepped.state = {"bit_generator": "MT19937", "state": {"key": here[0], "pos": BLOCK}}
    for _ in range(FARTHEST // BLOCK):
        stepped.random_raw(1, output=False)     # the next block is made
        key = stepped.state["state"]["key"]
        if np.array_equal(key, words):
            return place >= 1
        stepped.state = {"bit_generator": "MT19937", "state": {"key": key, "pos": BLOCK}}
    return False
