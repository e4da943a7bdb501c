"""Containers and texts of the standard library that cross as what they are: counters, deques, named tuples, paths.

Each becomes a list that begins with a word for its kind. Only these very types cross so, made anew from plain data; of
what a student derives from one the data alone cross. A named tuple's class has no more than its fields.
"""

from __future__ import annotations

import pathlib
import re
from collections import Counter, OrderedDict, defaultdict, deque
from functools import lru_cache
from operator import itemgetter

FACTORIES = {kind.__name__: kind for kind in (list, dict, set, tuple, int, float, str, bool)}
MUTABLE = (deque,)      # beside those derived from dict
PATHS = (type(pathlib.Path()), pathlib.PurePosixPath)
FLAGS = re.A | re.I | re.L | re.M | re.S | re.U | re.X      # not DEBUG, which prints

_known: dict[tuple, type] = {}      # (name, fields) -> this process's own class


class Named(tuple):
    """A named tuple of the other process."""

    __slots__ = ()
    _fields = ()

    def _asdict(self) -> dict:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **changed):
        return type(self)(changed.get(name, value) for name, value in zip(self._fields, self, strict=True))

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"


def plain(value: object, kind: type) -> list | None:
    """The value as a list of plain data, None if it is not one of these."""
    if kind is Counter or kind is OrderedDict:
        return [kind.__name__, dict(value)]
    if kind is defaultdict and value.default_factory in FACTORIES.values():
        return ["defaultdict", value.default_factory.__name__, dict(value)]
    if kind is deque:
        return ["deque", list(value), value.maxlen]
    if kind in PATHS:
        return ["path", str(value), kind is PATHS[0]]
    if kind is re.Pattern:
        return ["pattern", value.pattern, value.flags]
    if issubclass(kind, tuple) and _are_fields(fields := getattr(kind, "_fields", None), value):
        _known.setdefault((kind.__name__, fields), kind)
        return ["named", kind.__name__, list(fields), [*tuple.__iter__(value)]]
    return None


def _are_fields(fields: object, values: tuple) -> bool:
    """May it cross? None of its values may be called: a field would be a method, such as `startswith=bool`."""
    return (not any(map(callable, tuple.__iter__(values))) and type(fields) is tuple
            and len(set(fields)) == tuple.__len__(values) == len(fields)
            and all(type(name) is str and name.isidentifier() and name[0] != "_" for name in fields))


def _named(name: str, fields: list, values: list) -> tuple:
    key = (name, tuple(fields))
    if type(name) is not str or not name.isidentifier() or not _are_fields(key[1], tuple(values)):
        raise ValueError("no names of fields")
    return tuple.__new__(_known.get(key) or _class(*key), values)


@lru_cache(256)
def _class(name: str, fields: tuple[str, ...]) -> type:
    places = {field: property(itemgetter(place)) for place, field in enumerate(fields)}
    return type(name, (Named,), {"__slots__": (), "__module__": "student", "_fields": fields} | places)


def _mapping(kind: type):
    def make(content: dict):
        if type(content) is not dict:
            raise ValueError("no mapping")
        return kind(content)

    return make


def _defaultdict(factory: str, content: dict) -> defaultdict:
    return defaultdict(FACTORIES[factory], content)


def _deque(items: list, longest: int | None) -> deque:
    if type(items) is not list:
        raise ValueError("no items")
    return deque(items, longest)


def _path(text: str, concrete: bool) -> pathlib.PurePath:
    return PATHS[concrete is not True](text)


def _pattern(text: str | bytes, flags: int) -> re.Pattern:
    return re.compile(text, re.RegexFlag(flags) & FLAGS)


MAKERS = {
    "Counter": _mapping(Counter), "OrderedDict": _mapping(OrderedDict), "defaultdict": _defaultdict, "deque": _deque,
    "path": _path, "pattern": _pattern, "named": _named,
}
