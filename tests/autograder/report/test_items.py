"""Item analysis against numbers worked otherwise: NumPy's correlation, a class whose answer is known."""

from math import atanh, sqrt, tanh

import numpy as np
import pytest

from autograder.report.items import ENOUGH, discrimination, items

QUESTIONS = {"a": ("A", 2.0, False), "b": ("B", 1.0, False), "c": ("C", 4.0, True)}


def class_of(n, seed=0):
    rng = np.random.default_rng(seed)
    able = rng.normal(size=n)
    return {f"s{i}": {name: float(points * (able[i] + rng.normal() > 0)) for name, (_, points, _) in QUESTIONS.items()}
            for i in range(n)}


def test_difficulty_is_the_mean_share_hardest_first():
    found = items(QUESTIONS, {"ada": {"a": 2, "b": 0, "c": 1}, "bob": {"a": 1, "b": 0.5, "c": None}, "eve": {"a": 0}})
    assert [(item.cell, item.share, item.n, item.full) for item in found] == [
        ("b", 0.25, 2, 0), ("c", 0.25, 1, 0), ("a", 0.5, 3, 1)]


def test_discrimination_is_the_correlation_with_all_other_questions():
    class_ = class_of(60)
    table = np.array([[marks[name] for name in QUESTIONS] for marks in class_.values()])
    for place, name in enumerate(QUESTIONS):
        others = np.delete(table, place, axis=1).sum(axis=1)
        item, = (item for item in items(QUESTIONS, class_) if item.cell == name)
        r = np.corrcoef(table[:, place], others)[0, 1]
        assert item.r == pytest.approx(r)
        assert item.interval == pytest.approx((tanh(atanh(r) - 1.96 / sqrt(57)), tanh(atanh(r) + 1.96 / sqrt(57))))
        with_itself = np.corrcoef(table[:, place], table.sum(axis=1))[0, 1]
        assert item.r < with_itself - 0.1       # what "corrected" takes away


def test_with_too_few_students_nothing_is_said():
    for n in (ENOUGH - 1, ENOUGH):
        given = {item.cell: item for item in items(QUESTIONS, class_of(n))}["a"]
        assert (given.r is None, given.interval is None) == (n < ENOUGH,) * 2
    assert "too few: 19 of 20 students" in {item.why_not for item in items(QUESTIONS, class_of(ENOUGH - 1))}


def test_a_mark_that_is_missing_is_no_zero():
    class_ = class_of(40)
    without = {who: {**marks, "c": None} for who, marks in class_.items()}
    both = {name: QUESTIONS[name] for name in "ab"}
    assert [(item.cell, item.r) for item in items(QUESTIONS, without) if item.cell != "c"] == [
        (item.cell, item.r) for item in items(both, class_)]


def test_where_all_did_the_same_there_is_no_correlation():
    assert discrimination([1.0] * 30, list(range(30))) == (None, None, "all did the same")


def test_a_question_that_misleads_is_remarked():
    class_ = {f"s{i}": {"a": float(i > 15), "b": float(i > 12), "c": float(i < 4)} for i in range(30)}
    found = {item.cell: item for item in items({name: (name, 1.0, False) for name in "abc"}, class_)}
    assert found["c"].remark == "weak hand-ins do better here than strong ones" and found["c"].r < 0
    assert found["a"].remark == ""
    nobody = items(QUESTIONS, {f"s{i}": {"a": 0.0} for i in range(5)})
    assert [item.remark for item in nobody] == ["nobody got anything", "", ""]


def test_perfect_agreement_has_an_interval():
    r, (low, high), _ = discrimination([float(i) for i in range(25)], [float(i) for i in range(25)])
    assert r == pytest.approx(1) and low <= high <= 1
