"""Partial orders: what must come before what, and how much of a sequence keeps to it."""

from itertools import combinations


def closure(before) -> set[tuple[str, str]]:
    """All pairs (earlier, later) that follow from ["d<b", "b<a"]: here (d, b), (b, a), (d, a).

    >>> sorted(closure(["d<b", "b<a"]))
    [('b', 'a'), ('d', 'a'), ('d', 'b')]
    """
    pairs = {tuple(pair.replace(" ", "").split("<")) for pair in before}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return pairs


def longest_right(letters: str, pairs: set[tuple[str, str]]) -> int:
    """Length of the longest subsequence of `letters` in which no later one should come earlier.

    >>> longest_right("dab", closure(["d<b", "b<a"]))       # "da" or "db"
    2
    """
    for length in range(len(letters), 0, -1):
        for chosen in combinations(letters, length):
            if not any((later, earlier) in pairs for earlier, later in combinations(chosen, 2)):
                return length
    return 0
