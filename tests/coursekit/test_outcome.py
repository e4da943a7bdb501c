"""What a call did: value, exception, changed arguments, warnings, and how it used its generator."""

import numpy as np
import pytest

from coursekit.outcome import Case, Outcome, Rules, attempt, decode_outcome, encode_outcome, summary
from coursekit.plain import Formula, NotPlain, Omitted

RULES = Rules("f", ("x", "y"))


def did(f, *args, rules=RULES, through=None, **kwargs):
    return attempt(f, Case(*args, **kwargs), rules, through)


def test_a_value():
    assert did(lambda x: 2 * x, 3) == Outcome(6)


def test_arguments_are_fresh_for_each_call():
    case = Case(np.zeros(2), [1])

    def f(x, y):
        x += 1
        y.append(2)
        return x

    first, second = attempt(f, case, RULES), attempt(f, case, RULES)
    np.testing.assert_array_equal(first.value, second.value)
    assert case == Case(np.zeros(2), [1])


def test_a_case_keeps_its_own_copy():
    x = np.zeros(2)
    case = Case(x)
    x += 1
    assert case == Case(np.zeros(2))


def test_changed_arguments_are_named():
    def f(x, y):
        x[0] = 7
        return y

    outcome = did(f, np.zeros(2), 1)
    assert list(outcome.changed) == ["x"]
    assert outcome.changed["x"][0] == 7


def test_a_change_that_is_no_plain_data_is_a_change():
    outcome = did(lambda x: x.append(print), [1])
    assert type(outcome.changed["x"]) is Omitted


def test_a_change_undone_before_the_end_is_none():
    def f(x):
        x += 1
        x -= 1
        return x.sum()

    assert did(f, np.arange(3.0)).changed == {}


def test_the_value_is_read_at_once():
    # A buffer handed out and overwritten by the next call must not change what was read.
    buffer = np.zeros(1)

    def f(x):
        buffer[:] = x
        return buffer

    one, two = did(f, 1.0), did(f, 2.0)
    assert (one.value[0], two.value[0]) == (1.0, 2.0)


def test_an_exception_with_its_bases():
    outcome = did(lambda x: {}[x], "k")
    assert outcome.raised[:2] == ("KeyError", "LookupError")
    assert outcome.message == "'k'"


def test_sys_exit_is_an_outcome_but_an_interrupt_is_not():
    assert did(lambda: exit()).raised[0] == "SystemExit"

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        did(interrupted)


def test_an_exception_that_cannot_speak():
    class Mute(Exception):
        def __str__(self):
            raise ValueError

    def f():
        raise Mute

    assert did(f).message == ""


def test_the_line_that_raised_is_the_notebooks():
    space = {}
    source = "import numpy as np\ndef f(x):\n    y = x + 1\n    return np.linalg.inv(y)\n"
    import linecache
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    exec(compile(source, "<cell>", "exec"), space)
    assert did(space["f"], np.zeros(3)).line == "return np.linalg.inv(y)"


def test_the_line_is_read_from_a_traceback_that_was_told():
    def f():
        problem = ValueError("no")
        problem.student_traceback = ('Traceback:\n  File "cell 3", line 2, in f\n    return g(x)\n'
                                     '  File "/x/site-packages/numpy/a.py", line 9, in g\n    raise ValueError\n')
        raise problem

    assert did(f).line == "return g(x)"


@pytest.mark.parametrize("value", [print, object(), (i for i in ()), np.ma.zeros(2), np.array([None])])
def test_what_is_no_plain_data_cannot_be_read(value):
    outcome = did(lambda: value)
    assert outcome.unreadable
    assert outcome.value is None


def test_warnings_are_noted_and_stop_nothing():
    outcome = did(lambda x: 1 / x, np.zeros(1))
    assert "divide by zero" in outcome.warned
    assert outcome.value[0] == np.inf


def test_through_drives_a_class():
    class Counter:
        def __init__(self, start):
            self.n = start

        def add(self, k):
            self.n += k
            return self.n

    def use(cls, start, steps):
        counter = cls(start)
        return [counter.add(k) for k in steps]

    assert did(Counter, 1, [1, 2], through=use).value == [2, 4]


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("f", "repeats", "varies", "advances"), [
    (lambda g: g.normal(size=3), True, True, True),
    (lambda g: np.random.default_rng().normal(size=3), False, True, False),
    (lambda g: np.random.default_rng(0).normal(size=3), True, False, False),
    (lambda g: np.random.Generator(type(g.bit_generator)(g.integers(2**31))).normal(size=3), True, True, True),
    (lambda g: __import__("copy").deepcopy(g).normal(size=3), True, True, False),
    (lambda g: 1.0 + 0 * g.normal(), True, False, True),
])
def test_how_a_generator_is_used(f, repeats, varies, advances):
    outcome = did(f, rng())
    assert (outcome.repeats, outcome.varies, outcome.advances) == (repeats, varies, advances)


def test_the_generator_is_a_throw_away_copy():
    mine = rng()
    case = Case(mine)
    attempt(lambda g: g.normal(size=100), case, RULES)
    assert case == Case(rng())
    assert mine.normal() == rng().normal()


def test_cases_take_plain_data_generators_and_formulas_only():
    assert Case(Formula("lambda x: x"), rng(), h=1e-5).kwargs == {"h": 1e-5}
    with pytest.raises(NotPlain):
        Case(lambda x: x)
    with pytest.raises(ValueError, match="law"):
        Case(1, law={"average": 3})


def test_named_arguments():
    assert list(Case(1, 2, 3, k=4).named(("x", "y"))) == ["x", "y", "argument 3", "k"]


@pytest.mark.parametrize("outcome", [
    Outcome(3.5), Outcome(raised=("ValueError", "Exception"), message="no"),
    Outcome((1, None), changed={"x": [1]}, warned="overflow"), Outcome(None), Outcome(repeats=False, varies=True,
    advances=True),
    Outcome(unreadable="a generator"),
])
def test_outcomes_as_json(outcome):
    assert decode_outcome(encode_outcome(outcome, law=None)) == outcome


def test_the_line_that_raised_stays_behind():
    # It is a line of the solution, and what is encoded travels in the student's notebook.
    outcome = Outcome(raised=("ValueError",), line="raise ValueError('sizes start at 1')")
    assert "sizes" not in str(encode_outcome(outcome, law=None))


def test_under_a_law_a_summary_travels():
    x = rng().normal(size=(50, 40))
    told = decode_outcome(encode_outcome(Outcome(x), law={"normal": (0, 1)}))
    assert told.value == summary(x) == summary(summary(x))
    assert told.value["shape"] == (50, 40)


def test_an_unknown_field_is_refused():
    with pytest.raises(ValueError, match="passed"):
        decode_outcome({"passed": True})


def test_a_value_that_never_comes_again_is_not_written_down():
    # np.random's own state is nobody's argument: the value would be another one in every build of a notebook
    drawn = attempt(lambda rng: np.random.random(3), Case(np.random.default_rng(0)), Rules("draw", ("rng",)))
    assert not drawn.repeats
    assert "value" not in encode_outcome(drawn, law=None)
