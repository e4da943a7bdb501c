"""autograder sample: a made-up class that hands in."""

from __future__ import annotations

from autograder.cli.app import Name, Where, course_at, find, say, verb


@verb("autograder sample week01",
      stopped="What it had written stays; the same command does all of it.")
def sample(name: Name, course: Where = None) -> dict:
    """Hand in a made-up class: correct, mistaken, half done, and broken in every way that real ones are."""
    from autograder.sampleclass.sample import hand_in, sample_class

    here = course_at(course)
    name = find(here, name)
    made = sample_class(here, name)
    return {"students": len(made), "folder": say(hand_in(here, name, made), f"{len(made)} hand-ins in")}
