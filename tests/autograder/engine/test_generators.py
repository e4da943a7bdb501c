"""Generators in two processes: who drew tells how far, of those that anybody still holds."""

import numpy as np
import pytest

from autograder.engine.box.generators import Generators

KINDS = [np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64]


@pytest.mark.parametrize("kind", KINDS)
def test_a_draw_is_told_once(kind):
    ours, theirs = Generators(), Generators()
    here, there = np.random.Generator(kind(0)), np.random.Generator(kind(1))
    theirs.agree(0, there)
    theirs.put({0: ours.agree(0, here)})
    assert ours.moved() == {}
    here.normal(size=3)
    news = ours.moved()
    assert list(news) == [0] and ours.moved() == {}
    theirs.put(news)
    assert there.normal() == here.normal() and theirs.moved().keys() == ours.moved().keys() == {0}


def test_what_nobody_holds_any_more_is_looked_at_once():
    table = Generators()
    for number in range(3):
        table.agree(number, np.random.default_rng(number))
    kept = table[1]
    for number in range(3):
        table.known[number].normal()
    assert set(table.moved()) == {0, 1, 2} and table.live == {table.number(kept)} == {1}
    kept.normal()
    table.known[2].normal()
    assert set(table.moved()) == {1}
