"""When two values agree: the one tolerance rule of the whole course.

    |got - expected| <= rtol * |expected| + rtol**1.5 * scale          entry by entry
    rtol  = sqrt(eps) of the expected dtype, unless an exercise sets it   (1.5e-8 in float64)
    scale = max |expected|, or max |float inputs| where all that is expected is zero

The first term asks for half the digits the dtype has. The second forgives rounding where the
expected entry happens to cancel; it is tied to the size of the values at hand, never a fixed
number, so zeros do not pass where 1e-9 is expected.

Besides: the same structure, the same shape, the same kind of number (whole, real, complex,
true/false, text). A list may stand for a tuple; neither stands for an array. A NumPy scalar, a
Python number and an array of shape () are alike. NaN agrees with NaN alone, an infinity with
the same infinity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from coursekit.plain import SCALARS, Formula, Omitted

KINDS = {"b": "true or false", "i": "whole number", "u": "whole number without sign", "f": "real number",
         "c": "complex number", "U": "text"}


@dataclass(frozen=True)
class Difference:
    """Where two values part, and how, in words.

    >>> str(difference(np.array([1.0, 2.0]), np.array([1.0, 2.5])))
    'entry [1] is 2.5, not 2.0'
    """

    where: str          # "", "entry [1]", "['W'], entry [0, 2]"
    words: str          # "is 2.5, not 2.0"
    advice: str = ""    # what is asked for, where the words alone do not say it

    def __str__(self):
        item = "item " if self.where.startswith("[") else ""
        return f"{item}{self.where} {self.words}".strip()

    def under(self, name: str) -> Difference:
        """The same difference, seen from the value that holds this one under `name`: "[0]", "['W']", "dW"."""
        if not self.where:
            return replace(self, where=name)
        return replace(self, where=name + ("" if self.where.startswith("[") else ", ") + self.where)


def agrees(expected, got, *, inputs=(), rtol: float | None = None) -> bool:
    """Whether `got` agrees with `expected` by the rule above; both are plain (coursekit.plain).

    >>> agrees(np.array([1e-9]), np.array([0.0]))
    False
    """
    return difference(expected, got, inputs=inputs, rtol=rtol) is None


def difference(expected, got, *, inputs=(), rtol: float | None = None) -> Difference | None:
    """The first difference between two plain values, or None where they agree.

    `inputs` are the arguments that led to the values: they give the scale where zeros are expected.

    >>> print(difference({"W": np.zeros(2), "b": 1.0}, {"W": np.array([0.0, 1.0]), "b": 1.0}))
    item ['W'], entry [1] is 1.0, not 0.0
    """
    kind = type(expected)
    if kind in (list, tuple):
        return _in_sequence(expected, got, inputs, rtol)
    if kind is dict:
        return _in_dict(expected, got, inputs, rtol)
    if _kind_of(expected) is not None:
        return _in_numbers(expected, got, inputs, rtol)
    if type(got) is kind and expected == got:     # None, a Formula, something Omitted
        return None
    return Difference("", f"is {describe(got)}, not {describe(expected)}")


def _in_sequence(expected, got, inputs, rtol):
    if type(got) not in (list, tuple):
        return Difference("", f"is {describe(got)}, not {describe(expected)}")
    if len(got) != len(expected):
        return Difference("", f"has {_count(len(got))}, not {len(expected)}")
    for i, (e, g) in enumerate(zip(expected, got, strict=True)):
        found = difference(e, g, inputs=inputs, rtol=rtol)
        if found:
            return found.under(f"[{i}]")
    return None


def _in_dict(expected, got, inputs, rtol):
    if type(got) is not dict:
        return Difference("", f"is {describe(got)}, not {describe(expected)}")
    if missing := [k for k in expected if k not in got]:
        return Difference("", f"lacks the key {missing[0]!r}")
    if extra := [k for k in got if k not in expected]:
        return Difference("", f"has the key {extra[0]!r} besides those asked for")
    for key, e in expected.items():
        found = difference(e, got[key], inputs=inputs, rtol=rtol)
        if found:
            return found.under(f"[{key!r}]")
    return None


def _in_numbers(expected, got, inputs, rtol):
    kind, got_kind = _kind_of(expected), _kind_of(got)
    if got_kind is None or (type(got) is np.ndarray and got.shape and np.shape(expected) == ()):
        return Difference("", f"is {describe(got)}, not {describe(expected)}")
    if np.shape(got) != np.shape(expected):
        return Difference("", f"has shape {np.shape(got)}, not {np.shape(expected)}")
    if got_kind != kind:
        return Difference(
            "", f"is {_a(KINDS[got_kind])} ({_dtype_of(got)}), not {_a(KINDS[kind])} ({_dtype_of(expected)})"
        )
    if kind in "fc":
        wrong = _far_apart(np.asarray(expected), np.asarray(got), inputs, rtol)
    elif type(expected) is np.ndarray or type(got) is np.ndarray:
        wrong = np.asarray(expected) != np.asarray(got)
    else:
        wrong = np.asarray(expected != got)   # Python's whole numbers have no largest
    if not wrong.any():
        return None
    if not wrong.shape:
        return Difference("", f"is {show_pair(_item(got, ()), _item(expected, ()))}")
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    others = int(wrong.sum()) - 1
    more = f" ({others + 1} of {wrong.size} entries differ)" if others else ""
    return Difference(f"entry {list(at)}", f"is {show_pair(_item(got, at), _item(expected, at))}{more}")


def _far_apart(expected, got, inputs, rtol):
    """Which entries are too far from what is expected; NaN and infinities only agree with themselves."""
    if rtol is None:
        rtol = math.sqrt(np.finfo(expected.dtype).eps)
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    e, g = expected.astype(wide), got.astype(wide)
    sizes = np.abs(e[np.isfinite(e)])
    scale = sizes.max(initial=0.0) or largest(inputs)
    with np.errstate(all="ignore"):
        # "not <=" rather than ">": every comparison with NaN is false, and NaN must lose.
        far = ~(np.abs(g - e) <= rtol * np.abs(e) + rtol**1.5 * scale)
    alike = (g == e) | (np.isnan(g) & np.isnan(e))
    return np.where(np.isfinite(e), far, ~alike)


def largest(value) -> float:
    """The largest size of a finite real or complex number anywhere in plain data; 0.0 if there is none.

    >>> largest(([1.0, np.inf], {"W": np.array([-3.0])}, 100))
    3.0
    """
    if type(value) in (list, tuple):
        return max(map(largest, value), default=0.0)
    if type(value) is dict:
        return max(map(largest, value.values()), default=0.0)
    if _kind_of(value) not in ("f", "c"):
        return 0.0
    entries = np.abs(np.asarray(value))
    return float(entries[np.isfinite(entries)].max(initial=0.0))


def _kind_of(value) -> str | None:
    kind = type(value)
    if kind is np.ndarray or kind in SCALARS:
        return value.dtype.kind
    return {bool: "b", int: "i", float: "f", complex: "c", str: "U"}.get(kind)


def _dtype_of(value) -> str:
    return value.dtype.name if isinstance(value, np.ndarray | np.generic) else type(value).__name__


def _item(value, at):
    """One entry of an array, or the scalar itself, as a Python number."""
    entry = value[at] if type(value) is np.ndarray else value
    return entry.item() if isinstance(entry, np.generic) else entry


def show_pair(got, expected) -> str:
    """'2.5, not 2.0', with as many digits as it takes to see that they differ.

    >>> show_pair(1.0000000001, 1.0)
    '1.0000000001, not 1.0'
    """
    if type(got) in (float, complex) and type(expected) in (float, complex):
        for digits in (6, 10, 17):
            a, b = _rounded(got, digits), _rounded(expected, digits)
            if a != b:
                return f"{a}, not {b}"
    return f"{_short(got)}, not {_short(expected)}"


def _rounded(x, digits) -> str:
    if type(x) is complex:
        return f"{x:.{digits}g}"
    return repr(float(f"{x:.{digits}g}"))    # 20.0 shows that it is no whole number


def _short(x) -> str:
    if type(x) is int and abs(x) >= 10**40:
        return "a whole number of more than 40 digits"
    text = repr(x)
    return text if len(text) <= 80 else text[:77] + "..."


def describe(value) -> str:
    """What a plain value is, in few words: 'an array of shape (3, 2)', 'the list [1, 2]', 'None'.

    >>> describe(np.zeros((3, 2)))
    'an array of shape (3, 2)'
    """
    kind = type(value)
    if kind is np.ndarray:
        return (
            f"an array of shape {value.shape}"
            if value.shape
            else f"an array of shape () holding {_short(value.item())}"
        )
    if kind in SCALARS:
        return f"{_short(value.item())} ({value.dtype.name})"
    if kind in (list, tuple, dict):
        return f"a {kind.__name__} of {len(value)}"
    if kind is Omitted:
        return str(value)
    if kind is Formula:
        return value.text
    return _short(value) if value is None or kind is bool else f"the {NOUNS[kind]} {_short(value)}"


NOUNS = {int: "whole number", float: "real number", complex: "complex number", str: "text"}


def _count(n: int) -> str:
    return "1 entry" if n == 1 else f"{n} entries"


def _a(noun: str) -> str:
    return noun if noun.startswith(("true", "text")) else f"a {noun}"
