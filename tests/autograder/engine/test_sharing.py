"""What a result shares with its arguments crosses as a place in them."""

import numpy as np
from msgpack import ExtType

from autograder.engine.box.decoder import Decoder
from autograder.engine.box.sharing import as_places, view_of
from autograder.engine.box.wire import ARGUMENT, VIEW


def place(told):
    assert type(told) is ExtType
    return told.code, Decoder().decode(told.data, [])


def test_an_argument_and_what_is_inside_one():
    inner, array = [1], np.arange(3)
    arguments = [[inner, {"k": array}], "text"]
    assert place(as_places(arguments[0], arguments)) == (ARGUMENT, [0])
    assert place(as_places(array, arguments)) == (ARGUMENT, [0, 1, "k"])
    told = as_places((2, [inner, [1]]), arguments)
    assert told[0] == 2 and place(told[1][0]) == (ARGUMENT, [0, 0]) and told[1][1] == [1]


def test_of_a_changed_argument_only_itself():
    inner = [1]
    arguments = [[inner]]
    assert as_places(inner, arguments, changed=[0]) is inner
    assert place(as_places(arguments[0], arguments, changed=[0])) == (ARGUMENT, [0])


def test_what_shares_nothing_stays_the_same_object():
    for value in ([1, [2]], {"a": [1]}, (1, 2), [], 3, None):
        assert as_places(value, [[1], np.ones(2)]) is value


def test_views():
    whole = np.arange(12).reshape(3, 4)
    assert place(as_places(whole[1:, ::2], [whole])) == (VIEW, [0, 32, [2, 2], [32, 16], "<i8"])
    assert view_of(whole.copy(), whole) is None and view_of(whole[:0], whole) is None
    assert view_of(whole, whole[1:]) is None        # it is more than what was handed in


def test_a_list_that_holds_itself_ends():
    endless = [[1]]
    endless.append(endless)
    as_places(endless, [[2]])


def test_a_million_numbers_are_not_looked_at_one_by_one():
    numbers = list(range(1_000_000))
    assert as_places(numbers, [[1]]) is numbers
