"""Backpropagation through whole networks, judged by differences."""

import itertools

import numpy as np
import pytest

from coursekit.functions.backprop import mlp_gradients, relu_backward
from coursekit.functions.gradients import numerical_gradient
from coursekit.functions.losses import softmax_cross_entropy


def network(sizes, seed=3):
    rng = np.random.default_rng(seed)
    params = [(rng.normal(size=(i, o)), rng.normal(size=o)) for i, o in itertools.pairwise(sizes)]
    return params, rng.normal(size=(6, sizes[0])), rng.integers(sizes[-1], size=6)


def test_relu_lets_through_where_its_input_was_positive():
    z = np.array([[-1.0, 0.0, 2.0]])
    assert relu_backward(np.array([[7.0, 7.0, -7.0]]), z).tolist() == [[0.0, 0.0, -7.0]]
    assert relu_backward(np.ones(1, np.float32), np.ones(1, np.float32)).dtype == np.float32


@pytest.mark.parametrize("sizes", [[3, 2], [3, 5, 2], [2, 4, 3, 3]])
def test_every_gradient_is_the_slope_of_the_loss(sizes):
    params, X, y = network(sizes)
    loss, grads = mlp_gradients(params, X, y)
    assert len(grads) == len(params)
    for layer, (dW, db) in enumerate(grads):
        for part, got in enumerate((dW, db)):

            def moved(value, layer=layer, part=part):
                changed = [list(pair) for pair in params]
                changed[layer][part] = value
                return mlp_gradients(changed, X, y)[0]

            slope = numerical_gradient(moved, params[layer][part])
            np.testing.assert_allclose(got, slope, atol=1e-7)


def test_a_network_of_one_layer_is_softmax_regression():
    params, X, y = network([3, 4])
    ((W, b),) = params
    loss, ((dW, db),) = mlp_gradients(params, X, y)
    expected, dlogits = softmax_cross_entropy(X @ W + b, y)
    assert loss == expected
    np.testing.assert_array_equal(dW, X.T @ dlogits)
    np.testing.assert_array_equal(db, dlogits.sum(axis=0))


def test_the_arguments_stay_as_they_are():
    params, X, y = network([3, 5, 2])
    before = [W.copy() for W, _ in params], X.copy(), y.copy()
    mlp_gradients(params, X, y)
    assert all(np.array_equal(a, W) for a, (W, _) in zip(before[0], params, strict=True))
    assert np.array_equal(before[1], X) and np.array_equal(before[2], y)
