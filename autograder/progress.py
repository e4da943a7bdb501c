"""What a terminal shows while a class is graded, and afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder.job import ASIDE, STOCK
from autograder.record import Record


@contextmanager
def following(console: Console, name: str) -> Iterator:
    """A progress bar; what it yields is grade's `tell`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"grading {name}", total=None)

        def tell(record: Record, of: int, fresh: bool) -> None:
            bar.update(task, total=of, advance=1, description=f"grading {name}: {escape(record.student)}")

        yield tell


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
    reasons = sorted({f"{cell} ({note.removeprefix(ASIDE).strip()})" for _, cell, note in said
                      if note.startswith(ASIDE)})
    differing = Counter(note for *_, note in said if note.startswith(STOCK))
    words = [f"{len(apart)} of {len(cells)} test cells judged apart from students' code"]
    words += [f"{len(cells) - len(apart) - len(untold)} beside it" + (f": {'; '.join(reasons)}" if reasons else "")]
    words += [f"{len(untold)} not for everybody: {', '.join(sorted(cell for _, cell in untold))}"] if untold else []
    words += [f"{sum(differing.values())} marks that stock nbgrader gives otherwise"
              + "".join(f"; {count} x {note}" for note, count in differing.most_common())]
    return ". ".join(words)
