"""Batch normalisation: statistics of the result, inference with running statistics, what gets no gradient."""

import numpy as np
import pytest

from coursekit.functions import batchnorm


@pytest.fixture
def X():
    return np.random.default_rng(0).normal(3, 5, size=(64, 4))


def test_columns_get_mean_beta_and_deviation_gamma(X):
    gamma, beta = np.array([1.0, 2.0, 0.5, -3.0]), np.array([0.0, 1.0, 2.0, 3.0])
    Y, (X_hat, _, mean, var, eps) = batchnorm.batchnorm_forward(X, gamma, beta, eps=0)
    np.testing.assert_allclose(Y.mean(axis=0), beta, atol=1e-12)
    np.testing.assert_allclose(Y.std(axis=0), np.abs(gamma))
    np.testing.assert_allclose(mean, X.mean(axis=0))
    np.testing.assert_allclose(var, ((X - mean) ** 2).sum(axis=0) / 64)


def test_eps_stands_inside_the_root():
    # column (0, 2): mean 1, variance 1; with eps = 3 the divisor is sqrt(1 + 3) = 2
    Y, _ = batchnorm.batchnorm_forward(np.array([[0.0], [2.0]]), np.ones(1), np.zeros(1), eps=3)
    np.testing.assert_allclose(Y, [[-0.5], [0.5]])


def test_a_shift_or_a_stretch_of_the_batch_gets_no_gradient(X):
    _, cache = batchnorm.batchnorm_forward(X, np.ones(4), np.zeros(4), eps=0)
    dX, _, _ = batchnorm.batchnorm_backward(np.random.default_rng(1).normal(size=X.shape), cache)
    np.testing.assert_allclose(dX.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((dX * (X - X.mean(axis=0))).sum(axis=0), 0, atol=1e-12)


def test_inference_with_the_batchs_own_statistics_is_the_forward_pass(X):
    gamma, beta = np.full(4, 2.0), np.full(4, -1.0)
    Y, (_, _, mean, var, eps) = batchnorm.batchnorm_forward(X, gamma, beta)
    np.testing.assert_allclose(batchnorm.batchnorm_inference(X, gamma, beta, mean, var, eps), Y)
    one_row = batchnorm.batchnorm_inference(X[:1], gamma, beta, mean, var)
    np.testing.assert_allclose(one_row, Y[:1])


def test_running_average_forgets_at_the_rate_of_the_momentum():
    running = 0.0
    for _ in range(10):
        running = batchnorm.running_average(running, 1.0, momentum=0.9)
    assert running == pytest.approx(1 - 0.9**10)
