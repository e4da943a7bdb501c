"""The class at a glance: one self-contained HTML page for the instructor.

On top what needs a person, then the marks, the questions, the mistakes, how the grading went, what is alike, and
every hand-in. Nothing in it comes from the network, and its one script, which sorts tables, is vouched for by its
digest: whatever else on the page looked like a script would not run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean, median, quantiles

from nbgrader.api import MissingEntry

from autograder.assignment import Assignment
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.classmarks import Score, class_marks
from autograder.bookkeeping.due import Place
from autograder.bookkeeping.record import Record, load_all
from autograder.course import Course
from autograder.feedback import questions
from autograder.files.whole import write_whole
from autograder.page.environment import TEMPLATES, environment
from autograder.report.figures import histogram, seconds, shares
from autograder.report.findings import exposed, failures, misconceptions
from autograder.report.items import ENOUGH, Item, items
from autograder.report.likeness import likeness
from autograder.report.similarity import Comparison

SLOWEST = 5
NOTHING_ALIKE = Comparison((), (), 0)


@dataclass(frozen=True)
class ClassMarks:
    """What the gradebook says of a class, with the marks that people gave."""

    totals: Mapping[str, float]                             # student -> marks, late penalty taken off
    cells: Mapping[str, Mapping[Place, Score]]


def report(course: Course, name: str) -> Path:
    """Write the class page of assignment `name`; returns its path."""
    records = load_all(course, name)
    assignment = course.assignment(name)
    alike = likeness(course, assignment, records)
    return write_whole(report_path(course, name), page_of(assignment, records, marks_of(course, name), alike))


def report_path(course: Course, name: str) -> Path:
    return course.root / Path(course.folders["autograded"]).parent / "report" / f"{name}.html"


def marks_of(course: Course, name: str) -> ClassMarks:
    with books.opened(course) as gradebook:
        try:
            totals, cells = books.totals(gradebook, name), class_marks(gradebook, name)
        except MissingEntry:
            return ClassMarks({}, {})
    return ClassMarks({who: max(0.0, marks - penalty) for who, (marks, penalty, _) in totals.items()}, cells)


def page_of(assignment: Assignment, records: list[Record], given: ClassMarks | None = None,
            alike: Comparison = NOTHING_ALIKE) -> str:
    """The page as HTML, for what the grader's records and the gradebook say."""
    given = given or ClassMarks({}, {})
    parts = questions(assignment)
    points = sum(part.points for part in parts)
    marks = [given.totals.get(record.student, record.score) for record in records]
    analysed = analysis(assignment, records, given.cells)
    script = (TEMPLATES / "sorting.js").read_text(encoding="utf-8")
    return environment().get_template("report.html").render(
        assignment=assignment, records=records, points=points, marks=marks, totals=given.totals,
        median=median(marks) if marks else 0, mean=mean(marks) if marks else 0,
        middle=quantiles(marks, n=4) if len(marks) > 3 else None,
        untold=[(record, verdict) for record in records for verdict in record.all_verdicts
                if verdict.status == "could_not_tell"],
        unreadable=[(record, reason) for record in records for reason in record.unreadable.values()],
        waiting=waiting(given.cells),
        odd=[item for item in analysed if item.remark],
        by_hand=sum(part.points for part in parts if part.by_hand),
        items=analysed, enough=ENOUGH, known=misconceptions(assignment, records),
        failures=failures(records), exposed=exposed(records),
        slowest=sorted(records, key=lambda record: -record.seconds)[:SLOWEST],
        spent=sum(record.seconds for record in records),
        noted=[record for record in records if record.notes or any(v.notes for v in record.all_verdicts)],
        alike=alike, titles={part.cell: part.title for part in parts} | _titles_of_solutions(parts),
        histogram=histogram(marks, points) if records else "",
        bars=shares(analysed) if any(item.share is not None for item in analysed) else "",
        times=seconds([record.seconds for record in records]) if records else "",
        script=script, digest=digest_of(script),
    )


def analysis(assignment: Assignment, records: list[Record], given: Mapping[str, Mapping[Place, Score]]) -> list[Item]:
    """Item analysis over the hand-ins that could be read; the gradebook's marks go before the records'."""
    parts = {part.cell: (part.title, part.points, part.by_hand) for part in questions(assignment)}
    marks: dict[str, dict[str, float | None]] = {}
    for record in records:
        if record.unreadable:
            continue        # zeros all over would make each question agree with every other
        theirs: dict[str, float | None] = {}
        for verdict in record.all_verdicts:
            parts.setdefault(verdict.cell, (verdict.title, verdict.max_score, False))
            scale = parts[verdict.cell][1] / verdict.max_score if verdict.max_score else 0.0
            theirs[verdict.cell] = None if verdict.status == "could_not_tell" else verdict.score * scale
        theirs |= {place.cell: score.points for place, score in given.get(record.student, {}).items()}
        marks[record.student] = theirs
    for cell, count in waiting(given).items():
        marked = [theirs for theirs in marks.values() if theirs.get(cell) is not None]
        for theirs in marked if count > len(marked) else ():
            theirs[cell] = None         # the empty answers, which get 0 at once: they say nothing of the question
    return items(parts, marks)


def waiting(given: Mapping[str, Mapping[Place, Score]]) -> dict[str, int]:
    """Cell -> how many hand-ins wait for a person's mark there."""
    found: dict[str, int] = {}
    for cells in given.values():
        for place, score in cells.items():
            if score.waiting:
                found[place.cell] = found.get(place.cell, 0) + 1
    return found


def _titles_of_solutions(parts) -> dict[str, str]:
    return {solution: part.title for part in parts for solution in part.solutions}


@cache
def digest_of(script: str) -> str:
    """A script's digest as a Content-Security-Policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
