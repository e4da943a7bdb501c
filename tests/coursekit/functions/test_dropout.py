"""Dropout: what is kept and how it is scaled, what averages out, whole slices, errors."""

import itertools

import numpy as np
import pytest

from coursekit.functions import dropout


def test_kept_numbers_are_scaled_and_the_share_is_the_rate():
    X = np.full(100_000, 2.0)
    Y, mask = dropout.dropout_forward(X, 0.3, np.random.default_rng(0))
    assert set(np.unique(mask)) == {0, 1 / 0.7}
    np.testing.assert_array_equal(Y, X * mask)
    # binomial: standard deviation of the share is sqrt(0.3 * 0.7 / n) = 0.00145
    assert abs((mask == 0).mean() - 0.3) < 5 * 0.00145
    assert abs(Y.mean() - 2) < 5 * 2 / 0.7 * 0.00145


def test_rate_zero_changes_nothing():
    X = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_array_equal(dropout.dropout_forward(X, 0, np.random.default_rng(0))[0], X)


def test_noise_shape_drops_whole_columns():
    _, mask = dropout.dropout_forward(np.ones((5, 40)), 0.5, np.random.default_rng(0), noise_shape=(1, 40))
    assert mask.shape == (1, 40) and 0 < (mask == 0).sum() < 40


def test_vanilla_inference_is_the_mean_over_all_masks_of_a_linear_unit():
    x, w, rate = np.array([1.0, -2.0, 5.0]), np.array([0.5, 1.0, 0.25]), 0.25
    masks = np.array(list(itertools.product([0, 1], repeat=3)))
    probability = np.prod(np.where(masks == 1, 1 - rate, rate), axis=1)
    assert probability @ (masks * x @ w) == pytest.approx(dropout.vanilla_dropout_inference(x, rate) @ w)


def test_vanilla_keeps_values_as_they_are():
    Y, mask = dropout.vanilla_dropout_forward(np.full(1000, 3.0), 0.5, np.random.default_rng(0))
    assert set(np.unique(Y)) == {0, 3} and set(np.unique(mask)) == {0, 1}


@pytest.mark.parametrize("rate", [1, -0.1, 1.5])
def test_impossible_rates_are_refused(rate):
    with pytest.raises(ValueError, match=f"rate is {rate}, expected the share to drop"):
        dropout.dropout_forward(np.ones(3), rate, np.random.default_rng(0))
