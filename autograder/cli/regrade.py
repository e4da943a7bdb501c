"""autograder regrade: a check was mended; who moves, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import Loose, Name, Where, console, course_at, find, verb


@verb("autograder regrade week05 --apply",
      stopped="Marks are as they were, or with --apply may be written in part; the same command goes on.")
def regrade(
    name: Name,
    submissions: Loose = None,
    course: Where = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Hand-ins that run at the same time.")] = 2,
    apply: Annotated[bool, typer.Option("--apply", help="Write what is told. Without it nothing is written.")] = False,
    lower: Annotated[bool, typer.Option("--allow-lower", help="Also lower marks; otherwise what would sink stays, and "
                                        "is listed.")] = False,
    kind: Annotated[str, typer.Option("--runner", help="engine: in a sandbox, judged apart. kernel: for people you "
                                      "trust.")] = "engine",
    weaker: Annotated[bool, typer.Option("--allow-weaker-sandbox", help="Grade although this machine lacks a wall of "
                                         "the sandbox; autograder doctor names it.")] = False,
) -> dict:
    """After a check is mended: grade again what was graded, and say who moves, by how much, where and why."""
    from autograder.cli.progress import following
    from autograder.regrade import regrade as run
    from autograder.runners import chosen

    here = course_at(course)
    name = find(here, name)
    written = "marks that are written already stay, and the same command goes on." if apply else "nothing was written."
    with (chosen(kind, workers, weaker) as runner,
          following(console, name, stopped=f"were graded again, aside; {written}") as tell):
        outcome = run(here, name, submissions=submissions, students=student or (), runner=runner, workers=workers,
                      lower=lower, apply=apply, tell=tell)
    who = ""
    for move in outcome.moves:
        if move.student != who:
            who = move.student
            marks = outcome.totals.get(who)
            words = f"{marks[0]:g} -> {marks[1]:g} points" if marks else "no change of marks"
            console.print(f"{escape(who)}: {words}")
        console.print(f"  {escape(move.cell)}: {_step(move)}")
        console.print(f"    was: {escape(move.was)}")
        console.print(f"    now: {escape(move.now)}")
    for other in sorted(outcome.totals.keys() - {move.student for move in outcome.moves}):
        console.print(f"{escape(other)}: {outcome.totals[other][0]:g} -> {outcome.totals[other][1]:g} points, by the "
                      "terms for late hand-ins")
    for words, students in (("handed in anew since, run autograder grade", outcome.newer),
                            ("not graded yet, run autograder grade", outcome.ungraded)):
        if students:
            console.print(f"{words}: {escape(', '.join(students))}")
    for version, count in outcome.versions.items():
        console.print(f"{count} hand-ins are of version {version} and are graded against it; mend it there, too.")
    up = sum(after > before for before, after in outcome.totals.values())
    keeping = sum(move.kept for move in outcome.moves)
    console.print(f"{outcome.regraded} hand-ins graded again: {up} students gain, {len(outcome.totals) - up} lose"
                  + (f"; {keeping} marks would sink and stay (--allow-lower)" if keeping else "") + ".")
    console.print("It is written; feedback, report and export show it when they are made anew." if outcome.written else
                  "Nothing was written; --apply does." if outcome.regraded else "Nothing has changed since.")
    return {"assignment": name, "written": outcome.written, "regraded": outcome.regraded,
            "moves": [{**asdict(move), "change": move.change} for move in outcome.moves],
            "totals": {who: {"before": before, "after": after} for who, (before, after) in outcome.totals.items()},
            "newer": outcome.newer, "ungraded": outcome.ungraded, "older_versions": outcome.versions}


def _step(move) -> str:
    words = f"{_points(move.before)} -> {_points(move.after)}"
    if move.by_hand is not None:
        return f"{words} by the test; a person gave {move.by_hand:g}, which stays"
    return f"{words} would be lower, so {_points(move.before)} stays" if move.kept else words


def _points(mark: float | None) -> str:
    return "no mark" if mark is None else f"{round(mark, 2):g}"
