"""A bounded number of tasks at work at a time, whatever executes them.

    for ended in inflight(work, tasks, executor, most=6):
        for task, future in ended: ...

A task is drawn when there is room for it and forgotten when it is handed on, so that a class of 5,000
takes no more memory than one of 10. What has ended by the time that somebody asks comes together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Unusable(BrokenExecutor):
    """An executor cannot go on and says why in words, as pools of the standard library cannot."""


class WorkersGone(RuntimeError):
    """The executor broke; the tasks that it had are not done, and nobody can say which of them broke it."""


def inflight(work: Callable[[Task], Result], tasks: Iterable[Task], executor: Executor,
             most: int) -> Iterator[list[tuple[Task, Future[Result]]]]:
    """Batches of tasks that have ended, each with its future; `most` are with the executor at a time.

    Raises:
        WorkersGone: after all that had ended before.
    """
    waiting: dict[Future[Result], Task] = {}
    tasks = iter(tasks)
    more = True
    while True:
        try:
            while more and len(waiting) < most:
                task = next(tasks, None)
                more = task is not None
                if more:
                    waiting[executor.submit(work, task)] = task
        except BrokenExecutor as trouble:
            raise _gone(waiting.values(), trouble) from None
        if not waiting:
            return
        ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
        sound = [future for future in ended if not isinstance(future.exception(), BrokenExecutor)]
        batch = [(waiting.pop(future), future) for future in sound]
        broken = [future.exception() for future in ended if future in waiting]
        del ended, sound
        if batch:
            yield batch
        if broken:
            raise _gone(waiting.values(), broken[0])


def _gone(tasks: Iterable[Task], trouble: BaseException) -> WorkersGone:
    if isinstance(trouble, Unusable):
        return WorkersGone(f"{trouble} What is graded is kept, and the same command goes on with the rest.")
    names = ", ".join(sorted(str(getattr(task, "student", task)) for task in tasks))
    return WorkersGone(f"the workers ended while these were with them: {names or 'none'}; what is graded is kept, and "
                       "the same command goes on with the rest. If it happens again, one of them brings them down")
