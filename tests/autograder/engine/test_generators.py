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


def test_what_nobody_holds_any_more_is_not_looked_at():
    table = Generators()
    for number in range(3):
        table.agree(number, np.random.default_rng(number))
        table.known[number].normal()
    kept = table.known[1]
    assert list(table.moved()) == [1] == [table.number(kept)]
