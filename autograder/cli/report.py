"""autograder report: a page for the class."""

from __future__ import annotations

from autograder.cli.app import Name, Where, course_at, find, say, verb


@verb("autograder report week05",
      stopped="The report of before, if there was one, is still there; the same command writes the new one.")
def report(name: Name, course: Where = None) -> dict:
    """Write the class page: marks, hardest questions, misconceptions, what the grader could not tell."""
    from autograder.report import report as make

    here = course_at(course)
    return {"report": say(make(here, find(here, name)))}
