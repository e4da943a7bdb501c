"""Several optimisers for one model: which rule serves whom."""

import numpy as np

from coursekit import optimizers

LAYOUT = [("a", "W", slice(0, 2)), ("a", "b", slice(2, 3))]


def test_multi_optimizer_scales_all_rates_together():
    optimizer = optimizers.MultiOptimizer({"a/b": optimizers.SGD(1.0)}, default=optimizers.SGD(0.1))
    P = np.zeros(3)
    optimizer.build(P, LAYOUT)
    optimizer.lr = 0.05
    optimizer.step(P, np.ones(3))
    np.testing.assert_allclose(P, [-0.05, -0.05, -0.5])


def test_a_rule_for_a_layer_reaches_the_layers_inside_it():
    P = np.zeros(2)
    optimizer = optimizers.MultiOptimizer({"block": optimizers.SGD(1.0)}, default=optimizers.SGD(0.1))
    optimizer.build(P, [("block/0", "W", slice(0, 1)), ("blocks", "W", slice(1, 2))]).step(P, np.ones(2))
    np.testing.assert_array_equal(P, [-1, -0.1])
