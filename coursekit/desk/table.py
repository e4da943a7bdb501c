"""A finding's case as a small table: inputs, what was expected, what came; for the desk, feedback and reports.

Rows are plain text; `html` escapes them. What differs is said in words, never by colour alone.
"""

from __future__ import annotations

from html import escape

import numpy as np

from coursekit.codec import decode
from coursekit.entries import entries
from coursekit.plain import SCALARS, Formula, Omitted

HEADINGS = ("", "value", "shape", "dtype")


def rows(case: dict) -> list[tuple[str, str, str, str]]:
    """(label, value, shape, dtype) for each line of the table of a finding's `case`.

    Of a result with several entries each one that differs has two rows, expected and got, one below the other; the
    names of those that agree share the last row.

    >>> rows({"inputs": {"x": 2.0}, "expected": 4.0, "got": 5.0})
    [('x', '2.0', '', 'float'), ('expected', '4.0', '', 'float'), ('got', '5.0', '', 'float')]
    """
    inputs = case.get("inputs", {})
    table = [row for name in case.get("arguments") or inputs for row in _lines(name, entries(decode(inputs[name])))]
    parts = case.get("parts") or []
    expected, got = ({} if how else entries(decode(case.get(what)), parts)
                     for what, how in (("expected", case.get("raises")), ("got", case.get("raised"))))
    if len(expected) > 1 and expected.keys() == got.keys():
        table += _side_by_side(expected, got, case.get("alike") or ())
    else:
        table += _lines("expected", expected) or [("expected", f"raises {case['raises']}", "", "")]
        table += _lines("got", got) or [("got", f"raises {case['raised']}", "", "")]
    if case.get("raised") and case.get("line"):
        table.append(("at", case["line"], "", ""))
    for name, value in case.get("changed", {}).items():
        table += _lines(f"{name} after the call", entries(decode(value)))
    return [(_cut(label, 80), _cut(value, 2000), shape, dtype) for label, value, shape, dtype in table]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most - 3] + "..."


def _side_by_side(expected: dict, got: dict, alike) -> list[tuple[str, str, str, str]]:
    found = []
    for name in expected:
        if name not in alike:
            found += [_line(_under("expected", name), expected[name]), _line(_under("got", name), got[name])]
    same = [name for name in expected if name in alike]
    return found + ([("as expected", ", ".join(same), "", "")] if same else [])


def _lines(label: str, named: dict) -> list[tuple[str, str, str, str]]:
    return [_line(_under(label, name), value) for name, value in named.items()]


def _line(label: str, value) -> tuple[str, str, str, str]:
    return label, show(value), str(value.shape) if type(value) is np.ndarray else "", _dtype(value)


def _under(label: str, name: str) -> str:
    return label + name if name.startswith("[") else f"{label} {name}".rstrip()


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
    return _cut(text, 400)


def text(case: dict) -> str:
    """The table for a terminal.

    >>> print(text({"inputs": {"x": 2.0}, "expected": 4.0, "got": 5.0}))
              value  shape  dtype
    x         2.0           float
    expected  4.0           float
    got       5.0           float
    """
    lines = [HEADINGS] + rows(case)
    cells = [[entry.split("\n") for entry in line] for line in lines]
    widths = [max(len(part) for line in cells for part in line[i]) for i in range(4)]
    drawn = []
    for line in cells:
        for k in range(max(map(len, line))):
            parts = [entry[k] if k < len(entry) else "" for entry in line]
            drawn.append("  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip())
    return "\n".join(drawn)


def html(case: dict, caption: str = "") -> str:
    """The table for a notebook or a page; every text in it is escaped.

    Its looks are the page's own, so that it is as readable in a dark theme; what a cell means is told by its row's and
    its column's heading, which a screen reader says.

    >>> "<b>" in html({"inputs": {"x": "<b>"}, "expected": 4.0, "got": 5.0})
    False
    """
    left = "style='text-align:left;vertical-align:top'"
    corner, *head = HEADINGS
    top = f"<td>{escape(corner)}</td>" + "".join(f"<th scope='col' {left}>{escape(h)}</th>" for h in head)
    body = "".join(
        f"<tr><th scope='row' {left}>{escape(label)}</th>"
        f"<td {left}><pre style='margin:0;padding:0;background:none'>{escape(value)}</pre></td>"
        f"<td {left}>{escape(shape)}</td><td {left}>{escape(dtype)}</td></tr>"
        for label, value, shape, dtype in rows(case)
    )
    told = f"<caption style='text-align:left;white-space:nowrap'>{escape(caption)}</caption>" if caption else ""
    return f"<table style='margin:0 0 .5em'>{told}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
