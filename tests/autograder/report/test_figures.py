"""Figures are the same each time, and told in words that hold each number."""

from autograder.report.figures import histogram, seconds, shares
from autograder.report.items import Item


def test_marks_beyond_the_ends_are_counted_too():
    drawn = histogram([-1, 0, 1, 9.5, 10, 11], 10)
    assert drawn == histogram([-1, 0, 1, 9.5, 10, 11], 10)
    assert "0 to 1 points: 2, 1 to 2 points: 1, 9 to 10 points: 3." in drawn
    assert "<title>Students by marks</title>" in drawn


def test_bars_begin_at_round_numbers():
    drawn = histogram([4.9, 5, 46.9, 47], 47)
    assert "0 to 5 points: 1, 5 to 10 points: 1, 45 to 50 points: 2." in drawn
    assert "0.3 to 0.4 points: 1." in histogram([0.3], 1) and "0 to 1 points: 1." in histogram([0], 0)


def test_times_are_counted_in_steps_of_two():
    drawn = seconds([0.1, 0.3, 0.9, 0.9, 70])
    assert "0 to 0.25 s: 1, 0.25 to 0.5 s: 1, 0.5 to 1 s: 2, 64 to 128 s: 1." in drawn
    assert "0 to 0.25 s: 2." in seconds([0.0, 0.0]) and "128 to 256 s: 1" in seconds([128.0])


def test_shares_leave_out_what_nobody_has_a_mark_for():
    items = [Item("F & G", "test-<f>", 2, 3, 0.25, 0), Item("W", "answer-why", 2, 0, None, 0)]
    drawn = shares(items)
    assert "hardest question first. &lt;f&gt; 25%." in drawn and "why" not in drawn
