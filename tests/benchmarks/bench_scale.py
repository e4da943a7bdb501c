"""A Dask cluster on this machine, and what its costs mean for 100,000 hand-ins: `make bench-scale`.

    throughput   hand-ins per second through 1, 2 and 4 worker processes, engine and sandbox as in grading, all warm;
                 and through as many threads of the engine without a cluster
    overhead     of hand-ins that take the worker nothing: there and back through Dask, less marking them here; in a
                 stream, as a run sends them, and one at a time, which is how long one is on its way
    costs        for each hand-in: CPU time of the scheduler and of the client, what the client writes, on what
    contention   32 processes that write marks into one SQLite gradebook at the same moment, by our way and by stock
                 nbgrader's: how many hand-ins end in `database is locked`
    simulation   a run on 1 to 200 workers with these costs (simulation.py): how long, and who is waited for

    python tests/benchmarks/bench_scale.py [--class 40] [--null 150] [--hand-ins 100000]

Writes build/bench/scale.json.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from autograder.bookkeeping import gradebook as books  # noqa: E402
from autograder.cluster.executor import Cluster  # noqa: E402
from autograder.course import Course  # noqa: E402
from autograder.engine import Engine  # noqa: E402
from autograder.grade import AHEAD, grade  # noqa: E402
from autograder.task import mark_one  # noqa: E402
from tests.benchmarks.classes import make_course  # noqa: E402
from tests.benchmarks.simulation import Costs, simulate  # noqa: E402
from tests.scale.farm import Farm  # noqa: E402

KIND = "small"
WORKERS = (1, 2, 4)
FLEET = (1, 2, 5, 10, 20, 50, 100, 200)
TARGET_MS = 10


class Keeps(Executor):
    """Marks in the calling thread, and remembers: asked again, it answers without any work."""

    def __init__(self):
        self.known = {}

    def submit(self, work, task, /):
        future = Future()
        if task.student not in self.known:
            self.known[task.student] = task, work(task)
        future.set_result(self.known[task.student][1])
        return future


def cpu(*processes):
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def timed(course, **options):
    """Wall seconds, CPU seconds of this process, and the records of a run over the whole class."""
    wall, used = time.perf_counter(), time.process_time()
    records = grade(course, KIND, again=True, **options)
    return time.perf_counter() - wall, time.process_time() - used, records


def overhead(course, count):
    """Milliseconds of the way through Dask, and CPU milliseconds for each hand-in, where a worker has nothing to do."""
    from tests.faults import child

    kept = Keeps()
    grade(course, KIND, runner=child.runner, executor=kept, again=True)
    tasks = [replace(task, runner=child.runner) for task, _ in kept.known.values()][:count]
    with Farm(preload="tests.scale.preload") as farm:
        farm.start_worker()
        with Cluster(farm.address) as cluster:
            cluster.submit(mark_one, tasks[0]).result()         # imports, and takes in the assignment
            there, here = [], []
            for task in tasks:
                for times, mark in [(there, lambda task: cluster.submit(mark_one, task).result()), (here, mark_one)]:
                    began = time.perf_counter()
                    mark(task)
                    times.append(1000 * (time.perf_counter() - began))
            together = time.perf_counter()
            for future in [cluster.submit(mark_one, task) for task in tasks]:
                future.result()
            together = 1000 * (time.perf_counter() - together) / len(tasks)
    local = statistics.median(here)
    return {"one_at_a_time": round(statistics.median(there) - local, 2), "in_a_stream": round(together - local, 2),
            "marking_here": round(local, 2)}


def throughput(course, size):
    """Workers -> hand-ins per second, with and without Dask; CPU seconds of scheduler and client for each hand-in;
    seconds of each on a worker.
    """
    found, local = {}, {}
    with Farm() as farm:
        scheduler = psutil.Process(farm.scheduler.pid)
        for workers in WORKERS:
            farm.fill(workers)
            with Cluster(farm.address) as cluster:
                while len(cluster.there) < workers:
                    time.sleep(0.1)
                options = {"runner": cluster.runner, "executor": cluster, "workers": workers}
                for address in cluster.there:       # each starts its engine before the time is taken
                    cluster.refused = dict.fromkeys(set(cluster.there) - {address}, "later")
                    timed(course, students=["student0001", "student0002"], **options)
                cluster.refused = {}
                before = cpu(scheduler)
                wall, client, records = timed(course, **options)
            found[workers] = size / wall
            if workers == 1:
                alone = [record.seconds for record in records]
                elsewhere = wall / size - statistics.mean(alone)
                costs = {"scheduler": (cpu(scheduler) - before) / size, "client": client / size}
                service = [seconds + elsewhere for seconds in alone]
    for workers in WORKERS[:2]:
        with Engine(workers) as engine:
            options = {"runner": engine.run, "workers": workers}
            timed(course, **options)
            local[workers] = size / timed(course, **options)[0]
    return found, local, costs, service


def writing(course, size):
    """Seconds that each hand-in takes besides marking, by what the gradebook is on: reading, files, rows, records."""
    found = {}
    kept = Keeps()
    with Engine(1) as engine:
        grade(course, KIND, runner=engine.run, executor=kept, again=True)
    found["sqlite"] = timed(course, runner=Engine.run, executor=kept)[0] / size
    try:
        import pytest

        from tests.scale.conftest import server

        with server() as url:
            on_server = replace(course, db_url=f"{url}/postgres")
            timed(on_server, runner=Engine.run, executor=kept)
            found["postgresql"] = timed(on_server, runner=Engine.run, executor=kept)[0] / size
    except (ImportError, pytest.skip.Exception) as missing:
        print(f"no figures of PostgreSQL: {missing}")
    return found


def contention(folder, writers=32):
    """Hand-ins that `database is locked` cost their marks, by who wrote."""
    found = {}
    for how in ("ours", "stock"):
        course = Course.load(make_course(folder / how, KIND, 1))
        with books.opened(course) as gradebook:
            books.register(gradebook, course.assignment(KIND))
        script = ROOT / "tests" / "scale" / "writers.py"
        done = subprocess.run([sys.executable, str(script), str(course.root), how, str(writers), "1"],
                              capture_output=True, text=True, check=True)
        told = json.loads(done.stdout)
        found[how] = {"locked": sum("locked" in error for error in told["errors"]), "of": writers,
                      "slowest_seconds": round(max(told["seconds"], default=0), 1)}
    return found


def simulated(costs, service, hand_ins):
    rows = []
    for workers in FLEET:
        outcome = simulate(workers, hand_ins, costs, service, AHEAD)
        rows.append({"workers": workers, "minutes": round(outcome.seconds / 60, 1), "limit": outcome.limit,
                     "busy": {who: round(share, 2) for who, share in outcome.busy.items()}})
    return rows


def advice(costs, service):
    """Where more workers stop to help, and what does then."""
    worker = statistics.mean(service)
    client, scheduler = costs.send + costs.write, costs.forward + costs.back
    limits = {"writer": round(worker / client, 1), "scheduler": round(worker / scheduler, 1)}
    first = min(limits, key=limits.get)
    words = {
        "writer": "Beyond that, grade several assignments or sections at the same time, each as a course of its own "
                  "with its own gradebook and its own `autograder grade`, on the same cluster.",
        "scheduler": "Beyond that, start a second scheduler with workers of its own, and send it other assignments.",
    }
    return limits, f"Up to {limits[first]:g} workers each one counts; then the {first} is the limit. {words[first]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--class", dest="size", type=int, default=40, help="hand-ins of the measured class")
    parser.add_argument("--null", type=int, default=150, help="hand-ins for the overhead")
    parser.add_argument("--hand-ins", type=int, default=100_000, help="of the simulated run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as folder:
        course = Course.load(make_course(Path(folder), KIND, options.size))
        written = writing(course, options.size)
        locked = contention(Path(folder))
        rates, local, used, service = throughput(course, options.size)
        extra = overhead(Course.load(make_course(Path(folder), KIND, options.null)), options.null)
    # What the client computes while a cluster works, and its waiting for the disk; half a scheduler's work each way.
    packing = max(0.0, used["client"] - written["sqlite"])
    costs = Costs(packing / 2, packing / 2 + written["sqlite"], used["scheduler"] / 2, used["scheduler"] / 2)
    rows = simulated(costs, service, options.hand_ins)
    limits, words = advice(costs, service)

    print(f"{'workers':>8} {'hand-ins/s':>11} {'without Dask':>13}")
    for workers, rate in rates.items():
        alone = f"{local[workers]:.1f}" if workers in local else ""
        print(f"{workers:8} {rate:11.1f} {alone:>13}")
    print(f"overhead of Dask: {extra['one_at_a_time']} ms a hand-in, {extra['in_a_stream']} ms in a stream "
          f"(target: under {TARGET_MS})")
    print("writer: " + ", ".join(f"{1000 * seconds:.1f} ms a hand-in on {name}" for name, seconds in written.items()))
    for how, row in locked.items():
        print(f"{row['of']} writers at once, {how}: {row['locked']} times `database is locked`")
    print(f"\n{options.hand_ins} hand-ins, simulated:\n{'workers':>8} {'minutes':>8}  waits for  busy")
    for row in rows:
        print(f"{row['workers']:8} {row['minutes']:8.1f}  {row['limit']:9}  "
              + ", ".join(f"{who} {share:.0%}" for who, share in row["busy"].items()))
    print(words)
    target = ROOT / "build" / "bench" / "scale.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({
        "throughput": {str(workers): round(rate, 2) for workers, rate in rates.items()},
        "throughput_without_dask": {str(workers): round(rate, 2) for workers, rate in local.items()},
        "overhead_ms": extra, "overhead_target_ms": TARGET_MS,
        "costs_ms": {"worker": round(1000 * statistics.mean(service), 2),
                     "client": round(1000 * (costs.send + costs.write), 2),
                     "scheduler": round(1000 * (costs.forward + costs.back), 2),
                     **{f"writer_{name}": round(1000 * seconds, 2) for name, seconds in written.items()}},
        "contention": locked,
        "simulation": {"hand_ins": options.hand_ins, "runs": rows, "workers_until_limit": limits, "advice": words},
        "about": {"machine": platform.platform(), "cpus": os.cpu_count(), "python": platform.python_version(),
                  "class": options.size, "load": os.getloadavg()[0]},
    }, indent=1) + "\n")
    print(f"written: {target.relative_to(ROOT)}")
    return 0 if extra["in_a_stream"] < TARGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
