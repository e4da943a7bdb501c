"""One run at a time: the second is told who holds the course, and a lock is never left behind."""

import os

import pytest

from autograder.bookkeeping.lock import Busy, held
from autograder.course import Course


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text('id = "tiny"\n')
    return Course.load(tmp_path)


def test_the_second_is_told_who_is_first(course):
    with held(course):
        with pytest.raises(Busy, match=rf"another run \(process {os.getpid()}\) is grading this course"):
            with held(course):
                pass
    with held(course):
        pass


def test_it_is_let_go_after_an_error(course):
    with pytest.raises(ZeroDivisionError):
        with held(course):
            raise ZeroDivisionError
    with held(course):
        pass
