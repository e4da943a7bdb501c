"""The command itself, stopped by Ctrl-C and by SIGKILL: it ends, leaves nothing running, and says how to go on."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.bookkeeping.record import load_all
from autograder.engine.folder import MARK, YOUNG

pytestmark = pytest.mark.faults
NAME, MANY = "ps1", 12
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def slow(course, hand_in):
    """The class, and a dozen more whose code takes so long that nobody is too late to stop it."""
    for number in range(MANY):
        hand_in(course.root, f"s{number:02}", "import time\ntime.sleep(1.5)\ndouble = lambda x: x + x")
    return course


@pytest.fixture
def start(slow, tmp_path):
    """start() runs `autograder grade`; its temporary files lie in a folder of their own."""
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp"), "OMP_NUM_THREADS": "1"}
    started = []

    def begin():
        command = [sys.executable, "-m", "autograder", "grade", NAME, "--course", str(slow.root)]
        process = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def interrupted(course, process, number, records=2):
    """Send the signal when some are graded; answers with all processes that were at work."""
    end = time.monotonic() + 600
    while len(load_all(course, NAME)) < records:
        assert process.poll() is None and time.monotonic() < end, process.communicate()
        time.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    process.send_signal(number)
    return family


def test_ctrl_c(slow, start, tmp_path):
    process = start()
    family = interrupted(slow, process, signal.SIGINT)
    _, words = process.communicate(timeout=600)
    assert process.returncode == 130 and "Traceback" not in words
    said = r"autograder: stopped; (\d+) of 17 hand-ins of ps1 are graded and kept. The same command goes on from there"
    done = int(re.search(said, words)[1])
    assert len(load_all(slow, NAME)) == done < 17
    assert not psutil.wait_procs(family, timeout=120)[1]
    assert not list((tmp_path / "tmp").glob("autograder-*"))

    process = start()
    told, words = process.communicate(timeout=600)
    assert process.returncode == 0, words
    assert re.search(rf"{17 - done} hand-ins graded in .*, {done} were unchanged", told)
    assert len(load_all(slow, NAME)) == 17


def test_sigkill_leaves_no_process_and_the_next_run_clears_up(slow, start, tmp_path):
    family = interrupted(slow, start(), signal.SIGKILL)
    assert not psutil.wait_procs(family, timeout=120)[1]
    left, = (tmp_path / "tmp").glob("autograder-*")
    os.utime(left / MARK, (time.time() - YOUNG - 1,) * 2)
    process = start()
    _, words = process.communicate(timeout=600)
    assert process.returncode == 0, words
    assert not list((tmp_path / "tmp").glob("autograder-*"))
    assert len(load_all(slow, NAME)) == 17
