"""A signal in the middle is heard at the end, and one that a finaliser swallows later."""

import signal
import sys
import threading

import pytest

from autograder.files.uninterrupted import heard, uninterrupted


@pytest.fixture(autouse=True)
def pythons_own_handler():
    """A job in the background of a shell is started with Ctrl-C switched off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_waits_for_the_end():
    done = []
    with pytest.raises(KeyboardInterrupt):
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("written")
        done.append("after")
    assert done == ["written"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_goes_before_it():
    with pytest.raises(ZeroDivisionError), uninterrupted():
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_thread_hears_nothing_anyway():
    done = []

    def work():
        with uninterrupted():
            done.append("written")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["written"]


class Interrupted:
    """Ctrl-C comes while it is finalised."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_in_a_finaliser_is_raised_again(monkeypatch):
    dropped = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: dropped.append(what.exc_type))
    with heard() as stop_if_asked:
        stop_if_asked()
        Interrupted()
        assert dropped == [KeyboardInterrupt]
        with pytest.raises(KeyboardInterrupt):
            stop_if_asked()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_elsewhere_is_raised_there_and_then():
    with pytest.raises(KeyboardInterrupt), heard():
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
        pytest.fail("it went on")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_ctrl_c_is_switched_off_it_stays_so():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with heard() as stop_if_asked:
        signal.raise_signal(signal.SIGINT)
        stop_if_asked()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
