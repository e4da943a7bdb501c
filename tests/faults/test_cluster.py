"""A cluster whose processes are killed, stopped, restarted: afterwards all is as if nothing had happened."""

import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from autograder.bookkeeping.record import load_all
from autograder.course import Course
from autograder.grade import grade
from autograder.inflight import WorkersGone
from tests.scale.farm import ENVIRONMENT, Farm

pytestmark = pytest.mark.scale
NAME = "ps1"
MANY = 18           # hand-ins besides those of the class of tests/faults


@pytest.fixture(scope="module", autouse=True)
def dask():
    pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def crowd(handed_in, hand_in, tmp_path_factory):
    root = tmp_path_factory.mktemp("crowd") / "course"
    shutil.copytree(handed_in, root)
    for number in range(MANY):
        hand_in(root, f"s{number:02}", "double = lambda x: x + x" if number % 3 else "double = 'WRONG'")
    return root


@pytest.fixture
def course(crowd, tmp_path):
    shutil.copytree(crowd, tmp_path / "course")
    return Course.load(tmp_path / "course")


@pytest.fixture(scope="module")
def undisturbed(crowd, child_runner, tmp_path_factory):
    """The same class, graded on this machine."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(crowd, root)
    course = Course.load(root)
    grade(course, NAME, runner=child_runner, workers=1)
    return course


@pytest.fixture(scope="module")
def cluster():
    with Farm(preload="tests.scale.preload") as farm:
        yield farm


@pytest.fixture
def farm(cluster):
    """Three workers that live and do not wait."""
    cluster.fill(3)
    cluster.pace.write_text("0")
    return cluster


class Told:
    """What a run tells of: each student once; `when(count)` waits for so many of them."""

    def __init__(self):
        self.names, self.changed = [], threading.Condition()

    def __call__(self, record, of, fresh):
        with self.changed:
            self.names.append(record.student)
            self.changed.notify_all()

    def when(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.names) >= count, 600), f"only {len(self.names)} came"


@pytest.fixture
def graded(course, farm, child_runner):
    """graded(meanwhile, **options) grades on the farm and calls meanwhile(told) beside; returns who was told of."""
    from autograder.cluster.executor import Cluster

    def run(meanwhile=lambda told: None, **options):
        told, troubles = Told(), []
        with Cluster(farm.address, **options) as cluster:
            def disturb():
                try:
                    meanwhile(told)
                except BaseException as trouble:
                    troubles.append(trouble)

            beside = threading.Thread(target=disturb)
            beside.start()
            try:
                grade(course, NAME, runner=child_runner, executor=cluster, workers=3, tell=told)
            finally:
                beside.join()
        assert not troubles, troubles
        return told.names
    return run


def each_once(names):
    return set(Counter(names).values()) == {1} and len(names) == MANY + 5


def test_it_is_as_on_one_machine(farm, graded, course, state, undisturbed):
    assert each_once(graded())
    assert state(course) == state(undisturbed)
    assert graded() == [record.student for record in load_all(course, NAME)]      # nothing is run again


def test_an_unfit_worker_is_passed_over(farm, graded, course, state, undisturbed):
    farm.end(farm.living()[0])
    farm.end(farm.living()[0])
    unfit = [farm.start_worker(LACKS="1"), farm.start_worker(OTHER="1")]
    farm.wait_for(3)
    assert each_once(graded())
    assert state(course) == state(undisturbed)
    farm.end(farm.living()[0])
    farm.wait_for(2)
    shutil.rmtree(course.root / "verdicts")
    with pytest.raises(WorkersGone, match="is fit to grade") as trouble:
        graded()
    for worker in unfit:
        farm.end(worker)
    assert "it lacks what grading safely requires: landlock (the kernel is old; a newer one)" in str(trouble.value)
    assert "are not those of the machine that asks" in str(trouble.value)
    assert load_all(course, NAME) == []


def test_workers_are_killed(farm, graded, course, state, undisturbed):
    farm.pace.write_text("0.5")

    def kill(told):
        for count in (2, 5):
            told.when(count)
            farm.end(farm.living()[0])
        farm.start_worker()

    assert each_once(graded(kill))
    assert state(course) == state(undisturbed)
    assert not list(farm.temporary.glob("autograder-*"))        # hand-ins lie where Dask clears up


def test_a_worker_hangs_and_comes_back(farm, graded, course, state, undisturbed):
    farm.pace.write_text("0.3")

    def stop(told):
        told.when(3)
        worker = farm.living()[0]
        farm.signal(worker, signal.SIGSTOP)
        try:
            told.when(MANY + 5)
        finally:
            farm.signal(worker, signal.SIGCONT)

    assert each_once(graded(stop, patience=3))
    assert state(course) == state(undisturbed)


def test_the_client_is_killed(farm, graded, course, state, undisturbed):
    farm.pace.write_text("0.5")
    script = Path(__file__).with_name("client.py")
    client = subprocess.Popen([sys.executable, str(script), str(course.root), farm.address], stdout=subprocess.PIPE,
                              text=True, env=ENVIRONMENT)
    first = [client.stdout.readline().strip() for _ in range(4)]
    client.kill()
    client.communicate()
    assert len(load_all(course, NAME)) >= 4
    told = graded()
    assert each_once(told) and set(first) <= set(told)
    assert state(course) == state(undisturbed)


def test_the_scheduler_is_restarted(farm, graded, course, state, undisturbed):
    farm.pace.write_text("0.5")

    def restart(told):
        told.when(3)
        farm.end(farm.scheduler)
        farm.start_scheduler()
        for worker in farm.living():
            farm.end(worker)
        farm.fill(3)

    assert each_once(graded(restart))
    assert state(course) == state(undisturbed)


def test_where_no_scheduler_answers_it_is_said():
    from autograder.cluster.executor import Cluster

    with pytest.raises(OSError, match="no Dask scheduler answers at tcp://127.0.0.1:1: "):
        Cluster("tcp://127.0.0.1:1")
