"""Variance rules: symbolically, by enumeration and by sampling; the depth experiment of week 3."""

import numpy as np
import pytest
import sympy

from coursekit.functions import initializers, variance


def test_product_variance_by_enumerating_two_dice_of_unequal_faces():
    x, y = np.array([1.0, 2.0, 6.0]), np.array([-1.0, 0.0, 5.0, 5.0])
    products = np.outer(x, y)  # independent: every pair is equally likely
    assert variance.product_variance(x.mean(), x.var(), y.mean(), y.var()) == pytest.approx(products.var(), rel=1e-14)


def test_product_variance_symbolically():
    m_x, v_x, m_y, v_y = sympy.symbols("m_x v_x m_y v_y")
    by_definition = (v_x + m_x**2) * (v_y + m_y**2) - (m_x * m_y) ** 2  # E[X^2] E[Y^2] - (E[X] E[Y])^2
    assert sympy.expand(variance.product_variance(m_x, v_x, m_y, v_y) - by_definition) == 0


def test_uniform_variance_is_the_integral():
    a, b, x = sympy.symbols("a b x")
    integral = sympy.integrate((x - (a + b) / 2) ** 2 / (b - a), (x, a, b))
    assert sympy.simplify(variance.uniform_variance(a, b) - integral) == 0


@pytest.mark.parametrize("activation, function", [
    ("relu", lambda z: np.maximum(z, 0)),
    ("leaky_relu", lambda z: np.where(z > 0, z, 0.2 * z)),
    ("linear", lambda z: z),
])
def test_gain_keeps_the_second_moment_of_a_normal_input(activation, function):
    z = np.linspace(-10, 10, 200_001)
    weight = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    second_moment = np.sum(weight * function(z) ** 2)
    assert variance.gain(activation, alpha=0.2) ** 2 * second_moment == pytest.approx(1, rel=1e-9)


def test_gains_that_are_conventions_have_the_values_of_the_field():
    # torch.nn.init.calculate_gain; the oracles compare them live
    assert variance.gain("tanh") == pytest.approx(5 / 3) and variance.gain("selu") == 0.75
    assert variance.gain("sigmoid") == variance.gain("identity") == 1


def test_an_unknown_gain_says_which_are_known():
    with pytest.raises(ValueError, match="'maxout'; known are linear, identity, sigmoid, tanh"):
        variance.gain("maxout")


def identity(z):
    return z


def relu(z):
    return np.maximum(z, 0)


@pytest.fixture(scope="module")
def signal():
    return np.random.default_rng(0).standard_normal((16, 512)).astype(np.float32)


def weights(std, depth, dtype=np.float32):
    rng = np.random.default_rng(1)
    return (rng.standard_normal((512, 512), dtype=np.float32).astype(dtype) * dtype(std) for _ in range(depth))


def test_standard_normal_weights_overflow_float32_within_28_layers(signal):
    with np.errstate(over="ignore", invalid="ignore"):
        stds = variance.signal_std_by_depth(signal, weights(1, 30), identity)
    assert not np.isfinite(stds[27:]).any() and np.isfinite(stds[:10]).all()


def test_small_weights_vanish_in_float32_within_70_layers(signal):
    stds = variance.signal_std_by_depth(signal, weights(0.01, 75), identity)
    assert stds[9] > 1e-8 and stds[70] == 0


def test_in_float64_the_same_hundred_layers_reach_1e135_and_1e_minus_65(signal):
    x = signal.astype(np.float64)
    large = variance.signal_std_by_depth(x, weights(1, 100, np.float64), identity)[-1]
    small = variance.signal_std_by_depth(x, weights(0.01, 100, np.float64), identity)[-1]
    # each layer multiplies by sqrt(512) * std: 512^50 = 10^135.5 and times 0.01^100 = 10^-64.5
    assert 134 < np.log10(large) < 137 and -66 < np.log10(small) < -63


def test_one_over_root_n_holds_for_linear_and_fails_for_relu_which_he_repairs(signal):
    linear = variance.signal_std_by_depth(signal, weights(512**-0.5, 50), identity)
    lecun = variance.signal_std_by_depth(signal, weights(512**-0.5, 50), relu)
    he = variance.signal_std_by_depth(signal, weights((2 / 512) ** 0.5, 50), relu)
    assert 0.2 < linear[-1] < 5
    # the second moment halves: after 50 layers the rms has fallen by 2^25 = 3e7
    assert 1e-9 < lecun[-1] < 1e-6
    assert 0.1 < he[-1] < 10


def test_ten_thousand_orthogonal_layers_keep_every_norm_and_gaussian_ones_do_not():
    # The property of week 3: 64 wide, one matrix at a time. Singular values all 1 against a spread of them.
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 64))
    straight = bent = x
    for _ in range(10_000):
        gaussian = initializers.lecun_normal((64, 64), rng)
        Q, R = np.linalg.qr(gaussian)
        straight = straight @ Q
        bent = bent @ gaussian
    np.testing.assert_allclose(np.linalg.norm(straight, axis=1), np.linalg.norm(x, axis=1), rtol=1e-10)
    # log of the norm falls by about 1/(2 d) a layer: exp(-10000/128) = 1e-34
    assert 1e-40 < np.linalg.norm(bent) < 1e-28
