"""PCA and ZCA against scikit-learn and the plain functions, in both precisions."""

import numpy as np
import pytest
from sklearn.decomposition import PCA as TheirPCA

from coursekit.datasets import digits
from coursekit.functions import whitening
from coursekit.preprocessing import PCA, ZCA


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


@pytest.mark.parametrize("call, message", [
    (lambda: PCA().fit(np.eye(3)).transform(np.ones((5, 4))), "PCA expected X with 3 features, received shape (5, 4)"),
    (lambda: PCA(9).fit(np.ones((5, 3))), "n_components is 9, expected 1 to 3"),
    (lambda: PCA(1.5).fit(np.eye(3)), "n_components is 1.5, expected 1 to 3 = min(n, d), or a fraction"),
    (lambda: PCA().fit(np.ones((1, 3))), "at least 2 examples to see a variance, received 1"),
    (lambda: PCA(2).fit(np.eye(3)).inverse_transform(np.ones((1, 3))), "Y with 2 components, received shape (1, 3)"),
    (lambda: PCA(solver="qr"), "solver is 'qr'"),
])
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
