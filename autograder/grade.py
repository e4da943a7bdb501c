"""A class's hand-ins become marks: the whole way, from top to bottom.

    collect    what lies in the folder          -> HandIn
    version    what they were made for          -> Assignment
    restore    lined up with the source         -> Job           \
    run        in a kernel, or in the engine    -> Run            | in a worker, see task.py
    judge      cell by cell                     -> Verdict       /
    write      autograded/, gradebook, record   (one writer; the old record goes first, the new one comes last)

Whatever a student hands in, the others are graded. A fault of our own is told as
`could_not_tell`, costs nobody a mark for good, and is tried again the next time.

Hand-ins are read when their turn comes, and a few are at work at a time: a class of any size takes the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from autograder.assignment import Assignment
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping import terms
from autograder.bookkeeping.autograded import file_away, laid_beside, lies_there
from autograder.bookkeeping.contention import busy, patiently
from autograder.bookkeeping.digest import digest
from autograder.bookkeeping.late import Penalties
from autograder.bookkeeping.lock import held
from autograder.bookkeeping.record import Record, load
from autograder.course import Course
from autograder.exercise.autotest import written_out
from autograder.files.uninterrupted import heard, uninterrupted
from autograder.handin import HandIn
from autograder.inflight import inflight
from autograder.intake.collect import loose_readers, readers
from autograder.job import Runner
from autograder.run import run
from autograder.stock import sees
from autograder.task import Marked, Task, faulty, handed_in_beside, mark_one

AHEAD = 3       # hand-ins at work or waiting to be written, for each worker

Tell = Callable[[Record, int, bool], None]


def grade(
    course: Course,
    name: str,
    *,
    submissions: Path | None = None,
    students: Iterable[str] = (),
    runner: Runner = run,
    executor: Executor | None = None,
    workers: int = 2,
    again: bool = False,
    strict: bool = False,
    tell: Tell = lambda record, of, fresh: None,
) -> list[Record]:
    """Grade all hand-ins of assignment `name`; returns a record for each, by student.

    submissions  a loose folder of notebooks; else nbgrader's submitted folder
    students     only these
    runner       what executes a job
    executor     where: any of concurrent.futures; by default threads, since kernels are processes
    workers      hand-ins that run at the same time; with an executor, how many it runs
    again        also what is graded already and unchanged
    strict       by nbgrader's own rules, its surprises included, see stock.py; it has no record of whom it does not see
    tell         is called after each hand-in with its record, how many there are in all, and whether it was run

    Raises:
        FileNotFoundError: there is no such assignment, or no such folder.
        Busy: another run is at work on this course.
        WorkersGone: the executor broke; what was graded before is kept.
        OSError: some marks could not be written; all others are.
    """
    current = written_out(course, course.assignment(name))
    stems = list(current.notebooks)
    found = loose_readers(submissions, name, stems) if submissions else readers(course, name, stems)
    wanted = set(students) or found.keys()
    turns = {student: read for student, read in found.items() if student in wanted}
    if strict and not submissions:
        turns = {student: read for student, read in turns.items() if sees(course.folder("submitted", name, student))}

    key, frozen = course.key(), cache(partial(course.released, name))
    records: list[Record] = []
    pool = executor or ThreadPoolExecutor(workers, thread_name_prefix="grade")

    def done(record: Record, fresh: bool) -> None:
        records.append(record)
        tell(record, len(turns), fresh)

    with held(course), books.opened(course) as gradebook, heard() as stop_if_asked:
        books.register(gradebook, current)
        terms.enter(gradebook, course, name)
        writer = Writer(course, gradebook, current, Penalties(course, strict))

        def tasks() -> Iterator[Task]:
            """What is to be run. What need not be is told at once."""
            for student, read in turns.items():
                hand_ins = tuple(read())
                assignment, notes = (current, ()) if strict else made_for(course, current, hand_ins, frozen)
                mark = digest(list(hand_ins), assignment, key, f"{runner.__module__}.{runner.__qualname__}", strict)
                task = Task(student, hand_ins, assignment, notes, key, mark, runner, strict, course.config)
                record = None if again else finished(course, gradebook, task)
                if record:
                    done(record, False)
                else:
                    yield task

        try:
            for ended in inflight(mark_one, tasks(), pool, AHEAD * workers):
                stop_if_asked()
                with uninterrupted():
                    for record in writer.write([brought(task, future) for task, future in ended]):
                        done(record, True)
        finally:
            if executor is None:
                pool.shutdown(wait=False, cancel_futures=True)      # whoever runs them ends those at work
        if not strict:
            writer.penalties.review(gradebook, name)
    if writer.unwritten:
        raise OSError("these marks could not be written, all others are: " + "; ".join(writer.unwritten))
    return sorted(records, key=lambda record: record.student)


def brought(task: Task, future: Future[Marked]) -> Marked:
    """What a worker brought back, or how it failed, with the files that lay beside."""
    marked = faulty(task, future.exception()) if future.exception() else future.result()
    return replace(marked, files=laid_beside(handed_in_beside(task), task.assignment.fixed()))


class Writer:
    """Writes what workers bring back, in the order that lets a run be killed at any instant.

    The record vouches for the marks and for the notebooks: it is removed before they are touched, and written after.
    """

    def __init__(self, course: Course, gradebook: Gradebook, assignment: Assignment, penalties: Penalties):
        self.course, self.gradebook, self.assignment, self.penalties = course, gradebook, assignment.name, penalties
        self.known = {stem: {cell.name for cell in gradebook.find_notebook(stem, assignment.name).source_cells}
                      for stem in assignment.notebooks}
        self.unwritten: list[str] = []

    def write(self, batch: list[Marked]) -> list[Record]:
        """The records of those that were written; of one that could not be, `unwritten` says why.

        Raises:
            DBAPIError: another program holds the gradebook, for the others of the class as well.
        """
        try:
            return self._together(batch)
        except (OSError, SQLAlchemyError) as trouble:      # a full disk, a name that is too long
            if isinstance(trouble, DBAPIError) and busy(trouble):
                raise
            if len(batch) == 1:
                self.unwritten.append(f"{batch[0].record.student} ({trouble})")
                return []
            return [record for marked in batch for record in self.write([marked])]

    def _together(self, batch: list[Marked]) -> list[Record]:
        for marked in batch:
            marked.record.forget(self.course)
        records = [replace(marked.record, filed=file_away(
            self.course, marked.record, marked.notebooks, self.known, marked.timestamp, marked.files))
            for marked in batch]
        patiently(lambda: self._enter(batch), books.PATIENCE)
        for record in records:
            record.save(self.course)
        return records

    def _enter(self, batch: list[Marked]) -> None:
        longer = self.course.terms(self.assignment).extensions
        with books.transaction(self.gradebook):
            for marked in batch:
                books.enter(self.gradebook, marked.record, marked.notebooks, marked.timestamp, self.penalties,
                            longer.get(marked.record.student))


def made_for(course: Course, current: Assignment, hand_ins: Iterable[HandIn],
             frozen: Callable[[int], Assignment | None] | None = None) -> tuple[Assignment, tuple[str, ...]]:
    """The version of the assignment that a student was given, and a note where that is not the current one.

    frozen    finds a released version; for a class, one that reads each once
    """
    version = next((h.version for h in hand_ins if h.version is not None), current.version)
    if version == current.version:
        return current, ()
    released = frozen(version) if frozen else course.released(current.name, version)
    if released is None:
        return current, (f"The hand-in names version {version}, which was never released; it was graded "
                         f"against the current version {current.version}.",)
    return released, (f"Made for version {version} and graded against it; the current one is {current.version}.",)


def finished(course: Course, gradebook: Gradebook, task: Task) -> Record | None:
    """The record of an earlier run that grading again could only repeat; None if there is none."""
    record = load(course, task.assignment.name, task.student)
    if record is None or record.digest != task.digest:
        return None
    return record if lies_there(course, record) and books.agrees(gradebook, record) else None
