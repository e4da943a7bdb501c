"""Constraints: where they lead is allowed, and who is allowed stays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit import constraints
from coursekit.identifiers import write

ALL = [constraints.MaxNorm(1.5), constraints.NonNegative()]
kernels = arrays(float, st.sampled_from([(3, 2), (2, 2, 3, 2)]), elements=st.floats(-10, 10))


@pytest.mark.parametrize("rule", ALL, ids=repr)
@given(W=kernels)
def test_a_second_time_changes_nothing(rule, W):
    once = rule(W)
    assert once.shape == W.shape
    np.testing.assert_allclose(rule(once), once, rtol=1e-12)


@given(W=kernels)
def test_max_norm_shortens_the_weights_of_each_unit(W):
    after = constraints.MaxNorm(1.5)(W)
    lengths = np.sqrt((after**2).sum(axis=tuple(range(W.ndim - 1))))
    assert (lengths <= 1.5 * (1 + 1e-9)).all()
    short = np.sqrt((W**2).sum(axis=tuple(range(W.ndim - 1)))) <= 1.5
    np.testing.assert_array_equal(after[..., short], W[..., short])


@pytest.mark.parametrize("rule", ALL, ids=repr)
def test_config_round_trip(rule):
    assert constraints.get(write(rule)).get_config() == rule.get_config()


def test_max_norm_of_a_kernel_by_hand():
    # (height, width, c_in, c_out) = (1, 2, 1, 2): unit 0 has the weights 3 and 4, of length 5, unit 1 has 0.3 and 0.4.
    W = np.array([[[[3.0, 0.3]], [[4.0, 0.4]]]])
    np.testing.assert_allclose(constraints.MaxNorm(0.5)(W), [[[[0.3, 0.3]], [[0.4, 0.4]]]])


def test_a_length_of_two_if_nothing_is_said():
    assert constraints.MaxNorm().limit == 2.0
