"""autograder new: an assignment to begin with, and a course where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import console, course_at, say, verb

Place = Annotated[Path | None, typer.Option("--course", metavar="DIR", help="The course's folder, made a course if it "
                                            "is none; default: the one that the working folder lies in, else this "
                                            "repository's own.")]


@verb("autograder new week09_trees --course ~/my-course",
      stopped="What it had written stays; remove that folder before the same command.")
def new(name: Annotated[str, typer.Argument(metavar="ASSIGNMENT")], course: Place = None) -> dict:
    """Write an assignment's folder with a worked example in it, and a course around it where there is none."""
    from autograder.authoring.scaffold import check_name, new_assignment, new_course

    check_name(name)
    wrote = []
    try:
        here = course_at(course)
    except FileNotFoundError:
        wrote += new_course(course, name)
        here = course_at(course)
    wrote += new_assignment(here, name)
    for path in wrote:
        say(path)
    at = f" --course {course}" if course else ""
    console.print(f"It works as it stands: autograder build {escape(name + at)}, then autograder release "
                  f"{escape(name + at)}.")
    return {"assignment": name, "course": here.root, "wrote": wrote}
