"""quiz.toml becomes questions; slips in it are told by name."""

import pytest

from autograder.exercise.quiz import hidden_test, question
from coursekit.desk.quiz import Choices, Number, Order, WrongAnswer

NUMBER = {"kind": "number", "ask": "How many with {h}?", "answer": "(28*28 + 1)*h", "draw": {"h": [32, 64]},
"tolerance": 0,
          "wrong": [{"answer": "28*28*h", "says": "The biases are missing.", "hint": "Count."}]}


def test_a_number():
    assert question("q", NUMBER, "nn") == Number(
        "(28*28 + 1)*h", (WrongAnswer("28*28*h", "The biases are missing.", "Count."),), "How many with {h}?",
        tolerance=0, draw={"h": [32, 64]}, course="nn")


def test_letters_are_kept_in_one_piece():
    table = {"kind": "choices", "ask": "?", "options": {"a": "x", "b": "y", "c": "z"}, "answer": ["a", "c"],
             "wrong": [{"answer": ["a"], "says": "One more."}]}
    assert question("q", table) == Choices("ac", (WrongAnswer("a", "One more."),), options="abc")


def test_an_order():
    table = {"kind": "order", "ask": "?", "items": {"a": "x", "b": "y"}, "before": ["b<a"], "answer": "ba"}
    assert question("q", table) == Order("ba", before=("b<a",))


@pytest.mark.parametrize(("change", "words"), [
    ({"kind": "essay"}, "kind of q is one of"), ({"answr": "3"}, "no answr"), ({"options": {}}, "no options"),
    ({"answer": "h +"}, "cannot read"), ({"answer": "k"}, "no name k"), ({"wrong": [{"answer": "785*h",
    "says": "!"}]}, "gives 1 of its points"),
    ({"wrong": [{"answer": "", "says": "!"}]}, "cannot read"),
])
def test_slips(change, words):
    with pytest.raises(ValueError, match=words):
        question("q", NUMBER | change)


def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match="q lacks answer"):
        question("q", {"kind": "number", "ask": "?"})
    with pytest.raises(ValueError, match="each of its items once"):
        question("q", {"kind": "order", "ask": "?", "items": {"a": "x", "b": "y"}, "answer": "a"})


def test_the_hidden_test_is_code_for_the_same_question():
    imports, call = hidden_test("q", NUMBER | {"points": 2}, "nn").split("\n")
    assert imports == "from autograder.examine import Number, WrongAnswer, examine"
    heard = eval(call, {"examine": lambda *a, **k: (a, k), "Number": Number, "WrongAnswer": WrongAnswer})
    assert heard == (("q", question("q", NUMBER, "nn")), {"points": 2})
