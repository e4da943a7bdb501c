"""Minibatches: every row once, with its own target."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coursekit.functions.batches import minibatches
from coursekit.functions.counting import steps_per_epoch


@given(st.integers(1, 50), st.integers(1, 60), st.booleans(), st.integers(0, 5))
def test_every_row_comes_once_with_its_target(n, batch_size, drop_last, seed):
    X = np.arange(n)[:, None]
    batches = list(minibatches(X, 10 * np.arange(n), batch_size, np.random.default_rng(seed), drop_last))
    assert len(batches) == steps_per_epoch(n, batch_size, drop_last)
    assert all(len(X_batch) == batch_size for X_batch, _ in batches[:-1])
    rows = [row for X_batch, _ in batches for row in X_batch[:, 0].tolist()]
    assert len(set(rows)) == len(rows) == (n - n % batch_size if drop_last else n)
    assert all((y_batch == 10 * X_batch[:, 0]).all() for X_batch, y_batch in batches)


def test_orders_differ_between_epochs_and_repeat_with_the_seed():
    def epochs(seed):
        rng, X = np.random.default_rng(seed), np.arange(100)
        return [np.concatenate([X_batch for X_batch, _ in minibatches(X, X, 32, rng)]) for _ in range(2)]

    first, second = epochs(0)
    assert (first != second).any()
    np.testing.assert_array_equal(first, epochs(0)[0])


def test_the_batches_are_copies():
    X = np.zeros((4, 1))
    for X_batch, _ in minibatches(X, X, 2):
        X_batch += 1
    assert (X == 0).all()
