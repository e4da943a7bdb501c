"""Huge pages: where they fit, and nothing is lost by them."""

import subprocess
import sys

import pytest

from autograder.engine.box.hugepages import HUGE, pieces

GATHER = """
from autograder.engine.box.hugepages import gather
held = [bytes([n % 251]) * 300_000 for n in range(100)]
gather()
assert all(set(piece) == {n % 251} for n, piece in enumerate(held))
"""


@pytest.mark.parametrize("line, starts", [
    ("200000-600000 rw-p 00000000 00:00 0", [HUGE, 2 * HUGE]),
    ("1ff000-5ff000 rw-p 00000000 00:00 0 [heap]\n", [HUGE]),
    ("200000-3ff000 rw-p 00000000 00:00 0", []),
    ("200000-600000 r-xp 00000000 00:00 0", []),
    ("200000-600000 rw-s 00000000 00:00 0", []),
    ("200000-600000 rw-p 00000000 08:01 77 /usr/lib/lib with a name.so", []),
    ("200000-600000 rw-p 00000000 00:00 0 [stack]", []),
])
def test_where_they_fit(line, starts):
    assert list(pieces([line])) == starts


def test_memory_holds_afterwards_what_it_held():
    subprocess.run([sys.executable, "-c", GATHER], check=True)
