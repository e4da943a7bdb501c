"""A sentence for an import that this assignment does not allow.

The wall is Landlock's: the files cannot be read. This only says so in words a student understands.
"""

from __future__ import annotations

import sys


class Guard:
    """Asked first for each import; speaks up for the modules of `denied` packages."""

    def __init__(self, denied: list[str]):
        self.denied = set(denied)

    def find_spec(self, name, path=None, target=None):
        if path is None and name in self.denied:
            raise ModuleNotFoundError(f"{name} is not among the packages that this assignment allows", name=name)
        return None


def guard(denied: list[str]) -> None:
    """Set it up. The finders of an installation of ours from its repository go: they lead where nobody may read."""
    sys.meta_path[:] = [f for f in sys.meta_path if "__editable__" not in getattr(f, "__module__", type(f).__module__)]
    sys.meta_path.insert(0, Guard(denied))
