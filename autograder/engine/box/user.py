"""Who the process is: where root starts the grader, student code runs as the user `nobody`.

Python may lie where nobody but its owner can enter, under a home of mode 0700. Then the files alone are read with the
owner's eyes (Linux tells the user who opens files from the one who acts on processes, see setfsuid(2)): what may be
opened is Landlock's to say, as it is where an ordinary user grades, and no capability is left.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from . import kernel

NOBODY = 65534
CAP_SETUID = 1 << 7
CLOSED = "Python lies where only its owner, user {}, can enter: `nobody` opens files with that user's rights"


def ways(paths: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Whose rights on files to try, in this order, and what to say of it: nobody's, then those of Python's owners."""
    yield NOBODY, ""
    owners = {os.stat(folder).st_uid for path in paths for folder in _above(path)} - {NOBODY}
    for owner in sorted(owners, reverse=True):      # root's last
        yield owner, CLOSED.format(owner)


def needed() -> tuple[str, ...]:
    """What must be readable for a hand-in to import anything."""
    return os.path.realpath(os.__file__), sys.prefix, *(path for path in sys.path if os.path.isdir(path))


def become(reader: int, scratch: str, paths: tuple[str, ...]) -> None:
    """Give up root for `nobody`, who opens files as `reader`; PermissionError if that does not open `paths`."""
    if not os.access(scratch, os.W_OK) or os.stat(scratch).st_mode & 0o7777 != 0o1777:
        os.chmod(scratch, 0o1777)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    if reader == NOBODY:
        os.setresuid(NOBODY, NOBODY, NOBODY)
    else:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
        os.setresuid(NOBODY, NOBODY, NOBODY)        # which sets the user who opens files as well: that one comes after
        kernel.capabilities(CAP_SETUID)
        kernel.open_files_as(reader)
        kernel.capabilities(0)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else /proc/self stays root's, and children need their uid_map
    for path in paths:
        os.stat(path)
        if os.path.isdir(path):
            os.scandir(path).close()


def is_root(uid_map: str = "/proc/self/uid_map") -> bool:
    """Is this root the machine's own? In a user namespace it may be another name for an ordinary user."""
    with open(uid_map) as file:
        inside, outside, _ = map(int, file.readline().split())
    return inside != 0 or outside == 0


def _above(path: str) -> Iterator[str]:
    while path != "/":
        path = os.path.dirname(path)
        yield path
