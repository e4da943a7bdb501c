"""autograder collect: what was handed in, and what cannot be read."""

from __future__ import annotations

from rich.markup import escape

from autograder.cli.app import Loose, Name, Where, console, course_at, find, verb


@verb("autograder collect week05 --submissions ~/Downloads/week05")
def collect(name: Name, submissions: Loose = None, course: Where = None) -> None:
    """Say what was handed in and what cannot be read. Nothing is graded."""
    from autograder import collect as hand_ins

    here = course_at(course)
    name = find(here, name)
    stems = list(here.assignment(name).notebooks)
    found = hand_ins.collect_loose(submissions, name, stems) if submissions else hand_ins.collect(here, name, stems)
    for each in found:
        words = [each.reason] if each.cells is None else []
        for word in [*words, *each.notes]:
            console.print(f"{escape(each.student)}  {escape(word)}")
    unreadable = sum(each.cells is None for each in found)
    console.print(f"{len({each.student for each in found})} students, {len(found) - unreadable} notebooks to grade, "
                  f"{unreadable} that cannot be.")
