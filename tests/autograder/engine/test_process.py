"""What the grader accepts from a student's process on its own line."""

import os
import signal
import socket
import struct

import pytest

from autograder.engine.box.channel import Channel
from autograder.engine.box.encoder import Encoder
from autograder.engine.process import MOST_REPLY, Child, Gone, Late


@pytest.fixture
def line():
    """A Child whose other end is ours. It is no real process: a pidfd of a sleeper stands for it."""
    sleeper = os.posix_spawn("/bin/sleep", ["sleep", "60"], {})
    held, other_held = socket.socketpair()
    control, theirs = socket.socketpair()
    child = Child(held, os.pidfd_open(sleeper), control)
    yield child, theirs
    child.close()
    try:
        os.waitpid(sleeper, 0)
    except ChildProcessError:
        pass  # the test has buried it
    for sock in (other_held, theirs):
        sock.close()


def test_a_message_comes_through(line):
    child, theirs = line
    Channel(theirs).send(*Encoder().encode({"ok": True}))
    assert child.receive(5) == {"ok": True}


def test_silence_is_late(line):
    with pytest.raises(Late):
        line[0].receive(0.05)


@pytest.mark.parametrize("sent", [
    b"\xff" * 100,
    struct.pack("<II", MOST_REPLY + 1, 0),
    struct.pack("<IIQ", 1, 1, 10),
    struct.pack("<II", 1, 0) + b"\xc1",
    struct.pack("<II", 1, 0) + b"\x01",
])
def test_a_breach_of_the_protocol_ends_the_process(line, sent):
    child, theirs = line
    theirs.sendall(sent)
    with pytest.raises(Gone, match="malformed"):
        child.receive(5)
    assert os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1]) == -signal.SIGKILL


def test_a_line_that_is_cut_is_gone(line):
    child, theirs = line
    theirs.close()
    with pytest.raises(Gone):
        child.receive(5)
