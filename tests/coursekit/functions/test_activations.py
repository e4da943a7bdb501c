"""Activations and their derivatives: values by hand, finite differences, extremes without a warning, floating types."""

import numpy as np
import pytest

from coursekit.functions import activation_derivatives as derivatives
from coursekit.functions import activations

ELEMENTWISE = {
    "identity": [{}],
    "sigmoid": [{}],
    "tanh": [{}],
    "relu": [{}],
    "leaky_relu": [{}, {"alpha": 0.3}],
    "prelu": [{"alpha": 0.25}],
    "elu": [{}, {"alpha": 0.5}],
    "selu": [{}],
    "swish": [{}, {"beta": 0.0}, {"beta": 2.5}],
    "softplus": [{}],
    "gelu": [{}, {"approximate": True}],
}
CASES = [pytest.param(name, options, id=f"{name}-{options}") for name in ELEMENTWISE for options in ELEMENTWISE[name]]
EXTREMES = np.array([-1000.0, -100.0, -30.0, -1.0, 0.0, 1.0, 30.0, 100.0, 1000.0])


@pytest.mark.parametrize("name, options", CASES)
def test_derivative_is_the_slope_that_central_differences_find(name, options):
    g, slope = getattr(activations, name), getattr(derivatives, name + "_derivative")
    z = np.linspace(-6, 6, 241) + 0.0123  # no point within h of a kink
    h = 1e-6
    np.testing.assert_allclose(slope(z, **options), (g(z + h, **options) - g(z - h, **options)) / (2 * h), atol=2e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name, options", CASES)
def test_extremes_are_finite_silent_and_keep_the_type(name, options, dtype):
    z = EXTREMES.astype(dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for function in (getattr(activations, name), getattr(derivatives, name + "_derivative")):
            value = function(z, **options)
            assert np.isfinite(value).all()
            assert value.dtype == dtype and value.shape == z.shape


def test_values_worked_by_hand():
    one = np.array([1.0, -1.0])
    e = np.e
    np.testing.assert_allclose(activations.sigmoid(one), [e / (e + 1), 1 / (e + 1)])
    np.testing.assert_allclose(activations.tanh(one), [(e**2 - 1) / (e**2 + 1), -(e**2 - 1) / (e**2 + 1)])
    np.testing.assert_allclose(activations.elu(one, alpha=2.0), [1, 2 * (1 / e - 1)])
    np.testing.assert_allclose(activations.softplus(one), [np.log(1 + e), np.log(1 + 1 / e)])
    np.testing.assert_allclose(activations.swish(one, beta=0.0), one / 2)
    np.testing.assert_allclose(activations.gelu(one), [0.8413447460685429, -0.15865525393145705])  # Phi(1) of a table


def test_sigmoid_keeps_its_digits_far_below_zero():
    np.testing.assert_allclose(activations.sigmoid(np.array([-700.0])), np.exp(-700.0), rtol=1e-14)
    np.testing.assert_allclose(derivatives.sigmoid_derivative(np.array([-40.0, 40.0])), np.exp(-40.0), rtol=1e-14)


def test_sigmoid_near_the_origin_is_a_half_plus_a_quarter_z_not_z():
    z = np.array([-1e-4, 1e-4])
    np.testing.assert_allclose(activations.sigmoid(z), 0.5 + z / 4, atol=1e-13)
    np.testing.assert_allclose(activations.tanh(z), z, atol=1e-12)


def test_swish_has_the_minimum_that_the_course_states():
    z = np.linspace(-5, 5, 1_000_001)
    a = activations.swish(z)
    assert (round(z[a.argmin()], 4), round(a.min(), 4)) == (-1.2785, -0.2785)


def test_swish_comes_close_to_relu_for_large_beta():
    z = np.linspace(-3, 3, 61)
    np.testing.assert_allclose(activations.swish(z, beta=500.0), activations.relu(z), atol=1e-3)


def test_selu_keeps_mean_zero_and_variance_one_of_a_normal_input():
    # E g(z) and E g(z)^2 for z ~ N(0, 1) by Gauss-Hermite quadrature on each side of the kink would do as well; a fine
    # Riemann sum is enough for 1e-9 here.
    z = np.linspace(-12, 12, 2_400_001)
    weight = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    a = activations.selu(z)
    assert abs(np.sum(weight * a)) < 1e-9 and abs(np.sum(weight * a**2) - 1) < 1e-9


def test_prelu_slopes_one_for_each_unit_and_its_gradient():
    z, alpha, h = np.array([[-2.0, 3.0], [-1.0, -4.0]]), np.array([0.5, 0.1]), 1e-6
    np.testing.assert_allclose(activations.prelu(z, alpha), [[-1.0, 3.0], [-0.5, -0.4]])
    slope = (activations.prelu(z, alpha + h) - activations.prelu(z, alpha - h)) / (2 * h)
    np.testing.assert_allclose(derivatives.prelu_alpha_derivative(z), slope, atol=1e-8)


def test_noisy_relu_noise_has_variance_sigmoid_of_z():
    z = np.full(200_000, 5.0, dtype=np.float32)  # 5 standard deviations away from 0: nothing is cut off
    a = activations.noisy_relu(z, np.random.default_rng(1))
    # standard error of a variance of 200,000 normals is 0.0032; 5 of them
    assert abs(a.var() - activations.sigmoid(5.0)) < 0.016 and a.dtype == np.float32
    np.testing.assert_array_equal(a, activations.noisy_relu(z, np.random.default_rng(1)))
    np.testing.assert_array_equal(derivatives.noisy_relu_derivative(np.float32([0, 0.1])), np.float32([0, 1]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("axis", [-1, 0])
def test_softmax_is_a_distribution_that_a_shift_leaves_alone(axis, dtype):
    z = np.random.default_rng(0).normal(size=(4, 5)).astype(dtype)
    p = activations.softmax(z, axis=axis)
    assert p.dtype == dtype and (p > 0).all()
    np.testing.assert_allclose(p.sum(axis=axis), 1, rtol=1e-6)
    np.testing.assert_allclose(activations.softmax(z + 100, axis=axis), p, rtol=1e-4 if dtype == np.float32 else 1e-12)
    np.testing.assert_allclose(activations.log_softmax(z, axis=axis), np.log(p), rtol=1e-5, atol=1e-6)


def test_softmax_and_log_softmax_at_the_extremes():
    z = np.array([[1000.0, -1000.0, 1000.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_array_equal(activations.softmax(z), [[0.5, 0.0, 0.5]])
        np.testing.assert_allclose(activations.log_softmax(z), [[-np.log(2), -2000 - np.log(2), -np.log(2)]])


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_jacobian_is_what_central_differences_find(name):
    g, jacobian = getattr(activations, name), getattr(derivatives, name + "_jacobian")
    z, h = np.random.default_rng(2).normal(size=(3, 4)), 1e-6
    columns = [(g(z + h * unit) - g(z - h * unit)) / (2 * h) for unit in np.eye(4)]
    np.testing.assert_allclose(jacobian(z), np.stack(columns, axis=-1), atol=1e-9)
    assert jacobian(z.astype(np.float32)).dtype == np.float32


def test_dead_fraction_counts_units_not_entries():
    a = np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 2.0]])  # units 0 and 2 never fire; 6 of 8 entries are 0
    assert activations.dead_fraction(a) == 0.5
    assert activations.dead_fraction(a - 0.5) == 0.5  # before the ReLU the answer is the same
