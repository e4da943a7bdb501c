"""Hand-ins: what lies in the folders becomes values, whatever it is.

Two orders of files are read:

    <course>/submitted/<student>/<assignment>/*.ipynb     nbgrader's, with timestamp.txt
    <folder>/<student>.ipynb                              a loose folder of downloaded notebooks, also
    <folder>/<student>_<notebook>.ipynb                   with the notebook's name behind the student's,
    <folder>/<student>/*.ipynb                            or a folder for each student,
    <folder>/<student>/<assignment>/*.ipynb               as deep as nbgrader's

Nothing here raises because of what a student sent. A file that cannot be read becomes a
`HandIn` without cells, and its `reason` says why, in words.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.handin import MOST_BYTES, HandIn, Unreadable, read
from autograder.intake.archive import printable, regular_bytes
from autograder.intake.naming import is_scheme, owner

IGNORED = ("__pycache__", "__MACOSX", "node_modules")


Reader = Callable[[], list[HandIn]]     # reads one student's hand-ins


def readers(course: Course, assignment: str, stems: list[str]) -> dict[str, Reader]:
    """Student -> what reads their hand-ins in nbgrader's submitted folder: a class is counted at once, read one by one.

    A reader brings one hand-in for each expected notebook.
    """
    named: dict[str, list[str]] = {}        # bytes that are no text may make two names one
    for name in course.students(assignment):
        named.setdefault(printable(name), []).append(name)

    def read(student: str) -> list[HandIn]:
        found = []
        for name in named[student]:
            folder = course.folder("submitted", assignment, name)
            ours = Path(*folder.parts[:folder.parts.index(name)])     # down to here links are the instructor's business
            found += _from_folder(student, folder, stems, within=ours)
        return found

    return {student: partial(read, student) for student in named}


def loose_readers(folder: Path, assignment: str, stems: list[str]) -> dict[str, Reader]:
    """The same of a loose folder: files named by student, or folders of students.

    Raises:
        FileNotFoundError: there is no such folder.
        Unreadable: it is an archive, or named as an LMS does; `autograder collect` takes these.
    """
    if not folder.is_dir():
        if folder.exists():
            raise Unreadable(f"{folder} is no folder: autograder collect takes archives, and then grade needs no path")
        raise FileNotFoundError(f"there is no folder {folder} to take hand-ins from")
    if any(is_scheme(place.name) for place in folder.iterdir()):
        raise Unreadable(f"{folder} is what an LMS gave: autograder collect files it, and then grade needs no path")
    places: dict[str, list[Path]] = {}
    files: dict[str, list[tuple[str, Path]]] = {}
    for place in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))):
        deeper = place / assignment
        places.setdefault(_composed(place.name), []).append(deeper if deeper.is_dir() else place)
    for path in _notebooks(folder):
        student, stem, _ = owner(PurePath(_composed(path.name)), assignment, stems)
        files.setdefault(student, []).append((stem, path))

    def read(student: str) -> list[HandIn]:
        found: dict[str, HandIn] = {}
        for place in places.get(student, ()):
            found |= {h.stem: h for h in _from_folder(student, place, stems, within=folder)}
        for stem, path in files.get(student, ()):
            hand_in = _from_file(student, stem, path)
            if stem in found:
                hand_in = _with_note(hand_in, f"There is a second hand-in of {student}; {path.name} was graded.")
            found[stem] = hand_in
        return [found.get(stem) or _refused(student, stem, f"No notebook {stem}.ipynb was handed in.")
                for stem in stems]

    return {student: partial(read, student) for student in sorted(places.keys() | files.keys())}


def collect(course: Course, assignment: str, stems: list[str]) -> list[HandIn]:
    """All hand-ins of nbgrader's submitted folder, by student; one for each expected notebook."""
    return [hand_in for read in readers(course, assignment, stems).values() for hand_in in read()]


def collect_loose(folder: Path, assignment: str, stems: list[str]) -> list[HandIn]:
    """All hand-ins of a loose folder. For errors see `loose_readers`."""
    return [hand_in for read in loose_readers(folder, assignment, stems).values() for hand_in in read()]


def _notebooks(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix.lower() == ".ipynb" and not p.name.startswith("."))


def _others(folder: Path) -> list[str]:
    """The first files of a folder that holds no notebook: what somebody handed in instead."""
    names = sorted(printable(path.name) for path in folder.iterdir())
    return [name for name in names if name != "timestamp.txt" and not name.startswith(".")][:3]


def _composed(name: str) -> str:
    """A student's name from a file of unknown origin: a Mac writes u-umlaut in two characters."""
    return unicodedata.normalize("NFC", printable(name))


def _from_folder(student: str, folder: Path, stems: list[str], *, within: Path) -> list[HandIn]:
    way = [folder, *folder.parents][:len(folder.relative_to(within).parts)]
    if any(place.is_symlink() for place in way):
        return [_refused(student, stem, "The folder is a link, which is not followed.") for stem in stems]
    try:
        paths = {printable(path.name): path for path in _notebooks(folder)}
        there = [*paths] or _others(folder)
        timestamp, trouble = _timestamp(folder / "timestamp.txt")
        others = digest_of(beside(folder))
    except OSError as closed:
        return [_refused(student, stem, f"The folder could not be opened: {closed.strerror}.") for stem in stems]
    hand_ins = []
    for stem in stems:
        path, note = paths.get(f"{stem}.ipynb"), ""
        if path is None and len(stems) == 1 and len(paths) == 1:
            (other, path), = paths.items()
            note = f"The file was called {other}; as the only notebook it was taken for {stem}.ipynb."
        elif path is None and there:
            note = f"There is {', '.join(there)} instead."
        if path is None:
            hand_in = _refused(student, stem, f"No notebook {stem}.ipynb was handed in. {note}".strip())
        else:
            hand_in = _with_note(_from_file(student, stem, path), note)
        hand_ins.append(_with_note(replace(hand_in, timestamp=timestamp, beside=others), trouble))
    return hand_ins


def beside(folder: Path) -> dict[str, bytes]:
    """Data files and helper modules that were handed in with the notebooks: name -> bytes.

    Links and what is not a file are left out, and so is what comes after MOST_BYTES in all.
    """
    found, room = {}, MOST_BYTES
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in IGNORED and not name.startswith("."))
        for name in sorted(names):
            path = Path(top, name)
            if name == "timestamp.txt" or path.suffix in (".ipynb", ".pyc"):
                continue
            try:
                content = regular_bytes(path, room)
            except (Unreadable, OSError):
                continue
            found[printable(path.relative_to(folder).as_posix())] = content
            room -= len(content)
    return found


def digest_of(files: dict[str, bytes]) -> str:
    told = hashlib.sha256()
    for name, content in files.items():
        told.update(f"{name}\0{len(content)}\0".encode("utf-8", "replace") + content)
    return told.hexdigest() if files else ""


def _timestamp(path: Path) -> tuple[str, str]:
    """nbgrader's timestamp.txt and, if it cannot be used, a note."""
    try:
        text = regular_bytes(path, most=200).decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return "", ""
    except (Unreadable, OSError):
        return "", "timestamp.txt could not be read; the time of handing in is unknown."
    try:
        parse_utc(text)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return "", f"timestamp.txt holds no time: {text[:40]!r}; the time of handing in is unknown."
    return text, ""


def _from_file(student: str, stem: str, path: Path) -> HandIn:
    try:
        raw = regular_bytes(path)
    except Unreadable as trouble:
        return _refused(student, stem, str(trouble))
    except OSError as trouble:
        return _refused(student, stem, f"The file could not be opened: {trouble.strerror}.")
    digest = hashlib.sha256(raw).hexdigest()
    notes: list[str] = []
    try:
        cells, version = read(raw, notes)
    except Unreadable as trouble:
        return HandIn(student, stem, None, reason=str(trouble), notes=tuple(notes), digest=digest, path=path)
    return HandIn(student, stem, tuple(cells), notes=tuple(notes), version=version, digest=digest, path=path)


def _refused(student: str, stem: str, reason: str) -> HandIn:
    return HandIn(student, stem, None, reason=reason, digest=hashlib.sha256(reason.encode()).hexdigest())


def _with_note(hand_in: HandIn, note: str) -> HandIn:
    return replace(hand_in, notes=(*hand_in.notes, note)) if note else hand_in
