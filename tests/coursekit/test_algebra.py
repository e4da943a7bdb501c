"""Laws that hold for all inputs, not for chosen ones: Hypothesis looks for a counterexample."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from coursekit.functions import activations, convolution, regularization, variance, whitening
from coursekit.metrics import accuracy, confusion_matrix
from coursekit.preprocessing import MinMax, one_hot, train_test_split

numbers = st.floats(-100, 100, width=32)
vectors = arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=numbers)
matrices = arrays(np.float64, st.tuples(st.integers(2, 8), st.integers(1, 4)), elements=numbers)
quick = settings(max_examples=60, deadline=None)


@quick
@given(vectors, numbers)
def test_softmax_is_a_distribution_blind_to_shifts(z, shift):
    p = activations.softmax(z)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    np.testing.assert_allclose(activations.softmax(z + shift), p, rtol=1e-9, atol=1e-300)
    largest = np.take_along_axis(p, z.argmax(axis=-1, keepdims=True), axis=-1)
    np.testing.assert_array_equal(largest, p.max(axis=-1, keepdims=True))


@quick
@given(vectors)
def test_symmetries_of_the_activations(z):
    np.testing.assert_allclose(activations.sigmoid(-z), 1 - activations.sigmoid(z), atol=1e-15)
    np.testing.assert_allclose(activations.tanh(z), 2 * activations.sigmoid(2 * z) - 1, atol=1e-15)
    np.testing.assert_allclose(activations.softplus(z) - activations.softplus(-z), z, atol=1e-12)
    np.testing.assert_allclose(activations.swish(z) + activations.swish(-z), z * np.tanh(z / 2), atol=1e-12)
    np.testing.assert_array_equal(activations.relu(z) - activations.relu(-z), z)
    np.testing.assert_allclose(activations.leaky_relu(z, 0.3), activations.relu(z) - 0.3 * activations.relu(-z))


@quick
@given(numbers, st.floats(0, 50), numbers, st.floats(0, 50))
def test_variance_of_a_product_does_not_ask_which_factor_comes_first(m_x, v_x, m_y, v_y):
    one = variance.product_variance(m_x, v_x, m_y, v_y)
    np.testing.assert_allclose(one, variance.product_variance(m_y, v_y, m_x, v_x))
    assert one >= 0 and variance.product_variance(m_x, v_x, 1.0, 0.0) == v_x  # times a certain 1


@quick
@given(matrices)
def test_covariance_is_symmetric_positive_and_what_pca_takes_apart(X):
    Sigma = whitening.covariance(X)
    mu, E, D = whitening.pca(X)
    scale = max(np.abs(Sigma).max(), 1e-300)
    np.testing.assert_array_equal(Sigma, Sigma.T)
    np.testing.assert_allclose(E @ np.diag(D) @ E.T, Sigma, atol=1e-9 * scale)
    assert (np.diff(D) <= 0).all() and (D >= 0).all()
    np.testing.assert_allclose(whitening.reconstruct((X - mu) @ E, mu, E), X, atol=1e-9)


@quick
@given(matrices, st.floats(0.5, 10), numbers)
def test_standardising_forgets_units(X, factor, shift):
    X = np.round(X, 2)  # differences that survive the shift
    before = whitening.standardize(X, X)
    np.testing.assert_allclose(whitening.standardize(factor * X + shift, factor * X + shift), before, atol=1e-6)


@quick
@given(matrices, st.floats(0.1, 10))
def test_max_norm_is_a_projection(W, limit):
    once = regularization.max_norm(W, limit)
    assert (np.linalg.norm(once, axis=0) <= limit * (1 + 1e-12)).all()
    np.testing.assert_allclose(regularization.max_norm(once, limit), once, rtol=1e-12)


@quick
@given(st.integers(0, 2**32 - 1), st.sampled_from(["valid", "same", 1]), st.integers(1, 3))
def test_convolution_is_linear_in_the_image_and_in_the_kernel(seed, padding, stride):
    rng = np.random.default_rng(seed)
    X, Z = rng.normal(size=(2, 1, 6, 5, 2))
    K, L = rng.normal(size=(2, 3, 2, 2, 3))
    def conv(X, K):
        return convolution.conv2d_forward(X, K, np.zeros(3), stride, padding)
    np.testing.assert_allclose(conv(2 * X + Z, K), 2 * conv(X, K) + conv(Z, K), atol=1e-10)
    np.testing.assert_allclose(conv(X, 2 * K + L), 2 * conv(X, K) + conv(X, L), atol=1e-10)


@quick
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40))
def test_a_confusion_matrix_holds_every_example_once(pairs):
    y, predicted = np.array(pairs).T
    C = confusion_matrix(y, predicted, k=5)
    assert C.sum() == len(y) and np.trace(C) / len(y) == accuracy(y, predicted)
    np.testing.assert_array_equal(C.sum(axis=1), np.bincount(y, minlength=5))
    np.testing.assert_array_equal(one_hot(y, 5).T @ one_hot(predicted, 5), C)


@quick
@given(matrices)
def test_minmax_reaches_both_ends_and_comes_back(X):
    scaler = MinMax(-1, 1)
    Z = scaler.fit_transform(X)
    spread = np.ptp(X, axis=0) > 1e-6
    np.testing.assert_allclose(Z.min(axis=0), -1)
    np.testing.assert_allclose(Z.max(axis=0)[spread], 1)
    np.testing.assert_allclose(scaler.inverse_transform(Z), X, atol=1e-9)


@quick
@given(st.integers(2, 60), st.floats(0.05, 0.95), st.integers(0, 2**32 - 1), st.booleans())
def test_a_split_loses_no_row(n, share, seed, stratified):
    rows = np.arange(n)
    if not 0 < np.ceil(share * n) < n:
        return
    train, test = train_test_split(rows, test_size=share, rng=np.random.default_rng(seed),
                                   stratify=rows % 3 if stratified else None)
    assert sorted([*train, *test]) == list(rows) and len(test) == np.ceil(share * n)
