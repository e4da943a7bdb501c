"""Cross-entropy: the fused path is the plain function, sparse targets are one-hot ones, extremes stay finite."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit import losses
from coursekit.functions import losses as rules
from coursekit.functions.activations import softmax
from coursekit.functions.gradients import numerical_gradient, relative_error


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


@given(st.floats(-1e5, 1e5), arrays(float, (3, 5), elements=st.floats(-230, 230)))
def test_the_fused_path_of_large_logits_that_lie_together(where, logits):
    y = np.array([0, 2, 4])
    loss, gradient = losses.softmax_cross_entropy(logits + where, y)
    plain, plain_gradient = rules.softmax_cross_entropy(logits + where, y)
    assert loss == pytest.approx(plain, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(gradient, plain_gradient, atol=1e-9)


def test_large_logits_that_lie_together_are_moved_once_and_not_row_by_row(monkeypatch):
    monkeypatch.setattr(rules, "softmax_cross_entropy", None)
    loss, gradient = losses.softmax_cross_entropy(np.array([[1000.0, 1001.0], [1001.0, 1000.0]]), np.array([1, 0]))
    assert loss == pytest.approx(np.log1p(np.exp(-1)))
    np.testing.assert_allclose(gradient, np.array([[1, -1], [-1, 1]]) / (1 + np.e) / 2)


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


@pytest.mark.parametrize("from_logits", [False, True])
def test_sparse_is_categorical_of_one_hot(from_logits, rng):
    classes, logits = np.array([0, 2, 1, 2, 0]), rng.normal(size=(5, 3))
    y_hat = logits if from_logits else softmax(logits)
    sparse, dense = losses.SparseCategoricalCrossEntropy(from_logits), losses.CategoricalCrossEntropy(from_logits)
    assert sparse(y_hat, classes) == pytest.approx(dense(y_hat, np.eye(3)[classes]))
    np.testing.assert_allclose(sparse.gradient(y_hat, classes), dense.gradient(y_hat, np.eye(3)[classes]), atol=1e-15)


def test_a_position_of_a_sequence_is_a_row(rng):
    loss, y = losses.SparseCategoricalCrossEntropy(from_logits=True), np.array([[0, 1], [2, 2]])
    logits = rng.normal(size=(2, 2, 3))
    rows = [loss(logits[:, t], y[:, t]) for t in (0, 1)]
    assert loss(logits, y) == pytest.approx(sum(rows))
    difference = numerical_gradient(lambda logits: loss(logits, y), logits)
    assert relative_error(loss.gradient(logits, y), difference) < 1e-7
