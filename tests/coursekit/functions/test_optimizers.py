"""The plain rules of optimisation, against numbers worked by hand and against what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.functions import optimizers as rules

numbers = st.lists(st.floats(-100, 100), min_size=1, max_size=5).map(np.array)


def test_momentum_by_hand():
    # V = 0.5 * 4 + 0.1 * 10 = 3;  W = 7 - 3
    W, V = rules.momentum(np.array([7.0]), np.array([10.0]), np.array([4.0]), lr=0.1, beta=0.5)
    assert (W, V) == (4, 3)


def test_nesterov_by_hand():
    # Looks at 7 - 0.5 * 4 = 5, where the gradient of W**2 is 10:  V = 2 + 1 = 3;  W = 7 - 3
    W, V = rules.nesterov(np.array([7.0]), lambda W: 2 * W, np.array([4.0]), lr=0.1, beta=0.5)
    assert (W, V) == (4, 3)


def test_nesterov_asks_once_and_at_the_look_ahead_point():
    asked = []

    def gradient(W):
        asked.append(W.copy())
        return W

    rules.nesterov(np.array([7.0]), gradient, np.array([4.0]), lr=0.1, beta=0.5)
    assert asked == [5.0]


def test_adam_by_hand():
    # Second step: m = 0.5 * 1 + 0.5 * 3 = 2, v = 0.75 * 4 + 0.25 * 9 = 5.25
    # rate = 0.1 * sqrt(1 - 0.75**2) / (1 - 0.5**2) = 0.1 * 0.6614378 / 0.75 = 0.08819171
    # W = 1 - 0.08819171 * 2 / sqrt(5.25) = 1 - 0.07698004
    W, m, v = rules.adam(np.array([1.0]), np.array([3.0]), np.array([1.0]), np.array([4.0]), 2, 0.1, 0.5, 0.75, 0.0)
    assert (m, v) == (2, 5.25)
    assert W[0] == pytest.approx(1 - 0.07698004)


@given(numbers)
def test_adams_first_step_has_the_length_of_the_rate(dW):
    dW = np.where(np.abs(dW) < 1e-3, 1.0, dW)
    zero = np.zeros_like(dW)
    W, _, _ = rules.adam(zero, dW, zero, zero, 1, lr=0.1, eps=0.0)
    np.testing.assert_allclose(W, -0.1 * np.sign(dW), rtol=1e-6)


@given(numbers)
def test_momentum_without_momentum_is_sgd(dW):
    zero = np.zeros_like(dW)
    W, _ = rules.momentum(zero, dW, zero, lr=0.1, beta=0.0)
    np.testing.assert_array_equal(W, rules.sgd(zero, dW, lr=0.1))


def test_steady_momentum_multiplies_the_rate():
    # Under a constant gradient V tends to lr * dW / (1 - beta): ten times the step of SGD for beta = 0.9.
    W, V = np.zeros(1), np.zeros(1)
    for _ in range(300):
        W, V = rules.momentum(W, np.ones(1), V, lr=0.1, beta=0.9)
    assert V[0] == pytest.approx(1.0)


def test_adagrads_steps_shrink_like_the_square_root():
    W, s, steps = np.zeros(1), np.zeros(1), []
    for _ in range(100):
        new, s = rules.adagrad(W, np.ones(1), s, lr=1.0, eps=0.0)
        steps.append(float(W[0] - new[0]))
        W = new
    np.testing.assert_allclose(steps, 1 / np.sqrt(np.arange(1, 101)))


def test_decay_apart_from_the_gradient():
    # With a gradient of zero Adam does nothing at all, and AdamW nothing but decay.
    zero = np.zeros(1)
    assert rules.adam(np.ones(1), zero, zero, zero, 1, lr=0.1)[0] == 1
    assert rules.adamw(np.ones(1), zero, zero, zero, 1, lr=0.1, weight_decay=0.5)[0] == 0.95


@pytest.mark.parametrize(
    "call",
    [
        lambda W, g, s: rules.sgd(W, g),
        lambda W, g, s: rules.momentum(W, g, s),
        lambda W, g, s: rules.nesterov(W, lambda W: g, s),
        lambda W, g, s: rules.adagrad(W, g, s),
        lambda W, g, s: rules.rmsprop(W, g, s),
        lambda W, g, s: rules.adadelta(W, g, s, s),
        lambda W, g, s: rules.adam(W, g, s, s, 1),
        lambda W, g, s: rules.adamw(W, g, s, s, 1),
    ],
)
def test_nothing_that_goes_in_is_changed(call):
    W, g, s = np.ones((2, 2)), np.full((2, 2), 3.0), np.full((2, 2), 0.5)
    call(W, g, s)
    assert (W == 1).all() and (g == 3).all() and (s == 0.5).all()
