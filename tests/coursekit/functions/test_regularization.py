"""Penalties, max-norm, early stopping by hand. The penalties' gradients are in test_backward."""

import numpy as np
import pytest

from coursekit.functions import regularization

W = np.array([[3.0, 0.0, 0.6], [-4.0, 0.0, 0.8]])


def test_penalties_worked_by_hand():
    assert regularization.l2_penalty(W, 0.1)[0] == pytest.approx(0.05 * (9 + 16 + 0.36 + 0.64))
    assert regularization.l1_penalty(W, 0.1)[0] == pytest.approx(0.1 * (3 + 4 + 0.6 + 0.8))
    assert regularization.elastic_net(W, 0.1, 0.2)[0] == pytest.approx(0.84 + 2.6)


def test_l1_pulls_all_weights_alike_and_l2_the_large_ones():
    np.testing.assert_array_equal(np.unique(regularization.l1_penalty(W, 2)[1]), [-2, 0, 2])
    np.testing.assert_array_equal(regularization.l2_penalty(W, 2)[1], 2 * W)


def test_max_norm_is_a_projection_of_the_columns():
    projected = regularization.max_norm(W, 1.0)
    np.testing.assert_allclose(projected, [[0.6, 0, 0.6], [-0.8, 0, 0.8]])
    np.testing.assert_allclose(regularization.max_norm(projected, 1.0), projected)
    np.testing.assert_array_equal(regularization.max_norm(W, 10.0), W)
    assert W[0, 0] == 3.0 and regularization.max_norm(W.astype(np.float32), 1.0).dtype == np.float32


def test_a_residual_block_with_zero_weights_is_the_identity():
    X = np.random.default_rng(0).normal(size=(5, 3))
    Y = regularization.residual(X, np.zeros((3, 4)), np.zeros(4), np.zeros((4, 3)), np.zeros(3))
    np.testing.assert_array_equal(Y, X)


@pytest.mark.parametrize("losses, patience, min_delta, expected", [
    ([3, 2, 1], 1, 0, (2, 2)),                        # always better: to the end
    ([3, 2, 2, 1], 1, 0, (1, 2)),                     # equal is no improvement
    ([3, 2, 2, 1], 2, 0, (3, 3)),
    ([3, 2.95, 2.9, 2.0], 2, 0.5, (0, 2)),            # small steps do not count
    ([1, np.nan, np.nan, 0.5], 2, 0, (0, 2)),         # a loss that is not a number is no improvement
    ([1.0], 3, 0, (0, 0)),
])
def test_early_stopping(losses, patience, min_delta, expected):
    assert regularization.early_stopping(losses, patience, min_delta) == expected
