"""The benchmark of grading runs, and its classes are what they are said to be."""

import pytest

from tests.benchmarks.bench_grading import CLASSES, bench, curve, hand_in, source


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_holds_right_and_wrong_hand_ins(kind):
    texts = [str([cell.source for cell in hand_in(kind, number).cells]) for number in range(4)]
    assert len(set(texts)) == 4
    tests = [cell for cell in source(kind).cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(tests) == {"small": 10, "figures": 4, "training": 3}[kind]


@pytest.mark.bench
def test_both_graders_give_the_same_marks(tmp_path):
    row = bench("small", 1, {"stock": 2, "ours": 4}, 2, tmp_path)
    assert row["marks_equal"] and row["peak_mb"] > 0


@pytest.mark.bench
def test_the_curve_tells_time_and_memory_of_each_class(tmp_path):
    found = curve("small", (2, 4), 2, tmp_path / "curve")
    assert list(found) == ["2", "4"]
    assert all(row["seconds"] > 0 and row["peak_mb"] > 0 and row["again_seconds"] > 0 for row in found.values())
