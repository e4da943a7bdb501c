"""One contract for every transformer: what scikit-learn's estimators do, and what is refused."""

import numpy as np
import pytest
from sklearn.decomposition import PCA as TheirPCA
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from coursekit.preprocessing import PCA, ZCA, MinMax, Standardizer, transformer


@pytest.mark.parametrize("ours, theirs", [
    (Standardizer(), StandardScaler()),
    (MinMax(), MinMaxScaler()),
    (MinMax(-1, 1), MinMaxScaler((-1, 1))),
    (PCA(), TheirPCA()),
    (PCA(6), TheirPCA(6)),
    (PCA(3), TheirPCA(3)),
    (PCA(0.9), TheirPCA(0.9)),
    (PCA(4, whiten=True), TheirPCA(4, whiten=True)),
    (PCA(4, whiten=True, solver="svd"), TheirPCA(4, whiten=True, svd_solver="full")),
], ids=repr)
def test_estimators_do_what_scikit_learns_do(X, ours, theirs):
    train, new = X[:2500], X[2500:]
    np.testing.assert_allclose(ours.fit_transform(train), theirs.fit_transform(train), atol=1e-9)
    np.testing.assert_allclose(ours.transform(new), theirs.transform(new), atol=1e-9)  # even the signs
    Z = theirs.transform(new)
    np.testing.assert_allclose(ours.inverse_transform(Z), theirs.inverse_transform(Z), atol=1e-9)


def test_one_look_at_the_data_serves_fit_and_transform(monkeypatch, X):
    looks = []
    monkeypatch.setattr(transformer, "finite", lambda X: looks.append(X) or True)
    for estimator in (Standardizer(), MinMax(), PCA(), ZCA()):
        looks.clear()
        together = estimator.fit_transform(X)
        np.testing.assert_array_equal(together, estimator.transform(X))
        assert len(looks) == 2 and estimator.n_features_in_ == 6


@pytest.mark.parametrize("call, message", [
    (lambda: Standardizer().transform(np.ones((2, 2))), "this Standardizer has learned nothing yet"),
    (lambda: Standardizer().fit(np.ones(5)), "expected X of shape (n, d) with n > 0 and d > 0, received shape (5,)"),
    (lambda: MinMax().fit(np.array([[1.0, 2.0], [3.0, np.nan]])), "received nan in row 1, column 1"),
    (lambda: MinMax(1, 1), "expected low < high"),
])
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
