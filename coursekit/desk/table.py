"""A finding's case as a small table: inputs, what was expected, what came; for the desk, feedback and reports.

Rows are plain text; `html` escapes them. What differs is said in words, never by colour alone.
"""

from __future__ import annotations

from html import escape

import numpy as np

from coursekit.codec import decode
from coursekit.plain import SCALARS, Formula, Omitted

HEADINGS = ("", "value", "shape", "dtype")


def rows(case: dict) -> list[tuple[str, str, str, str]]:
    """(label, value, shape, dtype) for each line of the table of a finding's `case`.

    >>> rows({"inputs": {"x": 2.0}, "expected": 4.0, "got": 5.0})
    [('x', '2.0', '', 'float'), ('expected', '4.0', '', 'float'), ('got', '5.0', '', 'float')]
    """
    table = [row for name, value in case.get("inputs", {}).items() for row in _lines(name, decode(value))]
    parts = case.get("parts") or []
    if case.get("raises"):
        table.append(("expected", f"raises {case['raises']}", "", ""))
    else:
        table += _lines("expected", decode(case.get("expected")), parts)
    if case.get("raised"):
        table.append(("got", f"raises {case['raised']}", "", ""))
        if case.get("line"):
            table.append(("at", case["line"], "", ""))
    else:
        table += _lines("got", decode(case.get("got")), parts)
    for name, value in case.get("changed", {}).items():
        table += _lines(f"{name} after the call", decode(value))
    return table


def _lines(label, value, parts=()) -> list[tuple[str, str, str, str]]:
    """One row for a value; a short list, tuple or dict of arrays gets one for each entry."""
    if type(value) is dict:
        entries = {f"[{key!r}]": entry for key, entry in value.items()}
    elif type(value) in (list, tuple):
        names = parts if len(parts) == len(value) else [f"[{i}]" for i in range(len(value))]
        entries = dict(zip(names, value, strict=True))
    else:
        entries = {}
    if len(entries) <= 8 and any(type(entry) in (np.ndarray, list, tuple, dict) for entry in entries.values()):
        return [row for name, entry in entries.items() for row in _lines(_under(label, name), entry)]
    return [(label, show(value), str(value.shape) if type(value) is np.ndarray else "", _dtype(value))]


def _under(label: str, name: str) -> str:
    return label + name if name.startswith("[") else f"{label} {name}"


def _dtype(value) -> str:
    if type(value) is np.ndarray or type(value) in SCALARS:
        return value.dtype.name if value.dtype.kind != "U" else "text"
    return "" if value is None or type(value) in (Omitted, Formula) else type(value).__name__


def show(value) -> str:
    """A value in at most a few lines of text.

    >>> print(show(np.array([[1.0, 0.25], [3.0, 4.0]])))
    [[1.   0.25]
     [3.   4.  ]]
    """
    if type(value) is np.ndarray:
        return np.array2string(value, precision=6, threshold=60, edgeitems=2, max_line_width=72)
    if type(value) is Omitted:
        return str(value)
    if type(value) is Formula:
        return value.text
    if type(value) is int and value.bit_length() > 1000:
        return "a whole number of more than 300 digits"
    text = repr(value.item() if type(value) in SCALARS else value)
    return text if len(text) <= 400 else text[:397] + "..."


def text(case: dict) -> str:
    """The table for a terminal."""
    lines = [HEADINGS] + rows(case)
    cells = [[entry.split("\n") for entry in line] for line in lines]
    widths = [max(len(part) for line in cells for part in line[i]) for i in range(4)]
    drawn = []
    for line in cells:
        for k in range(max(map(len, line))):
            parts = [entry[k] if k < len(entry) else "" for entry in line]
            drawn.append("  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip())
    return "\n".join(drawn)


def html(case: dict) -> str:
    """The table for a notebook or a page; every text in it is escaped."""
    head = "".join(f"<th scope='col' style='text-align:left'>{escape(h)}</th>" for h in HEADINGS)
    body = "".join(
        f"<tr><th scope='row' style='text-align:left'>{escape(label)}</th>"
        f"<td style='text-align:left'><pre style='margin:0;background:none'>{escape(value)}</pre></td>"
        f"<td style='text-align:left'>{escape(shape)}</td><td style='text-align:left'>{escape(dtype)}</td></tr>"
        for label, value, shape, dtype in rows(case)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
