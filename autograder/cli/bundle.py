"""autograder bundle: the zip file that students get."""

from __future__ import annotations

from autograder.cli.app import Name, Where, course_at, find, say, verb


@verb("autograder bundle week05",
      stopped="Give out no zip file yet; the same command writes it whole.")
def bundle(name: Name, course: Where = None) -> dict:
    """Write the zip file that students get: notebook, library without this week's functions, a page to start from."""
    from autograder.publishing.bundle import bundle as make

    here = course_at(course)
    return {"bundle": say(make(here, find(here, name)))}
