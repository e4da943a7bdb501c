"""Splits: no row lost or parted, classes in proportion."""

import numpy as np
import pytest

from coursekit.preprocessing import train_test_split


def test_a_split_keeps_rows_together_and_loses_none():
    X, y = np.arange(20).reshape(10, 2), np.arange(10)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=3, rng=np.random.default_rng(0))
    assert sorted([*y_train, *y_test]) == list(range(10)) and len(y_test) == 3
    np.testing.assert_array_equal(X_train, X[y_train])
    np.testing.assert_array_equal(X_test, X[y_test])
    again = train_test_split(X, y, test_size=3, rng=np.random.default_rng(0))[3]
    other = train_test_split(X, y, test_size=3, rng=np.random.default_rng(1))[3]
    assert (again == y_test).all() and (other != y_test).any()


def test_one_row_is_enough_for_a_test_set():
    train, test = train_test_split(np.arange(4), test_size=1, rng=np.random.default_rng(0))
    assert len(train) == 3 and len(test) == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_stratified_split_keeps_each_class_to_within_one(seed):
    y = np.repeat([0, 1, 2], [100, 33, 7])
    rng = np.random.default_rng(seed)
    _, y_test = train_test_split(y, test_size=0.2, rng=rng, stratify=y)
    assert len(y_test) == 28
    assert (np.abs(np.bincount(y_test, minlength=3) - 0.2 * np.array([100, 33, 7])) < 1).all()


@pytest.mark.parametrize("call, message", [
    (lambda: train_test_split(np.ones(3), np.ones(4), rng=None), "of one length, received [3, 4]"),
    (lambda: train_test_split(np.ones(3), test_size=3, rng=None), "leaves 0 of 3 rows for training"),
])
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
