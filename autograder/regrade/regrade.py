"""A check was mended: who moves, by how much, in which cell and why, told before anything is written.

    outcome = regrade(course, name)                 # on a copy; the course is as it was
    outcome = regrade(course, name, apply=True)     # the same, and then written as it was told

Only what was graded before is graded again, with the tests as they are now. A mark that the new test would lower stays
as it is, and is listed, unless `lower` allows it. What a person gave (marks, extra credit, comments) stays in any
case; a late penalty that follows from the course's rule follows the new marks.

A hand-in made for an older version of the assignment is still graded against that version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.classmarks import Score, class_marks
from autograder.bookkeeping.due import Place
from autograder.bookkeeping.record import Record, load_all
from autograder.bookkeeping.rehearsal import rehearsed
from autograder.course import Course
from autograder.grade import Tell, grade
from autograder.job import Runner
from autograder.regrade.keeper import NEARLY, Keeper, stayed
from autograder.run import run
from autograder.verdict import Verdict


class Lost(ValueError):
    """Marks would go without a test to give them again."""


@dataclass(frozen=True)
class Move:
    """What the tests gave for one cell of one student, and give now."""

    student: str
    notebook: str
    cell: str
    title: str
    before: float | None            # points; None: no mark, a person was asked for one
    after: float | None
    was: str                        # the reason in the old verdict's words
    now: str
    kept: bool = False              # it would be lowered, which was not allowed: `before` stays
    by_hand: float | None = None    # a person's mark, which stands before the tests'
    gone: bool = False              # the assignment has no such cell any more

    @property
    def change(self) -> float:
        """By how much the student's marks move."""
        return 0.0 if self.kept or self.by_hand is not None else (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Outcome:
    """What grading again makes of a class."""

    moves: tuple[Move, ...]
    totals: Mapping[str, tuple[float, float]]       # student -> marks before and after, penalties taken off; who moves
    regraded: int                                   # hand-ins that were run again
    newer: tuple[str, ...] = ()                     # handed in anew since they were graded: not touched
    ungraded: tuple[str, ...] = ()                  # never graded: not touched
    versions: Mapping[int, int] = field(default_factory=dict)   # older version -> how many are graded against it
    written: bool = False


@dataclass(frozen=True)
class Books:
    """What a gradebook holds of an assignment."""

    cells: Mapping[str, Mapping[Place, Score]]
    totals: Mapping[str, float]
    times: Mapping[str, object]


def regrade(
    course: Course,
    name: str,
    *,
    submissions: Path | None = None,
    students: Iterable[str] = (),
    runner: Runner = run,
    workers: int = 2,
    lower: bool = False,
    apply: bool = False,
    tell: Tell = lambda record, of, fresh: None,
) -> Outcome:
    """Grade assignment `name` again and say what moves; `apply` then writes it. For the arguments see `grade`.

    Raises:
        FileNotFoundError: nothing of it is graded yet.
        Lost: `apply` without `lower`, and a test that gave marks is no longer there.
    """
    wanted = set(students)
    old = {record.student: record for record in load_all(course, name) if not wanted or record.student in wanted}
    if not old:
        raise FileNotFoundError(f"nothing of {name} is graded yet, so there is nothing to grade again: run autograder "
                                f"grade {name}")
    before = _books(course, name)
    how = {"submissions": submissions, "runner": runner, "workers": workers,
           "strict": any(record.stock is not None for record in old.values()),      # as it was graded
           "again": lower and any(map(stayed, old.values()))}      # what stayed before may sink now
    fresh: list[str] = []
    with ThreadPoolExecutor(workers, thread_name_prefix="regrade") as pool:
        keeper = Keeper(pool, old, lower)

        def told(record: Record, of: int, ran: bool) -> None:
            fresh.extend([record.student] if ran else [])
            tell(record, of, ran)

        with rehearsed(course, name) as aside:
            records = {record.student: record for record in grade(
                aside, name, students=old, executor=keeper, tell=told, **how)}
            after = _books(aside, name)
        newer = tuple(sorted(who for who in fresh if _newer(before.times.get(who), after.times.get(who))))
        moves = tuple(move for who in sorted(set(records) - set(newer))
                      for move in _moves(old[who], records[who], before, after, keeper))
        lost = sorted({move.cell for move in moves if move.gone and move.change < 0})
        if apply and lost and not lower:
            raise Lost(f"{', '.join(lost)}: these tests gave marks and are not in the assignment any more. Put them "
                       "back, or take their marks away with --allow-lower")
        again = sorted(set(fresh) - set(newer))
        if apply and again:
            grade(course, name, students=again, executor=keeper, **how)
    totals = {who: (before.totals.get(who, 0.0), now) for who, now in after.totals.items()
              if who not in newer and abs(now - before.totals.get(who, 0.0)) > NEARLY}
    current = course.assignment(name).version
    older = [records[who].version for who in again if records[who].version != current]
    ungraded = tuple(sorted(set(course.students(name)) - set(old))) if not wanted and not submissions else ()
    return Outcome(moves, totals, len(again), newer, ungraded, {v: older.count(v) for v in sorted(set(older))},
                   apply and bool(again))


def _moves(old: Record, new: Record, before: Books, after: Books, keeper: Keeper) -> list[Move]:
    """What moves for one student, and what would have."""
    was, now = before.cells.get(old.student, {}), after.cells.get(old.student, {})
    held = {(place.notebook, place.cell): score for place, score in was.items()}
    said = {(stem, verdict.cell): verdict for stem, given in old.verdicts.items() for verdict in given}
    says = {(stem, verdict.cell): verdict for stem, given in new.verdicts.items() for verdict in given}
    found = []
    for where in dict.fromkeys([*((place.notebook, place.cell) for place in now), *held]):
        score = next((score for place, score in now.items() if (place.notebook, place.cell) == where), None)
        first, sunk = held.get(where, Score(None, None, 0.0, False)), keeper.sunk.get((old.student, *where))
        if score is None:
            told = Move(old.student, *where, _title(said.get(where), where), first.auto, None, _why(said.get(where)),
                        "The assignment has no such test any more.", by_hand=first.manual, gone=True)
        elif sunk is not None:
            told = Move(old.student, *where, sunk.title, score.auto,
                        None if sunk.status == "could_not_tell" else sunk.score, _why(said.get(where)), _why(sunk),
                        kept=True, by_hand=score.manual)
        elif score.auto != first.auto and (where in says or where in said):
            told = Move(old.student, *where, _title(says.get(where), where), first.auto, score.auto,
                        _why(said.get(where)), _why(says.get(where)), by_hand=score.manual)
        else:
            continue
        found.append(told)
    return found


def _why(verdict: Verdict | None) -> str:
    if verdict is None:
        return "It was not there."
    return verdict.rationale or ("It passed." if verdict.status == "passed" else "No reason was given.")


def _title(verdict: Verdict | None, where: tuple[str, str]) -> str:
    return verdict.title if verdict else where[1]


def _newer(before: object, after: object) -> bool:
    """Is the hand-in that was run another one than the gradebook knows of?"""
    return before is not None and after is not None and before != after


def _books(course: Course, name: str) -> Books:
    with books.opened(course) as gradebook:
        try:
            cells, totals = class_marks(gradebook, name), books.totals(gradebook, name)
        except MissingEntry:
            return Books({}, {}, {})
        times = {each.student.id: each.timestamp for each in gradebook.find_assignment(name).submissions}
    return Books(cells, {who: max(0.0, marks - penalty) for who, (marks, penalty, _) in totals.items()}, times)
