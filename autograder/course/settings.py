"""What a course's course.toml says, checked while it is read.

    id = "nn-2026"                    # public; students' own numbers in quizzes are drawn from it
    title = "Neural networks"
    roster = "roster.csv"             # who takes the course, see roster.py
    timezone = "Europe/Berlin"        # of times that name none: in this file, and in an LMS's tables

    [late]                            # none by default; this one holds before nbgrader_config.py's
    percent_per_day = 10              # of the marks earned, for each day begun
    grace_hours = 1                   # as if in time
    maximum_days = 5                  # after so many days nothing is left

    [limits]                          # for every assignment; its assignment.toml goes first
    cpu_seconds = 60

    [assignments.week05_backprop]
    due = 2026-11-20T23:59:00
    groups = false                    # everybody hands in alone, whatever the roster's groups are
    extensions = { ada = "2 days", bob = 2026-11-27T12:00:00 }

All of it may be left out. A key that is not known, or whose value will not do, is an error that names the key,
what arrived and what would do; all errors of a file are told at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.assignment import given_limits
from autograder.files.tables import Table, number, read_table, text, yes_or_no

SPAN = re.compile(r"(\d+(?:\.\d+)?) ?(minute|hour|day|week)s?")


@dataclass(frozen=True)
class Late:
    """What handing in late costs, see latepolicy.py."""

    percent_per_day: float = 0
    grace_hours: float = 0
    maximum_days: float | None = None


@dataclass(frozen=True)
class Terms:
    """When an assignment is due, and for whom later."""

    due: datetime | None = None                         # UTC without saying so, as nbgrader keeps all times
    extensions: dict[str, timedelta] = field(default_factory=dict, hash=False)
    groups: bool = True                                 # do the roster's groups hand in together?


@dataclass(frozen=True)
class Settings:
    id: str = ""
    title: str = ""
    roster: str = "roster.csv"
    timezone: str = "UTC"
    late: Late | None = None
    limits: dict[str, float] = field(default_factory=dict, hash=False)
    assignments: dict[str, Terms] = field(default_factory=dict, hash=False)

    def utc(self, moment: datetime) -> datetime:
        """A time of the course as nbgrader keeps it: in UTC, without saying so."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if self.timezone == "UTC" else ZoneInfo(self.timezone))
        return moment.astimezone(UTC).replace(tzinfo=None)


def read_settings(path: Path) -> Settings:
    """The settings that the file at `path` holds; the defaults where there is no file.

    Raises:
        TableError: it is not TOML, or says what will not do.
    """
    table = read_table(path)
    settings = Settings(
        id=table.take("id", text, "a short name in quotation marks", ""),
        title=table.take("title", text, "text in quotation marks", ""),
        roster=table.take("roster", text, "a file's name in quotation marks", "roster.csv"),
        timezone=table.take("timezone", zone, 'a time zone such as "Europe/Berlin"', "UTC"),
        late=_late(table.table("late")) if "late" in table.entries else None,
        limits=given_limits(table.table("limits")),
    )
    terms = table.table("assignments", closed=False)
    settings = replace(settings, assignments={name: _terms(terms.table(name), settings) for name in terms.entries})
    table.settle(path)
    return settings


def zone(value: object) -> str:
    if value == "UTC":
        return value                    # Windows knows no other zone without the package tzdata
    try:
        return ZoneInfo(text(value)).key
    except (KeyError, OSError):         # ZoneInfoNotFoundError is a KeyError; a name that is a folder's, an OSError
        raise ValueError from None


def moment(value: object) -> datetime:
    """A time; a day alone means its end."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > len("2026-11-20") else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(23, 59, 59))
    raise ValueError


def _late(table: Table) -> Late:
    return Late(
        percent_per_day=table.take("percent_per_day", number(0, 100), "a number from 0 to 100", 0),
        grace_hours=table.take("grace_hours", number(), "a number of hours", 0),
        maximum_days=table.take("maximum_days", number(), "a number of days", None),
    )


def _terms(table: Table, settings: Settings) -> Terms:
    due = table.take("due", lambda value: settings.utc(moment(value)), "a time such as 2026-11-20T23:59:00", None)
    groups = table.take("groups", yes_or_no, "true or false", True)
    longer = table.table("extensions", closed=False)
    extensions = {}
    if longer.entries and "due" not in table.entries:
        table.wrong.append(f"{longer.name[:-1]} is there, but nothing is due; what would do is {table.name}due before")
    for student in longer.entries if due else ():
        extensions[student] = longer.take(student, lambda value: _extension(value, due, settings),
                                          'a span such as "2 days", or a later time than `due`', timedelta())
    table.close()
    return Terms(due, extensions, groups)


def _extension(value: object, due: datetime, settings: Settings) -> timedelta:
    span = SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    longer = timedelta(**{f"{span[2]}s": float(span[1])}) if span else settings.utc(moment(value)) - due
    if longer <= timedelta():
        raise ValueError
    return longer


def unknown(names: Iterable[str], settings: Settings) -> list[str]:
    """Assignments of the settings that are not among `names`, the course's, each with the name that may be meant."""
    names = list(names)
    return [f"{name} ({near[0]}?)" if (near := difflib.get_close_matches(name, names, n=1)) else name
            for name in settings.assignments if name not in names]
