"""What a terminal shows while a class is graded, and afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

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
