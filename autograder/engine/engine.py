"""The engine: warm processes for each assignment, and a runner that leases children from them.

    with Engine(workers=2) as engine:
        run = engine.run(job)             # as run.run(job)
        future = engine.submit(job)       # as an executor's
"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from autograder.assignment import Assignment
from autograder.bookkeeping.digest import fingerprint
from autograder.engine import plan as plans
from autograder.engine.box.sandbox import Wall
from autograder.engine.folder import Folder
from autograder.engine.plan import Plan
from autograder.engine.process import Gone
from autograder.engine.split import Split
from autograder.engine.station import Station, Unsafe, start
from autograder.engine.turns import Turns
from autograder.job import Job, Run

MOST_WARM = 3             # assignments kept warm at a time


class Engine:
    """Grades hand-ins side by side, each apart from every other and from the tests.

    workers    hand-ins at a time; default the machine's CPUs
    weaker     go on where a required layer of the sandbox is missing
    figures    which cells' figures are drawn into the outputs: "marked" (by hand), "all" or "none"
    namespaces False leaves out what some machines forbid, to try the portable walls alone

    Raises Unsafe where the machine lacks a required layer. Use it as a context manager: leaving ends
    every process that it started.
    """

    def __init__(
        self, workers: int | None = None, weaker: bool = False, figures: str = "marked", namespaces: bool = True
    ):
        if sys.platform != "linux":
            raise Unsafe("the engine's sandbox is Linux's (Landlock, seccomp); on this system use the plain runner")
        self.workers = workers or os.cpu_count() or 1
        self.weaker, self.figures, self.namespaces = weaker, figures, namespaces
        self.held = Folder()
        self.folder = self.held.path
        self.turns = Turns()
        self.closed = False
        self.pool = ThreadPoolExecutor(self.workers, thread_name_prefix="grade")
        self.lock = threading.Lock()
        self.stations: dict[str, Station] = {}

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, trouble, *_) -> None:
        if trouble is None:
            self.pool.shutdown()        # what was submitted comes to its end
        self.close()

    def close(self) -> None:
        """End everything at once, also what is at work."""
        self.closed = True
        for station in list(self.stations.values()):     # without the lock: its holder may be waiting for one of them
            station.close()
        self.pool.shutdown(cancel_futures=True)
        with self.lock:
            self.stations.clear()
        self.held.close()

    def submit(self, job: Job) -> Future[Run]:
        return self.pool.submit(self.run, job)

    def run(self, job: Job) -> Run:
        """Execute and judge one hand-in; always answers, whatever the hand-in does.

        What ran out of its time by the clock, and not by the CPU's, may have been slowed down by others: it is run
        once more with nothing beside it, and only that run counts.

        Raises:
            RuntimeError: the processes that it was run by were killed, twice.
        """
        with self.turns.beside() as company:
            run, by_clock = self._run(job)
        if by_clock and company.had:
            with self.turns.alone():
                run, _ = self._run(job)
        return run

    def _run(self, job: Job) -> tuple[Run, bool]:
        """One run, and whether the clock cut it short.

        A run under which a warm process died (the machine ran out of memory, somebody killed it) says nothing of
        the hand-in, and is done once more with fresh ones.
        """
        for _ in range(2):
            station = self._station(job.assignment)
            try:
                of = job, station.student, station.trusted, self._plan(station, job), self.figures
                split = Split(*of)
                run = split.run()
                if split.meddles():
                    # What was changed may be what later tests, or their expected values, are made of.
                    again = Split(*of, write_back=False)
                    again.run()
                    split.hold_to(again)
                if station.lives():
                    return run, split.by_clock
            except (OSError, RuntimeError, Gone):
                if station.lives():
                    raise
            finally:
                with self.lock:
                    station.users -= 1
        raise RuntimeError("the processes that hand-ins are run by were killed, twice")

    def plan(self, assignment: Assignment, stem: str, key: bytes = bytes(32)) -> Plan:
        """How the test cells of a notebook are judged, from a run of its reference solution."""
        gold = Job("", stem, assignment.notebooks[stem], assignment, key)
        station = self._station(assignment)
        try:
            return self._plan(station, gold)
        finally:
            with self.lock:
                station.users -= 1

    def walls(self) -> list[Wall]:
        """What the warm processes at work stand behind, as far as it is settled before a fork."""
        return [wall for station in self.stations.values() for wall in station.student.walls]

    # ------------------------------------------------------------------

    def _plan(self, station: Station, job: Job) -> Plan:
        with self.lock:
            if job.stem not in station.plans:
                source = job.assignment.notebooks[job.stem]
                gold = Job("the reference solution", job.stem, source, job.assignment, job.key,
                           job.assignment.contents())

                def rehearse(plan: Plan):
                    split = Split(gold, station.student, station.trusted, plan, "none")
                    return split.run(), split.changes, split.asked

                station.plans[job.stem] = plans.make(source, rehearse)
            return station.plans[job.stem]

    def _station(self, assignment: Assignment) -> Station:
        with self.lock:
            name = fingerprint(assignment)
            station = self.stations.pop(name, None)
            if station and not station.lives():  # the machine ran out of memory, say: begin again
                station.close()
                station = None
            if self.closed:
                raise RuntimeError("the engine was closed")
            station = station or start(assignment, self.folder / name[:12], self.namespaces, self.weaker)
            self.stations[name] = station     # the latest used is last
            if self.closed:                   # meanwhile
                station.close()
                raise RuntimeError("the engine was closed")
            station.users += 1
            idle = [n for n, s in self.stations.items() if not s.users]
            for old in idle[: max(0, len(self.stations) - MOST_WARM)]:
                self.stations.pop(old).close()
            return station
