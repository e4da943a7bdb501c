"""Minibatches: every row once an epoch, with its own label, and nothing lost at the end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.functions.batches import minibatches


@given(st.integers(1, 40), st.integers(1, 50), st.booleans())
def test_every_row_comes_once_and_with_its_label(n, batch_size, shuffled):
    X, y = np.arange(n)[:, None] * [1, 10], np.arange(n)
    batches = list(minibatches(X, y, batch_size, np.random.default_rng(0) if shuffled else None))
    assert [len(part) for part, _ in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert 1 <= len(batches[-1][0]) <= batch_size
    assert sorted(np.concatenate([labels for _, labels in batches])) == list(range(n))
    for part, labels in batches:
        np.testing.assert_array_equal(part, labels[:, None] * [1, 10])


@pytest.mark.parametrize("n, whole", [(7, 2), (6, 2), (2, 0)])
def test_drop_last_leaves_out_only_what_is_too_small(n, whole):
    batches = list(minibatches(np.zeros((n, 1)), np.zeros(n), 3, drop_last=True))
    assert [len(part) for part, _ in batches] == [3] * whole


def test_each_epoch_has_an_order_of_its_own():
    X, rng = np.arange(100), np.random.default_rng(0)
    first, second = ([int(i) for part, _ in minibatches(X, X, 10, rng) for i in part] for _ in range(2))
    assert first != second and first != list(range(100))


@pytest.mark.parametrize("rows, labels, batch_size", [(3, 3, 0), (3, 3, -1), (3, 2, 1)])
def test_what_makes_no_batches_is_refused(rows, labels, batch_size):
    with pytest.raises(ValueError, match=f"received {rows}, {labels} and {batch_size}"):
        next(minibatches(np.zeros((rows, 1)), np.zeros(labels), batch_size))
