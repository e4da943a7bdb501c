"""Records survive being written, read and cut short."""

import dataclasses

import pytest

from autograder.bookkeeping.record import Record, load, load_all
from autograder.course import Course
from autograder.verdict import Verdict

RECORD = Record("jürgen 学生", "week", 2, "d", {
    "b": (Verdict("t1", "Title", "failed", 0.5, 2, "r", "h", "m", {"inputs": {"x": 1.0}}, False, ("n",)),),
    "a": (Verdict("t2", "Title", "passed", 1, 1),),
}, {"b": "not really"}, ("renamed",), 1.5)


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text('id = "tiny"\n')
    return Course.load(tmp_path)


def test_a_record_comes_back_as_it_was(course):
    RECORD.save(course)
    assert load(course, "week", "jürgen 学生") == RECORD
    assert load_all(course, "week") == [RECORD]
    assert (RECORD.score, RECORD.max_score) == (1.5, 3)
    assert [verdict.cell for verdict in RECORD.all_verdicts] == ["t2", "t1"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"student": "x"}'])
def test_a_damaged_record_is_none(course, damage):
    path = RECORD.save(course)
    path.write_text(damage)
    assert load(course, "week", RECORD.student) is None
    assert load_all(course, "week") == []
    assert load(course, "week", "nobody") is None


def test_records_of_one_course_do_not_meet(course):
    dataclasses.replace(RECORD, assignment="week2").save(course)
    assert load_all(course, "week") == []
