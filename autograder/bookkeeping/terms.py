"""Due dates and extensions of course.toml, entered in nbgrader's gradebook, where formgrader shows them.

What course.toml does not name stays as somebody entered it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.utils import parse_utc

from autograder.course import Course


def enter(gradebook: Gradebook, course: Course, name: str) -> None:
    """Write when assignment `name` is due, and the extensions of those who are in the gradebook already. Commits."""
    terms = course.terms(name)
    if terms.due is None:
        return
    assignment = gradebook.find_assignment(name)
    if assignment.duedate != terms.due:
        assignment.duedate = terms.due
    for submission in gradebook.db.query(SubmittedAssignment).filter(
            SubmittedAssignment.assignment_id == assignment.id, SubmittedAssignment.student_id.in_(terms.extensions)):
        if submission.extension != terms.extensions[submission.student_id]:
            submission.extension = terms.extensions[submission.student_id]
    gradebook.db.commit()


def due_dates(gradebook: Gradebook, course: Course, name: str, students: Iterable[str]) -> dict[str, datetime]:
    """When assignment `name` is due for each of these, by course.toml, else by the gradebook; {} if it never is."""
    terms = course.terms(name)
    try:
        assignment = gradebook.find_assignment(name)
        longer = {each.student.id: each.extension for each in assignment.submissions if each.extension}
        due = terms.due or assignment.duedate
    except MissingEntry:
        longer, due = {}, terms.due
    longer |= terms.extensions
    return {student: due + longer.get(student, timedelta()) for student in students} if due else {}


def seconds_late(due: datetime | None, timestamp: str) -> float:
    """How long after `due` a hand-in came; 0 for one in time, and where nobody knows."""
    return max(0.0, (parse_utc(timestamp) - due).total_seconds()) if due and timestamp else 0.0
