"""Who handed in and who did not: what the instructor asks once the hand-ins are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.terms import due_dates, seconds_late
from autograder.course import Course
from autograder.intake.collect import collect
from autograder.intake.filing import Filed, earlier_folder
from autograder.intake.inbox import Delivery


@dataclass(frozen=True)
class RollCall:
    """The class at the time of collecting."""

    handed_in: tuple[str, ...]
    missing: tuple[str, ...]                    # of the roster
    strangers: tuple[str, ...]                  # handed in, and are not in the roster
    late: dict[str, float]                      # student -> seconds; 0 where only the LMS says so
    untimed: tuple[str, ...]                    # nobody knows when they handed in
    doubled: dict[str, int]                     # student -> hand-ins that are kept and do not count
    unreadable: dict[str, tuple[str, ...]]      # student -> why, in words
    unknown: tuple[str, ...]                    # names in the delivery that are nobody's
    notes: dict[str, tuple[str, ...]]


def call(course: Course, name: str, stems: list[str], filed: Iterable[Filed] = (),
         delivered: Iterable[Delivery] = ()) -> RollCall:
    """Look at what is in the submitted folder of assignment `name`.

    filed, delivered    what was collected just now, which knows more than the folder
    """
    hand_ins = collect(course, name, stems)
    students = sorted({hand_in.student for hand_in in hand_ins})
    times = {hand_in.student: hand_in.timestamp for hand_in in hand_ins if hand_in.timestamp}
    with books.opened(course) as gradebook:
        due = due_dates(gradebook, course, name, students)
    late = {student: late for student in students
            if (late := seconds_late(due.get(student), times.get(student, ""))) > 0}
    filed = {each.student: each for each in filed}
    roster = course.roster()
    return RollCall(
        handed_in=tuple(students),
        missing=tuple(student.id for student in roster if student.id not in students),
        strangers=tuple(student for student in students if roster and student not in roster.students),
        late={each.student: 0.0 for each in filed.values() if each.late} | late,
        untimed=tuple(student for student in students if student not in times),
        doubled={student: count for student in students if (count := _kept(course, name, student))},
        unreadable=_by_student((h.student, h.reason) for h in hand_ins if h.cells is None),
        unknown=tuple(sorted({delivery.who for delivery in delivered if not delivery.students})),
        notes=_by_student([*((h.student, note) for h in hand_ins for note in h.notes),
                           *((each.student, note) for each in filed.values() for note in each.notes)]),
    )


def _kept(course: Course, name: str, student: str) -> int:
    kept = earlier_folder(course, name) / student
    return sum(1 for _ in kept.iterdir()) if kept.is_dir() else 0


def _by_student(words: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for student, word in words:
        if word and word not in found.setdefault(student, []):
            found[student].append(word)
    return {student: tuple(theirs) for student, theirs in found.items() if theirs}
