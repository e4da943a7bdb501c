"""The unit of work: one hand-in goes to a runner as a `Job` and comes back as a `Run`.

Both are plain data, so that a job may cross a process or a network. A runner is any
function `run(job) -> Run`; `run.py` holds the plain one (a fresh kernel).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.assignment import Assignment

SKIP = "skip-execution"     # the tag by which a cell asks not to be run
# How notes begin that the line about a course is drawn from.
ASIDE = "Judged beside the student's code, since the reference does not pass it apart:"
STOCK = "Stock nbgrader gives"


@dataclass(frozen=True)
class Job:
    student: str             # the folder's name, which per-student questions are compared with
    stem: str                # which notebook of the assignment, without .ipynb
    notebook: dict           # the restored hand-in (nbformat 4 JSON): locked cells are the source's own
    assignment: Assignment   # what is asked: source cells, references, misconceptions, limits
    key: bytes               # HMAC key of this assignment's hidden cases
    files: dict[str, bytes] = field(default_factory=dict)    # what lies beside the notebook, the author's own included


@dataclass
class Run:
    notebook: dict                 # the hand-in with outputs
    findings: dict[str, list[dict]] = field(default_factory=dict)  # grade id -> what examine() said, trusted side
    notes: dict[str, list[str]] = field(default_factory=dict)      # cell id -> what befell it, in words
    trusted: dict[str, bool] = field(default_factory=dict)         # grade id -> judged apart from the student?
    untold: dict[str, str] = field(default_factory=dict)           # grade id -> why not even the reference passes here
    stopped: str = ""              # why the run ended early, in words; "" if it did not
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


Runner = Callable[[Job], Run]
