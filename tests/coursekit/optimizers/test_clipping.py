"""Clipping, by value and by norm."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coursekit import optimizers
from coursekit.functions.gradients import clip_by_norm


def test_clipping_by_value_and_by_norm():
    P, G = np.zeros(2), np.array([30.0, -4.0])
    optimizers.SGD(1.0, clip_value=5).build(P).step(P, G.copy())
    np.testing.assert_array_equal(P, [-5, 4])
    P[...] = 0
    optimizers.SGD(1.0, clip_norm=1).build(P).step(P, G.copy())
    np.testing.assert_allclose(P, -clip_by_norm([G], 1)[0])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(0.01, 10))
def test_a_clipped_step_is_never_longer_than_the_norm(G, norm):
    P = np.zeros(len(G))
    optimizers.SGD(1.0, clip_norm=norm).build(P).step(P, np.array(G))
    assert np.linalg.norm(P) <= norm * (1 + 1e-9)
