"""The gradient microscope: right gradients pass, every planted mistake is found, placed and named."""

import numpy as np
import pytest

from coursekit import layers
from coursekit.functions.activations import relu
from coursekit.gradcheck import check_function, check_layer, check_model
from coursekit.models import Sequential


@pytest.fixture
def X():
    return np.random.default_rng(0).normal(size=(6, 4))


@pytest.fixture
def y():
    return np.array([0, 1, 2, 0, 1, 2])


def network(*stack):
    model = Sequential(stack, dtype="float64", seed=0)
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def test_a_right_network_passes_with_dropout_and_batch_norm_in_it(X, y):
    model = network(layers.Dense(5, "relu"), layers.Dropout(0.3), layers.BatchNormalization(),
                    layers.Dense(3, "softmax"))
    model.build((4,))
    before = [layer.params["W"].copy() for layer in model.layers if "W" in layer.params]
    report = check_model(model, X, y)
    assert report and max(row.error for row in report.rows) < 1e-6
    assert [row.where for row in report.rows] == [
        "SparseCategoricalCrossEntropy dY", "Dense 'dense_1' dW", "Dense 'dense_1' db",
        "BatchNormalization 'batch_normalization' dgamma", "BatchNormalization 'batch_normalization' dbeta",
        "Dense 'dense' dW", "Dense 'dense' db"]
    for layer, W in zip((layer for layer in model.layers if "W" in layer.params), before, strict=True):
        np.testing.assert_array_equal(layer.params["W"], W)
    assert (model.layers[2].state["mean"] == 0).all()


def test_the_check_itself_can_fail():
    x = np.random.default_rng(0).normal(size=5)
    f = lambda x: np.sum(np.sin(3 * x))  # noqa: E731
    assert check_function(f, x, 3 * np.cos(3 * x))
    assert not check_function(f, x, 3 * np.cos(3 * x), h=0.1)  # too coarse to measure with
    assert not check_function(f, x, 3 * np.cos(3 * x) + 1e-4)


class Mistaken(layers.Dense):
    """A dense layer whose gradients can be spoiled."""

    def __init__(self, units, spoil=None):
        super().__init__(units)
        self.spoil = spoil

    def affine_backward(self, dz):
        dX = super().affine_backward(dz)
        return self.spoil(self, dX)


def bias_averaged(layer, dX):
    layer.grads["b"] = layer.grads["b"] / len(dX)
    return dX


def kernel_summed(layer, dX):
    layer.grads["W"] = layer.grads["W"] * len(dX)
    return dX


def kernel_turned(layer, dX):
    layer.grads["W"] = layer.grads["W"].T.copy()
    return dX


def kernel_forgotten(layer, dX):
    layer.grads["W"] = np.zeros_like(layer.grads["W"])
    return dX


def decay_added(layer, dX):
    layer.grads["W"] = layer.grads["W"] + 0.5 * layer.params["W"]
    return dX


@pytest.mark.parametrize("spoil, where, cause", [
    (bias_averaged, "Mistaken 'it' db", "6 times too small, the number of rows: the mean over the batch is"),
    (kernel_summed, "Mistaken 'it' dW", "6 times too large, the number of rows: the mean over the batch is missing"),
    (kernel_turned, "Mistaken 'it' dW", "the gradient is transposed"),
    (kernel_forgotten, "Mistaken 'it' dW", "0 throughout: was it never computed"),
    (decay_added, "Mistaken 'it' dW", "0.5 times the parameter: a penalty that the loss does not hold"),
    (lambda layer, dX: -dX, "Mistaken 'it' dX", "the sign is the wrong way round"),
    (lambda layer, dX: dX * (dX > 0), "Mistaken 'it' dX", "are 0 that should not be: a mask stops too much"),
    (lambda layer, dX: dX / 0.7, "Mistaken 'it' dX", "1.429 times too large: a constant factor"),
    (lambda layer, dX: dX[:, :2], "Mistaken 'it' dX", "received shape (6, 2) for an array of shape (6, 4)"),
    (lambda layer, dX: dX + np.eye(6, 4), "Mistaken 'it' dX", "4 of 24 entries are wrong"),
    (lambda layer, dX: dX * np.nan, "Mistaken 'it' dX", "nan or inf: a division by 0"),
    (lambda layer, dX: np.tanh(5 * dX), "Mistaken 'it' dX", "no pattern that is known"),
])
def test_planted_mistakes_are_placed_and_named(X, spoil, where, cause):
    layer = Mistaken(4, spoil)
    layer.name = "it"
    with np.errstate(invalid="ignore"):
        report = check_layer(layer, X)
    assert not report
    assert report.finding.where == where and cause in report.finding.cause
    assert where.split()[-1] in repr(report)


def test_in_a_network_the_layer_nearest_to_the_loss_is_blamed(X, y):
    def loses_a_column(layer, dX):
        dX = dX.copy()
        dX[:, 0] = 0
        return dX
    model = network(layers.Dense(5, "tanh"), Mistaken(4, loses_a_column), layers.Dense(3, "softmax"))
    report = check_model(model, X, y)
    assert report.finding.where == "Dense 'dense' dW"  # what comes after the mistake is right, the first layer is not
    assert check_layer(model.layers[0], X) and not check_layer(model.layers[1], np.ones((6, 5)))


def test_a_kink_is_no_mistake():
    x = np.array([0.0, 1.0, -1.0])
    f = lambda x: relu(x).sum()  # noqa: E731
    for choice in (0.0, 0.5, 1.0):  # every number between the slopes on both sides is a subgradient
        assert check_function(f, x, np.array([choice, 1.0, 0.0]))
    assert not check_function(f, x, np.array([1.5, 1.0, 0.0]))


@pytest.mark.parametrize("layer, shape", [
    (layers.Conv2D(2, 3, activation="tanh"), (2, 5, 5, 2)),
    (layers.LSTM(3), (2, 4, 2)),
    (layers.Residual([layers.Dense(4, "tanh"), layers.Dense(4)]), (3, 4)),
])
def test_layers_with_more_inside(layer, shape):
    assert check_layer(layer, np.random.default_rng(1).normal(size=shape), entries=20)


def test_integers_have_no_gradient_but_the_table_has():
    report = check_layer(layers.Embedding(5, 3), np.array([[0, 1, 1], [4, 0, 2]]))
    assert report and len(report.rows) == 1


def test_float32_and_an_uncompiled_model_are_refused(X, y):
    with pytest.raises(ValueError, match="measures in float64, received a model of float32"):
        check_model(Sequential([layers.Dense(3)]), X, y)
    with pytest.raises(ValueError, match="compile the model first"):
        check_model(Sequential([layers.Dense(3)], dtype="float64"), X, y)


@pytest.mark.parametrize("arguments, mode", [({}, True), ({"training": False}, False)])
def test_training_is_what_is_checked_if_nothing_is_said(X, arguments, mode):
    class Moody(layers.Dense):
        """Right in one mode alone."""

        def forward(self, X, training=False):
            self.spoiled = training is not mode
            return super().forward(X, training)

        def backward(self, dY):
            return super().backward(dY) * (2 if self.spoiled else 1)

    assert check_layer(Moody(3), X, **arguments)
    assert not check_layer(Moody(3), X, training=not mode)
    model = network(layers.Dense(4), Moody(3, "softmax"))
    assert check_model(model, X, np.array([0, 1, 2, 0, 1, 2]), **arguments)


def test_the_generator_that_is_passed_in_decides(X, y):
    for check in (lambda rng: check_layer(layers.Dense(3), X, rng=rng),
                  lambda rng: check_model(network(layers.Dense(40), layers.Dense(3, "softmax")), X, y, rng=rng)):
        rng = np.random.default_rng(3)
        before = rng.bit_generator.state
        check(rng)
        assert rng.bit_generator.state != before


def test_what_comes_before_the_first_parameters_is_run_backwards_too(X, y):
    model = network(layers.Dropout(0.3), layers.Dense(3, "softmax")).build(4)  # its own step ends at the Dense layer
    assert check_model(model, X, y)
