"""Folders are removed whatever shape a hand-in has given them, and nothing beside them."""

import os
import sys

import pytest

from autograder.engine.box.clearing import clear


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def test_folders_deeper_than_python_may_recurse(folder):
    here = os.open(folder, os.O_RDONLY)
    for _ in range(sys.getrecursionlimit() + 500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)

    clear(folder)
    assert not folder.exists()


def test_what_a_link_points_to_stays(folder, tmp_path):
    beside = tmp_path / "beside"
    beside.mkdir(mode=0o750)
    (beside / "kept").write_text("kept")
    (folder / "a" / "b").mkdir(parents=True)
    for where in (folder, folder / "a" / "b"):
        (where / "folder").symlink_to(beside)
        (where / "file").symlink_to(beside / "kept")

    clear(folder)
    assert not folder.exists()
    assert (beside / "kept").read_text() == "kept" and beside.stat().st_mode & 0o777 == 0o750


def test_closed_folders_are_opened(folder):
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_text("")
    (folder / "a" / "b").chmod(0)
    (folder / "a").chmod(0)

    clear(folder)
    assert not folder.exists()


def test_a_link_in_place_of_the_folder_is_not_followed(folder, tmp_path):
    (folder / "kept").write_text("kept")
    link = tmp_path / "link"
    link.symlink_to(folder)

    clear(link)
    assert (folder / "kept").read_text() == "kept"


def test_no_folder_is_no_trouble(tmp_path):
    clear(tmp_path / "nothing")
