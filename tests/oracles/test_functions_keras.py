"""The plain functions against Keras 3 (on its PyTorch backend): what differs from PyTorch's own conventions."""

import os

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
pytest.importorskip(os.environ["KERAS_BACKEND"])
keras = pytest.importorskip("keras")

from coursekit import initializers  # noqa: E402  after the choice of the backend
from coursekit.functions import batchnorm, convolution, recurrent  # noqa: E402

pytestmark = [
    pytest.mark.oracles,
    # Keras's own conversion of a PyTorch tensor, which does not know NumPy 2's copy keyword
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def layer_with(layer, shape, *weights):
    layer.build(shape)
    layer.set_weights(weights)
    return layer


def run(layer, X, **options):
    return keras.ops.convert_to_numpy(layer(X, **options))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("size", [(7, 8), (6, 6)])
def test_convolution_pads_as_theirs(stride, padding, size):
    X, K, b = draw(2, *size, 3), draw(3, 2, 3, 4, seed=1), draw(4, seed=2)
    theirs = layer_with(keras.layers.Conv2D(4, (3, 2), stride, padding, dtype="float64"), X.shape, K, b)
    np.testing.assert_allclose(convolution.conv2d_forward(X, K, b, stride, padding), run(theirs, X), atol=1e-10)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_transposed_convolution_has_their_shapes_and_values(stride, padding):
    X, K, b = draw(2, 4, 5, 3), draw(3, 3, 4, 3, seed=1), draw(4, seed=2)
    theirs = layer_with(keras.layers.Conv2DTranspose(4, 3, stride, padding, dtype="float64"), X.shape, K, b)
    ours = convolution.conv2d_transpose_forward(X, K, b, stride, padding)
    np.testing.assert_allclose(ours, run(theirs, X), atol=1e-10)


# The next two to float32's digits: Keras rounds there on the way, even in layers of float64.


def test_batch_normalisation_and_its_running_statistics():
    X, gamma, beta, mean, var = draw(8, 5), draw(5, seed=1), draw(5, seed=2), draw(5, seed=3), draw(5, seed=4) ** 2
    theirs = layer_with(keras.layers.BatchNormalization(momentum=0.9, dtype="float64"), X.shape, gamma, beta, mean, var)
    ours = batchnorm.batchnorm_inference(X, gamma, beta, mean, var)
    np.testing.assert_allclose(ours, run(theirs, X), rtol=1e-5, atol=1e-6)
    Y, (_, _, batch_mean, batch_var, _) = batchnorm.batchnorm_forward(X, gamma, beta)
    np.testing.assert_allclose(Y, run(theirs, X, training=True), rtol=1e-5, atol=1e-6)
    _, _, new_mean, new_var = theirs.get_weights()
    np.testing.assert_allclose(batchnorm.running_average(mean, batch_mean, 0.9), new_mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(batchnorm.running_average(var, batch_var, 0.9), new_var, rtol=1e-5, atol=1e-6)


def test_recurrent_layers_from_their_weights():
    X = draw(2, 3, 4)
    zero = np.zeros((2, 5))
    W, U, b = draw(4, 5, seed=1), draw(5, 5, seed=2), draw(5, seed=3)
    h = zero
    for t in range(3):
        h, _ = recurrent.rnn_step(X[:, t], h, W, U, b)
    theirs = layer_with(keras.layers.SimpleRNN(5, dtype="float64"), X.shape, W, U, b)
    np.testing.assert_allclose(h, run(theirs, X), rtol=1e-5, atol=1e-6)

    W, U, b = draw(4, 20, seed=1), draw(5, 20, seed=2), draw(20, seed=3)
    h, c = zero, zero
    for t in range(3):
        h, c, _ = recurrent.lstm_step(X[:, t], h, c, W, U, b)
    theirs = layer_with(keras.layers.LSTM(5, dtype="float64"), X.shape, W, U, b)
    np.testing.assert_allclose(h, run(theirs, X), rtol=1e-5, atol=1e-6)

    W, U, b = draw(4, 15, seed=1), draw(5, 15, seed=2), draw(2, 15, seed=3)
    h = zero
    for t in range(3):
        h, _ = recurrent.gru_step(X[:, t], h, W, U, b)
    theirs = layer_with(keras.layers.GRU(5, dtype="float64"), X.shape, W, U, b)
    np.testing.assert_allclose(h, run(theirs, X), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name, theirs", [
    ("glorot_uniform", "GlorotUniform"), ("he_uniform", "HeUniform"), ("lecun_uniform", "LecunUniform")])
@pytest.mark.parametrize("shape", [(300, 200), (3, 3, 40, 80)])
def test_uniform_initialisers_have_their_bounds(name, theirs, shape):
    ours = np.abs(initializers.get(name)(shape, np.random.default_rng(0))).max()
    bound = np.abs(keras.ops.convert_to_numpy(getattr(keras.initializers, theirs)(seed=0)(shape))).max()
    assert ours == pytest.approx(bound, rel=2e-3)


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
def test_variance_scaling_of_a_kernel_has_their_deviation(mode):
    shape = (3, 3, 40, 80)
    ours = initializers.VarianceScaling(2**0.5, mode, "truncated_normal")(shape, np.random.default_rng(0))
    theirs = keras.initializers.VarianceScaling(2.0, mode, "truncated_normal", seed=0)(shape)
    assert ours.std() == pytest.approx(keras.ops.convert_to_numpy(theirs).std(), rel=0.02)
