"""Folders of engines that were killed go; those of engines at work, and of other programs, stay."""

import os
import subprocess
import sys
import tempfile
import time

import pytest

from autograder.engine.folder import MARK, YOUNG, Folder, sweep

KILLED = "import os, autograder.engine.folder as f; print(f.Folder().path, flush=True); os.kill(os.getpid(), 9)"


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def aged(folder, seconds=YOUNG + 1):
    os.utime(folder / MARK, (time.time() - seconds,) * 2)
    return folder


def test_what_a_killed_engine_left_goes(temporary):
    done = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True, check=False)
    left = temporary / done.stdout.strip().rpartition("/")[2]
    assert left.is_dir() and sweep() == []          # it might be one that is just being made
    aged(left)
    assert sweep() == [left] and not left.exists()


def test_what_is_held_stays():
    folder = Folder()
    aged(folder.path)
    assert sweep() == [] and folder.path.is_dir()
    folder.close()
    assert not folder.path.exists()


def test_what_is_no_engines_stays(temporary):
    (temporary / "autograder-results").mkdir()
    (temporary / "autograder-results" / "marks.csv").write_text("ada,5")
    (temporary / "other").mkdir()
    (temporary / "other" / MARK).touch()
    aged(temporary / "other")
    assert sweep() == [] and (temporary / "autograder-results" / "marks.csv").exists()
