"""The class at a glance: one self-contained HTML page for the instructor.

On top what needs a person (what the grader could not tell, what it could not read), then the
marks, the hardest questions, the most common misconceptions, and every hand-in with its notes.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

import coursekit
from autograder import gradebook as books
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.feedback import environment, questions
from autograder.record import Record, load_all, write_whole
from autograder.verdict import Verdict

STYLE = Path(coursekit.__file__).with_name("plotting.mplstyle")     # the course's one style, without pyplot
MOST_BARS = 15


@dataclass(frozen=True)
class Difficulty:
    """How a class did on one question."""

    title: str
    cell: str
    points: float
    share: float         # of the points, over the class: 0..1
    full: int            # how many got all of them


@dataclass(frozen=True)
class Known:
    """A misconception and who has it."""

    title: str
    name: str
    says: str
    students: tuple[str, ...]


def report(course: Course, name: str) -> Path:
    """Write the class page of assignment `name`; returns its path."""
    records = load_all(course, name)
    with books.opened(course) as gradebook:
        totals = books.totals(gradebook, name) if records else {}
    page = page_of(course.assignment(name), records, {who: marks[0] - marks[1] for who, marks in totals.items()})
    return write_whole(report_path(course, name), page)


def report_path(course: Course, name: str) -> Path:
    return course.root / Path(course.folders["autograded"]).parent / "report" / f"{name}.html"


def page_of(assignment: Assignment, records: list[Record], totals: dict[str, float]) -> str:
    """The page as HTML; `totals` holds the marks as the gradebook has them, with those given by hand."""
    points = sum(question.points for question in questions(assignment))
    marks = [totals.get(record.student, record.score) for record in records]
    hardest = difficulties(records)
    return environment().get_template("report.html").render(
        assignment=assignment, records=records, totals=totals, points=points, marks=marks,
        median=median(marks) if marks else 0, mean=mean(marks) if marks else 0,
        by_hand=sum(question.points for question in questions(assignment) if question.by_hand),
        untold=[(record, verdict) for record in records for verdict in record.all_verdicts
                if verdict.status == "could_not_tell"],
        unreadable=[(record, reason) for record in records for reason in record.unreadable.values()],
        noted=[record for record in records if record.notes or any(v.notes for v in record.all_verdicts)],
        exposed=sum(not verdict.tamper_proof for record in records for verdict in record.all_verdicts),
        hardest=hardest, known=misconceptions(assignment, records),
        histogram=histogram(marks, points) if records else "",
        bars=bars(hardest[:MOST_BARS]) if hardest else "",
    )


def difficulties(records: list[Record]) -> list[Difficulty]:
    """Questions by the share of points that the class got, hardest first."""
    of_cell: dict[str, list[Verdict]] = {}
    for record in records:
        for verdict in record.all_verdicts:
            if verdict.status != "could_not_tell":
                of_cell.setdefault(verdict.cell, []).append(verdict)
    found = [
        Difficulty(given[0].title, cell, given[0].max_score,
                   mean(v.score / v.max_score if v.max_score else float(v.status == "passed") for v in given),
                   sum(v.status == "passed" for v in given))
        for cell, given in of_cell.items()
    ]
    return sorted(found, key=lambda d: (d.share, d.cell))


def misconceptions(assignment: Assignment, records: list[Record]) -> list[Known]:
    """Known mistakes by the number of students who made them."""
    who: dict[tuple[str, str], list[str]] = {}
    words: dict[tuple[str, str], Verdict] = {}
    for record in records:
        for verdict in record.all_verdicts:
            if verdict.misconception:
                key = (verdict.cell, verdict.misconception)
                who.setdefault(key, []).append(record.student)
                words.setdefault(key, verdict)
    says = {(name, wrong.name): wrong.says for name, exercise in assignment.exercises.items()
            for wrong in exercise.misconceptions}
    found = [Known(words[key].title, key[1], says.get((key[0].removeprefix("test-"), key[1]), words[key].rationale),
                   tuple(students)) for key, students in who.items()]
    return sorted(found, key=lambda known: (-len(known.students), known.title, known.name))


def histogram(marks: list[float], points: float) -> Markup:
    """How many students have how many points."""
    edges = [points * k / 10 for k in range(11)] if points else [0, 1]
    counts = Counter(min(int(10 * mark / points) if points else 0, len(edges) - 2) for mark in marks)
    with matplotlib.rc_context(fname=STYLE):
        figure = Figure(figsize=(6, 2.6))
        ax = figure.subplots()
        ax.bar(edges[:-1], [counts[k] for k in range(len(edges) - 1)], width=edges[1],
               align="edge", edgecolor="white")
        ax.set(xlabel="marks (points)", ylabel="students", xlim=(0, points or 1))
        ax.yaxis.get_major_locator().set_params(integer=True)
        words = ", ".join(f"{edges[k]:g} to {edges[k + 1]:g} points: {counts[k]}" for k in sorted(counts))
        return svg(figure, f"Students by marks. {words}.")


def bars(hardest: list[Difficulty]) -> Markup:
    """The share of points got, question by question, hardest on top."""
    with matplotlib.rc_context(fname=STYLE):
        figure = Figure(figsize=(6, 0.6 + 0.28 * len(hardest)))
        ax = figure.subplots()
        names = [d.cell.removeprefix("test-") for d in hardest]
        drawn = ax.barh(range(len(hardest)), [100 * d.share for d in hardest])
        ax.bar_label(drawn, fmt="%.0f%%", padding=3)
        ax.set(yticks=range(len(hardest)), yticklabels=names, xlim=(0, 110), xlabel="points got by the class (%)")
        ax.invert_yaxis()
        words = ", ".join(f"{name} {100 * d.share:.0f}%" for name, d in zip(names, hardest, strict=True))
        return svg(figure, f"Share of points got, hardest question first. {words}.")


def svg(figure: Figure, words: str) -> Markup:
    """A figure as inline SVG that is told in words, too."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawing = re.sub(r"^.*?<svg", "<svg", buffer.getvalue(), count=1, flags=re.DOTALL)
    label = Markup('<svg role="img" aria-label="{}"').format(words)
    return Markup(drawing.replace("<svg", label, 1))
