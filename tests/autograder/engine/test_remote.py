"""The trusted side's line: whatever the student's process answers, a test has a value, an exception, or is told."""

import random
import socket
from contextlib import contextmanager, suppress

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgpack import ExtType

from autograder.engine.box.channel import Channel
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.streams import current, put
from autograder.engine.box.wire import ARGUMENT, CALLBACK, GENERATOR, REFERENCE, VIEW
from autograder.engine.errors import StudentError, StudentGone, StudentLost
from autograder.engine.remote import Remote
from autograder.engine.streams import Streams

PLACES = st.sampled_from([[0], [1], [-1], [5], [0, 0], ["a"], [], None])
KINDS = st.sampled_from(["ValueError", "StopIteration", "KeyboardInterrupt", "SystemExit", "Warning", "ExceptionGroup"])


def extension(code, payload):
    return ExtType(code, Encoder().encode(payload)[0])


def streams_of(seed, draws=0):
    """Both global streams after a seed and some draws."""
    kept = current()
    np.random.seed(seed)
    random.seed(seed)
    np.random.randint(0, 2, draws, np.uint32)
    random.getrandbits(32 * draws + 1)
    states = current()
    for name, state in kept.items():
        put(name, state)
    return states


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
FORMS = [lambda w: w.astype(">u4"), lambda w: w.astype(float), lambda w: w[:, None], lambda w: w[1:], np.ndarray.tolist]
STANDS = [-1, 0, 1, 623, 624, 625, True, 3.0, 1 << 70]


def stated(name):
    """States of a stream: ahead on it, behind, on another; and each with a part that is no state's."""
    states = [list(streams_of(seed, draws)[name]) for seed, draws in [(1, 0), (1, 3), (1, 700), (2, 0)]]
    known = st.sampled_from(states)
    return known | st.one_of(
        st.builds(lambda state, form: [form(state[0]), *state[1:]], known, st.sampled_from(FORMS)),
        st.builds(lambda state, place: [state[0], place, state[2]], known, st.sampled_from(STANDS)),
        st.builds(lambda state, part, other: [*state[:part], other, *state[part + 1:]],
                  known, st.integers(0, 2), values),
        values)


states = st.fixed_dictionaries({}, optional={
    "numpy": stated("numpy"), "python": stated("python"), "other": stated("python"), 0: values}) | values
replies = st.fixed_dictionaries({}, optional={
    "op": st.just("callback") | values, "id": st.integers(0, 2) | values, "call": values,
    "args": st.lists(values, max_size=2) | values, "kwargs": st.dictionaries(st.just("out"), values) | values,
    "value": values, "raised": st.lists(KINDS.map("builtins.".__add__), max_size=2) | values, "message": values,
    "changed": st.dictionaries(st.integers(-1, 2), values, max_size=1) | values, "traceback": values,
    "generators": st.dictionaries(st.integers(0, 1), values, max_size=1) | values, "outputs": values,
    "streams": states,
    "warned": st.lists(st.tuples(KINDS, st.text(max_size=3)).map(list), max_size=2) | values,
})


@pytest.fixture(scope="module", autouse=True)
def nearer():
    """A state that leads nowhere is looked for along sixteen million draws otherwise, in each example."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.engine.streams.FARTHEST", 2000)
        yield


@contextmanager
def seeded():
    """The global streams as a test has seeded them, and afterwards as they were."""
    kept = current()
    for name, state in streams_of(1).items():
        put(name, state)
    try:
        yield current()
    finally:
        for name, state in kept.items():
            put(name, state)


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
        remote.hear_streams = object.__new__(Streams).heard     # without watching who seeds the streams
        yield remote


def raw(state, draws):
    """What a stream in this state gives next."""
    bits = np.random.MT19937()
    bits.state = {"bit_generator": "MT19937", "state": {"key": state[0], "pos": state[1]}}
    return bits.random_raw(draws).astype(np.uint32).tobytes()


def answered(*messages):
    """What became of a call's arguments, which were answered with these; the global streams only went ahead."""
    x = np.array([0.25, 2.0, 3.0])
    with seeded() as before:
        with line(*messages) as remote, suppress(StudentError, StudentLost, Warning):
            remote.request("call", of=None, args=[x, [1, 2]])
        now = current()
        np.random.normal(), random.gauss()
    assert all(raw(now[name], 50) in raw(before[name], 3000) for name in before), "a stream was set, not drawn from"
    return remote, x


@given(st.lists(replies | values, max_size=3))
@settings(max_examples=300, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_no_answer_does_more_than_be_refused(messages):
    state = np.random.default_rng(0).bit_generator.state
    remote, x = answered(*messages)
    if not remote.changes:
        assert x.tolist() == [0.25, 2.0, 3.0], "a message other than an answer that says so has changed an argument"
    assert remote.known.generators.known[0].bit_generator.state == state


@given(states)
@example({"numpy": [streams_of(1)["numpy"][0], 1, None]})       # what has been drawn, to be drawn once more
@example({"python": [streams_of(1)["python"][0], 0, None]})
@settings(max_examples=300, deadline=None)
def test_no_streams_do_more_than_be_refused(streams):
    remote, x = answered({"value": 1, "streams": streams})
    assert x.tolist() == [0.25, 2.0, 3.0] and not remote.changes


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
