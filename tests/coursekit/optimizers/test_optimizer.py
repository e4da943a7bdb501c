"""One contract for every optimiser: equal to its plain rule step by step, and more."""

import numpy as np
import pytest

from coursekit import optimizers, schedules
from coursekit.functions import optimizers as rules
from coursekit.identifiers import write
from coursekit.layers import Dense
from coursekit.models import Sequential

A = np.diag([1.0, 4.0, 9.0])


def gradient(W):
    """Of the bowl 1/2 W A W."""
    return A @ W


def run_sgd(W, steps):
    for _ in range(steps):
        W = rules.sgd(W, gradient(W), 0.05)
    return W


def run_momentum(W, steps):
    V = np.zeros(3)
    for _ in range(steps):
        W, V = rules.momentum(W, gradient(W), V, 0.05, 0.8)
    return W


def run_nesterov(W, steps):
    V = np.zeros(3)
    for _ in range(steps):
        W, V = rules.nesterov(W, gradient, V, 0.05, 0.8)
    return W - 0.8 * V  # the class keeps the look-ahead point


def run_adagrad(W, steps):
    s = np.zeros(3)
    for _ in range(steps):
        W, s = rules.adagrad(W, gradient(W), s, 0.05)
    return W


def run_rmsprop(W, steps):
    s = np.zeros(3)
    for _ in range(steps):
        W, s = rules.rmsprop(W, gradient(W), s, 0.05, 0.8)
    return W


def run_adadelta(W, steps):
    s, u = np.zeros(3), np.zeros(3)
    for _ in range(steps):
        W, s, u = rules.adadelta(W, gradient(W), s, u, 0.5, 0.9)
    return W


def run_adam(W, steps):
    m, v = np.zeros(3), np.zeros(3)
    for t in range(1, steps + 1):
        W, m, v = rules.adam(W, gradient(W), m, v, t, 0.05, 0.8, 0.9)
    return W


def run_adamw(W, steps):
    m, v = np.zeros(3), np.zeros(3)
    for t in range(1, steps + 1):
        W, m, v = rules.adamw(W, gradient(W), m, v, t, 0.05, weight_decay=0.1)
    return W


CONTRACT = {
    "SGD": (lambda: optimizers.SGD(0.05), run_sgd),
    "SGD with momentum": (lambda: optimizers.SGD(0.05, momentum=0.8), run_momentum),
    "SGD with Nesterov": (lambda: optimizers.SGD(0.05, momentum=0.8, nesterov=True), run_nesterov),
    "Momentum": (lambda: optimizers.Momentum(0.05, 0.8), run_momentum),
    "Nesterov": (lambda: optimizers.Nesterov(0.05, 0.8), run_nesterov),
    "AdaGrad": (lambda: optimizers.AdaGrad(0.05), run_adagrad),
    "RMSprop": (lambda: optimizers.RMSprop(0.05, 0.8), run_rmsprop),
    "AdaDelta": (lambda: optimizers.AdaDelta(0.5, 0.9), run_adadelta),
    "Adam": (lambda: optimizers.Adam(0.05, 0.8, 0.9), run_adam),
    "AdamW": (lambda: optimizers.AdamW(0.05, weight_decay=0.1), run_adamw),
    "MultiOptimizer": (lambda: optimizers.MultiOptimizer({"a/b": optimizers.Adam(0.05, 0.8, 0.9)},
                                                         optimizers.Adam(0.05, 0.8, 0.9)), run_adam),
}  # fmt: skip
LAYOUT = [("a", "W", slice(0, 2)), ("a", "b", slice(2, 3))]
every_optimizer = pytest.mark.parametrize("make, rule", CONTRACT.values(), ids=CONTRACT.keys())
START = np.array([1.0, -2.0, 0.5])


def run(optimizer, steps, P=None, dtype=np.float64):
    if P is None:
        P = START.astype(dtype)
        optimizer.build(P, LAYOUT)
    for _ in range(steps):
        optimizer.step(P, gradient(P).astype(dtype))
    return P


def test_every_optimizer_is_in_the_table():
    assert {type(make()).__name__ for make, _ in CONTRACT.values()} == set(optimizers.OPTIMIZERS)


@every_optimizer
@pytest.mark.parametrize("steps", [1, 2, 300])
def test_equal_to_the_plain_rule(make, rule, steps):
    np.testing.assert_allclose(run(make(), steps), rule(START, steps), rtol=1e-9, atol=1e-10)


@every_optimizer
def test_float32_stays_float32(make, rule):
    P = run(make(), 5, dtype=np.float32)
    assert P.dtype == np.float32
    np.testing.assert_allclose(P, rule(START, 5), rtol=1e-4)


@every_optimizer
def test_config_round_trip(make, rule):
    optimizer = make()
    again = optimizers.get(write(optimizer))
    assert type(again) is type(optimizer) and again.get_config() == optimizer.get_config()
    np.testing.assert_array_equal(run(again, 3), run(optimizer, 3))


@every_optimizer
def test_goes_on_from_its_state(make, rule):
    whole = run(make(), 10)
    first = make()
    P = run(first, 4)
    second = make()
    second.build(P.copy(), LAYOUT)
    second.set_state(first.get_state())
    np.testing.assert_array_equal(run(second, 6, P), whole)


@every_optimizer
def test_build_begins_anew(make, rule):
    optimizer = make()
    first = run(optimizer, 5)
    np.testing.assert_array_equal(run(optimizer, 5), first)


@every_optimizer
def test_trains_a_model(make, rule, rng):
    X = rng.normal(size=(64, 3))
    y = X @ [[1.0], [-1.0], [0.5]]
    model = Sequential([Dense(1)], seed=0)
    optimizer = make()
    if isinstance(optimizer, optimizers.MultiOptimizer):
        optimizer = optimizers.MultiOptimizer({"dense/b": "sgd"}, default="adam")
    model.compile(optimizer, "mse")
    losses = model.fit(X, y, epochs=20)["loss"]
    assert losses[-1] < losses[0]


def test_a_schedule_sets_the_rate_of_each_step():
    P = np.zeros(1)
    optimizer = optimizers.SGD(schedules.StepDecay(lr=1.0, factor=0.5, every=2)).build(P)
    seen = []
    for _ in range(4):
        before = P.copy()
        optimizer.step(P, np.ones(1))
        seen.append(float(before[0] - P[0]))
    assert seen == [1.0, 1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda: optimizers.SGD(-1.0), "SGD expected lr as a number from 0 up, received -1.0"),
        (lambda: optimizers.Adam(clip_norm=0), "Adam expected clip_norm as a number above 0, received 0"),
        (lambda: optimizers.SGD(momentum=1.0), "momentum as a number from 0 to below 1"),
        (lambda: optimizers.get("adm"), "unknown optimizer 'adm': did you mean 'Adam'"),
        (lambda: optimizers.SGD("cosin"), "unknown schedule 'cosin'"),
        (lambda: optimizers.MultiOptimizer({"c": "sgd"}).build(np.zeros(3), LAYOUT), "a rule for 'c'"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
