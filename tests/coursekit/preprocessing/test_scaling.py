"""Columns by themselves: against scikit-learn where a column is constant, and the plain function."""

import numpy as np
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from coursekit.functions import whitening
from coursekit.preprocessing import MinMax, Standardizer


def test_constant_columns_go_to_the_low_end():
    X = np.array([[3.0, 0.0], [3.0, 2.0]])
    np.testing.assert_array_equal(MinMax(-1, 1).fit_transform(X), MinMaxScaler((-1, 1)).fit_transform(X))
    np.testing.assert_array_equal(Standardizer().fit_transform(X), StandardScaler().fit_transform(X))


def test_a_standardizer_does_what_the_plain_function_does(X):
    np.testing.assert_allclose(Standardizer().fit(X[:50]).transform(X), whitening.standardize(X[:50], X), atol=1e-12)
