"""Random number generators that the student's code was handed: how far they may be believed."""

from __future__ import annotations

import numpy as np

from autograder.engine.box.wire import Malformed

FARTHEST = 1 << 40      # draws in one call
WORD = 1 << 128
MULTIPLIERS = {"PCG64": 0x2360ED051FC65DA44385DF649FCCF645}


def follows(generator: np.random.Generator, state: object) -> None:
    """Advance our generator to `state` if it lies ahead on its own stream; Malformed if it does not.

    The student's process may draw from a generator, not set it: whoever sets it chooses what the test draws
    next. PCG64 steps by s -> a s + c (mod 2**128), and the number of steps between two states
    can be found bit by bit, since bit i of the distance alone decides bit i of the state.
    Source: O'Neill, PCG (2014), section 4.3.1. Other kinds of generators stay as they are.
    """
    bits = generator.bit_generator
    kind = type(bits).__name__
    if kind not in MULTIPLIERS:
        return
    try:
        here, there = bits.state["state"], state["state"]
        target, increment = there["state"], there["inc"]
        half = (state["has_uint32"], state["uinteger"])
    except (TypeError, KeyError):
        raise Malformed("a generator's state") from None
    numbers = all(type(n) is int for n in (target, increment, *half))
    if not numbers or increment != here["inc"] or not 0 <= target < WORD:
        raise Malformed("a generator's state")
    steps = distance(here["state"], target, MULTIPLIERS[kind], increment)
    if steps > FARTHEST or half[0] not in (0, 1) or not 0 <= half[1] < 1 << 32:
        raise Malformed("a generator that was set, not drawn from")
    bits.state = state


def distance(here: int, target: int, multiplier: int, increment: int) -> int:
    """Steps of s -> multiplier * s + increment (mod 2**128) that lead from `here` to `target`.

    >>> distance(5, (5 * 13 + 7) * 13 + 7, 13, 7)
    2
    """
    bit, steps = 1, 0
    while here != target and bit < WORD:
        if (here ^ target) & bit:
            here = (here * multiplier + increment) % WORD
            steps |= bit
        increment = (multiplier + 1) * increment % WORD   # two steps at once, then four, ...
        multiplier = multiplier * multiplier % WORD
        bit <<= 1
    return steps
