"""autograder feedback: a page for each student."""

from __future__ import annotations

from autograder.cli.app import Name, Where, course_at, find, say, verb


@verb("autograder feedback week05",
      stopped="Each page is whole, but may be the one of before; the same command writes all.")
def feedback(name: Name, course: Where = None) -> dict:
    """Write a page for each student: the smallest failing case, the hint, the marks."""
    from autograder.feedback import feedback as make

    here = course_at(course)
    name = find(here, name)
    pages = make(here, name)
    if not pages:
        raise FileNotFoundError(f"nothing of {name} is graded yet: run autograder grade {name}")
    say(here.folder("feedback", name).parent, f"{len(pages)} pages in")
    return {"pages": pages}
