"""Losses: values by hand, gradients by differences, and the identities that tie them together."""

import numpy as np
import pytest

from coursekit.functions import losses
from coursekit.functions.gradients import numerical_gradient

CLASSES = np.array([2, 0, 1, 2])
BITS = np.array([[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 0]])


def rng():
    return np.random.default_rng(11)


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def test_cross_entropy_is_lowest_when_the_output_matches_the_target():
    right, unsure, wrong = (np.array([[q, 1 - q]]) for q in (0.999, 0.5, 0.001))
    values = [losses.cross_entropy(p, np.array([0])) for p in (right, unsure, wrong)]
    assert values == sorted(values)
    assert values[1] == pytest.approx(np.log(2))
    assert losses.cross_entropy(np.array([[1.0, 0.0]]), np.array([0])) == 0


@pytest.mark.parametrize("y", [[-1, 0], [0, 2]])
def test_cross_entropy_refuses_classes_that_do_not_exist(y):
    with pytest.raises(ValueError, match="classes from 0 to 1"):
        losses.cross_entropy(np.full((2, 2), 0.5), np.array(y))


PAIRS = [
    (losses.cross_entropy, losses.cross_entropy_gradient, softmax(rng().normal(size=(4, 3))), CLASSES),
    (losses.binary_cross_entropy, losses.binary_cross_entropy_gradient, rng().uniform(0.1, 0.9, (4, 3)), BITS),
    (losses.squared_error, losses.squared_error_gradient, rng().normal(size=(4, 3)), rng().normal(size=(4, 3)) + 1),
    (losses.absolute_error, losses.absolute_error_gradient, rng().normal(size=(4, 3)), BITS),
    (losses.hinge, losses.hinge_gradient, rng().normal(size=(4, 3)), 2 * BITS - 1),
    (losses.multiclass_hinge, losses.multiclass_hinge_gradient, rng().normal(size=(4, 3)), CLASSES),
]


@pytest.mark.parametrize("loss, gradient, at, y", PAIRS, ids=lambda p: getattr(p, "__name__", ""))
def test_gradient_is_the_slope_of_the_loss(loss, gradient, at, y):
    np.testing.assert_allclose(gradient(at, y), numerical_gradient(lambda v: loss(v, y), at), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("loss, y", [(losses.softmax_cross_entropy, CLASSES), (losses.sigmoid_cross_entropy, BITS)])
def test_gradient_of_the_fused_losses(loss, y):
    logits = rng().normal(size=(4, 3)) * 3
    _, dlogits = loss(logits, y)
    np.testing.assert_allclose(dlogits, numerical_gradient(lambda v: loss(v, y)[0], logits), rtol=1e-6, atol=1e-9)


def test_fused_losses_equal_the_losses_of_the_probabilities():
    logits = rng().normal(size=(4, 3))
    assert losses.softmax_cross_entropy(logits, CLASSES)[0] == pytest.approx(
        losses.cross_entropy(softmax(logits), CLASSES)
    )
    assert losses.sigmoid_cross_entropy(logits, BITS)[0] == pytest.approx(
        losses.binary_cross_entropy(1 / (1 + np.exp(-logits)), BITS)
    )


def test_extreme_logits_give_finite_answers_without_a_warning():
    logits = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])
    assert losses.softmax_cross_entropy(logits, np.array([0, 0]))[0] == 1000  # (0 + 2000) / 2
    loss, dlogits = losses.sigmoid_cross_entropy(logits, np.array([[0, 1], [0, 1]]))
    assert loss == 1000  # (2000 + 0) / 2
    assert dlogits.tolist() == [[0.5, -0.5], [0.0, 0.0]]


def test_binary_loss_for_labels_of_minus_one_and_one_is_another_formula():
    f, bits = rng().normal(size=5), np.array([0, 1, 1, 0, 1])
    margin_form = np.log1p(np.exp(-(2 * bits - 1) * f)).mean()
    assert losses.sigmoid_cross_entropy(f, bits)[0] == pytest.approx(margin_form)
    assert losses.sigmoid_cross_entropy(f, 2 * bits - 1)[0] != pytest.approx(margin_form)


def test_cross_entropy_is_entropy_plus_divergence():
    p, q = softmax(rng().normal(size=(4, 3))), softmax(rng().normal(size=(4, 3)) + 1)
    np.testing.assert_allclose(losses.entropy(p) + losses.kl_divergence(p, q), -(p * np.log(q)).sum(axis=1))
    assert (losses.kl_divergence(p, q) > 0).any()
    assert losses.kl_divergence(p, p).tolist() == [0.0] * 4


def test_certainty_has_no_entropy():
    assert losses.entropy(np.array([0.0, 1.0])) == 0
    assert losses.kl_divergence(np.array([0, 1]), np.array([0.0, 1.0])) == 0


def test_multiclass_hinge_counts_every_class_that_is_too_close():
    # right class 1.0; the others 0.5 and 0.75 miss the margin of 1 by 0.5 and 0.75
    assert losses.multiclass_hinge(np.array([[1.0, 0.5, 0.75]]), np.array([0])) == 1.25
