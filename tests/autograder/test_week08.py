"""Week 8's reference solutions against the library: the same weights, data and order of rows give the same training."""

from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.prove import read_alternatives
from autograder.course import Course
from autograder.exercise.solutions import Solutions
from coursekit import callbacks, layers
from coursekit.datasets import digits
from coursekit.gradcheck import check_layer
from coursekit.models import Sequential
from coursekit.optimizers import SGD

COURSE = Course.find(Path(__file__).resolve().parents[2] / "assignments")
NAME = "week08_keras_api"
ALTERNATIVES = read_alternatives((COURSE.root / NAME / "alternatives.py").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def solutions():
    return Solutions(COURSE.assignment(NAME))


@pytest.fixture(scope="module")
def data():
    X, y = digits()
    return X[:205] / 16, y[:205], X[300:360] / 16, y[300:360]


def styles(name):
    return ["reference", *(a.style for a in ALTERNATIVES if a.exercise == name)]


def of(solutions, name, style):
    if style == "reference":
        return solutions.reference(name)
    [source] = [a.source for a in ALTERNATIVES if (a.exercise, a.style) == (name, style)]
    return solutions.variant(name, source, style)


def both(solutions, data, Sequential_, Dense):
    """The student's model and the library's, with the same weights: 64 -> 16 (tanh) -> 10."""
    ours = Sequential_([Dense(16), solutions.reference("Activation")("tanh"), Dense(10)])
    ours.build(64, np.random.default_rng(0))
    ours.compile(lr=0.3)
    theirs = Sequential([layers.Dense(16, activation="tanh"), layers.Dense(10, activation="softmax")], dtype="float64")
    theirs.build(64)
    theirs.compile(SGD(0.3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    for a, b in zip((ours.layers[0], ours.layers[2]), theirs.layers, strict=True):
        assert a.count_params() == b.count_params()[0]
        b.params["W"], b.params["b"] = a.params["W"], a.params["b"]
    return ours, theirs


@pytest.mark.parametrize("style", styles("Sequential"))
def test_a_model_trains_as_the_library_does(solutions, data, style):
    X, y, *held_out = data
    ours, theirs = both(solutions, data, of(solutions, "Sequential", style), solutions.reference("Dense"))
    told = ours.fit(X, y, 4, 32, np.random.default_rng(1), validation_data=held_out)
    asked = theirs.fit(X, y, 32, 4, validation_data=held_out, rng=np.random.default_rng(1))
    for name in ("loss", "val_loss", "val_accuracy"):
        np.testing.assert_allclose(told[name], asked[name], rtol=1e-9)
    assert ours.evaluate(*held_out) == pytest.approx(theirs.evaluate(*held_out), rel=1e-9)


@pytest.mark.parametrize("style", styles("Dense"))
def test_dense_layers_of_every_style_train_as_the_library_does(solutions, data, style):
    X, y, *_ = data
    ours, theirs = both(solutions, data, solutions.reference("Sequential"), of(solutions, "Dense", style))
    told = ours.fit(X, y, 2, 50, np.random.default_rng(1))
    asked = theirs.fit(X, y, 50, 2, rng=np.random.default_rng(1))
    np.testing.assert_allclose(told["loss"], asked["loss"], rtol=1e-9)


@pytest.mark.parametrize("style", styles("EarlyStopping"))
def test_early_stopping_stops_where_the_library_does(solutions, data, style):
    X, y, *held_out = data
    ours, theirs = both(solutions, data, solutions.reference("Sequential"), solutions.reference("Dense"))
    mine, its = of(solutions, "EarlyStopping", style)(patience=2), callbacks.EarlyStopping(patience=2)
    told = ours.fit(X, 9 - y, 60, 8, np.random.default_rng(1), validation_data=held_out, callbacks=[mine])
    asked = theirs.fit(X, 9 - y, 8, 60, validation_data=held_out, callbacks=[its], rng=np.random.default_rng(1))
    # The labels are those of other digits: held out, the loss soon rises.
    assert len(told["loss"]) == len(asked["loss"]) < 60
    assert mine.best_epoch == its.best_epoch
    np.testing.assert_allclose(ours.layers[2].params["W"], theirs.layers[1].params["W"], rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("style", styles("PReLU"))
def test_prelu_passes_for_a_layer_of_the_library(solutions, style):
    PReLU = of(solutions, "PReLU", style)

    class Adapted(layers.Layer):
        def build(self, input_shape):
            self.student = PReLU()
            assert self.student.build(input_shape[-1], self.rng) == input_shape[-1]
            self.add("alpha", input_shape)
            self.params["alpha"] = self.student.params["alpha"]

        def forward(self, X, training=False):
            self.student.params["alpha"] = self.params["alpha"]
            return self.student.forward(X, training)

        def backward(self, dY):
            dX = self.student.backward(dY)
            self.grads["alpha"] = self.student.grads["alpha"]
            return dX

    assert check_layer(Adapted(), np.random.default_rng(0).normal(size=(4, 3)))


@pytest.mark.parametrize("reading", styles("load"))
@pytest.mark.parametrize("writing", styles("save"))
def test_whatever_was_saved_is_loaded(solutions, writing, reading):
    model = [{"kind": "Dense", "config": {"units": 2}, "params": {"W": np.array([[1 / 3, -1e-300]]), "b": np.ones(2)}},
             {"kind": "Activation", "config": {"name": "relu"}, "params": {}},
             {"kind": "Scale", "config": {}, "params": {"gamma": np.float32([[0.1], [2.0]])}}]
    loaded = of(solutions, "load", reading)(of(solutions, "save", writing)(model))
    assert [(layer["kind"], layer["config"]) for layer in loaded] == [(m["kind"], m["config"]) for m in model]
    for layer, original in zip(loaded, model, strict=True):
        assert layer["params"].keys() == original["params"].keys()
        for name, value in original["params"].items():
            assert layer["params"][name].dtype == value.dtype
            np.testing.assert_array_equal(layer["params"][name], value)


def test_the_capstone_counts_every_number_and_refuses_what_does_not_fit(solutions):
    measure = solutions.namespace(NAME)["measure"]
    rng = np.random.default_rng(0)
    good = [(rng.normal(size=(64, 7)), np.zeros(7)), (rng.normal(size=(7, 10)), np.zeros(10))]
    assert measure(good, rng)[0] == 65 * 7 + 8 * 10
    (W1, b1), last = good
    for bad in (
        [(W1.T, b1), last],
        [(W1 + 0j, b1), last],                       # a complex weight is two numbers
        [(W1, np.zeros((500, 7))), last],            # a bias for each held-out digit would be an answer sheet
        [(W1, b1), (last[0][:, :9], last[1][:9])],
        [],
    ):
        with pytest.raises(ValueError):
            measure(bad, rng)
