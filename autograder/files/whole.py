"""Files that are whole at any instant: whoever looks finds the old one or the new one, never a part."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

UNFINISHED = ".new-"        # how files are called until they are whole


def write_whole(path: Path, content: str | bytes, mode: int = 0o644, lasting: bool = True) -> Path:
    """Write a file, text in UTF-8, in place of what is there.

    lasting    also after a power cut; without it some may then be found empty, or gone, and whoever reads them must
               be able to tell. Waiting for the disk takes longer than grading a small hand-in
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        os.chmod(fresh, mode)
        os.replace(fresh, path)
        if lasting:
            settle(path.parent)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    return path


def settle(folder: Path) -> None:
    """Names that were changed in a folder, brought to the disk; where folders cannot be opened, the system does it."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
