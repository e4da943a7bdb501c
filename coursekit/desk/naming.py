"""Under which name a function was handed over: `check(softmax)` is about "softmax".

The object cannot tell: a student may have written `hard = easy`, and then the function called
`easy` is what the exercise `hard` must be judged by. So the name is read off the call itself.
"""

from __future__ import annotations

import dis
from types import FrameType

LOADS = {"LOAD_NAME", "LOAD_GLOBAL"}


def argument_name(frame: FrameType) -> str:
    """The name that stands first in the parentheses of the call that `frame` is executing; "" if none does.

    >>> import sys
    >>> def told(subject):
    ...     return argument_name(sys._getframe(1))
    >>> softmax = abs
    >>> told(softmax), told(abs)
    ('softmax', 'abs')
    """
    positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]      # of the call
    if None in positions:
        return ""      # Python was told to leave positions out (-X no_debug_ranges)
    line, end_line, column, end_column = positions
    names = [i.argval for i in dis.get_instructions(frame.f_code)
             if i.opname in LOADS and i.positions.lineno is not None
             and (line, column) <= (i.positions.lineno, i.positions.col_offset) < (end_line, end_column)]
    return names[1] if len(names) > 1 else ""


def name_of(subject, frame: FrameType, known) -> str:
    """The exercise out of `known` that `subject` is handed over for; "" if that cannot be told.

    >>> import sys
    >>> easy = hard = abs                                 # one object under two names: the call tells which is meant
    >>> def told(subject):
    ...     return name_of(subject, sys._getframe(1), known=["easy", "hard"])
    >>> told(hard)
    'hard'
    """
    if type(subject) is str:
        return subject
    scope = {**frame.f_globals, **frame.f_locals}
    written = argument_name(frame)
    if written in known and scope.get(written) is subject:
        return written
    bound = [name for name in known if name in scope and scope[name] is subject]
    return bound[0] if len(bound) == 1 else ""
