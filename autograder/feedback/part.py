"""A question with what came of it: the verdict's words, but a person's mark before the grader's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.bookkeeping.gradebook import Mark
from autograder.feedback.question import Question
from autograder.job import STOCK
from autograder.page.listing import listing
from autograder.verdict import Verdict
from coursekit.desk import table
from coursekit.desk.quiz import drawn

Standing = Literal["right", "partly right", "not yet", "could not be judged", "waiting to be marked", "marked by hand"]
SIGNS: dict[Standing, str] = {"right": "✓", "partly right": "◐", "not yet": "✗", "could not be judged": "?",
                              "waiting to be marked": "…", "marked by hand": "✎"}
MOST_TEXT = 20_000       # signs of a student's cell that are shown
NOT_OUR_DAY = "The grader could not judge this, which is not your fault. A person will look at it."


@dataclass(frozen=True)
class Answer:
    """A cell of the student's, as it may be shown."""

    code: bool
    text: str | Markup
    cut: bool = False


@dataclass(frozen=True)
class Part:
    """A question with what came of it, ready to be shown."""

    question: Question
    standing: Standing
    score: float
    begun: bool = True               # False for a function that is as it was given out
    rationale: str = ""
    hint: str = ""
    call: str = ""                   # of the smallest failing case
    rows: tuple[tuple[str, str, str, str], ...] = ()
    answers: tuple[Answer, ...] = ()
    numbers: str = ""                # the student's own numbers of a question
    comment: str = ""                # a marker's
    notes: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        return SIGNS[self.standing]

    @property
    def lost(self) -> float:
        """Points that there still are to gain; none where a person has not looked yet."""
        return 0.0 if self.standing == "waiting to be marked" else max(self.question.points - self.score, 0.0)

    @property
    def folded(self) -> bool:
        """Whether there is nothing to compare one's own code with: it is right, or not written."""
        return self.question.form is None and (self.standing == "right" or not self.begun)

    @property
    def slug(self) -> str:
        """The standing as a class of the style sheet."""
        return self.standing.replace(" ", "-")


def part_of(question: Question, student: str, verdict: Verdict | None, cells: dict[tuple[str, str], NotebookNode],
            marks: dict[tuple[str, str], Mark]) -> Part:
    """What came of one question; `cells` and `marks` are those of (notebook, grade id)."""
    mark = marks.get((question.notebook, question.cell))
    score = mark.score if mark else verdict.score if verdict else 0.0
    standing = standing_of(verdict, mark)
    case = (verdict.case if verdict else None) or {}
    wrong = verdict is not None and verdict.status == "failed"
    line, call, raised = (str(case.get(key) or "") for key in ("line", "call", "raised"))
    begun = not raised.startswith("NotImplementedError")
    return Part(
        question=question,
        standing=standing,
        score=score,
        begun=begun,
        rationale=NOT_OUR_DAY if standing == "could not be judged" else verdict.rationale if wrong else "",
        hint=verdict.hint if wrong else "",
        call=call,
        rows=case_rows(verdict) if wrong and begun else (),
        answers=tuple(answer_of(cell, line) for name in question.solutions
                      if (cell := cells.get((question.notebook, name))) and cell.source.strip()),
        numbers=_numbers(question, student),
        comment="\n".join(_comments(question, marks)),
        notes=tuple(note for note in verdict.notes if not note.startswith(STOCK)) if verdict else (),
    )


def standing_of(verdict: Verdict | None, mark: Mark | None) -> Standing:
    if mark and mark.by_hand:
        return "marked by hand"
    if verdict is None:
        return "waiting to be marked" if mark is None or mark.waiting else "not yet"
    if verdict.status == "could_not_tell":
        return "could not be judged"
    if verdict.status == "passed":
        return "right"
    return "partly right" if verdict.score else "not yet"


def answer_of(cell: NotebookNode, line: str = "") -> Answer:
    """A student's cell; `line` is where it raised an exception."""
    text, cut = cell.source[:MOST_TEXT], len(cell.source) > MOST_TEXT
    code = cell.cell_type == "code"
    return Answer(code, listing(text, marked=line) if code else text, cut)


def case_rows(verdict: Verdict | None) -> tuple[tuple[str, str, str, str], ...]:
    """The smallest failing case as rows (label, value, shape, dtype). One that came in damaged has none."""
    if not verdict or not verdict.case:
        return ()
    try:
        return tuple(table.rows(verdict.case))
    except Exception:       # it crossed from a process that ran a student's code
        return ()


def _numbers(question: Question, student: str) -> str:
    form = question.form or {}
    if not form.get("draw"):
        return ""
    return ", ".join(f"{name} = {value}" for name, value in drawn(form["course"], student, form["draw"]).items())


def _comments(question: Question, marks: dict[tuple[str, str], Mark]) -> list[str]:
    """Comments belong to the cells of an answer; formgrader has no box for them beside a test."""
    cells = dict.fromkeys([question.cell, *question.solutions])
    return [mark.comment for name in cells if (mark := marks.get((question.notebook, name))) and mark.comment]
