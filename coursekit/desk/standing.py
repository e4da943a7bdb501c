"""What the desk remembers while the notebook runs: its sheet, how each check ended, which hints were given.

A restarted kernel remembers nothing, so a standing is always one that was seen since then.
"""

from __future__ import annotations

import sys
import textwrap

from coursekit.desk.sheet import Sheet

WIDTH = 100     # signs a line
PASSED, ANSWERED, FAILED, OPEN = "passes", "answered", "not yet", "not begun"

_sheet: Sheet | None = None
_ended: dict[str, str] = {}      # exercise or question -> how its last check ended
_hinted: dict[str, int] = {}     # exercise -> how many hints were asked for


class CheckFailed(AssertionError):
    """A check that failed, after it has been shown: plain words, no traceback of the checking code."""

    def _render_traceback_(self):      # IPython asks for it
        return readable(str(self)).split("\n")


def readable(words: str) -> str:
    """Words in lines that a notebook need not break: JupyterLab breaks those of an error in the middle of a word.

    >>> print(readable("z " * 60 + "end"))      # doctest: +NORMALIZE_WHITESPACE
    z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z z
    z z z z z z z z z z end
    """
    return "\n".join(textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
                     for line in words.split("\n"))


def load(text: str) -> None:
    """Take what the notebook knows of its assignment; the cell named "desk" does this.

    >>> load('{"assignment": "week01", "exercises": {}, "questions": {}}')
    >>> sheet().assignment
    'week01'
    """
    global _sheet
    _sheet = Sheet.from_json(text)
    _ended.clear()
    _hinted.clear()


def sheet() -> Sheet:
    """The notebook's own data; CheckFailed where its cell has not run."""
    if _sheet is None:
        raise CheckFailed("The notebook's own data is not loaded: run the cells above first (Run > Run All Above "
                          "Selected Cell).")
    return _sheet


def note(name: str, ended: str) -> None:
    """Keep how the check of an exercise or question ended."""
    _ended[name] = ended


def standing(name: str) -> str:
    """How the last check of an exercise or question ended: "passes", "answered", "not yet", or "not begun".

    >>> note("double", PASSED)
    >>> standing("double"), standing("triple")
    ('passes', 'not begun')
    """
    return _ended.get(name, OPEN)


def anything_checked() -> bool:
    """Whether any exercise or question was checked since the sheet was loaded."""
    return bool(_ended)


def next_hint(name: str, of: int) -> int:
    """Which of its hints an exercise gets now, counted from 0; after the last one the first.

    >>> load('{"assignment": "week01", "exercises": {}, "questions": {}}')
    >>> [next_hint("double", of=2) for _ in range(3)]
    [0, 1, 0]
    """
    step = _hinted.get(name, 0) % of
    _hinted[name] = step + 1
    return step


def fail(name: str, words: str, ended: str = FAILED):
    """End a check: its standing is noted, and the words are what is shown of the exception."""
    if name:
        note(name, ended)
    if sys.excepthook is sys.__excepthook__:      # a script, not a notebook
        sys.excepthook = _told
    raise CheckFailed(words)


def _told(kind, problem, trace) -> None:
    """Plain Python's way to end on an exception, without the traceback where a check failed."""
    if issubclass(kind, CheckFailed):
        print(readable(str(problem)), file=sys.stderr)
    else:
        sys.__excepthook__(kind, problem, trace)
