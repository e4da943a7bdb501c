"""The global streams of random numbers of this process, `np.random` and `random`, as plain data.

Both are Mersenne twisters: 624 words, a place among them, and perhaps a normal number kept for the next call.
"""

from __future__ import annotations

import random

import numpy as np

BLOCK = 624


def current() -> dict[str, tuple]:
    """Stream -> (words, place, kept number or None)."""
    ours = np.random.get_state(legacy=False)
    gauss = ours["gauss"] if ours["has_gauss"] else None
    _, words, other = random.getstate()
    return {"numpy": (ours["state"]["key"].copy(), int(ours["state"]["pos"]), gauss),
            "python": (np.array(words[:BLOCK], np.uint32), words[BLOCK], other)}


def put(name: str, state: tuple) -> None:
    """Set a stream of this process."""
    words, place, gauss = state
    if name == "numpy":
        np.random.mtrand._rand.set_state({
            "bit_generator": "MT19937", "state": {"key": words, "pos": place},
            "has_gauss": int(gauss is not None), "gauss": gauss or 0.0})
    else:
        random._inst.setstate((3, (*words.tolist(), place), gauss))


def same(one: tuple, other: tuple | None) -> bool:
    return other is not None and one[1:] == other[1:] and np.array_equal(one[0], other[0])
