"""The trusted side's line: whatever the student's process answers, a test has a value, an exception, or is told."""

import socket
from contextlib import contextmanager, suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgpack import ExtType

from autograder.engine.box.channel import Channel
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.wire import ARGUMENT, CALLBACK, GENERATOR, REFERENCE, VIEW
from autograder.engine.errors import StudentError, StudentGone, StudentLost
from autograder.engine.remote import Remote

PLACES = st.sampled_from([[0], [1], [-1], [5], [0, 0], ["a"], [], None])
KINDS = st.sampled_from(["ValueError", "StopIteration", "KeyboardInterrupt", "SystemExit", "Warning", "ExceptionGroup"])


def extension(code, payload):
    return ExtType(code, Encoder().encode(payload)[0])


leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 1 << 70), st.floats(), st.text(max_size=5),
    st.builds(extension, st.just(ARGUMENT), PLACES),
    st.builds(extension, st.just(VIEW), st.tuples(
        st.integers(-1, 2), st.integers(-8, 64), st.lists(st.integers(-1, 9), max_size=2),
        st.lists(st.integers(-16, 16), max_size=2), st.sampled_from(["<f8", "|b1", "<U1", "|O", "<i4"])).map(list)),
    st.builds(extension, st.just(REFERENCE), st.tuples(
        st.integers(-1, 3), st.sampled_from(["function", "object", "iterator", "class", "other"]), st.text(max_size=3),
        st.lists(st.text(max_size=3), max_size=2)).map(list)),
    st.builds(extension, st.sampled_from([CALLBACK, GENERATOR]), st.integers(-1, 2)),
    st.builds(extension, st.integers(1, 30), st.integers() | st.lists(st.integers(), max_size=3)),
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["out", "a", 0, 1]), inner, max_size=2), max_leaves=4)
replies = st.fixed_dictionaries({}, optional={
    "op": st.just("callback") | values, "id": st.integers(0, 2) | values, "call": values,
    "args": st.lists(values, max_size=2) | values, "kwargs": st.dictionaries(st.just("out"), values) | values,
    "value": values, "raised": st.lists(KINDS.map("builtins.".__add__), max_size=2) | values, "message": values,
    "changed": st.dictionaries(st.integers(-1, 2), values, max_size=1) | values, "traceback": values,
    "generators": st.dictionaries(st.integers(0, 1), values, max_size=1) | values, "outputs": values,
    "warned": st.lists(st.tuples(KINDS, st.text(max_size=3)).map(list), max_size=2) | values,
})


@contextmanager
def line(*messages):
    """A Remote to which the other side has sent these, before it hung up; it has handed out a ufunc, and a stream."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for message in messages:
            Channel(theirs).send(*Encoder().encode(message))
        theirs.shutdown(socket.SHUT_WR)
        remote = Remote(Channel(ours))
        remote.known.callbacks = {0: np.sin, 1: lambda *args, **kwargs: None}
        remote.known.generators.agree(0, np.random.default_rng(0))
        yield remote


@given(st.lists(replies | values, max_size=3))
@settings(max_examples=300, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_no_answer_does_more_than_be_refused(messages):
    x, state = np.array([0.25, 2.0, 3.0]), np.random.default_rng(0).bit_generator.state
    with line(*messages) as remote, suppress(StudentError, StudentLost, Warning):
        remote.request("call", of=None, args=[x, [1, 2]])
    if not remote.changes:
        assert x.tolist() == [0.25, 2.0, 3.0], "a message other than an answer that says so has changed an argument"
    assert remote.known.generators.known[0].bit_generator.state == state


def test_a_callback_does_not_point_into_the_arguments():
    x = np.ones(3)
    out = {"op": "callback", "id": 0, "call": 1, "args": [2.0], "kwargs": {"out": extension(ARGUMENT, [0])}}
    with line(out, {"value": 1}) as remote, pytest.raises(StudentGone):
        remote.request("call", of=None, args=[x])
    assert remote.broke and x.tolist() == [1, 1, 1]


def test_a_view_holds_no_bits_that_numpy_never_makes():
    with line({"value": extension(VIEW, [0, 0, [8], [1], "|b1"])}) as remote, pytest.raises(StudentGone):
        remote.request("call", of=None, args=[np.array([0x0203])])
    assert "boolean" in remote.broke
