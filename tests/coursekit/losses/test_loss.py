"""One contract for every loss object: gradients, bounds, targets, configuration."""

import numpy as np
import pytest

from coursekit import losses
from coursekit.functions.activations import sigmoid, softmax
from coursekit.functions.gradients import numerical_gradient, relative_error
from coursekit.identifiers import write

n, k = 5, 3
classes = np.array([0, 2, 1, 2, 0])
soft = np.array([[1, 0, 0], [0, 0, 1], [0.2, 0.5, 0.3], [0, 0.5, 0.5], [1, 0, 0]])
signs = np.where(np.arange(n * k).reshape(n, k) % 2, 1, -1)


def numbers(rng):
    return rng.normal(size=(n, k))


def probabilities(rng):
    return softmax(rng.normal(size=(n, k)))


def halves(rng):
    return sigmoid(rng.normal(size=(n, k)))


CONTRACT = {
    "squared error": (losses.SquaredError(), numbers, soft),
    "absolute error": (losses.AbsoluteError(), numbers, soft),
    "binary": (losses.BinaryCrossEntropy(), halves, soft),
    "binary, logits": (losses.BinaryCrossEntropy(from_logits=True), numbers, soft),
    "categorical": (losses.CategoricalCrossEntropy(), probabilities, soft),
    "categorical, logits": (losses.CategoricalCrossEntropy(from_logits=True), numbers, soft),
    "sparse": (losses.SparseCategoricalCrossEntropy(), probabilities, classes),
    "sparse, logits": (losses.SparseCategoricalCrossEntropy(from_logits=True), numbers, classes),
    "hinge": (losses.Hinge(), numbers, signs),
    "multiclass hinge": (losses.MulticlassHinge(), numbers, classes),
}
every_loss = pytest.mark.parametrize("loss, draw, y", CONTRACT.values(), ids=CONTRACT.keys())


def test_every_loss_is_in_the_table():
    assert {type(loss).__name__ for loss, *_ in CONTRACT.values()} == set(losses.LOSSES)


@every_loss
def test_gradient_agrees_with_differences(loss, draw, y, rng):
    y_hat = draw(rng)
    assert relative_error(loss.gradient(y_hat, y), numerical_gradient(lambda y_hat: loss(y_hat, y), y_hat)) < 1e-6


@every_loss
def test_the_batch_is_averaged_over(loss, draw, y, rng):
    y_hat = draw(rng)
    one_by_one = [loss(y_hat[i : i + 1], y[i : i + 1]) for i in range(n)]
    assert loss(y_hat, y) == pytest.approx(np.mean(one_by_one))


@every_loss
def test_config_round_trip(loss, draw, y, rng):
    again = losses.get(write(loss))
    y_hat = draw(rng)
    assert again(y_hat, y) == loss(y_hat, y) and repr(again) == repr(loss)


@every_loss
def test_float32_stays_float32(loss, draw, y, rng):
    y_hat = draw(rng).astype(np.float32)
    gradient = loss.gradient(y_hat, y)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, loss.gradient(y_hat.astype(float), y), rtol=1e-4, atol=1e-5)


@every_loss
def test_predictions_and_targets_are_left_alone(loss, draw, y, rng):
    y_hat = draw(rng)
    kept, y_kept = y_hat.copy(), y.copy()
    loss.gradient(y_hat, y)
    np.testing.assert_array_equal(y_hat, kept)
    np.testing.assert_array_equal(y, y_kept)


@pytest.mark.parametrize(
    "loss, y_hat, y, sentence",
    [
        ("mse", (4, 2), np.zeros((4, 3)), r"targets of the predictions' shape \(4, 2\), received \(4, 3\)"),
        ("mse", (4, 2), np.array(list("abcd")), "expected numbers as targets"),
        ("mse", (2, 1), np.array([1.0, np.nan]), "finite targets, received nan"),
        ("sparse_categorical_crossentropy", (2, 3), np.array([0, 3]), "classes from 0 to 2, received 0 to 3"),
        ("sparse_categorical_crossentropy", (2, 3), np.array([-1, 0]), "classes from 0 to 2, received -1 to 0"),
        ("sparse_categorical_crossentropy", (2, 3), np.array([0.5, 1]), "whole class numbers"),
        ("sparse_categorical_crossentropy", (2, 3), np.eye(3)[:2], "CategoricalCrossEntropy takes one-hot rows"),
        ("categorical_crossentropy", (2, 3), np.ones((2, 3)), "add up to 1, received sums from 3 to 3"),
        ("binary_crossentropy", (2, 1), np.array([-1, 1]), "targets from 0 to 1, received -1 to 1"),
        ("hinge", (2, 1), np.array([0, 1]), "labels -1 and"),
    ],
)
def test_wrong_targets_get_a_sentence(loss, y_hat, y, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.get(loss).targets(y, y_hat)


def test_one_target_a_row_is_a_column():
    assert losses.SquaredError().targets(np.zeros(4), (4, 1)).shape == (4, 1)


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(ValueError, match="unknown loss 'mean_squared_eror'"):
        losses.get("mean_squared_eror")
