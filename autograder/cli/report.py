"""autograder report: a page for the class."""

from __future__ import annotations

from autograder.cli.app import Name, Where, app, course_at, find, say


@app.command(epilog="Example: autograder report week05")
def report(name: Name, course: Where = None) -> None:
    """Write the class page: marks, hardest questions, misconceptions, what the grader could not tell."""
    from autograder.report import report as make

    here = course_at(course)
    say(make(here, find(here, name)))
