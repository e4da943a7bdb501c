"""autograder demo: all of it once, on a made-up class."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.app import Where, console, course_at, find, mark, verb


@verb("autograder demo --assignment week01",
      stopped="The same command begins anew.")
def demo(
    assignment: Annotated[str, typer.Option(help="Which week's class is graded.")] = "week01",
    course: Where = None,
    workers: Annotated[int, typer.Option(min=1, help="Hand-ins that run at the same time.")] = 2,
) -> dict:
    """Do all of it once: build, release, a sample class, grades, feedback, the report."""
    from autograder.cli.demonstration import demo as show

    here = course_at(course)
    records = show(here, find(here, assignment), console, workers)
    return {"students": [mark(record) for record in records]}
