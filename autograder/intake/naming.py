"""Whose a file is, by what an LMS, nbgrader or a person called it.

    Ada Example_4711_assignsubmission_file_/week05.ipynb      Moodle's folders; _file/ in newer ones
    Ada Example_4711_assignsubmission_file_week05.ipynb       Moodle without folders
    exampleada_4711_90210_week05-1.ipynb                      Canvas: name, number of the student, of the file
    exampleada_LATE_4711_90210_week05.ipynb                   Canvas, after the due date
    ada+week05+2026-11-20 21:10:03.000000 UTC+token/          nbgrader's exchange
    ada/week05/week05.ipynb, ada/week05.ipynb                 a folder for each student
    ada.ipynb, ada_week05.ipynb, ada.zip                      loose files

Moodle's number is another one for each assignment, so only the name tells who it is; Canvas's is the student's own.
Both schemes are read off their sources: Moodle's mod/assign/classes/downloader.php, Canvas's lib/content_zipper.rb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.intake.archive import Entry

EXCHANGE = re.compile(r"(?P<who>.+)\+(?P<assignment>[^+]+)\+(?P<when>\d{4}-\d\d-\d\d \d\d[:_]\d\d[:_]\d\d(?:\.\d+)?"
                      r"(?: ?[A-Za-z_]+| ?[+-]\d{4})?)(?:\+(?P<token>[^+]*))?")
MOODLE = re.compile(r"(?P<who>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>file|onlinetext)"
                    r"(?:_(?P<file>.+)|_?)")
CANVAS = re.compile(r"(?P<who>.+?)(?:_(?P<late>LATE))?_(?P<number>\d+)_(?:(?P<order>\d+)_(?P<file>.+)|"
                    r"(?P<typed>text|link)\.html)")
ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?anon_(?P<number>[0-9A-Za-z]+)_(?P<order>\d+)_(?P<file>.+)")
# What stands behind the name of a second file: a browser's or a file manager's mark, Canvas's.
BROWSER = re.compile(r"(?P<stem>.+?)(?: ?\((\d+)\)|[ -]+(?:copy|kopie|copie|copia)(?: ?\(?(\d+)\)?)?)", re.IGNORECASE)
NUMBERED = re.compile(r"(?P<stem>.+?)[-_](\d+)")


@dataclass(frozen=True)
class Claim:
    """Whose an entry is, as its name has it."""

    scheme: str                      # "Moodle", "Canvas", "nbgrader's exchange", "folders", "files"
    who: str                         # a name, an id or a group's name
    file: PurePosixPath              # where the entry lies within the hand-in
    entry: Entry
    number: str = ""                 # the LMS's number of the student, where it has one
    hand_in: str = ""                # tells the hand-ins of one student apart
    order: int = 0                   # of files of one name, the highest is the newest
    when: str = ""                   # when it was handed in, as far as the name says
    late: bool = False               # the LMS says so
    typed: bool = False              # text that was typed in, no file
    assignment: str = ""             # what it was handed in for, as far as the name says


def claims(found: Iterable[Entry], assignment: str, stems: list[str]) -> list[Claim]:
    """Each entry with whose it is; folders around all of them are looked through."""
    return [claim(entry, assignment, stems) for entry in unwrapped(list(found), assignment, stems)]


def unwrapped(found: list[Entry], assignment: str, stems: list[str]) -> list[Entry]:
    """Entries without the folders around all of them."""
    while wrapper(found, assignment, stems):
        found = [Entry(PurePosixPath(*entry.path.parts[1:]), entry.read, entry.when) for entry in found]
    return found


def wrapper(found: list[Entry], assignment: str, stems: list[str]) -> bool:
    """Is there a folder around everything, which names nobody: what unpacking an archive makes?"""
    tops = {entry.path.parts[0] for entry in found}
    below = {part for entry in found for part in entry.path.parts[1:] if is_work(entry.path)}
    if len(tops) != 1 or any(len(entry.path.parts) == 1 for entry in found) or any(map(is_scheme, tops)):
        return False
    if tops == {assignment} or any(map(is_scheme, below)):
        return True
    students = {entry.path.parts[1] for entry in found if len(entry.path.parts) > 2}
    loose = [first_of(entry.path.stem)[0] for entry in found if len(entry.path.parts) == 2 and is_work(entry.path)]
    return (len(students - {assignment}) > 1 or len(loose) > 1 and not {*stems, assignment} & set(loose)
            or any(entry.path.parts[2:3] == (assignment,) for entry in found))


def is_scheme(name: str) -> bool:
    """Does an LMS or nbgrader's exchange name files or folders so?"""
    return any(scheme.fullmatch(name) for scheme in (EXCHANGE, MOODLE, CANVAS, ANONYMOUS))


def claim(entry: Entry, assignment: str, stems: list[str]) -> Claim:
    """Whose one entry is."""
    top, rest = entry.path.parts[0], PurePosixPath(*entry.path.parts[1:])
    flat = len(entry.path.parts) == 1
    if (named := EXCHANGE.fullmatch(top)) and not flat:
        return Claim("nbgrader's exchange", named["who"], rest, entry, hand_in=top, assignment=named["assignment"],
                     when=named["when"].replace("_", ":"))
    if named := MOODLE.fullmatch(top):
        return Claim("Moodle", named["who"], PurePosixPath(named["file"] or "nameless") if flat else rest, entry,
                     hand_in=named["number"] or "", typed=named["plugin"] == "onlinetext")
    if flat and (named := ANONYMOUS.fullmatch(top) or CANVAS.fullmatch(top)):
        parts = named.groupdict()
        return Claim("Canvas", parts.get("who") or f"anon_{parts['number']}", PurePosixPath(parts["file"] or top),
                     entry, number=parts["number"], order=int(parts["order"] or 0), late=bool(parts["late"]),
                     typed=bool(parts.get("typed")))
    if flat:
        who, stem, order = owner(entry.path, assignment, stems)
        return Claim("files", who, PurePosixPath(f"{stem}{entry.path.suffix}"), entry, order=order)
    inside = rest.parts[1:] if rest.parts[0] == assignment and len(rest.parts) > 1 else rest.parts
    return Claim("folders", top, PurePosixPath(*inside), entry)


def owner(path: PurePosixPath, assignment: str, stems: list[str]) -> tuple[str, str, int]:
    """Student, notebook and number of a loose file's name: "ada", "ada_week05", "week05-ada (1)".

    Nobody is called "..", or by another name that begins with a dot, where folders are to bear it.
    """
    bare, order = first_of(path.stem, BROWSER)
    for known in (*stems, assignment):
        stem, there = known if known in stems else stems[0], re.escape(known)
        if named := re.fullmatch(rf"([^.].*?)[ _-]+{there}(?:[-_](\d+))?", bare):
            return named[1], stem, order or int(named[2] or 0)
        if named := re.fullmatch(rf"{there}[ _-]+([^.].*)", bare):
            return named[1], stem, order
    return bare, stems[0], order


def first_of(stem: str, *marks: re.Pattern) -> tuple[str, int]:
    """A file's name without what a second one of that name gets, and the how manieth it is.

    >>> first_of("week05 (2)"), first_of("week05-1"), first_of("week05 - Copy"), first_of("week05")
    (('week05', 2), ('week05', 1), ('week05', 1), ('week05', 0))
    """
    for mark in marks or (BROWSER, NUMBERED):
        if named := mark.fullmatch(stem):
            return named["stem"], int(next(filter(None, named.groups()[1:]), 1))
    return stem, 0


def is_work(path: PurePosixPath) -> bool:
    """Is this what people hand in: a notebook, or an archive that may hold one?"""
    return path.suffix.lower() in (".ipynb", ".zip")
