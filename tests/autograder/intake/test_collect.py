"""What lies in the folders becomes values; nothing a student sends raises."""

import json
import os
import unicodedata

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.handin import Unreadable
from autograder.intake.collect import collect, collect_loose

STEM = "week05_tiny"


def notebook(source="x = 1"):
    return json.dumps(new_notebook(cells=[new_code_cell(source)])).encode()


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text('id = "tiny"\n')
    return Course.load(tmp_path)


@pytest.fixture
def hand_in(course):
    def put(student, **files):
        folder = course.folder("submitted", STEM, student)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name.replace("_DOT_", ".")).write_bytes(content)
        return folder
    return put


def collected(course):
    return {h.student: h for h in collect(course, STEM, [STEM])}


def test_nbgraders_folder_is_read_by_student(course, hand_in):
    hand_in("b", week05_tiny_DOT_ipynb=notebook("y = 2"), timestamp_DOT_txt=b"2026-01-15 12:00:00 UTC\n")
    hand_in("a", week05_tiny_DOT_ipynb=notebook())
    found = collect(course, STEM, [STEM])
    assert [h.student for h in found] == ["a", "b"]
    assert found[0].cells[0].source == "x = 1"
    assert found[1].timestamp == "2026-01-15 12:00:00 UTC"
    assert found[0].timestamp == ""
    assert found[0].digest != found[1].digest


def test_the_only_notebook_of_a_folder_is_taken_whatever_it_is_called(course, hand_in):
    hand_in("a", mine_DOT_ipynb=notebook())
    found = collected(course)["a"]
    assert found.cells is not None
    assert "was called mine.ipynb" in found.notes[0]


def test_of_two_notebooks_with_other_names_none_is_taken(course, hand_in):
    hand_in("a", one_DOT_ipynb=notebook(), two_DOT_ipynb=notebook())
    found = collected(course)["a"]
    assert found.cells is None
    assert found.reason == "No notebook week05_tiny.ipynb was handed in. There is one.ipynb, two.ipynb instead."


def test_what_was_handed_in_instead_of_a_notebook_is_named(course, hand_in):
    hand_in("a", homework_DOT_pdf=b"%PDF", timestamp_DOT_txt=b"2026-01-15 12:00:00 UTC")
    assert collected(course)["a"].reason == \
        "No notebook week05_tiny.ipynb was handed in. There is homework.pdf instead."


def test_an_empty_folder_has_a_reason(course, hand_in):
    hand_in("a")
    assert collected(course)["a"].reason == "No notebook week05_tiny.ipynb was handed in."


def test_a_bad_timestamp_costs_only_the_time(course, hand_in):
    hand_in("a", week05_tiny_DOT_ipynb=notebook(), timestamp_DOT_txt=b"yesterday, I think")
    found = collected(course)["a"]
    assert found.cells is not None and found.timestamp == ""
    assert "'yesterday, I think'" in found.notes[0]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed(course, hand_in, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(notebook("secret = 1"))
    folder = hand_in("a")
    (folder / f"{STEM}.ipynb").symlink_to(secret)
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / f"{STEM}.ipynb").write_bytes(notebook("secret = 1"))
    course.folder("submitted", STEM, "b").parent.mkdir(parents=True)
    course.folder("submitted", STEM, "b").symlink_to(other)
    found = collected(course)
    assert found["a"].reason == "The file is a link, which is not followed."
    assert found["b"].reason == "The folder is a link, which is not followed."


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(course, hand_in):
    os.mkfifo(hand_in("a") / f"{STEM}.ipynb")
    assert collected(course)["a"].reason == "This is not an ordinary file."


def test_a_huge_file_is_not_read(course, hand_in):
    folder = hand_in("a")
    with open(folder / f"{STEM}.ipynb", "wb") as file:
        file.truncate(31_000_000)
    assert collected(course)["a"].reason == "The file has 31 MB; at most 30 MB are read."


def test_a_loose_folder_of_files_and_folders(tmp_path):
    (tmp_path / "ada.ipynb").write_bytes(notebook("a = 1"))
    (tmp_path / "bob_week05_tiny.ipynb").write_bytes(notebook("b = 1"))
    (tmp_path / "eve_week05_tiny (1).ipynb").write_bytes(notebook("e = 1"))
    (tmp_path / "carl").mkdir()
    (tmp_path / "carl" / "anything.ipynb").write_bytes(notebook("c = 1"))
    (tmp_path / "dora" / STEM).mkdir(parents=True)
    (tmp_path / "dora" / STEM / f"{STEM}.ipynb").write_bytes(notebook("d = 1"))
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / ".DS_Store").write_bytes(b"x")
    found = collect_loose(tmp_path, STEM, [STEM])
    assert [(h.student, h.cells[0].source[0]) for h in found] == [
        ("ada", "a"), ("bob", "b"), ("carl", "c"), ("dora", "d"), ("eve", "e")]


def test_a_name_is_the_same_however_its_umlaut_is_written(tmp_path):
    (tmp_path / unicodedata.normalize("NFD", "jürgen.ipynb")).write_bytes(notebook())
    assert [h.student for h in collect_loose(tmp_path, STEM, [STEM])] == [unicodedata.normalize("NFC", "jürgen")]


def test_a_second_hand_in_is_told(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / f"{STEM}.ipynb").write_bytes(notebook("old = 1"))
    (tmp_path / "ada.ipynb").write_bytes(notebook("new = 1"))
    found, = collect_loose(tmp_path, STEM, [STEM])
    assert found.cells[0].source == "new = 1"
    assert "second hand-in of ada; ada.ipynb was graded" in found.notes[0]


def test_what_an_lms_gave_is_for_collect(tmp_path):
    (tmp_path / "all.zip").write_bytes(b"PK")
    with pytest.raises(Unreadable, match="autograder collect takes archives"):
        collect_loose(tmp_path / "all.zip", STEM, [STEM])
    (tmp_path / "exampleada_4711_90210_my.ipynb").write_bytes(notebook())
    with pytest.raises(Unreadable, match="autograder collect files it"):
        collect_loose(tmp_path, STEM, [STEM])


def test_a_missing_loose_folder_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder .*nowhere"):
        collect_loose(tmp_path / "nowhere", STEM, [STEM])
