"""`--dry-run`: the same run on a copy, and what it would change in the gradebook.

    with rehearsed(course) as copy:
        grade(copy, name)
        for line in changes(course, copy, name): ...

The copy has its own gradebook, autograded folder and records; hand-ins and sources are the course's own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.move import moved
from autograder.bookkeeping.record import records_folder
from autograder.course import Course


@contextmanager
def rehearsed(course: Course, name: str) -> Iterator[Course]:
    """A course to grade `name` in without a trace.

    Raises:
        OSError, RuntimeError: the gradebook, which is copied, cannot be reached.
    """
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as top:
        copy = Path(top, "gradebook.db")
        if _is_there(course):
            moved(course.db_url, f"sqlite:///{copy}")
        aside = replace(course, db_url=f"sqlite:///{copy}",
                        folders=course.folders | {"autograded": str(Path(top, "autograded"))})
        for step in ("verdicts", "autograded"):
            place = {"verdicts": records_folder(course, name).parent,
                     "autograded": course.root / course.folders["autograded"]}[step]
            if place.is_dir():
                shutil.copytree(place, Path(top, step))
        yield aside


def changes(before: Course, after: Course, name: str) -> list[str]:
    """What differs in the two gradebooks, cell by cell, in words."""
    old, new = _marks(before, name), _marks(after, name)
    return [f"{student}  {notebook}  {cell}: {_words(old.get((student, notebook, cell)))} -> {_words(mark)}"
            for (student, notebook, cell), mark in new.items() if old.get((student, notebook, cell)) != mark]


def _marks(course: Course, name: str) -> dict[tuple[str, str, str], tuple]:
    if not _is_there(course):
        return {}
    with books.opened(course) as gradebook:
        if name not in {assignment.name for assignment in gradebook.assignments}:
            return {}
        found = {}
        for submission in gradebook.assignment_submissions(name):
            for theirs in submission.notebooks:
                for grade in theirs.grades:
                    found[submission.student.id, theirs.name, grade.name] = grade.score, grade.needs_manual_grade
                found[submission.student.id, theirs.name, "late penalty"] = theirs.late_submission_penalty or 0, False
    return dict(sorted(found.items()))


def _is_there(course: Course) -> bool:
    """Is there a gradebook yet?"""
    url = make_url(course.db_url)
    return url.get_backend_name() != "sqlite" or Path(url.database).is_file()


def _words(mark: tuple | None) -> str:
    return "nothing" if mark is None else f"{mark[0]:g}{' (to be marked by hand)' if mark[1] else ''}"
