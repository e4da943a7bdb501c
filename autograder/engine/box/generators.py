"""Random number generators that both processes have, each a copy of its own: whoever drew tells how far.

A generator that was handed over may be kept: by an object of the student's, by a loop that is not at its end, by the
test itself. So with each message goes the state of every one that moved since the other side last heard of it. Most
are thrown away after one call; those that nobody holds any more are not looked at.
"""

from __future__ import annotations

import sys

import numpy as np


class Generators:
    """Number -> generator, the same numbers in both processes."""

    def __init__(self):
        self.known: dict[int, np.random.Generator] = {}
        self.told: dict[int, dict] = {}

    def number(self, generator: np.random.Generator) -> int | None:
        return next((number for number, known in self.known.items() if known is generator), None)

    def agree(self, number: int, generator: np.random.Generator) -> dict:
        """Both sides have `generator`, and where it stands; its state."""
        self.known[number] = generator
        self.told[number] = plain(generator.bit_generator.state)
        return self.told[number]

    def put(self, states: dict[int, dict]) -> None:
        """Set generators as the other side has them."""
        for number, state in states.items():
            self.known[number].bit_generator.state = state
            self.told[number] = state

    def moved(self) -> dict[int, dict]:
        """What the other side has yet to hear: number -> state."""
        states = {number: plain(self.known[number].bit_generator.state)
                  for number, held in references(self.known).items() if held > ALONE}
        news = {number: state for number, state in states.items() if state != self.told[number]}
        self.told |= news
        return news


def references(table: dict[int, object]) -> dict[int, int]:
    return {number: sys.getrefcount(value) for number, value in table.items()}


[ALONE] = references({0: object()}).values()     # of what nothing but the table holds


def plain(state: object) -> object:
    """A generator's state without arrays, which some kinds hold."""
    if isinstance(state, dict):
        return {name: plain(value) for name, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state
