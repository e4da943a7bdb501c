"""What an LMS, nbgrader's exchange or a folder hands over, as deliveries: who handed in what, and when.

    entries     what lies in the folder or archive           archive.py
    claims      whose each file is, by its name              naming.py
    deliveries  one hand-in each, of a student or a group    here
    filed       into nbgrader's submitted folder             filing.py

A delivery's files are read when they are asked for, so a class of hundreds is never in memory at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path, PurePosixPath

from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.course.roster import Roster, Student
from autograder.handin import MOST_BYTES, Unreadable
from autograder.intake.archive import MOST_ENTRIES, Entry, entries, of_zip
from autograder.intake.naming import Claim, claims, first_of, is_scheme, unwrapped
from autograder.intake.worksheet import Worksheet

MOST_FILES = 1000                   # of one hand-in
MOST_TOTAL = 4 * MOST_BYTES         # bytes of one hand-in, unpacked
DEEPEST = 2                         # archives within archives of one hand-in
TIMESTAMP = "timestamp.txt"
EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Delivery:
    """One hand-in, as it came."""

    who: str                        # as the LMS calls the student or group
    students: tuple[str, ...]       # whose it is; nobody's, if the roster does not say
    claims: tuple[Claim, ...]
    when: str = ""                  # in nbgrader's format; "" if nobody said
    changed: datetime = EPOCH       # the newest file's time: good for an order, not for a deadline

    @property
    def late(self) -> bool:
        """Does the LMS say so?"""
        return any(claim.late for claim in self.claims)

    @property
    def age(self) -> tuple:
        """To sort a student's deliveries by, the newest last."""
        return (parse_utc(self.when) if self.when else self.changed, max(claim.order for claim in self.claims))


@dataclass(frozen=True)
class Contents:
    """The files of a delivery, the notebooks called as the assignment calls them."""

    files: dict[str, bytes]
    spare: dict[str, bytes]         # second files of one name, which do not count
    notes: tuple[str, ...]


def deliveries(course: Course, name: str, stems: list[str], place: Path,
               worksheet: Worksheet | None = None) -> list[Delivery]:
    """All hand-ins of assignment `name` that lie at `place`, a folder or a zip file, in the order of names.

    worksheet    the LMS's table of who handed in and when

    Raises:
        FileNotFoundError: there is nothing.
        Unreadable: it is neither a folder nor a zip file that can be opened.
    """
    found = claims(_expanded(entries(place), name, stems), name, stems)
    found = [claim for claim in found if claim.assignment in ("", name)]
    roster, by_group = course.roster(), course.terms(name).groups

    def key(claim: Claim) -> tuple[str, str, str, str]:
        return claim.scheme, claim.who, claim.number, claim.hand_in

    together = [(whose, tuple(theirs)) for whose, theirs in groupby(sorted(found, key=key), key=key)]
    names: dict[str, set[tuple]] = {}
    for (scheme, who, number, hand_in), _ in together:
        names.setdefault(who, set()).add((number, hand_in if scheme == "Moodle" else ""))
    made = []
    for (scheme, who, number, hand_in), theirs in together:
        line = worksheet and worksheet.find(f"Participant {hand_in}" if scheme == "Moodle" else "", number, who)
        apart = f"{who} {number or hand_in}".strip() if len(names[who]) > 1 else who
        students = whose(roster, (number, *(line.words if line else ()), who), by_group) if roster else (apart,)
        when = handed_in(theirs) or (line and line.when) or (worksheet and _of_any(worksheet, roster, students))
        made.append(Delivery(who, students, theirs, f"{when:%Y-%m-%d %H:%M:%S.%f} UTC" if when else "",
                             _changed(theirs)))
    return sorted(made, key=lambda delivery: (delivery.who, delivery.age))


def _of_any(worksheet: Worksheet, roster: Roster, students: Iterable[str]) -> datetime | None:
    """When any of a group handed in, by the table's lines for its members."""
    members = [roster.students.get(student, Student(student)) for student in students]
    lines = [worksheet.find(each.id, each.email, each.lms_id, each.name) for each in members]
    return max((line.when for line in lines if line and line.when), default=None)


def whose(roster: Roster, words: tuple[str, ...], by_group: bool) -> tuple[str, ...]:
    """The students whom an LMS's words stand for: one, the members of a group, or nobody. The last word is a name."""
    who = words[-1]
    student = roster.find(*words) or _within(roster, who)
    if student is None:
        return tuple(member.id for member in roster.members(who))
    members = roster.members(student.group) if by_group else []
    return tuple(member.id for member in members) or (student.id,)


def _within(roster: Roster, who: str):
    """The one student whom a part of a name that somebody made up stands for: "hw5-final-ada"."""
    pieces = re.split(r"[\s_,.+-]+", who)
    found = {student.id: student for piece in pieces if (student := roster.find(piece))}
    return next(iter(found.values())) if len(found) == 1 else None


def handed_in(theirs: Iterable[Claim]) -> datetime | None:
    """When a hand-in was made, by nbgrader's exchange or its timestamp.txt; None where neither says."""
    times = []
    for claim in theirs:
        try:
            if claim.when:
                times.append(parse_utc(claim.when))
            elif claim.scheme == "folders" and claim.file.as_posix() == TIMESTAMP:
                times.append(parse_utc(claim.entry.read()[:200].decode().strip()))
        except (ValueError, OverflowError, TypeError, AttributeError, Unreadable, OSError):
            continue        # a time that is none; the hand-in counts all the same
    return max(times, default=None)


def _changed(theirs: Iterable[Claim]) -> datetime:
    return max((when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
                for claim in theirs if (when := claim.entry.when)), default=EPOCH)


def _expanded(found: list[Entry], name: str, stems: list[str]) -> list[Entry]:
    """Entries, with an LMS's archive among them opened: somebody downloaded the class in parts."""
    whole = []
    for entry in found:
        if entry.is_zip and len(entry.path.parts) == 1 and not is_scheme(entry.path.name):
            try:
                inner = unwrapped(of_zip(entry.read(), MOST_ENTRIES), name, stems)
            except (Unreadable, OSError):
                inner = []
            if any(is_scheme(one.path.parts[0]) for one in inner):
                whole += inner
                continue
        whole.append(entry)
    return whole


@dataclass(frozen=True, eq=False)
class File:
    """One file of a hand-in, unpacked."""

    path: PurePosixPath
    order: int                      # the LMS's, of files of one name
    saved: float                    # when the student saved it, by their own archive
    came: float                     # when it came to where it lies
    content: bytes

    @property
    def age(self) -> tuple:
        """To sort files of one name by, the newest last."""
        return self.order, self.saved, first_of(self.path.stem)[1], self.came


def contents(delivery: Delivery, stems: list[str]) -> Contents:
    """The files of a delivery, read and unpacked, each notebook found whatever it was called."""
    files, notes = [], []
    if any(claim.typed for claim in delivery.claims):
        notes.append("Text was typed into the LMS; only files are graded.")
    for claim in delivery.claims:
        if not claim.typed:
            _read(claim.entry, claim.file, claim, None, files, notes, DEEPEST)
    return _fitted(files, stems, notes)


def _read(entry: Entry, path: PurePosixPath, claim: Claim, saved: datetime | None, files: list[File],
          notes: list[str], depth: int) -> None:
    """Add the file of an entry to `files`, or the files that it holds, as long as a hand-in may have more."""
    if path.name == TIMESTAMP:
        return                      # what a student calls so is not the time of handing in
    try:
        content = entry.read()
        if entry.is_zip and depth:
            for one in of_zip(content, MOST_FILES):
                _read(one, path.parent / one.path, claim, one.when, files, notes, depth - 1)
        elif len(files) >= MOST_FILES or len(content) + sum(len(file.content) for file in files) > MOST_TOTAL:
            raise Unreadable("The hand-in is too large: this file is left out.")
        else:
            saved, came = (moment.timestamp() if moment else 0.0 for moment in (saved, claim.entry.when))
            files.append(File(path, claim.order, saved, came, content))
    except Unreadable as trouble:
        notes.append(f"{path.name}: {trouble}")
    except OSError as trouble:
        notes.append(f"{path.name}: The file could not be opened: {trouble.strerror}.")


def _fitted(files: list[File], stems: list[str], notes: list[str]) -> Contents:
    """The files where nbgrader looks for them: notebooks on top, other files as they lie around the first of them."""
    chosen: dict[str, File] = {}
    spare: list[File] = []
    for stem in stems:
        fitting = _fitting(stem, stems, [file for file in files if file.path.suffix.lower() == ".ipynb"])
        if not fitting:
            continue
        *older, newest = sorted(fitting, key=lambda file: file.age)
        chosen[f"{stem}.ipynb"] = newest
        spare += older
        if older:
            notes.append(f"There are {len(fitting)} notebooks; {newest.path.name} counts as the newest.")
    base = next(iter(chosen.values())).path.parent if chosen else PurePosixPath()
    placed = {name: file.content for name, file in chosen.items()}
    for file in files:
        if file not in spare and file not in chosen.values():
            where = file.path.relative_to(base) if file.path.is_relative_to(base) else file.path
            placed.setdefault(where.as_posix(), file.content)
    return Contents(placed, {file.path.name: file.content for file in spare}, tuple(notes))


def _fitting(stem: str, stems: list[str], notebooks: list[File]) -> list[File]:
    """The notebooks that may be meant by `stem`: by their name, by a part of it, by there being no other name."""
    exact = [file for file in notebooks if stem in (file.path.stem, first_of(file.path.stem)[0])]
    if exact or len(stems) > 1:
        return exact
    same = len({first_of(file.path.stem)[0] for file in notebooks}) == 1
    return [file for file in notebooks if stem in file.path.stem] or (notebooks if same else [])
