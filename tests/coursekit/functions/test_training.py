"""The plain training loop."""

import numpy as np
import pytest

from coursekit.functions.schedules import step_decay
from coursekit.functions.training import train


def least_squares(params, X, y):
    [(W, b)] = params
    residual = X @ W + b - y
    return 0.5 * float((residual**2).mean()), [(X.T @ residual / len(X), residual.mean(axis=0))]


@pytest.fixture
def data(rng):
    X = rng.normal(size=(10, 2))
    return X, X @ [[1.0], [-2.0]] + 0.5


def start():
    return [(np.zeros((2, 1)), np.zeros(1))]


def test_one_step_by_hand(data):
    X, y = data
    [(W, b)], losses = train(start(), X, y, least_squares, 0.1, 1, 10, np.random.default_rng(0))
    np.testing.assert_allclose(W, 0.1 * X.T @ y / 10)
    np.testing.assert_allclose(b, 0.1 * y.mean(axis=0))
    assert losses == [pytest.approx(0.5 * float((y**2).mean()))]


def test_the_start_is_kept_and_the_seed_decides(data):
    first = start()
    a, _ = train(first, *data, least_squares, 0.1, 3, 4, np.random.default_rng(0))
    b, _ = train(first, *data, least_squares, 0.1, 3, 4, np.random.default_rng(0))
    c, _ = train(first, *data, least_squares, 0.1, 3, 4, np.random.default_rng(1))
    assert (first[0][0] == 0).all()
    np.testing.assert_array_equal(a[0][0], b[0][0])
    assert (a[0][0] != c[0][0]).any()


def test_a_schedule_counts_the_steps_of_the_whole_run(data):
    seen = []

    def schedule(step):
        seen.append(step)
        return step_decay(step, 0.1)

    train(start(), *data, least_squares, schedule, 3, 4, np.random.default_rng(0))
    assert seen == list(range(9))  # ceil(10 / 4) = 3 steps in each of 3 epochs


def test_the_loss_of_an_epoch_is_the_mean_over_its_examples(data):
    X, y = data
    _, losses = train(start(), X, y, least_squares, 0.0, 1, 4, np.random.default_rng(0))  # batches of 4, 4 and 2
    assert losses == [pytest.approx(0.5 * float((y**2).mean()))]


def test_it_finds_the_line(data):
    [(W, b)], losses = train(start(), *data, least_squares, 0.2, 200, 5, np.random.default_rng(0))
    np.testing.assert_allclose(W.ravel(), [1, -2], atol=1e-6)
    assert b == pytest.approx(0.5) and losses[-1] < 1e-9 < losses[0]
