"""What mark the gradebook is to hold of a cell, by what a record says: to write it, and to see whether it is there.

    graded here           the verdict's score; points that differ between versions are scaled
    by nbgrader's rules   what nbgrader gives; a cell that it passed over keeps what the gradebook has
    nothing to look at    0: a hand-in that could not be read, a notebook that nbgrader misses
    no mark (None)        a person decides: a written answer that was touched, what the grader could not tell,
                          a cell that the older version of a hand-in did not have
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade

from autograder.bookkeeping.record import Record
from autograder.exercise.solutions import is_test

KEPT: Final = object()      # the record does not say: whatever the gradebook has stays


@dataclass(frozen=True)
class Place:
    """One cell of the assignment as the gradebook knows it."""

    notebook: str
    cell: str           # its grade id
    max_score: float


def empty(record: Record) -> frozenset[str]:
    """Notebooks of a hand-in in which there was nothing to look at."""
    return frozenset(record.unreadable if record.stock is None else record.missing)


def due(record: Record, place: Place, answers: dict[str, NotebookNode] | None) -> float | None | object:
    """The score of tests for the cell at `place`: a number, None (a person decides) or KEPT.

    answers    grade id -> executed cell; None where they are not at hand, and written answers stay as they are
    """
    if place.notebook in empty(record):
        return 0.0
    if record.stock is not None:
        return record.stock.get(place.notebook, {}).get(place.cell, KEPT)
    verdict = next((v for v in record.verdicts.get(place.notebook, ()) if v.cell == place.cell), None)
    if verdict is not None:
        if verdict.status == "could_not_tell":
            return None
        return verdict.score * (place.max_score / verdict.max_score if verdict.max_score else 0)
    if answers is None:
        return KEPT
    answer = answers.get(place.cell)
    return determine_grade(answer)[0] if answer is not None and is_grade(answer) and not is_test(answer) else None
