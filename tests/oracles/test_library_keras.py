"""Layers, counts, gradients, optimisers and whole trainings against Keras 3 (on its PyTorch backend)."""

import os

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
pytest.importorskip(os.environ["KERAS_BACKEND"])
keras = pytest.importorskip("keras")

from coursekit import layers, losses, optimizers  # noqa: E402  after the choice of the backend
from coursekit.datasets import digits  # noqa: E402
from coursekit.models import Sequential  # noqa: E402

pytestmark = [
    pytest.mark.oracles,
    # Keras's own conversion of a PyTorch tensor, which does not know NumPy 2's copy keyword
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]
K = keras.layers


@pytest.fixture(autouse=True)
def double():
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(before)


# Ours, theirs, and the shape of an example. Even in float64 Keras rounds data and rates to float32 on the way:
# agreement to twelve digits is test_library_torch's business.
TOLERANCE = 1e-5
PAIRS = {
    "dense": (lambda: layers.Dense(4, "tanh"), lambda: K.Dense(4, activation="tanh"), (3,)),
    "dense, no bias": (lambda: layers.Dense(4, use_bias=False), lambda: K.Dense(4, use_bias=False), (3,)),
    "dense, sequences": (lambda: layers.Dense(4, "relu"), lambda: K.Dense(4, activation="relu"), (5, 3)),
    "dense, gelu": (lambda: layers.Dense(4, "gelu"), lambda: K.Dense(4, activation="gelu"), (3,)),
    "dense, penalised": (lambda: layers.Dense(4, kernel_regularizer={"name": "L2", "config": {"C": 0.2}}),
                         lambda: K.Dense(4, kernel_regularizer=keras.regularizers.L2(0.1)), (3,)),
    "batch norm": (lambda: layers.BatchNormalization(), lambda: K.BatchNormalization(), (3,)),
    "batch norm, images": (lambda: layers.BatchNormalization(), lambda: K.BatchNormalization(), (4, 4, 2)),
    "embedding": (lambda: layers.Embedding(7, 3), lambda: K.Embedding(7, 3), (5,)),
    "convolution": (lambda: layers.Conv2D(3, 2, activation="tanh"), lambda: K.Conv2D(3, 2, activation="tanh"),
                    (5, 4, 2)),
    "convolution, strided": (lambda: layers.Conv2D(3, (3, 2), stride=2, padding="same"),
                             lambda: K.Conv2D(3, (3, 2), 2, "same"), (5, 4, 2)),
    "transposed": (lambda: layers.Conv2DTranspose(2, 3, stride=2, padding="same"),
                   lambda: K.Conv2DTranspose(2, 3, 2, "same"), (3, 2, 4)),
    "max pooling": (lambda: layers.MaxPooling2D(2), lambda: K.MaxPooling2D(2), (5, 4, 2)),
    "average pooling": (lambda: layers.AveragePooling2D(2, stride=1), lambda: K.AveragePooling2D(2, 1), (4, 4, 2)),
    "simple rnn": (lambda: layers.SimpleRNN(4), lambda: K.SimpleRNN(4), (5, 3)),
    "lstm": (lambda: layers.LSTM(4), lambda: K.LSTM(4), (5, 3)),
    "lstm, sequences": (lambda: layers.LSTM(4, True), lambda: K.LSTM(4, return_sequences=True), (5, 3)),
    "gru": (lambda: layers.GRU(4), lambda: K.GRU(4), (5, 3)),
    "bidirectional": (lambda: layers.Bidirectional(layers.LSTM(4)), lambda: K.Bidirectional(K.LSTM(4)), (5, 3)),
    "bidirectional, sequences": (lambda: layers.Bidirectional(layers.GRU(4, True), "sum"),
                                 lambda: K.Bidirectional(K.GRU(4, return_sequences=True), "sum"), (5, 3)),
}  # fmt: skip


def give_weights(model, theirs):
    """Our parameters and statistics, layer by layer, into their layers."""
    for ours, layer in zip(model.layers, theirs.layers, strict=True):
        arrays = [a for part in ours.walk() for a in (*part.params.values(), *part.state.values())]
        layer.set_weights(arrays)


@pytest.mark.parametrize("ours, theirs, shape", PAIRS.values(), ids=PAIRS.keys())
def test_values_counts_and_a_training_step(ours, theirs, shape):
    rng = np.random.default_rng(0)
    X = rng.integers(0, 7, (6, *shape)) if "Embedding" in repr(ours()) else rng.normal(size=(6, *shape))
    y = rng.normal(size=(6, 2))
    model = Sequential([ours(), layers.Flatten(), layers.Dense(2)], seed=0, dtype="float64").build(shape)
    model.compile(optimizers.SGD(0.1), "mse")
    other = keras.Sequential([keras.Input(shape), theirs(), K.Flatten(), K.Dense(2)])
    other.compile(keras.optimizers.SGD(0.1), "mse")
    assert [sum(layer.count_params()) for layer in model.layers] == [layer.count_params() for layer in other.layers]
    trainable = sum(int(np.prod(weight.shape)) for weight in other.trainable_weights)
    assert sum(layer.count_params()[0] for layer in model.layers) == trainable
    give_weights(model, other)
    np.testing.assert_allclose(model.predict(X), other.predict(X, verbose=0), atol=TOLERANCE)
    # Ours is the sum of 2 outputs halved, theirs their mean: the same for two outputs, and so are the gradients.
    np.testing.assert_allclose(model.train_on_batch(X, y), float(other.train_on_batch(X, y)), atol=TOLERANCE)
    np.testing.assert_allclose(model.predict(X), other.predict(X, verbose=0), atol=TOLERANCE)


OPTIMIZERS = {
    "sgd": (optimizers.SGD(0.05), lambda k: k.SGD(0.05)),
    "momentum": (optimizers.Momentum(0.05, 0.8), lambda k: k.SGD(0.05, momentum=0.8)),
    "nesterov": (optimizers.Nesterov(0.05, 0.8), lambda k: k.SGD(0.05, momentum=0.8, nesterov=True)),
    "adagrad": (optimizers.AdaGrad(0.05), lambda k: k.Adagrad(0.05, initial_accumulator_value=0.0)),
    "rmsprop": (optimizers.RMSprop(0.05, 0.8), lambda k: k.RMSprop(0.05, 0.8)),
    "adadelta": (optimizers.AdaDelta(0.5, 0.9), lambda k: k.Adadelta(0.5, 0.9, 1e-6)),
    "adam": (optimizers.Adam(0.05), lambda k: k.Adam(0.05)),
    "adamw": (optimizers.AdamW(0.05), lambda k: k.AdamW(0.05)),
    "clipped by value": (optimizers.SGD(0.05, clip_value=0.5), lambda k: k.SGD(0.05, clipvalue=0.5)),
    "clipped by norm": (optimizers.SGD(0.05, clip_norm=0.5), lambda k: k.SGD(0.05, global_clipnorm=0.5)),
}


@pytest.mark.parametrize("ours, make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_optimizers_take_the_same_path(ours, make):
    P, A = np.array([1.0, -2.0, 0.5]), np.diag([1.0, 4.0, 9.0])
    theirs, W = make(keras.optimizers), keras.Variable(P.copy(), dtype="float64")
    ours.build(P)
    for _ in range(50):
        ours.step(P, A @ P)
        theirs.apply([keras.ops.convert_to_tensor(A @ keras.ops.convert_to_numpy(W))], [W])
        # Keras keeps the rate and its running factors in float32.
        np.testing.assert_allclose(P, keras.ops.convert_to_numpy(W), rtol=1e-4, atol=1e-6)


LOSSES = {
    "categorical": (losses.CategoricalCrossEntropy(), "CategoricalCrossentropy", {}),
    "categorical, logits": (losses.CategoricalCrossEntropy(True), "CategoricalCrossentropy", {"from_logits": True}),
    "sparse": (losses.SparseCategoricalCrossEntropy(), "SparseCategoricalCrossentropy", {}),
    "sparse, logits": (losses.SparseCategoricalCrossEntropy(True), "SparseCategoricalCrossentropy",
                       {"from_logits": True}),
}  # fmt: skip


@pytest.mark.parametrize("ours, theirs, options", LOSSES.values(), ids=LOSSES.keys())
def test_cross_entropies(ours, theirs, options):
    rng = np.random.default_rng(0)
    z = rng.normal(size=(5, 3))
    y_hat = z if options else np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    y = rng.integers(0, 3, 5) if theirs.startswith("Sparse") else rng.dirichlet(np.ones(3), 5)
    assert ours(y_hat, y) == pytest.approx(float(getattr(keras.losses, theirs)(**options)(y, y_hat)), rel=1e-6)


@pytest.mark.parametrize("name, factor", [("mse", 2 / 3), ("mae", 1 / 3), ("binary_crossentropy", 1 / 3),
                                          ("hinge", 1 / 3)])  # fmt: skip
def test_losses_that_keras_averages_over_the_outputs(name, factor):
    rng = np.random.default_rng(0)
    y_hat, y = rng.uniform(0.1, 0.9, (5, 3)), rng.integers(0, 2, (5, 3))
    y = 2 * y - 1 if name == "hinge" else y
    theirs = keras.losses.get({"mse": "mean_squared_error", "mae": "mean_absolute_error"}.get(name, name))
    expected = keras.ops.convert_to_numpy(theirs(y, y_hat)).mean()
    assert factor * losses.get(name)(y_hat, y) == pytest.approx(expected, rel=1e-6)


def test_a_training_of_digits_follows_the_same_curve():
    X, y = digits()
    X = X[:640] / 16
    model = Sequential([layers.Dense(64, "relu"), layers.Dense(10, "softmax")], seed=0, dtype="float64").build((64,))
    model.compile("adam", "sparse_categorical_crossentropy")
    other = keras.Sequential([keras.Input((64,)), K.Dense(64, activation="relu"), K.Dense(10)])
    other.compile(keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    give_weights(model, other)
    curves = [], []
    for start in range(0, 640, 32):
        batch = X[start : start + 32], y[start : start + 32]
        curves[0].append(model.train_on_batch(*batch))
        curves[1].append(model_loss(other, *batch))
        other.train_on_batch(*batch)
    np.testing.assert_allclose(*curves, rtol=1e-5)


def model_loss(model, X, y):
    """The loss before the step; Keras's train_on_batch gives a running mean."""
    return float(model.evaluate(X, y, verbose=0))
