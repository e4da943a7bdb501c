"""autograder forget: a person's data, removed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import Where, console, course_at, say, verb


@verb("autograder forget ada --yes",
      stopped="With --yes, some of it may be removed and some not; the same command goes on.")
def forget(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The id, as folders and gradebook have it.")],
    course: Where = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this, what would go is only listed.")] = False,
    roster: Annotated[bool, typer.Option("--roster", help="Also the line in the roster.")] = False,
) -> dict:
    """Remove a person's data everywhere: hand-ins, marks, feedback, reports, exports. Nothing brings them back."""
    from autograder.course.roster import strike
    from autograder.forget import forget as remove
    from autograder.forget import traces

    here = course_at(course)
    if yes and roster:
        strike(here.root / here.settings.roster, student)
    found = remove(here, student) if yes else traces(here, student)
    if not found:
        raise LookupError(f"nothing in {here.root} speaks of {student!r}; ids are as in {here.folders['submitted']}")
    for path in found.theirs:
        say(path, "removed " if yes else "theirs  ")
    if found.in_gradebook:
        console.print(f"{'removed ' if yes else 'theirs  '} hand-ins in the gradebook: {len(found.submissions)}, "
                      f"{escape(here.db_url)}")
    for path in found.shared:
        say(path, "made anew or removed" if yes else "made of the whole class")
    for path in found.left:
        say(path, "look here yourself: it names them")
    if not yes:
        console.print("Nothing was removed. To remove what is theirs: the same command with --yes.")
    return {"student": student, "removed": yes, "theirs": found.theirs, "gradebook": found.submissions,
            "shared": found.shared, "left": found.left, "exit": 0 if yes else 1}
