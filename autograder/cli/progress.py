"""What a terminal shows while a class is graded, and afterwards."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from autograder.bookkeeping.record import Record
from autograder.job import ASIDE, STOCK

LATELY = 50         # hand-ins that the pace is drawn from
LONGEST = 100       # signs of a reason in the line about a course


class Stopped(RuntimeError):
    """Somebody pressed Ctrl-C; the message says what is done, and how to go on."""


class Pace:
    """How fast it goes: hand-ins in a second, lately, and how long the rest takes at that pace."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self.clock, self.began = clock, clock()
        self.done = self.of = self.fresh = 0
        self.lately: deque[float] = deque([self.began], maxlen=LATELY)     # when the last ones ended

    def note(self, of: int, fresh: bool) -> None:
        self.done, self.of = self.done + 1, of
        if fresh:       # what was skipped says nothing of those that will not be
            self.fresh += 1
            self.lately.append(self.clock())

    @property
    def rate(self) -> float:
        took = self.clock() - self.lately[0]
        return (len(self.lately) - 1) / took if took > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds, if all that is left has to be run; None before the first has ended."""
        return (self.of - self.done) / self.rate if self.rate else None

    def in_words(self) -> str:
        left = f", {_span(self.left)} left" if self.left is not None and self.done < self.of else ""
        return f"{self.done} of {self.of}, {self.rate:.1f} a second{left}"

    def summary(self) -> str:
        skipped = f", {self.done - self.fresh} were unchanged" if self.done > self.fresh else ""
        return f"{self.fresh} hand-ins graded in {_span(self.clock() - self.began)}{skipped}"


@contextmanager
def following(console: Console, name: str, every: float = 5.0, stopped: str = "are graded and kept. The same command "
              "goes on from there.") -> Iterator[Callable[[Record, int, bool], None]]:
    """A progress bar on a terminal; in a log a line every few seconds. What it yields is grade's `tell`.

    `stopped` says what became of those that were done when Ctrl-C came.

    Raises:
        Stopped: Ctrl-C.
    """
    pace = Pace()
    try:
        with (_bar if console.is_terminal else _lines)(console, name, pace, every) as show:
            def tell(record: Record, of: int, fresh: bool) -> None:
                pace.note(of, fresh)
                show(record)

            yield tell
    except KeyboardInterrupt:
        raise Stopped(f"stopped; {pace.done} of {pace.of} hand-ins of {name} {stopped}" if pace.done else
                      f"stopped before the first hand-in of {name} was graded; nothing was written.") from None
    if pace.done:
        console.print(pace.summary())


@contextmanager
def _bar(console: Console, name: str, pace: Pace, every: float) -> Iterator[Callable[[Record], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"grading {name}", total=None, pace="")
        yield lambda record: bar.update(task, total=pace.of, completed=pace.done, pace=pace.in_words(),
                                        description=f"grading {name}: {escape(record.student)}")


@contextmanager
def _lines(console: Console, name: str, pace: Pace, every: float) -> Iterator[Callable[[Record], None]]:
    last = pace.began

    def show(record: Record) -> None:
        nonlocal last
        if pace.clock() - last >= every:
            last = pace.clock()
            console.print(f"{name}: {pace.in_words()}")

    yield show


def _span(seconds: float) -> str:
    """So many seconds as people say it.

    >>> _span(7.4), _span(192), _span(7500)
    ('7 s', '3 min 12 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def table(records: list[Record]) -> Table:
    """The marks of a class, a row for each hand-in."""
    made = Table("student", title=None, box=None, pad_edge=False)
    made.add_column("marks", justify="right")
    made.add_column("of", justify="right")
    made.add_column("lost in", overflow="fold")
    for record in records:
        reasons = list(record.unreadable.values())
        lost = [verdict.cell.removeprefix("test-") + ("?" if verdict.status == "could_not_tell" else "")
                for verdict in record.all_verdicts if verdict.status != "passed"]
        whole = lost and len(lost) == len(record.all_verdicts)
        words = reasons[0] if reasons else "everything" if whole else ", ".join(lost)
        made.add_row(escape(record.student), f"{round(record.score, 2):g}", f"{record.max_score:g}", escape(words))
    return made


def course_line(records: list[Record]) -> str:
    """How a course's cells were judged: apart from students' code or beside it and why, and where nbgrader differs."""
    verdicts = [(stem, verdict) for record in records for stem, theirs in record.verdicts.items() for verdict in theirs
                if stem not in record.unreadable]
    cells = {(stem, verdict.cell) for stem, verdict in verdicts}
    untold = {(stem, verdict.cell) for stem, verdict in verdicts if verdict.status == "could_not_tell"}
    apart = {(stem, verdict.cell) for stem, verdict in verdicts if verdict.tamper_proof} - untold
    said = [(stem, verdict.cell, note) for stem, verdict in verdicts for note in verdict.notes]
    reasons = sorted({f"{cell} ({shorten(note.removeprefix(ASIDE), LONGEST)})" for _, cell, note in said
                      if note.startswith(ASIDE)})
    differing = Counter(note for *_, note in said if note.startswith(STOCK))
    words = [f"{len(apart)} of {len(cells)} test cells judged apart from students' code"]
    words += [f"{len(cells) - len(apart) - len(untold)} beside it" + (f": {'; '.join(reasons)}" if reasons else "")]
    words += [f"{len(untold)} not for everybody: {', '.join(sorted(cell for _, cell in untold))}"] if untold else []
    words += [f"{sum(differing.values())} marks that stock nbgrader gives otherwise"
              + "".join(f"; {count} x {note}" for note, count in differing.most_common())]
    return ". ".join(words)
