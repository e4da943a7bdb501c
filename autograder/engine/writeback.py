"""Arguments that the student's code changed are changed here: the same objects, with other contents."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

import numpy as np

from autograder.engine.box.values import is_mutable, is_table, overwrite_table
from autograder.engine.box.wire import Malformed


def overwrite(ours: object, theirs: object, place: tuple = (), fresh: Collection[tuple] = ()) -> None:
    """Make our argument what the student's code made of its copy; the same object, with other contents.

    place   where it stands among the arguments: (number, key, key, ...)
    fresh   places at which the student's code put another object, instead of changing the one that was there
    """
    if type(ours) is np.ndarray:
        if type(theirs) is not np.ndarray or theirs.shape != ours.shape or theirs.dtype != ours.dtype:
            raise Malformed("an array changed its shape or its type under way")
        if ours.flags.writeable:
            ours[...] = theirs
    elif isinstance(ours, list) and type(theirs) is list:
        _overwrite_items(range(min(len(ours), len(theirs))), ours, theirs, place, fresh)
        ours[:] = theirs
    elif isinstance(ours, dict) and type(theirs) in (dict, type(ours)):
        _overwrite_items([key for key in ours if key in theirs], ours, theirs, place, fresh)
        ours.clear()
        ours.update(theirs)
    elif isinstance(ours, set) and type(theirs) is set:
        ours.clear()
        ours.update(theirs)
    elif isinstance(ours, deque) and type(theirs) is deque:
        ours.clear()
        ours.extend(theirs)
    elif isinstance(ours, bytearray) and type(theirs) is bytearray:
        ours[:] = theirs
    elif is_table(ours) and type(theirs) is type(ours):
        overwrite_table(ours, theirs)
    else:
        raise Malformed("an argument changed its kind under way")


def _overwrite_items(keys, ours, theirs, place, fresh) -> None:
    """Arrays and containers inside keep their identity too, where they are still the same."""
    for key in keys:
        inner = ours[key]
        if is_mutable(inner) and type(inner) is type(theirs[key]) and (*place, key) not in fresh:
            if type(inner) is np.ndarray and (inner.shape, inner.dtype) != (theirs[key].shape, theirs[key].dtype):
                continue
            overwrite(inner, theirs[key], (*place, key), fresh)
            theirs[key] = inner
