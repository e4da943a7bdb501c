"""The main job, once, on a class that is made up: what `make demo` shows."""

from __future__ import annotations

import fnmatch
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from autograder.authoring.author import texts
from autograder.authoring.lecture import build_lectures
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.record import Record, records_folder
from autograder.cli.progress import following, table
from autograder.course import Course
from autograder.feedback import feedback
from autograder.grade import grade
from autograder.publishing.bundle import bundle
from autograder.publishing.release import generate
from autograder.report import report
from autograder.runners import for_made_up_class
from autograder.sampleclass.sample import hand_in, sample_class

MADE_UP = "s[0-9][0-9][0-9]-*"      # the students of sample.py


def demo(course: Course, name: str, console: Console, workers: int = 2) -> list[Record]:
    """Build every week, release it, and grade a sample class of assignment `name`; returns the records."""
    clear(course, name)
    with step(console, "lectures from their text"):
        build_lectures(course.root.parent)
    for each in texts(course):
        with step(console, f"{each}: source notebook, students' notebook, bundle"):
            generate(course, each)      # a demonstration fixes no version
            bundle(course, each)
    with step(console, f"{name}: a sample class hands in"):
        made = sample_class(course, name)
        submitted = hand_in(course, name, made)
    console.print(f"  {len(made)} hand-ins: correct in several styles, known mistakes, half done, broken in many ways")
    with (step(console, f"{name}: graded"), for_made_up_class(workers, console.print) as runner,
          following(console, name, stopped="are graded. The same command begins anew.") as tell):
        records = grade(course, name, runner=runner, workers=workers, tell=tell)
    with step(console, f"{name}: feedback for each student, a report for the class"):
        pages = feedback(course, name)
        overview = report(course, name)
    console.print(table(records))
    deserved = {sample.student: sample.expected for sample in made}
    missed = {record.student: words for record in records if (words := deserved[record.student].missed(record))}
    console.print(f"{len(records) - len(missed)} of {len(made)} hand-ins got exactly what they deserve.")
    for student, words in missed.items():
        console.print(f"  {escape(student)}: {escape('; '.join(words))}")
    for words, path in [
        ("the class", overview),
        ("a student's feedback", next((page for page in pages if "forgotten" in str(page)), pages[0])),
        ("hand-ins", submitted),
        ("executed notebooks", course.folder("autograded", name).parent),
        ("what students get", course.root / "build" / "bundles"),
        ("nbgrader's gradebook", course.db_url.removeprefix("sqlite:///")),
    ]:
        console.print(f"{words:>22}  {escape(str(path))}", soft_wrap=True)
    return records


def clear(course: Course, name: str) -> None:
    """Remove the made-up hand-ins of an earlier demo, and nobody else's: theirs are called s001-..., s002-... ."""
    for stage in ("submitted", "autograded", "feedback"):
        for path in course.folder(stage, name).parent.glob(MADE_UP):
            shutil.rmtree(path, ignore_errors=True)
    for path in records_folder(course, name).glob(MADE_UP):
        path.unlink()
    with books.opened(course) as gradebook:
        students = [submission.student.id for submission in gradebook.assignment_submissions(name)]
        for student in fnmatch.filter(students, MADE_UP):
            gradebook.remove_submission(name, student)


@contextmanager
def step(console: Console, words: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    began = time.monotonic()
    if console.is_terminal:
        console.print(f"     ... {words}", end="\r")
    yield
    console.print(f"{time.monotonic() - began:6.1f} s  {words}")
