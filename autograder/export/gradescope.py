"""Gradescope's results.json: what its autograder platform reads for one submission.

    {"score": 37.5, "tests": [{"name": ..., "score": ..., "max_score": ..., "status": ..., "output": ...}, ...]}

https://gradescope-autograders.readthedocs.io/en/latest/specs/ "Output format". Students see the verdicts that the
feedback page shows; what is for the instructor alone does not go along.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from autograder.bookkeeping.record import Record, load_all
from autograder.course import Course
from autograder.export.grades import Exported, Grades
from autograder.files.whole import write_whole
from autograder.verdict import Verdict


def gradescope(course: Course, found: Grades, name: str, to: Path, students: Iterable[str] = ()) -> Exported:
    """Write `to`/<student>/results.json for each of these students, or for everybody.

    Raises:
        LookupError: a student's hand-in is not graded.
    """
    records = {record.student: record for record in load_all(course, name)}
    chosen = list(students) or sorted(records)
    absent = [who for who in chosen if who not in records or who not in found.of]
    if absent:
        raise LookupError(f"no hand-in of {name} by {', '.join(absent)} is graded; graded are "
                          f"{', '.join(sorted(records)) or 'none'}")
    paths = [write_whole(to / who / "results.json", json.dumps(results(records[who], found.of[who].score), indent=1,
                                                               ensure_ascii=False) + "\n") for who in chosen]
    notes = [note for note in found.notes() if "yet to mark" in note]
    return Exported(tuple(paths), (*notes, "Gradescope has no status for what the grader could not tell: such a test "
                                   "has none, and says so."))


def results(record: Record, score: float | None = None) -> dict:
    """One hand-in's results; `score` is the gradebook's, with marks by hand, else the tests' alone."""
    unreadable = "\n".join(f"{stem}.ipynb could not be graded: {why}" for stem, why in record.unreadable.items())
    return {
        "score": round(record.score if score is None else score, 6),
        "execution_time": round(record.seconds, 3),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        **({"output": unreadable} if unreadable else {}),
        "tests": [_test(number, verdict) for number, verdict in enumerate(record.all_verdicts, start=1)],
    }


def _test(number: int, verdict: Verdict) -> dict:
    words = [verdict.rationale, verdict.hint]
    if verdict.status == "could_not_tell":
        words = ["The grader could not judge this; a person will look at it."]
    told = {
        "number": str(number),
        "name": verdict.title,
        "score": round(verdict.score, 6),
        "max_score": round(verdict.max_score, 6),
        "output": "\n".join(filter(None, words)),
        "output_format": "text",
        "name_format": "text",
        "visibility": "visible",
        "tags": [verdict.cell],
    }
    return told if verdict.status == "could_not_tell" else {**told, "status": verdict.status}
