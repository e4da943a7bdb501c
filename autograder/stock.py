"""nbgrader's own rules, its surprises included, for `--strict-nbgrader`: by nbgrader's own code.

A hand-in is prepared by the steps of `nbgrader autograde` that come before it is executed, and its
outputs are read as SaveAutoGrades reads them. Where nbgrader gives up, so do we, at the same place:

    a file that cannot be read, metadata that does not fit, a cell there twice     no marks for the notebook
    a kernel that died                                                             no marks for the notebook
    a number beyond the points                                                     no marks from that cell on
    a marked cell that was deleted                                                 no mark for it
    a notebook that is not there                                                   0 for each of its cells
    no notebook at all                                                             it does not see the hand-in

No mark is NULL in the gradebook, with "needs manual grade" as it was. A test that not even the reference passes here
gets what nbgrader reads of its outputs, mostly 0, and its verdict says so.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import determine_grade, is_grade, is_locked, is_solution, is_task
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.assignment import Assignment
from autograder.exercise.solutions import is_test
from autograder.handin import HandIn
from autograder.job import SKIP, Run
from autograder.judge import titled
from autograder.restore import grade_id, is_marked, issued, restore
from autograder.verdict import Verdict

SANITIZING = (ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata)
AUTOGRADING = (Execute, IgnorePattern, ClearMetadataPreprocessor, LimitOutput, SaveAutoGrades)
QUIET = logging.getLogger("autograder.stock")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False     # what nbgrader says of a hand-in is told as the verdict's reason


@dataclass
class Given:
    """What nbgrader would have left of one student, notebook by notebook."""

    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    given: dict[str, dict[str, float | None]] = field(default_factory=dict)
    verdicts: dict[str, tuple[Verdict, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)       # where it ended early, and why
    missing: tuple[str, ...] = ()


class Refused(Exception):
    """nbgrader gives no marks for a notebook; says why."""


class Asked:
    """The gradebook's answers to OverwriteCells, drawn from the source notebook that it was filled from."""

    def __init__(self, source: NotebookNode):
        cells = [cell for cell in issued(source).cells if is_marked(cell)]
        self.source_cells = [SimpleNamespace(
            name=grade_id(cell), cell_type=cell.cell_type, locked=is_locked(cell), source=cell.source,
            checksum=cell.metadata.nbgrader.get("checksum"),
            max_score=float(cell.metadata.nbgrader.get("points", 0))) for cell in cells]
        kinds = {"grade_cells": is_grade, "solution_cells": is_solution, "task_cells": is_task}
        for kind, fits in kinds.items():
            setattr(self, kind, [known for known, cell in zip(self.source_cells, cells, strict=True) if fits(cell)])

    def find_notebook(self, *_) -> Asked:
        return self

    def find_source_cell(self, name: str, *_) -> SimpleNamespace:
        found = next((cell for cell in self.source_cells if cell.name == name), None)
        if found is None:
            raise MissingEntry(f"no cell {name}")
        return found

    find_graded_cell = find_source_cell


def sees(folder: Path) -> bool:
    """Does nbgrader take this folder for a hand-in? One that cannot be opened is told of like a broken notebook."""
    try:
        return any(path.suffix == ".ipynb" and not path.name.startswith(".") for path in folder.iterdir())
    except OSError:
        return True


def mark(hand_ins: Iterable[HandIn], assignment: Assignment, config: Config,
         execute: Callable[[str, NotebookNode], Run]) -> Given:
    """All notebooks of one student by nbgrader's rules; the first that it stumbles over ends the student's run."""
    found, ended = Given(), ""
    hand_ins = sorted(hand_ins, key=lambda hand_in: hand_in.stem)
    there = [h for h in hand_ins if h.path is not None and h.path.name == f"{h.stem}.ipynb"]
    found.missing = tuple(h.stem for h in hand_ins if h not in there) if there else ()
    for hand_in in hand_ins:
        stem, source = hand_in.stem, assignment.notebooks[hand_in.stem]
        titles = {cell.metadata.get("nbgrader", {}).get("grade_id"): title for cell, title in titled(source)}
        found.notebooks[stem] = restore(source, HandIn(hand_in.student, stem, None)).notebook
        found.given[stem], untold, result = {}, {}, Run({})
        if not there:
            found.refused[stem] = "nbgrader finds no notebook that it knows."
        elif stem in found.missing:
            found.given[stem] = {grade_id(cell): 0.0 for cell in source.cells if is_grade(cell) or is_task(cell)}
        elif ended:
            found.refused[stem] = f"nbgrader had given up before: {ended}"
        else:
            try:
                result = execute(stem, prepared(source, _as_read(hand_in), config))
                found.notebooks[stem] = result.notebook
                if result.stopped:
                    raise Refused(result.stopped)
                found.given[stem], ended = marks(result.notebook, config)
                untold = {name: why for name, why in result.untold.items() if found.given[stem].get(name) == 0}
            except Refused as trouble:
                ended = str(trouble)
            if ended:
                found.refused[stem] = f"nbgrader gave up: {ended}"
        given = verdicts(source, titles, found.given[stem], found.refused.get(stem, ""), untold)
        ids = {grade_id(cell): cell.id for cell in found.notebooks[stem].cells if is_grade(cell)}
        found.verdicts[stem] = tuple(
            replace(verdict, tamper_proof=result.trusted.get(verdict.cell, False),
                    notes=tuple(result.notes.get(ids.get(verdict.cell), ()))) for verdict in given)
    return found


def _as_read(hand_in: HandIn) -> bytes:
    raw = hand_in.path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != hand_in.digest:
        raise OSError(f"{hand_in.path.name} was changed while it was graded; the next run grades the new one")
    return raw


def prepared(source: NotebookNode, raw: bytes, config: Config) -> NotebookNode:
    """The hand-in as nbgrader would execute it.

    Raises:
        Refused: nbgrader would not.
    """
    try:
        notebook = nbformat.reads(raw.decode("utf-8"), as_version=4)
        notebook = MetadataValidator().upgrade_notebook_metadata(notebook)      # `nbgrader update`
        for step in (*_steps(config, "sanitize_preprocessors", SANITIZING), *_around_execution(config)[0]):
            if step is OverwriteKernelspec:
                notebook.metadata.kernelspec = source.metadata.get("kernelspec", {})
            elif step is OverwriteCells:
                notebook = _overwritten(notebook, source, config)
            else:
                notebook, _ = step(config=config, log=QUIET)(notebook, {})
    except Exception as trouble:        # whatever nbgrader stumbles over, it goes on with the next hand-in
        raise Refused(f"{type(trouble).__name__}: {trouble}") from trouble
    for place, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{place}")      # a notebook older than format 4.5 has none
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    return notebook


def _overwritten(notebook: NotebookNode, source: NotebookNode, config: Config) -> NotebookNode:
    """OverwriteCells, without a database."""
    step = OverwriteCells(config=config, log=QUIET)
    if not step.enabled:
        return notebook
    step.gradebook, step.notebook_id, step.assignment_id = Asked(source), "", ""
    for place, cell in enumerate(notebook.cells):
        notebook.cells[place], _ = step.preprocess_cell(cell, {}, place)
    if step.add_missing_cells:
        notebook, _ = step.add_missing_grade_cells(notebook, {})
        notebook, _ = step.add_missing_task_cells(notebook, {})
    return notebook


def _steps(config: Config, which: str, usual: tuple) -> list[type]:
    """A list of steps of nbgrader's autograde, as the course has it."""
    return [import_item(step) if isinstance(step, str) else step for step in config.Autograde.get(which, usual)]


def _around_execution(config: Config) -> tuple[list[type], list[type]]:
    """The steps between sanitizing and execution, and those between execution and marking."""
    steps = _steps(config, "autograde_preprocessors", AUTOGRADING)
    begin = steps.index(Execute) if Execute in steps else 0
    end = steps.index(SaveAutoGrades) if SaveAutoGrades in steps else len(steps)
    return steps[:begin], [step for step in steps[begin:end] if step is not Execute]


def marks(notebook: NotebookNode, config: Config) -> tuple[dict[str, float | None], str]:
    """Cell -> the mark that SaveAutoGrades gives an executed notebook (None: a person's), and why it ended early."""
    found: dict[str, float | None] = {}
    read = NotebookNode(nbformat.from_dict(notebook))
    for cell in read.cells:
        if cell.cell_type == "code" and SKIP in cell.metadata.get("tags", ()):
            cell.outputs = []
    for step in _around_execution(config)[1]:
        read, _ = step(config=config, log=QUIET)(read, {})
    for cell in read.cells:
        if is_grade(cell):
            try:
                found[grade_id(cell)] = determine_grade(cell, QUIET)[0]
            except (ValueError, KeyError) as trouble:
                return found, str(trouble)
    return found, ""


def verdicts(source: NotebookNode, titles: dict[str, str], given: dict[str, float | None], why: str,
             untold: dict[str, str]) -> list[Verdict]:
    """nbgrader's marks of one notebook as verdicts on its tests. `untold`: where our runner fails the reference."""
    found = []
    for cell in source.cells:
        if not is_test(cell):
            continue
        name, points = grade_id(cell), float(cell.metadata.nbgrader["points"])
        score = given.get(name)
        words = "" if score == points else f"nbgrader gives {score:g} of {points:g}." if score is not None else \
            f"nbgrader gives no mark for this cell. {why or 'It is not in the hand-in.'}"
        status = "passed" if score == points else "failed"
        if name in untold:
            status, words = "could_not_tell", f"Not even the reference passes this test here: {untold[name]}"
        found.append(Verdict(name, titles.get(name) or name, status, float(score or 0), points, rationale=words))
    return found
