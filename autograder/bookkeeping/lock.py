"""One grading run at a time on a course.

The system lets go of the lock when its holder ends, however it ends, so none is ever left behind.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.course import Course

BEHIND = 1 << 30        # Windows locks bytes; one far behind the text leaves the text readable


class Busy(RuntimeError):
    """Another run holds the course."""


@contextmanager
def held(course: Course) -> Iterator[None]:
    """Hold the course for as long as the block runs.

    Raises:
        Busy: another run is at work on it; says which.
    """
    path = course.root / Path(course.folders["autograded"]).parent / ".grading.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8") as file:
        try:
            _lock(file.fileno())
        except OSError:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise Busy(f"another run (process {holder}) is grading this course; wait until it is done, or end it: "
                       "what it has graded is kept") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, BEHIND, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
