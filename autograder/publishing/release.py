"""The students' version of an assignment: made by nbgrader, then searched for whatever would give it away.

    generate    <course>/release/<name>/, rebuilt as often as the author likes
    release     the same, and from now on this version is fixed: <course>/versions/<name>/<n>.json

Hand-ins of a version are graded against that version, so what students were shown may not change under its
number. What they never saw, a hidden test or a hint, may: that is how a bad check is mended.
"""

from __future__ import annotations

import copy
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.authoring.author import build, texts
from autograder.authoring.notebook import write
from autograder.course import Course
from autograder.course.issuing import with_usual_delimiters
from autograder.files.tables import read_toml
from autograder.publishing.leaks import leaks


class Leak(Exception):
    """A release would tell students what they are to find out."""


class Changed(Exception):
    """A released version would change under its number."""


def generate(course: Course | Path | str, name: str) -> Path:
    """Write release/<name>/ from the text, or from source notebooks where there is no text; returns the folder.

    The same sources give the same bytes. Nothing is written when something leaks.

    Raises:
        Leak: the students' version holds a solution, a hidden test, ...; the message lists every one.
        RuntimeError: nbgrader would not make the students' version; the message is its own.
    """
    course = course if isinstance(course, Course) else Course.find(course)
    if name in texts(course):
        build(course, name)
    assignment = course.assignment(name)
    sheet = read_toml(course.root / name / "assignment.toml")
    target = course.folder("release", name)
    # nbgrader's folders hang together by its directory_structure, so the scratch folder lies in the course too.
    with tempfile.TemporaryDirectory(dir=course.root, prefix=".release-") as scratch:
        staging = replace(course, folders={**course.folders, "release": Path(scratch).name})
        staged = staging.folder("release", name)
        try:
            _nbgrader(staging, name)
            found = leaks(staged, assignment, course.key(),
                          shown=tuple(sheet.get("shown", ())), files=_files(course, name, sheet))
            if found:
                raise Leak(f"{name} is not fit to be released:\n" + "\n".join(f"  - {leak}" for leak in found))
            _mirror(staged, target)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return target


def release(course: Course | Path | str, name: str) -> Path:
    """Generate the students' version and fix it under its number.

    Raises:
        Changed: students may hold this version already, and it would change; nothing is written.
        Leak, RuntimeError: as `generate`.
    """
    course = course if isinstance(course, Course) else Course.find(course)
    if name in texts(course):
        build(course, name)
    assignment = course.assignment(name)
    frozen = course.root / "versions" / name / f"{assignment.version}.json"
    if frozen.exists():
        released = Assignment.from_json(frozen.read_text(encoding="utf-8"))
        if shown_to_students(released) != shown_to_students(assignment):
            raise Changed(
                f"{name} was released as version {assignment.version} and has changed since. Raise `version` in its "
                f"assignment.toml; hand-ins of version {assignment.version} stay graded against what they were made "
                f"for. If no student has it yet, delete {frozen} instead."
            )
    folder = generate(course, name)
    write(frozen, assignment.to_json() + "\n")
    return folder


def shown_to_students(assignment: Assignment) -> list[tuple]:
    """What students see of an assignment: each cell without its hidden parts, and what it is worth."""
    hidden = re.compile(r"^[^\n]*BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME).*?END \1[^\n]*$", re.DOTALL | re.MULTILINE)
    seen = []
    for stem, notebook in sorted(assignment.notebooks.items()):
        for cell in with_usual_delimiters(notebook)["cells"]:
            meta = cell["metadata"].get("nbgrader", {})
            source, regions = hidden.subn("", cell["source"])
            if meta.get("solution") and not regions:
                source = ""         # nbgrader takes all of such a cell out
            seen.append((stem, meta.get("grade_id", ""), meta.get("points"), cell["cell_type"], source))
    return seen


def _nbgrader(course: Course, name: str) -> None:
    """Run nbgrader's generate_assignment; the gradebook is not asked and not told."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

    config = copy.deepcopy(course.config)
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.assignment_id = name
    config.CourseDirectory.release_directory = course.folders["release"]
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    result = capture_log(GenerateAssignment(coursedir=CourseDirectory(config=config), config=config))
    if not result["success"]:
        raise RuntimeError(f"nbgrader could not generate {name}:\n{result.get('log') or result['error']}")


def _files(course: Course, name: str, sheet: dict) -> tuple[str, ...]:
    """Files that may lie beside the notebooks: those listed; all of them in a course that keeps no assignment.toml."""
    if sheet:
        return tuple(sheet.get("files", ()))
    source = course.folder("source", name)
    return tuple(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())


def _mirror(staged: Path, target: Path) -> None:
    """Make `target` hold what `staged` holds. Files that are the same already keep their time stamps."""
    fresh = {path.relative_to(staged): path for path in staged.rglob("*") if path.is_file()}
    for old in [path for path in target.rglob("*") if path.is_file()]:
        if old.relative_to(target) not in fresh:
            old.unlink()
    for where, path in fresh.items():
        to = target / where
        if not to.exists() or to.read_bytes() != path.read_bytes():
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
