"""Saving and loading: nothing is lost, nothing is executed."""

import json

import numpy as np
import pytest

from coursekit import schedules
from coursekit.initializers import Constant
from coursekit.layers import BatchNormalization, Dense, Layer, Residual
from coursekit.models import Sequential
from coursekit.optimizers import Adam, MultiOptimizer


class Scale(Layer):
    """A student's own layer."""

    def __init__(self, start=1.0):
        self.start = start

    def build(self, input_shape):
        self.add("gamma", input_shape, Constant(self.start))

    def forward(self, X, training=False):
        self.X = X
        return X * self.params["gamma"]

    def backward(self, dY):
        self.grads["gamma"] = (dY * self.X).sum(axis=0)
        return dY * self.params["gamma"]


@pytest.fixture
def trained(rng):
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 2, 40)
    model = Sequential([Residual([Dense(3, "tanh"), BatchNormalization()]), Dense(2, "softmax")], seed=0)
    model.compile(Adam(schedules.Cosine(0.01, 100)), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, y, epochs=3)
    return model, X, y


def test_a_loaded_model_predicts_and_goes_on(trained, tmp_path):
    model, X, y = trained
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    assert again.evaluate(X, y) == model.evaluate(X, y)
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    orders = np.random.default_rng(1), np.random.default_rng(1)
    assert again.fit(X, y, epochs=2, rng=orders[0]).history == model.fit(X, y, epochs=2, rng=orders[1]).history


def test_the_name_is_taken_as_it_is(trained, tmp_path):
    trained[0].save(tmp_path / "model")
    assert (tmp_path / "model").exists()


def test_nothing_in_the_file_is_a_pickle(trained, tmp_path):
    trained[0].save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as archive:
        names = set(archive.files)
        assert {archive[name].dtype.kind for name in names} <= set("fiU")
        assert json.loads(str(archive["model"]))["format"] == 1
    assert {"residual/0/W", "residual/1/mean", "dense/b", "optimizer/m", "optimizer/steps"} <= names


def test_a_students_layer_is_named_when_loading(tmp_path, rng):
    model = Sequential([Scale(2.0), Dense(1)], seed=0).build((3,))
    model.save(tmp_path / "model.npz")
    with pytest.raises(ValueError, match="unknown layer 'Scale'"):
        Sequential.load(tmp_path / "model.npz")
    X = rng.normal(size=(4, 3))
    np.testing.assert_array_equal(Sequential.load(tmp_path / "model.npz", [Scale]).predict(X), model.predict(X))
    with pytest.raises(ValueError, match="unknown layer 'Scale'"):  # known for the time of that call only
        Sequential.load(tmp_path / "model.npz")


def test_frozen_layers_stay_frozen(tmp_path):
    model = Sequential([Dense(2), Dense(1)], seed=0).build((3,))
    model.layers[0].trainable = False
    model.compile("adam", "mse")
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert [layer.trainable for layer in again.layers] == [False, True] and len(again.P) == len(model.P) == 3


def test_several_optimizers_are_saved(tmp_path, rng):
    X, y = rng.normal(size=(10, 3)), rng.normal(size=10)
    model = Sequential([Dense(2), Dense(1)], seed=0)
    model.compile(MultiOptimizer({"dense": "adam"}, default="momentum"), "mse")
    model.fit(X, y)
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    model.train_on_batch(X, y)
    again.train_on_batch(X, y)
    np.testing.assert_array_equal(again.P, model.P)


def test_a_parameter_alone_can_be_set_and_saved(tmp_path):
    from coursekit.initializers import assign

    model = Sequential([Dense(2)], seed=0).build((3,))
    assign(model.layers[0].params["b"], 0.5, np.random.default_rng(0), part=np.s_[1:])
    model.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(Sequential.load(tmp_path / "model.npz").layers[0].params["b"], [0, 0.5])


def test_initialisers_as_objects_are_written_down(tmp_path):
    model = Sequential([Dense(2, kernel_initializer=Constant(0.5))], seed=0).build((3,))
    model.save(tmp_path / "model.npz")
    assert "Constant" in repr(Sequential.load(tmp_path / "model.npz").layers[0])


def test_another_file_gets_a_sentence(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(2))
    with pytest.raises(ValueError, match="is no saved model: it holds x"):
        Sequential.load(tmp_path / "other.npz")


def test_what_cannot_be_written_down_gets_a_sentence(tmp_path):
    model = Sequential([Dense(2, kernel_initializer=lambda shape, rng: np.ones(shape))]).build((3,))
    with pytest.raises(TypeError, match="cannot write down <function"):
        model.save(tmp_path / "model.npz")
    assert not (tmp_path / "model.npz").exists()


@pytest.mark.parametrize("content", [b"hello", b"", b"PK\x03\x04 half a zip"])
def test_what_is_no_saved_model_gets_a_sentence(tmp_path, content):
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(ValueError, match="is no saved model: `model.save"):
        Sequential.load(tmp_path / "model.npz")


def test_an_array_is_no_saved_model(tmp_path):
    np.save(tmp_path / "array.npy", np.zeros(2))
    with pytest.raises(ValueError, match="is no saved model: `model.save"):
        Sequential.load(tmp_path / "array.npy")
