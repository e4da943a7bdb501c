"""When people handed in, by a table that the LMS gives; the archive of hand-ins does not say.

    Moodle    View all submissions > Download grading worksheet, in one of the languages of course/headings.py
    others    any CSV file with a column submitted_at or timestamp, and one that names the student

In Moodle's archive each file has the time of the download. Its worksheet also tells whose the number in a folder's
name is ("Participant 4711"), where two students have one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dateutil.parser import ParserError, parse

from autograder.course.headings import LANGUAGES, in_english
from autograder.course.roster import glued, plain, rows_of
from autograder.course.settings import Settings

TIMES = ("last modified (submission)", "submitted_at", "timestamp")
NAMES = ("identifier", "id", "id number", "username", "sis login id", "sis user id", "email address", "email",
         "student", "full name", "name")
NOTHING = ("", "-", "never")
PARTICIPANT = re.compile(r"\D*(\d+)")        # Moodle's identifier: "Teilnehmer/in 4711", in any language
MONTHS = {word: english for english, words in {
    "January": "januar janvier enero gennaio janeiro januari",
    "February": "februar février febrero febbraio fevereiro februari", "March": "märz mars marzo março maart",
    "April": "avril abril aprile", "May": "mai mayo maggio maio mei", "June": "juni juin junio giugno junho",
    "July": "juli juillet julio luglio julho", "August": "août agosto augustus",
    "September": "septembre septiembre settembre setembro", "October": "oktober octobre octubre ottobre outubro",
    "November": "novembre noviembre novembro", "December": "dezember décembre diciembre dicembre dezembro",
}.items() for word in (english.lower(), *words.split())}


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
    rows = rows_of(path)
    moodle = in_english(rows.fieldnames or [])
    columns = {**{english.lower(): column for english, column in moodle.items()},
               **{column.strip().lower(): column for column in rows.fieldnames or []}}
    timed = next((columns[name] for name in TIMES if name in columns), None)
    named = [columns[name] for name in NAMES if name in columns]
    if timed is None or not named:
        raise WorksheetError(f"{path} is no table of times: it has the columns {', '.join(rows.fieldnames or [])}; "
                             f"what would do is Moodle's grading worksheet in {LANGUAGES}, or columns `id` and "
                             "`submitted_at`")
    numbered = moodle.get("Identifier") if timed == moodle.get("Last modified (submission)") else None
    return Worksheet([Line(tuple(dict.fromkeys(_words(row, named, numbered))),
                           _time(row[timed] or "", settings, f"{path}, line {rows.line_num}")) for row in rows])


def _words(row: dict[str, str | None], named: list[str], numbered: str | None) -> Iterator[str]:
    """What a line calls its student; by Moodle's number as it is in English, whatever the language."""
    if numbered and (found := PARTICIPANT.fullmatch((row[numbered] or "").strip())):
        yield f"Participant {found[1]}"
    for column in named:
        if word := (row[column] or "").strip():
            yield word


def _time(text: str, settings: Settings, where: str) -> datetime | None:
    """A time as Moodle writes it, or by ISO 8601."""
    if text.strip().lower() in NOTHING:
        return None
    try:
        moments = {parse(_in_english(text), default=day) for day in (datetime(2000, 1, 1), datetime(2001, 2, 2))}
    except (ParserError, OverflowError):
        moments = set()
    if len(moments) != 1:               # what a text leaves open, dateutil would fill in
        raise WorksheetError(f"{where}: {text!r} is no time that can be read; what would do is as in Friday, 20 "
                             f"November 2026, 10:30 PM, also in {LANGUAGES.partition(', ')[2]}, or 2026-11-20 22:30")
    return settings.utc(moments.pop())


def _in_english(text: str) -> str:
    """A time with its month in English; without weekdays and such, which dateutil would not know in other languages.

    >>> _in_english("viernes, 20 de noviembre de 2026, 22:30"), _in_english("Friday, 20 November 2026, 10:30 PM")
    (', 20  November  2026, 22:30', ', 20 November 2026, 10:30 PM')
    """
    words = re.findall(r"[^\W\d_]+", text)
    if not any(word.lower() in MONTHS for word in words):
        return text
    kept = {word: word for word in words if word.isupper() or word.lower() in ("am", "pm")}     # a time zone, too
    return re.sub(r"[^\W\d_]+", lambda word: MONTHS.get(word[0].lower(), kept.get(word[0], "")), text)
