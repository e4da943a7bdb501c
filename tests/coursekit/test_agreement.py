"""The course's one tolerance rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coursekit.agreement import agrees, describe, difference, largest

floats = hnp.arrays(np.float64, hnp.array_shapes(max_side=4), elements=st.floats(-1e6, 1e6))
scales = st.floats(-100, 100).map(lambda e: 10.0**e)


@given(floats)
def test_everything_agrees_with_itself(x):
    assert agrees(x, x.copy())


@given(hnp.arrays(np.float64, (3,), elements=st.floats(0.5, 2)), scales)
def test_the_rule_knows_no_fixed_size(x, scale):
    assert agrees(x * scale, x * scale * (1 + 1e-9))
    assert not agrees(x * scale, x * scale * (1 + 1e-7))


@given(st.floats(1e-300, 1e300))
def test_zeros_never_pass_for_something(expected):
    assert not agrees(np.array([expected, -expected]), np.zeros(2))
    assert not agrees(expected, 0.0)


def test_zeros_do_not_pass_where_1e_minus_9_is_expected():
    # Whatever the inputs are: their size counts only where all that is expected is zero.
    assert not agrees(np.full(3, 1e-9), np.zeros(3), inputs=(np.full(3, 1e6),))


@given(floats)
def test_nan_never_passes_for_a_number(x):
    got = x.copy()
    got.flat[0] = np.nan
    assert not agrees(x, got)
    assert not agrees(got, x)
    assert agrees(got, got.copy())


@pytest.mark.parametrize(("expected", "got", "same"), [
    (np.inf, np.inf, True), (np.inf, -np.inf, False), (np.inf, 1e308, False), (1.0, np.inf, False),
    (np.array([np.inf, 1.0]), np.array([np.inf, 1.0 + 1e-9]), True), (np.nan, np.inf, False),
    (1e308, -1e308, False),
])
def test_infinities_agree_with_themselves_alone(expected, got, same):
    assert agrees(expected, got) is same


@given(hnp.arrays(np.float64, (4,), elements=st.floats(0.1, 10)))
def test_rounding_of_entries_that_cancel_is_forgiven(x):
    expected = np.append(x, 0.0)
    got = np.append(x, 1e-13)
    assert agrees(expected, got)
    assert not agrees(expected, np.append(x, 1e-7))


def test_where_zeros_are_expected_the_inputs_give_the_scale():
    assert agrees(0.0, 1e-13, inputs=([np.array([1.0])],))
    assert not agrees(0.0, 1e-13, inputs=(3,))          # whole numbers are exact: nothing to forgive
    assert not agrees(0.0, 1e-9, inputs=(1.0,))


@pytest.mark.parametrize(("expected", "got"), [
    (np.zeros((3, 1)), np.zeros(3)), (np.zeros((1, 3)), np.zeros(3)), (np.zeros(3), 0.0), (0.0, np.zeros(1)),
    (np.zeros(3), [0.0, 0.0, 0.0]), ([0.0], np.zeros(1)), ((1, 2), (1, 2, 3)), ({"a": 1}, {"a": 1, "b": 2}),
    ({"a": 1, "b": 2}, {"a": 1}), (None, 0), (0, None), (None, False), ("a", "b"), ({}, []),
], ids=repr)
def test_structure_and_shape_are_exact(expected, got):
    assert not agrees(expected, got)


@pytest.mark.parametrize(("expected", "got"), [
    (1.0, 1), (1, 1.0), (1, True), (True, 1), (np.ones(2), np.ones(2, int)), (np.ones(2, int), np.ones(2)),
    (np.ones(2), np.ones(2, bool)), (np.ones(2, complex), np.ones(2)), (np.ones(2, np.uint8), np.ones(2, int)), ("1",
    1),
], ids=repr)
def test_the_kind_of_number_is_exact(expected, got):
    assert not agrees(expected, got)


@pytest.mark.parametrize(("expected", "got"), [
    ([1, (2.0,)], (1, [2.0])), (np.float64(2), 2.0), (2.0, np.array(2.0)), (np.int32(2), 2), (True, np.True_),
    (np.ones(2, np.float32), np.ones(2)), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), (np.array(["x"]), np.array(["x"])),
    (10**400, 10**400), (None, None),
], ids=repr)
def test_what_may_stand_for_each_other(expected, got):
    assert agrees(expected, got)


def test_half_the_digits_are_too_few():
    x = np.random.default_rng(0).normal(size=20)
    assert not agrees(x, x.astype(np.float32).astype(np.float64))
    assert not agrees(x, x.astype(np.float32))
    assert agrees(x.astype(np.float32), x)


def test_a_tolerance_of_ones_own():
    assert agrees(1.0, 1.0005, rtol=1e-3)
    assert not agrees(1.0, 1.002, rtol=1e-3)


@pytest.mark.parametrize(("expected", "got", "words"), [
    (26, 20, "is 20, not 26"),
    (26, None, "is None, not the whole number 26"),
    (26.0, 20.0, "is 20.0, not 26.0"),
    (1.0, 1.0 + 1e-7, "is 1.0000001, not 1.0"),
    (1.0, np.nan, "is nan, not 1.0"),
    (1, 1.0, "is a real number (float), not a whole number (int)"),
    (np.zeros((2, 1)), np.zeros(2), "has shape (2,), not (2, 1)"),
    (np.array([[1.0, 2.0]]), np.array([[1.0, 3.0]]), "entry [0, 1] is 3.0, not 2.0"),
    (np.array([[1.0, 2.0]]), np.array([[0.0, 3.0]]), "entry [0, 0] is 0.0, not 1.0 (2 of 2 entries differ)"),
    ([1, {"W": np.array([1.0])}], [1, {"W": np.array([2.0])}], "item [1]['W'], entry [0] is 2.0, not 1.0"),
    ((1, 2), (1,), "has 1 entry, not 2"),
    ({"a": 1}, {}, "lacks the key 'a'"),
    (np.zeros(2), [0.0, 0.0], "is a list of 2, not an array of shape (2,)"),
    (10**50, 1, "is 1, not a whole number of more than 40 digits"),
], ids=lambda v: repr(v)[:20])
def test_it_says_where_and_how(expected, got, words):
    assert str(difference(expected, got)) == words


def test_the_largest_input():
    assert largest((np.array([1.0, -np.inf, np.nan]), {"x": [2.5, 100]}, "text", True, None)) == 2.5
    assert largest([]) == 0.0


@pytest.mark.parametrize("value", [None, True, 1, 1.5, 2j, "x" * 500, [1], (1,), {}, np.zeros((2, 3)), np.float32(1),
    np.array(3)])
def test_descriptions_are_short(value):
    assert 0 < len(describe(value)) <= 120
