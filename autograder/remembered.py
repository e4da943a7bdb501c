"""Answers about large values that a whole class shares: an assignment, a source notebook."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

MOST = 16      # versions of assignments, and their notebooks, that hand-ins of one class were made for

Value = TypeVar("Value")
Answer = TypeVar("Answer")


def remembered(function: Callable[[Value], Answer]) -> Callable[[Value], Answer]:
    """Ask a function of one value once for each value, known by its identity; what is asked about must not change.

    >>> asked = []
    >>> lengths = remembered(lambda value: asked.append(value) or len(value))
    >>> here, like_it = [1, 2], [1, 2]
    >>> lengths(here), lengths(here), lengths(like_it), len(asked)
    (2, 2, 2, 2)
    """
    kept: deque[tuple[Value, Answer]] = deque(maxlen=MOST)

    @wraps(function)
    def ask(value: Value) -> Answer:
        for known, answer in tuple(kept):
            if known is value:
                return answer
        answer = function(value)
        kept.append((value, answer))
        return answer

    return ask
