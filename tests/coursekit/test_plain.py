"""What counts as plain data, and that copies are copies."""

import numpy as np
import pytest

from coursekit.codec import BIT_GENERATORS
from coursekit.plain import (
    MAX_DEPTH,
    Formula,
    NotPlain,
    copy_generator,
    identical,
    other_generator,
    plain,
)


class EqualToAll:
    def __eq__(self, other):
        return True

    __hash__ = None


class Agreeable(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)


class Sly(dict):
    def __eq__(self, other):
        return True


class Float(float):
    pass


class Tuple(tuple):
    pass


def endless():
    loop = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize(
    "value",
    [EqualToAll(), np.zeros(2).view(Agreeable), Sly(), Float(1.0), Tuple((1,)), np.ma.array([1.0]), endless(),
     np.array([None]), np.array([{}]), np.zeros(2, dtype="M8[s]"), np.zeros(2, dtype=[("a", float)]),
     {1: EqualToAll()}, {Tuple((1,)): 1}, [np.zeros(2).view(Agreeable)], (x for x in ()), set(), b"bytes", print,
     np.array(["a"]).astype("O"), np.random.default_rng(0), Formula("lambda x: x")],
    ids=lambda value: type(value).__name__,
)
def test_whatever_could_redefine_equality_is_not_plain(value):
    with pytest.raises(NotPlain):
        plain(value)


def test_text_with_impossible_characters_is_not_plain():
    # A U1 entry holds four bytes; this pattern is beyond the last code point, and reading it raises.
    value = np.frombuffer(b"\xff\xff\xff\x7f", dtype="U1")
    with pytest.raises(NotPlain, match="impossible characters"):
        plain(value)


def test_an_array_too_large_to_compare_is_refused_without_being_copied():
    huge = np.broadcast_to(np.zeros(1), (1 << 40,))
    with pytest.raises(NotPlain, match="bytes"):
        plain(huge)


def test_nesting_up_to_the_limit_is_plain():
    value = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert plain(value) == value
    with pytest.raises(NotPlain):
        plain([value])


def test_a_copy_shares_nothing():
    W = np.ones((2, 2))
    original = {"params": [(W, [1])], "view": W[0]}
    copy = plain(original)
    W[0, 0] = 5
    original["params"][0][1].append(2)
    assert copy["params"][0][0][0, 0] == 1
    assert copy["params"][0][1] == [1]
    assert copy["view"][0] == 1


def test_byte_order_and_memory_order_are_made_ordinary():
    big = np.asfortranarray(np.arange(6.0).reshape(2, 3)).astype(">f8")
    assert identical(plain(big), np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("kind", BIT_GENERATORS)
def test_generators_are_copied_with_their_state(kind):
    rng = np.random.Generator(BIT_GENERATORS[kind](7))
    rng.normal(size=3)
    twin, other = copy_generator(rng), other_generator(rng)
    assert identical(rng, twin)
    expected = rng.normal(size=5)
    assert not identical(rng, twin)
    np.testing.assert_array_equal(twin.normal(size=5), expected)
    assert not np.array_equal(other.normal(size=5), expected)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [(np.nan, np.nan, True), (0.0, -0.0, False), (1, 1.0, False), (1, True, False), ([1], (1,), False),
     (np.array([np.nan]), np.array([np.nan]), True), (np.zeros(1), np.zeros(1, np.float32), False),
     ({"a": [1]}, {"a": [1]}, True), ({"a": 1}, {"b": 1}, False), (np.float64(1), 1.0, False),
     (Formula("lambda x: x"), Formula("lambda x: x"), True)],
)
def test_identical_means_to_the_last_bit(a, b, same):
    assert identical(a, b) is same


def test_a_formula_knows_numpy_and_shows_its_text():
    f = Formula("lambda x: np.sum(x**2)")
    assert f(np.array([3.0, 4.0])) == 25
    assert repr(f) == "Formula('lambda x: np.sum(x**2)')"
    with pytest.raises(SyntaxError):
        Formula("lambda x:")
