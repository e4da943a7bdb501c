"""Random number generators that both processes have, each a copy of its own: whoever drew tells how far.

A generator that was handed over may be kept: by an object of the student's, by a loop that is not at its end, by the
test itself. So with each message goes the state of every one that moved since the other side last heard of it. Most
are thrown away after one call: what nobody holds any more is looked at once more, and then no longer.
"""

from __future__ import annotations

import sys

import numpy as np


class Generators:
    """Number -> generator, the same numbers in both processes."""

    def __init__(self):
        self.known: dict[int, np.random.Generator] = {}
        self.told: dict[int, dict] = {}      # number -> the state that the other side has
        self.live: set[int] = set()          # what may move

    def __getitem__(self, number: int) -> np.random.Generator:
        """The generator, for somebody who may draw from it."""
        self.live.add(number)
        return self.known[number]

    def number(self, generator: np.random.Generator) -> int | None:
        return next((number for number, known in self.known.items() if known is generator), None)

    def agree(self, number: int, generator: np.random.Generator) -> dict:
        """Both sides have `generator`, and where it stands; its state."""
        self.known[number] = generator
        self.live.add(number)
        self.told[number] = plain(generator.bit_generator.state)
        return self.told[number]

    def put(self, states: dict[int, dict]) -> None:
        """Set generators as the other side has them."""
        for number, state in states.items():
            self[number].bit_generator.state = state
            self.told[number] = state

    def moved(self) -> dict[int, dict]:
        """What the other side has yet to hear: number -> state."""
        states = {number: plain(self.known[number].bit_generator.state) for number in self.live}
        news = {number: state for number, state in states.items() if state != self.told[number]}
        self.told |= news
        self.live = {number for number in self.live if sys.getrefcount(self.known[number]) > ALONE}
        return news


[ALONE] = [sys.getrefcount(table[0]) for table in [{0: object()}]]     # of what nothing but the table holds


def plain(state: object) -> object:
    """A generator's state without arrays, which some kinds hold."""
    if isinstance(state, dict):
        return {name: plain(value) for name, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state
