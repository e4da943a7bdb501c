"""autograder release: an assignment proved, fixed under its version, and given out."""

from __future__ import annotations

from autograder.cli.app import Name, Where, course_at, find, say, verb


@verb("autograder release week05",
      stopped="Give nothing out yet; the same command does all of it.")
def release(name: Name, course: Where = None) -> dict:
    """Prove the assignment, fix it under its version, and write the students' notebook and bundle."""
    from autograder.authoring.author import build as make_source
    from autograder.authoring.author import texts
    from autograder.authoring.prove import prove, read_alternatives
    from autograder.bookkeeping.gradebook import opened, register
    from autograder.publishing.bundle import bundle as make_bundle
    from autograder.publishing.release import release as make_release

    here = course_at(course)
    name = find(here, name)
    if name in texts(here):       # one that was written in Jupyter has no list of mistakes to be proved against
        make_source(here, name)
        beside = here.root / name / "alternatives.py"
        alternatives = read_alternatives(beside.read_text(encoding="utf-8")) if beside.exists() else ()
        problems = prove(here.assignment(name), alternatives)
        if problems:
            raise ValueError(f"{name} is not proved:\n" + "\n".join(f"  - {problem}" for problem in problems))
    folder = say(make_release(here, name))
    with opened(here) as gradebook:
        register(gradebook, here.assignment(name))
    return {"assignment": name, "release": folder, "bundle": say(make_bundle(here, name))}
