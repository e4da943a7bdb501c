"""Ctrl-C waits while something is written that belongs together, and is not lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A Ctrl-C that comes within the block is heard at its end. Elsewhere than in the main thread none is heard."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    came = []
    signal.signal(signal.SIGINT, lambda *given: came.append(given))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def heard() -> Iterator[Callable[[], None]]:
    """Yields a function that raises the KeyboardInterrupt of a Ctrl-C that came within the block and stopped nothing.

    Python raises it wherever the main thread happens to be. In what the collector calls it is printed and dropped.
    """
    if threading.current_thread() is not threading.main_thread() or \
            signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield lambda: None
        return
    came = []

    def note(*given: object) -> None:
        came.append(given)
        signal.default_int_handler(*given)

    def again() -> None:
        if came:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    try:
        yield again
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
