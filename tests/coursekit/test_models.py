"""Sequential: what fit computes, what it refuses, and that a seed settles everything."""

import numpy as np
import pytest

from coursekit import datasets
from coursekit.callbacks import Callback
from coursekit.constraints import MaxNorm
from coursekit.functions.backprop import mlp_gradients
from coursekit.functions.training import train
from coursekit.layers import (
    LSTM,
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    MaxPooling2D,
)
from coursekit.models import Sequential
from coursekit.optimizers import SGD, Adam
from coursekit.regularizers import L1, L2


def classifier(seed=0, dtype="float64", optimizer="adam", **compile_arguments):
    model = Sequential([Dense(8, activation="relu"), Dense(3, activation="softmax")], seed=seed, dtype=dtype)
    model.compile(optimizer, "sparse_categorical_crossentropy", **compile_arguments)
    return model


@pytest.fixture
def data(rng):
    return datasets.blobs(90, rng=rng)


def weights(model):
    return [(layer.params["W"].copy(), layer.params["b"].copy()) for layer in model.layers]


def test_fit_is_the_plain_training_loop(data):
    X, y = data
    model = classifier(optimizer=SGD(0.1)).build((2,))
    params, losses = train(weights(model), X, y, mlp_gradients, 0.1, 5, 16, np.random.default_rng(7))
    history = model.fit(X, y, batch_size=16, epochs=5, rng=np.random.default_rng(7))
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-12)
    for (W, b), (W_plain, b_plain) in zip(weights(model), params, strict=True):
        np.testing.assert_allclose(W, W_plain, rtol=1e-9)
        np.testing.assert_allclose(b, b_plain, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("ending, loss, units", [("softmax", "sparse_categorical_crossentropy", 3),
                                                 ("sigmoid", "binary_crossentropy", 1)])  # fmt: skip
def test_cross_entropy_from_logits_and_from_probabilities_agree(ending, loss, units, data):
    X, y = data[0], data[1] if units == 3 else data[1] > 0
    fused = Sequential([Dense(4, "tanh"), Dense(units, ending)], seed=0, dtype="float64")
    fused.compile("sgd", loss, metrics=["accuracy"])
    # A layer that changes nothing keeps loss and activation apart.
    apart = Sequential([Dense(4, "tanh"), Dense(units, ending), Activation("identity")], seed=0, dtype="float64")
    apart.compile("sgd", loss, metrics=["accuracy"])
    first, second = fused.fit(X, y, epochs=3), apart.fit(X, y, epochs=3)
    assert fused.plan.ending is not None and apart.plan.ending is None
    np.testing.assert_allclose(first["loss"], second["loss"], rtol=1e-10)
    np.testing.assert_allclose(first["accuracy"], second["accuracy"])
    np.testing.assert_allclose(fused.predict(X), apart.predict(X), rtol=1e-9)
    assert fused.evaluate(X, y) == pytest.approx(apart.evaluate(X, y))


def test_the_same_seed_gives_the_same_model(data):
    def trained(seed):
        model = Sequential([Dense(8, "relu"), Dropout(0.5), Dense(3, "softmax")], seed=seed)
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(*data, epochs=2)
        return model.P

    np.testing.assert_array_equal(trained(3), trained(3))
    assert (trained(3) != trained(4)).any()


def test_a_generator_is_a_seed_too(data):
    first, second = (classifier(seed=np.random.default_rng(5)).build((2,)) for _ in range(2))
    np.testing.assert_array_equal(first.P, second.P)


def test_more_epochs_go_on_where_the_last_stopped(data):
    once, twice = classifier(), classifier()
    whole = once.fit(*data, epochs=4)["loss"]
    assert twice.fit(*data, epochs=2)["loss"] + twice.fit(*data, epochs=2)["loss"] == whole


def test_history_and_evaluate(data):
    X, y = data
    model = classifier(metrics=["accuracy", "log_loss"])
    history = model.fit(X, y, epochs=3, validation_data=(X[:30], y[:30]))
    assert list(history.history) == ["loss", "accuracy", "log_loss", "val_loss", "val_accuracy", "val_log_loss"]
    result = model.evaluate(X[:30], y[:30])
    assert {f"val_{name}": value for name, value in result.items()} == {
        name: values[-1] for name, values in history.history.items() if name.startswith("val_")
    }
    assert result["loss"] == pytest.approx(result["log_loss"])
    assert result["accuracy"] == (model.predict(X[:30]).argmax(axis=1) == y[:30]).mean()


def test_the_epochs_loss_weighs_examples_not_batches():
    # Nothing is learned at rate 0, so the loss of the epoch is the loss of the data: 10 rows in batches of 4, 4 and 2.
    X, y = np.arange(10.0)[:, None], np.arange(10.0) ** 2
    model = Sequential([Dense(1)], dtype="float64")
    model.compile(SGD(0.0), "mse")
    assert model.fit(X, y, batch_size=4)["loss"][0] == pytest.approx(model.evaluate(X, y)["loss"])


def test_chunks_make_no_difference(rng):
    X, y = rng.normal(size=(2500, 2)), rng.integers(0, 3, 2500)
    model = classifier().build((2,))
    logits = np.maximum(X @ model.layers[0].params["W"], 0) @ model.layers[1].params["W"]  # biases begin at 0
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.predict(X), p, rtol=1e-12)
    assert model.evaluate(X, y)["loss"] == pytest.approx(-np.log(p[np.arange(2500), y]).mean())


def test_validation_split_sets_the_last_rows_aside(data):
    X, y = data
    split, given = classifier(), classifier()
    a = split.fit(X, y, epochs=2, validation_split=0.2)
    b = given.fit(X[:72], y[:72], epochs=2, validation_data=(X[72:], y[72:]))
    assert a.history == b.history


def test_without_shuffling_the_rows_keep_their_order():
    seen = []

    class Spy(Layer):
        def forward(self, X, training=False):
            seen.extend(X[:, 0].tolist() if training else [])
            return X

        def backward(self, dY):
            return dY

    model = Sequential([Spy(), Dense(1)])
    model.compile("sgd", "mse")
    X = np.arange(7.0)[:, None]
    model.fit(X, X, batch_size=3, shuffle=False)
    assert seen == list(range(7))
    seen.clear()
    model.fit(X, X, batch_size=3)
    assert seen != list(range(7)) and sorted(seen) == list(range(7))


@pytest.mark.parametrize("rule", [L1(0.1), L2(0.1)])
def test_a_penalty_is_in_the_loss_and_in_the_step(rule, rng):
    X, y = rng.normal(size=(8, 3)), rng.normal(size=8)
    plain, penalised = (Sequential([Dense(1, kernel_regularizer=r)], seed=0, dtype="float64") for r in (None, rule))
    for model in (plain, penalised):
        model.compile(SGD(0.1), "mse")
        model.build((3,))
    W, b = plain.layers[0].params["W"].copy(), plain.layers[0].params["b"].copy()
    value, pull = rule(W)
    assert penalised.evaluate(X, y)["loss"] == pytest.approx(plain.evaluate(X, y)["loss"] + value)
    assert penalised.train_on_batch(X, y) == pytest.approx(plain.train_on_batch(X, y) + value)
    np.testing.assert_allclose(penalised.layers[0].params["W"], plain.layers[0].params["W"] - 0.1 * pull)
    np.testing.assert_allclose(penalised.layers[0].params["b"], plain.layers[0].params["b"])
    assert (b != plain.layers[0].params["b"]).any()


def test_a_constraint_holds_after_every_step(data):
    model = Sequential([Dense(8, kernel_constraint=MaxNorm(0.3)), Dense(3, "softmax")], seed=0)
    model.compile(SGD(1.0), "sparse_categorical_crossentropy")
    model.fit(*data)
    assert np.linalg.norm(model.layers[0].params["W"], axis=0).max() <= 0.3 * (1 + 1e-6)


def test_frozen_layers_stay_as_they_are(data):
    model = classifier().build((2,))
    model.layers[0].trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    W0, W1 = (layer.params["W"].copy() for layer in model.layers)
    model.fit(*data)
    np.testing.assert_array_equal(model.layers[0].params["W"], W0)
    assert (model.layers[1].params["W"] != W1).any()
    assert model.layers[0].count_params() == (0, 24) and len(model.P) == 27


def test_a_frozen_block_keeps_parameters_statistics_and_constraints(data):
    inner = BatchNormalization()
    model = Sequential([Dense(4, kernel_constraint=MaxNorm(0.1)), inner, Dense(3, "Softmax")], seed=0)
    model.build((2,))
    for layer in model.layers[:2]:
        layer.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    W = model.layers[0].params["W"].copy()
    model.fit(*data)
    np.testing.assert_array_equal(model.layers[0].params["W"], W)
    assert (inner.state["mean"] == 0).all() and (inner.state["var"] == 1).all()
    assert model.plan.ending is not None  # "Softmax" is softmax


def test_the_first_layer_computes_no_gradient_for_the_data():
    model = Sequential([Dropout(0.1), Dense(2), Dense(2)]).build((3,))
    assert [layer.wants_dX for layer in model.layers] == [True, False, True]
    assert len(model.plan.backwards) == 2


def test_fits_into_every_kind_of_data(rng):
    text = Sequential([Embedding(10, 4), LSTM(6), Dense(1, "sigmoid")], seed=0)
    text.compile(Adam(0.01), "binary_crossentropy")
    tokens = rng.integers(0, 10, (64, 7))
    losses = text.fit(tokens, tokens[:, -1] > 4, epochs=30)["loss"]
    assert losses[-1] < 0.9 * losses[0]
    assert text.predict(rng.integers(0, 10, (3, 12))).shape == (3, 1)  # longer sequences than it was trained on

    images = Sequential([Conv2D(4, 3, activation="relu"), MaxPooling2D(), Flatten(), Dense(10, "softmax")], seed=0)
    images.compile(Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    X, y = datasets.digits()
    X = X[:300].reshape(-1, 8, 8, 1) / 16
    assert images.fit(X, y[:300], epochs=10)["accuracy"][-1] > 0.85


def test_digits_are_learned():
    X, y = datasets.digits()
    model = Sequential([Dense(64, "relu"), BatchNormalization(), Dense(10, "softmax")], seed=0)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X[:1400] / 16, y[:1400], epochs=15)
    assert model.evaluate(X[1400:] / 16, y[1400:])["accuracy"] > 0.9


def test_lists_and_other_dtypes_are_taken():
    model = Sequential([Dense(1)], seed=0)
    model.compile("sgd", "mse")
    model.fit([[1, 2], [3, 4]], [1, 2])
    assert model.predict([[1, 2]]).dtype == np.float32


def test_an_overflow_shows_as_a_loss_not_as_a_surprise(data):
    # Far beyond the stability limit: the loss grows, and training goes on to the end.
    model = Sequential([Dense(1)], seed=0, dtype="float64")
    model.compile(SGD(10.0), "mse")
    losses = model.fit(data[0], data[1], epochs=5)["loss"]
    assert losses[-1] > 1e6 * losses[0]


@pytest.mark.parametrize(
    "act, error, sentence",
    [
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros(3, int)), ValueError, "4 examples and 3 targets"),
        (lambda m: m.fit(np.zeros((0, 2)), np.zeros(0, int)), ValueError, r"at least one example, received X of shape"),
        (lambda m: m.fit(np.full((4, 2), np.nan), np.zeros(4, int)), ValueError, r"received nan at \[0, 0\]"),
        (lambda m: m.fit(np.zeros((4, 2)), np.full(4, 3)), ValueError, "classes from 0 to 2, received 3 to 3"),
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros((4, 5))), ValueError, r"targets of shape \(4,\), received"),
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros(4, int), batch_size=0), ValueError, "batch_size as a whole number"),
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros(4, int), epochs=1.5), ValueError, "epochs .* received 1.5"),
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros(4, int), validation_split=1.5), ValueError, "from 0 to below 1"),
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros(4, int), validation_split="a"), ValueError, "received 'a'"),
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros(4, int), rng=0), TypeError, "np.random.Generator, received 0"),
        (lambda m: m.build(1.5), ValueError, "a shape as a positive whole number, received 1.5"),
        (lambda m: m.P, RuntimeError, "no parameters yet"),
        (lambda m: m.fit(np.zeros((4, 2)), np.zeros(4, int), validation_split=0.1), ValueError, "one side of 4"),
        (lambda m: m.fit(np.zeros(4), np.zeros(4, int)), ValueError, "at least 2 axes"),
        (lambda m: m.fit([[1, 2], [3]], [0, 1]), ValueError, "rows differ in length"),
        (lambda m: m.fit([["a", "b"]], [0]), ValueError, "expected numbers in X"),
        (lambda m: m.build((2,)).predict(np.zeros((4, 3))), ValueError, r"2 features, received shape \(4, 3\)"),
        (lambda m: m.predict(np.zeros((0, 2))), ValueError, "at least one example"),
        (lambda m: m.compile("adam", "crossentropy"), ValueError, "unknown loss 'crossentropy'"),
        (lambda m: m.compile("adam", "mse", metrics=["acuracy"]), ValueError, "did you mean 'accuracy'"),
        (lambda m: m.add(3), TypeError, r"layers such as Dense\(10\), received 3"),
        (lambda m: m.add(m.layers[0]), ValueError, "two places need two layers"),
        (lambda m: m.build((2,)).add(Dense(2)), ValueError, "layers are settled"),
        (lambda m: Sequential([Dense(2)]).fit(np.zeros((2, 2)), [0, 1]), RuntimeError, "not compiled"),
        (lambda m: Sequential().build((2,)), ValueError, "has no layers"),
        (lambda m: m.save("nowhere.npz"), ValueError, "build it or fit it before saving"),
    ],
)
def test_a_mistake_gets_a_sentence(act, error, sentence):
    with pytest.raises(error, match=sentence):
        act(classifier())


def test_nothing_is_trained_when_the_data_are_refused():
    model = classifier().build((2,))
    before = model.P.copy()
    X = np.zeros((40, 2))
    X[37, 1] = np.inf
    with pytest.raises(ValueError, match=r"received inf at \[37, 1\]"):
        model.fit(X, np.zeros(40, int))
    np.testing.assert_array_equal(model.P, before)


def test_callbacks_can_stop_the_training(data):
    class StopAtTwo(Callback):
        def on_epoch_end(self, epoch, logs):
            self.model.stop_training = epoch == 2

    assert classifier().fit(*data, epochs=9, callbacks=[StopAtTwo()]).epochs == [1, 2]
