"""Generated files are current: every lecture and assignment, built anew from its text, equals what is committed.

`make build` brings them up to date.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.author import build
from autograder.authoring.lecture import build_lectures
from autograder.publishing.release import generate

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))
LECTURES = sorted(path.stem for path in (ROOT / "course").glob("*.py"))


def test_there_is_something_to_compare():
    assert "week01_mlp" in ASSIGNMENTS and "week05_backprop" in ASSIGNMENTS
    assert set(LECTURES) <= set(ASSIGNMENTS), "a lecture and its assignment have one name"


def test_every_built_notebook_has_a_text():
    built = {path.name for step in ("source", "release") for path in (ROOT / "assignments" / step).iterdir()}
    assert built == set(ASSIGNMENTS)
    assert {path.stem for path in (ROOT / "course").glob("*.ipynb")} == set(LECTURES)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The repository's texts in a folder without any built notebook."""
    root = tmp_path_factory.mktemp("fresh")
    for week in ASSIGNMENTS:
        shutil.copytree(ROOT / "assignments" / week, root / "assignments" / week)
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / "assignments" / name, root / "assignments")
    (root / "course").mkdir()
    for lecture in LECTURES:
        shutil.copy(ROOT / "course" / f"{lecture}.py", root / "course")
    build_lectures(root)
    return root


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_source_and_release_are_current(fresh, name):
    build(fresh / "assignments", name)
    generate(fresh / "assignments", name)
    for step in ("source", "release"):
        folder = fresh / "assignments" / step / name
        assert same_bytes(folder, ROOT / "assignments" / step / name) == []


def test_another_processor_builds_the_same(fresh, tmp_path):
    """Matrix products and functions as an older processor computes them: their last digits are others."""
    shutil.copytree(fresh / "assignments", tmp_path / "assignments", ignore=shutil.ignore_patterns("source", "release"))
    newer = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    code = "import sys; from autograder.authoring.author import build; build(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, tmp_path / "assignments"], cwd=ROOT, check=True,
                   env=os.environ | {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": " ".join(newer)})
    assert same_bytes(tmp_path / "assignments" / "source", ROOT / "assignments" / "source") == []


@pytest.mark.parametrize("name", LECTURES)
def test_lectures_are_current(fresh, name):
    committed = ROOT / "course" / f"{name}.ipynb"
    assert committed.read_bytes() == (fresh / "course" / f"{name}.ipynb").read_bytes(), "make build"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_texts_are_named_by_week(name):
    assert re.fullmatch(r"week\d\d_[a-z0-9_]+", name)


def same_bytes(built, committed):
    """Files in which two folders differ, in words."""
    names = {path.relative_to(folder) for folder in (built, committed) for path in folder.rglob("*") if path.is_file()}
    return [f"{name} is not what its text gives: make build" for name in sorted(names)
            if not ((built / name).exists() and (committed / name).exists()
                    and (built / name).read_bytes() == (committed / name).read_bytes())]
