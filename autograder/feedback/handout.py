"""The pages of a class, written where students' feedback lies.

    <course>/feedback/<student>/<assignment>.html              self-contained, beside nbgrader's own feedback folder
                               <assignment>/<notebook>.html    the same, for a hand-in from nbgrader's exchange:
                                                               `nbgrader release_feedback` takes it from there
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.record import Record, load_all
from autograder.course import Course
from autograder.feedback.page import page_of
from autograder.files.whole import write_whole
from autograder.handin import Unreadable
from autograder.intake.archive import regular_bytes

SECRET = "submission_secret.txt"     # made by `nbgrader submit`, which also leaves timestamp.txt


def feedback(course: Course, name: str) -> list[Path]:
    """Write the pages of everybody whose hand-in is graded; returns their paths."""
    records = load_all(course, name)
    current = course.assignment(name) if records else None
    written = []
    with books.opened(course) as gradebook:
        totals = books.totals(gradebook, name) if records else {}
        for record in records:
            assignment = version_of(course, record, current)
            page = page_of(assignment, record, executed(course, record, assignment),
                           books.marks(gradebook, name, record.student), penalty=totals[record.student][1])
            folder = course.folder("feedback", name, record.student)
            written.append(write_whole(folder.with_name(f"{folder.name}.html"), page, lasting=False))
            give_to_exchange(course, record, list(assignment.notebooks), page)
    return written


def give_to_exchange(course: Course, record: Record, stems: list[str], page: str) -> None:
    """Put the page where nbgrader's exchange takes feedback from, with the secret that tells it whose it is."""
    came, folder = (course.folder(step, record.assignment, record.student) for step in ("submitted", "feedback"))
    try:
        beside = {name: regular_bytes(came / name) for name in (SECRET, "timestamp.txt")}
    except (OSError, Unreadable):       # no hand-in from the exchange, or what only looks like one
        return
    for name, content in (beside | {f"{stem}.html": page for stem in stems}).items():
        write_whole(folder / name, content, lasting=False)


def version_of(course: Course, record: Record, current: Assignment) -> Assignment:
    """The assignment that a hand-in was graded against; the current one where its version was never released."""
    if record.version == current.version:
        return current
    return course.released(record.assignment, record.version) or current


def executed(course: Course, record: Record, assignment: Assignment) -> dict[str, NotebookNode]:
    """The executed notebooks of a hand-in, as far as they are there."""
    folder = course.folder("autograded", record.assignment, record.student)
    paths = {stem: folder / f"{stem}.ipynb" for stem in assignment.notebooks}
    return {stem: _read(path, record.assignment) for stem, path in paths.items() if path.is_file()}


def _read(path: Path, name: str) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as trouble:        # nbformat has a class for each, with nothing in common
        raise ValueError(f"{path} is damaged ({str(trouble)[:100]}): autograder grade {name} makes it anew") from None
