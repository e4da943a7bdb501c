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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path, PurePosixPath

from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.course.roster import Roster, Student
from autograder.handin import MOST_BYTES, Unreadable
from autograder.intake.archive import MOST_ENTRIES, Entry, entries, of_zip
from autograder.intake.naming import Claim, claims, first_of, is_scheme, is_work, owner, unwrapped
from autograder.intake.worksheet import Worksheet

MOST_FILES = 1000                   # of one hand-in
MOST_TOTAL = 4 * MOST_BYTES         # bytes of one hand-in, unpacked
DEEPEST = 2                         # archives within archives of one hand-in
LONGEST = 800                       # signs of a file's path, each up to four bytes; systems take 4096 in all
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
    roster, by_group = course.roster(), course.terms(name).groups
    found = claims(_expanded(entries(place), name, stems, roster), name, stems)
    found = [claim for claim in found if claim.assignment in ("", name)]

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
        known = roster.numbered(number)
        words = (known.id if known else number, *(line.words if line else ()), who)
        students = whose(roster, words, by_group) if roster else (apart,)
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


def _expanded(found: list[Entry], name: str, stems: list[str], roster: Roster) -> list[Entry]:
    """Entries, with an LMS's archives among them opened: somebody downloaded the class in parts.

    A student's own archive may hold files called as an LMS does, to pass for another's. It bears a name of the
    roster; where there is none, a class in parts has nothing but parts.
    """
    parts = {entry.path: inner for entry in found if (inner := _part(entry, name, stems))}
    if roster:
        parts = {path: inner for path, inner in parts.items()
                 if not whose(roster, (owner(path, name, stems)[0],), by_group=False)}
    elif any(is_work(entry.path) and entry.path not in parts for entry in found):
        parts = {}
    return [one for entry in found for one in parts.get(entry.path, [entry])]


def _part(entry: Entry, name: str, stems: list[str]) -> list[Entry]:
    """What an archive holds that an LMS may have made; nothing for any other."""
    if not entry.is_zip or len(entry.path.parts) > 1 or is_scheme(entry.path.name):
        return []
    try:
        inner = unwrapped(of_zip(entry.read(), MOST_ENTRIES), name, stems)
    except (Unreadable, OSError):
        return []
    return inner if any(is_scheme(one.path.parts[0]) for one in inner) else []


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
    parcel = Parcel(files, notes)
    for claim in delivery.claims:
        if not claim.typed:
            parcel.add(claim.entry, claim.file, claim)
    if parcel.left_out:
        more = f" and {len(parcel.left_out) - 1} more" if len(parcel.left_out) > 1 else ""
        notes.append(f"{parcel.left_out[0]}{more}: left out, since the hand-in is too large.")
    return _fitted(files, stems, notes)


@dataclass
class Parcel:
    """The files of a hand-in while they are unpacked: as many as a hand-in may have, and no more work than that."""

    files: list[File]
    notes: list[str]
    left_out: list[str] = field(default_factory=list)       # names of what does not fit
    opened: int = 0                                         # entries that were unpacked, and their bytes
    read: int = 0

    def add(self, entry: Entry, path: PurePosixPath, claim: Claim, saved: datetime | None = None,
            depth: int = DEEPEST) -> None:
        """Add the file of an entry, or the files that it holds."""
        if TIMESTAMP in path.parts:
            return                  # what a student calls so is not the time of handing in
        if len(path.as_posix()) > LONGEST:
            self.notes.append(f"{path.name}: The file lies in folders too deep to be kept; it is left out.")
            return
        if self.opened > 2 * MOST_FILES or self.read > 2 * MOST_TOTAL:
            self.left_out.append(path.name)
            return
        try:
            content = entry.read()
            self.opened, self.read = self.opened + 1, self.read + len(content)
            if entry.is_zip and depth:
                for one in of_zip(content, MOST_FILES):
                    self.add(one, path.parent / one.path, claim, one.when, depth - 1)
            elif len(self.files) >= MOST_FILES or len(content) + self.size > MOST_TOTAL:
                self.left_out.append(path.name)
            else:
                saved, came = (moment.timestamp() if moment else 0.0 for moment in (saved, claim.entry.when))
                self.files.append(File(path, claim.order, saved, came, content))
        except Unreadable as trouble:
            self.notes.append(f"{path.name}: {trouble}")
        except OSError as trouble:
            self.notes.append(f"{path.name}: The file could not be opened: {trouble.strerror}.")

    @property
    def size(self) -> int:
        return sum(len(file.content) for file in self.files)


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
    kept: dict[str, bytes] = {}
    for file in spare:
        kept[file.path.as_posix() if file.path.name in kept else file.path.name] = file.content
    return Contents(placed, kept, tuple(notes))


def _fitting(stem: str, stems: list[str], notebooks: list[File]) -> list[File]:
    """The notebooks that may be meant by `stem`: by their name, by a part of it, by there being no other name."""
    exact = [file for file in notebooks if stem in (file.path.stem, first_of(file.path.stem)[0])]
    if exact or len(stems) > 1:
        return exact
    same = len({first_of(file.path.stem)[0] for file in notebooks}) == 1
    return [file for file in notebooks if stem in file.path.stem] or (notebooks if same else [])
