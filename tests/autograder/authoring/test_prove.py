"""prove finds what is wrong with an assignment: each slip here is found by it, in words; a sound one is left alone."""

import pytest

from autograder.authoring.prove import Alternative, prove, read_alternatives

SOLUTION = "def scale(x, k):\n    return k * x\n"
CASES = """
    def cases(rng):
        yield np.array([1.0, -2.0]), 3.0
        yield np.array([4.0]), 0.5
        yield rng.normal(size=(2, 3)), float(rng.normal())
    """
TEST = CASES + "examine(scale, cases, public=2)\n"
WRONG = {"added": "def scale(x, k):\n    return k + x", "halved": "def scale(x, k):\n    return k * x / 2"}


def test_a_sound_assignment(assign):
    loops = "import numpy as np\ndef scale(x, k):\n    return np.array([k * v for v in x.flat]).reshape(x.shape)"
    assert prove(assign(SOLUTION, TEST, {"scale": WRONG}), [Alternative("scale", "loops", loops)]) == []


@pytest.mark.parametrize(("wrong", "words"), [
    ({"twin": "def scale(x, k):\n    return x * k"}, "the misconception 'twin' passed"),
    ({"a": "def scale(x, k):\n    return k + x", "b": "def scale(x, k):\n    return x + k"}, "'a' is taken for none"),
    ({"broken": "def scale(x, k):\n  return k *"}, "'broken' could_not_tell: its source fails: SyntaxError"),
])
def test_misconceptions_that_do_not_do_what_they_are_for(assign, wrong, words):
    assert any(words in problem for problem in prove(assign(SOLUTION, TEST, {"scale": wrong})))


def test_a_misconception_that_is_taken_for_another(assign):
    # Each explains the other's outcomes where both raise; the first failing case is the same.
    wrong = {"a": "def scale(x, k):\n    return {}[k]", "b": "def scale(x, k):\n    return {}['k']"}
    assert [p for p in prove(assign(SOLUTION, TEST, {"scale": wrong})) if "is taken for" in p]


def test_an_alternative_that_loses(assign):
    problems = prove(assign(SOLUTION, TEST), [Alternative("scale", "lists",
        "def scale(x, k):\n    return [k * v for v in x]")])
    assert problems == ["scale: the correct solution 'lists' loses: "
                        "scale(x, 3.0) is a list of 2, not an array of shape (2,)."]


@pytest.mark.parametrize(("solution", "cases", "words"), [
    ("def f(x):\n    return 0 * x", "yield (np.ones(2),)", "gives zeros passes"),
    ("def f(x):\n    return x", "yield (np.array([2.5, 3.0]),)", "gives its first argument passes"),
    ("def f(x):\n    return x / x", "yield (np.array([2.5, 3.0]),)", "gives ones passes"),
    ("def f(x):\n    return None", "yield (np.ones(2),)", "gives None passes"),
    ("def f(x):\n    return 0", "yield (np.ones(2),)", "gives 0 passes"),
    ("def f(x):\n    return float('nan')", "yield 1", "gives NaN passes"),
    ("def f(x):\n    return x * np.nan", "yield (np.array([2.5]),)", "gives arrays of NaN passes"),
])
def test_checks_that_tell_too_little(assign, solution, cases, words):
    test = f"def cases(rng):\n    {cases}\nexamine(f, cases)"
    assert any(words in problem for problem in prove(assign(solution, test)))


@pytest.mark.parametrize(("call", "words"), [
    ("examine(scale, cases, public=2, rtol=1e-3)", ""),      # then half the digits are enough
    ("examine(scale, cases, public=2, rtol=1e30)", "gives zeros passes"),
    ("examine(scale, cases, public=2, changes=('x',))", ""),
])
def test_looser_rules(assign, call, words):
    problems = prove(assign(SOLUTION, CASES + call))
    assert any(words in problem for problem in problems) if words else problems == []


def test_a_reference_that_cannot_be_judged(assign):
    [problem] = prove(assign("def f(x):\n    x += 1\n    return x",
    "def cases(rng):\n    yield np.ones(2)\nexamine(f, cases)"))
    assert "changes its argument" in problem


def test_solutions_for_what_no_test_examines(assign):
    problems = prove(assign(SOLUTION, TEST, {"skale": WRONG}), [Alternative("scald", "x", "pass")])
    assert [p.split(":")[0] for p in problems] == ["scald", "skale"]


def test_every_key_is_tried(assign):
    lucky = ("def cases(rng):\n    yield 1.5\n    yield 2.5\n    yield float(rng.integers(2)) + 3.5\n"
             "examine(f, cases, public=2)")
    wrong = {"f": {"rare": "def f(x):\n    return 2 * x if x != 4.5 else 1.0"}}
    assignment = assign("def f(x):\n    return 2 * x", lucky, wrong)
    found = {key: prove(assignment, keys=[bytes([key])]) for key in range(12)}
    assert any(found.values())
    assert not all(found.values())
    assert prove(assignment, keys=[bytes([key]) for key in range(12)])


@pytest.mark.parametrize(("question", "words"), [
    ("Number('26')", None),
    ("Number('26', wrong=(WrongAnswer('20', 'x'),))", None),
    ("Number('26', wrong=(WrongAnswer('13*2', 'x'),))", "the wrong answer '13*2' is right"),
    ("Number('26', wrong=(WrongAnswer('20', 'x'), WrongAnswer('40/2', 'y')))", "'40/2' is taken for '20'"),
    ("Number('26', wrong=(WrongAnswer('twenty', 'x'),))", "'twenty' is taken for none"),
    ("Number('h', draw={'h': [1, 2, 3]}, wrong=(WrongAnswer('h*h', 'x'),))",
    "the wrong answer 'h*h' is right with h = 1"),
    ("Number('1/0')", "its own answer '1/0' loses"),
    ("Choice('b', wrong=(WrongAnswer('a', 'x'),))", None),
    ("Choices('ab', options='abc', wrong=(WrongAnswer('ba', 'x'),))", "is right"),
    ("Order('ab', before=('b<a',))", "its own answer 'ab' loses"),
    ("Expression('x', variables={'x': [0, 1]}, wrong=(WrongAnswer('2*x/2', 'x'),))", "is right"),
    ("Expression('log(-x)', variables={'x': [1, 2]})", "loses"),
])
def test_questions(assign, question, words):
    problems = prove(assign("q = 0", f"examine('q', {question})"))
    assert any(words in problem for problem in problems) if words else problems == []


def test_alternatives_are_read_from_their_text():
    text = ('# Correct.\n\n# %% alternative="f" style="loops"\nimport math\n\ndef f():\n    pass\n\n'
            '# %% alternative="g" style="two words"\ng = 1\n')
    assert read_alternatives(text) == [Alternative("f", "loops", "import math\n\ndef f():\n    pass\n"),
                                       Alternative("g", "two words", "g = 1\n")]
    with pytest.raises(ValueError, match="style"):
        read_alternatives('# %% alternative="f"\n')
