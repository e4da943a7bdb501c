"""autograder gradebook: the gradebook into another database, or into a file and back."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import Where, console, course_at, verb


@verb("autograder gradebook --to sqlite:///backup.db",
      stopped="The gradebook is as it was, and nothing of it arrived; the same command begins anew.")
def gradebook(
    to: Annotated[str, typer.Option(metavar="URL", help="A new or empty database: sqlite:///FILE, or "
                                    "postgresql+psycopg://USER@HOST/NAME (its password: PGPASSWORD or ~/.pgpass).")],
    source: Annotated[str | None, typer.Option("--from", metavar="URL", help="By default the course's own.")] = None,
    course: Where = None,
) -> dict:
    """Copy a gradebook row for row and compare: a move to PostgreSQL and back, a backup, a backup put back."""
    from autograder.bookkeeping.lock import held
    from autograder.bookkeeping.move import moved

    here = course_at(course)
    with held(here):
        counts = moved(source or here.db_url, to)
    for table, rows in counts.items():
        console.print(f"{rows:>9} {escape(table)}")
    console.print(f"{sum(counts.values())} rows arrived, each as it was. A course uses another gradebook when its "
                  "nbgrader_config.py says so: c.CourseDirectory.db_url")
    return {"rows": counts}
