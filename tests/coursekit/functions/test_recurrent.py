"""Recurrent steps by hand: open and shut gates, and what a long memory needs. Their gradients are in test_backward."""

import numpy as np
import pytest

from coursekit.functions import recurrent

OPEN, SHUT = 1000.0, -1000.0


def lstm_with_gates(i, f, o, x=0.5, c=3.0):
    """Units of one number each: the bias alone drives the gates, the candidate is tanh(x)."""
    W = np.array([[0.0, 0.0, 1.0, 0.0]])
    b = np.array([i, f, 0.0, o])
    h, c, _ = recurrent.lstm_step(np.array([[x]]), np.zeros((1, 1)), np.array([[c]]), W, np.zeros((1, 4)), b)
    return h.item(), c.item()


@pytest.mark.parametrize("i, f, o, h, c", [
    (SHUT, OPEN, OPEN, np.tanh(3.0), 3.0),                               # remembers
    (OPEN, SHUT, OPEN, np.tanh(np.tanh(0.5)), np.tanh(0.5)),             # takes the new
    (OPEN, OPEN, SHUT, 0.0, 3.0 + np.tanh(0.5)),                         # adds, and keeps it to itself
])
def test_lstm_gates_stand_in_the_order_input_forget_candidate_output(i, f, o, h, c):
    assert lstm_with_gates(i, f, o) == pytest.approx((h, c))


@pytest.mark.parametrize("z, r, expected", [
    (OPEN, SHUT, 3.0),                                                   # keeps the state
    (SHUT, OPEN, np.tanh(0.5 + 2 * 3.0)),                                # a new state that has seen the old
    (SHUT, SHUT, np.tanh(0.5)),                                          # a new state that has not
])
def test_gru_gates_stand_in_the_order_update_reset_candidate(z, r, expected):
    W, U = np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 2.0]])
    h, _ = recurrent.gru_step(np.array([[0.5]]), np.array([[3.0]]), W, U, np.array([[z, r, 0.0], [0.0, 0.0, 0.0]]))
    assert h.item() == pytest.approx(expected)


def test_gru_resets_the_recurrent_bias_too():
    zero = np.zeros((1, 3))
    h, _ = recurrent.gru_step(np.zeros((1, 1)), np.zeros((1, 1)), zero, zero,
                              np.array([[SHUT, SHUT, 0.0], [0.0, 0.0, 5.0]]))
    assert h.item() == 0  # the 5 stands behind the shut reset gate


def test_gates_are_silent_at_the_extremes():
    x = np.array([[1000.0, -1000.0]])
    rng = np.random.default_rng(0)
    with np.errstate(over="raise", invalid="raise"):
        h, c, _ = recurrent.lstm_step(x, np.zeros((1, 2)), np.zeros((1, 2)), rng.normal(size=(2, 8)) * 100,
                                      np.zeros((2, 8)), np.zeros(8))
    assert np.isfinite(h).all() and np.isfinite(c).all()


def test_a_gradient_survives_a_hundred_steps_through_an_open_forget_gate_and_not_through_a_plain_rnn():
    zero, one, b = np.zeros((1, 1)), np.ones((1, 1)), np.array([0, 8.0, 0, 0])
    dc, dh = one, one
    for _ in range(100):
        _, _, cache = recurrent.lstm_step(zero, zero, zero, np.zeros((1, 4)), np.zeros((1, 4)), b)
        _, _, dc, _, _, _ = recurrent.lstm_step_backward(zero, dc, cache)
        _, cache = recurrent.rnn_step(zero, zero, one, 0.8 * one, np.zeros(1))
        _, dh, _, _, _ = recurrent.rnn_step_backward(dh, cache)
    assert dc.item() > 0.96 and dh.item() == pytest.approx(0.8**100)
