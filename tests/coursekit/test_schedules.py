"""One contract for every schedule, as a function and as an object; new-bob apart."""

import inspect
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit import schedules
from coursekit.functions import schedules as rules
from coursekit.identifiers import write

# A schedule, the same as a function of the step, and some (step, rate) worked by hand.
CONTRACT = {
    "Constant": (schedules.Constant(0.1), lambda t: rules.constant(t, 0.1), {0: 0.1, 1000: 0.1}),
    "StepDecay": (schedules.StepDecay(0.8, 0.5, 10), lambda t: rules.step_decay(t, 0.8, 0.5, 10),
                  {0: 0.8, 9: 0.8, 10: 0.4, 35: 0.1}),
    "ExponentialDecay": (schedules.ExponentialDecay(0.8, 0.25, 10), lambda t: rules.exponential_decay(t, 0.8, 0.25, 10),
                         {0: 0.8, 5: 0.4, 10: 0.2}),
    "Cosine": (schedules.Cosine(1.0, 100, 0.2), lambda t: rules.cosine(t, 1.0, 100, 0.2),
               {0: 1.0, 50: 0.6, 100: 0.2, 500: 0.2}),
    "WarmUp": (schedules.WarmUp(0.5, 5), lambda t: rules.warm_up(t, 0.5, 5), {0: 0.1, 4: 0.5, 100: 0.5}),
    "Triangular": (schedules.Triangular(0.1, 0.5, 4), lambda t: rules.triangular(t, 0.1, 0.5, 4),
                   {0: 0.1, 2: 0.3, 4: 0.5, 6: 0.3, 8: 0.1, 12: 0.5}),
    "OneCycle": (schedules.OneCycle(100, 1.0, 0.25, 10.0, 100.0), lambda t: rules.one_cycle(t, 100, 1.0, 0.25, 10, 100),
                 {0: 0.1, 12: 0.55, 24: 1.0, 99: 0.001, 200: 0.001}),
    "RangeTest": (schedules.RangeTest(1e-4, 1.0, 5), lambda t: rules.range_test(t, 1e-4, 1.0, 5),
                  {0: 1e-4, 2: 1e-2, 4: 1.0, 9: 1.0}),
}  # fmt: skip
every_schedule = pytest.mark.parametrize("schedule, rule, by_hand", CONTRACT.values(), ids=CONTRACT.keys())


def test_every_schedule_is_in_the_table():
    assert set(CONTRACT) == set(schedules.SCHEDULES)


@every_schedule
def test_values_worked_by_hand(schedule, rule, by_hand):
    for step, rate in by_hand.items():
        assert schedule(step) == pytest.approx(rate), step


@every_schedule
def test_object_and_function_agree(schedule, rule, by_hand):
    assert [schedule(step) for step in range(150)] == [rule(step) for step in range(150)]


@every_schedule
def test_object_and_function_have_the_same_defaults(schedule, rule, by_hand):
    function = getattr(rules, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(schedule).__name__).lower())
    _, *of_function = inspect.signature(function).parameters.values()  # the first is the step
    _, *of_object = inspect.signature(type(schedule).__init__).parameters.values()
    assert of_object == of_function
    assert type(schedule)()(0) == function(0)


def test_a_cycle_may_begin_and_end_at_the_full_rate():
    flat = schedules.OneCycle(10, lr=0.3, start=1.0, end=1.0)
    assert [flat(step) for step in range(10)] == pytest.approx([0.3] * 10)


def test_a_schedule_of_your_own_has_to_give_a_rate():
    with pytest.raises(NotImplementedError, match="Schedule has to say the rate of a step in __call__"):
        schedules.Schedule()(0)


@pytest.mark.parametrize("what", [True, None, object()])
def test_what_is_no_rate_gets_a_sentence(what):
    with pytest.raises(TypeError, match="a rate is a number, a schedule or a function of the step"):
        schedules.get(what)


@every_schedule
def test_config_round_trip(schedule, rule, by_hand):
    again = schedules.get(write(schedule))
    assert type(again) is type(schedule)
    assert [again(step) for step in range(20)] == [schedule(step) for step in range(20)]


@every_schedule
def test_rates_are_plain_positive_numbers(schedule, rule, by_hand):
    for step in range(300):
        rate = schedule(step)
        assert type(rate) is float and 0 < rate <= 1


@given(st.integers(2, 500), st.floats(1e-4, 10), st.floats(0.05, 0.95))
def test_one_cycle_rises_once_and_falls_once(steps, lr, rise):
    rates = [rules.one_cycle(step, steps, lr, rise) for step in range(steps)]
    top = int(np.argmax(rates))
    assert all(np.diff(rates[: top + 1]) >= 0) and all(np.diff(rates[top:]) <= 0)
    assert max(rates) <= lr * (1 + 1e-12)
    assert rates[-1] == pytest.approx(lr / 25 / 1e4)


@given(st.lists(st.floats(0, 10), min_size=0, max_size=8), st.floats(1e-5, 1.0))
def test_new_bob_halves_exactly_when_the_error_rises(errors, lr):
    rises = len(errors) >= 2 and errors[-1] > errors[-2]
    assert rules.new_bob(lr, errors) == (lr / 2 if rises else lr)


def test_new_bob_with_a_threshold_wants_progress():
    assert rules.new_bob(0.1, [0.30, 0.29], threshold=0.02) == 0.05
    assert rules.new_bob(0.1, [0.30, 0.27], threshold=0.02) == 0.1


def test_warm_up_climbs_to_another_schedule():
    schedule = schedules.WarmUp(schedules.Cosine(1.0, 10), steps=2)
    assert schedule(0) == 0.5 and schedule(5) == schedules.Cosine(1.0, 10)(5)
    assert schedules.get(write(schedule))(5) == schedule(5)
