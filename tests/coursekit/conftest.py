"""What the tests of coursekit share."""

import numpy as np
import pytest


@pytest.fixture
def rng():
    """The same random numbers for each test, whatever ran before."""
    return np.random.default_rng(0)
