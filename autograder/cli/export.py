"""autograder export: marks and quizzes for other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import Name, Where, console, course_at, find, say, verb


@verb("autograder export week05 --to canvas --template ~/Downloads/grades.csv",
      stopped="A file that is there is whole, but may be the one of before; the same command writes all.")
def export(
    name: Name,
    target: Annotated[str, typer.Option("--to", help="Marks: canvas, moodle, nbgrader (CSV), gradescope "
                                        "(results.json). The quiz: moodle-xml, qti (2.1).")],
    output: Annotated[Path | None, typer.Option("--output", metavar="PATH", help="Where to; default: a file in the "
                                                "course's build/export.")] = None,
    given: Annotated[Path | None, typer.Option("--template", metavar="CSV", help="What Canvas or Moodle gave for "
                                               "download; its column is filled in.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="For gradescope, only this student; may be "
                                                      "repeated.")] = None,
    course: Where = None,
) -> dict:
    """Write marks for an LMS, or the quiz for its question bank, and say what the format cannot carry."""
    from autograder.export import export as run

    here = course_at(course)
    name = find(here, name)
    done = run(here, name, target, output, given, student or ())
    for path in done.paths[:3]:
        say(path)
    if len(done.paths) > 3:
        console.print(f"... and {len(done.paths) - 3} more in {escape(str(done.paths[0].parent.parent))}")
    for note in done.notes:
        console.print(f"Note: {escape(note)}")
    return {"assignment": name, "to": target, "files": done.paths, "notes": done.notes}
