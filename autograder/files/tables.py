"""Hand-written TOML, checked while it is read.

A table is asked for its keys one by one. A value that will not do, and a key that nobody asked for, are noted; all of
them are told at once, each with the key, what arrived and what would do.

    >>> table = Table({"minutes": "ninety", "titel": "Trees"})
    >>> table.take("minutes", number(), "a number", 60), table.take("title", text, "text", "")
    (60, '')
    >>> table.settle("assignment.toml")
    Traceback (most recent call last):
    autograder.files.tables.TableError: assignment.toml cannot be used:
      - minutes is "ninety"; what would do is a number
      - titel is not a key; did you mean title?
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable
from pathlib import Path


class TableError(ValueError):
    """What in a file will not do, a line for each."""


class Table:
    def __init__(self, entries: dict, name: str = "", wrong: list[str] | None = None):
        self.entries, self.name = entries, name
        self.wrong = [] if wrong is None else wrong
        self.asked: list[str] = []
        self.tables: list[Table] = []

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

    def table(self, key: str, closed: bool = True) -> Table:
        """The table under `key`, empty where there is none. One that is not closed may have any keys."""
        self.asked.append(key)
        entries = self.entries.get(key, {})
        if not isinstance(entries, dict):
            self.wrong.append(f"{self.name}{key} is {shown(entries)}; what would do is a table, [{self.name}{key}]")
            entries = {}
        inner = Table(entries, f"{self.name}{key}.", self.wrong)
        if closed:
            self.tables.append(inner)
        return inner

    def close(self) -> None:
        """Note the keys that nobody asked for, here and in the tables below."""
        for key in self.entries:
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(self.asked)}"
                self.wrong.append(f"{self.name}{key} is not a key; {hint}")
        for inner in self.tables:
            inner.close()

    def settle(self, path: Path | str) -> None:
        """Raise TableError if there is anything wrong with the table, which came from `path`."""
        self.close()
        if self.wrong:
            raise TableError(f"{path} cannot be used:\n" + "\n".join(f"  - {line}" for line in self.wrong))


def read_table(path: Path) -> Table:
    """The table in the file at `path`, to be asked for its keys; raises as `read_toml`."""
    return Table(read_toml(path))


def read_toml(path: Path) -> dict:
    """What the file at `path` holds; {} where there is no file.

    Raises:
        TableError: it is not TOML.
    """
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise TableError(f"{path} is not TOML: {trouble}") from None


def shown(value: object) -> str:
    """A value as TOML writes it, near enough to be found in the file."""
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(map(text, value))


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


def count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError
    return value
