"""What a worker answers, without a cluster around it."""

import json
from dataclasses import replace

import pytest

from autograder import runners
from autograder.assignment import Assignment
from autograder.bookkeeping import digest
from autograder.cluster import parcel, worker
from autograder.engine import Layer, Unsafe
from autograder.handin import Cell, HandIn
from autograder.job import Run
from autograder.run import run
from autograder.task import Task, mark_one


@pytest.fixture
def fresh(monkeypatch):
    """A worker that has just started, on a machine that lacks nothing; runs nothing and passes nothing."""
    monkeypatch.setattr(worker, "_assignments", type(worker._assignments)())
    monkeypatch.setattr(runners, "lacking", lambda: [])
    monkeypatch.setattr(worker, "_runner", lambda kind, weaker: lambda job: Run(job.notebook))
    worker._lacking.cache_clear()
    yield
    worker._lacking.cache_clear()


@pytest.fixture
def task(assign):
    hand_in = HandIn("ada", "week01_tiny", (Cell("code", "x = 1", grade_id="solution"),))
    return Task("ada", (hand_in,), assign("x = 1", "assert x == 1"), (), b"key", "c0ffee", run, False)


def ask(task, **changes):
    asked = {"surroundings": digest.surroundings(), "runner": "engine", "weaker": False,
             "assignment": digest.fingerprint(task.assignment), "task": parcel.packed(task)} | changes
    answer = json.loads(worker.mark(json.dumps(asked).encode()))
    assert answer.pop("worker") == ""
    (kind, said), = answer.items()
    return kind, said


def test_the_assignment_is_asked_for_once(fresh, task):
    assert ask(task) == ("lacks", digest.fingerprint(task.assignment))
    worker.keep(task.assignment.to_json().encode())
    for _ in range(2):
        kind, marked = ask(task)
        assert kind == "marked"
        assert parcel.unsealed(marked).record.student == "ada"


def test_it_is_marked_as_on_one_machine(fresh, task):
    worker.keep(task.assignment.to_json().encode())
    ours = Assignment.from_json(task.assignment.to_json())
    here = mark_one(replace(task, assignment=ours, runner=lambda job: Run(job.notebook)))
    there = parcel.unsealed(ask(task)[1])
    assert there.record == here.record and there.notebooks == here.notebooks


def test_old_assignments_are_let_go(fresh, assign, monkeypatch):
    monkeypatch.setattr(worker, "MOST_KEPT", 2)
    for number in range(3):
        worker.keep(assign("x = 1", f"assert x == {number}").to_json().encode())
    assert len(worker._assignments) == 2


def test_another_grader_than_ours_refuses(fresh, task):
    kind, why = ask(task, surroundings="0" * 64)
    assert kind == "refuses" and "are not those of the machine that asks" in why and "000000000000 there" in why


def test_without_a_wall_of_the_sandbox_it_refuses_unless_less_was_asked_for(fresh, task, monkeypatch):
    monkeypatch.setattr(runners, "lacking", lambda: [Layer("landlock", False, "the kernel is old", "a newer one")])
    kind, why = ask(task)
    assert kind == "refuses"
    assert why == "it lacks what grading safely requires: landlock (the kernel is old; a newer one)"
    assert ask(task, weaker=True)[0] == "lacks"          # it goes on to the assignment
    assert ask(task, runner="kernel")[0] == "lacks"


def test_an_engine_that_finds_itself_unsafe_refuses_too(fresh, task, monkeypatch):
    def unsafe(job):
        raise Unsafe("landlock is gone")

    monkeypatch.setattr(worker, "_runner", lambda kind, weaker: unsafe)
    worker.keep(task.assignment.to_json().encode())
    assert ask(task) == ("refuses", "landlock is gone")


def test_a_fault_of_our_own_is_told_in_words(fresh, task, monkeypatch):
    monkeypatch.setattr(worker, "_runner", lambda kind, weaker: lambda job: 1 / 0)
    worker.keep(task.assignment.to_json().encode())
    assert ask(task) == ("failed", "ZeroDivisionError: division by zero")
    assert json.loads(worker.mark(b"{}"))["failed"] == "KeyError: 'surroundings'"
