"""Causes named from the numbers alone."""

import numpy as np

from coursekit.gradcheck import likely_cause


def test_a_wrong_loss_value_is_told_from_a_wrong_gradient():
    assert "the loss itself is nan" in likely_cause(np.ones(2), np.array([np.nan, 1.0]))
    assert "should be 0" in likely_cause(np.array([1.0, 2.0, 7.0]), np.array([1.0, 0.0, 0.0]), tolerance=1e-6)
    assert "does not depend" in likely_cause(np.ones(2), np.zeros(2))
    assert "L2 penalty's gradient is missing" in likely_cause(np.array([1.0, 2.0]), np.array([1.3, 1.7]),
                                                              value=np.array([3.0, -3.0]))
