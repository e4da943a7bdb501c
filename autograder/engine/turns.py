"""Many hand-ins side by side, or one with nothing beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Company:
    """Whether anything ran beside a hand-in, at any moment of its run."""

    had: bool = False


class Turns:
    """Who runs beside others and who runs alone. Whoever wants to be alone waits for nobody who comes later."""

    def __init__(self):
        self._changed = threading.Condition()
        self._running: list[Company] = []
        self._alone = 0      # those who are alone, or wait to be

    @contextmanager
    def beside(self) -> Iterator[Company]:
        """Run beside others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            mine = Company(bool(self._running))
            for theirs in self._running:
                theirs.had = True
            self._running.append(mine)
        try:
            yield mine
        finally:
            self._leave(mine)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Run with nothing beside it. Not from within another turn: that one would be waited for."""
        mine = Company()
        with self._changed:
            self._alone += 1
            self._changed.wait_for(lambda: not self._running)
            self._running.append(mine)
        try:
            yield
        finally:
            with self._changed:
                self._alone -= 1
            self._leave(mine)

    def _leave(self, mine: Company) -> None:
        with self._changed:
            self._running = [other for other in self._running if other is not mine]
            self._changed.notify_all()
