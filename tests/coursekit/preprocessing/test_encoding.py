"""One-hot rows."""

import numpy as np
import pytest

from coursekit.preprocessing import one_hot


def test_one_hot_is_rows_of_the_identity():
    y = np.array([3, 0, 1])
    np.testing.assert_array_equal(one_hot(y), np.eye(4)[y])
    assert one_hot(y, k=6, dtype=np.float32).shape == (3, 6)


@pytest.mark.parametrize("call, message", [
    (lambda: one_hot(np.array([0, 4]), k=3), "classes reach from 0 to 4, expected 0 to 2"),
    (lambda: one_hot(np.array([0.5])), "expected integers of shape (n,), received float64"),
])
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
