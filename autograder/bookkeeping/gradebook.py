"""Marks into nbgrader's gradebook, through its own tables, one transaction for the hand-ins that came together.

What a person gave (manual scores, extra credit, comments, extensions, late penalties) is never
touched. As in nbgrader, a test's new score beside an old manual one asks for a second look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution, is_task, parse_utc
from sqlalchemy import and_, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from autograder.assignment import Assignment
from autograder.bookkeeping.contention import busy, patiently
from autograder.bookkeeping.database import stamp
from autograder.bookkeeping.due import KEPT, due, empty
from autograder.bookkeeping.late import Penalties
from autograder.bookkeeping.record import Record
from autograder.bookkeeping.sheet import (
    COMMENT,
    GRADE,
    NOTEBOOK,
    SUBMISSION,
    Rows,
    Sheet,
    held,
    rows_of,
    sheet_of,
    write,
)
from autograder.course import Course
from autograder.restore import grade_id, is_marked, issued

PATIENCE = 60       # seconds that a locked database is waited for


@contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook, made if there is none yet; SQLite's file or any database by its URL.

    Raises:
        OSError, RuntimeError: it cannot be reached, or another program holds it; says why.
    """
    url = make_url(course.db_url)
    if url.drivername.startswith("sqlite") and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        if "timeout" not in url.query:      # formgrader may be writing; SQLite tries again for so long
            url = url.update_query_dict({"timeout": str(PATIENCE)})
    try:
        stamp(url)
        with Gradebook(url.render_as_string(hide_password=False),
                       course.config.CourseDirectory.get("course_id", "")) as gradebook:
            if gradebook.engine.dialect.name != "sqlite":
                patiently(lambda: _name_course(gradebook), PATIENCE)
            yield gradebook
    except DBAPIError as trouble:
        if busy(trouble):
            raise OSError("another program holds the gradebook; what is written is kept, close the other one and run "
                          "the same command again") from trouble
        if re.search("not a database|malformed", str(trouble.orig)):
            raise OSError(f"the gradebook {url.database} is damaged ({trouble.orig}); put back a copy, or "
                          "move it away and grade again: that gives all marks but those by hand") from trouble
        raise


def _name_course(gradebook: Gradebook) -> None:
    """nbgrader enters no course whose id is empty, as it is by default. SQLite takes assignments of no course."""
    with transaction(gradebook):
        if gradebook.db.get(api.Course, gradebook.course_id) is None:
            gradebook.db.add(api.Course(id=gradebook.course_id))


@contextmanager
def transaction(gradebook: Gradebook) -> Iterator[None]:
    """What is entered within is in the gradebook afterwards: all of it, or in case of an error nothing."""
    try:
        yield
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise


def register(gradebook: Gradebook, assignment: Assignment) -> None:
    """Enter the assignment with its notebooks and cells, as nbgrader's generate_assignment does.

    Cells that the assignment no longer has go, with their marks, unless a person has marked one.
    """
    gradebook.update_or_create_assignment(assignment.name)
    for stem, source in assignment.notebooks.items():
        kernel = json.dumps(source["metadata"].get("kernelspec", {}))
        notebook = gradebook.update_or_create_notebook(stem, assignment.name, kernelspec=kernel)
        with transaction(gradebook):
            _register_cells(gradebook, notebook, [cell for cell in issued(source).cells if is_marked(cell)])
    gradebook.db().info.pop(Sheet, None)


def _register_cells(gradebook: Gradebook, notebook: api.Notebook, cells: list[NotebookNode]) -> None:
    db, kept = gradebook.db, {grade_id(cell) for cell in cells}
    known = {kind: {old.name: old for old in db.query(kind).filter(kind.notebook == notebook)}
             for kind in (api.GradeCell, api.SolutionCell, api.TaskCell, api.SourceCell)}
    for old in [old for names in known.values() for old in names.values()]:
        if old.name not in kept and not _marked_by_hand(old):
            for mark in [*(getattr(old, "grades", None) or ()), *(getattr(old, "comments", None) or ())]:
                db.delete(mark)
            db.delete(old)
    db.flush()

    def enter(kind: type, name: str, **values) -> None:
        there = known[kind].get(name)
        if there is None:
            db.add(kind(name=name, notebook=notebook, **values))
        else:
            for key, value in values.items():
                setattr(there, key, value)

    for cell in cells:
        name = grade_id(cell)
        worth = {"max_score": float(cell.metadata.nbgrader.get("points", 0)), "cell_type": cell.cell_type}
        if is_grade(cell):
            enter(api.GradeCell, name, **worth)
        if is_solution(cell):
            enter(api.SolutionCell, name)
        if is_task(cell):
            enter(api.TaskCell, name, **worth)
        enter(api.SourceCell, name, cell_type=cell.cell_type, locked=is_locked(cell), source=cell.source,
              checksum=cell.metadata.nbgrader.get("checksum"))


def _marked_by_hand(cell) -> bool:
    return (any(grade.manual_score is not None or grade.extra_credit is not None
                for grade in getattr(cell, "grades", None) or ())
            or any(comment.manual_comment for comment in getattr(cell, "comments", None) or ()))


def save(gradebook: Gradebook, record: Record, notebooks: dict[str, NotebookNode], timestamp: str = "",
         penalties: Penalties | None = None) -> None:
    """Write one hand-in's marks: all of them, or in case of an error none. For the arguments see `enter`."""
    def together() -> None:
        with transaction(gradebook):
            enter(gradebook, record, notebooks, timestamp, penalties)

    patiently(together, PATIENCE)


def enter(gradebook: Gradebook, record: Record, notebooks: dict[str, NotebookNode], timestamp: str = "",
          penalties: Penalties | None = None, extension: timedelta | None = None) -> None:
    """One hand-in's marks, as part of a `transaction`.

    notebooks    stem -> executed notebook, for what has to be marked by hand; those of `record.unreadable` get 0
    timestamp    when it was handed in
    penalties    the course's rule for late hand-ins
    extension    by how much it may be later than others; None: what the gradebook has stays
    """
    db, sheet = gradebook.db, sheet_of(gradebook, record.assignment)
    db.flush()
    rows = rows_of(gradebook, sheet, record.student,
                   **({"timestamp": parse_utc(timestamp)} if timestamp else {}),
                   **({"extension": extension} if extension is not None else {}))
    answers = {stem: {grade_id(cell): cell for cell in notebook.cells if is_marked(cell)}
               for stem, notebook in notebooks.items()}
    _enter_grades(gradebook, sheet, rows, record, answers)
    _enter_comments(gradebook, sheet, rows, answers)
    if penalties is not None and penalties.due:
        stems = set(sheet.notebooks) if record.stock is None else set(record.stock) - set(record.unreadable)
        penalties.assign(gradebook, gradebook.find_submission(record.assignment, record.student), stems)


def _enter_grades(gradebook: Gradebook, sheet: Sheet, rows: Rows, record: Record,
                  answers: dict[str, dict[str, NotebookNode]]) -> None:
    there, changes = held(gradebook, GRADE, rows, sheet.graded), []
    for notebook, cell, place in sheet.graded:
        theirs = rows.notebooks[notebook]
        row = there.get((theirs, cell))
        score = due(record, place, answers.get(place.notebook, {}))
        if score is KEPT:
            score, asks = (row.auto_score, row.needs_manual_grade) if row else (None, True)
        else:
            by_hand = row is not None and row.manual_score is not None
            asks = score is None or (by_hand and place.notebook not in empty(record))
        changes.append((row, theirs, cell, {"auto_score": score, "needs_manual_grade": asks}))
    write(gradebook, GRADE, changes)


def _enter_comments(gradebook: Gradebook, sheet: Sheet, rows: Rows,
                    answers: dict[str, dict[str, NotebookNode]]) -> None:
    there, changes = held(gradebook, COMMENT, rows, sheet.commented), []
    for notebook, cell, place in sheet.commented:
        answer = answers.get(place.notebook, {}).get(place.cell)
        untouched = (answer is not None and not is_task(answer)
                     and answer.metadata.nbgrader.get("checksum") == compute_checksum(answer))
        theirs = rows.notebooks[notebook]
        changes.append((there.get((theirs, cell)), theirs, cell,
                        {"auto_comment": "No response." if untouched else None}))
    write(gradebook, COMMENT, changes)


def agrees(gradebook: Gradebook, record: Record) -> bool:
    """Does the gradebook hold the tests' marks that a record tells of? It may be yesterday's, from a backup."""
    sheet = sheet_of(gradebook, record.assignment)
    rows = gradebook.db.execute(
        select(NOTEBOOK.c.notebook_id, GRADE.c.cell_id, GRADE.c.auto_score)
        .select_from(SUBMISSION)
        .outerjoin(NOTEBOOK, and_(NOTEBOOK.c.notebook_id.in_(sheet.notebooks.values()),
                                  NOTEBOOK.c.assignment_id == SUBMISSION.c.id))
        .outerjoin(GRADE, and_(GRADE.c.cell_id.in_([cell for _, cell, _ in sheet.graded]),
                               GRADE.c.notebook_id == NOTEBOOK.c.id))
        .where(SUBMISSION.c.assignment_id == sheet.assignment, SUBMISSION.c.student_id == record.student)).all()
    there = {(notebook, cell): score for notebook, cell, score in rows}
    marks = [(due(record, place, None), there.get((notebook, cell), KEPT)) for notebook, cell, place in sheet.graded]
    return bool(rows) and all(mark is KEPT or mark == now for mark, now in marks)


@dataclass(frozen=True)
class Mark:
    """One cell's mark as the gradebook has it now."""

    score: float             # a manual score before a test's, extra credit added
    max_score: float
    by_hand: bool            # a person gave it
    waiting: bool            # a person is asked to
    comment: str = ""


def marks(gradebook: Gradebook, assignment: str, student: str) -> dict[tuple[str, str], Mark]:
    """(notebook, cell) -> mark, and (notebook, solution cell) -> comment, of one student."""
    found: dict[tuple[str, str], Mark] = {}
    for theirs in gradebook.find_submission(assignment, student).notebooks:
        comments = {comment.name: comment.manual_comment or "" for comment in theirs.comments}
        for grade in theirs.grades:
            found[theirs.name, grade.name] = Mark(
                grade.score, grade.max_score, grade.manual_score is not None, grade.needs_manual_grade,
                comments.pop(grade.name, ""))
        found |= {(theirs.name, name): Mark(0, 0, False, False, text) for name, text in comments.items() if text}
    return found


def totals(gradebook: Gradebook, assignment: str) -> dict[str, tuple[float, float, float]]:
    """Student -> (marks, late penalty, points there are) of everybody who handed in."""
    return {each.student.id: (each.score, each.late_submission_penalty or 0, each.max_score)
            for each in gradebook.assignment_submissions(assignment)}
