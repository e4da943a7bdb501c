"""One notebook of one student as a value, whatever the file holds.

Nothing here trusts the file: size and depth are looked at before it is parsed, and of its
JSON only what grading needs is kept: the cells' texts, kinds and ids. All else (metadata,
tags, points, outputs, kernel) is the student's word against the source notebook's, and is
left behind.
"""

from __future__ import annotations

import codecs
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import nbformat

MOST_BYTES = 30_000_000      # figures may be large; a notebook beyond this is a mistake or an attack
MOST_CELLS = 10_000
MOST_SIGNS = 5_000_000       # of all code; it is read as a program, which takes a hundred times its room
MOST_DEPTH = 100             # a real notebook's JSON is 7 deep; far below Python's recursion limit
MOST_VERSION = 1_000_000     # of an assignment; a number of thousands of digits is none
PICTURES = ("image/png", "image/jpeg", "image/gif")    # attachments of written answers; SVG can hold scripts


@dataclass(frozen=True)
class Cell:
    kind: str                # "code", "markdown" or "raw"
    source: str
    id: str = ""             # the notebook format's cell id
    grade_id: str = ""       # nbgrader's name of the cell, as the hand-in claims it
    attachments: dict | None = None


@dataclass(frozen=True)
class HandIn:
    """One notebook of one student, as it came; what cannot be read has no cells, but a reason."""

    student: str
    stem: str                            # the notebook of the assignment it is taken for, without .ipynb
    cells: tuple[Cell, ...] | None       # None: not readable, see `reason`
    reason: str = ""
    notes: tuple[str, ...] = ()          # what the instructor should know: renamed, old format, ...
    version: int | None = None           # of the assignment it was made for, as the release recorded it
    timestamp: str = ""                  # when it was handed in, in nbgrader's format; "" if nobody said
    digest: str = ""                     # SHA-256 of the file's bytes
    path: Path | None = None             # where it lies; what is graded is what was read there, see the digest
    beside: str = ""                     # SHA-256 of the files beside it, "" if there are none


class Unreadable(Exception):
    """Why a file cannot be graded, in words for the student."""


# What people upload instead of a notebook, by its first bytes.
OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive (or an office document)",
    b"%PDF": "a PDF",
    b"<!doctype html": "an HTML page: download the .ipynb itself",
    b"<html": "an HTML page: download the .ipynb itself",
    b"\x89png": "a picture",
    b"\x1f\x8b": "a compressed archive",
}


def read(raw: bytes, notes: list[str] | None = None) -> tuple[list[Cell], int | None]:
    """Cells of a notebook file, and the version of the assignment that it names (None: none).

    `notes` receives what was put right on the way.

    >>> read(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": '
    ...      b'[{"cell_type": "code", "source": "x = 1", "metadata": {}}]}')
    ([Cell(kind='code', source='x = 1', id='', grade_id='', attachments=None)], None)

    Raises:
        Unreadable: with the reason.
    """
    notes = [] if notes is None else notes
    if not raw.strip():
        raise Unreadable("The file is empty.")
    text = _text(raw, notes)
    for start, kind in OTHER_KINDS.items():
        if raw[:200].lstrip().lower().startswith(start.lower()):
            raise Unreadable(f"The file is not a notebook but {kind}.")
    if depth(text) > MOST_DEPTH:
        raise Unreadable(f"The file nests lists and objects more than {MOST_DEPTH} deep, which no notebook does.")
    try:
        nb = json.loads(text)
    except json.JSONDecodeError as trouble:
        words = trouble.msg.removesuffix(" at")
        raise Unreadable(f"The file is not a notebook: it is not JSON (line {trouble.lineno}: {words}).") from None
    except (ValueError, RecursionError):        # a number with thousands of digits, or too deep after all
        raise Unreadable("The file is not a notebook: its JSON cannot be read.") from None
    if not isinstance(nb, dict) or not ("cells" in nb or "worksheets" in nb):
        raise Unreadable("The file is JSON, but not a notebook: it has no cells.")
    nb = _upgraded(nb, notes)
    if not isinstance(nb.get("cells"), list):
        raise Unreadable("The file is JSON, but not a notebook: it has no list of cells.")
    if len(nb["cells"]) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(nb['cells']):,} cells; at most {MOST_CELLS:,} are read.")
    cells = [cell for cell in map(_cell, nb["cells"]) if cell]
    if (signs := sum(len(cell.source) for cell in cells if cell.kind == "code")) > MOST_SIGNS:
        raise Unreadable(f"The notebook holds {signs:,} signs of code; at most {MOST_SIGNS:,} are read. Data belong "
                         "into a file of their own.")
    if len(cells) < len(nb["cells"]):
        notes.append(f"{len(nb['cells']) - len(cells)} damaged cells were left out.")
    return cells, _version(nb)


# A JSON string, to the text's end if it does not close: each sign is looked at once.
STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)', re.DOTALL)


def depth(text: str) -> int:
    """How deep the brackets of a JSON text nest, without parsing it.

    >>> depth('{"a": [1, "]]]", "\\\\"["]}')
    2
    """
    deepest = level = 0
    for bracket in re.findall(r"[\[\]{}]", STRING.sub("", text)):
        level += 1 if bracket in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def _text(raw: bytes, notes: list[str]) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append("The file is not in UTF-8; signs outside ASCII may look wrong.")
        return raw.decode("cp1252", "replace")


def _upgraded(nb: dict, notes: list[str]) -> dict:
    """The notebook in format 4. Format 3 keeps its cells in worksheets, and the code under `input`."""
    if "cells" in nb:
        return nb
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")       # about missing ids and the like, which we do not need
            old = nbformat.from_dict({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, **nb})
            upgraded = nbformat.convert(old, 4)
    except Exception:        # whatever nbformat says of a damaged old notebook, it is not readable
        raise Unreadable("The notebook is in an old format, and damaged: open it in JupyterLab and save it.") from None
    notes.append(f"The notebook was in the old format {nb.get('nbformat', 3)}; it was upgraded.")
    return upgraded


def _cell(cell: object) -> Cell | None:
    """A cell as we keep it, or None if this is not one."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    metadata = cell.get("metadata")
    marked = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marked.get("grade_id") if isinstance(marked, dict) else None
    own_id = cell.get("id")
    return Cell(
        kind=cell["cell_type"],
        source=_clean(source),
        id=own_id if isinstance(own_id, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", own_id) else "",
        grade_id=_clean(grade_id) if isinstance(grade_id, str) else "",
        attachments=_pictures(cell.get("attachments")) if cell["cell_type"] == "markdown" else None,
    )


def _clean(text: str) -> str:
    """Line ends of one kind, and no half of a surrogate pair, which no file or database can hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")


def _pictures(attachments: object) -> dict | None:
    """Pictures pasted into a written answer; anything else that claims to be one is dropped."""
    if not isinstance(attachments, dict):
        return None
    kept = {}
    for name, bundle in attachments.items():
        if isinstance(bundle, dict):
            pictures = {kind: data for kind, data in bundle.items() if kind in PICTURES and isinstance(data, str)
                        and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)}
            if pictures:
                kept[_clean(name)] = pictures
    return kept or None


def _version(nb: dict) -> int | None:
    about = nb.get("metadata")
    about = about.get("coursekit") if isinstance(about, dict) else None
    version = about.get("version") if isinstance(about, dict) else None
    return version if type(version) is int and abs(version) < MOST_VERSION else None
