"""The engine's folder among the machine's temporary ones; what engines that were killed left there goes.

An engine holds a lock on a file in its folder. The system lets go of it when the engine ends, however it ends.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from autograder.engine.box.clearing import clear

try:
    import fcntl
except ImportError:     # Windows: this is read there, and no engine runs
    fcntl = None

PREFIX, MARK = "autograder-", ".held-by-an-engine"
YOUNG = 60      # seconds in which a folder may be there and not yet held


class Folder:
    """A new folder, held until `close` removes it."""

    def __init__(self):
        sweep()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.path.chmod(0o755)      # the processes are nobody's, and must find their scratch folder
        self.lock = os.open(self.path / MARK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def close(self) -> None:
        clear(self.path)
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1


def sweep() -> list[Path]:
    """Remove the folders of this user's engines that are no longer there; says which."""
    gone = []
    for mark in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{MARK}"):
        try:
            lock = os.open(mark, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:     # gone meanwhile, or somebody else's
            continue
        try:
            about = os.fstat(lock)
            if about.st_uid == os.getuid() and time.time() - about.st_mtime > YOUNG:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                clear(mark.parent)
                gone.append(mark.parent)
        except BlockingIOError:     # its engine is at work
            pass
        finally:
            os.close(lock)
    return gone
