"""A Dask cluster as an executor of concurrent.futures: grade() hands it hand-ins as it does to its own threads.

    with Cluster("tcp://scheduler:8786") as cluster:
        grade(course, name, runner=cluster.runner, executor=cluster, workers=cluster.workers)

What may go wrong, and what answers it:

    a worker dies               Dask gives its hand-ins to others
    a worker hangs              after `patience` the hand-in is sent to another one as well; the first answer counts
    a worker is unfit           it says why; it is asked no more, and others take its hand-ins
    all workers are unfit       the run ends with what they said
    the scheduler restarts      hand-ins are sent once more as soon as it is back, for `wait` seconds
    this program dies           the scheduler drops its hand-ins; the next run goes on from the records

Only this program writes marks, and a hand-in's future is answered once, so none is written twice.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Collection, Coroutine
from concurrent.futures import CancelledError, Executor, Future
from typing import TYPE_CHECKING
from uuid import uuid4

from autograder.assignment import Assignment
from autograder.bookkeeping import digest
from autograder.cluster import worker
from autograder.cluster.connection import LOST, TICK, Connection, in_words
from autograder.cluster.parcel import packed, unsealed
from autograder.engine import Engine
from autograder.inflight import Unusable
from autograder.job import Runner
from autograder.run import run
from autograder.task import Marked, Task, mark_one

if TYPE_CHECKING:
    from distributed import Future as DaskFuture

# What a task names as its runner: the same function as on one machine, so that moving to a cluster grades nothing anew.
RUNNERS: dict[str, Runner] = {"engine": Engine.run, "kernel": run}


class Cluster(Executor):
    """The workers behind a Dask scheduler.

    kind        "engine", or "kernel" for people you trust; see runners.py
    weaker      workers may lack a wall of the sandbox
    patience    seconds after which a hand-in that has no answer is given to another worker, too; by default
                twice what its assignment allows it, and a minute
    wait        seconds for which a cluster without a scheduler or without workers is waited for

    Raises:
        ModuleNotFoundError: Dask is not installed.
        OSError: nobody answers at the address.
    """

    def __init__(self, address: str, kind: str = "engine", *, weaker: bool = False, patience: float | None = None,
                 wait: float = 300):
        self.kind, self.weaker, self.patience = kind, weaker, patience
        self.runner = RUNNERS[kind]
        self.connection = Connection(address, wait)
        self.tasks: set[asyncio.Task] = set()   # hand-ins on their way
        self.supplies: dict[tuple[str, str], asyncio.Task] = {}     # worker, assignment -> that it is sent there
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="cluster", daemon=True)
        self.thread.start()
        try:
            self._now(self.connection.open())
        except BaseException:
            self.shutdown()
            raise

    @property
    def workers(self) -> int:
        """Hand-ins that the cluster runs at a time, as it is now; at least 1, for one that grows when it is asked."""
        return max(1, sum(self.connection.there.values()))

    def submit(self, work: Callable[[Task], Marked], task: Task, /) -> Future[Marked]:
        """Have a task marked by some worker. `work` is mark_one: workers know what to do, and are sent no code."""
        if work is not mark_one:
            raise TypeError(f"a worker of the cluster does mark_one and nothing else, received {work!r}")
        try:
            packet = packed(task)
        except OSError as trouble:      # the hand-in was taken away; that is no matter of the others
            gone: Future[Marked] = Future()
            gone.set_exception(trouble)
            return gone
        parcel = json.dumps({
            "surroundings": digest.surroundings(), "runner": self.kind, "weaker": self.weaker,
            "assignment": digest.fingerprint(task.assignment), "task": packet}).encode()
        return asyncio.run_coroutine_threadsafe(self._marked(parcel, task.assignment), self.loop)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """Leave the cluster. What is still there of our hand-ins is dropped."""
        if not self.loop.is_closed():
            self._now(self._close())
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()

    def _now(self, doing: Coroutine) -> None:
        asyncio.run_coroutine_threadsafe(doing, self.loop).result()

    # ------------------------------------------------------------------ a hand-in's way; all below runs in the loop

    async def _marked(self, parcel: bytes, assignment: Assignment) -> Marked:
        """Ask a worker, and after `patience` another one: the first answer counts."""
        self.tasks.add(asyncio.current_task())
        asyncio.current_task().add_done_callback(self.tasks.discard)
        patience = self.patience or 2 * assignment.limits.cpu_seconds + 60
        name = uuid4().hex
        asked = {asyncio.ensure_future(self._ask(name, parcel, assignment))}
        try:
            while True:
                done, asked = await asyncio.wait(asked, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    if each.exception() is None:
                        return unsealed(each.result())
                if done and not asked:
                    raise done.pop().exception()
                if not done:
                    slow = await self.connection.where(name)
                    if self.connection.willing(slow):
                        asked.add(asyncio.ensure_future(self._ask(name, parcel, assignment, slow)))
        finally:
            for each in asked:
                each.cancel()

    async def _ask(self, name: str, parcel: bytes, assignment: Assignment, avoid: Collection[str] = ()) -> dict:
        """What a worker marked the hand-in with; those that refuse or are lost on the way are replaced.

        Raises:
            RuntimeError: our own code failed there, or workers died of it.
            Unusable: no worker is left.
        """
        while True:
            client = await self.connection.connected()
            workers = self.connection.willing(avoid) if self.connection.refused or avoid else None
            key = f"mark-{name}-{uuid4().hex}"
            sent = client.submit(worker.mark, parcel, key=key, workers=workers, pure=False)
            try:
                answer = json.loads(await self._answer(sent, workers))
            except LOST:
                await asyncio.sleep(TICK / 4)
                continue
            if "marked" in answer:
                return answer["marked"]
            if "failed" in answer:
                raise RuntimeError(f"{answer['failed']}, on {answer['worker']}")
            if "lacks" in answer:
                await self._supply(answer["worker"], assignment)
            else:
                self.connection.refused[answer["worker"]] = answer["refuses"]
                await self.connection.look(client)
                if not self.connection.willing():
                    raise Unusable(f"no worker of {self.connection.address} is fit to grade. "
                                   + in_words(self.connection.refused))

    async def _answer(self, sent: DaskFuture, workers: list[str] | None) -> bytes:
        """The result of a task, for as long as there may be one."""
        waiting = asyncio.ensure_future(_result(sent))
        try:
            while True:
                await asyncio.wait({waiting, self.connection.over}, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    return waiting.result()
                if self.connection.over.done():
                    raise Unusable(self.connection.over.result())
                if workers and not set(workers) & self.connection.there.keys():
                    raise CancelledError        # Dask waits for one of them to come back
        finally:
            waiting.cancel()
            sent.release()

    async def _supply(self, address: str, assignment: Assignment) -> None:
        """Send the assignment to a worker; hand-ins that find it missing at the same time wait for one sending."""
        place = address, digest.fingerprint(assignment)
        if place not in self.supplies:
            self.supplies[place] = asyncio.ensure_future(self._send(address, assignment))
            self.supplies[place].add_done_callback(lambda _: self.supplies.pop(place))
        await asyncio.shield(self.supplies[place])

    async def _send(self, address: str, assignment: Assignment) -> None:
        client = await self.connection.connected()
        text = assignment.to_json().encode("utf-8", "replace")
        sent = client.submit(worker.keep, text, key=f"keep-{uuid4().hex}", workers=[address], pure=False)
        try:
            await self._answer(sent, [address])
        except LOST:
            pass        # whoever asks that worker again is told again

    async def _close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.connection.close()


async def _result(sent: DaskFuture) -> bytes:
    try:
        return await sent
    except ImportError as missing:
        raise Unusable(f"a worker cannot import {missing.name}: autograder has to be installed on the scheduler and on "
                       "all workers, the same as here.") from None
