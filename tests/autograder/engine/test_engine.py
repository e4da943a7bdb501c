"""What the engine promises of a run, whatever the hand-in does."""

import threading
import time

import pytest

from autograder.assignment import Limits
from autograder.engine import Engine, Unsafe, layers
from autograder.engine.box import landlock
from autograder.engine.station import Station

EXERCISES = {
    "one": ("def one():\n    return 1", "assert one() == 1"),
    "two": ("def two():\n    return 2", "assert two() == 2"),
    "three": ("def three():\n    return 3", "assert three() == 3"),
}


@pytest.fixture(scope="module")
def course(course_of):
    return course_of(EXERCISES)


def scores(verdicts):
    return [verdict.score for verdict in verdicts.values()]


def test_an_error_costs_its_cell(course):
    _, verdicts = course.grade(two="def two(:\n  syntax error")
    assert scores(verdicts) == [1, 0, 1]


def test_the_end_of_python_costs_what_comes_after(course):
    run, verdicts = course.grade(two="import os\nos._exit(3)")
    assert scores(verdicts) == [1, 0, 0]
    assert "exit code 3" in run.stopped and "exit code 3" in verdicts["three"].rationale


def test_a_cell_that_is_stopped_and_listens_costs_itself(course):
    run, verdicts = course.grade(two="while True:\n    pass")
    assert scores(verdicts) == [1, 0, 1]
    assert run.notes["solution-two"] == ["Stopped after 2 s."] and not run.stopped


def test_a_call_that_is_stopped_costs_its_test(course):
    run, verdicts = course.grade(two="def two():\n    while True:\n        pass")
    assert scores(verdicts) == [1, 0, 1]


def test_a_cell_that_does_not_listen_costs_what_comes_after(course):
    run, verdicts = course.grade(
        two="import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
    )
    assert scores(verdicts) == [1, 0, 0]
    assert "did not listen" in run.notes["solution-two"][0]


def test_sleeping_is_no_way_past_the_limit(course):
    run, verdicts = course.grade(two="import time\ntime.sleep(1000)")
    assert scores(verdicts) == [1, 0, 1] and run.wall_seconds < 60


def test_a_warning_is_not_an_error(course):
    _, verdicts = course.grade(one="def one():\n    np.log(np.zeros(1))\n    return 1")
    assert scores(verdicts) == [1, 1, 1]


def test_the_same_hand_in_gets_the_same_whatever_runs_beside_it(course):
    job = course.job(
        one="import random\nprint(np.random.rand(), random.random(), {'a', 'b', 'c'}, hash('x'))\ndef one(): return 1"
    )
    alone = course.engine.run(job)
    beside = [course.engine.submit(course.job(two="while True: pass")), *(course.engine.submit(job) for _ in range(4))]
    for future in beside[1:]:
        assert future.result().notebook == alone.notebook
    assert beside[0].result().notes


def test_another_student_draws_other_random_numbers(course):
    source = "print(np.random.rand())\ndef one(): return 1"
    printed = {str(course.grade(student, one=source)[0].notebook.cells[1].outputs) for student in ("ada", "grace")}
    assert len(printed) == 2


def test_metadata_of_the_hand_in_has_no_say(course):
    job = course.job(two="def two():\n    return 0")
    for cell in job.notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
        if cell.id.startswith("test-"):
            cell.source = "pass"
            cell.metadata.nbgrader["points"] = 100
    run = course.engine.run(job)
    assert next(c for c in run.notebook.cells if c.id == "test-two").outputs[0].output_type == "error"


def test_a_test_cell_that_is_there_twice_is_judged_once(course):
    job = course.job()
    job.notebook.cells.append(job.notebook.cells[2])
    assert "second time" in str(course.engine.run(job).notes)


def test_nothing_is_left_behind(course):
    before = threading.active_count()
    with Engine(workers=1) as engine:
        engine.run(course.job())
        folder = engine.folder
        processes = [warm.process for s in engine.stations.values() for warm in (s.student, s.trusted)]
        assert folder.exists()
    assert not folder.exists()
    assert all(process.poll() is not None for process in processes)
    assert threading.active_count() <= before


def test_warm_processes_that_were_killed_are_started_again(course):
    with Engine(workers=1) as engine:
        engine.run(course.job())
        (station,) = engine.stations.values()
        for warm in (station.student, station.trusted):
            warm.process.kill()
            warm.process.wait()
        assert not engine.run(course.job()).stopped


def test_a_missing_wall_stops_the_grading(course, monkeypatch):
    # Landlock is looked for in the warm processes, so its absence is brought about there: by a kernel that has none.
    monkeypatch.setattr("autograder.engine.station.view.ENGINE", without_landlock(course))
    with Engine(workers=1, namespaces=False) as engine, pytest.raises(Unsafe, match="landlock"):
        engine.run(course.job())


def test_a_missing_wall_may_be_allowed(course, monkeypatch):
    monkeypatch.setattr("autograder.engine.station.view.ENGINE", without_landlock(course))
    with Engine(workers=1, namespaces=False, weaker=True) as engine:
        assert "Unsafe" not in str(engine.run(course.job()).notes)


def without_landlock(course):
    """A copy of the box whose kernel knows no Landlock."""
    import shutil

    from autograder.engine import view

    copy = course.engine.folder / "blind"
    if not copy.exists():
        shutil.copytree(view.ENGINE / "box", copy / "box")
        text = (copy / "box" / "landlock.py").read_text()
        old = landlock.abi.__name__
        assert f"def {old}() -> int:" in text
        (copy / "box" / "landlock.py").write_text(text + f"\n\ndef {old}():\n    return 0\n")
    return copy


def test_the_clock_and_the_cpu_are_told_apart(course):
    _, by_clock = course.engine._run(course.job(two="import time\ntime.sleep(1000)"))
    assert by_clock
    _, by_clock = course.engine._run(course.job(two="while True:\n    pass"))
    assert not by_clock


def test_a_run_that_the_clock_cut_short_beside_others_is_repeated_alone(course, monkeypatch):
    running, runs = [], []

    class Slow:
        """Stands for a run: in time only where nothing runs beside it."""

        def __init__(self, job, *_):
            self.job, self.by_clock = job, False

        def run(self):
            first = not any(student == self.job.student for student, _ in runs)
            running.append(self)
            if first:
                together.wait(10)
            self.by_clock = len(running) > 1
            runs.append((self.job.student, self.by_clock))
            if first:
                together.wait(10)
            running.remove(self)
            return self.by_clock

        def meddles(self):
            return False

    together = threading.Barrier(2)
    monkeypatch.setattr("autograder.engine.engine.Split", Slow)
    with Engine(workers=2) as engine:
        station = Station(Living(), Living(), engine.folder / "station")
        monkeypatch.setattr(engine, "_station", lambda assignment: station)
        monkeypatch.setattr(engine, "_plan", lambda station, job: None)
        futures = [engine.submit(course.job(student)) for student in ("ada", "bob")]
        assert [future.result(30) for future in futures] == [False, False]
    assert sorted(runs) == [("ada", False), ("ada", True), ("bob", False), ("bob", True)]


def test_a_run_that_the_clock_cut_short_alone_is_not_repeated(course, monkeypatch):
    runs = []
    with Engine(workers=1) as engine:
        run_once = engine._run
        monkeypatch.setattr(engine, "_run", lambda job: runs.append(job) or run_once(job))
        run = engine.run(course.job(two="import time\ntime.sleep(1000)"))
    assert run.notes["solution-two"] == ["Stopped after 2 s."] and len(runs) == 1


def test_limits_of_files_and_processes_are_the_assignments(course_of):
    small = Limits(cpu_seconds=10, cell_seconds=5, memory_mb=512, file_mb=1, processes=4)
    course = course_of({"one": ("pass", "assert True")}, limits=small)
    write = "open('f', 'wb').write(bytes({size} << 10))"
    threads = ("import threading, time\nfor _ in range({count}):\n"
               "    threading.Thread(target=time.sleep, args=(1,)).start()")
    ended = [not any(output.output_type == "error" for output in course.grade(one=source)[0].notebook.cells[1].outputs)
             for source in (write.format(size=900), write.format(size=1100),
                            threads.format(count=2), threads.format(count=5))]
    alone = {layer.name: layer.ok for layer in layers()}["own threads"]      # else threads are not counted apart
    assert ended == [True, False, True, not alone]


def test_closing_ends_what_is_at_work(course):
    engine = Engine(workers=1)
    engine.run(course.job())
    future = engine.submit(course.job(two="import time\ntime.sleep(1000)"))
    time.sleep(0.5)
    engine.close()
    with pytest.raises(RuntimeError, match="closed"):
        future.result(30)
    with pytest.raises(RuntimeError, match="closed"):
        engine.run(course.job())


class Living:
    """Stands for a warm process."""

    def lives(self):
        return True

    def close(self):
        pass
