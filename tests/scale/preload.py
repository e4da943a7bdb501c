"""Read by a Dask worker before it works: the runner of tests/faults/child.py, and what a test asks for by environment.

    PACE        a file that says how many seconds each hand-in takes
    LACKS       this machine lacks a wall of the sandbox
    OTHER       its grader is another version

The grader takes seconds to import, so that is left for the first parcel.
"""

import os
import time
from functools import cache
from pathlib import Path

from autograder.cluster import worker

real = worker._answer


@cache
def child():
    from autograder import runners
    from autograder.bookkeeping import digest
    from autograder.engine import Layer
    from tests.faults import child

    missing = [Layer("landlock", False, "the kernel is old", "a newer one")] if "LACKS" in os.environ else []
    runners.lacking = lambda: missing
    if "OTHER" in os.environ:
        digest.surroundings = lambda: "another"
    return child


def runner(job):
    time.sleep(float(Path(os.environ["PACE"]).read_text()))
    return child().runner(job)


def answer(parcel):
    child()
    return real(parcel)


worker._answer = answer
worker._runner = lambda kind, weaker: runner
