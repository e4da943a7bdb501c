"""Measured gradients: how near they come, and what they leave alone."""

import numpy as np
import pytest

from coursekit.functions.gradients import clip_by_norm, numerical_gradient, relative_error


@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (2, 1, 2)])
def test_a_known_gradient_in_any_shape(shape):
    x = np.random.default_rng(0).normal(size=shape)
    got = numerical_gradient(lambda v: np.sin(v).sum(), x)
    assert got.shape == shape
    np.testing.assert_allclose(got, np.cos(x), atol=1e-9)


def test_central_differences_are_exact_for_a_parabola_and_one_sided_ones_are_not():
    assert numerical_gradient(lambda v: (v**2).sum(), np.array([3.0]), h=0.5).tolist() == [6.0]


def test_whole_numbers_are_not_truncated_and_the_argument_stays():
    x = np.array([1, 2])
    assert numerical_gradient(lambda v: (v**2).sum(), x).round(6).tolist() == [2.0, 4.0]
    assert x.tolist() == [1, 2]


def test_error_falls_with_h_squared():
    errors = [abs(numerical_gradient(lambda v: np.exp(v).sum(), np.array([1.0]), h)[0] - np.e) for h in (1e-1, 1e-2)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.01)


def test_relative_error():
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
    assert relative_error([1.0, -2.0], [1.0, 2.0]) == 2.0
    assert relative_error([1e-9, 1.0], [2e-9, 1.0]) == pytest.approx(1e-9)  # measured against the largest entry
    with pytest.raises(ValueError, match=r"received \(2, 3\) and \(3, 2\)"):
        relative_error(np.ones((2, 3)), np.ones((3, 2)))


def test_clipping_cuts_all_arrays_by_one_factor():
    grads = [np.array([3.0, 0.0]), np.array([[4.0]])]
    clipped = clip_by_norm(grads, 2.5)
    assert [g.tolist() for g in clipped] == [[1.5, 0.0], [[2.0]]]
    assert [g.tolist() for g in grads] == [[3.0, 0.0], [[4.0]]]


def test_a_short_gradient_is_left_as_it_is():
    assert clip_by_norm([np.array([3.0]), np.array([4.0])], 5.0) == [3.0, 4.0]
    assert clip_by_norm([np.zeros(2)], 1.0)[0].tolist() == [0.0, 0.0]


def test_exploded_float32_gradients_come_back_with_the_right_length():
    (clipped,) = clip_by_norm([np.full(4, 1e30, np.float32)], 1.0)
    assert clipped.dtype == np.float32
    np.testing.assert_allclose(clipped, 0.5)


def test_a_limit_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="positive max_norm, received 0"):
        clip_by_norm([np.ones(1)], 0)
