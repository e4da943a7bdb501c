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
