"""What a record says of a cell's mark, whoever asks."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.bookkeeping.due import KEPT, Place, due
from autograder.bookkeeping.record import Record
from autograder.verdict import Verdict

TEST, WHY = Place("nb", "test-f", 2.0), Place("nb", "why", 3.0)


def record(*verdicts, **fields):
    return Record("ada", "week", 1, "d", {"nb": verdicts}, fields.pop("unreadable", {}), **fields)


def verdict(score, points=2.0, status="failed"):
    return Verdict("test-f", "t", status, score, points)


def cell(make, name, **marks):
    asked = {"grade_id": name, "grade": True, "solution": False, "points": 3}
    return make("text", metadata={"nbgrader": asked | marks})


@pytest.mark.parametrize(("made", "place", "score"), [
    (record(verdict(1.5)), TEST, 1.5),
    (record(verdict(2, 4.0)), TEST, 1.0),                                # half of the points there are now
    (record(verdict(0, status="could_not_tell")), TEST, None),
    (record(), TEST, None),                                              # a cell that the older version did not have
    (record(verdict(1), unreadable={"nb": "empty"}), TEST, 0.0),
    (record(unreadable={"nb": "empty"}), WHY, 0.0),
    (record(verdict(1), stock={"nb": {"test-f": 2.0}}), TEST, 2.0),      # nbgrader's mark goes before the verdict
    (record(verdict(1), stock={"nb": {"test-f": None}}), TEST, None),
    (record(verdict(1), stock={"nb": {}}), TEST, KEPT),                  # nbgrader passed over it
    (record(verdict(1), stock={"nb": {"test-f": 2.0}}, missing=("nb",)), TEST, 0.0),
])
def test_the_mark_of_a_test(made, place, score):
    assert due(made, place, {}) == score
    if not (score is None and not made.all_verdicts):
        assert due(made, place, None) == score      # no executed notebook is needed to say it


def test_a_written_answer_waits_if_it_was_touched_and_is_not_judged_unseen():
    answer = cell(new_markdown_cell, "why", solution=True, checksum="another")
    assert due(record(), WHY, {"why": answer}) is None
    assert due(record(), WHY, None) is KEPT
    assert due(record(), TEST, {"test-f": cell(new_code_cell, "test-f")}) is None       # a test without a verdict
