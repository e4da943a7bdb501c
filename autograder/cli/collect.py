"""autograder collect: what an LMS hands over, filed, and who is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import Name, Where, console, course_at, find, verb
from autograder.course.roster import Student, glued, plain

Delivered = Annotated[Path | None, typer.Option("--submissions", metavar="PATH", help="What the LMS gave: Moodle's or "
                                                "Canvas's zip file or folder, nbgrader's inbound folder, or any folder "
                                                "of notebooks. Without it: what has been collected already.")]
Times = Annotated[Path | None, typer.Option("--times", metavar="CSV", help="When people handed in: Moodle's grading "
                                            "worksheet, or a table with columns id and submitted_at.")]


@verb("autograder collect week05 --submissions ~/Downloads/week05.zip",
      stopped="Each hand-in that is filed is whole; the same command files the rest.")
def collect(name: Name, submissions: Delivered = None, times: Times = None, course: Where = None) -> dict:
    """File what was handed in, and say who is missing, late, doubled, unreadable or unknown. Nothing is graded."""
    from autograder.course.settings import unknown
    from autograder.intake.filing import earlier_folder, file_all
    from autograder.intake.inbox import deliveries
    from autograder.intake.rollcall import call
    from autograder.intake.worksheet import read_worksheet

    here = course_at(course)
    name = find(here, name)
    stems = list(here.assignment(name).notebooks)
    worksheet = read_worksheet(times, here.settings) if times else None
    delivered = deliveries(here, name, stems, submissions, worksheet) if submissions else []
    filed = file_all(here, name, stems, delivered)
    found = call(here, name, stems, filed, delivered)
    roster = here.settings.roster
    people = {student.id: student for student in here.roster()}
    if not people:
        console.print(f"{escape(str(here.root / roster))} names nobody: students are called as their hand-ins are, and "
                      "nobody can be told missing.")
    if submissions and not delivered:
        console.print(f"There is no hand-in in {escape(str(submissions))}: it should hold notebooks, or folders or zip "
                      "files with notebooks in them, named by student.")
    elif submissions:
        console.print(f"{len(delivered)} hand-ins, named as {_counted(each.claims[0].scheme for each in delivered)}; "
                      f"filed: {_counted(each.state for each in filed)}.")
    for each in unknown(here.assignments(), here.settings):
        console.print(f"course.toml has terms for {escape(each)}, which is no assignment of this course.")
    for words, students in [
        ("missing", found.missing and [", ".join(_called(people[who]) for who in found.missing)]),
        ("unknown, and not filed", [f"{who!r}: {_why_nobody(people.values(), who, roster)}" for who in found.unknown]),
        ("not in the roster", found.strangers and [", ".join(found.strangers)]),
        ("late", [f"{student}{_how_late(seconds)}" for student, seconds in found.late.items()]),
        ("doubled", [f"{student}: {count} more in {earlier_folder(here, name) / student}"
                     for student, count in found.doubled.items()]),
        ("unreadable", [f"{student}: {' '.join(why)}" for student, why in found.unreadable.items()]),
        ("noted", [f"{student}: {' '.join(notes)}" for student, notes in found.notes.items()]),
    ]:
        for student in students:
            console.print(f"{words + ':':<14} {escape(student)}")
    if found.untimed:
        console.print(f"{len(found.untimed)} without a time of handing in, who count as in time; --times takes the "
                      "LMS's list of times.")
    console.print(f"{len(found.handed_in)} students, {len(found.unreadable)} of them unreadable."
                  if found.handed_in or submissions else
                  f"Nothing of {escape(name)} is collected yet; --submissions takes what the LMS gave.")
    return {"assignment": name, **asdict(found), "filed": {each.student: each.state for each in filed}}


def _called(student: Student) -> str:
    return f"{student.id} ({student.name})" if student.name and plain(student.name) != plain(student.id) else student.id


def _why_nobody(people: Iterable[Student], who: str, roster: str) -> str:
    """Why a name in the delivery is nobody's.

    >>> _why_nobody([Student("a1", "Ada Example"), Student("a2", "Example, Ada")], "Ada Example", "roster.csv")
    "a1, a2 in roster.csv are called so; --times with the LMS's list may tell them apart"
    """
    of_name = [student.id for student in people if glued(student.name) & glued(who) or plain(student.id) == plain(who)]
    if len(of_name) > 1:
        return f"{', '.join(of_name)} in {roster} are called so; --times with the LMS's list may tell them apart"
    return f"nobody in {roster} is called so"


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{word} ({count})" for word, count in Counter(words).most_common()) or "nothing"


def _how_late(seconds: float) -> str:
    """How late in words; nothing where only the LMS says that it is.

    >>> _how_late(93_700), _how_late(50), _how_late(0)
    (': 1 day 2 h', ': 1 min', ': how late, the LMS does not say')
    """
    if not seconds:
        return ": how late, the LMS does not say"
    minutes = -(-int(seconds) // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [f"{days} day{'s' * (days > 1)}" if days else "", f"{hours} h" if hours else "",
             f"{minutes} min" if minutes and not days else ""]
    return ": " + " ".join(filter(None, parts))
