"""A hand-in lined up with the source notebook: what is asked comes from the source, what was done from the student.

The source alone decides which cells are marked (graded, solution, locked), their order, their
points, their ids and the text of the locked ones. From the hand-in come the texts of solution
cells and all free cells. So a test that was deleted, edited, copied, moved or turned into
Markdown is as it was given out, and metadata of the hand-in (points, tags that skip a cell,
the kernel's name) has no say at all.

    marked cell    locked text (tests, setup)     solution text
    missing        put back                       put back as it was given out
    edited         put back                       that is its purpose
    twice          copies dropped                 the last one counts; the earlier stay as free cells
    moved          back in the source's order     back in the source's order

Free cells keep their place behind the marked cell that they followed.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from autograder.assignment import defined_names
from autograder.course.issuing import through
from autograder.handin import Cell, HandIn
from autograder.job import SKIP
from autograder.openanswers import OpenQuizAnswers
from autograder.remembered import remembered

WHOLE = ""      # the key of notes that concern no single cell
OWN = "free-"   # how the ids of cells begin that are the student's own


@dataclass(frozen=True)
class Restored:
    notebook: NotebookNode                                        # ready to run; nothing in it on the hand-in's word
    notes: dict[str, list[str]] = field(default_factory=dict)     # cell id (or WHOLE) -> what was put right


def issued(source: NotebookNode) -> NotebookNode:
    """The source as nbgrader's gradebook knows it: cells locked, solutions cleared, hidden tests still in.

    These are the steps of nbgrader's generate_assignment up to the point where it saves the
    cells, by the course's own rules, so the checksums are those that formgrader and autograde compare with.
    """
    notebook = through(source, LockCells, ClearSolutions, OpenQuizAnswers, ClearOutput, ComputeChecksums)
    for place, cell in enumerate(notebook.cells):
        kept = {key: cell.metadata[key] for key in ("nbgrader", "editable", "deletable") if key in cell.metadata}
        if SKIP in cell.metadata.get("tags", ()) and not is_grade(cell):
            kept["tags"] = [SKIP]       # the author's word; a hand-in's own tags are left behind
        cell.metadata = nbformat.from_dict(kept)
        cell.setdefault("id", f"source-{place}")        # a notebook older than format 4.5 has no ids
    return notebook


def is_marked(cell: NotebookNode) -> bool:
    """Is this one of the cells whose place, kind and points the source decides?"""
    return bool(is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell))


def grade_id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader["grade_id"]


def restore(source: NotebookNode, hand_in: HandIn) -> Restored:
    """The notebook to run for `hand_in`; for one that could not be read, the notebook as it was given out."""
    base, shown = _given(source)
    if hand_in.cells is None:
        return Restored(_notebook(base, base.cells))
    marked = {grade_id(cell): copy.copy(cell) for cell in base.cells if is_marked(cell)}
    names = _identify(hand_in.cells, marked, shown)
    behind = _behind(hand_in.cells, names, marked)

    authors = {(cell.cell_type, cell.source): cell for cell in base.cells if not is_marked(cell)}

    def free(cell: Cell) -> NotebookNode:
        return _free(cell, authors.pop((cell.kind, cell.source), None))

    cells, notes = [*map(free, behind[WHOLE])], {}
    for name, cell in marked.items():
        theirs = [cell for cell, claimed in zip(hand_in.cells, names, strict=True) if claimed == name]
        remarks = _remarks(cell, shown[name], theirs)
        if theirs and not is_locked(cell):
            cell.source = theirs[-1].source
            if cell.cell_type == "markdown" and theirs[-1].attachments:
                cell.attachments = theirs[-1].attachments
        if remarks:
            notes[cell.id] = remarks
        cells += [cell, *map(free, behind[name])]
    order = list(dict.fromkeys(name for name in names if name))
    if order != [name for name in marked if name in order]:
        notes[WHOLE] = ["Cells had been moved; they are back in the order of the assignment."]
    return Restored(_notebook(base, cells), notes)


@remembered
def _given(source: NotebookNode) -> tuple[NotebookNode, dict[str, str]]:
    """What a class was given: the notebook as `issued`, and the text of each marked cell as students saw it."""
    base = issued(source)
    return base, {grade_id(cell): cell.source
                  for cell in through(base, ClearHiddenTests, ClearMarkScheme).cells if is_marked(cell)}


def _identify(cells: tuple[Cell, ...], marked: dict[str, NotebookNode], shown: dict[str, str]) -> list[str]:
    """For each cell of the hand-in the grade id of the marked cell it is, or "" for a free cell.

    nbgrader's grade id says it, else the notebook's cell id. Some editors drop both: then a
    locked cell is known by its text, and a missing solution by the name that it defines.
    """
    ids = {cell.id: name for name, cell in marked.items()}
    names = [cell.grade_id if cell.grade_id in marked else ids.get(cell.id, "") for cell in cells]
    missing = {name for name in marked if name not in names}
    by_text = {text.strip(): name for name, text in shown.items() if name in missing and is_locked(marked[name])}
    by_definition = {defined: name for name in missing if is_solution(marked[name])
                     for defined in defined_names(shown[name])}
    for place, cell in enumerate(cells):
        if not names[place] and cell.kind == "code":
            known = [by_definition[defined] for defined in defined_names(cell.source) if defined in by_definition]
            names[place] = by_text.get(cell.source.strip(), known[0] if known else "")
    return names


def _behind(cells: tuple[Cell, ...], names: list[str], marked: dict[str, NotebookNode]) -> dict[str, list[Cell]]:
    """The free cells that follow each marked cell (WHOLE: that come before all of them)."""
    behind: dict[str, list[Cell]] = {WHOLE: [], **{name: [] for name in marked}}
    last = {name: place for place, name in enumerate(names)}
    first = {name: place for place, name in reversed(list(enumerate(names)))}
    anchor = WHOLE
    for place, (cell, name) in enumerate(zip(cells, names, strict=True)):
        if not name:
            behind[anchor].append(cell)
        elif is_locked(marked[name]):
            anchor = name if place == first[name] else anchor
        elif place == last[name]:
            anchor = name
        else:
            behind[anchor].append(cell)       # an earlier version of a solution: it ran, so it runs
    return behind


def _remarks(cell: NotebookNode, shown: str, theirs: list[Cell]) -> list[str]:
    """What had happened to a marked cell, in words."""
    locked = is_locked(cell)
    if not theirs:
        return ["This cell had been deleted; it was put back as it was given out."]
    remarks = []
    if len(theirs) > 1:
        remarks.append(f"This cell was there {len(theirs)} times; {'one is enough' if locked else 'the last counts'}.")
    if theirs[-1].kind != cell.cell_type:
        remarks.append(f"This cell had been turned into {theirs[-1].kind}; it is {cell.cell_type} again.")
    if locked and any(_lines(copy.source) not in (_lines(shown), _lines(cell.source)) for copy in theirs):
        remarks.append("This cell had been edited; it was put back as it was given out.")
    return remarks


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().split("\n")]


def _free(cell: Cell, authors: NotebookNode | None) -> NotebookNode:
    """A free cell. One that is as the author wrote it keeps its id; the student's own get theirs at the end."""
    of_code = {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
    node = NotebookNode(cell_type=cell.kind, id=authors.id if authors else "", metadata=NotebookNode(),
                        source=cell.source, **of_code)
    if authors and "tags" in authors.metadata:
        node.metadata["tags"] = authors.metadata["tags"]
    if cell.attachments:
        node.attachments = nbformat.from_dict(cell.attachments)
    return node


def _notebook(base: NotebookNode, cells: list[NotebookNode]) -> NotebookNode:
    """The cells under the source's metadata. Students' cells are numbered, since ids of the hand-in may repeat."""
    number = 0
    for cell in cells:
        if not cell.id:
            number += 1
            cell.id = f"{OWN}{number}"
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": {
        key: base.metadata[key] for key in ("kernelspec", "language_info") if key in base.metadata}})
