"""What leads on: a question for whoever is stuck, and what is done, left and next.

    hint("dense_backward")      one more step towards the solution at each call
    hint()                      the same for what is next
    progress()                  every exercise and question of the notebook, and how it stands
"""

from __future__ import annotations

import sys
from difflib import get_close_matches

from coursekit.desk.naming import name_of
from coursekit.desk.standing import (
    ANSWERED,
    FAILED,
    OPEN,
    PASSED,
    anything_checked,
    next_hint,
    readable,
    sheet,
    standing,
)

SIGNS = {PASSED: "✓", ANSWERED: "✓", FAILED: "✗", OPEN: "·"}


def hint(subject=None) -> None:
    """Print the next hint for an exercise, given by its name or itself; without one, for what `progress` calls next.

    >>> from coursekit.desk import load
    >>> load('{"assignment": "week01", "exercises": {}, "questions": {}}')
    >>> hint()
    Every exercise here passes its public cases; there is nothing to hint at.
    """
    known = sheet().exercises
    name = name_of(subject, sys._getframe(1), known) if subject is not None else next(iter(_left(known)), "")
    hints = known[name].hints if name in known else ()
    if not hints:
        print(readable(_no_hint(name, subject)))
        return
    step = next_hint(name, len(hints))
    print(readable(f"{name}, hint {step + 1} of {len(hints)}: {hints[step]}"))
    if step + 1 == len(hints) > 1:
        print("That was the last one; the next call begins again.")


def _no_hint(name: str, subject) -> str:
    here = sheet()
    if name in here.exercises:
        return f"There is no hint for {name}."
    if name in here.questions:
        return f"{name} is a question of the quiz: whether its answer is right comes with the feedback."
    if subject is None:
        return "Every exercise here passes its public cases; there is nothing to hint at."
    return unknown(name)


def unknown(name: str) -> str:
    """What is said of a name that the notebook does not have: the one that was probably meant, else all there are.

    The function itself may be handed over under a name that cannot be told; then `name` is "".

    >>> from coursekit.desk import load
    >>> load('{"assignment": "week01", "exercises": {}, "questions": {"q_units": {"kind": "number"}}}')
    >>> unknown("units")
    "'units' is no exercise or question of this notebook. Did you mean 'q_units'?"
    """
    here = sheet()
    names = [*here.exercises, *here.questions]
    close = get_close_matches(name, names, n=1)
    said = f"{name!r} is" if name else "This is"
    meant = f"Did you mean {close[0]!r}?" if close else f"There are {', '.join(names)}."
    return f"{said} no exercise or question of this notebook. {meant}"


def progress() -> None:
    """Print what is done, what is left and what comes next, as the last checks since the kernel's start found it.

    >>> from coursekit.desk import load
    >>> load('{"assignment": "week01", "exercises": {}, "questions": {"q_units": {"kind": "number"}}}')
    >>> progress()
    · q_units  not begun
    <BLANKLINE>
    0 of 1 questions are answered.
    Nothing was checked since the kernel started: the cell below each exercise checks it.
    Next: the question q_units.
    """
    here = sheet()
    names = [*here.exercises, *here.questions]
    width = max(map(len, names), default=0)
    for name in names:
        print(f"{SIGNS[standing(name)]} {name.ljust(width)}  {standing(name)}")
    left = _left(names)
    counts = [_count(some, what) for some, what in ((here.exercises, "exercises pass"),
                                                    (here.questions, "questions are answered")) if some]
    if counts:
        print(f"\n{', '.join(counts)}.")
    if not left:
        print("Hidden cases decide the marks, and what is written in words is read by a person.\n"
              "Save the notebook and hand it in.")
        return
    if not anything_checked():
        print("Nothing was checked since the kernel started: the cell below each exercise checks it.")
    print(_next(left[0]))


def _left(names) -> list[str]:
    return [name for name in names if standing(name) not in (PASSED, ANSWERED)]


def _count(names, what: str) -> str:
    return f"{len(names) - len(_left(names))} of {len(names)} {what}"


def _next(name: str) -> str:
    here = sheet()
    if name in here.questions:
        return f"Next: the question {name}."
    stuck = f' Stuck? hint("{name}")' if here.exercises[name].hints else ""
    return f"Next: {name}.{stuck}"
