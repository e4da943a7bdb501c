"""One student's page as HTML: the marks at a glance, what to look at first, then question by question."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from nbformat import NotebookNode

from autograder.assignment import Assignment
from autograder.bookkeeping.gradebook import Mark
from autograder.bookkeeping.record import Record
from autograder.feedback.part import SIGNS, Part, part_of
from autograder.feedback.question import questions
from autograder.page.environment import environment
from autograder.restore import grade_id, is_marked

FIRST = 3       # questions that are pointed at on top


def page_of(assignment: Assignment, record: Record, notebooks: dict[str, NotebookNode],
            marks: dict[tuple[str, str], Mark], penalty: float = 0.0) -> str:
    """The page; `notebooks` are the executed ones, `penalty` the points that being late costs."""
    verdicts = {(stem, v.cell): v for stem, given in record.verdicts.items() for v in given}
    cells = {(stem, grade_id(cell)): cell for stem, nb in notebooks.items() for cell in nb.cells if is_marked(cell)}
    parts = [part_of(q, record.student, verdicts.get((q.notebook, q.cell)), cells, marks)
             for q in questions(assignment)]
    parts = [unread(part) if part.question.notebook in record.unreadable else part for part in parts]
    earned = sum(part.score for part in parts)
    tally = Counter(part.standing for part in parts)
    return environment().get_template("feedback.html").render(
        assignment=assignment, record=record, parts=parts, penalty=penalty, earned=earned,
        score=max(earned - penalty, 0.0),       # as nbgrader exports it
        points=sum(part.question.points for part in parts),
        waiting=sum(part.question.points for part in parts if part.standing == "waiting to be marked"),
        tally=[(sign, standing, tally[standing]) for standing, sign in SIGNS.items() if tally[standing]],
        first=first(parts),
    )


def unread(part: Part) -> Part:
    """A part of a notebook that could not be read: why is told once, on top, and there is nothing to show."""
    return replace(part, rationale="", hint="", answers=())


def first(parts: list[Part]) -> list[tuple[int, Part]]:
    """(number, part) of where the most is to be gained, what the student can do something about."""
    open_ = [(number, part) for number, part in enumerate(parts, start=1)
             if part.lost and part.standing != "could not be judged" and (part.rationale or part.answers)]
    return sorted(open_, key=lambda pair: -pair[1].lost)[:FIRST]
