"""Folders and zip files as one list of entries, whatever lies in them.

Nothing here raises because of what somebody packed. An entry that cannot be used (a link, a way out of the archive,
a password, a bomb, a damaged file) says why when it is read; names come out the same however they were written.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.handin import MOST_BYTES, Unreadable

MOST_ENTRIES = 50_000       # of a class; a hand-in of 300 students' own is far below
MOST_RATIO = 200            # of a large file; notebooks shrink to a fifth, a bomb to a thousandth
LARGE = 1_000_000           # below this, no file can do harm, however it was packed
NOISE = re.compile(r"\..*|__MACOSX|__pycache__|node_modules|Thumbs\.db|desktop\.ini", re.IGNORECASE)
MOST_NAME = 200             # bytes of a file's name; file systems take 255
UTF8_NAMES, ENCRYPTED = 0x800, 0x1      # bits of a zip file's flags
UNIX_TIME = 0x5455          # the extra field with a time in UTC


@dataclass(frozen=True)
class Entry:
    """A file in a folder or in an archive."""

    path: PurePosixPath
    read: Callable[[], bytes]           # raises Unreadable
    when: datetime | None = None        # when it was changed, or packed: an order for files, not the time of handing in

    @property
    def is_zip(self) -> bool:
        return self.path.suffix.lower() == ".zip"


def entries(place: Path) -> list[Entry]:
    """All files of a folder or zip file, without what operating systems and editors leave behind.

    Raises:
        FileNotFoundError: there is nothing at `place`.
        Unreadable: it is neither a folder nor a zip file, or one with too many files.
    """
    if place.is_dir():
        return _of_folder(place)
    if not place.exists():
        raise FileNotFoundError(f"there is no {place} to take hand-ins from")
    return of_zip(place, MOST_ENTRIES)


def of_zip(file: Path | bytes, most: int) -> list[Entry]:
    """The files of a zip file, each read from it when it is asked for. Its list is read once, and stays open for them.

    Raises:
        Unreadable: it is none, it is damaged, or holds more than `most` files.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file)
        members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, struct.error, ValueError) as trouble:
        raise Unreadable(f"The archive cannot be opened: it is damaged or no zip file ({trouble}).") from None
    if len(members) > most:
        raise Unreadable(f"The archive holds {len(members):,} files; at most {most:,} are looked at.")
    found = [Entry(_path(_name(info)), partial(_unpacked, archive, info), _changed(info)) for info in members]
    return [entry for entry in found if not _is_noise(entry.path)]


def _of_folder(place: Path) -> list[Entry]:
    found = []
    for top, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if not NOISE.fullmatch(name))
        links = [name for name in folders if Path(top, name).is_symlink()]
        for name in sorted([*names, *links]):
            path = Path(top, name)
            where = _path(printable(path.relative_to(place).as_posix()))
            if not _is_noise(where):
                found.append(Entry(where, partial(regular_bytes, path), datetime.fromtimestamp(
                    path.lstat().st_mtime, UTC)))
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name. Python takes one that is not marked as UTF-8 for cp437, but Macs do not mark theirs."""
    if info.flag_bits & UTF8_NAMES:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _path(name: str) -> PurePosixPath:
    """A name from anywhere as a path that stays where it is put: composed letters, no way up, no drive."""
    parts = re.split(r"[/\\]", unicodedata.normalize("NFC", name))
    kept = [_short("".join(sign for sign in part if sign.isprintable()).strip()) for part in parts]
    return PurePosixPath(*[part for part in kept if part not in ("", ".", "..") and not re.fullmatch(r"[a-zA-Z]:", part)
                           ] or ["nameless"])


def _short(name: str) -> str:
    """A name that every file system takes: its ending, and as much of its beginning, which says whose it is."""
    if len(name.encode("utf-8", "replace")) <= MOST_NAME:
        return name
    ending = PurePosixPath(name).suffix[-10:]
    room = MOST_NAME - len(ending.encode("utf-8", "replace"))
    return name.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + ending


def _is_noise(path: PurePosixPath) -> bool:
    return any(NOISE.fullmatch(part) for part in path.parts)


def _changed(info: zipfile.ZipInfo) -> datetime | None:
    """When a member was changed: in UTC where the archive says so, else by its maker's clock, without a zone."""
    rest = info.extra
    while len(rest) >= 4:
        kind, size = struct.unpack("<HH", rest[:4])
        if kind == UNIX_TIME and size >= 5 and len(rest) >= 9 and rest[4] & 1:
            return datetime.fromtimestamp(struct.unpack("<I", rest[5:9])[0], UTC)
        rest = rest[4 + size:]
    try:
        return datetime(*info.date_time)
    except ValueError:
        return None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable("The file is a link, which is not followed.")
    if re.match(r"[/\\]|[a-zA-Z]:", info.filename) or ".." in re.split(r"[/\\]", info.filename):
        raise Unreadable(f"The archive wants this file elsewhere, at {info.filename!r:.80}.")
    if info.flag_bits & ENCRYPTED:
        raise Unreadable("The archive asks for a password.")
    if info.file_size > MOST_BYTES:
        raise Unreadable(f"The file has {info.file_size / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read.")
    if info.file_size > LARGE and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        raise Unreadable(f"The file was packed to a {info.file_size // max(info.compress_size, 1)}th of its size, "
                         "as only a trap is; it is not unpacked.")
    try:
        with archive.open(info) as member:
            content = member.read(MOST_BYTES + 1)
    except NotImplementedError:
        raise Unreadable("The archive is packed in a way that cannot be opened here; pack it again.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, struct.error, ValueError):
        raise Unreadable("The archive is damaged: this file cannot be unpacked.") from None
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file has more than the {info.file_size} bytes that its archive names.")
    return content


def printable(name: str) -> str:
    """A file's name as text that can be stored: bytes that are not UTF-8 become the replacement sign."""
    return os.fsencode(name).decode("utf-8", "replace")


def regular_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """A regular file's bytes: links are not followed, pipes not waited for, size looked at first.

    Raises:
        Unreadable: with the reason.
        OSError: it cannot be opened.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if path.is_symlink():
        raise Unreadable("The file is a link, which is not followed.")
    with os.fdopen(os.open(path, flags), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("This is not an ordinary file.")
        if about.st_size > most:
            raise Unreadable(f"The file has {about.st_size / 1e6:.0f} MB; at most {most / 1e6:.0f} MB are read.")
        return file.read(most)
