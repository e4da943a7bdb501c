"""The judgement: each guard has a subject that only this guard stops."""

from dataclasses import replace

import numpy as np
import pytest

from coursekit.outcome import Case, Rules, attempt, summary
from coursekit.trial import Trial, Wrong, judge


def double(x):
    return 2 * x


def trials(reference, *cases, rules, through=None):
    return tuple(Trial(case, attempt(reference, case, rules, through)) for case in cases)


def judged(subject, reference, *cases, wrong=(), hints=(), through=None, **how):
    rules = Rules("f", how.pop("inputs", ("x",)), **how)
    tried = trials(reference, *cases, rules=rules, through=through)
    known = [Wrong(f.__name__, f.__doc__, "why?", lambda i, f=f: attempt(f, tried[i].case, rules,
        through)) for f in wrong]
    return judge(rules, tried, subject, through=through, wrong=known, hints=hints)


X = Case(np.array([1.0, 2.0]))


def test_the_reference_passes():
    assert judged(double, double, X, Case(3))["status"] == "passed"


def scaled_away(x):
    x[...] = 0
    return x


class Yes:
    def __eq__(self, other):
        return True

    def __le__(self, other):
        return True

    __array_ufunc__ = None


class YesArray(np.ndarray):
    def __sub__(self, other):
        return np.zeros(self.shape)


@pytest.mark.parametrize("cheat", [
    lambda x: None,
    lambda x: 0,
    lambda x: np.zeros(2),
    lambda x: np.full(2, np.nan),
    lambda x: x,
    lambda x: np.float64(2.0),
    lambda x: (2 * x).reshape(1, 2),
    lambda x: (2 * x).tolist(),
    lambda x: (2 * x).astype(int),
    lambda x: (2 * x).astype(object),
    lambda x: (2 * x).view(YesArray),
    lambda x: np.ma.masked_all(2),
    lambda x: Yes(),
    lambda x: (2 * x, 2 * x),
    scaled_away,
    lambda x: x.__imul__(2),        # right, but the argument has changed
], ids=range(16))
def test_everything_else_loses(cheat):
    found = judged(cheat, double, X)
    assert (found["status"], found["fraction"]) == ("failed", 0.0)
    assert found["rationale"]


def test_half_the_digits_lose():
    x = np.random.default_rng(0).normal(size=9)
    assert judged(lambda x: (2 * x).astype(np.float32), double, Case(x))["status"] == "failed"
    assert judged(lambda x: 2 * x.astype(np.float32), double, Case(x.astype(np.float32)))["status"] == "passed"


def test_the_first_failing_case_is_shown():
    found = judged(lambda x: x if x > 1 else 2 * x, double, Case(1), Case(2), Case(3))
    assert found["rationale"] == "f(2) is 2, not 4."
    assert found["case"]["call"] == "f(2)"
    assert (found["case"]["inputs"], found["case"]["expected"], found["case"]["got"]) == ({"x": 2}, 4, 2)


def test_an_argument_that_may_change_must_change_as_asked():
    def step(x):
        x -= 1

    def forgets(x):
        x = x - 1

    def too_far(x):
        x -= 2

    assert judged(step, step, X, changes=("x",))["status"] == "passed"
    assert "after the call" in judged(forgets, step, X, changes=("x",))["rationale"]
    assert judged(too_far, step, X, changes=("x",))["status"] == "failed"
    assert judged(step, forgets, X)["rationale"].startswith("f(x) changes its argument x in place")


def test_exceptions_that_are_asked_for():
    def positive(x):
        if x <= 0:
            raise ValueError("no")
        return x

    class Own(ValueError):
        pass

    def own(x):
        if x <= 0:
            raise Own
        return x

    def other(x):
        return x if x > 0 else {}[x]

    cases = Case(1), Case(0)
    assert judged(own, positive, *cases)["status"] == "passed"
    assert judged(other, positive, *cases)["rationale"] == "f(0) raises KeyError, where it should raise ValueError."
    said = judged(lambda x: x, positive, *cases)["rationale"]
    assert said == "f(0) gives the whole number 0, where it should raise ValueError."
    assert judged(lambda x: print, positive, *cases)["status"] == "failed"


def test_an_exception_that_is_asked_for_excuses_no_changed_argument():
    def empty(x):
        if not x:
            raise ValueError("empty")
        return x[0]

    def takes(x):
        try:
            return [x.append(0), empty(x)[1]]
        except TypeError:
            raise ValueError from None

    assert judged(takes, empty, Case([]))["rationale"].startswith("f([]) changes its argument x in place")


def test_what_is_not_written_yet_says_so():
    def stub(x):
        raise NotImplementedError

    found = judged(stub, double, X, hints=("Begin with the shapes.",))
    assert (found["rationale"], found["hint"]) == ("f is not written yet.", "Begin with the shapes.")


def test_an_exception_is_told_with_its_line_and_no_traceback():
    space = {}
    exec(compile("def f(x):\n    return x @ [1]\n", "<cell 2>", "exec"), space)
    words = judged(space["f"], double, X)["rationale"]
    assert words.startswith("f(x) raises ValueError: matmul")
    assert "Traceback" not in words


def test_silence_where_it_is_asked_for():
    def loud(x):
        return np.where(x > 0, 1 / x, 0.0)

    def quiet(x):
        return np.divide(1, x, out=np.zeros_like(x), where=x > 0)

    case = Case(np.array([0.0, 2.0]))
    assert judged(loud, quiet, case)["status"] == "passed"
    assert "warns" in judged(loud, quiet, case, silent=True)["rationale"]


def draw(rng, n):
    return rng.normal(size=n)


@pytest.mark.parametrize(("cheat", "words"), [
    (lambda rng, n: np.random.default_rng().normal(size=n), "two results for the same state"),
    (lambda rng, n: np.random.default_rng(0).normal(size=n), "whatever the state"),
    (lambda rng, n: __import__("copy").deepcopy(rng).normal(size=n), "leaves the generator where it was"),
    (lambda rng, n: 2 * rng.normal(size=n), "breaks its law: the variance"),
    (lambda rng, n: rng.uniform(-1.7320508, 1.7320508, size=n), "breaks its law"),
    (lambda rng, n: rng.normal(size=(n, 1)), "has shape"),
    (lambda rng, n: rng.normal(size=n) > 0, "has dtype kind"),
    (lambda rng, n: rng.normal(), "not an array"),
])
def test_random_code(cheat, words):
    case = Case(np.random.default_rng(5), 20_000, law={"normal": (0, 1)})
    assert words in judged(cheat, draw, case, inputs=("rng", "n"))["rationale"]


def test_random_code_may_draw_in_its_own_way():
    case = Case(np.random.default_rng(5), 20_000, law={"normal": (0, 1)})
    own_way = judged(lambda rng, n: rng.normal(size=2 * n)[::2], draw, case, inputs=("rng", "n"))
    assert own_way["status"] == "passed"


def test_without_a_law_the_draws_themselves_are_compared():
    case = Case(np.random.default_rng(5), 3)
    assert judged(draw, draw, case, inputs=("rng", "n"))["status"] == "passed"
    assert judged(lambda rng, n: rng.normal(size=2 * n)[::2], draw, case, inputs=("rng", "n"))["status"] == "failed"


def test_what_does_not_vary_need_not_vary():
    # Dropout at rate 0: the reference draws, and gives the same whatever it drew.
    def keep(x, rng):
        return x * (rng.random(x.shape) >= 0)

    case = Case(np.ones(2), np.random.default_rng(1))
    assert judged(keep, keep, case, inputs=("x", "rng"))["status"] == "passed"


def pair(x):
    return x + 1, x + 2


def test_parts_are_judged_one_by_one():
    parts = {"a": 1, "b": 3}
    half = judged(lambda x: (x + 1, x), pair, Case(1), parts=parts)
    assert (half["status"], half["fraction"]) == ("failed", 0.25)
    assert half["rationale"] == "f(1): b is 1, not 3. Right so far: a."
    assert judged(pair, pair, Case(1), parts=parts)["fraction"] == 1
    assert judged(lambda x: [x + 1, x + 2], pair, Case(1), parts=parts)["fraction"] == 1
    for cheat in (lambda x: x + 1, lambda x: (x + 1,), lambda x: (x + 1, x + 2, 0), lambda x: {"a": x + 1, "b": x + 2},
                  lambda x: np.array([x + 1, x + 2])):
        assert judged(cheat, pair, Case(1), parts=parts)["fraction"] == 0


def test_a_part_must_agree_in_every_case():
    later = judged(lambda x: (x + 1, x + 2) if x < 2 else (0, x + 2), pair, Case(1), Case(2), parts={"a": 1, "b": 1})
    assert later["fraction"] == 0.5
    both = judged(lambda x: (0, x + 2) if x < 2 else (x + 1, 0), pair, Case(1), Case(2), parts={"a": 1, "b": 1})
    assert both["fraction"] == 0
    broken = judged(lambda x: (x + 1, 0) if x < 2 else None, pair, Case(1), Case(2), parts={"a": 1, "b": 1})
    assert broken["fraction"] == 0


def half(x):
    """The result is halved."""
    return x


def squared(x):
    """It is squared."""
    return x * x


def test_a_known_mistake_is_named():
    found = judged(lambda x: x * 1, double, Case(3), Case(5), wrong=(half, squared))
    assert found["misconception"] == "half"
    assert found["rationale"] == "f(3) is 3, not 6: the result is halved."
    assert found["hint"] == "why?"


def test_two_mistakes_alike_in_the_first_case_are_told_apart_by_the_others():
    cases = Case(1), Case(5)
    assert judged(half, double, *cases, wrong=(half, squared))["misconception"] == "half"
    assert judged(squared, double, *cases, wrong=(half, squared))["misconception"] == "squared"


def test_what_no_mistake_explains_throughout_is_not_named():
    found = judged(lambda x: x if x < 4 else 0, double, Case(3), Case(5), wrong=(half, squared), hints=("Add.",))
    assert (found["misconception"], found["hint"]) == ("", "Add.")
    assert found["rationale"] == "f(3) is 3, not 6."


def test_mistakes_that_cannot_be_told_apart_are_not_named():
    assert judged(half, double, Case(1), wrong=(half, squared))["misconception"] == ""


def test_a_mistake_in_a_side_effect_is_named():
    def overwrites(x):
        """The caller's array is doubled."""
        x *= 2
        return x

    found = judged(lambda x: x.__imul__(2), double, X, wrong=(overwrites,))
    assert found["rationale"] == "f(x) changes its argument x in place: the caller's array is doubled."


def test_a_mistake_under_a_law_is_named():
    def too_wide(rng, n):
        """The spread is doubled."""
        return 2 * rng.normal(size=n)

    case = Case(np.random.default_rng(5), 5000, law={"normal": (0, 1)})
    found = judged(lambda rng, n: rng.normal(0, 2, n), draw, case, inputs=("rng", "n"), wrong=(too_wide,))
    assert found["misconception"] == "too_wide"


def test_at_the_desk_a_summary_stands_for_the_random_numbers_of_a_mistake():
    # Two subjects with the same mistake; one draws as the known mistake does, the other in a way of its own.
    def count_or_draw(rng, n, look):
        numbers = rng.normal(size=n)
        return n if look == "count" else numbers

    def one_too_many(rng, n, look):
        """One too many."""
        numbers = rng.normal(1, 1, size=n)
        return n + 1 if look == "count" else numbers

    def one_too_many_drawn_otherwise(rng, n, look):
        numbers = 2 - rng.normal(1, 1, size=n)
        return n + 1 if look == "count" else numbers

    cases = [Case(np.random.default_rng(5), 500, "count"),
             Case(np.random.default_rng(5), 500, "draw", law={"normal": (0, 1)})]
    rules = Rules("f", ("rng", "n", "look"))
    tried = trials(count_or_draw, *cases, rules=rules)
    told = [replace(made := attempt(one_too_many, case, rules, None), value=summary(made.value)) for case in cases]
    known = [Wrong("one_too_many", "One too many.", "why?", told.__getitem__)]
    name = {subject: judge(rules, tried, subject, wrong=known)["misconception"]
            for subject in (one_too_many, one_too_many_drawn_otherwise)}
    assert name == {one_too_many: "one_too_many", one_too_many_drawn_otherwise: ""}


def test_large_values_are_described_instead_of_shown():
    found = judged(lambda x: 0 * x, double, Case(np.ones((100, 100))))
    assert found["case"]["got"] == {"omitted": "an array of shape (100, 100)"}


def test_a_mistake_beside_another_one_is_still_named():
    def strict(x):
        if x < 0:
            raise ValueError("negative")
        return 2 * x

    def tripled(x):
        """It is tripled."""
        if x < 0:
            raise ValueError("negative")
        return 3 * x

    # Tripled, and negative numbers are accepted: the first explains all that it has a part in.
    assert judged(lambda x: 3 * x, strict, Case(1), Case(-1), wrong=(tripled,))["misconception"] == "tripled"
