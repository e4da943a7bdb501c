"""Initialisers as objects: equal to the plain functions, right on kernels, composable, written down and built again."""

import numpy as np
import pytest

from coursekit import initializers
from coursekit.functions import initializers as functions
from coursekit.initializers import distribution

NEEDS = {"Copy": {"values": np.zeros((6, 4)).tolist()}, "Sum": {"left": 1, "right": "he_normal"},
         "Product": {"left": 2.0, "right": "orthogonal"}}


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", initializers.INITIALIZERS)
def test_the_contract_of_every_initializer(name):
    initializer = initializers.get({"name": name, "config": NEEDS.get(name, {})})
    W = initializer((6, 4), rng())
    assert W.shape == (6, 4) and W.dtype == np.float64 and np.isfinite(W).all()
    np.testing.assert_array_equal(W, initializer((6, 4), rng()))
    rebuilt = type(initializer).from_config(initializer.get_config())
    np.testing.assert_array_equal(W, rebuilt((6, 4), rng()))
    with pytest.raises(TypeError, match="pass np.random.default_rng"):
        initializer((6, 4), 0)


@pytest.mark.parametrize("name, function", [
    ("glorot_uniform", functions.glorot_uniform), ("glorot_normal", functions.glorot_normal),
    ("xavier_uniform", functions.xavier_uniform), ("lecun_uniform", functions.xavier_uniform),
    ("xavier_normal", functions.lecun_normal), ("lecun_normal", functions.lecun_normal),
    ("he_normal", functions.he_normal), ("he_uniform", functions.he_uniform),
    ("orthogonal", functions.orthogonal), ("sparse", functions.sparse),
])
def test_objects_draw_what_the_plain_functions_draw(name, function):
    np.testing.assert_allclose(initializers.get(name)((30, 20), rng()), function((30, 20), rng()), rtol=1e-14)


@pytest.mark.parametrize("mode, fan", [("fan_in", 3 * 3 * 8), ("fan_out", 3 * 3 * 24), ("fan_avg", 3 * 3 * 16)])
@pytest.mark.parametrize("distribution", ["normal", "truncated_normal", "uniform"])
def test_variance_scaling_of_a_kernel(mode, fan, distribution):
    kernel = initializers.VarianceScaling("relu", mode, distribution)((3, 3, 8, 24), rng())
    n = kernel.size
    assert abs(kernel.var() * fan / 2 - 1) < 5 * np.sqrt(2 / n)
    assert abs(kernel.mean()) < 5 * np.sqrt(2 / fan / n)


def test_truncated_normal_ends_at_two_deviations():
    values = initializers.TruncatedNormal(3.0, 0.5)(50_000, rng())
    assert 0.99 < np.abs(values - 3).max() <= 1.0
    # variance of N(0, 1) cut at +-2: 1 - 2 * 2 phi(2) / (Phi(2) - Phi(-2)) = 0.7737
    assert abs(values.var() / 0.25 - 0.7737) < 5 * np.sqrt(2 / 50_000)
    assert distribution.TRUNCATED_STD == pytest.approx(0.7737413**0.5, rel=1e-6)


def test_orthogonal_kernels_have_orthonormal_filters():
    kernel = initializers.Orthogonal(gain="relu")((3, 3, 2, 8), rng()).reshape(18, 8)
    np.testing.assert_allclose(kernel.T @ kernel, 2 * np.eye(8), atol=1e-12)


def test_distributions_if_nothing_is_said_are_those_of_keras():
    assert initializers.Uniform().get_config() == {"low": -0.05, "high": 0.05}
    assert initializers.Normal().get_config() == {"mean": 0.0, "std": 0.05}


def test_a_uniform_distribution_may_be_a_point():
    assert initializers.Uniform(2, 2)((3,), rng()).tolist() == [2, 2, 2]


def test_variance_scaling_if_nothing_is_said_is_lecuns():
    W = initializers.VarianceScaling()((300, 100), rng())
    np.testing.assert_array_equal(W, initializers.LeCunNormal()((300, 100), rng()))
    assert W.var() * 300 == pytest.approx(1, rel=0.03)  # of 30,000 numbers the variance is known to 1%


def test_truncated_variance_scaling_ends_at_two_of_its_own_deviations():
    W = initializers.VarianceScaling(distribution="truncated_normal")((300, 100), rng())
    assert np.abs(W).max() * np.sqrt(300) == pytest.approx(2 / 0.8796, rel=1e-3)


def test_a_number_alone_has_fans_of_one():
    assert initializers.fans(()) == (1, 1)


@pytest.mark.parametrize("std", [0.0, 0.5])
def test_sparse_weights_have_the_deviation_asked_for(std):
    W = initializers.Sparse(fan_in=100, std=std)((100, 100), rng())
    assert W.std() == pytest.approx(std, rel=0.05)


@pytest.mark.parametrize("size", [3, 5, 7])
def test_identity_kernel_leaves_images_alone(size):
    from coursekit.functions.convolution import conv2d_forward

    X = rng().normal(size=(1, 8, 8, 3))
    Y = conv2d_forward(X, initializers.Identity()((size, size, 3, 3), rng()), np.zeros(3), padding="same")
    np.testing.assert_array_equal(Y, X)


def test_sums_and_products_of_initialisers_and_numbers():
    np.testing.assert_array_equal((2 * initializers.Ones() + 0.5)((3,), rng()), [2.5] * 3)
    noisy = initializers.Identity() + initializers.Normal(0, 0.01)
    W = noisy((4, 4), rng())
    assert np.abs(W - np.eye(4)).max() < 0.06 and (W != np.eye(4)).all()
    restored = initializers.get({"name": "Sum", "config": noisy.get_config()})
    np.testing.assert_array_equal(restored((4, 4), rng()), W)


def test_copy_wants_its_own_shape_and_shares_nothing():
    values = np.ones((2, 3))
    W = initializers.Copy(values)((2, 3), rng())
    W[0, 0] = 5
    assert values[0, 0] == 1
    with pytest.raises(ValueError, match=r"values of shape \(2, 3\), the parameter has shape \(3, 2\)"):
        initializers.Copy(values)((3, 2), rng())


def test_a_part_of_a_parameter_of_a_built_model():
    from coursekit.layers import Dense
    from coursekit.models import Sequential

    model = Sequential([Dense(4, activation="relu"), Dense(2)])
    X = rng().normal(size=(5, 3))
    model.predict(X)
    first = model.layers[0]
    before = first.params["W"].copy()
    initializers.assign(first.params["b"], 1.0, rng(), part=np.s_[1:3])
    np.testing.assert_array_equal(first.params["b"], [0, 1, 1, 0])
    initializers.assign(model.layers[1].params["W"], "orthogonal", rng())
    W = model.layers[1].params["W"]
    np.testing.assert_allclose(W.T @ W, np.eye(2), atol=1e-6)
    np.testing.assert_array_equal(first.params["W"], before)
    np.testing.assert_allclose(model.predict(X), np.maximum(X @ before + first.params["b"], 0) @ W, atol=1e-5)


def test_lsuv_gives_a_built_model_unit_variance_layer_by_layer():
    from coursekit.layers import Dense
    from coursekit.models import Sequential

    model = Sequential([Dense(16, "relu", bias_initializer=0.5), Dense(16, "tanh"), Dense(3)])
    X = 7 * rng().normal(size=(200, 8)) + 2
    model.predict(X)
    initializers.lsuv(model, X, tolerance=1e-4)
    a = X
    for layer in model.layers:
        assert layer.affine(a).var() == pytest.approx(1, abs=2e-4)
        a = layer(a)


def test_lsuv_passes_by_what_has_no_kernel_and_leaves_one_percent():
    from coursekit.layers import BatchNormalization, Dense, Dropout
    from coursekit.models import Sequential

    X = np.array([[1.0], [-1.0]])  # the outputs of a kernel w have the variance w**2
    for variance, after in ((1.005, 1.005), (0.995, 0.995), (1.015, 1.0), (9.0, 1.0)):
        model = Sequential([Dropout(0.5), Dense(1, kernel_initializer=variance**0.5), BatchNormalization()])
        initializers.lsuv(model.build(1), X)
        assert model.layers[1].params["W"].item() ** 2 == pytest.approx(after, rel=1e-5)


@pytest.mark.parametrize("kernel", [0.0, 1e30])
def test_lsuv_needs_something_to_rescale(kernel):
    from coursekit.layers import Dense
    from coursekit.models import Sequential

    model = Sequential([Dense(1, kernel_initializer=kernel)]).build(1)
    with np.errstate(over="ignore"), pytest.raises(ValueError, match="gives outputs of standard deviation"):
        initializers.lsuv(model, np.array([[1.0], [-1.0]]))


@pytest.mark.parametrize("call, message", [
    (lambda: initializers.get("he_norml"), "did you mean 'HeNormal'"),
    (lambda: initializers.VarianceScaling(mode="fan"), "mode is 'fan', expected 'fan_in'"),
    (lambda: initializers.VarianceScaling(distribution="cauchy"), "distribution is 'cauchy'"),
    (lambda: initializers.Orthogonal()((5,), rng()), "Orthogonal needs at least two axes, received shape (5,)"),
    (lambda: initializers.Identity()((5,), rng()), "Identity needs at least two axes, received shape (5,)"),
    (lambda: initializers.Normal(std=-1), "Normal expected std as a number from 0 up, received -1"),
    (lambda: initializers.Uniform(1, 0), "low <= high, received low=1 and high=0"),
])
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)


def test_something_else_is_no_initializer():
    with pytest.raises(TypeError, match="received None"):
        initializers.get(None)
