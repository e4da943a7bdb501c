"""The engine by default, refused in words where the machine cannot give it, and never left silently."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder import runners
from autograder.engine import Layer, Unsafe
from autograder.run import run

GONE = Layer("landlock", False, "the kernel has none", "use Linux 5.13 or newer", required=True)
OPTIONAL = Layer("own threads", False, "no user namespaces", "allow them")


def test_an_unknown_runner_is_named():
    with pytest.raises(ValueError, match="engine, kernel, received 'docker'"), runners.chosen("docker"):
        pass


def test_a_kernel_is_given_where_it_is_asked_for():
    with runners.chosen("kernel") as runner:
        assert runner is run


def test_a_missing_wall_refuses_and_says_what_would_do(monkeypatch):
    monkeypatch.setattr(runners, "layers", lambda: [GONE, OPTIONAL])
    with pytest.raises(Unsafe, match="landlock .the kernel has none; use Linux 5.13 or newer.*--allow-weaker-sandbox"):
        with runners.chosen():
            pass


def test_a_wall_that_is_only_wished_for_refuses_nobody(monkeypatch):
    monkeypatch.setattr(runners, "layers", lambda: [OPTIONAL])
    monkeypatch.setattr(runners, "Engine", Recorder)
    with runners.chosen(workers=3) as runner:
        assert runner == "runs with 3 workers, weaker: False"


def test_a_made_up_class_is_graded_anywhere_and_the_missing_wall_named(monkeypatch):
    monkeypatch.setattr(runners, "layers", lambda: [GONE])
    monkeypatch.setattr(runners, "Engine", Recorder)
    monkeypatch.setattr(runners.sys, "platform", "linux")
    told = []
    with runners.for_made_up_class(2, told.append) as runner:
        assert runner == "runs with 2 workers, weaker: True"
    assert told == ["This machine lacks landlock (the kernel has none; use Linux 5.13 or newer)."]


def test_where_there_is_no_linux_a_made_up_class_is_graded_in_kernels(monkeypatch):
    monkeypatch.setattr(runners, "layers", lambda: [Layer("linux", False, "this is darwin", required=True)])
    monkeypatch.setattr(runners.sys, "platform", "darwin")
    with runners.for_made_up_class(2, [].append) as runner:
        assert runner is run


def test_the_runners_can_be_read_where_linux_modules_are_missing():
    """`autograder demo` on Windows chooses the plain kernel, and has to come that far."""
    code = "import psutil, sys; sys.modules |= {'resource': None, 'fcntl': None}; import autograder.runners"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[2])


class Recorder:
    """Stands for the engine: says how it was started."""

    def __init__(self, workers, weaker):
        self.run = f"runs with {workers} workers, weaker: {weaker}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass
