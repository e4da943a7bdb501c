"""What a hand-in of the sample class deserves."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.bookkeeping.record import Record


@dataclass(frozen=True)
class Expected:
    """What a hand-in deserves, test by test."""

    lost: frozenset[str] = frozenset()       # tests that get nothing; all others get all their points
    partly: frozenset[str] = frozenset()     # tests that get less than all their points
    named: tuple[tuple[str, str], ...] = ()  # (test, misconception that feedback must name)
    says: str = ""                           # must occur in a rationale, a reason or a note

    def missed(self, record: Record) -> list[str]:
        """Where a graded hand-in did not get what it deserves, in words; [] is good."""
        found = []
        named = dict(self.named)
        for verdict in record.all_verdicts:
            full = verdict.score == verdict.max_score and verdict.status == "passed"
            if verdict.cell in self.lost:
                right, due = verdict.score == 0 and verdict.status == "failed", "nothing"
            elif verdict.cell in self.partly:
                right, due = not full and verdict.status == "failed", "less than all"
            else:
                right, due = full, "all"
            if not right:
                found.append(f"{verdict.cell} got {verdict.score:g} of {verdict.max_score:g} ({verdict.status}), "
                             f"it deserves {due}: {verdict.rationale}")
            if named.get(verdict.cell, verdict.misconception) != verdict.misconception:
                found.append(f"{verdict.cell} is {named[verdict.cell]}, "
                             f"it was named {verdict.misconception or 'nothing'}: {verdict.rationale}")
        if self.says not in record.to_json():
            found.append(f"nothing says {self.says!r}")
        return found


ALL = Expected()        # of a hand-in that is right
