"""Deliveries, filed where nbgrader looks for hand-ins; what a newer one replaces is kept.

    <course>/submitted/<student>/<assignment>/            the hand-in that counts, with timestamp.txt
    <course>/earlier/<assignment>/<student>/<time>-<n>/   all others, beside the submitted folder

The same delivery again changes nothing. One that is older than what is filed is kept with the earlier ones.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.bookkeeping.lock import held
from autograder.course import Course
from autograder.handin import Unreadable
from autograder.intake.archive import regular_bytes
from autograder.intake.inbox import TIMESTAMP, Contents, Delivery, contents


@dataclass(frozen=True)
class Filed:
    """What became of one student's deliveries."""

    student: str
    state: str                      # "new", "replaced", "unchanged", "older"
    when: str                       # the time of the hand-in that counts, as far as it is known
    late: bool                      # the LMS says that it came late
    earlier: int                    # hand-ins that do not count
    notes: tuple[str, ...]


def file_all(course: Course, name: str, stems: list[str], found: Iterable[Delivery]) -> list[Filed]:
    """File each student's deliveries of assignment `name`; the newest counts, all are kept. By student.

    Raises:
        Busy: hand-ins of this course are being graded.
    """
    theirs: dict[str, list[Delivery]] = {}
    for delivery in found:
        for student in delivery.students:
            theirs.setdefault(student, []).append(delivery)
    with held(course):
        shutil.rmtree(_aside(course), ignore_errors=True)       # what a run that was killed has left
        return [file_one(course, name, stems, student, theirs[student]) for student in sorted(theirs)]


def file_one(course: Course, name: str, stems: list[str], student: str, given: list[Delivery]) -> Filed:
    """File what one student has delivered: one hand-in, or several of which the newest counts.

    The same files handed in twice, as by two members of a group, were handed in the first time.
    """
    *older, newest = sorted(given, key=lambda delivery: delivery.age)
    folder = course.folder("submitted", name, student)
    held_in, what, when = _when(folder), contents(newest, stems), newest.when
    for delivery in older:
        if _digest((was := contents(delivery, stems)).files) != _digest(what.files):
            keep(course, name, student, was, delivery.when)
        elif when and delivery.when:
            when = min(when, delivery.when)
    if folder.is_dir() and _digest(_files(folder)) == _digest(what.files):
        state, when = "unchanged", held_in or when
        if when and not held_in:
            _write(folder, {TIMESTAMP: f"{when}\n".encode()})
    elif held_in and when and parse_utc(held_in) > parse_utc(when):
        state, when = "older", held_in
        keep(course, name, student, what, newest.when)
    else:
        state = "replaced" if folder.is_dir() else "new"
        if folder.is_dir():
            _move(folder, _room(course, name, student, held_in, _files(folder)))
        _put(course, folder, what.files, when)
    if what.spare:
        keep(course, name, student, Contents(what.spare, {}, ()), newest.when)
    kept = earlier_folder(course, name) / student
    return Filed(student, state, when, newest.late, len(list(kept.iterdir())) if kept.is_dir() else 0, what.notes)


def earlier_folder(course: Course, name: str) -> Path:
    """Where hand-ins of assignment `name` are kept that do not count."""
    return course.root / Path(course.folders["submitted"]).parent / "earlier" / name


def keep(course: Course, name: str, student: str, what: Contents, when: str) -> None:
    """Keep a hand-in that does not count, once."""
    place = _room(course, name, student, when, what.files | what.spare)
    if not place.exists():
        _put(course, place, what.files | what.spare, when)


def _room(course: Course, name: str, student: str, when: str, files: dict[str, bytes]) -> Path:
    """The folder for an earlier hand-in: by its time and its content, so that the same one is kept once."""
    label = when[:19].replace(" ", "-").replace(":", "") or "undated"
    return earlier_folder(course, name) / student / f"{label}-{_digest(files)[:8]}"


def _put(course: Course, folder: Path, files: dict[str, bytes], when: str) -> None:
    """Make `folder` with these files: all of them, or in case of an error none."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _aside(course).mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=_aside(course)))
    try:
        _write(fresh, ({TIMESTAMP: f"{when}\n".encode()} if when else {}) | files)
        fresh.chmod(0o755)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(_aside(course), ignore_errors=True)


def _aside(course: Course) -> Path:
    """Where hand-ins are until they are whole, and nobody looks for them."""
    return earlier_folder(course, ".new")


def _move(folder: Path, place: Path) -> None:
    if place.exists():
        shutil.rmtree(folder)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, place)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue            # a file and a folder of one name: an archive may hold both, a folder may not


def _files(folder: Path) -> dict[str, bytes]:
    """What is filed, without the time; what cannot be read counts as empty."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink()):
        if path.relative_to(folder).as_posix() != TIMESTAMP:
            try:
                found[path.relative_to(folder).as_posix()] = regular_bytes(path)
            except (Unreadable, OSError):
                found[path.relative_to(folder).as_posix()] = b""
    return found


def _digest(files: dict[str, bytes]) -> str:
    told = hashlib.sha256()
    for name, content in sorted(files.items()):
        told.update(f"{name}\0{len(content)}\0".encode("utf-8", "replace") + content)
    return told.hexdigest()


def _when(folder: Path) -> str:
    """The time in the timestamp.txt of a filed hand-in; "" where there is none that can be read."""
    try:
        text = regular_bytes(folder / TIMESTAMP, most=200).decode().strip()
        parse_utc(text)
    except (Unreadable, OSError, ValueError, OverflowError, TypeError, AttributeError):
        return ""
    return text
