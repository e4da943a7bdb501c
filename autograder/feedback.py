"""A page for each student: what was asked, what came, a question that leads on, the marks.

    <course>/feedback/<student>/<assignment>.html      self-contained, beside nbgrader's own feedback folder

A page shows the smallest failing case and nothing else that is hidden, no reference solution,
and the student's own code beside the verdict. Everything that came from a student is text here:
the template escapes it, and the page forbids itself scripts and anything from the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import mistune
import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from autograder import gradebook as books
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.gradebook import Mark
from autograder.judge import titled
from autograder.record import Record, load_all, write_whole
from autograder.restore import grade_id, is_marked
from autograder.solutions import is_test
from autograder.verdict import Verdict
from coursekit.desk import table

TEMPLATES = Path(__file__).with_name("templates")
SIGNS = {"right": "✓", "partly right": "◐", "not yet": "✗", "could not be judged": "?",
         "waiting to be marked": "…", "marked by hand": "✎"}
MOST_CODE = 20_000       # signs of a student's cell that are shown


@dataclass(frozen=True)
class Question:
    """A part of an assignment that has points, as its source tells it."""

    notebook: str
    cell: str                        # its grade id
    title: str
    points: float
    asked: str = ""                  # the author's words before it, in Markdown
    solutions: tuple[str, ...] = ()  # the cells that answer it
    by_hand: bool = False


@dataclass(frozen=True)
class Part:
    """A question with what came of it, ready to be shown."""

    question: Question
    standing: str                    # a key of SIGNS
    score: float
    rationale: str = ""
    hint: str = ""
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    answers: tuple[str, ...] = ()    # the student's own text
    comment: str = ""                # a marker's
    notes: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        return SIGNS[self.standing]


def feedback(course: Course, name: str) -> list[Path]:
    """Write the pages of everybody whose hand-in is graded; returns their paths."""
    records = load_all(course, name)
    written = []
    with books.opened(course) as gradebook:
        totals = books.totals(gradebook, name) if records else {}
        for record in records:
            assignment = version_of(course, record)
            page = page_of(assignment, record, executed(course, record, assignment),
                           books.marks(gradebook, name, record.student), penalty=totals[record.student][1])
            folder = course.folder("feedback", name, record.student)
            written.append(write_whole(folder.with_name(f"{folder.name}.html"), page))
    return written


def version_of(course: Course, record: Record) -> Assignment:
    """The assignment that a hand-in was graded against."""
    current = course.assignment(record.assignment)
    if record.version == current.version:
        return current
    return course.released(record.assignment, record.version) or current


def executed(course: Course, record: Record, assignment: Assignment) -> dict[str, NotebookNode]:
    """The executed notebooks of a hand-in, as far as they are there."""
    folder = course.folder("autograded", record.assignment, record.student)
    paths = {stem: folder / f"{stem}.ipynb" for stem in assignment.notebooks}
    return {stem: nbformat.read(path, as_version=4) for stem, path in paths.items() if path.is_file()}


def questions(assignment: Assignment) -> list[Question]:
    """The parts of an assignment that have points, in the order they stand in."""
    found = []
    for stem, source in assignment.notebooks.items():
        asked, solutions = [], []
        for cell, title in titled(source):
            name = grade_id(cell) if is_marked(cell) else ""
            if is_grade(cell) or is_task(cell):
                by_hand = not is_test(cell)
                answers = [*solutions, name] if by_hand else solutions
                found.append(Question(stem, name, title or name, float(cell.metadata.nbgrader["points"]),
                                      "\n\n".join(asked), tuple(answers), by_hand))
                asked, solutions = [], []
            elif is_solution(cell):
                solutions.append(name)
            elif cell.cell_type == "markdown":
                asked.append(cell.source)
    return found


def page_of(assignment: Assignment, record: Record, notebooks: dict[str, NotebookNode],
            marks: dict[tuple[str, str], Mark], penalty: float = 0.0) -> str:
    """The page as HTML."""
    verdicts = {(stem, v.cell): v for stem, given in record.verdicts.items() for v in given}
    texts = {(stem, grade_id(cell)): cell.source for stem, nb in notebooks.items()
             for cell in nb.cells if is_marked(cell)}
    parts = [part_of(q, verdicts.get((q.notebook, q.cell)), marks.get((q.notebook, q.cell)), texts, marks)
             for q in questions(assignment)]
    return environment().get_template("feedback.html").render(
        assignment=assignment, record=record, parts=parts, penalty=penalty,
        score=sum(part.score for part in parts) - penalty,
        points=sum(part.question.points for part in parts),
        waiting=sum(part.question.points for part in parts if part.standing == "waiting to be marked"),
        open=[part for part in parts if part.standing in ("not yet", "partly right", "could not be judged")],
    )


def part_of(question: Question, verdict: Verdict | None, mark: Mark | None, texts: dict, marks: dict) -> Part:
    """What came of one question: the verdict's words, but a person's mark before the grader's."""
    answers = tuple(texts.get((question.notebook, name), "")[:MOST_CODE] for name in question.solutions)
    comments = [marks[key].comment for key in ((question.notebook, name) for name in
                dict.fromkeys([question.cell, *question.solutions])) if key in marks and marks[key].comment]
    score = mark.score if mark else verdict.score if verdict else 0.0
    return Part(
        question=question,
        standing=_standing(question, verdict, mark),
        score=score,
        rationale=verdict.rationale if verdict else "",
        hint=verdict.hint if verdict else "",
        rows=case_rows(verdict),
        answers=tuple(answer for answer in answers if answer.strip()),
        comment="\n".join(comments),
        notes=verdict.notes if verdict else (),
    )


def _standing(question: Question, verdict: Verdict | None, mark: Mark | None) -> str:
    if mark and mark.by_hand:
        return "marked by hand"
    if verdict and verdict.status == "could_not_tell":
        return "could not be judged"
    if verdict is None:
        return "waiting to be marked" if mark is None or mark.waiting else "not yet"
    if verdict.status == "passed":
        return "right"
    return "partly right" if verdict.score else "not yet"


def case_rows(verdict: Verdict | None) -> list[tuple[str, str, str, str]]:
    """The smallest failing case as rows (label, value, shape, dtype). One that came in damaged has none."""
    if not verdict or not verdict.case:
        return []
    try:
        return table.rows(verdict.case)
    except Exception:       # it crossed from a process that ran a student's code
        return []


@cache
def environment() -> Environment:
    """Templates in which every text is escaped."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    render = mistune.create_markdown(escape=True, plugins=["table"])
    made.filters["markdown"] = lambda text: Markup(render(text))      # the author's words only
    made.filters["points"] = lambda number: f"{round(number, 2):g}"
    return made
