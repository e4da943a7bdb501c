"""How typed answers are read, and what they are worth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.desk.quiz import KINDS, Choice, Choices, Expression, NoAnswer, Number, Order, WrongAnswer, drawn, same_id

STEPS = Order("dfbaec", before=("d<b", "f<b", "b<a", "a<e", "e<c"))
EXAMPLES = [Number("50890"), Choice("b", options="abc"), Choices("ad", options="abcdef"), STEPS,
            Expression("exp(-x)/(1 + exp(-x))**2", variables={"x": [-3, 3]})]


def worth(question, typed, numbers=None):
    return question.credit(question.read(typed, numbers or {}), numbers or {})


@pytest.mark.parametrize("typed", [50890, 50890.0, "50890", "(28*28 + 1)*64 + (64+1)*10", np.int64(50890),
    np.float64(50890)])
def test_a_number_however_it_is_typed(typed):
    assert worth(EXAMPLES[0], typed) == 1


@pytest.mark.parametrize("typed", [50891, 50890.0001, -50890, 0, 10**400])
def test_a_whole_number_is_exact(typed):
    assert worth(EXAMPLES[0], typed) == 0


@pytest.mark.parametrize("typed", [None, ..., True, "", "many", float("nan"), float("inf"), [50890], 1j,
    np.array(50890), "9**9**9"])
def test_what_is_no_number(typed):
    with pytest.raises(NoAnswer, match="."):
        EXAMPLES[0].read(typed, {})


def test_tolerance():
    assert worth(Number("0.731", tolerance=1e-3), 0.7319) == 1
    assert worth(Number("0.731", tolerance=1e-3), 0.7331) == 0
    assert worth(Number("1/3"), 0.3333333333333) == 1
    assert worth(Number("1/3"), 0.333333) == 0


@given(st.text(max_size=8))
def test_drawn_numbers_follow_from_public_ids_alone(student):
    question = Number("h + 1", draw={"h": [1, 2, 3], "k": [4, 5]}, course="nn")
    numbers = question.numbers(student)
    assert numbers == question.numbers(f" {student.upper()} ") or same_id(student) != same_id(student.upper())
    assert numbers["h"] in (1, 2, 3)
    assert worth(question, numbers["h"] + 1, numbers) == 1


def test_students_get_different_numbers_and_courses_too():
    draw = {"h": list(range(100))}
    assert len({drawn("nn", f"student{i}", draw)["h"] for i in range(50)}) > 20
    assert drawn("nn", "ada", draw) != drawn("mm", "ada", draw)


@pytest.mark.parametrize("typed", ["b", " B "])
def test_a_choice(typed):
    assert worth(EXAMPLES[1], typed) == 1


@pytest.mark.parametrize("typed", ["", "d", "ab", 2, None, ["b"], "the second"])
def test_what_is_no_choice(typed):
    with pytest.raises(NoAnswer):
        EXAMPLES[1].read(typed, {})


@pytest.mark.parametrize(("typed", "credit"), [
    (["a", "d"], 1), ("da", 1), ("A, d", 1), ({"a", "d"}, 1), (("a", "d", "d"), 1), ("a", 0.5), ("ade", 0.5), ("ab",
    0), ("abcdef", 0),
    ("bc", 0), ([], 0),
])
def test_several_choices(typed, credit):
    assert worth(EXAMPLES[2], typed) == credit


@pytest.mark.parametrize("typed", ["ag", ["ad"], 3, None, [1], ["a"] * 99])
def test_what_are_no_choices(typed):
    with pytest.raises(NoAnswer):
        EXAMPLES[2].read(typed, {})


@pytest.mark.parametrize(("typed", "credit"), [
    ("dfbaec", 1), ("fdbaec", 1), ("D F B A E C", 1), ("d, f, b, a, e, c", 1), ("d < f < b < a < e < c", 1),
    (["d", "f", "b", "a", "e", "c"], 1),
    ("dfbeac", 5 / 6), ("dfbace", 5 / 6), ("bdfaec", 5 / 6), ("dfbae", 5 / 6), ("ceabfd", 0), ("d", 0), ("ab", 0),
])
def test_an_order(typed, credit):
    assert worth(STEPS, typed) == pytest.approx(credit)


@pytest.mark.parametrize("typed", ["", "dfbaez", "ddfbaec", None, 3, ["df", "b"]])
def test_what_is_no_order(typed):
    with pytest.raises(NoAnswer):
        STEPS.read(typed, {})


@pytest.mark.parametrize("typed", [
    "exp(-x)/(1 + exp(-x))**2", "1/(1 + exp(-x)) * (1 - 1/(1 + exp(-x)))", "1/(2 + exp(x) + exp(-x))",
    "1/(4*cosh(x/2)**2)",
])
def test_equal_formulas_are_right_however_they_are_written(typed):
    assert worth(EXAMPLES[4], typed) == 1


@pytest.mark.parametrize("typed", ["1/(1 + exp(-x))", "0", "exp(x)/(1 + exp(-x))**2", "1/x", "x/x - 1", 0.25,
    "sqrt(x)", "1.001*exp(-x)/(1+exp(-x))**2"])
def test_other_formulas_are_wrong(typed):
    assert worth(EXAMPLES[4], typed) == 0


@pytest.mark.parametrize("typed", ["", "y", None, "import os", "x.__class__", "exp", ["x"]])
def test_what_is_no_formula(typed):
    with pytest.raises(NoAnswer):
        EXAMPLES[4].read(typed, {})


def test_a_formula_is_compared_where_it_has_a_value():
    log = Expression("log(x)", variables={"x": [-1, 1]})
    assert worth(log, "2*log(x)/2") == 1
    with pytest.raises(ValueError, match="no value"):
        worth(Expression("log(x)", variables={"x": [-2, -1]}), "x")


def test_known_wrong_answers():
    question = Number("(28*28 + 1)*h", draw={"h": [2]}, wrong=(WrongAnswer("28*28*h", "The biases are missing.",
        "Count."),))
    assert question.recognise(1568, {"h": 2}).says == "The biases are missing."
    assert question.recognise(1569, {"h": 2}) is None
    assert Order("ab", before=("a<b",), wrong=(WrongAnswer("ba", "!"),)).recognise("ba", {}).says == "!"


@pytest.mark.parametrize("question", EXAMPLES, ids=lambda q: q.kind)
def test_spelled_and_read_back(question):
    names = {kind.__name__: kind for kind in KINDS.values()} | {"WrongAnswer": WrongAnswer}
    assert eval(repr(question), names) == question


def test_the_form_holds_no_answer():
    assert [question.form() for question in EXAMPLES] == [
        {"kind": "number", "draw": None, "course": "", "ask": ""},
        {"kind": "choice", "options": "abc"},
        {"kind": "choices", "options": "abcdef"},
        {"kind": "order", "letters": "abcdef"},
        {"kind": "expression", "variables": {"x": [-3, 3]}},
    ]
