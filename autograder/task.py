"""What a worker does with one student: all notebooks restored, run and judged.

A `Task` goes out and a `Marked` comes back, both plain data besides the runner, so that a worker may be
a thread, a process or a machine elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath

from nbformat import NotebookNode
from traitlets.config import Config

from autograder import stock
from autograder.assignment import Assignment, is_ignored
from autograder.bookkeeping.record import Record
from autograder.exercise.solutions import is_test
from autograder.handin import HandIn
from autograder.intake.collect import beside
from autograder.job import Job, Run, Runner
from autograder.judge import judge, titled
from autograder.restore import WHOLE, restore
from autograder.run import is_python, run
from autograder.verdict import Verdict


@dataclass(frozen=True)
class Task:
    """One student's hand-in, ready for a worker: plain data and a function."""

    student: str
    hand_ins: tuple[HandIn, ...]
    assignment: Assignment
    notes: tuple[str, ...]
    key: bytes
    digest: str
    runner: Runner
    strict: bool
    config: Config = field(default_factory=Config)      # nbgrader's settings, which its own rules may ask for

    @property
    def timestamp(self) -> str:
        """When it was handed in, in nbgrader's format; "" if nobody said."""
        return next((hand_in.timestamp for hand_in in self.hand_ins if hand_in.timestamp), "")


@dataclass(frozen=True)
class Marked:
    """What a worker brings back."""

    record: Record
    notebooks: dict[str, NotebookNode]
    timestamp: str = ""
    files: dict[str, bytes] = field(default_factory=dict)       # what is filed beside the notebooks, see autograded.py


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
    return Marked(record, notebooks, task.timestamp)


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
    return Marked(record, marked.notebooks, task.timestamp)


def files_of(task: Task) -> dict[str, bytes]:
    """What lies beside the notebook when it runs: what was handed in, under what the author gave out."""
    return handed_in_beside(task) | task.assignment.fixed()


def handed_in_beside(task: Task) -> dict[str, bytes]:
    """The files that were handed in with the notebooks, less those that the course ignores."""
    folders = {h.path.parent for h in task.hand_ins if h.path and h.beside}
    return {name: content for folder in folders for name, content in beside(folder).items()
            if not is_ignored(PurePath(name), task.assignment.ignore)}


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
    record = Record(task.student, task.assignment.name, task.assignment.version, "", verdicts, {})
    return Marked(record, notebooks, task.timestamp)


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
