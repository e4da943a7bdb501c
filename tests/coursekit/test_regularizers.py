"""Penalties: their gradients, their meaning, their configuration."""

import numpy as np
import pytest

from coursekit import regularizers
from coursekit.functions.gradients import numerical_gradient, relative_error
from coursekit.identifiers import write

ALL = [regularizers.L1(0.3), regularizers.L2(0.3), regularizers.ElasticNet(0.1, 0.2)]


def test_every_regularizer_is_here():
    assert {type(rule) for rule in ALL} == set(regularizers.REGULARIZERS.values())


@pytest.mark.parametrize("rule", ALL, ids=repr)
def test_gradient_and_config(rule, rng):
    W = rng.normal(size=(3, 2))
    assert relative_error(rule(W)[1], numerical_gradient(lambda W: rule(W)[0], W)) < 1e-8
    again = regularizers.get(write(rule))
    assert again.get_config() == rule.get_config() and again(W)[0] == rule(W)[0]


def test_an_elastic_net_is_the_sum_of_both(rng):
    W = rng.normal(size=(3, 2))
    assert ALL[2](W)[0] == pytest.approx(regularizers.L1(0.1)(W)[0] + regularizers.L2(0.2)(W)[0])


def test_none_is_none():
    assert regularizers.get(None) is None


def test_l1_makes_zeros_and_l2_does_not():
    # Minimise 1/2 (w - 0.2)^2 + penalty from w = 1. With C = 0.3, L1 ends at 0 (its pull is never below 0.3, more than
    # the loss can answer), L2 at 0.2 / 1.3.
    ends = []
    for rule in (regularizers.L1(0.3), regularizers.L2(0.3)):
        w = np.ones(1)
        for _ in range(2000):
            w = w - 0.01 * (w - 0.2 + rule(w)[1])
        ends.append(float(w[0]))
    assert abs(ends[0]) < 0.01 and ends[1] == pytest.approx(0.2 / 1.3, abs=1e-6)


def test_a_hundredth_if_nothing_is_said():
    assert [rule().get_config() for rule in (regularizers.L1, regularizers.L2)] == [{"C": 0.01}] * 2
    assert regularizers.ElasticNet().get_config() == {"l1": 0.01, "l2": 0.01}
