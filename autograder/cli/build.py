"""autograder build: notebooks and lectures from their text."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.app import Where, course_at, find, say, verb


@verb("autograder build week05",
      stopped="What it had written stays; the same command does all of it.")
def build(name: Annotated[str, typer.Argument(metavar="[ASSIGNMENT]")] = "", course: Where = None) -> dict:
    """Make the source notebooks and lectures from their text, and the students' notebooks from those."""
    from autograder.authoring.author import texts
    from autograder.authoring.lecture import build_lectures
    from autograder.publishing.release import generate

    here = course_at(course)
    names = [find(here, name)] if name else texts(here)
    lectures = [say(path) for path in build_lectures(here.root.parent)]
    return {"lectures": lectures, "releases": [say(generate(here, each)) for each in names]}
