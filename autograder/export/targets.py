"""Where an assignment can go, by name: marks to an LMS, a quiz to a question bank."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.course import Course
from autograder.export.canvas import canvas
from autograder.export.grades import Exported, grades
from autograder.export.gradescope import gradescope
from autograder.export.moodle import moodle
from autograder.export.moodlexml import moodle_xml
from autograder.export.qti import qti
from autograder.export.quizzes import asked
from autograder.export.stock import nbgrader_csv

SUFFIXES = {"canvas": ".csv", "moodle": ".csv", "nbgrader": ".csv", "gradescope": "",      # marks
            "moodle-xml": ".xml", "qti": ".zip"}                                           # quizzes
FILLED_IN = ("canvas", "moodle")        # that fill in a file which the LMS gave


def export(course: Course, name: str, target: str, to: Path | None = None, given: Path | None = None,
           students: Iterable[str] = ()) -> Exported:
    """Write assignment `name` for `target` to `to`, by default beside the course's reports.

    given       the file that Canvas or Moodle gave for download, to be filled in
    students    for Gradescope: only these

    Raises:
        ValueError: there is no such target, or it does not go with what was given.
        FileNotFoundError: nothing is graded yet, or there is no quiz.
    """
    if target not in SUFFIXES:
        raise ValueError(f"--to is one of {', '.join(SUFFIXES)}; received {target!r}")
    if given and target not in FILLED_IN:
        raise ValueError(f"--template goes with {' and '.join(FILLED_IN)}; {target} fills in no file")
    if students and target != "gradescope":
        raise ValueError(f"--student goes with gradescope, whose files are one for each hand-in; {target} takes all")
    to = to or export_path(course, name, target)
    match target:
        case "canvas":
            return canvas(grades(course, name), name, to, given)
        case "moodle":
            return moodle(grades(course, name), name, to, given)
        case "nbgrader":
            return nbgrader_csv(course, name, to)
        case "gradescope":
            return gradescope(course, grades(course, name), name, to, students)
        case "moodle-xml":
            return moodle_xml(asked(course, name), f"{course.title}/{name}", to)
        case "qti":
            return qti(asked(course, name), name, to)


def export_path(course: Course, name: str, target: str) -> Path:
    return course.root / Path(course.folders["autograded"]).parent / "export" / f"{name}-{target}{SUFFIXES[target]}"
