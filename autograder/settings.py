"""What a course's course.toml says, checked while it is read.

    id = "nn-2026"                    # public; students' own numbers in quizzes are drawn from it
    title = "Neural networks"
    roster = "roster.csv"             # who takes the course, see roster.py
    timezone = "Europe/Berlin"        # of times that name none: in this file, and in what Moodle packs

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
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.assignment import Limits

SPAN = re.compile(r"(\d+(?:\.\d+)?) ?(minute|hour|day|week)s?")


class SettingsError(ValueError):
    """What in a course.toml will not do, a line for each."""


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
        SettingsError: it is not TOML, or says what will not do.
    """
    if not path.exists():
        return Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise SettingsError(f"{path} is not TOML: {trouble}") from None
    sheet = Sheet(table)
    settings = Settings(
        id=sheet.take("id", text, "a short name in quotation marks", ""),
        title=sheet.take("title", text, "text in quotation marks", ""),
        roster=sheet.take("roster", text, "a file's name in quotation marks", "roster.csv"),
        timezone=sheet.take("timezone", zone, 'a time zone such as "Europe/Berlin"', "UTC"),
        late=_late(sheet.table("late")) if "late" in table else None,
        limits=_limits(sheet.table("limits")),
    )
    terms = sheet.table("assignments", closed=False)
    settings = Settings(**{each.name: getattr(settings, each.name) for each in fields(Settings)} | {
        "assignments": {name: _terms(terms.table(name), settings) for name in terms.entries}})
    sheet.close()
    if sheet.wrong:
        raise SettingsError(f"{path} cannot be used:\n" + "\n".join(f"  - {line}" for line in sheet.wrong))
    return settings


class Sheet:
    """A table of TOML that is asked for its keys one by one; what will not do, and what was not asked for, is noted."""

    def __init__(self, entries: dict, name: str = "", wrong: list[str] | None = None):
        self.entries, self.name = entries, name
        self.wrong = [] if wrong is None else wrong
        self.asked: list[str] = []
        self.tables: list[Sheet] = []

    def take(self, key: str, kind: Callable, wanted: str, default: object) -> object:
        """The value of `key`, as `kind` makes it of what is there; `kind` raises ValueError where it will not do."""
        self.asked.append(key)
        if key not in self.entries:
            return default
        try:
            return kind(self.entries[key])
        except ValueError:
            self.wrong.append(f"{self.name}{key} is {shown(self.entries[key])}; what would do is {wanted}")
            return default

    def table(self, key: str, closed: bool = True) -> Sheet:
        """The table under `key`, empty where there is none. One that is not closed may have any keys."""
        self.asked.append(key)
        entries = self.entries.get(key, {})
        if not isinstance(entries, dict):
            self.wrong.append(f"{self.name}{key} is {shown(entries)}; what would do is a table, [{self.name}{key}]")
            entries = {}
        inner = Sheet(entries, f"{self.name}{key}.", self.wrong)
        if closed:
            self.tables.append(inner)
        return inner

    def close(self) -> None:
        """Note the keys that nobody asked for, here and in the tables below."""
        for key in self.entries.keys() - set(self.asked):
            near = difflib.get_close_matches(key, self.asked, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(self.asked)}"
            self.wrong.append(f"{self.name}{key} is not a key; {hint}")
        for inner in self.tables:
            inner.close()


def shown(value: object) -> str:
    """A value as TOML writes it, near enough to be found in the file."""
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def number(least: float = 0, most: float = float("inf")) -> Callable[[object], float]:
    def of(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueError
        return value
    return of


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


def _late(sheet: Sheet) -> Late:
    return Late(
        percent_per_day=sheet.take("percent_per_day", number(0, 100), "a number from 0 to 100", 0),
        grace_hours=sheet.take("grace_hours", number(), "a number of hours", 0),
        maximum_days=sheet.take("maximum_days", number(), "a number of days", None),
    )


def _limits(sheet: Sheet) -> dict[str, float]:
    given = {each.name: sheet.take(each.name, number(least=1), "a number above 0", None) for each in fields(Limits)}
    return {name: value for name, value in given.items() if value is not None}


def _terms(sheet: Sheet, settings: Settings) -> Terms:
    due = sheet.take("due", lambda value: settings.utc(moment(value)), "a time such as 2026-11-20T23:59:00", None)
    groups = sheet.take("groups", yes_or_no, "true or false", True)
    longer = sheet.table("extensions", closed=False)
    extensions = {}
    if longer.entries and "due" not in sheet.entries:
        sheet.wrong.append(f"{longer.name[:-1]} is there, but nothing is due; what would do is {sheet.name}due before")
    for student in longer.entries if due else ():
        extensions[student] = longer.take(student, lambda value: _extension(value, due, settings),
                                          'a span such as "2 days", or a later time than `due`', timedelta())
    sheet.close()
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
