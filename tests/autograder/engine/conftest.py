"""Tiny notebooks for the engine: exercises as (name, solution, test), and engines that last over a module."""

import copy

import pytest

from autograder.assignment import Assignment, Limits
from autograder.engine import Engine
from autograder.job import Job
from autograder.judge import judge
from tests.notebooks import notebook

KEY = b"a key that no student knows, 32b"


class Course:
    """One assignment, hand-ins to it, and their marks."""

    def __init__(self, engine, exercises, **fields):
        self.engine = engine
        limits = Limits(cpu_seconds=10, cell_seconds=2, memory_mb=512)
        self.assignment = Assignment(
            **{"name": "tiny", "limits": limits, "notebooks": {"tiny": notebook(exercises)}} | fields
        )

    def job(self, student="ada", **solutions):
        handed_in = copy.deepcopy(self.assignment.notebooks["tiny"])
        for one in handed_in.cells:
            one.source = solutions.get(one.id.removeprefix("solution-").replace("_", " "), one.source)
        return Job(student, "tiny", handed_in, self.assignment, KEY)

    def grade(self, student="ada", **solutions):
        """The run of a hand-in with these solutions instead of the reference's, and its verdicts by exercise."""
        job = self.job(student, **solutions)
        run = self.engine.run(job)
        return run, {verdict.cell.removeprefix("test-").replace("_", " "): verdict for verdict in judge(job, run)}


@pytest.fixture(scope="session")
def engine():
    with Engine(workers=2) as engine:
        yield engine


@pytest.fixture(scope="session")
def course_of(engine):
    def make(exercises, **fields):
        return Course(engine, exercises, **fields)

    return make
