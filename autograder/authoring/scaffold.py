"""A new assignment, and a course around it where there is none: files that work as they stand, to be changed.

    <course>/course.toml, nbgrader_config.py, roster.csv, .gitignore
             week09_x/week09_x.py        text with an exercise, a question and a written answer
                      assignment.toml, exercises.toml, quiz.toml, alternatives.py
"""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.course.course import MARKS, Course
from autograder.exercise.reference import LIBRARY

TEMPLATES = Path(__file__).with_name("new")
SETTINGS = LIBRARY.parent / "assignments" / "nbgrader_config.py"       # one for all courses: it names no course


def new_course(root: Path, name: str) -> list[Path]:
    """Make the folder `root` a course, whose first assignment will be `name`; returns the files written.

    Raises:
        FileExistsError: it is one already.
    """
    there = [mark for mark in MARKS if (root / mark).exists()]
    if there:
        raise FileExistsError(f"{root} is a course already: it has a {there[0]}")
    about = {"id": slug(root.resolve().name), "title": words(root.resolve().name), "name": name}
    return [
        _write(root / "course.toml", "course.toml", about),
        _write(root / ".gitignore", "gitignore", about),
        _write(root / "roster.csv", "roster.csv", about),
        _new(root / "nbgrader_config.py", SETTINGS.read_text(encoding="utf-8")),
    ]


def new_assignment(course: Course, name: str) -> list[Path]:
    """Write the folder of assignment `name`; returns the files written.

    Raises:
        ValueError: the name will not do.
        FileExistsError: there is such a folder.
    """
    check_name(name)
    folder = course.root / name
    if folder.exists():
        raise FileExistsError(f"{folder} is there already; a new assignment needs a name of its own")
    about = {"name": name, "title": words(name)}
    return [_write(folder / (f"{name}.py" if file == "text.py" else file), file, about)
            for file in ("text.py", "assignment.toml", "exercises.toml", "quiz.toml", "alternatives.py")]


def check_name(name: str) -> None:
    """Raise ValueError unless `name` can be an assignment's: it becomes a folder's, a file's and a wheel's name."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*", name):
        raise ValueError(f"an assignment's name is letters and digits with single _ or - between, such as "
                         f"week09_trees; received {name!r}")


def words(name: str) -> str:
    """A title for a name, to begin with.

    >>> words("week09_decision_trees"), words("neural-networks")
    ('Week 9 · Decision trees', 'Neural networks')
    """
    named = re.fullmatch(r"week0*(\d+)[_-](.+)", name)
    if named:
        return f"Week {named[1]} · {words(named[2])}"
    plain = re.sub(r"[\s_-]+", " ", name).strip()
    return plain[:1].upper() + plain[1:]


def slug(name: str) -> str:
    """A name as a course's id."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "course"


def _write(path: Path, template: str, about: dict[str, str]) -> Path:
    loader = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True)
    return _new(path, loader.get_template(f"{template}.txt").render(about))


def _new(path: Path, text: str) -> Path:
    """Write a file that is not there yet; one that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(text, encoding="utf-8", newline="\n")
    return path
