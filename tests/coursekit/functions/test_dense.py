"""The dense layer's gradients against differences, and against two numbers worked by hand."""

import numpy as np
import pytest

from coursekit.functions.dense import dense_backward, dense_forward
from coursekit.functions.gradients import numerical_gradient


def test_one_number_by_hand():
    # Y = 2 * 3 + 1 = 7; with dY = 5: dX = 5 * 3, dW = 2 * 5, db = 5
    X, W, b, dY = np.array([[2.0]]), np.array([[3.0]]), np.array([1.0]), np.array([[5.0]])
    assert dense_forward(X, W, b).tolist() == [[7.0]]
    assert [g.tolist() for g in dense_backward(dY, X, W)] == [[[15.0]], [[10.0]], [5.0]]


@pytest.mark.parametrize("n, d_in, d_out", [(1, 1, 1), (1, 3, 2), (5, 3, 4), (7, 1, 2), (4, 4, 4)])
def test_gradients_are_those_of_a_weighted_sum_of_the_outputs(n, d_in, d_out):
    rng = np.random.default_rng(5)
    X, W, b = rng.normal(size=(n, d_in)), rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)
    dY = rng.normal(size=(n, d_out))  # the loss sum(dY * Y) has exactly this gradient at Y
    dX, dW, db = dense_backward(dY, X, W)
    np.testing.assert_allclose(dX, numerical_gradient(lambda v: (dY * dense_forward(v, W, b)).sum(), X), atol=1e-8)
    np.testing.assert_allclose(dW, numerical_gradient(lambda v: (dY * dense_forward(X, v, b)).sum(), W), atol=1e-8)
    np.testing.assert_allclose(db, numerical_gradient(lambda v: (dY * dense_forward(X, W, v)).sum(), b), atol=1e-8)


def test_each_gradient_has_the_shape_and_dtype_of_its_thing():
    X, W = np.ones((6, 3), np.float32), np.ones((3, 2), np.float32)
    dX, dW, db = dense_backward(np.ones((6, 2), np.float32), X, W)
    assert (dX.shape, dW.shape, db.shape) == ((6, 3), (3, 2), (2,))
    assert {g.dtype for g in (dX, dW, db)} == {np.dtype("float32")}
