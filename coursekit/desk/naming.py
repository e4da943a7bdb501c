"""Under which name a function was handed over: `check(softmax)` is about "softmax".

The object cannot tell: a student may have written `hard = easy`, and then the function called
`easy` is what the exercise `hard` must be judged by. So the name is read off the call itself.
"""

from __future__ import annotations

import dis
from types import FrameType

LOADS = {"LOAD_NAME", "LOAD_GLOBAL"}


def argument_name(frame: FrameType) -> str:
    """The name that stands first between the parentheses of the call `frame` is in the middle of; "" if none does."""
    instructions = list(dis.get_instructions(frame.f_code))
    call = next((i.positions for i in instructions if i.offset == frame.f_lasti), None)
    if call is None or call.lineno is None or call.col_offset is None:
        return ""      # Python was told to leave positions out (-X no_debug_ranges)
    begin, end = (call.lineno, call.col_offset), (call.end_lineno, call.end_col_offset)
    names = [i.argval for i in instructions if i.opname in LOADS and i.positions.lineno is not None
             and begin <= (i.positions.lineno, i.positions.col_offset) < end]
    return names[1] if len(names) > 1 and names[0] != names[1] else ""


def name_of(subject, frame: FrameType, known) -> str:
    """The exercise out of `known` that `subject` is handed over for; "" if that cannot be told."""
    if type(subject) is str:
        return subject
    scope = {**frame.f_globals, **frame.f_locals}
    written = argument_name(frame)
    if written in known and scope.get(written) is subject:
        return written
    bound = [name for name in known if name in scope and scope[name] is subject]
    return bound[0] if len(bound) == 1 else ""
