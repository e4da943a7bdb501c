"""What `examine` works against: whose work is judged, by which references, with which key, and who hears of it.

A grader installs a context before it runs test cells. In a kernel that nobody prepared (stock
nbgrader, `nbgrader validate`) one is found on first use: from what the environment says, else
from the course that the working folder lies in.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.assignment import Assignment
from autograder.exercise.solutions import Solutions


@dataclass
class Context:
    solutions: Solutions
    key: bytes                                   # of this assignment's hidden cases
    names: Mapping[str, object]                  # the student's namespace: objects, or stand-ins for remote ones
    student: str = ""                            # the folder's name; "" where nobody knows
    report: Callable[[dict], None] | None = None     # hears of each finding
    recording: list | None = None                # where set, `examine` notes what it would judge, and judges nothing

    @property
    def assignment(self) -> Assignment:
        return self.solutions.assignment

    def hidden_rng(self, exercise: str) -> np.random.Generator:
        """Draws the hidden cases of an exercise; who does not know the key cannot tell what it draws."""
        return seeded(hmac.digest(self.key, f"{self.assignment.name}/{exercise}".encode(), "sha256"))

    def public_rng(self, exercise: str) -> np.random.Generator:
        """Draws the public cases: the same everywhere."""
        return seeded(hashlib.sha256(f"{self.assignment.name}/{exercise}".encode()).digest())


def seeded(digest: bytes) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(digest))


_installed: Context | None = None


def install(context: Context | None) -> None:
    """Make `context` the one that `examine` uses in this process; None forgets it."""
    global _installed
    _installed = context


@contextmanager
def using(context: Context):
    """`context` for the time of a with block."""
    before = _installed
    install(context)
    try:
        yield context
    finally:
        install(before)


def current(names: Mapping[str, object]) -> Context:
    """The installed context, or the one this kernel lies in; `names` are then the caller's globals."""
    if _installed is None:
        install(found(names))
    return _installed


def found(names: Mapping[str, object]) -> Context:
    """The context that the environment or the working folder tells of.

    Raises:
        LookupError: neither tells of an assignment.
    """
    frozen = os.environ.get("AUTOGRADER_ASSIGNMENT")
    if frozen:      # a runner of ours wrote down what is to be judged
        assignment = Assignment.from_json(Path(frozen).read_text(encoding="utf-8"))
        key, student = bytes.fromhex(os.environ["AUTOGRADER_KEY"]), os.environ.get("AUTOGRADER_STUDENT", "")
        return Context(Solutions(assignment), key, names, student)
    from autograder.course import Course  # traitlets: only stock nbgrader's kernels pay for it

    here = Path.cwd()
    told = os.environ.get("COURSEKIT_GRADING")
    for root in [Path(told)] if told else here.parents:
        if (root / "source" / here.name).is_dir():
            course = Course.load(root)
            steps = {Path(course.folders[step]).name for step in ("submitted", "autograded")}
            student = here.parent.name if here.parent.parent.name in steps else ""
            return Context(Solutions(course.assignment(here.name)), course.key(), names, student)
    raise LookupError(
        f"examine() needs the course: no folder above {here} has source/{here.name}/ "
        "with the assignment's source notebooks"
    )
