"""Marks into nbgrader's gradebook, through its own models, in one transaction a hand-in.

What a person gave (manual scores, extra credit, comments, extensions, late penalties) is never
touched. As in nbgrader, a test's new score beside an old manual one asks for a second look.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_locked, is_solution, is_task, parse_utc
from sqlalchemy.engine import make_url

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.late import Penalties
from autograder.record import Record
from autograder.restore import grade_id, is_marked, issued
from autograder.solutions import is_test

PATIENCE = 60       # seconds that a locked database is waited for


@contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook, made if there is none yet; SQLite's file or any database by its URL."""
    url = make_url(course.db_url)
    if url.drivername.startswith("sqlite") and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        if "timeout" not in url.query:      # formgrader may be writing; SQLite tries again for so long
            url = url.update_query_dict({"timeout": str(PATIENCE)})
    path = os.environ.get("PATH", "")
    # For a new database nbgrader calls `alembic` by name, which lies beside Python and may not be on the PATH.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        gradebook = Gradebook(url.render_as_string(hide_password=False),
                              course.config.CourseDirectory.get("course_id", ""))
    finally:
        os.environ["PATH"] = path
    with gradebook:
        # A commit would make each cell of the assignment be read again, one by one, for every hand-in.
        gradebook.db().expire_on_commit = False
        yield gradebook


def register(gradebook: Gradebook, assignment: Assignment) -> None:
    """Enter the assignment with its notebooks and cells, as nbgrader's generate_assignment does.

    Cells that are no longer asked for go, unless a person has marked or commented on one.
    """
    name = assignment.name
    gradebook.update_or_create_assignment(name)
    for stem, source in assignment.notebooks.items():
        kernel = json.dumps(source["metadata"].get("kernelspec", {}))
        notebook = gradebook.update_or_create_notebook(stem, name, kernelspec=kernel)
        cells = [cell for cell in issued(source).cells if is_marked(cell)]
        kept = {grade_id(cell) for cell in cells}
        for old in [*notebook._base_cells, *notebook.source_cells]:
            if old.name not in kept and not _marked_by_hand(old):
                _remove(gradebook, old)
        gradebook.db.commit()
        for cell in cells:
            where = (grade_id(cell), stem, name)
            worth = {"max_score": float(cell.metadata.nbgrader.get("points", 0)), "cell_type": cell.cell_type}
            if is_grade(cell):
                gradebook.update_or_create_grade_cell(*where, **worth)
            if is_solution(cell):
                gradebook.update_or_create_solution_cell(*where)
            if is_task(cell):
                gradebook.update_or_create_task_cell(*where, **worth)
            gradebook.update_or_create_source_cell(
                *where, cell_type=cell.cell_type, locked=is_locked(cell), source=cell.source,
                checksum=cell.metadata.nbgrader.get("checksum"))
    # A session forgets what nobody holds: with these at hand, a grade finds its cell without a query.
    here = gradebook.find_assignment(name)
    gradebook.db().info["held"] = [here, *here.notebooks, *(cell for n in here.notebooks for cell in n._base_cells)]


def _marked_by_hand(cell) -> bool:
    return (any(grade.manual_score is not None or grade.extra_credit is not None
                for grade in getattr(cell, "grades", None) or ())
            or any(comment.manual_comment for comment in getattr(cell, "comments", None) or ()))


def _remove(gradebook: Gradebook, cell) -> None:
    for mark in [*(getattr(cell, "grades", None) or ()), *(getattr(cell, "comments", None) or ())]:
        gradebook.db.delete(mark)
    gradebook.db.delete(cell)


def save(gradebook: Gradebook, record: Record, notebooks: dict[str, NotebookNode], timestamp: str = "",
         penalties: Penalties | None = None) -> None:
    """Write one hand-in's marks: all of them, or in case of an error none.

    notebooks    stem -> executed notebook, for what has to be marked by hand; those of `record.unreadable` get 0
    timestamp    when it was handed in
    penalties    the course's rule for late hand-ins
    """
    try:
        submission = _submission(gradebook, record.assignment, record.student)
        if timestamp:
            submission.timestamp = parse_utc(timestamp)
        for theirs in submission.notebooks:
            verdicts = {verdict.cell: verdict for verdict in record.verdicts.get(theirs.name, ())}
            answers = {grade_id(cell): cell for cell in notebooks[theirs.name].cells if is_marked(cell)} \
                if theirs.name in notebooks else {}
            for grade in theirs.grades:
                if record.stock is not None:
                    given = record.stock.get(theirs.name, {})
                    if grade.name in given:
                        grade.auto_score = given[grade.name]
                        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
                    if theirs.name in record.missing:
                        grade.auto_score, grade.needs_manual_grade = 0, False
                    continue
                if theirs.name in record.unreadable:
                    grade.auto_score, grade.needs_manual_grade = 0, False
                    continue
                grade.auto_score = _auto_score(grade, verdicts.get(grade.name), answers.get(grade.name))
                grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
            for comment in theirs.comments:
                answer = answers.get(comment.name)
                untouched = (answer is not None and not is_task(answer)
                             and answer.metadata.nbgrader.get("checksum") == compute_checksum(answer))
                comment.auto_comment = "No response." if untouched else None
        if penalties is not None:
            penalties.assign(gradebook, submission, {n.name for n in submission.notebooks} if record.stock is None
                             else set(record.stock) - set(record.unreadable))
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise


def agrees(gradebook: Gradebook, record: Record) -> bool:
    """Does the gradebook hold the tests' marks that a record tells of? It may be yesterday's, from a backup."""
    try:
        submission = gradebook.find_submission(record.assignment, record.student)
    except MissingEntry:
        return False
    for theirs in submission.notebooks:
        verdicts = {verdict.cell: verdict for verdict in record.verdicts.get(theirs.name, ())}
        for grade in theirs.grades:
            if record.stock is not None:
                due = record.stock.get(theirs.name, {}).get(grade.name, grade.auto_score)
            else:
                due = _auto_score(grade, verdicts[grade.name], None) if grade.name in verdicts else grade.auto_score
            if due != grade.auto_score:
                return False
    return True


def _submission(gradebook: Gradebook, assignment: str, student: str) -> api.SubmittedAssignment:
    """The student's submission with a row for each cell of the assignment, whatever was there before.

    Gradebook.add_submission does the same for a new one, but commits on the way.
    """
    db = gradebook.db
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        person = db.get(api.Student, student) or api.Student(id=student)
        submission = api.SubmittedAssignment(assignment=gradebook.find_assignment(assignment), student=person)
        db.add(submission)
    with db.no_autoflush:
        for notebook in submission.assignment.notebooks:
            theirs = next((n for n in submission.notebooks if n.notebook is notebook), None)
            if theirs is None:
                db.add(theirs := api.SubmittedNotebook(notebook=notebook, assignment=submission))
            graded = {grade.cell for grade in theirs.grades}
            commented = {comment.cell for comment in theirs.comments}
            db.add_all([api.Grade(cell_id=cell.id, notebook=theirs)
                        for cell in [*notebook.grade_cells, *notebook.task_cells] if cell not in graded])
            db.add_all([api.Comment(cell_id=cell.id, notebook=theirs)
                        for cell in [*notebook.solution_cells, *notebook.task_cells] if cell not in commented])
    db.flush()
    for row in [*submission.notebooks, submission]:
        db.expire(row)      # what it is worth is computed by the database
    return submission


def _auto_score(grade: api.Grade, verdict, answer: NotebookNode | None) -> float | None:
    """What the tests give for a cell; None where a person decides, as nbgrader has it.

    That is: written answers (0 if untouched), what the grader could not tell, and a cell that the
    older version of a hand-in did not have. Points that differ between versions are scaled.
    """
    if verdict is not None:
        if verdict.status == "could_not_tell":
            return None
        return verdict.score * (grade.cell.max_score / verdict.max_score if verdict.max_score else 0)
    if answer is not None and is_grade(answer) and not is_test(answer):
        return determine_grade(answer)[0]
    return None


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
    return {
        submission.student.id: (submission.score, submission.late_submission_penalty or 0, submission.max_score)
        for submission in gradebook.assignment_submissions(assignment)
    }
