"""Preprocessing against scikit-learn's estimators and the plain functions, in both precisions; splits; errors."""

import numpy as np
import pytest
from sklearn.decomposition import PCA as TheirPCA
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from coursekit import preprocessing
from coursekit.datasets import digits
from coursekit.functions import whitening
from coursekit.preprocessing import PCA, ZCA, MinMax, Standardizer, transformer


@pytest.fixture
def X():
    rng = np.random.default_rng(0)
    return rng.normal(size=(3000, 6)) @ rng.normal(size=(6, 6)) + 10  # three chunks, the last one smaller


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


def test_learned_attributes_have_scikit_learns_names_and_values(X):
    ours, theirs = PCA(3).fit(X), TheirPCA(3).fit(X)
    for name in ("mean_", "components_", "explained_variance_", "explained_variance_ratio_", "n_components_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-9)
    assert repr(PCA(3, whiten=True)) == "PCA(n_components=3, whiten=True)"


def test_chunks_give_what_the_plain_functions_give(X):
    mu, E, D = whitening.pca(X)
    pca = PCA(whiten=True, eps=0.1).fit(X)
    np.testing.assert_allclose(pca.components_, E.T, atol=1e-12)
    np.testing.assert_allclose(pca.transform(X), whitening.whiten(X, mu, E, D, eps=0.1), atol=1e-10)
    np.testing.assert_allclose(ZCA(eps=0.1).fit_transform(X), whitening.zca(X, mu, E, D, eps=0.1), atol=1e-10)
    np.testing.assert_allclose(Standardizer().fit(X[:50]).transform(X), whitening.standardize(X[:50], X), atol=1e-12)


def test_float32_with_a_large_mean_keeps_its_eigenvalues():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 30)) * np.geomspace(1, 0.03, 30) + 10
    exact = PCA().fit(X).explained_variance_
    single = PCA().fit(X.astype(np.float32))
    assert single.explained_variance_.dtype == single.transform(X.astype(np.float32)).dtype == np.float32
    # Rounding X itself to float32 moves each entry by up to 5e-7, next to a smallest deviation of 0.03.
    np.testing.assert_allclose(single.explained_variance_, exact, rtol=1e-4)


# The mean is this multiple of the deviations' root mean square: below 1 centring waits until after the product.
@pytest.mark.parametrize("off", [0, 0.5, 0.99, 1.01, 3, 100])
def test_variances_in_single_precision_are_right_to_rounding_of_the_largest(off):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5000, 30)) * np.geomspace(1, 0.03, 30)
    mean = np.zeros(30)
    mean[-3:] = off * np.sqrt(X.var(axis=0).mean() / 3)  # along directions of small variance, where it would show most
    X = (X - X.mean(axis=0) + mean).astype(np.float32)
    exact = np.linalg.eigvalsh(np.cov(X.astype(np.float64), rowvar=False))[::-1]
    pca, eps = PCA(whiten=True).fit(X), np.finfo(np.float32).eps
    np.testing.assert_allclose(pca.explained_variance_, exact, atol=4 * eps * exact[0])
    W = pca.components_.T.astype(np.float64) / pca.scale_
    Y = (X.astype(np.float64) - X.mean(axis=0, dtype=np.float64)) @ W
    # A sum of 30 products, each rounded, of entries about 4 and weights up to 1 / 0.03; the mean itself is rounded too.
    np.testing.assert_allclose(pca.transform(X), Y, atol=4 * eps * (4 + abs(mean).max()) / 0.03)


def test_numbers_whose_squares_would_overflow_are_centred_first():
    X = (np.random.default_rng(0).normal(size=(3000, 3)) + [1e5, 0, 0]).astype(np.float32) * np.float32(1e15)
    assert PCA().fit(X).explained_variance_[0] == pytest.approx(1e30, rel=0.1)  # 3000 (1e20)^2 is above 3e38


def test_constant_pixels_of_digits_become_zero_not_noise():
    X, _ = digits(np.float32)
    Y = PCA(whiten=True).fit_transform(X)
    variances = Y.var(axis=0, ddof=1)
    np.testing.assert_allclose(variances[:61], 1, rtol=2e-3)
    assert (variances[61:] == 0).all()
    pca = PCA(whiten=True).fit(X)
    np.testing.assert_allclose(pca.inverse_transform(Y), X, atol=2e-3)
    assert np.isfinite(ZCA(eps=0).fit_transform(X)).all()


def test_fewer_examples_than_features(X):
    few = X[:4]
    ours, theirs = PCA().fit(few), TheirPCA().fit(few)
    assert ours.components_.shape == (4, 6)
    np.testing.assert_allclose(ours.explained_variance_, theirs.explained_variance_, atol=1e-9)


def test_zca_of_new_data_uses_the_training_statistics(X):
    zca = ZCA(eps=0).fit(X[:2000])
    np.testing.assert_allclose(np.cov(zca.transform(X[:2000]), rowvar=False), np.eye(6), atol=1e-9)
    np.testing.assert_allclose(zca.transform(X[2000:]), (X[2000:] - zca.mean_) @ zca.matrix_)


def test_constant_columns_go_to_the_low_end():
    X = np.array([[3.0, 0.0], [3.0, 2.0]])
    np.testing.assert_array_equal(MinMax(-1, 1).fit_transform(X), MinMaxScaler((-1, 1)).fit_transform(X))
    np.testing.assert_array_equal(Standardizer().fit_transform(X), StandardScaler().fit_transform(X))


def test_one_hot_is_rows_of_the_identity():
    y = np.array([3, 0, 1])
    np.testing.assert_array_equal(preprocessing.one_hot(y), np.eye(4)[y])
    assert preprocessing.one_hot(y, k=6, dtype=np.float32).shape == (3, 6)


def test_a_split_keeps_rows_together_and_loses_none():
    X, y = np.arange(20).reshape(10, 2), np.arange(10)
    X_train, X_test, y_train, y_test = preprocessing.train_test_split(X, y, test_size=3, rng=np.random.default_rng(0))
    assert sorted([*y_train, *y_test]) == list(range(10)) and len(y_test) == 3
    np.testing.assert_array_equal(X_train, X[y_train])
    np.testing.assert_array_equal(X_test, X[y_test])
    again = preprocessing.train_test_split(X, y, test_size=3, rng=np.random.default_rng(0))[3]
    other = preprocessing.train_test_split(X, y, test_size=3, rng=np.random.default_rng(1))[3]
    assert (again == y_test).all() and (other != y_test).any()


def test_one_row_is_enough_for_a_test_set():
    train, test = preprocessing.train_test_split(np.arange(4), test_size=1, rng=np.random.default_rng(0))
    assert len(train) == 3 and len(test) == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_stratified_split_keeps_each_class_to_within_one(seed):
    y = np.repeat([0, 1, 2], [100, 33, 7])
    rng = np.random.default_rng(seed)
    _, y_test = preprocessing.train_test_split(y, test_size=0.2, rng=rng, stratify=y)
    assert len(y_test) == 28
    assert (np.abs(np.bincount(y_test, minlength=3) - 0.2 * np.array([100, 33, 7])) < 1).all()


@pytest.mark.parametrize("call, message", [
    (lambda: Standardizer().transform(np.ones((2, 2))), "this Standardizer has learned nothing yet"),
    (lambda: PCA().fit(np.eye(3)).transform(np.ones((5, 4))), "PCA expected X with 3 features, received shape (5, 4)"),
    (lambda: Standardizer().fit(np.ones(5)), "expected X of shape (n, d) with n > 0 and d > 0, received shape (5,)"),
    (lambda: MinMax().fit(np.array([[1.0, 2.0], [3.0, np.nan]])), "received nan in row 1, column 1"),
    (lambda: PCA(9).fit(np.ones((5, 3))), "n_components is 9, expected 1 to 3"),
    (lambda: PCA(1.5).fit(np.eye(3)), "n_components is 1.5, expected 1 to 3 = min(n, d), or a fraction"),
    (lambda: PCA().fit(np.ones((1, 3))), "at least 2 examples to see a variance, received 1"),
    (lambda: PCA(2).fit(np.eye(3)).inverse_transform(np.ones((1, 3))), "Y with 2 components, received shape (1, 3)"),
    (lambda: PCA(solver="qr"), "solver is 'qr'"),
    (lambda: MinMax(1, 1), "expected low < high"),
    (lambda: preprocessing.one_hot(np.array([0, 4]), k=3), "classes reach from 0 to 4, expected 0 to 2"),
    (lambda: preprocessing.one_hot(np.array([0.5])), "expected integers of shape (n,), received float64"),
    (lambda: preprocessing.train_test_split(np.ones(3), np.ones(4), rng=None), "of one length, received [3, 4]"),
    (lambda: preprocessing.train_test_split(np.ones(3), test_size=3, rng=None), "leaves 0 of 3 rows for training"),
])
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
