"""A course is found from anywhere inside it, and named as nbgrader's settings name it."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.course import Course


def test_found_from_deep_inside(tiny):
    deep = tiny / "week05_tiny"
    assert Course.find(deep) == Course.find(deep / "week05_tiny.py") == Course.find(tiny)
    assert Course.find(tiny).root == tiny.resolve()


def test_outside_of_any_course_the_message_says_what_was_looked_for(tmp_path):
    with pytest.raises(FileNotFoundError, match="course.toml or a nbgrader_config.py"):
        Course.find(tmp_path)


def test_ours_has_id_title_and_folders_under_build(tiny):
    course = Course.find(tiny)
    assert (course.id, course.title) == ("tiny", "A tiny course")
    assert course.folder("submitted", "week05_tiny", "ada") == tiny / "build/submitted/ada/week05_tiny"
    assert course.folder("source", "week05_tiny") == tiny / "source/week05_tiny"
    assert course.db_url == f"sqlite:///{tiny.resolve() / 'build/gradebook.db'}"
    assert course.assignments() == ["week05_tiny"]


def test_settings_do_not_reach_into_our_process(tiny, monkeypatch):
    monkeypatch.delenv("COURSEKIT_GRADING", raising=False)
    Course.find(tiny)
    assert "COURSEKIT_GRADING" not in os.environ


def test_a_course_that_is_not_ours(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'physics 1'\n"
        "c.CourseDirectory.source_directory = 'master'\n"
        "c.CourseDirectory.directory_structure = '{assignment_id}/{nbgrader_step}/{student_id}'\n"
    )
    (tmp_path / "ps1" / "master").mkdir(parents=True)
    (tmp_path / "ps1" / "master" / "a.ipynb").write_text("{}")
    (tmp_path / "ps1" / "submitted" / "ada").mkdir(parents=True)
    (tmp_path / "ps1" / "submitted" / "bea").mkdir()
    course = Course.find(tmp_path)
    assert course.id == course.title == "physics 1"
    assert course.folder("submitted", "ps1", "ada") == tmp_path / "ps1" / "submitted" / "ada"
    assert course.assignments() == ["ps1"]
    assert course.students("ps1") == ["ada", "bea"]
    assert course.db_url == f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_a_folder_with_sources_and_no_settings_is_a_course(tmp_path):
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    assert Course.find(tmp_path).folder("release", "ps1") == tmp_path / "release" / "ps1"


def test_students_are_those_with_a_folder(tiny):
    for student in ("bea", "ada"):
        (tiny / "build" / "submitted" / student / "week05_tiny").mkdir(parents=True)
    (tiny / "build" / "submitted" / "cem" / "week06_other").mkdir(parents=True)
    assert Course.find(tiny).students("week05_tiny") == ["ada", "bea"]


def test_the_key_is_made_once_and_is_the_owners_alone(tiny):
    course = Course.find(tiny)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: course.key(), range(8)))
    assert len(keys) == 1 and len(keys.pop()) == 32
    assert stat.S_IMODE((tiny / "secret.key").stat().st_mode) == 0o600
    assert course.key() == Course.find(tiny).key()
    assert [path.name for path in tiny.glob(".secret-*")] == []


@pytest.mark.parametrize("content", [b"0123\n", b"\xff\xfe"])
def test_a_spoilt_key_is_not_taken_for_a_short_one(tiny, content):
    (tiny / "secret.key").write_bytes(content)
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        Course.find(tiny).key()
