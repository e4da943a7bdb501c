"""The wire: data comes through as it was; nothing else comes through at all."""

import collections
import fractions
import math
import socket
import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.engine.box.channel import Channel
from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.wire import ARRAY, MAX_DEPTH, MAX_TREE, Malformed, NotPlain


def through(value):
    tree, buffers = Encoder().encode(value)
    return Decoder().decode(tree, [bytearray(b.tobytes()) for b in buffers])


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and (a.dtype == object or a.tobytes() == b.tobytes())
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b or (isinstance(a, float | complex | np.generic) and a != a and b != b)


hashable = st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary()
arrays = hnp.arrays(
    st.sampled_from(["f8", "f4", "f2", "i8", "u1", "?", "c16", "U3", "S2", "M8[ns]", ">f8"]),
    hnp.array_shapes(min_dims=0, max_side=4),
)
plain = st.recursive(
    hashable | arrays | st.sampled_from([float, np.float32, np.dtype("f4"), ..., slice(1, None, 2), range(3)]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=3)
        | st.sets(st.integers() | st.text(), max_size=3)
        | st.frozensets(st.integers(), max_size=3)
    ),
    max_leaves=12,
)


@given(plain)
def test_plain_data_comes_through(value):
    assert same(value, through(value))


@given(st.binary(max_size=300), st.lists(st.binary(max_size=40), max_size=2))
@settings(max_examples=1000)
def test_no_bytes_do_more_than_be_refused(tree, buffers):
    try:
        Decoder().decode(tree, [bytearray(b) for b in buffers])
    except Malformed:
        pass


@given(plain, st.data())
@settings(max_examples=500)
def test_no_damaged_message_does_more_than_be_refused(value, data):
    tree, buffers = Encoder().encode(value)
    tree = bytearray(tree)
    for _ in range(data.draw(st.integers(1, 3))):
        tree[data.draw(st.integers(0, len(tree) - 1))] = data.draw(st.integers(0, 255))
    try:
        Decoder().decode(bytes(tree), [bytearray(b.tobytes()) for b in buffers])
    except Malformed:
        pass


def test_a_process_without_a_sandbox_rebuilds_nothing():
    """The constructors of dates, fractions and tables are other people's code, and some read files."""
    tree, _ = Encoder().encode([fractions.Fraction(1, 2), 3])
    assert Decoder(rebuild=lambda told: None).decode(tree, []) == [None, 3]


class Yes(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class Liar(np.ndarray):
    def __array_function__(self, *args, **kwargs):
        return True

    def __array_ufunc__(self, *args, **kwargs):
        return True



@pytest.mark.parametrize(
    "value, kind",
    [
        (Yes(3), float),
        (np.zeros(2).view(Liar), np.ndarray),
        (type("Pair", (tuple,), {})((1, 2)), tuple),
        (type("Counts", (collections.Counter,), {})("ab"), dict),
        (np.longdouble(2), np.float64),
        (type("S", (str,), {})("x"), str),
        (True, bool),
    ],
)
def test_what_crosses_is_of_the_plain_type(value, kind):
    assert type(through(value)) is kind


def test_negative_zero_keeps_its_sign():
    assert math.copysign(1, through(Yes(-0.0))) == -1


@pytest.mark.parametrize("value", [object(), lambda: 0, np.zeros(2, "f8,i4"), iter([])])
def test_what_is_not_plain_does_not_cross(value):
    with pytest.raises(NotPlain):
        Encoder().encode(value)


def test_data_nested_too_deep_does_not_cross():
    value = ()
    for _ in range(MAX_DEPTH + 1):
        value = (value,)
    with pytest.raises(NotPlain):
        Encoder().encode(value)


def array(*fields):
    return msgpack.packb(msgpack.ExtType(ARRAY, msgpack.packb(fields)))


@pytest.mark.parametrize(
    "tree",
    [
        array("|O", [1], False, bytes(8)),
        array("<f8", [1 << 60], False, bytes(8)),
        array("<f8", [-1], False, b""),
        array("<f8", [2], False, bytes(8)),
        array("<f8", [1], False, 3),
        array("<U1", [1], False, b"\xff\xff\xff\x7f"),
        array("|b1", [1], False, b"\x02"),
        array("<V8", [1], False, bytes(8)),
        msgpack.packb(msgpack.ExtType(12, b"os.system")),
        msgpack.packb(msgpack.ExtType(99, b"")),
        b"\x91" * 5000,
    ],
)
def test_malformed_messages_are_refused(tree):
    with pytest.raises(Malformed):
        Decoder().decode(tree, [])


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<II", MAX_TREE + 1, 0),
        struct.pack("<II", 0, 1 << 20),
        struct.pack("<IIQ", 1, 1, 1 << 62),
    ],
)
def test_a_frame_that_promises_too_much_is_refused_before_it_is_read(head):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(head)
        with pytest.raises(Malformed):
            Channel(ours).receive()


def test_frames_carry_arrays_beside_the_tree():
    ours, theirs = socket.socketpair()
    big = np.arange(1000.0).reshape(10, 100)
    with ours, theirs:
        Channel(theirs).send(*Encoder().encode({"a": big.T, "b": big[::2]}))
        value = Decoder().decode(*Channel(ours).receive())
    assert (value["a"] == big.T).all() and (value["b"] == big[::2]).all() and value["a"].flags.writeable


@pytest.mark.parametrize("value", [[[]] * 11, [{}] * 11, [set()] * 6, [[[] for _ in range(4)] for _ in range(3)]])
def test_a_message_may_hold_so_many_things_and_no_more(value):
    sent = Encoder().encode(value)
    assert Decoder(most=20).decode(*sent) == Decoder().decode(*sent) == value
    with pytest.raises(Malformed, match="more than 10 lists"):
        Decoder(most=10).decode(*sent)
