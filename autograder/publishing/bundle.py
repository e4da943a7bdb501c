"""What a student gets of a week: one zip file with all that is needed on a machine that has Python and a browser.

    week05_backprop/
        START.html                              how to begin: Windows, macOS, Linux, Colab, a JupyterHub
        week05_backprop.ipynb                   the assignment, as released; this one is handed in
        week05_backprop_lecture.ipynb           the week's lecture
        coursekit-0.1.0+week05-py3-none-any.whl the library, without what the week asks students to write
        requirements.txt                        for pip: the wheel, JupyterLab, sliders
"""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
import tomllib
import zipfile
from pathlib import Path

from flit_core.wheel import make_wheel_in
from jinja2 import StrictUndefined, Template

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.exercise.edition import Shelf, edition, lay_out
from autograder.exercise.reference import LIBRARY
from autograder.files.whole import write_whole
from autograder.publishing.leaks import copies
from autograder.publishing.release import Leak
from autograder.syntax import parse

PAGE = Path(__file__).with_name("start.html")
REPOSITORY = LIBRARY.parent
FIXED_TIME = 315532800      # 1980-01-01, the first day a zip file can name: equal content gives equal bytes


def bundle(course: Course | Path | str, name: str) -> Path:
    """Write build/bundles/<name>.zip from the released notebook; returns its path.

    Raises:
        FileNotFoundError: the assignment has not been released.
        Leak: the library in it, or the lecture, would give a solution away.
    """
    course = course if isinstance(course, Course) else Course.find(course)
    release = course.folder("release", name)
    if not release.is_dir():
        raise FileNotFoundError(f"{release} does not exist: release {name} first")
    assignment = course.assignment(name)
    files = {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()}
    lecture = course.root.parent / "course" / f"{name}.ipynb"
    if lecture.exists():
        files[f"{name}_lecture.ipynb"] = lecture.read_bytes()
    wheel, content = build_wheel(student_library(assignment, lecture), label(assignment))
    files[wheel] = content
    files["requirements.txt"] = requirements(wheel).encode()
    files["START.html"] = start_page(assignment, wheel, lecture.exists()).encode()
    return write_whole(course.root / "build" / "bundles" / f"{name}.zip", pack(files, name), lasting=False)


def student_library(assignment: Assignment, lecture: Path) -> dict[str, bytes]:
    """The edition of coursekit for the assignment and for the lecture, which may show more than the assignment needs.

    Raises Leak where the lecture calls what the assignment asks for: it would not run, for the body is left out.
    """
    provides = assignment.provides
    if lecture.exists():
        used = Shelf(LIBRARY).imported(parse(code_of(lecture)))
        asked = sorted({f"{home}.{name}" for home, name in used} & set(assignment.withheld))
        if asked:
            raise Leak(f"the lecture {lecture.name} imports what students are asked to write: {', '.join(asked)}")
        if provides:
            provides = (*provides, *sorted({home for home, _ in used}))
    files = edition(provides, assignment.withheld)
    found = copies(files, assignment.withheld)
    if found:
        raise Leak(f"the library for {assignment.name} holds solutions:\n" + "\n".join(f"  - {one}" for one in found))
    return files


def code_of(notebook: Path) -> str:
    """All code cells of a notebook as one text; lines that only IPython understands are left out."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "code" for line in "".join(cell["source"]).splitlines()]
    return "\n".join("" if re.match(r"[%!?]", line) else line for line in lines)


def label(assignment: Assignment) -> str:
    """What sets this wheel's version apart from other weeks': "week05", and "week05.2" for a second version.

    pip takes a higher number for an update, so next week's wheel replaces this week's by itself.
    """
    week = re.sub(r"[^a-z0-9]+", ".", assignment.name.split("_")[0].lower()).strip(".")
    return week if assignment.version == 1 else f"{week}.{assignment.version}"


def build_wheel(files: dict[str, bytes], label: str) -> tuple[str, bytes]:
    """(file name, content) of the wheel that holds `files`; flit_core builds it, the same bytes each time."""
    project = _project()
    about = "\n".join([
        '[build-system]',
        'requires = ["flit_core"]',
        'build-backend = "flit_core.buildapi"',
        '[project]',
        'name = "coursekit"',
        f'version = "{project["version"]}+{label}"',
        'description = "The NumPy library of the course on the foundations of neural networks, edited for students."',
        f'requires-python = "{project["requires-python"]}"',
        f'dependencies = {json.dumps(project["dependencies"])}',
        f'license = "{project["license"]}"',
        'license-files = ["LICENSE"]',
    ])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay_out({**files, "LICENSE": (REPOSITORY / "LICENSE").read_bytes(), "pyproject.toml": about.encode()}, root)
        before = os.environ.get("SOURCE_DATE_EPOCH")
        os.environ["SOURCE_DATE_EPOCH"] = str(FIXED_TIME)
        try:
            made = make_wheel_in(root / "pyproject.toml", root).file
        finally:
            del os.environ["SOURCE_DATE_EPOCH"]
            if before is not None:
                os.environ["SOURCE_DATE_EPOCH"] = before
        return made.name, made.read_bytes()


def requirements(wheel: str) -> str:
    """requirements.txt of the bundle; the library itself brings NumPy and matplotlib."""
    wanted = [line for line in _project()["optional-dependencies"]["grade"]
              if re.match(r"(jupyterlab|ipywidgets|ipykernel)\b", line)]
    return "\n".join([f"./{wheel}", *wanted]) + "\n"


def start_page(assignment: Assignment, wheel: str, lecture: bool) -> str:
    """START.html: one page without anything from the network."""
    page = Template(PAGE.read_text(encoding="utf-8"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    python = re.search(r"[\d.]+", _project()["requires-python"]).group()
    return page.render(title=assignment.title, name=assignment.name, minutes=assignment.minutes, wheel=wheel,
                       python=python, lecture=lecture) + "\n"


def pack(files: dict[str, bytes], folder: str) -> bytes:
    """A zip file of `files` in `folder`: sorted, one date, no trace of the machine that made it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for where, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{where}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3         # Unix on every machine, or the bytes would tell
            archive.writestr(entry, content)
    return buffer.getvalue()


def _project() -> dict:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
