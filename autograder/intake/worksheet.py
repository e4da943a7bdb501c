"""When people handed in, by a table that the LMS gives; the archive of hand-ins does not say.

    Moodle    View all submissions > Download grading worksheet, with Moodle set to English
    others    any CSV file with a column submitted_at or timestamp, and one that names the student

In Moodle's archive each file has the time of the download. Its worksheet also tells whose the number in a folder's
name is ("Participant 4711"), where two students have one name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dateutil.parser import ParserError, parse

from autograder.roster import decoded, glued, plain, rows_of
from autograder.settings import Settings

TIMES = ("last modified (submission)", "submitted_at", "timestamp")
NAMES = ("identifier", "id", "id number", "username", "sis login id", "sis user id", "email address", "email",
         "student", "full name", "name")
NOTHING = ("", "-", "never")


class WorksheetError(ValueError):
    """What in such a table will not do."""


@dataclass(frozen=True)
class Line:
    """One student of the table."""

    words: tuple[str, ...]          # whatever it calls them
    when: datetime | None           # UTC, as nbgrader keeps times; None for nothing handed in


class Worksheet:
    """The table's lines, to be found by whatever a student is called."""

    def __init__(self, lines: Iterable[Line] = ()):
        self._index: dict[str, set[Line]] = {}
        for line in lines:
            for key in {key for word in line.words for key in (plain(word), *glued(word))}:
                self._index.setdefault(key, set()).add(line)

    def find(self, *words: str) -> Line | None:
        """The one line that any of these words names, in their order; a word that fits several fits none."""
        for word in words:
            found = self._index.get(plain(word), set()) if plain(word) else set()
            if len(found) == 1:
                return next(iter(found))
        return None


def read_worksheet(path: Path, settings: Settings) -> Worksheet:
    """The table in the file at `path`; times that name no zone are in the course's.

    Raises:
        FileNotFoundError: there is no such file.
        WorksheetError: no column holds times, none names the students, or a time cannot be read.
    """
    rows = rows_of(decoded(path))
    columns = {column.strip().lower(): column for column in rows.fieldnames or []}
    timed = next((columns[name] for name in TIMES if name in columns), None)
    named = [columns[name] for name in NAMES if name in columns]
    if timed is None or not named:
        raise WorksheetError(f"{path} is no table of times: it has the columns {', '.join(rows.fieldnames or [])}; "
                             "what would do is Moodle's grading worksheet in English, or columns `id` and "
                             "`submitted_at`")
    return Worksheet([Line(tuple(word for column in named if (word := (row[column] or "").strip())),
                           _time(row[timed] or "", settings, f"{path}, line {rows.line_num}")) for row in rows])


def _time(text: str, settings: Settings, where: str) -> datetime | None:
    """A time as Moodle writes it in English, or by ISO 8601."""
    if text.strip().lower() in NOTHING:
        return None
    try:
        moments = {parse(text, default=day) for day in (datetime(2000, 1, 1), datetime(2001, 2, 2))}
    except (ParserError, OverflowError):
        moments = set()
    if len(moments) != 1:               # what a text leaves open, dateutil would fill in
        raise WorksheetError(f"{where}: {text!r} is no time that can be read; what would do is as in Friday, 20 "
                             "November 2026, 10:30 PM (set Moodle to English for the download), or 2026-11-20 22:30")
    return settings.utc(moments.pop())
