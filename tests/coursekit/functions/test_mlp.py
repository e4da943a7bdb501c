"""The forward pass, against the layers written out and against what mathematics says of it."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.functions import mlp
from coursekit.functions.mlp import collapse, mlp_forward

seeds = st.integers(0, 2**32 - 1)


def layer(rng, d_in, d_out):
    return rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)


def relu(z):
    return np.maximum(z, 0)


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(mlp)
    assert result.attempted >= 5
    assert result.failed == 0


@given(seeds)
def test_one_layer_stands_for_two(seed):
    rng = np.random.default_rng(seed)
    d_in, d_hidden, d_out, n = rng.integers(1, 6, size=4)
    first, second = layer(rng, d_in, d_hidden), layer(rng, d_hidden, d_out)
    X = rng.normal(size=(n, d_in))
    W, b = collapse(*first, *second)
    assert (W.shape, b.shape) == ((d_in, d_out), (d_out,))
    np.testing.assert_allclose(X @ W + b, mlp_forward([first, second], X, lambda z: z), atol=1e-12)


@given(seeds)
def test_collapsing_is_associative(seed):
    rng = np.random.default_rng(seed)
    a, b, c = layer(rng, 3, 4), layer(rng, 4, 2), layer(rng, 2, 5)
    left, right = collapse(*collapse(*a, *b), *c), collapse(*a, *collapse(*b, *c))
    np.testing.assert_allclose(left[0], right[0], atol=1e-12)
    np.testing.assert_allclose(left[1], right[1], atol=1e-12)


def test_no_affine_layer_gives_exclusive_or_and_this_network_does():
    # h = ReLU(x1 + x2), k = ReLU(x1 + x2 - 1), y = h - 2 k: 0, 1, 1, 2 - 2
    params = [
        (np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])),
        (np.array([[1.0], [-2.0]]), np.array([0.0])),
    ]
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    np.testing.assert_array_equal(mlp_forward(params, X, relu), [[0.0], [1.0], [1.0], [0.0]])


def test_the_last_layer_is_affine():
    # -3 would become 0 behind a ReLU
    params = [(np.array([[1.0]]), np.array([-5.0]))]
    np.testing.assert_array_equal(mlp_forward(params, np.array([[2.0]]), relu), [[-3.0]])


def test_arguments_stay_as_they_are():
    rng = np.random.default_rng(0)
    params, X = [layer(rng, 3, 4), layer(rng, 4, 2)], rng.normal(size=(5, 3))
    before = [array.copy() for pair in params for array in pair] + [X.copy()]
    mlp_forward(params, X, relu)
    collapse(*params[0], *params[1])
    for array, kept in zip([a for pair in params for a in pair] + [X], before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_float32_stays_float32():
    params = [(np.ones((2, 3), np.float32), np.ones(3, np.float32))]
    assert mlp_forward(params, np.ones((4, 2), np.float32), relu).dtype == np.float32


def test_a_network_without_layers_is_refused():
    with pytest.raises(ValueError, match="at least one layer"):
        mlp_forward([], np.ones((1, 1)), relu)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="matmul"):
        collapse(np.ones((2, 3)), np.ones(3), np.ones((2, 4)), np.ones(4))
