"""Exceptions that stand for what went wrong in the student's process."""

from __future__ import annotations

import builtins

import numpy as np
from IPython.core.error import StdinNotImplementedError

BESIDE = {     # exceptions of others that tests expect by their class
    "numpy.linalg.LinAlgError": np.linalg.LinAlgError,
    "IPython.core.error.StdinNotImplementedError": StdinNotImplementedError,
}


class StudentError(Exception):
    """An exception that the student's code raised: names of its classes, and the traceback's text.

    StudentError            an Exception: what a test may expect and catch
     +-- one for each built-in exception, which is a subclass of that as well
    StudentLost             not an Exception: no `except Exception` of a test takes it for an answer
     +-- StudentStopped     the time was up
     +-- StudentGone        the process has ended, or broke the protocol
    """

    student_lineage: tuple[str, ...] = ()
    student_traceback = ""


class StudentLost(BaseException):
    pass


class StudentStopped(StudentLost):
    pass


class StudentGone(StudentLost):
    pass


_EXCEPTIONS: dict[type, type] = {}


def exception_class(lineage: list[str]) -> type[StudentError]:
    """A StudentError that is also the nearest built-in exception of the lineage, so that `except ValueError` holds."""
    for name in lineage:
        module, _, plain = name.rpartition(".")
        kind = getattr(builtins, plain, None) if module == "builtins" else BESIDE.get(name)
        if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Exception:
            if kind not in _EXCEPTIONS:
                _EXCEPTIONS[kind] = _both(kind)
            return _EXCEPTIONS[kind]
    return StudentError


def _both(kind: type[Exception]) -> type[StudentError]:
    def __init__(self, message):
        Exception.__init__(self, message)  # UnicodeDecodeError and its like ask for more than words

    try:
        made = type(kind.__name__, (StudentError, kind), {"__module__": "student", "__init__": __init__})
        made("")
    except TypeError:
        return StudentError
    return made
