"""A class's marks for one assignment, with the names that an LMS knows people by."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.classmarks import class_marks
from autograder.course import Course
from autograder.course.roster import Roster, Student, rows_of
from autograder.files.whole import write_whole

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")      # Excel takes the wide ones, too
NUMBER = re.compile(r"[+-]?[\d., ]*")


@dataclass(frozen=True)
class Grade:
    """What one student has for the assignment."""

    student: Student
    score: float | None         # marks less late penalty, never below 0, as nbgrader has it; None: nothing handed in
    waiting: int = 0            # cells that a person has yet to mark


@dataclass(frozen=True)
class Exported:
    """What was written, and what its reader should know of it."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grades:
    title: str
    points: float
    of: dict[str, Grade]        # student's id -> grade, of the roster and of everybody who handed in

    def notes(self) -> list[str]:
        """What is not settled yet, in words."""
        waiting = [who for who, grade in self.of.items() if grade.waiting]
        absent = [who for who, grade in self.of.items() if grade.score is None]
        found = [] if len(absent) < len(self.of) else ["nobody has a mark yet; autograder grade gives them"]
        if waiting:
            found.append(f"{len(waiting)} students have cells that a person has yet to mark; these count as 0 so far: "
                         f"{shortened(waiting)}")
        if absent:
            found.append(f"{len(absent)} students handed nothing in and are left blank: {shortened(absent)}")
        return found


def grades(course: Course, name: str) -> Grades:
    """Everybody's grade for assignment `name`.

    Raises:
        FileNotFoundError: nothing of it is in the gradebook yet.
    """
    people = {student.id: student for student in course.roster()}
    with books.opened(course) as gradebook:
        try:
            assignment = gradebook.find_assignment(name)
            totals, cells = books.totals(gradebook, name), class_marks(gradebook, name)
        except MissingEntry:
            raise FileNotFoundError(f"the gradebook has no {name} yet: run autograder grade {name}") from None
        points = assignment.max_score
        for known in gradebook.students:
            whole = " ".join(filter(None, (known.first_name, known.last_name)))
            if known.id not in people and known.id in totals:
                people[known.id] = Student(known.id, whole, known.email or "", known.lms_user_id or "")
    found = {}
    for who, student in sorted(people.items()):
        marks = totals.get(who)
        score = None if marks is None else max(0.0, marks[0] - marks[1])
        found[who] = Grade(student, score, sum(mark.waiting for mark in cells.get(who, {}).values()))
    return Grades(course.assignment(name).title, points, found)


def people_of(found: Grades) -> Roster:
    """Those who have a grade, to be found by whatever an LMS calls them."""
    return Roster(grade.student for grade in found.of.values())


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]], str]:
    """A CSV file's columns, rows and delimiter.

    Raises:
        ValueError: it is no table, or has no first line.
    """
    rows = rows_of(path)
    if not rows.fieldnames:
        raise ValueError(f"{path} is empty; what is wanted is the file that the LMS gives for download")
    return list(rows.fieldnames), list(rows), rows.reader.dialect.delimiter


def write_table(path: Path, columns: list[str], rows: Iterable[dict[str, str]], delimiter: str = ",",
                called: Iterable[str] | None = None) -> Path:
    """Write a CSV file in which no spreadsheet finds a formula.

    called    the columns that people's words are in, by default all; what an LMS is to find again stays as it gave it
    """
    text, called = io.StringIO(), columns if called is None else called
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**row, **{column: as_text(row[column]) for column in called if row.get(column)}} for row in rows)
    return write_whole(path, text.getvalue())


def as_text(word: str) -> str:
    """A word of anybody's as a spreadsheet shows it, which would take "=..." for a formula; numbers stay numbers.

    https://owasp.org/www-community/attacks/CSV_Injection

    >>> as_text("=HYPERLINK(A1)"), as_text("-1.5"), as_text("-"), as_text("Ada")
    ("'=HYPERLINK(A1)", '-1.5', '-', 'Ada')
    """
    return f"'{word}" if word[:1] in FORMULA and not NUMBER.fullmatch(word) else word


def plain_number(mark: float | None) -> str:
    """A mark to two digits, as a person writes it; nothing for none.

    >>> plain_number(37.0), plain_number(0.125), plain_number(None)
    ('37', '0.12', '')
    """
    return "" if mark is None else f"{mark:.2f}".rstrip("0").rstrip(".")


def shortened(names: list[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
