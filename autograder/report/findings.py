"""What a class's records tell besides marks: known mistakes, how answers failed, what was judged where."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.bookkeeping.record import Record
from autograder.verdict import Verdict

UNREADABLE = "the file could not be read"
OTHERWISE = "wrong in a way that is not in the list of known mistakes"
# What a failed cell's words or notes say, and what that is called; the first that fits counts.
FAILURES = (
    (re.compile(r"Python (had )?ended in"), "Python ended: left, crashed or out of memory"),
    (re.compile(r"Stopped after|takes too long|time limit"), "stopped: it took too long"),
    (re.compile(r"is not (written|answered) yet"), "not answered"),
    (re.compile(r"^NameError|is not defined"), "a name is missing"),
    (re.compile(r"^Syntax|^Indentation|^Tab"), "not Python"),
    (re.compile(r"^\w*(Error|Exception|Interrupt|Exit)\b|^\w+\(.*\) raises "), "an error was raised"),
)


@dataclass(frozen=True)
class Known:
    """A misconception and who has it."""

    cell: str
    title: str
    name: str
    says: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """A way in which cells failed: how many did, and whose."""

    kind: str
    cells: int
    students: tuple[str, ...]


def misconceptions(assignment: Assignment, records: list[Record]) -> list[Known]:
    """Known mistakes by the number of students who made them."""
    who: dict[tuple[str, str], list[str]] = {}
    words: dict[tuple[str, str], Verdict] = {}
    for record in records:
        for verdict in record.all_verdicts:
            if verdict.misconception:
                key = (verdict.cell, verdict.misconception)
                who.setdefault(key, []).append(record.student)
                words.setdefault(key, verdict)
    says = {(name, wrong.name): wrong.says for name, exercise in assignment.exercises.items()
            for wrong in exercise.misconceptions}
    found = []
    for (cell, name), students in who.items():
        first = words[cell, name]
        told = says.get((cell.removeprefix("test-"), name), first.rationale)
        found.append(Known(cell, first.title, name, told, tuple(students)))
    return sorted(found, key=lambda known: (-len(known.students), known.title, known.name))


def failures(records: list[Record]) -> list[Failure]:
    """In which ways cells failed, most frequent first."""
    cells: Counter[str] = Counter()
    who: dict[str, set[str]] = {}
    for record in records:
        for stem, verdicts in record.verdicts.items():
            for verdict in verdicts:
                if verdict.status == "failed":
                    kind = UNREADABLE if stem in record.unreadable else _kind(verdict)
                    cells[kind] += 1
                    who.setdefault(kind, set()).add(record.student)
    return [Failure(kind, count, tuple(sorted(who[kind])))
            for kind, count in sorted(cells.items(), key=lambda pair: (-pair[1], pair[0]))]


def _kind(verdict: Verdict) -> str:
    for pattern, kind in FAILURES:
        if pattern.search(verdict.rationale) or any(pattern.search(note) for note in verdict.notes):
            return kind
    if verdict.misconception:
        return "a known mistake"
    return "partly right" if verdict.score else OTHERWISE


def exposed(records: list[Record]) -> list[tuple[str, str, int]]:
    """(cell, its title, hand-ins) of what was judged in the process that also ran the student's code."""
    found: Counter[tuple[str, str]] = Counter(
        (verdict.cell, verdict.title) for record in records for stem, verdicts in record.verdicts.items()
        if stem not in record.unreadable for verdict in verdicts if not verdict.tamper_proof)
    return [(cell, title, count) for (cell, title), count in sorted(found.items(), key=lambda pair: -pair[1])]
