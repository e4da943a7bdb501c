"""autograder grade: hand-ins become marks."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import COULD_NOT_TELL, Loose, Name, Where, console, course_at, find, mark, verb


@verb("autograder grade week05 --submissions ~/Downloads/week05",
      stopped="What was graded is kept; the same command goes on from there.")
def grade(
    name: Name,
    submissions: Loose = None,
    course: Where = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Hand-ins that run at the same time.")] = 2,
    again: Annotated[bool, typer.Option("--again", help="Also what is graded already and has not changed.")] = False,
    strict: Annotated[bool, typer.Option("--strict-nbgrader", help="By nbgrader's own rules, its surprises "
                                         "included: a test that warns gets 0, a deleted one no mark.")] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say which marks would change.")] = False,
    kind: Annotated[str, typer.Option("--runner", help="engine: in a sandbox, judged apart. kernel: for people you "
                                      "trust.")] = "engine",
    weaker: Annotated[bool, typer.Option("--allow-weaker-sandbox", help="Grade although this machine lacks a wall of "
                                         "the sandbox; autograder doctor names it.")] = False,
    executor: Annotated[str, typer.Option(help="local: on this machine. dask: on the workers of a cluster.")] = "local",
    scheduler: Annotated[str, typer.Option(metavar="ADDRESS", help="The cluster's: tcp://HOST:PORT.")] = "",
) -> dict:
    """Grade hand-ins into nbgrader's gradebook. What is unchanged since the last run is skipped."""
    from autograder.bookkeeping.rehearsal import changes, rehearsed
    from autograder.cli.progress import course_line, following, table
    from autograder.executors import placed
    from autograder.grade import grade as run

    here = course_at(course)
    name = find(here, name)
    aside = {"stopped": "were tried, and nothing was written: this was a dry run."} if dry else {}
    with (placed(executor, kind, workers=workers, weaker=weaker, scheduler=scheduler,
                 tell=lambda words: console.print(escape(words))) as place,
          rehearsed(here, name) if dry else nullcontext(here) as at, following(console, name, **aside) as tell):
        records = run(at, name, submissions=submissions, students=student or (), again=again, strict=strict, tell=tell,
                      **place)
        changed = changes(here, at, name) if dry else []
    if not records:
        where = submissions or here.folder("submitted", name, "STUDENT")
        raise FileNotFoundError(f"there are no hand-ins of {name} in {where}")
    console.print(table(records))
    if dry:
        for line in changed:
            console.print(escape(line))
        console.print(f"{len(changed)} marks would change. This was a dry run: nothing was written.")
    console.print(course_line(records))
    if strict and not submissions and not student:
        unseen = sorted(set(here.students(name)) - {record.student for record in records})
        if unseen:
            console.print(escape(f"nbgrader does not see folders without a notebook: {', '.join(unseen)}"))
    untold = sum(verdict.status == "could_not_tell" for record in records for verdict in record.all_verdicts)
    if untold:
        console.print(f"The grader could not tell {untold} cells; autograder report {name} lists them.")
    return {"assignment": name, "students": [mark(record) for record in records], "could_not_tell": untold,
            **({"changes": changed} if dry else {}), "exit": COULD_NOT_TELL if untold else 0}
