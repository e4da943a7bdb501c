"""Grades a course with a runner that starts no kernels, and ends or fails where the tests ask for it.

    python child.py COURSE                               an undisturbed run
    python child.py COURSE kill MODULE NAME WHEN COUNT   SIGKILL before, or after, the COUNT-th call of MODULE.NAME
    python child.py COURSE full BYTES                    no file may grow beyond BYTES: a full disk, as programs see it
    python child.py COURSE hold FILE                     says "at work" inside of the first hand-in, waits for FILE
"""

import functools
import importlib
import os
import resource
import signal
import sys
import time
from pathlib import Path

import autograder.bookkeeping.digest
from autograder.course import Course
from autograder.exercise.solutions import is_test
from autograder.grade import grade
from autograder.job import Run

wait_for = None
autograder.bookkeeping.digest.surroundings = lambda: "as they are"   # somebody may edit the grader while its tests run


def runner(job):
    """Passes each test of a notebook that nowhere says WRONG."""
    if wait_for and not wait_for.exists():
        print("at work", flush=True)
        while not wait_for.exists():
            time.sleep(0.05)
    run = Run(job.notebook)
    good = "WRONG" not in str(job.notebook)
    for cell in job.notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
        if is_test(cell):
            run.findings[cell.metadata.nbgrader.grade_id] = [
                {"exercise": "", "status": "passed" if good else "failed", "fraction": float(good), "rationale": "so"}]
    return run


runner.__module__ = "child"      # also where this is the main program: digests name the runner


def kill_at(module, name, when, count):
    *way, last = name.split(".")
    home = functools.reduce(getattr, way, importlib.import_module(module))
    real, calls = getattr(home, last), []

    @functools.wraps(real)
    def deadly(*args, **kwargs):
        calls.append(name)
        if len(calls) < count:
            return real(*args, **kwargs)
        if when == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(home, last, deadly)


if __name__ == "__main__":
    root, *fault = sys.argv[1:]
    course = Course.load(Path(root))
    if fault[:1] == ["kill"]:
        kill_at(*fault[1:4], int(fault[4]))
    elif fault[:1] == ["full"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(fault[1]), int(fault[1])))
    elif fault[:1] == ["hold"]:
        wait_for = Path(fault[1])
    try:
        grade(course, "ps1", runner=runner, workers=1)
    except Exception as trouble:
        sys.exit(f"{type(trouble).__name__}: {trouble}")
