"""No more at work than was said, drawn when there is room, and an executor that broke is told."""

import gc
import threading
import time
import weakref
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from autograder.inflight import WorkersGone, inflight


def test_everything_is_done_once_and_never_more_than_said():
    lock, at_work, most, drawn = threading.Lock(), [0], [0], [0]

    def work(number):
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        time.sleep(0.002)
        with lock:
            at_work[0] -= 1
        return number * number

    def tasks():
        for number in range(50):
            drawn[0] += 1
            yield number

    found = {}
    with ThreadPoolExecutor(8) as pool:
        for ended in inflight(work, tasks(), pool, most=3):
            found.update({number: future.result() for number, future in ended})
            assert drawn[0] <= len(found) + 3
    assert found == {number: number * number for number in range(50)} and most[0] <= 3


def test_errors_come_with_their_task():
    with ThreadPoolExecutor(1) as pool:
        ended = [one for batch in inflight(lambda n: 1 / n, [1, 0], pool, most=2) for one in batch]
    assert {n: type(future.exception()) for n, future in ended} == {1: type(None), 0: ZeroDivisionError}


def test_no_tasks_are_no_batches():
    assert list(inflight(print, [], ThreadPoolExecutor(1), most=2)) == []


class Large:
    """A result that takes memory."""


def test_what_was_handed_on_is_forgotten():
    alive = weakref.WeakSet()

    def work(_):
        alive.add(made := Large())
        return made

    with ThreadPoolExecutor(2) as pool:
        for _ in inflight(work, range(40), pool, most=2):
            gc.collect()
            assert len(alive) <= 5


class Breaking(Executor):
    """Runs one task and then breaks, as a pool of processes does whose worker was killed."""

    def __init__(self, at_submit):
        self.at_submit, self.given = at_submit, []

    def submit(self, work, task):
        if self.at_submit and self.given:
            raise BrokenProcessPool("a worker was killed")
        future = Future()
        if self.given:
            future.set_exception(BrokenProcessPool("a worker was killed"))
        else:
            future.set_result(work(task))
        self.given.append(task)
        return future


@pytest.mark.parametrize("at_submit", [False, True])
def test_a_broken_executor_is_told_after_what_had_ended(at_submit):
    done = []
    with pytest.raises(WorkersGone, match="the workers ended while these were with them"):
        for ended in inflight(str, [1, 2, 3], Breaking(at_submit), most=1):
            done += [future.result() for _, future in ended]
    assert done == ["1"]
