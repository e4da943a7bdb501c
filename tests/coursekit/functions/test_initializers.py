"""Initial weights: the variance that the rule promises, bounds, orthogonality, exact sparsity, LSUV's unit variance."""

import numpy as np
import pytest

from coursekit.functions import initializers

SHAPE = (300, 200)
VARIANCE = {
    "glorot_uniform": 2 / 500,
    "glorot_normal": 2 / 500,
    "xavier_uniform": 1 / 300,
    "lecun_normal": 1 / 300,
    "he_normal": 2 / 300,
    "he_uniform": 2 / 300,
}


@pytest.mark.parametrize("name", VARIANCE)
def test_mean_and_variance(name):
    W = getattr(initializers, name)(SHAPE, np.random.default_rng(0))
    n = W.size
    # standard errors: of the mean sqrt(v / n), of the variance at most v sqrt(2 / n) (normal); five of each
    assert W.shape == SHAPE
    assert abs(W.mean()) < 5 * np.sqrt(VARIANCE[name] / n)
    assert abs(W.var() / VARIANCE[name] - 1) < 5 * np.sqrt(2 / n)


@pytest.mark.parametrize("name", ["glorot_uniform", "xavier_uniform", "he_uniform"])
def test_uniform_weights_fill_their_interval_and_no_more(name):
    bound = np.sqrt(3 * VARIANCE[name])  # U[-k, k] has variance k^2 / 3
    largest = np.abs(getattr(initializers, name)(SHAPE, np.random.default_rng(0))).max()
    assert 0.999 * bound < largest <= bound


@pytest.mark.parametrize("name", [*VARIANCE, "orthogonal", "sparse"])
def test_the_generator_decides_and_moves_on(name):
    rng = np.random.default_rng(3)
    first, second = (getattr(initializers, name)((20, 10), rng) for _ in range(2))
    np.testing.assert_array_equal(first, getattr(initializers, name)((20, 10), np.random.default_rng(3)))
    assert (first != second).any()


@pytest.mark.parametrize("shape", [(7, 7), (9, 4), (4, 9)])
def test_orthogonal_has_equal_singular_values(shape):
    W = initializers.orthogonal(shape, np.random.default_rng(0), gain=2.0)
    assert W.shape == shape
    np.testing.assert_allclose(np.linalg.svd(W, compute_uv=False), 2.0)


def test_orthogonal_prefers_no_direction():
    # Without the correction by R's diagonal, LAPACK's Q has a first entry that is never positive.
    rng = np.random.default_rng(0)
    firsts = np.array([initializers.orthogonal((3, 3), rng)[0, 0] for _ in range(2000)])
    assert abs(firsts.mean()) < 5 * np.sqrt(1 / 3 / 2000)  # an entry of a random rotation of 3-space has variance 1/3


def test_sparse_has_a_fixed_fan_in():
    W = initializers.sparse((1000, 40), np.random.default_rng(0), fan_in=15, std=0.5)
    np.testing.assert_array_equal((W != 0).sum(axis=0), 15)
    assert abs(W[W != 0].std() - 0.5) < 5 * 0.5 / np.sqrt(2 * 600)
    assert abs(W[W != 0].mean()) < 5 * 0.5 / np.sqrt(600)
    assert abs(initializers.sparse((1000, 40), np.random.default_rng(0)).std() - np.sqrt(0.015)) < 0.02
    np.testing.assert_array_equal((initializers.sparse((5, 3), np.random.default_rng(0)) != 0).sum(axis=0), 5)


def test_lsuv_gives_every_layer_outputs_of_unit_variance():
    rng = np.random.default_rng(0)
    X = rng.normal(3, 5, size=(200, 30))
    before = [initializers.orthogonal((30, 30), rng) * factor for factor in (1e-3, 1, 1e4)]
    a = X
    for W in initializers.lsuv(before, X, np.tanh):
        assert (a @ W).std() == pytest.approx(1, rel=1e-12)
        a = np.tanh(a @ W)
    with pytest.raises(ValueError, match="layer 1 gives outputs of standard deviation 0.0"):
        initializers.lsuv([np.zeros((30, 2))], X, np.tanh)
