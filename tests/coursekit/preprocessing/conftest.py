"""Data that the tests all look at."""

import numpy as np
import pytest


@pytest.fixture
def X():
    rng = np.random.default_rng(0)
    return rng.normal(size=(3000, 6)) @ rng.normal(size=(6, 6)) + 10  # three chunks, the last one smaller
