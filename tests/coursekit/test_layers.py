"""One contract for every layer: gradients, shapes, configuration, saving, and one step of training."""

import numpy as np
import pytest

from coursekit import layers
from coursekit.functions.gradients import numerical_gradient, relative_error
from coursekit.functions.losses import squared_error, squared_error_gradient
from coursekit.identifiers import write
from coursekit.layers.layer import LAYERS
from coursekit.layers.layer import get as get_layer
from coursekit.models import Sequential

# Each line: a layer, the shape of an example, the shape it should give, (trainable, fixed) parameters counted by hand.
CONTRACT = {
    "dense": (lambda: layers.Dense(4), (3,), (4,), ((3 + 1) * 4, 0)),
    "dense, softmax": (lambda: layers.Dense(4, activation="softmax"), (3,), (4,), (16, 0)),
    "dense, no bias": (lambda: layers.Dense(4, activation="tanh", use_bias=False), (3,), (4,), (12, 0)),
    "dense, sequences": (lambda: layers.Dense(4, activation="sigmoid"), (5, 3), (5, 4), (16, 0)),
    "dense, penalised": (lambda: layers.Dense(4, kernel_regularizer="l2", kernel_constraint="max_norm"),
                         (3,), (4,), (16, 0)),
    "leaky relu": (lambda: layers.Activation("leaky_relu", {"alpha": 0.2}), (3,), (3,), (0, 0)),
    "dropout": (lambda: layers.Dropout(0.3, noise_shape=(None, 1, None), seed=0), (3, 2), (3, 2), (0, 0)),
    "batch norm": (lambda: layers.BatchNormalization(momentum=0.9), (3,), (3,), (6, 6)),
    "batch norm, images": (lambda: layers.BatchNormalization(), (4, 4, 2), (4, 4, 2), (4, 4)),
    "flatten": (lambda: layers.Flatten(), (4, 3, 2), (24,), (0, 0)),
    "embedding": (lambda: layers.Embedding(7, 3), (5,), (5, 3), (21, 0)),
    "convolution": (lambda: layers.Conv2D(3, 2), (5, 4, 2), (4, 3, 3), (2 * 2 * 2 * 3 + 3, 0)),
    "convolution, strided": (lambda: layers.Conv2D(3, (3, 2), stride=2, padding="same", activation="tanh"),
                             (5, 4, 2), (3, 2, 3), (3 * 2 * 2 * 3 + 3, 0)),
    "convolution, no bias": (lambda: layers.Conv2D(1, 3, padding=1, use_bias=False), (4, 4, 1), (4, 4, 1), (9, 0)),
    "transposed": (lambda: layers.Conv2DTranspose(2, 3, stride=2, padding="same"), (3, 2, 4), (6, 4, 2),
                   (3 * 3 * 2 * 4 + 2, 0)),
    "max pooling": (lambda: layers.MaxPooling2D(2), (5, 4, 2), (2, 2, 2), (0, 0)),
    "average pooling": (lambda: layers.AveragePooling2D((2, 3), stride=1), (4, 4, 2), (3, 2, 2), (0, 0)),
    "local response": (lambda: layers.LocalResponseNormalization(3, alpha=0.5), (2, 2, 5), (2, 2, 5), (0, 0)),
    "residual": (lambda: layers.Residual([layers.Dense(4, "tanh"), layers.Dense(3)]), (3,), (3,), (16 + 15, 0)),
    "residual, projected": (lambda: layers.Residual([layers.Dense(2, "tanh"), layers.BatchNormalization()],
                                                    shortcut=layers.Dense(2, use_bias=False)),
                            (3,), (2,), (8 + 4 + 6, 4)),
    "simple rnn": (lambda: layers.SimpleRNN(4), (5, 3), (4,), (3 * 4 + 4 * 4 + 4, 0)),
    "simple rnn, sequences": (lambda: layers.SimpleRNN(4, return_sequences=True), (5, 3), (5, 4), (32, 0)),
    "lstm": (lambda: layers.LSTM(4), (5, 3), (4,), (4 * (3 * 4 + 4 * 4 + 4), 0)),
    "lstm, sequences": (lambda: layers.LSTM(4, True, unit_forget_bias=False), (5, 3), (5, 4), (128, 0)),
    "gru": (lambda: layers.GRU(4), (5, 3), (4,), (3 * (3 * 4 + 4 * 4 + 2 * 4), 0)),
    "gru, sequences": (lambda: layers.GRU(4, return_sequences=True), (5, 3), (5, 4), (108, 0)),
    "bidirectional": (lambda: layers.Bidirectional(layers.SimpleRNN(4)), (5, 3), (8,), (64, 0)),
    "bidirectional, summed": (lambda: layers.Bidirectional(layers.GRU(2, True), merge="sum"), (5, 3), (5, 2),
                              (2 * 3 * (3 * 2 + 2 * 2 + 2 * 2), 0)),
}  # fmt: skip

every_layer = pytest.mark.parametrize("make, shape, out, counts", CONTRACT.values(), ids=CONTRACT.keys())


def examples(make, shape, rng, n=4, dtype=np.float64):
    if isinstance(make(), layers.Embedding):
        return rng.integers(0, 7, (n, *shape))
    return rng.normal(size=(n, *shape)).astype(dtype)


def built(make, shape, rng, dtype=np.float64):
    layer = make().setup(shape, rng, dtype)
    for part in layer.walk():
        for name, value in part.params.items():  # zeros hide mistakes: a bias of 0 forgives a forgotten term
            part.params[name] = value + 0.1 * rng.normal(size=value.shape)
    return layer


def test_every_layer_is_in_the_table():
    assert {type(make()).__name__ for make, *_ in CONTRACT.values()} == set(LAYERS) - {"Affine", "Recurrent"}


@every_layer
def test_shapes_and_counts(make, shape, out, counts, rng):
    layer = built(make, shape, rng)
    assert layer.output_shape(shape) == out
    assert layer.forward(examples(make, shape, rng)).shape == (4, *out)
    assert layer.count_params() == counts


@every_layer
def test_gradients_agree_with_differences(make, shape, out, counts, rng):
    layer, X, target = built(make, shape, rng), examples(make, shape, rng), rng.normal(size=(4, *out))
    fixed_noise(layer)

    def loss():
        fixed_noise(layer)
        return squared_error(layer.forward(X, training=True), target)

    dX = layer.backward(squared_error_gradient(layer.forward(X, training=True), target))
    for part in layer.walk():
        for name, value in part.params.items():
            analytic = part.grads[name].copy()
            assert relative_error(analytic, differences(loss, value)) < 1e-6, f"{part.name} {name}"
    if not isinstance(layer, layers.Embedding):
        assert relative_error(dX, differences(loss, X)) < 1e-6


def differences(loss, values):
    """The numerical gradient of loss() with respect to an array that it reads."""
    kept = values.copy()

    def at(moved):
        values[...] = moved
        return loss()

    gradient = numerical_gradient(at, kept)
    values[...] = kept
    return gradient


def fixed_noise(layer):
    if isinstance(layer, layers.Dropout):
        layer.own_rng = np.random.default_rng(0)


@every_layer
def test_config_round_trip(make, shape, out, counts, rng):
    layer = make()
    again = get_layer(write(layer))
    assert type(again) is type(layer) and again.get_config() == layer.get_config()
    assert repr(again) == repr(layer)
    assert again.setup(shape, rng).output_shape(shape) == out


@every_layer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_training_saving_and_loading(make, shape, out, counts, dtype, rng, tmp_path):
    model = Sequential([make(), layers.Flatten(), layers.Dense(1)], seed=0, dtype=dtype)
    X, y = examples(make, shape, rng, n=8, dtype=dtype), rng.normal(size=8)
    model.compile("sgd", "mse")
    model.build(shape)
    before = model.P.copy()
    model.train_on_batch(X, y)
    assert np.isfinite(model.P).all() and (model.P != before).any()
    assert model.predict(X).dtype == dtype
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    again.optimizer.step(again.P, np.ones_like(again.P))  # the parameters are views of one array again
    assert not np.array_equal(again.predict(X), model.predict(X))


@every_layer
def test_backward_leaves_its_argument_alone(make, shape, out, counts, rng):
    layer, X = built(make, shape, rng), examples(make, shape, rng)
    kept, dY = X.copy(), rng.normal(size=(4, *out))
    dY_kept = dY.copy()
    layer.forward(X, training=True)
    layer.backward(dY)
    np.testing.assert_array_equal(X, kept)
    np.testing.assert_array_equal(dY, dY_kept)


@pytest.mark.parametrize(
    "make, X, sentence",
    [
        (lambda: layers.Dense(2), np.zeros(3), "at least 2 axes"),
        (lambda: layers.Conv2D(2, 3), np.zeros((2, 9)), r"4 axes \(n, height, width, channels\), received"),
        (lambda: layers.LSTM(2), np.zeros((2, 9)), r"3 axes \(n, time, features\)"),
        (lambda: layers.Conv2D(2, 9), np.zeros((1, 4, 4, 1)), r"\(9, 9\) does not fit in .* \(4, 4\)"),
        (lambda: layers.MaxPooling2D(9), np.zeros((1, 4, 4, 1)), r"window of"),
        (lambda: layers.Residual([layers.Dense(2)]), np.zeros((1, 3)), "let the layers keep"),
        (lambda: layers.Embedding(5, 2), np.array([[1, 5]]), "from 0 to 4, received 1 to 5"),
        (lambda: layers.Embedding(5, 2), np.array([[0.5]]), "whole numbers"),
        (lambda: layers.Dense(2), np.array([[1.0, np.nan]]), r"received nan at \[0, 1\]"),
        (lambda: layers.Dropout(0.5, noise_shape=(1, 1, 1)), np.zeros((2, 2)), "does not fit"),
    ],
)  # fmt: skip
def test_a_wrong_input_gets_a_sentence(make, X, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()(X, training=True)


def test_a_later_batch_has_to_fit_the_first(rng):
    layer = layers.Dense(2)
    layer(np.zeros((1, 3)))
    with pytest.raises(ValueError, match=r"Dense expected X with 3 features, received shape \(5, 2\)"):
        layer(np.zeros((5, 2)))


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda: layers.Dense(0), "Dense expected units as a positive whole number, received 0"),
        (lambda: layers.Dense(2.5), "received 2.5"),
        (lambda: layers.Dense(2, activation="rleu"), "did you mean 'relu'"),
        (lambda: layers.Dense(2, kernel_regularizer="l3"), "unknown regularizer 'l3'"),
        (lambda: layers.Dropout(1.0), "the share to drop, as a number from 0 to below 1, received 1.0"),
        (lambda: layers.BatchNormalization(momentum=2), "momentum from 0 to 1"),
        (lambda: layers.Bidirectional(layers.LSTM(2), merge="max"), "'concat' or 'sum'"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_assigning_a_parameter_copies_into_its_place():
    layer = layers.Dense(2).setup((3,))
    held = layer.params["W"]
    layer.params["W"] = np.ones((3, 2))
    assert layer.params["W"] is held and (held == 1).all()
    with pytest.raises(ValueError, match=r"shape \(3, 2\), received an array of \(2, 3\)"):
        layer.params["W"] = np.ones((2, 3))


def test_dropout_drops_its_rate_and_keeps_the_mean():
    # n = 1e6 numbers: the share dropped has standard deviation 4.3e-4; 7 of them are a chance of 3e-12.
    layer = layers.Dropout(0.25, seed=0).setup((1000,))
    Y = layer.forward(np.ones((1000, 1000)), training=True)
    assert abs((Y == 0).mean() - 0.25) < 7 * 4.4e-4
    assert set(np.unique(Y)) == {0, 4 / 3}
    np.testing.assert_array_equal(layer.forward(np.ones((2, 1000))), 1)


def test_dropout_shares_its_mask_along_the_noise_shape():
    Y = layers.Dropout(0.5, noise_shape=(None, 1, None), seed=0)(np.ones((3, 4, 5)), training=True)
    assert (Y == Y[:, :1]).all() and 0 < (Y == 0).mean() < 1


def test_dropout_takes_any_bit_generator():
    # MT19937 makes 32 bits at a time; read as 64 they would drop half of everything.
    Y = layers.Dropout(0.25, seed=np.random.Generator(np.random.MT19937(0)))(np.ones((100, 1000)), training=True)
    assert abs((Y == 0).mean() - 0.25) < 7 * 1.4e-3


def test_batch_norm_agrees_with_the_plain_functions(rng):
    from coursekit.functions.batchnorm import (
        batchnorm_backward,
        batchnorm_forward,
        batchnorm_inference,
        running_average,
    )

    layer = built(lambda: layers.BatchNormalization(momentum=0.9), (3,), rng)
    gamma, beta = layer.params["gamma"], layer.params["beta"]
    X, dY = 3 + 2 * rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    Y, cache = batchnorm_forward(X, gamma, beta)
    dX, dgamma, dbeta = batchnorm_backward(dY, cache)
    np.testing.assert_allclose(layer.forward(X, training=True), Y, atol=1e-12)
    np.testing.assert_allclose(layer.backward(dY), dX, atol=1e-12)
    np.testing.assert_allclose(layer.grads["gamma"], dgamma, atol=1e-12)
    np.testing.assert_allclose(layer.grads["beta"], dbeta, atol=1e-12)
    mean, var = running_average(0, X.mean(axis=0), 0.9), running_average(1, X.var(axis=0), 0.9)
    np.testing.assert_allclose(layer.forward(X), batchnorm_inference(X, gamma, beta, mean, var), atol=1e-12)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "selu", "swish", "softplus", "gelu", "sigmoid", "tanh",
                                  "softmax", "log_softmax", "identity"])  # fmt: skip
def test_every_activation_goes_backwards(name, rng):
    layer = layers.Activation(name).setup((5,))
    z = rng.normal(size=(3, 5)) * 2 + 0.01  # away from the kinks
    target = rng.normal(size=(3, 5))
    dz = layer.backward(squared_error_gradient(layer.forward(z), target))
    assert relative_error(dz, numerical_gradient(lambda z: squared_error(layer.forward(z), target), z)) < 1e-7


def test_noisy_relu_is_noisy_in_training_only(rng):
    layer, z = layers.Activation("noisy_relu").setup((4,), rng), rng.normal(size=(50, 4))
    np.testing.assert_array_equal(layer.forward(z), np.maximum(z, 0))
    a = layer.forward(z, training=True)
    assert (a != np.maximum(z, 0)).any()
    np.testing.assert_array_equal(layer.backward(np.ones_like(z)), a > 0)


def test_a_students_layer_does_not_take_the_librarys_name():
    class Dense(layers.Layer):
        pass

    assert get_layer({"name": "Dense", "config": {"units": 2}}).__class__ is layers.Dense
