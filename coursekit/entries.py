"""A result's entries by name, down to what one row of a table can show."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 24      # entries; a result of more stays in one piece


def entries(value, parts: Sequence[str] = ()) -> dict[str, object]:
    """Name -> entry, in order; {"": value} for a result that is one piece.

    `parts` are the names of a tuple's entries, where the exercise gives them names. Lists and tuples of plain numbers
    stay whole unless they are parts.

    >>> entries((0.5, [1, 2]), parts=("loss", "sizes"))
    {'loss': 0.5, 'sizes': [1, 2]}
    >>> entries([{"W": 1.0}, {"W": 2.0}])
    {"[0]['W']": 1.0, "[1]['W']": 2.0}
    """
    found = dict(_leaves("", value, tuple(parts)))
    return found if len(found) <= MOST else {"": value}


def _leaves(name: str, value, parts: tuple[str, ...] = ()):
    inner = _inner(value, parts)
    if not inner:
        yield name, value
    for key, entry in inner.items():
        yield from _leaves(name + key, entry)


def _inner(value, parts: tuple[str, ...]) -> dict[str, object]:
    if type(value) is dict:
        return {key if key in parts else f"[{key!r}]": entry for key, entry in value.items()}
    if type(value) not in (list, tuple):
        return {}
    if parts and len(parts) == len(value):
        return dict(zip(parts, value, strict=True))
    if all(type(entry) in (bool, int, float, complex, str, type(None)) for entry in value):
        return {}
    return {f"[{i}]": entry for i, entry in enumerate(value)}
