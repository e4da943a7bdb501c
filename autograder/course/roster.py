"""Who takes the course: roster.csv, with a line for each student.

    id,name,email,lms_id,group
    ada,Ada Example,ada@example.org,4711,
    bob,Bob Example,bob@example.org,4712,blue

`id` is what nbgrader's folders and gradebook call the student; everything else is optional. `lms_id` is the number
that Canvas puts into file names; `group` names who hands in together. What Canvas (Grades > Export) and Moodle
(Participants > Download) write is read as it is, too, Moodle's in the languages of headings.py.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.course.headings import in_english

# Our column, and what Canvas and Moodle call it; the first that a file has and that is filled in counts.
COLUMNS = {
    "id": ("id", "student", "student id", "username", "sis login id", "id number", "sis user id", "email address"),
    "name": ("name", "full name", "student"),
    "first": ("first name",),
    "last": ("last name", "surname"),
    "email": ("email", "email address", "e-mail"),
    "lms_id": ("lms_id", "lms id", "canvas id"),
    "group": ("group", "groups"),
}


@dataclass(frozen=True)
class Student:
    id: str
    name: str = ""
    email: str = ""
    lms_id: str = ""
    group: str = ""


class RosterError(ValueError):
    """What in a roster will not do, a line for each."""


class Roster:
    """The students of a course, to be found by whatever an LMS calls them."""

    def __init__(self, students: Iterable[Student] = ()):
        self.students = {student.id: student for student in students}

    def __bool__(self) -> bool:
        return bool(self.students)

    def __iter__(self):
        return iter(self.students.values())

    def members(self, group: str) -> list[Student]:
        """Those who hand in together under the name `group`."""
        return [student for student in self if group and plain(student.group) == plain(group)]

    def find(self, *words: str) -> Student | None:
        """The one student whom any of these words names: an id, a number of the LMS, an e-mail address, a name.

        Words are tried in order; one that fits several students fits none. An id as it is written comes before all.
        """
        for word in words:
            if exact := self.students.get(unicodedata.normalize("NFC", word.strip())):
                return exact
            found = self._index.get(plain(word), set()) if plain(word) else set()
            if len(found) == 1:
                return self.students[next(iter(found))]
        return None

    def numbered(self, number: str) -> Student | None:
        """The one student who has this number in the LMS, whatever others are called by it."""
        found = [student for student in self if number and student.lms_id == number]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _index(self) -> dict[str, set[str]]:
        index: dict[str, set[str]] = {}
        for student in self:
            for word in {plain(word) for word in (student.lms_id, student.email, student.email.split("@")[0])}:
                index.setdefault(word, set()).add(student.id)
            for word in glued(student.name):
                index.setdefault(word, set()).add(student.id)
        ids: dict[str, set[str]] = {}
        for student in self:
            ids.setdefault(plain(student.id), set()).add(student.id)
        index |= ids        # an id is never another one's name; "a.b" and "ab" are two
        index.pop("", None)
        return index


def read_roster(path: Path) -> Roster:
    """The roster in the file at `path`; an empty one where there is no file.

    Raises:
        RosterError: no column of it holds ids, or two students have the same.
    """
    if not path.exists():
        return Roster()
    rows = rows_of(path)
    columns = _columns(rows.fieldnames or [])
    if "id" not in columns:
        heading = decoded(path).split("\n", 1)[0].strip()
        raise RosterError(f"{path} has no column `id`; its first line is {heading!r}, and what would do is "
                          "id,name,email,lms_id,group")
    students, wrong = {}, []
    for row in rows:
        student = _student(row, columns)
        if student is None:
            continue
        if student.id in students:
            wrong.append(f"line {rows.line_num}: {student.id!r} is there twice; an id belongs to one student")
        elif student.id.startswith(".") or re.search(r"[/\\\0]", student.id):
            wrong.append(f"line {rows.line_num}: the id {student.id!r} cannot name a folder; no / and no leading dot")
        else:
            students[student.id] = student
    if wrong:
        raise RosterError(f"{path} cannot be used:\n" + "\n".join(f"  - {line}" for line in wrong))
    return Roster(students.values())


def strike(path: Path, student: str) -> bool:
    """Take a student's lines out of the roster at `path`, and leave all others as they are; was there one?"""
    if not path.exists():
        return False
    text = decoded(path)
    lines, rows, kept, last = text.splitlines(keepends=True), rows_of(path), [], 1
    columns = _columns(rows.fieldnames or [])
    for row in rows:
        found = _student(row, columns) if "id" in columns else None
        if found is None or found.id != student:
            kept += lines[last:rows.line_num]
        last = rows.line_num
    if len(kept) + 1 < len(lines):
        path.write_text("".join([*lines[:1], *kept]), encoding="utf-8", newline="")
    return len(kept) + 1 < len(lines)


def decoded(path: Path) -> str:
    """A CSV file's text, in UTF-8 or as Excel saves it.

    Raises:
        ValueError: it is a workbook.
    """
    raw = path.read_bytes()
    if raw.startswith(b"PK\x03\x04"):
        raise ValueError(f"{path} is an Excel workbook or another zip file; what would do is the table saved as CSV")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def rows_of(path: Path) -> csv.DictReader:
    """The lines of a CSV file by their columns, whatever parts them; what a line lacks is empty.

    Raises:
        ValueError: it cannot be read as a table.
    """
    text = decoded(path)
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            pass
    except csv.Error as trouble:
        raise ValueError(f"{path} is no table in CSV: {trouble}; a quotation mark may not be closed") from None
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")


def _columns(headings: list[str]) -> dict[str, list[str]]:
    """Our column -> the file's columns that may hold it."""
    own = {heading.strip().lower(): heading for heading in reversed(headings)}
    canvas = {"student", "id"} <= own.keys()        # there ID is Canvas's number
    moodle = {english.lower(): column for english, column in in_english(headings).items()}
    if "last name" in moodle:
        moodle.pop("full name", None)       # in Italian "Nome" is both, and here the first name alone
    found = {}
    for ours, theirs in COLUMNS.items():
        if canvas:
            theirs = {"id": ("sis login id", "sis user id", "id"), "lms_id": ("id",)}.get(ours, theirs)
        fitting = [column for name in theirs if (column := own.get(name, moodle.get(name)))]
        if fitting:
            found[ours] = fitting
    return found


def _student(row: dict[str, str], columns: dict[str, list[str]]) -> Student | None:
    """One line's student; None for lines without one, such as Canvas's "Points Possible"."""
    given = {ours: next((row[theirs].strip() for theirs in fitting if (row.get(theirs) or "").strip()), "")
             for ours, fitting in columns.items()}
    given = {name: unicodedata.normalize("NFC", value) for name, value in given.items()}
    name = given.get("name") or " ".join(filter(None, (given.get("first"), given.get("last"))))
    if not given["id"]:
        return None
    return Student(given["id"], name, given.get("email", ""), given.get("lms_id", ""), given.get("group", ""))


def plain(word: str) -> str:
    """A word without what file names lose: case, accents, and all that is neither letter nor digit.

    >>> plain("Müller-Lüdenscheidt, Ada"), plain("mu\\u0308ller ludenscheidt ADA")
    ('mullerludenscheidtada', 'mullerludenscheidtada')
    """
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in bare if sign.isalnum())


def glued(name: str) -> set[str]:
    """A name in each order that an LMS may write it in, plain: first names first, last names first.

    >>> sorted(glued("Ada van Dyk"))
    ['adavandyk', 'dykadavan', 'vandykada']
    """
    words = [plain(word) for word in re.split(r"[\s,]+", name) if plain(word)]
    return {"".join(words[start:] + words[:start]) for start in range(len(words))}
