"""What the grader says of one test cell: a value, from which every report is drawn."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Literal

Status = Literal["passed", "failed", "could_not_tell"]


@dataclass(frozen=True)
class Verdict:
    """One graded cell, judged.

    `could_not_tell` is the grader's own fault, never the student's: it is shown to the
    instructor first. All texts are plain text; whoever shows them escapes them.

    >>> v = Verdict("test-count_dense", "Counting one layer", "passed", 2, 2)
    >>> Verdict.from_json(v.to_json()) == v
    True
    """

    cell: str                      # the test cell's grade id
    title: str                     # the heading the exercise stands under
    status: Status
    score: float
    max_score: float
    rationale: str = ""            # what was asked and what came, in words for the student
    hint: str = ""                 # a question that leads on
    misconception: str = ""        # name of the known mistake this is, if it is one
    case: dict | None = None       # the smallest failing case, see coursekit.plain
    tamper_proof: bool = True      # judged apart from the student's process
    notes: tuple[str, ...] = field(default=())  # for the instructor: restored, timed out, ...

    def __post_init__(self):
        if self.status not in ("passed", "failed", "could_not_tell"):
            raise ValueError(f"status must be passed, failed or could_not_tell, received {self.status!r}")
        if not 0 <= self.score <= self.max_score:
            raise ValueError(f"score must lie in 0..{self.max_score}, received {self.score}")

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Verdict:
        fields = json.loads(text)
        return cls(**{**fields, "notes": tuple(fields.get("notes", ()))})
