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
from autograder.cluster.parcel import packed, unsealed
from autograder.engine import Engine
from autograder.inflight import Unusable
from autograder.job import Runner
from autograder.run import run
from autograder.task import Marked, Task, mark_one

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as DaskFuture

# What a task names as its runner: the same function as on one machine, so that moving to a cluster grades nothing anew.
RUNNERS: dict[str, Runner] = {"engine": Engine.run, "kernel": run}
TICK = 2.0          # seconds between two looks at which workers there are
LOST = (CancelledError, OSError, TimeoutError)      # how Dask says that a connection, and what went over it, is lost


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
        self.address, self.kind, self.weaker, self.patience, self.wait = address, kind, weaker, patience, wait
        self.runner = RUNNERS[kind]
        self.refused: dict[str, str] = {}       # worker -> why, in its words
        self.there: dict[str, int] = {}         # worker -> threads
        self.client: Client | None = None
        self.tasks: set[asyncio.Task] = set()   # what goes on in the loop
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="cluster", daemon=True)
        self.thread.start()
        try:
            self._now(self._open())
        except BaseException:
            self.shutdown()
            raise

    @property
    def workers(self) -> int:
        """Hand-ins that the cluster runs at a time, as it is now; at least 1, for one that grows when it is asked."""
        return max(1, sum(self.there.values()))

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
                    slow = await self._where(name)
                    if self._willing(slow):
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
            client = await self._connected()
            workers = self._willing(avoid) if self.refused or avoid else None
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
                self.refused[answer["worker"]] = answer["refuses"]
                await self._look(client)
                if not self._willing():
                    raise Unusable(f"no worker of {self.address} is fit to grade. " + in_words(self.refused))

    async def _answer(self, sent: DaskFuture, workers: list[str] | None) -> bytes:
        """The result of a task, for as long as there may be one."""
        waiting = asyncio.ensure_future(_result(sent))
        try:
            while True:
                await asyncio.wait({waiting, self.over}, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    return waiting.result()
                if self.over.done():
                    raise Unusable(self.over.result())
                if workers and not set(workers) & self.there.keys():
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
        client = await self._connected()
        text = assignment.to_json().encode("utf-8", "replace")
        sent = client.submit(worker.keep, text, key=f"keep-{uuid4().hex}", workers=[address], pure=False)
        try:
            await self._answer(sent, [address])
        except LOST:
            pass        # whoever asks that worker again is told again

    # ------------------------------------------------------------------ who is there

    def _willing(self, avoid: Collection[str] = ()) -> list[str]:
        return [address for address in self.there if address not in self.refused and address not in avoid]

    async def _where(self, name: str) -> set[str]:
        """Workers that hold the hand-in now."""
        try:
            client = await self._connected()
            held = await client.processing()
        except LOST:
            return set()
        return {address for address, keys in held.items() if any(name in str(key) for key in keys)}

    async def _open(self) -> None:
        self.over = self.loop.create_future()       # why the cluster cannot go on, once it cannot
        self.lock = asyncio.Lock()
        self.supplies: dict[tuple[str, str], asyncio.Task] = {}
        try:
            self.client = await self._client()
        except OSError as trouble:
            raise OSError(f"no Dask scheduler answers at {self.address}: {trouble}") from None
        await self._look(self.client)
        self.tasks.add(asyncio.ensure_future(self._watch()))

    async def _client(self) -> Client:
        from distributed import Client

        return await Client(self.address, asynchronous=True, set_as_default=False, name="autograder", timeout=10)

    async def _connected(self) -> Client:
        """The client, connected; a new one where it gave up.

        Raises:
            Unusable: the scheduler did not come back.
        """
        async with self.lock:
            patient_until = self.loop.time() + self.wait
            while self.client.status != "running":
                if self.loop.time() > patient_until:
                    raise Unusable(f"the scheduler {self.address} went away and did not come back for "
                                   f"{self.wait:g} seconds.")
                if self.client.status == "closed":
                    try:
                        self.client = await self._client()
                    except LOST:
                        pass
                await asyncio.sleep(TICK / 10)
            return self.client

    async def _look(self, client: Client) -> None:
        self.there = dict(await client.nthreads())

    async def _watch(self) -> None:
        """Keep `there` current, and give up where there is nothing to wait for."""
        seen = self.loop.time()
        while True:
            try:
                await self._look(await self._connected())
            except Unusable as gone:
                self.over.set_result(str(gone))
                return
            except LOST:
                pass
            now = self.loop.time()
            seen = now if self.there else seen
            if now - seen > self.wait:
                self.over.set_result(f"the scheduler {self.address} has had no workers for {self.wait:g} seconds.")
                return
            await asyncio.sleep(TICK)

    async def _close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.client:
            await self.client.close()


async def _result(sent: DaskFuture) -> bytes:
    try:
        return await sent
    except ImportError as missing:
        raise Unusable(f"a worker cannot import {missing.name}: autograder has to be installed on the scheduler and on "
                       "all workers, the same as here.") from None


def in_words(refused: dict[str, str]) -> str:
    """Why workers refuse, each reason once."""
    reasons: dict[str, list[str]] = {}
    for address, why in refused.items():
        reasons.setdefault(why, []).append(address)
    return " ".join(f"{', '.join(sorted(who))}: {why}." for why, who in reasons.items())
