"""A generator comes back advanced, or not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.engine.box.wire import Malformed
from autograder.engine.randomness import MULTIPLIERS, distance, follows


@given(st.integers(0, 3000), st.integers(0, 2**32))
def test_advances_as_far_as_was_drawn(count, seed):
    ours, theirs = np.random.default_rng(seed), np.random.default_rng(seed)
    theirs.random(count)
    follows(ours, theirs.bit_generator.state)
    assert ours.random() == theirs.random()


def test_distance_counts_draws():
    rng = np.random.default_rng(1)
    before = rng.bit_generator.state["state"]
    rng.random(12345)
    assert (
        distance(before["state"], rng.bit_generator.state["state"]["state"], MULTIPLIERS["PCG64"], before["inc"])
        == 12345
    )


def forged(change):
    state = np.random.default_rng(1).bit_generator.state
    change(state)
    return state


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"state": 3},
        np.random.default_rng(2).bit_generator.state,
        forged(lambda s: s["state"].update(state=0)),
        forged(lambda s: s["state"].update(state=-1)),
        forged(lambda s: s["state"].update(state="0")),
        forged(lambda s: s.update(has_uint32=5)),
        forged(lambda s: s.update(uinteger=1 << 40)),
    ],
)
def test_a_generator_that_was_set_is_refused(state):
    rng = np.random.default_rng(1)
    with pytest.raises(Malformed):
        follows(rng, state)
    assert rng.random() == np.random.default_rng(1).random()


def test_other_kinds_of_generators_stay_as_they_are():
    rng = np.random.Generator(np.random.MT19937(1))
    follows(rng, np.random.MT19937(2).state)
    assert rng.random() == np.random.Generator(np.random.MT19937(1)).random()
