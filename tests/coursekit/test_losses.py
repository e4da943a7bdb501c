"""One contract for every loss object: gradients, bounds, targets, configuration; and the fused path."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit import losses
from coursekit.functions import losses as rules
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


@pytest.mark.parametrize("from_logits", [False, True])
def test_sparse_is_categorical_of_one_hot(from_logits, rng):
    y_hat = numbers(rng) if from_logits else probabilities(rng)
    sparse, dense = losses.SparseCategoricalCrossEntropy(from_logits), losses.CategoricalCrossEntropy(from_logits)
    assert sparse(y_hat, classes) == pytest.approx(dense(y_hat, np.eye(k)[classes]))
    np.testing.assert_allclose(sparse.gradient(y_hat, classes), dense.gradient(y_hat, np.eye(k)[classes]), atol=1e-15)


def test_a_position_of_a_sequence_is_a_row(rng):
    loss, y = losses.SparseCategoricalCrossEntropy(from_logits=True), np.array([[0, 1], [2, 2]])
    logits = rng.normal(size=(2, 2, 3))
    rows = [loss(logits[:, t], y[:, t]) for t in (0, 1)]
    assert loss(logits, y) == pytest.approx(sum(rows))
    difference = numerical_gradient(lambda logits: loss(logits, y), logits)
    assert relative_error(loss.gradient(logits, y), difference) < 1e-7


@given(arrays(float, (4, 3), elements=st.floats(-1000, 1000)), arrays(int, 4, elements=st.integers(0, 2)))
def test_the_fused_path_is_the_plain_function(logits, y):
    loss, gradient = losses.softmax_cross_entropy(logits, y)
    plain, plain_gradient = rules.softmax_cross_entropy(logits, y)
    assert loss == pytest.approx(plain, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(gradient, plain_gradient, atol=1e-12)


@given(arrays(float, (3, 40), elements=st.floats(-230, 230)), arrays(int, 3, elements=st.integers(0, 39)))
def test_the_fused_path_without_a_shift(logits, y):
    # A third of the exponents of float64 is 236: up to there no maximum is taken, and rows may be long or short.
    for k in (40, 5):
        loss, gradient = losses.softmax_cross_entropy(np.ascontiguousarray(logits[:, :k]), y % k)
        plain, plain_gradient = rules.softmax_cross_entropy(logits[:, :k], y % k)
        assert type(loss) is float and loss == pytest.approx(plain, rel=1e-12, abs=1e-12)
        np.testing.assert_allclose(gradient, plain_gradient, atol=1e-12)


def test_logits_that_mask_a_class_or_are_no_numbers():
    loss, gradient = losses.softmax_cross_entropy(np.array([[0.0, -np.inf, 0.0]]), np.array([2]))
    assert loss == pytest.approx(np.log(2))
    np.testing.assert_allclose(gradient, [[0.5, 0, -0.5]])
    assert np.isnan(losses.softmax_cross_entropy(np.array([[0.0, np.nan], [1.0, 2.0]]), np.array([0, 1]))[0])


@pytest.mark.parametrize("loss", [losses.SparseCategoricalCrossEntropy(), losses.BinaryCrossEntropy()])
def test_a_probability_of_zero_costs_much_but_not_infinity(loss):
    y_hat, y = np.array([[0.0, 1.0]]), np.array([0]) if loss.follows == "softmax" else np.array([[1.0, 0.0]])
    assert 30 < loss(y_hat, y) < 1000
    assert np.isfinite(loss.gradient(y_hat, y)).all()


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
