"""What is kept of one graded hand-in. Feedback and report are drawn from records, not from notebooks.

    <course>/.../verdicts/<assignment>/<student>.json      beside nbgrader's autograded folder

The record is the last thing grading writes of a hand-in, and an old one the first thing it removes. Its
digest says what it was made from, its fingerprints what was written into autograded/, and the gradebook is compared
with its verdicts: so a run that was killed at any instant, or a disk that lost the last seconds, goes on where it was.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course
from autograder.files.whole import UNFINISHED, settle, write_whole
from autograder.verdict import Verdict


@dataclass(frozen=True)
class Record:
    student: str
    assignment: str
    version: int                             # of the assignment that it was graded against
    digest: str                              # of everything the marks depend on, see digest.py
    verdicts: dict[str, tuple[Verdict, ...]]     # notebook -> its test cells, in order
    unreadable: dict[str, str]               # notebook -> why it could not be graded, in words
    notes: tuple[str, ...] = ()              # on the whole hand-in: renamed, old format, moved cells, ...
    seconds: float = 0.0                     # wall clock of the run
    # Graded by nbgrader's own rules: notebook -> cell -> its mark, None for one that nbgrader leaves open. A cell
    # that is not there keeps what the gradebook has.
    stock: dict[str, dict[str, float | None]] | None = None
    missing: tuple[str, ...] = ()            # notebooks that were not handed in, which nbgrader's rules give 0
    filed: dict[str, str] = field(default_factory=dict)     # file in autograded/ -> its fingerprint

    @property
    def all_verdicts(self) -> list[Verdict]:
        return [verdict for stem in sorted(self.verdicts) for verdict in self.verdicts[stem]]

    @property
    def score(self) -> float:
        """What the tests gave; marks by hand come on top, see gradebook.py."""
        return sum(verdict.score for verdict in self.all_verdicts)

    @property
    def max_score(self) -> float:
        return sum(verdict.max_score for verdict in self.all_verdicts)

    def to_json(self) -> str:
        """A line for each field, so that two runs can be compared."""
        lines = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, sort_keys=True, default=vars)}"
                 for name, value in sorted(vars(self).items()))
        return "{" + ",\n ".join(lines) + "}"

    @classmethod
    def from_json(cls, text: str) -> Record:
        fields = json.loads(text)
        verdicts = {stem: tuple(Verdict(**{**v, "notes": tuple(v.get("notes", ()))}) for v in given)
                    for stem, given in fields["verdicts"].items()}
        return cls(**{**fields, "verdicts": verdicts, "notes": tuple(fields["notes"]),
                      "missing": tuple(fields.get("missing", ()))})

    def save(self, course: Course) -> Path:
        return write_whole(path_of(course, self.assignment, self.student), self.to_json() + "\n", lasting=False)

    def forget(self, course: Course) -> None:
        """Remove the record of an earlier run, before anything that it vouches for is changed, and what a kill left."""
        path = path_of(course, self.assignment, self.student)
        for folder in (path.parent, course.folder("autograded", self.assignment, self.student)):
            for left in folder.glob(f"{UNFINISHED}*"):
                left.unlink(missing_ok=True)
        if path.exists():
            path.unlink()
            settle(path.parent)


def records_folder(course: Course, assignment: str) -> Path:
    return course.root / Path(course.folders["autograded"]).parent / "verdicts" / assignment


def path_of(course: Course, assignment: str, student: str) -> Path:
    return records_folder(course, assignment) / f"{student}.json"


def load(course: Course, assignment: str, student: str) -> Record | None:
    """The record of a student's hand-in, or None if there is none that can be read."""
    try:
        return Record.from_json(path_of(course, assignment, student).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def load_all(course: Course, assignment: str) -> list[Record]:
    """All records of an assignment, by student."""
    students = sorted(path.stem for path in records_folder(course, assignment).glob("*.json"))
    return [record for student in students if (record := load(course, assignment, student))]
