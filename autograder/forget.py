"""A person's data, found and removed, wherever a course keeps it.

    theirs       submitted/, earlier hand-ins, autograded/, feedback/, verdicts      removed
    gradebook    their student and all that hangs on it, by nbgrader's own API       removed, and the file made anew
    shared       the class's reports and exports, nbgrader's log                     reports made anew, others removed
    left         what people wrote, and other people's hand-ins                      named, for a person to look at

In an SQLite file a removed row's bytes would stay until something else takes their place, so the file is written
anew. Backups, and archives that a download left somewhere, are beyond the course's folder.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import MissingEntry, Student
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.lock import held
from autograder.bookkeeping.record import path_of
from autograder.course import Course
from autograder.intake.filing import earlier_folder
from autograder.report.page import report, report_path

STEPS = ("submitted", "autograded", "feedback")
LOG = ".nbgrader.log"


@dataclass(frozen=True)
class Traces:
    """Where a course speaks of a student."""

    theirs: tuple[Path, ...]                # files and folders of theirs alone
    submissions: tuple[str, ...]            # assignments that the gradebook has marks for
    in_gradebook: bool
    shared: tuple[Path, ...]                # made of the whole class
    left: tuple[Path, ...]                  # written by people, or handed in by others

    def __bool__(self) -> bool:
        return bool(self.theirs or self.in_gradebook or self.shared or self.left)


def traces(course: Course, student: str) -> Traces:
    """All that the course's folder and gradebook hold of `student`.

    Raises:
        LookupError: that can be nobody's id; as a folder's name it would stand for others' data.
    """
    if student.strip(" .") == "" or re.search(r"[/\\\0]", student):
        raise LookupError(f"{student!r} is nobody's id: an id is what one folder in {course.folders['submitted']} is "
                          "called")
    theirs = tuple(sorted({path for pattern in _patterns(course, student) for path in course.root.glob(pattern)}))
    with books.opened(course) as gradebook:
        try:
            submissions = tuple(sorted(each.assignment.name for each in gradebook.find_student(student).submissions))
            known = True
        except MissingEntry:
            submissions, known = (), False
    made, left = [], []
    for path in _mentions(course, student, theirs):
        (made if _is_made(course, path) else left).append(path)
    return Traces(theirs, submissions, known, tuple(made), tuple(left))


def forget(course: Course, student: str) -> Traces:
    """Remove all of it but what is `left`; returns what there was.

    Raises:
        Busy: hand-ins of this course are being graded.
    """
    found = traces(course, student)
    with held(course):
        for path in found.theirs:
            _remove(path)
        if found.in_gradebook:
            _forget_marks(course, student)
        for path in found.shared:
            if path in _reports(course):
                report(course, path.stem)
            else:
                path.unlink()
    return found


def _patterns(course: Course, student: str) -> Iterator[str]:
    """Where the files of one student lie, for each assignment."""
    who = glob.escape(student)
    for step in STEPS:
        yield _below(course, course.folder(step, "*", who))
    yield _below(course, course.folder("feedback", "*", who)) + ".html"
    yield _below(course, earlier_folder(course, "*") / who)
    yield _below(course, path_of(course, "*", who))
    yield _below(course, exports_folder(course) / "*" / who)       # Gradescope takes a file for each student


def _below(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()


def _reports(course: Course) -> set[Path]:
    return {report_path(course, name) for name in course.assignments()}


def _is_made(course: Course, path: Path) -> bool:
    """Is this made of the class's marks, and can be made again?"""
    return path.parent in {report_path(course, "any").parent, exports_folder(course)} or path.name == LOG


def exports_folder(course: Course) -> Path:
    """Where `autograder export` writes by default."""
    return report_path(course, "any").parent.with_name("export")


def _mentions(course: Course, student: str, theirs: tuple[Path, ...]) -> Iterator[Path]:
    """Files that name the student, by id or by what the roster says of them, other than their own and the gradebook."""
    person = course.roster().students.get(student)
    words = [word for word in (student, *((person.name, person.email) if person else ())) if word]
    named = re.compile(rb"(?<!\w)(?:" + b"|".join(re.escape(word.encode()) for word in words) + rb")(?!\w)")
    own = set(theirs)
    database = make_url(course.db_url).database or ""
    for top, folders, names in os.walk(course.root):
        folders[:] = sorted(each for each in folders if Path(top, each) not in own and each != ".git")
        for path in (Path(top, name) for name in sorted(names)):
            if path in own or str(path).startswith(database or "\0") or path.is_symlink():
                continue
            try:
                if named.search(os.fsencode(path.name)) or named.search(path.read_bytes()):
                    yield path
            except OSError:
                continue        # what cannot be read cannot be shown either


def _remove(path: Path) -> None:
    """Remove a file, or a folder of read-only files; and the folders above that are empty then."""
    if path.is_dir() and not path.is_symlink():
        for top, folders, _ in os.walk(path):
            for folder in ["", *folders]:
                Path(top, folder).chmod(0o700)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if path.parent.is_dir() and not any(path.parent.iterdir()):
        path.parent.rmdir()


def _forget_marks(course: Course, student: str) -> None:
    """Remove the student from the gradebook, and what removed rows leave behind in its file."""
    with books.opened(course) as gradebook:
        for submission in list(gradebook.find_student(student).submissions):
            gradebook.remove_submission(submission.assignment.name, student)
        gradebook.db.expire_all()
        gradebook.db.delete(gradebook.db.get(Student, student))
        gradebook.db.commit()
    scrub(make_url(course.db_url))


def scrub(url: URL) -> None:
    """Write an SQLite file anew, without the bytes of removed rows; other databases see to theirs themselves."""
    if url.drivername.startswith("sqlite") and url.database:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("PRAGMA secure_delete = ON"))
            connection.execute(text("VACUUM"))
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
