"""Warnings of the student's code, recorded for the test that called it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

MOST = 20            # of one call; a loop that warns each time says no more after that
MOST_WORDS = 500     # characters of one


@contextmanager
def recorded(mood: list | None) -> Iterator[list[list[str]]]:
    """Collects [name of the category, words] of each warning within.

    mood    what the test says of warnings, [action, NumPy's error state]: its filter for all warnings holds here as
            well, and its `np.errstate`. None where it says nothing: then the student's own settings hold.
    """
    told: list[list[str]] = []
    with warnings.catch_warnings(record=True) as caught, np.errstate(**(mood[1] if mood else {})):
        if mood:
            warnings.simplefilter(mood[0])
        try:
            yield told
        finally:
            told += [[_builtin(warning.category), str(warning.message)[:MOST_WORDS]] for warning in caught[:MOST]]


def _builtin(category: type) -> str:
    """The nearest of Python's own categories, which the other side knows."""
    return next((kind.__name__ for kind in category.__mro__ if kind.__module__ == "builtins"), "UserWarning")
