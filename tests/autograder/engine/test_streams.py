"""The global streams: a student's process may draw from them, not set them."""

import random

import numpy as np
import pytest

from autograder.engine.box.streams import current, put, same
from autograder.engine.box.wire import Malformed
from autograder.engine.streams import FARTHEST, follows


@pytest.fixture(autouse=True)
def as_before():
    kept = np.random.get_state(), random.getstate()
    yield
    np.random.set_state(kept[0])
    random.setstate(kept[1])


@pytest.mark.parametrize("draws", [0, 1, 311, 312, 313, 5000])
def test_drawing_leads_ahead(draws):
    np.random.seed(1)
    random.seed(1)
    here = current()
    np.random.rand(draws)
    [random.random() for _ in range(draws)]
    there = current()
    for name in ("numpy", "python"):
        assert follows(here[name], list(there[name]))
        if draws:
            assert not follows(there[name], list(here[name]))


def test_another_seed_does_not():
    np.random.seed(1)
    here = current()["numpy"]
    np.random.seed(2)
    assert not follows(here, list(current()["numpy"]))


def test_nor_does_what_lies_too_far_ahead():
    np.random.seed(1)
    here = current()["numpy"]
    np.random.mtrand._rand._bit_generator.random_raw(FARTHEST + 2000, output=False)
    assert not follows(here, list(current()["numpy"]))


@pytest.mark.parametrize("state", [
    None, [], [1, 2, 3], [np.zeros(624, np.uint32), -1, None], [np.zeros(624, np.uint32), 625, None],
    [np.zeros(623, np.uint32), 1, None], [np.zeros(624, np.float64), 1, None], [np.zeros(624, np.uint32), True, None],
])
def test_what_is_no_state_breaks_the_protocol(state):
    with pytest.raises(Malformed):
        follows(current()["numpy"], state)


def test_a_state_can_be_put_back():
    np.random.seed(3)
    random.seed(3)
    np.random.randn()
    states = current()
    drawn = np.random.randn(), random.random()
    for name, state in states.items():
        put(name, state)
    assert all(same(state, states[name]) for name, state in current().items())
    assert (np.random.randn(), random.random()) == drawn
