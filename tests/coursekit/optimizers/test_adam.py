"""What Adam promises: steps of one size, whatever the gradient's, and no slow numbers left behind."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coursekit import optimizers


@given(st.floats(1e-3, 1e3), st.floats(1e-4, 1.0))
def test_adams_steps_do_not_depend_on_the_gradients_scale(scale, lr):
    P, Q = np.array([1.0, -2.0, 0.5]), np.array([1.0, -2.0, 0.5])
    steepness = np.array([1.0, 4.0, 9.0])  # of a bowl, along each axis
    p, q = optimizers.Adam(lr, eps=1e-20).build(P), optimizers.Adam(lr, eps=1e-20).build(Q)
    for _ in range(3):
        p.step(P, steepness * P)
        q.step(Q, scale * steepness * Q)
    np.testing.assert_allclose(P, Q, rtol=1e-6, atol=1e-9)


def test_slots_do_not_end_as_denormal_numbers():
    # Without a gradient m shrinks by 0.9 a step: after 900 steps it would be 1e-41, a denormal in float32.
    P, G = np.zeros(1, np.float32), np.ones(1, np.float32)
    optimizer = optimizers.Adam().build(P)
    for _ in range(900):
        optimizer.step(P, G)
        G[...] = 0
    assert optimizer.m[0] == 0
