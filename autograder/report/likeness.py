"""The code of a class, gathered from the executed notebooks for similarity.py."""

from __future__ import annotations

import json
from collections.abc import Iterable

from autograder.assignment import Assignment, references
from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.exercise.solutions import is_solution
from autograder.report.similarity import Comparison, compare
from autograder.restore import OWN, grade_id, issued


def likeness(course: Course, assignment: Assignment, records: Iterable[Record]) -> Comparison:
    """What is alike among the hand-ins of these records."""
    class_ = {record.student: code for record in records if (code := _code(course, assignment, record))}
    reference, starter, given = {}, {}, []
    for source in assignment.notebooks.values():
        reference |= {grade_id(cell): cell.source for cell in source.cells if is_solution(cell)}
        starter |= {grade_id(cell): cell.source for cell in issued(source).cells if is_solution(cell)}
        given += [cell.source for cell in source.cells if cell.cell_type == "code" and not is_solution(cell)]
    return compare(class_, reference, starter, given, references(assignment.notebooks))


def _code(course: Course, assignment: Assignment, record: Record) -> dict[str, str]:
    """Cell -> code of a student's solutions and cells of their own; an unreadable hand-in has none."""
    folder = course.folder("autograded", assignment.name, record.student)
    found = {}
    for stem in assignment.notebooks.keys() - record.unreadable.keys():
        try:
            cells = json.loads((folder / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError):
            continue        # it is gone, or somebody has edited it: there is nothing to compare
        for cell in cells:
            if cell["cell_type"] == "code":
                name = cell["metadata"].get("nbgrader", {}).get("grade_id", cell.get("id", ""))
                if is_solution(cell):
                    found[name] = _text(cell)
                elif cell.get("id", "").startswith(OWN):
                    found[f"{stem}/{name}"] = _text(cell)
    return found


def _text(cell: dict) -> str:
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else source
