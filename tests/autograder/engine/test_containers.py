"""Containers of the standard library cross as what they are; what only claims to be one does not."""

import pathlib
import re
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple

import pytest

from autograder.engine.box.containers import Named, plain
from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.values import rebuilt

Pair = namedtuple("Pair", "first second")


def crossed(value):
    return Decoder().decode(*Encoder().encode(value))


@pytest.mark.parametrize("value", [
    Counter("aab"), OrderedDict(b=1, a=2), defaultdict(list, a=[1]), deque([1, [2]], 3), deque(),
    re.compile(b"a", re.S), re.compile("a|b", re.I | re.M), pathlib.Path("a/b"), pathlib.PurePosixPath("/a"),
    Pair(1, [2])])
def test_crosses_as_what_it_is(value):
    assert crossed(value) == value and type(crossed(value)) is type(value)
    assert repr(crossed(value)) == repr(value)


def test_of_what_is_derived_the_data_cross():
    class Obliging(Counter):
        def __eq__(self, other):
            return True

    class Queue(deque):
        pass

    assert type(crossed(Obliging("a"))) is dict
    assert plain(Queue(), Queue) is None and plain((1,), tuple) is None
    assert type(crossed(defaultdict(lambda: 0, a=1))) is dict


def test_a_named_tuple_of_the_other_process_has_its_fields():
    made = rebuilt(["named", "Point", ["x", "y"], [1, 2]])
    assert isinstance(made, Named) and made == (1, 2) and (made.x, made.y) == (1, 2)
    assert made._replace(y=3) == (1, 3) and made._asdict() == {"x": 1, "y": 2} and repr(made) == "Point(x=1, y=2)"
    assert type(rebuilt(["named", "Point", ["x", "y"], [3, 4]])) is type(made)


@pytest.mark.parametrize("told", [
    ["named", "P", ["x"], [1, 2]], ["named", "P", ["x", "x"], [1, 2]], ["named", "P", ["__eq__"], [1]],
    ["named", "P", ["x y"], [1]], ["named", "P()", ["x"], [1]], ["named", 3, ["x"], [1]], ["named", "P", [["x"]], [1]],
    ["named", "P", [3], [1]], ["named", "P", ["_fields"], [1]], ["named", "P", ["x"], 3], ["Counter", [1]],
    ["OrderedDict", "ab"], ["defaultdict", "exec", {}], ["defaultdict", "list", 3], ["deque", [1], -1],
    ["deque", {}, None], ["deque", "ab", None], ["path", 3, True], ["pattern", "(", 0], ["pattern", "a", "b"],
    ["pattern", 3, 0]])
def test_what_is_none_is_refused(told):
    with pytest.raises(ValueError):
        rebuilt(told)


def test_a_pattern_prints_nothing(capsys):
    assert rebuilt(["pattern", "a+", int(re.DEBUG | re.I)]).flags & re.I
    assert capsys.readouterr().out == ""
