"""A class's hand-ins become marks: the whole way, from top to bottom.

    collect    what lies in the folder          -> HandIn
    version    what they were made for          -> Assignment
    restore    lined up with the source         -> Job
    run        in a kernel, or in the engine    -> Run
    judge      cell by cell                     -> Verdict
    write      autograded/, gradebook, record   (one writer; the old record goes first, the new one comes last)

Whatever a student hands in, the others are graded. A fault of our own is told as
`could_not_tell`, costs nobody a mark for good, and is tried again the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder import gradebook as books
from autograder import stock, terms
from autograder.assignment import Assignment
from autograder.autograded import file_away
from autograder.autotest import written_out
from autograder.collect import beside, collect, collect_loose
from autograder.course import Course
from autograder.digest import digest
from autograder.handin import HandIn
from autograder.job import Job, Run, Runner
from autograder.judge import judge, titled
from autograder.late import Penalties
from autograder.lock import held
from autograder.record import Record, load
from autograder.restore import WHOLE, restore
from autograder.run import is_python, run
from autograder.solutions import is_test
from autograder.verdict import Verdict


@dataclass(frozen=True)
class Task:
    """One student's hand-in, ready for a worker: plain data and two functions."""

    student: str
    hand_ins: tuple[HandIn, ...]
    assignment: Assignment
    notes: tuple[str, ...]
    key: bytes
    digest: str
    runner: Runner
    strict: bool
    config: Config = field(default_factory=Config)      # nbgrader's settings, which its own rules may ask for


@dataclass(frozen=True)
class Marked:
    """What a worker brings back."""

    record: Record
    notebooks: dict[str, NotebookNode]


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
    tell: Callable[[Record, int, bool], None] = lambda record, of, fresh: None,
) -> list[Record]:
    """Grade all hand-ins of assignment `name`; returns a record for each, by student.

    submissions  a loose folder of notebooks; else nbgrader's submitted folder
    students     only these
    runner       what executes a job
    executor     where: any of concurrent.futures; by default threads, since kernels are processes
    again        also what is graded already and unchanged
    strict       by nbgrader's own rules, its surprises included, see stock.py
    tell         is called after each hand-in with its record, how many there are in all, and whether it was run

    Raises:
        FileNotFoundError: there is no such assignment, or no such folder.
        Busy: another run is at work on this course.
        OSError: some marks could not be written; all others are.
    """
    current = written_out(course, course.assignment(name))
    key = course.key()
    found = collect_loose(submissions, name, list(current.notebooks)) if submissions else \
        collect(course, name, list(current.notebooks))
    wanted = set(students)
    by_student = [(student, tuple(theirs)) for student, theirs in groupby(found, lambda h: h.student)
                  if not wanted or student in wanted]

    records: list[Record] = []
    unwritten: list[str] = []
    penalties = Penalties(course, strict)
    with held(course), books.opened(course) as gradebook:
        books.register(gradebook, current)
        terms.enter(gradebook, course, name)
        known = {stem: _known(gradebook, stem, name) for stem in current.notebooks}
        tasks = []
        for student, theirs in by_student:
            assignment, notes = (current, ()) if strict else made_for(course, current, theirs)
            mark = digest(list(theirs), assignment, key, f"{runner.__module__}.{runner.__qualname__}", strict)
            task = Task(student, theirs, assignment, notes, key, mark, runner, strict, course.config)
            done = None if again else finished(course, gradebook, task)
            if done:
                records.append(done)
                tell(done, len(by_student), False)
            else:
                tasks.append(task)
        pool = executor or ThreadPoolExecutor(workers)
        try:
            futures = {pool.submit(mark_one, task): task for task in tasks}
            for future in as_completed(futures):
                task = futures[future]
                marked = future.result() if future.exception() is None else faulty(task, future.exception())
                timestamp = next((h.timestamp for h in task.hand_ins if h.timestamp), "")
                try:
                    marked.record.forget(course)
                    file_away(course, marked.record, marked.notebooks, known, timestamp)
                    books.save(gradebook, marked.record, marked.notebooks, timestamp, penalties)
                    marked.record.save(course)
                except (OSError, SQLAlchemyError) as trouble:      # a full disk, a locked database, too long a name
                    if "database is locked" in str(trouble):
                        raise OSError("another program holds the gradebook; what is graded is kept, close the other "
                                      "one and run the same command again") from trouble
                    unwritten.append(f"{task.student} ({trouble})")
                    continue
                records.append(marked.record)
                tell(marked.record, len(by_student), True)
        finally:
            if executor is None:
                pool.shutdown(cancel_futures=True)
        terms.enter(gradebook, course, name)        # for those who are new in the gradebook
        if not strict:
            penalties.review(gradebook, name)
    if unwritten:
        raise OSError("these marks could not be written, all others are: " + "; ".join(unwritten))
    return sorted(records, key=lambda record: record.student)


def made_for(course: Course, current: Assignment, hand_ins: Iterable[HandIn]) -> tuple[Assignment, tuple[str, ...]]:
    """The version of the assignment that a student was given, and a note where that is not the current one."""
    version = next((h.version for h in hand_ins if h.version is not None), current.version)
    if version == current.version:
        return current, ()
    released = course.released(current.name, version)
    if released is None:
        return current, (f"The hand-in names version {version}, which was never released; it was graded "
                         f"against the current version {current.version}.",)
    return released, (f"Made for version {version} and graded against it; the current one is {current.version}.",)


def finished(course: Course, gradebook: Gradebook, task: Task) -> Record | None:
    """The record of an earlier run that grading again could only repeat; None if there is none."""
    record = load(course, task.assignment.name, task.student)
    folder = course.folder("autograded", task.assignment.name, task.student)
    if record is None or record.digest != task.digest:
        return None
    if not all((folder / f"{h.stem}.ipynb").is_file() for h in task.hand_ins):
        return None
    return record if books.agrees(gradebook, record) else None


def mark_one(task: Task) -> Marked:
    """All notebooks of one student: restored, run, judged. This is what happens in a worker."""
    if task.strict:
        return _by_nbgraders_rules(task)
    notebooks, verdicts, unreadable, notes, seconds = {}, {}, {}, list(task.notes), 0.0
    files = files_of(task)
    for hand_in in task.hand_ins:
        stem, source = hand_in.stem, task.assignment.notebooks.get(hand_in.stem)
        if source is None:
            continue            # a notebook that this student's version did not have
        restored = restore(source, hand_in)
        notes += hand_in.notes + tuple(restored.notes.pop(WHOLE, ()))
        if hand_in.cells is None:
            notebooks[stem], unreadable[stem] = restored.notebook, hand_in.reason
            verdicts[stem] = all_failed(restored.notebook, "failed", hand_in.reason)
            continue
        job = Job(task.student, stem, restored.notebook, task.assignment, task.key, files)
        result = _runner(task, source, notes)(job)
        for cell, remarks in restored.notes.items():
            result.notes[cell] = [*remarks, *result.notes.get(cell, ())]
        notebooks[stem] = result.notebook
        verdicts[stem] = tuple(judge(job, result, strict=task.strict))
        seconds += result.wall_seconds
        notes += _elsewhere(result, verdicts[stem])
    record = Record(task.student, task.assignment.name, task.assignment.version, task.digest,
                    verdicts, unreadable, tuple(dict.fromkeys(notes)), seconds)
    return Marked(record, notebooks)


def _by_nbgraders_rules(task: Task) -> Marked:
    notes, seconds = list(task.notes), []
    files = files_of(task)

    def execute(stem: str, notebook: NotebookNode) -> Run:
        source = task.assignment.notebooks[stem]
        result = _runner(task, source, notes)(Job(task.student, stem, notebook, task.assignment, task.key, files))
        seconds.append(result.wall_seconds)
        return result

    marked = stock.mark(task.hand_ins, task.assignment, task.config, execute)
    record = Record(task.student, task.assignment.name, task.assignment.version, task.digest, marked.verdicts,
                    marked.refused, tuple(dict.fromkeys(notes)), sum(seconds), marked.given, marked.missing)
    return Marked(record, marked.notebooks)


def files_of(task: Task) -> dict[str, bytes]:
    """What lies beside the notebook when it runs: what was handed in, under what the author gave out."""
    folders = {h.path.parent for h in task.hand_ins if h.path and h.beside}
    theirs = {name: content for folder in folders for name, content in beside(folder).items()}
    return theirs | task.assignment.contents()


def _runner(task: Task, source: NotebookNode, notes: list[str]) -> Runner:
    """Other languages go the way that nbgrader takes, and it is said."""
    if is_python(source["metadata"]):
        return task.runner
    spec = source["metadata"]["kernelspec"]
    notes.append(f"Executed in the kernel {spec['name']} as stock nbgrader does, without a sandbox.")
    return run


def all_failed(notebook: NotebookNode, status: str, why: str) -> tuple[Verdict, ...]:
    """The same verdict on each test cell, for a notebook that was not run."""
    return tuple(
        Verdict(cell.metadata.nbgrader["grade_id"], title or cell.metadata.nbgrader["grade_id"], status,
                0.0, float(cell.metadata.nbgrader["points"]), rationale=why)
        for cell, title in titled(notebook) if is_test(cell)
    )


def faulty(task: Task, fault: BaseException) -> Marked:
    """The record of a hand-in that our own code failed on. Its digest is left out: the next run tries again."""
    why = f"The grader itself failed ({type(fault).__name__}: {fault}). This is not the student's fault."
    notebooks = {
        h.stem: restore(task.assignment.notebooks[h.stem], HandIn(task.student, h.stem, None, reason=why)).notebook
        for h in task.hand_ins if h.stem in task.assignment.notebooks
    }
    verdicts = {stem: all_failed(notebook, "could_not_tell", why) for stem, notebook in notebooks.items()}
    return Marked(Record(task.student, task.assignment.name, task.assignment.version, "", verdicts, {}), notebooks)


def _elsewhere(result: Run, verdicts: tuple[Verdict, ...]) -> list[str]:
    """Notes on cells that are not tests, for the whole hand-in: a solution put back, a loop stopped."""
    judged = {verdict.cell for verdict in verdicts}
    found = []
    for cell in result.notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name not in judged:
            found += [f"{name or 'a cell of their own'}: {note}" for note in result.notes.get(cell.id, ())
                      if not note.startswith("Not run")]
    return found


def _known(gradebook: Gradebook, stem: str, name: str) -> set[str]:
    return {cell.name for cell in gradebook.find_notebook(stem, name).source_cells}
