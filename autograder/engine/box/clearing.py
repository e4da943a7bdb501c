"""Removing what a hand-in left behind, of whatever shape.

shutil.rmtree calls itself for each level, and a thousand folders within folders end it with a RecursionError.
"""

from __future__ import annotations

import os
from contextlib import suppress


def clear(folder: str | os.PathLike) -> None:
    """Remove a folder with all in it; what cannot be removed stays.

    Folders inside are moved up next to each other first, so that no path grows longer than two names.
    """
    with suppress(OSError):
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            _empty(top)
        finally:
            os.close(top)
        os.rmdir(folder)


def _empty(top: int) -> None:
    mark, found = os.urandom(8).hex(), 0        # a name that nobody can have taken
    todo = _folders(top)
    for name in todo:
        with suppress(OSError):
            inside = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=top)
            try:
                for inner in _folders(inside):
                    found += 1
                    os.rename(inner, f"{mark}-{found}", src_dir_fd=inside, dst_dir_fd=top)
                    todo.append(f"{mark}-{found}")
            finally:
                os.close(inside)
            os.rmdir(name, dir_fd=top)


def _folders(folder: int) -> list[str]:
    """The folders in a folder, opened up, after everything else in it is gone."""
    kept = []
    for name in os.listdir(folder):
        try:
            os.unlink(name, dir_fd=folder)      # of a symbolic link, the link
        except IsADirectoryError:
            with suppress(OSError):
                os.chmod(name, 0o700, dir_fd=folder)
            kept.append(name)
        except OSError:
            pass
    return kept
