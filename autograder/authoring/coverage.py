"""Which cells teach, practise and ask each row of the syllabus.

    course/syllabus.toml      hand-written: what each week must teach, and where it does
    build/coverage.json       resolved against the built notebooks: row -> cell ids

A row names its places by kind. Naming a kind without a place is asking for what is not there yet.

    [week05_backprop.forks]
    says = "Where a value is used twice, its gradients add."
    L = ["6 · Backwards through a graph > where a value forks"]     a section of the lecture, its cells with these words
    E = ["dense_backward"]                                           an exercise: its solution cell and its graded test
    Q = ["q_fork"]                                                   a question: its answer cell and its graded test

A place in another week begins with that week: "week05_backprop/clip_by_norm". A place that does
not exist in a built notebook is an error; a notebook that is not written yet is a row not covered.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = {"L": "lecture", "E": "exercise", "Q": "question"}


@dataclass(frozen=True)
class Row:
    """One claim of the syllabus, and for each kind in which it must occur, its places."""

    week: str                             # "week05_backprop"
    name: str                             # "forks"
    says: str
    places: dict[str, tuple[str, ...]]    # {"L": ("6 · Backwards through a graph",), "Q": ("q_fork",)}

    @property
    def id(self) -> str:
        return f"{self.week}.{self.name}"


@dataclass(frozen=True)
class Coverage:
    """The cells of each row. A row without cells is not covered: one of its kinds has no place, or no notebook yet."""

    rows: tuple[Row, ...]
    cells: dict[str, tuple[str, ...]]     # row id -> cell ids, in the order of the row's places

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if not self.cells[row.id]]

    def weeks(self) -> dict[str, list[Row]]:
        """The rows by week, in the syllabus's order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.week, []).append(row)
        return found

    def to_json(self) -> str:
        table = {
            "rows": len(self.rows),
            "covered": len(self.rows) - len(self.missing),
            "missing": [row.id for row in self.missing],
            "cells": self.cells,
        }
        return json.dumps(table, indent=2) + "\n"


def report_path(root: Path) -> Path:
    """Where the coverage of the repository `root` is written."""
    return root / "build" / "coverage.json"


def cover(root: Path | str) -> Coverage:
    """Find the cells of each row of `root`/course/syllabus.toml.

    Raises:
        ValueError: rows name places that do not exist; the message lists them all.
    """
    rows = read_rows(Path(root) / "course" / "syllabus.toml")
    cells, problems = {}, []
    for row in rows:
        found: list[str] = []
        whole = True
        for kind, places in row.places.items():
            whole &= bool(places)
            for place in places:
                try:
                    ids = find(Path(root), row.week, kind, place)
                except LookupError as problem:
                    problems.append(f"{row.id}: {problem.args[0]}")
                    continue
                whole &= bool(ids)
                found += ids
        cells[row.id] = tuple(dict.fromkeys(found)) if whole else ()
    if problems:
        raise ValueError("syllabus.toml names places that do not exist:\n  " + "\n  ".join(problems))
    return Coverage(tuple(rows), cells)


def read_rows(syllabus: Path) -> list[Row]:
    """The rows of a syllabus.

    Raises:
        ValueError: a row says nothing, has no kind, or has a key that is none.
    """
    rows = []
    for week, table in tomllib.loads(syllabus.read_text(encoding="utf-8")).items():
        for name, entry in table.items():
            kinds = {key: tuple(places) for key, places in entry.items() if key in KINDS}
            if not kinds or not entry.get("says") or set(entry) - {"says", *KINDS}:
                raise ValueError(f"{week}.{name}: a row has `says` and at least one of L, E, Q; "
                                 f"received {sorted(entry)}")
            rows.append(Row(week, name, entry["says"], kinds))
    return rows


def find(root: Path, week: str, kind: str, place: str) -> list[str]:
    """Ids of the cells at one place; none if the notebook it lies in is not written yet.

    Raises:
        LookupError: the notebook is there, the place is not.
    """
    other = re.fullmatch(r"(week\d\d_[a-z0-9_]+)/(.+)", place)
    if other:
        week, place = other.groups()
    if kind == "L":
        path = root / "course" / f"{week}.ipynb"
        return shown(path, place) if path.exists() else []
    path = root / "assignments" / "source" / week / f"{week}.ipynb"
    return graded(path, kind, place) if path.exists() else []


def shown(lecture: Path, place: str) -> list[str]:
    """Cells of the section `heading` of a lecture; of `heading > words`, those that hold these words."""
    heading, _, words = place.partition(" > ")
    parts = sections(lecture).get(heading)
    if parts is None:
        raise LookupError(f"{lecture.stem} has no section {heading!r}")
    ids = [id for id, text in parts if words in text]
    if not ids:
        raise LookupError(f"{lecture.stem}, {heading!r} does not say {words!r}")
    return list(dict.fromkeys(ids))


def graded(source: Path, kind: str, name: str) -> list[str]:
    """The cell where an exercise or a question is answered, and the one that grades it."""
    cells = {cell["id"]: cell["metadata"].get("nbgrader", {}) for cell in read(source)}
    answer, test = ("solution" if kind == "E" else "quiz") + f"-{name}", f"test-{name}"
    if not cells.get(answer, {}).get("solution"):
        raise LookupError(f"{source.stem} has no {KINDS[kind]} {name!r}: no solution cell {answer!r}")
    if not (cells.get(test, {}).get("grade") and cells[test].get("points")):
        raise LookupError(f"{source.stem} does not grade {name!r}: no cell {test!r} with points")
    return [answer, test]


def sections(lecture: Path) -> dict[str, list[tuple[str, str]]]:
    """Heading -> what stands under it, subsections too, as pairs of a cell's id and text (line breaks as blanks).

    A heading may stand in the middle of a cell; the lines before it belong to the section above.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    above: list[tuple[int, str]] = []         # the headings that a line stands under, with their levels
    for cell in read(lecture):
        for part in parts(cell):
            heading = re.match(r"(#+) +(.+)", part) if cell["cell_type"] == "markdown" else None
            if heading:
                level = len(heading[1])
                above = [*((each, title) for each, title in above if each < level), (level, heading[2].strip())]
            for _, title in above:
                found.setdefault(title, []).append((cell["id"], " ".join(part.split())))
    return found


def parts(cell: dict) -> Iterator[str]:
    """A cell's text, cut before each heading; code is one part."""
    text = cell["source"]
    cuts = re.split(r"^(?=#+ )", text, flags=re.MULTILINE) if cell["cell_type"] == "markdown" else [text]
    yield from (part for part in cuts if part.strip())


def read(notebook: Path) -> list[dict]:
    """The cells of a notebook, each with its source as one string."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells]
