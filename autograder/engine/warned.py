"""Warnings of the student's code, given once more where the test runs, as if it had run here.

So a test that counts them, forbids them or asks for one finds what a kernel would have shown it.
"""

from __future__ import annotations

import builtins
import warnings

import numpy as np

from autograder.engine.box.warned import MOST, MOST_WORDS
from autograder.engine.box.wire import Malformed

WHERE = "the student's code"     # in place of a file's name, which would be looked up among ours


def mood() -> list | None:
    """[action, NumPy's error state] where the test has a filter for all warnings in front; None where it has none."""
    first = warnings.filters[0] if warnings.filters else None
    return [first[0], np.geterr()] if first and first[1:] == (None, Warning, None, 0) else None


def give(told: object, registry: dict) -> None:
    """Warn of what the student's process reports; `registry` knows what was said already.

    Raises:
        Malformed: no honest process reports this.
        Warning: the test has made warnings errors.
    """
    if type(told) is not list or len(told) > MOST:
        raise Malformed("warnings")
    for each in told:
        if type(each) is not list or len(each) != 2 or not all(type(part) is str for part in each):
            raise Malformed("a warning")
        kind = getattr(builtins, each[0], None)
        if not (isinstance(kind, type) and issubclass(kind, Warning)):
            raise Malformed("a warning of an unknown kind")
        warnings.warn_explicit(each[1][:MOST_WORDS], kind, WHERE, 1, registry=registry)
