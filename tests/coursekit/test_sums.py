"""Sums as products with ones against `sum`."""

import numpy as np
import pytest

from coursekit.sums import column_sums, spread_row_sums


@pytest.mark.parametrize("n, k", [(1, 1), (5, 3), (4, 32), (4, 33), (3, 500)])
def test_sums_of_columns_and_rows(n, k, rng):
    A = rng.normal(size=(n, k))
    np.testing.assert_allclose(column_sums(A), A.sum(axis=0), atol=1e-12)
    spread = spread_row_sums(A, 2.5)
    assert spread.shape == (n, k) and spread_row_sums(A.astype(np.float32), 2.5).dtype == np.float32
    np.testing.assert_allclose(spread, 2.5 * np.repeat(A.sum(axis=1)[:, None], k, axis=1), atol=1e-12)


def test_into_a_place_that_is_given(rng):
    A, out = rng.normal(size=(4, 3)), np.empty(3)
    assert column_sums(A, out) is out
    np.testing.assert_allclose(out, A.sum(axis=0))
