"""Local response normalisation by its definition, one channel at a time. Its gradient is in test_backward."""

import numpy as np
import pytest

from coursekit.functions.local_response import local_response_forward


def test_each_channel_is_divided_by_its_neighbours():
    X = np.random.default_rng(0).normal(size=(2, 3, 6))
    Y, _ = local_response_forward(X, size=3, alpha=0.6, beta=0.5, k=2.0)
    for j in range(6):
        neighbours = X[..., max(j - 1, 0):j + 2]
        np.testing.assert_allclose(Y[..., j], X[..., j] / np.sqrt(2 + 0.2 * (neighbours**2).sum(axis=-1)))


def test_an_even_window_has_no_middle():
    with pytest.raises(ValueError, match="size is 4, expected an odd number"):
        local_response_forward(np.ones((1, 8)), size=4)
