"""A course: a folder in nbgrader's order, ours or anybody's.

    <course>/course.toml           id, title, due dates, late policy, limits: see settings.py; optional elsewhere
             nbgrader_config.py    nbgrader's settings, where there are any: folders, gradebook
             roster.csv            who takes the course, see roster.py; optional
             source/<name>/        instructor's notebooks           \\
             release/<name>/       student's notebooks               | named as the settings say,
             submitted/<student>/<name>/  and autograded, feedback   /  build/submitted in our course
             versions/<name>/<n>.json     released versions, frozen
             secret.key            what hidden cases are drawn from; made on first use, never committed

course.toml and nbgrader_config.py are read together. What course.toml says, holds; what it does not say stays as
nbgrader_config.py, and the due dates and extensions in the gradebook, have it.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.assignment import IGNORE, Assignment
from autograder.course.issuing import as_the_course_has_it
from autograder.course.roster import Roster, read_roster
from autograder.course.settings import Settings, Terms, read_settings

MARKS = ("course.toml", "nbgrader_config.py")     # either of them makes a folder a course

# nbgrader's defaults (CourseDirectory), for courses that do not set them.
FOLDERS = {step: step for step in
           ("source", "release", "submitted", "autograded", "feedback", "solution", "source_with_tests")}
STRUCTURE = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")


@dataclass(frozen=True)
class Course:
    root: Path
    id: str                                             # public; per-student numbers are drawn from it
    title: str
    folders: dict[str, str] = field(hash=False)         # step -> folder's name: {"submitted": "build/submitted", ...}
    structure: str                                      # nbgrader's directory_structure
    db_url: str
    config: Config = field(repr=False, hash=False, compare=False)   # all of nbgrader_config.py, for nbgrader's own API
    settings: Settings = field(default=Settings(), repr=False)      # all of course.toml

    @classmethod
    def find(cls, path: Path | str = ".") -> Course:
        """The course that `path` lies in: the nearest folder upwards with a course.toml or nbgrader_config.py.

        A folder with neither is a course if it has a source/ folder, as nbgrader takes it.

        Raises:
            FileNotFoundError: there is none up to the file system's root.
        """
        start = Path(path).resolve()
        for folder in (start, *start.parents):
            if any((folder / mark).is_file() for mark in MARKS) or (folder == start and (folder / "source").is_dir()):
                return cls.load(folder)
        raise FileNotFoundError(
            f"{start} is not in a course: neither it nor a folder above it has a course.toml or a nbgrader_config.py"
        )

    @classmethod
    def load(cls, root: Path) -> Course:
        """The course whose root is `root`."""
        root = Path(root).resolve()
        settings = read_settings(root / "course.toml")
        config = read_config(root)
        if settings.late:
            impose(settings, config)
        directory = config.CourseDirectory
        directory.root = str(root / directory.get("root", root))
        root = Path(directory.root)
        return cls(
            root=root,
            id=settings.id or directory.get("course_id") or root.name,
            title=settings.title or directory.get("course_id") or root.name,
            folders={step: directory.get(f"{step}_directory", name) for step, name in FOLDERS.items()},
            structure=directory.get("directory_structure", STRUCTURE),
            db_url=directory.get("db_url") or f"sqlite:///{root / 'gradebook.db'}",
            config=config,
            settings=settings,
        )

    def folder(self, step: str, name: str, student: str = ".") -> Path:
        """Where nbgrader keeps assignment `name` at `step`: source, release, submitted, autograded, feedback."""
        path = self.structure.format(nbgrader_step=self.folders[step], student_id=student, assignment_id=name)
        return Path(os.path.normpath(self.root / path))

    def assignments(self) -> list[str]:
        """Names of all assignments: what has a text to build from, or source notebooks already."""
        texts = {sheet.parent.name for sheet in self.root.glob("*/assignment.toml")}
        sources = {name for name, folder in self._matches(self.folder("source", "*")) if any(folder.glob("*.ipynb"))}
        return sorted(texts | sources)

    def assignment(self, name: str) -> Assignment:
        """Assignment `name` as its source notebooks are now, by the course's settings."""
        read = Assignment.load(self.root, name, self.folder("source", name), self.settings.limits, self.ignore)
        ours = (self.root / name / "assignment.toml").is_file()     # then the limits are ours, too
        return as_the_course_has_it(read, self.config, self.root, None if ours else self.settings.limits)

    @property
    def ignore(self) -> tuple[str, ...]:
        """Patterns of the names of files and folders that are not handed round, nor graded with."""
        return tuple(self.config.CourseDirectory.get("ignore", IGNORE))

    def terms(self, name: str) -> Terms:
        """When assignment `name` is due and for whom later, as course.toml has it."""
        return self.settings.assignments.get(name, Terms())

    def roster(self) -> Roster:
        """Who takes the course; empty where there is no such file."""
        return read_roster(self.root / self.settings.roster)

    def released(self, name: str, version: int) -> Assignment | None:
        """Assignment `name` as its version `version` was released; None if it never was."""
        path = self.root / "versions" / name / f"{version}.json"
        return Assignment.from_json(path.read_text(encoding="utf-8")) if path.is_file() else None

    def students(self, name: str, step: str = "submitted") -> list[str]:
        """Ids of those whose folder for assignment `name` exists at `step`, less whom the settings leave out."""
        directory = self.config.CourseDirectory
        left_out = set(directory.get("student_id_exclude", "").split(","))
        return sorted(student for student, _ in self._matches(self.folder(step, name, "*"))
                      if student not in left_out and fnmatch(student, directory.get("student_id", "*")))

    def _matches(self, pattern: Path) -> list[tuple[str, Path]]:
        """Folders that fit a path with one part "*", each with what stands in that part's place."""
        place = pattern.parts.index("*")
        found = self.root.glob(pattern.relative_to(self.root).as_posix())
        return [(path.parts[place], path) for path in found if path.is_dir()]

    def key(self) -> bytes:
        """The secret that hidden cases are drawn from: 32 bytes, made on first use and then kept.

        Whoever knows it can compute the hidden cases, so only the owner can read the file,
        and it stays out of version control, of releases and of the students' processes.
        """
        path = self.root / "secret.key"
        if not path.exists():
            handle, fresh = tempfile.mkstemp(dir=self.root, prefix=".secret-")     # 0600 from the start
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
            try:
                os.link(fresh, path)        # of two graders that start at once, the first one's key holds for both
            except FileExistsError:
                pass
            finally:
                os.unlink(fresh)
        try:
            key = bytes.fromhex(path.read_text(encoding="utf-8").strip())
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ValueError(f"{path} must hold 64 hexadecimal digits; restore it from a backup, or delete it "
                             "to draw new hidden cases")
        return key


def impose(settings: Settings, config: Config) -> None:
    """Let the late policy of course.toml be the plugin that nbgrader applies, whatever nbgrader_config.py names."""
    config.AssignLatePenalties.plugin_class = "autograder.latepolicy.PercentPerDay"
    for name, value in asdict(settings.late).items():
        if value is not None:
            config.PercentPerDay[name] = float(value)


def read_config(root: Path) -> Config:
    """`nbgrader_config.py` of a course as traitlets reads it; empty where there is none.

    A configuration is a program, and ours sets the environment variable that makes `check`
    stand aside. That is meant for the kernels nbgrader starts, not for this process.
    """
    if not (root / "nbgrader_config.py").exists():
        return Config()
    before = dict(os.environ)
    try:
        return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
