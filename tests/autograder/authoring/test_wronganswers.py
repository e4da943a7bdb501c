"""The automatic wrong answers are what they are called, and are wrong."""

import numpy as np
import pytest

from autograder.authoring.wronganswers import automatic, each_number
from autograder.examine import plans

PAIR = """
    def pair(x, names):
        return {"y": np.tanh(x), "n": [len(names), "text"]}
    """
CASES = """
    def cases(rng):
        yield np.array([0.5, 1.5]), ["a"]
        yield rng.normal(size=(2, 2)), ["a", "b"]
    examine(pair, cases, public=1)
    """


@pytest.fixture
def answers(assign):
    return automatic(plans(assign(PAIR, CASES), b"key")[0])


def test_all_kinds_are_tried_where_they_apply(answers):
    assert list(answers) == [
        "None", "0", "NaN", "zeros", "ones", "arrays of NaN", "always the first public answer", "its first argument",
        "one number where an array is asked for", "the right numbers with half their digits",
        "the right numbers as whole numbers",
        "the right answer after changing an argument"]


@pytest.mark.parametrize(("label", "value"), [
    ("None", None), ("0", 0), ("zeros", {"y": np.zeros(3), "n": [0, "text"]}), ("ones", {"y": np.ones(3), "n": [1,
    "text"]}),
    ("always the first public answer", {"y": np.tanh([0.5, 1.5]), "n": [1, "text"]}),
    ("its first argument", np.array([1.0, 2.0, 3.0])),
    ("one number where an array is asked for", {"y": np.tanh(1.0), "n": [3, "text"]}),
    ("the right numbers as whole numbers", {"y": np.array([0, 0, 0]), "n": [3, "text"]}),
])
def test_values(answers, label, value):
    got = answers[label](np.array([1.0, 2.0, 3.0]), ["a", "b", "c"])
    np.testing.assert_equal(got, value)


def test_half_the_digits(answers):
    y = answers["the right numbers with half their digits"](np.array([1.0]), [])["y"]
    assert 1e-10 < abs(y[0] - np.tanh(1.0)) < 1e-7


def test_right_but_for_a_changed_argument(answers):
    x, names = np.array([1.0]), ["a"]
    assert answers["the right answer after changing an argument"](x, names)["n"] == [1, "text"]
    assert x[0] == 2.0


def test_what_cannot_be_wrong_is_not_tried(assign):
    # Whole numbers have no digits to lose, and nothing here can be changed.
    test = "def cases(rng):\n    yield 2\n    yield 3\nexamine(f, cases)"
    labels = set(automatic(plans(assign("def f(n):\n    return n * n", test), b"key")[0]))
    assert not {label for label in labels if label.startswith(("one number", "the right"))}


@pytest.mark.parametrize("argument", [np.array([True]), np.array(["ab"]), np.array([1]), [1], {"a": 1}])
def test_every_kind_of_argument_can_be_changed(assign, argument):
    test = f"from numpy import array\ndef cases(rng):\n    yield ({argument!r},)\nexamine(f, cases)"
    answer = automatic(plans(assign("def f(x):\n    return 7", test),
        b"key")[0])["the right answer after changing an argument"]
    before = repr(argument)
    assert answer(argument) == 7
    assert repr(argument) != before


def test_each_number_leaves_words_alone():
    assert each_number({"a": [1, "x", None, True]}, lambda x: -x) == {"a": [-1, "x", None, True]}
