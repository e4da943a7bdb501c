"""What values have in common: an argument that comes back, a view of it, a list that stands in two places.

Values cross as copies. A test that asks whether a function copied (`is`, np.shares_memory, a change that must
not show) would then be content with one that did not; so what a result shares with its arguments crosses as a
place in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from msgpack import ExtType

from .encoder import Encoder
from .values import MUTABLE, is_mutable
from .wire import ARGUMENT, MAX_DEPTH, VIEW

MOST = 10_000       # containers in the arguments that are looked at


def as_places(value: object, arguments: list[object], changed: Collection[int] = ()) -> object:
    """The value with what it shares with the arguments replaced by references to their places.

    changed    the arguments by number that are not as they came: what is inside is nowhere to be found there
    """
    places = {id(inner): path for path, inner in inside(arguments) if len(path) == 1 or path[0] not in changed}
    if not places:
        return value
    arrays = [(number, a) for number, a in enumerate(arguments) if type(a) is np.ndarray and a.dtype != object]
    return _replaced(value, places, arrays, 0)


def view_of(value: np.ndarray, whole: np.ndarray) -> list | None:
    """[offset, shape, strides, dtype] if `value` lies within the memory of `whole`, None if it does not."""
    if not (value.size and whole.size and np.may_share_memory(value, whole)) or value.dtype == object:
        return None
    start, (low, high) = whole.__array_interface__["data"][0], np.lib.array_utils.byte_bounds(value)
    if low < start or high > start + whole.nbytes:
        return None
    return [value.__array_interface__["data"][0] - start, list(value.shape), list(value.strides), value.dtype.str]


def inside(arguments: list[object]) -> Iterator[tuple[list, object]]:
    """Containers in the arguments, themselves included, each with the way to it."""
    todo = [([number], value) for number, value in enumerate(arguments)]
    for path, value in todo:
        if len(todo) > MOST:
            return
        if is_mutable(value):
            yield path, value
        if type(value) in (list, tuple) and _hold_something(value):
            todo += [([*path, place], inner) for place, inner in enumerate(value) if _holds(inner)]
        elif type(value) is dict:
            todo += [([*path, key], inner) for key, inner in value.items()
                     if _holds(inner) and type(key) in (int, str)]


def _holds(value: object) -> bool:
    return is_mutable(value) or isinstance(value, tuple)


def _hold_something(values: Collection[object]) -> bool:
    """Can there be a container among them? A million numbers are told from that by their one type."""
    return any(issubclass(kind, (*MUTABLE, tuple)) or kind.__module__.startswith("pandas")
               for kind in set(map(type, values)))


def _replaced(value: object, places: dict, arrays: list, depth: int) -> object:
    if id(value) in places:
        path = places[id(value)]
        return ExtType(ARGUMENT, Encoder().encode(path)[0])
    if type(value) is np.ndarray:
        for number, whole in arrays:
            if (found := view_of(value, whole)) is not None:
                return ExtType(VIEW, Encoder().encode([number, *found])[0])
    if depth > MAX_DEPTH or type(value) not in (list, tuple, dict):
        return value
    if not _hold_something(value.values() if type(value) is dict else value):
        return value
    if type(value) is dict:
        inner = dict(zip(value, _replaced(list(value.values()), places, arrays, depth), strict=True))
        return value if all(inner[key] is value[key] for key in inner) else inner
    inner = [_replaced(each, places, arrays, depth + 1) if _holds(each) else each for each in value]
    if all(mine is theirs for mine, theirs in zip(inner, value, strict=True)):
        return value
    return tuple(inner) if type(value) is tuple else inner
