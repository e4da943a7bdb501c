"""Whatever befalls a run, after the next one all is as if nothing had: gradebook, notebooks, records."""

import importlib
import os
import shutil
import signal
import sqlite3
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.assignment import Assignment
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.autograded import lies_there
from autograder.bookkeeping.lock import Busy
from autograder.bookkeeping.record import load, load_all
from autograder.engine import Engine
from autograder.files.whole import UNFINISHED
from autograder.grade import Writer, grade
from autograder.inflight import WorkersGone
from autograder.job import Job

pytestmark = pytest.mark.faults
NAME = "ps1"

STAGES = [
    ("autograder.grade", "readers", "after", 1),
    ("autograder.bookkeeping.gradebook", "register", "before", 1),
    ("autograder.bookkeeping.gradebook", "register", "after", 1),
    ("autograder.grade", "mark_one", "before", 3),
    ("autograder.grade", "mark_one", "after", 3),
    ("autograder.bookkeeping.record", "Record.forget", "after", 2),
    ("autograder.grade", "file_away", "before", 2),
    ("os", "replace", "before", 4),                      # a new file is whole, and not yet in its place
    ("autograder.grade", "file_away", "after", 2),       # autograded/ is new, the gradebook is not
    # In the transaction: marks are in, it is not committed.
    ("autograder.bookkeeping.late", "Penalties.assign", "after", 4),
    ("autograder.bookkeeping.gradebook", "enter", "after", 3),
    ("autograder.bookkeeping.record", "Record.save", "before", 3),   # the gradebook is new, the record is not
    ("autograder.bookkeeping.record", "Record.save", "after", 2),
    ("autograder.bookkeeping.record", "Record.save", "after", 5),
]


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_each_stage(course, child, run, state, undisturbed, stage):
    assert child(course, "kill", *stage).returncode == -signal.SIGKILL
    run(course)
    assert state(course) == state(undisturbed)


@pytest.mark.parametrize("stage", [STAGES[place] for place in (5, 8, 11)])
def test_killed_while_regrading(course, child, run, state, undisturbed, hand_in, stage):
    """A first run was whole; then somebody hands in again, the grader is killed, and they take it back."""
    run(course)
    for student in ("ada", "bob", "dan", "eve"):
        hand_in(course.root, student, "double = 'WRONG again'")
    child(course, "kill", *stage)
    shutil.rmtree(course.root / "submitted")
    shutil.copytree(undisturbed.root / "submitted", course.root / "submitted")
    run(course)
    assert state(course) == state(undisturbed)


def test_what_was_done_before_a_kill_is_not_done_again(course, child, run):
    child(course, "kill", "autograder.bookkeeping.record", "Record.save", "after", 3)
    fresh = {}
    run(course, tell=lambda record, of, new: fresh.update({record.student: new}))
    assert sorted(fresh.values()) == [False] * 3 + [True] * 2


@pytest.mark.parametrize("stage", [("autograder.grade", "file_away", "after", 1),
                                   ("autograder.bookkeeping.gradebook", "enter", "before", 1)])
def test_a_record_that_is_left_tells_of_what_is_there(course, child, run, hand_in, stage):
    """It is removed before what it vouches for is touched, and written after; killed in between, there is none."""
    run(course)
    hand_in(course.root, "ada", "double = 'WRONG'")
    assert child(course, "kill", *stage).returncode == -signal.SIGKILL
    with books.opened(course) as gradebook:
        left = load_all(course, NAME)
        assert len(left) == 4 and all(lies_there(course, each) and books.agrees(gradebook, each) for each in left)


@pytest.mark.parametrize("room", [0, 300, 1500, 2500])
def test_disk_full(course, child, run, state, undisturbed, room):
    process = child(course, "full", room)
    assert process.returncode == 1 and process.words
    assert "Traceback" not in process.words
    assert not list(course.root.rglob(f"{UNFINISHED}*"))
    run(course)
    assert state(course) == state(undisturbed)


def test_gradebook_locked_for_a_while(course, run, state, undisturbed):
    other = sqlite3.connect(course.root / "gradebook.db", check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(8, other.rollback).start()       # longer than SQLite's own five seconds
    run(course)
    other.close()
    assert state(course) == state(undisturbed)


def test_gradebook_locked_for_good(course, run, state, undisturbed, monkeypatch):
    monkeypatch.setattr(books, "PATIENCE", 1)
    other = sqlite3.connect(course.root / "gradebook.db")
    real = books.enter

    def enter(*args, **options):
        if not other.in_transaction:
            other.execute("BEGIN IMMEDIATE")
        return real(*args, **options)

    write, batches = Writer.write, []
    monkeypatch.setattr(books, "enter", enter)
    monkeypatch.setattr(Writer, "write", lambda self, batch: batches.append(batch) or write(self, batch))
    with pytest.raises(OSError, match="another program holds the gradebook"):
        run(course)
    assert len(batches) == 1        # it does not try the same for each of the class
    other.rollback()
    other.close()
    monkeypatch.undo()
    run(course)
    assert state(course) == state(undisturbed)


def test_others_writing_all_the_time(course, run, state, undisturbed):
    """Eight that write into the gradebook, as formgrader does, while we grade."""
    done, failed = threading.Event(), []

    def write():
        with sqlite3.connect(course.root / "gradebook.db", timeout=600) as other:
            while not done.is_set():
                try:
                    other.execute("UPDATE course SET id = id")
                    other.commit()
                except sqlite3.OperationalError as error:
                    failed.append(error)
                time.sleep(0.01)
        other.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        run(course)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not failed
    assert state(course) == state(undisturbed)


def die(job):
    os.kill(os.getpid(), signal.SIGKILL)


def test_worker_killed(course, run, state, undisturbed):
    """An executor that broke is not ours to mend: it is said, and nobody who was with it gets a mark for that."""
    with ProcessPoolExecutor(1) as workers:
        with pytest.raises(WorkersGone, match="the workers ended while these were with them: .*ada"):
            grade(course, NAME, runner=die, executor=workers, workers=1)
    assert not {record.student for record in load_all(course, NAME)} & {"ada", "bob", "dan", "eve"}
    run(course)
    assert state(course) == state(undisturbed)


def test_warm_process_killed():
    """What dies under a hand-in, and is not its fault, costs it nothing: it is run once more."""
    made = new_notebook(cells=[new_code_cell("import time\ntime.sleep(5)\nx = 3", id="a")])
    job = Job("ada", "p", made, Assignment("ps1", notebooks={"p": made}), bytes(32))
    with Engine(1) as engine:
        engine.run(Job("bob", "p", new_notebook(), job.assignment, bytes(32)))     # starts all, makes the plan
        station, = engine.stations.values()
        warm = psutil.Process(station.student.process.pid)
        before = set(warm.children(recursive=True))

        def kill():
            while not set(warm.children(recursive=True)) - before:      # until the hand-in runs
                time.sleep(0.05)
            warm.kill()

        beside = threading.Thread(target=kill)
        beside.start()
        run = engine.run(job)
        beside.join()
        assert run.stopped == "" and run.notebook.cells[0].outputs == []
        assert list(engine.stations.values()) != [station]


def test_clock_set_back(course, run, state, undisturbed, hand_in, monkeypatch):
    """What came since then is older than the records, by the clock; it is graded all the same."""
    real, back = time.time, 40 * 86400
    run(course, students=["ada", "bob"])
    monkeypatch.setattr(time, "time", lambda: real() - back)
    right = (course.root / "submitted/ada/ps1/ps1.ipynb").read_bytes()
    for handed_in, score in ({"answer": "double = 'WRONG'"}, 0), ({"raw": right}, 5):
        hand_in(course.root, "ada", **handed_in)
        os.utime(course.root / "submitted/ada/ps1/ps1.ipynb", (time.time(),) * 2)
        run(course)
        assert load(course, NAME, "ada").score == score
    assert state(course) == state(undisturbed)


def test_ctrl_c_waits_for_what_belongs_together(course, run, state, undisturbed, monkeypatch):
    """The hand-ins that are being written when it comes are written: notebooks, marks, records."""
    grading = importlib.import_module("autograder.grade")
    real = grading.file_away

    def interrupted(*args, **options):
        signal.raise_signal(signal.SIGINT)
        return real(*args, **options)

    monkeypatch.setattr(grading, "file_away", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(course)
    assert load(course, NAME, "ada").score == 5
    monkeypatch.undo()
    run(course)
    assert state(course) == state(undisturbed)


def test_hand_in_changed_while_it_is_graded(course, child, run, state, undisturbed, hand_in, tmp_path):
    """What is graded is what was read; the next run sees that there is something newer."""
    process = child(course, "hold", tmp_path / "go on", wait=False)
    right = (course.root / "submitted/ada/ps1/ps1.ipynb").read_bytes()
    hand_in(course.root, "ada", "double = 'WRONG'")
    (tmp_path / "go on").touch()
    process.communicate(timeout=600)
    first = load(course, NAME, "ada")
    run(course)
    second = load(course, NAME, "ada")
    assert (first.score, second.score) == (5, 0)
    hand_in(course.root, "ada", raw=right)
    run(course)
    assert state(course) == state(undisturbed)


def test_two_graders_at_once(course, child, run, state, undisturbed, tmp_path):
    process = child(course, "hold", tmp_path / "go on", wait=False)
    with pytest.raises(Busy, match=rf"another run \(process {process.pid}\) is grading this course"):
        run(course)
    (tmp_path / "go on").touch()
    process.communicate(timeout=600)
    assert process.returncode == 0
    assert state(course) == state(undisturbed)
    run(course)
    assert state(course) == state(undisturbed)


def test_power_cut_between_gradebook_and_autograded(course, run, state, undisturbed, tmp_path):
    """The disk kept the older of either: the gradebook of before, or the folder of before."""
    shutil.copy(course.root / "gradebook.db", tmp_path)
    run(course)
    shutil.copy(tmp_path / "gradebook.db", course.root)
    run(course)
    assert state(course) == state(undisturbed)
    shutil.rmtree(course.root / "autograded")
    run(course)
    assert state(course) == state(undisturbed)


@pytest.mark.parametrize("left", [b"", bytes(300), None])
@pytest.mark.parametrize("file", ["autograded/ada/ps1/ps1.ipynb", "autograded/ada/ps1/timestamp.txt",
                                  "verdicts/ps1/ada.json"])
def test_power_cut_before_a_file_was_on_the_disk(course, run, state, undisturbed, file, left):
    """Its name may be there and its content not: empty, or full of zeros."""
    run(course)
    path = course.root / file
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    run(course)
    assert state(course) == state(undisturbed)
