"""Which runner a class is graded by: the engine, or a plain kernel where that is asked for.

    with chosen("engine", workers=2) as runner:
        grade(course, "week05_backprop", runner=runner)

The engine judges apart from the student's code, in a sandbox; a kernel holds both in one process,
so that a hand-in can forge its marks. The engine is therefore never left silently.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.engine import Engine, Layer, Unsafe, layers
from autograder.job import Runner
from autograder.run import run

KINDS = ("engine", "kernel")


@contextmanager
def chosen(kind: str = "engine", workers: int = 2, weaker: bool = False) -> Iterator[Runner]:
    """The runner called `kind`; leaving ends what it started.

    weaker  let the engine go on where this machine lacks a wall of its sandbox

    Raises:
        ValueError: there is no runner of this name.
        Unsafe: a required wall is missing, and nobody asked for less; the message names it.
    """
    if kind not in KINDS:
        raise ValueError(f"the runner is one of {', '.join(KINDS)}, received {kind!r}")
    if kind == "kernel":
        yield run
        return
    missing = lacking()
    if missing and not weaker:
        raise Unsafe("this machine lacks what grading safely requires: " + "; ".join(map(in_words, missing))
                     + ". To grade all the same: --allow-weaker-sandbox, or --runner kernel for people you trust.")
    with Engine(workers, weaker=weaker) as engine:
        yield engine.run


@contextmanager
def for_made_up_class(workers: int = 2, tell: Callable[[str], None] = print) -> Iterator[Runner]:
    """A runner on any machine, for hand-ins of our own making; `tell` hears what this machine lacks."""
    missing = lacking()
    for layer in missing:
        tell(f"This machine lacks {in_words(layer)}.")
    with chosen("engine" if sys.platform == "linux" else "kernel", workers, weaker=bool(missing)) as runner:
        yield runner


def lacking() -> list[Layer]:
    """The required walls that this machine does not give."""
    return [layer for layer in layers() if layer.required and not layer.ok]


def in_words(layer: Layer) -> str:
    """A missing wall, why, and what would do."""
    return f"{layer.name} ({layer.why}{'; ' if layer.remedy else ''}{layer.remedy})"
