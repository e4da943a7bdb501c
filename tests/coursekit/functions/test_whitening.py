"""Whitening against scikit-learn and NumPy's own covariance, week 4's identities, and digits' three constant pixels."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

from coursekit.datasets import digits
from coursekit.functions import whitening


@pytest.fixture
def X():
    rng = np.random.default_rng(0)
    return rng.normal(size=(200, 5)) @ rng.normal(size=(5, 5)) + rng.normal(size=5) * 10


def test_standardize_uses_the_training_statistics(X):
    train, validation = X[:150], X[150:]
    np.testing.assert_allclose(whitening.standardize(train, validation),
                               StandardScaler().fit(train).transform(validation))


def test_standardize_only_centres_constant_columns():
    X = np.full((1000, 2), 0.1)  # the mean of a thousand 0.1 is not 0.1 in floating point
    X[:, 1] = np.arange(1000)
    Z = whitening.standardize(X, X)
    assert np.abs(Z[:, 0]).max() < 1e-12 and Z[:, 1].std() == pytest.approx(1)
    assert whitening.standardize(X, X + 1)[0, 0] == pytest.approx(1)


def test_near_zero_tells_standardised_columns_from_others(X):
    Z = whitening.standardize(X, X)
    assert np.any(Z.mean(axis=0) != 0)  # rounding: nobody gets exact zeros
    assert [found.tolist() for found in whitening.near_zero(Z)] == [[True] * 5, [True] * 5]
    Z[:, 0] -= 1e-3
    Z[:, 1] *= 2
    Z[0, 2] = np.nan
    means, deviations = whitening.near_zero(Z)
    assert means.tolist() == [False, True, False, True, True]
    assert deviations.tolist() == [True, False, False, True, True]
    assert whitening.near_zero(Z, tol=1e-2)[0].tolist() == [True, True, False, True, True]


def test_covariance_is_numpys(X):
    np.testing.assert_allclose(whitening.covariance(X), np.cov(X, rowvar=False))


def test_pca_is_scikit_learns_up_to_sign(X):
    mu, E, D = whitening.pca(X)
    theirs = PCA().fit(X)
    np.testing.assert_allclose(mu, theirs.mean_)
    np.testing.assert_allclose(D, theirs.explained_variance_)
    np.testing.assert_allclose(np.abs(np.sum(E * theirs.components_.T, axis=0)), 1)
    np.testing.assert_allclose(E.T @ E, np.eye(5), atol=1e-12)
    assert (E[np.abs(E).argmax(axis=0), range(5)] > 0).all()


def test_rotated_data_have_covariance_d_and_white_data_d_over_d_plus_eps(X):
    mu, E, D = whitening.pca(X)
    np.testing.assert_allclose(whitening.covariance((X - mu) @ E), np.diag(D), atol=1e-10)
    for eps in (0, 0.5):
        expected = np.diag(D / (D + eps))
        np.testing.assert_allclose(whitening.covariance(whitening.whiten(X, mu, E, D, eps)), expected, atol=1e-10)


def test_zca_is_white_and_symmetric(X):
    mu, E, D = whitening.pca(X)
    Y = whitening.zca(X, mu, E, D, eps=0)
    np.testing.assert_allclose(whitening.covariance(Y), np.eye(5), atol=1e-10)
    # of all white rotations Y R of the data, ZCA is the closest to X: trace of the cross-covariance is largest
    cross = (X - mu).T @ Y
    np.testing.assert_allclose(cross, cross.T, atol=1e-8)
    assert (np.linalg.eigvalsh(cross) > 0).all()


def test_reconstruction_with_all_directions_is_exact_and_with_k_loses_the_small_variances(X):
    mu, E, D = whitening.pca(X)
    Y = (X - mu) @ E
    np.testing.assert_allclose(whitening.reconstruct(Y, mu, E), X)
    error = X - whitening.reconstruct(Y[:, :2], mu, E[:, :2])
    assert (error**2).sum() / (len(X) - 1) == pytest.approx(D[2:].sum())


def test_digits_have_rank_61_and_agree_with_scikit_learns_whitening():
    X, _ = digits()
    mu, E, D = whitening.pca(X)
    assert (D > 1e-9).sum() == 61
    Y = whitening.whiten(X, mu, E[:, :40], D[:40], eps=0)
    theirs = PCA(40, whiten=True, svd_solver="full").fit_transform(X)
    signs = np.sign(np.sum(Y * theirs, axis=0))
    np.testing.assert_allclose(Y * signs, theirs, atol=1e-8)
    covered = whitening.covariance(whitening.whiten(X, mu, E, D))
    np.testing.assert_allclose(covered, np.diag(D / (D + 1e-5)), atol=1e-8)  # the three constant pixels stay at 0


def test_m_step_is_one_step_of_scikit_learns_mixture():
    rng = np.random.default_rng(0)
    X, r = rng.normal(size=(50, 3)), rng.random(50)
    mu, Sigma = whitening.m_step(X, r)
    theirs = GaussianMixture(2, reg_covar=0)
    theirs._initialize(X, np.stack([r, 1 - r], axis=1))  # an M-step with these responsibilities
    np.testing.assert_allclose(mu, theirs.means_[0])
    np.testing.assert_allclose(Sigma, theirs.covariances_[0])
    ones_mu, ones_Sigma = whitening.m_step(X, np.ones(50))
    np.testing.assert_allclose(ones_Sigma, np.cov(X, rowvar=False, ddof=0))
    np.testing.assert_allclose(ones_mu, X.mean(axis=0))


def test_covariance_parameters_count_what_a_symmetric_matrix_holds():
    for d in (1, 2, 7):
        assert whitening.covariance_parameters(d, "full") == len(np.triu_indices(d)[0])
        assert whitening.covariance_parameters(d, "diagonal") == d
        assert whitening.covariance_parameters(d, "spherical") == 1
    with pytest.raises(ValueError, match="'tied', expected one of spherical, diagonal, full"):
        whitening.covariance_parameters(3, "tied")
