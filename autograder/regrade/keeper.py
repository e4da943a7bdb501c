"""No mark sinks, unless that is allowed: what stands between grading again and the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import replace

from autograder.bookkeeping.due import Place, due, empty
from autograder.bookkeeping.record import Record
from autograder.task import Marked, Task, faulty
from autograder.verdict import Verdict

STAYS = "The mark stays, although the test as it is now"      # how the note begins beside a mark that was kept
NEARLY = 1e-9


class Keeper(Executor):
    """Runs tasks in a pool and lets no mark sink, unless that is allowed. What has run once does not run again."""

    def __init__(self, pool: Executor, old: Mapping[str, Record], lower: bool):
        self.pool, self.old, self.lower = pool, old, lower
        self.done: dict[str, Marked] = {}
        self.sunk: dict[tuple[str, str, str], Verdict] = {}     # student, notebook, cell -> what the new test says

    def submit(self, work: Callable[[Task], Marked], task: Task) -> Future:
        done = self.done.get(task.student)
        if done is None or done.record.digest != task.digest:
            return self.pool.submit(self._mark, work, task)
        future: Future = Future()
        future.set_result(done)
        return future

    def _mark(self, work: Callable[[Task], Marked], task: Task) -> Marked:
        try:
            marked = work(task)
        except Exception as fault:
            marked = faulty(task, fault)
        if not self.lower:
            record, sunk = kept(self.old[task.student], marked.record)
            self.sunk |= {(task.student, *where): verdict for where, verdict in sunk.items()}
            marked = replace(marked, record=record)
        self.done[task.student] = marked
        return marked


def kept(old: Record, new: Record) -> tuple[Record, dict[tuple[str, str], Verdict]]:
    """The new record with the old verdict wherever the mark would sink, and (notebook, cell) -> what it would be."""
    verdicts, sunk, stock = {}, {}, {stem: dict(marks) for stem, marks in (new.stock or {}).items()}
    for stem, given in new.verdicts.items():
        was = {verdict.cell: verdict for verdict in old.verdicts.get(stem, ())}
        verdicts[stem] = ()
        for verdict in given:
            place = Place(stem, verdict.cell, verdict.max_score)
            before, after = due(old, place, None), due(new, place, None)
            sinks = isinstance(before, int | float) and (after is None or (
                isinstance(after, int | float) and after < before - NEARLY))
            if sinks and verdict.cell in was and stem not in empty(new):
                sunk[stem, verdict.cell] = verdict
                verdict = _kept(was[verdict.cell], verdict)
                if new.stock is not None:
                    stock[stem][verdict.cell] = before
            verdicts[stem] += (verdict,)
    return replace(new, verdicts=verdicts, stock=None if new.stock is None else stock), sunk


def stayed(record: Record) -> bool:
    """Did a mark of this record stay as it was, although its test would have lowered it?"""
    return any(note.startswith(STAYS) for verdict in record.all_verdicts for note in verdict.notes)


def _kept(old: Verdict, new: Verdict) -> Verdict:
    gives = "cannot tell" if new.status == "could_not_tell" else f"gives {new.score:g} of {new.max_score:g} points"
    notes = tuple(note for note in old.notes if not note.startswith(STAYS))
    score = min(new.max_score, old.score * (new.max_score / old.max_score if old.max_score else 0.0))
    return replace(old, score=score, max_score=new.max_score, notes=(*notes, f"{STAYS} {gives}."))
