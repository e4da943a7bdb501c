"""Hand-ins that are alike beyond chance, and solutions equal to the reference. All on this machine.

Each cell's code in its normal form (normalform.py) is cut into overlapping pieces of PIECE tokens, of which
winnowing keeps one in each window of WINDOW: what two hand-ins have in common over PIECE + WINDOW - 1 tokens or
more is always found, and what is shorter than PIECE never is, so a one-liner that everybody writes does not count.
    Schleimer, Wilkerson, Aiken: Winnowing: Local Algorithms for Document Fingerprinting. SIGMOD 2003.

What was given out is taken away first. Two hand-ins are named when both hold:

    covered     SHARE or more of the shorter one's pieces are in the other one, too
    surprise    of what they share, in bits, is MARGIN + log2(pairs of hand-ins) or more; between two that agree
                throughout, log2(pairs) will do

A run of PIECE tokens that h of n hand-ins hold tells log2((n + OTHERS) / h) bits: little if it is everybody's, much if
only these two have it. Runs that the very same h hand-ins hold come together, so the first tells all and each further
one 1 / h of that. Runs of one cell hang together, too, as variants of one form do: what two hand-ins share in a cell
tells once, by how many hold all of it. The bound grows with the number of pairs that were looked at, as chance does
(from LEAST bits on). Pieces of the reference solution tell nothing here: a solution equal to it is told apart, since it
may come from the library on one's own disk.

What this finds, in made-up classes: in each exercise of a week everybody draws one of its 9 to 18 solutions and known
mistakes, the k-th most frequent with weight 1 / k (week 6) or 1 / k**2 (week 5, where two of three write as the
reference does); ten copy all of another one's, with names changed, independent lines exchanged, comments of their own.

                                            copies found      honest ones named, in two classes each
    week 6, 150 and 300 students            20 and 20 of 20   0 and 0
    week 5, 150 and 300 students            15 and 15 of 20   0 and 0
    week 6, nobody has a line of their own  18 and 15 of 20   6 and 10
    week 5, nobody has a line of their own   6 and  3 of 20   15 and 0

In the first two rows three in ten solutions have one line of their own. Where all that is shared is what many wrote, no
measure can tell a copy from chance.

All of this is a reason to look at two hand-ins, and no proof of anything.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import log2
from operator import and_

import numpy as np

from autograder.report.normalform import imports, normal_forms

PIECE = 12
WINDOW = 6
SHARE = 0.8
MARGIN = 3
LEAST = 8       # bits that a small class asks for: as many as one of 23
OTHERS = 8      # who would have written it in their own way: what is known of people outside a small class
# Winnowing keeps 2 in WINDOW + 1 pieces, so PIECE tokens are held by so many of those that are kept.
PER_RUN = PIECE * 2 / (WINDOW + 1)
LONG = 40       # tokens of a solution beyond what was given out, from where its equality with the reference is told
COLUMNS = 4096  # pieces that are compared at a time


@dataclass(frozen=True)
class Alike:
    """Hand-ins that are linked, each with at least one of the others, by more than chance."""

    students: tuple[str, ...]
    share: float                # least share of the shorter one's code that two linked ones have in common
    bits: float                 # greatest surprise of two linked ones
    cells: tuple[str, ...]      # where these two agree throughout


@dataclass(frozen=True)
class Referential:
    """A student's solutions that equal the reference in normal form."""

    student: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    alike: tuple[Alike, ...]
    as_reference: tuple[Referential, ...]
    unread: int                         # cells that are not Python, so nothing can be said of them

    @property
    def students_as_reference(self) -> Counter[str]:
        """Cell -> how many students have it as the reference does."""
        return Counter(cell for found in self.as_reference for cell in found.cells)


def compare(class_: Mapping[str, Mapping[str, str]], reference: Mapping[str, str], starter: Mapping[str, str],
            given: Iterable[str] = (), kept: Iterable[str] = ()) -> Comparison:
    """What is alike in a class.

    class_       student -> cell -> the student's code
    reference    cell -> the reference solution
    starter      cell -> what was given out in its place
    given        further code that was given out
    kept         names that the assignment prescribes
    """
    given, kept = list(given), set(kept)
    imported = imports(given)

    def normal(cells: Mapping[str, str]) -> dict[str, list[str]]:
        return normal_forms(cells, kept, imported)

    solved, bare = normal(reference), normal(starter)
    free = normal({f"given-{place}": text for place, text in enumerate(given)})
    ours = set().union(*(pieces(words) for words in (*bare.values(), *free.values())))
    forms = {student: normal(cells) for student, cells in class_.items()}
    held = {student: {cell: pieces(words) - ours for cell, words in cells.items()} for student, cells in forms.items()}
    known = set().union(*(pieces(words) for words in solved.values()))
    long = {cell for cell, words in solved.items() if len(words) - len(bare.get(cell, ())) >= LONG}
    same = {student: tuple(cell for cell in cells if cell in long and cells[cell] == solved[cell])
            for student, cells in forms.items()}
    return Comparison(
        alike=tuple(groups(held, known)),
        as_reference=tuple(sorted((Referential(student, cells) for student, cells in same.items() if cells),
                                  key=lambda found: (-len(found.cells), found.student))),
        unread=sum(not words and bool(class_[student][cell].strip())
                   for student, cells in forms.items() for cell, words in cells.items()),
    )


def pieces(words: list[str]) -> set[int]:
    """The fingerprints of a list of tokens: of each window of hashed pieces the least, the last of equal ones.

    >>> pieces(["a"] * (PIECE - 1))
    set()
    """
    hashes = [int.from_bytes(hashlib.blake2b("\0".join(words[i:i + PIECE]).encode(), digest_size=8).digest())
              for i in range(len(words) - PIECE + 1)]
    if len(hashes) <= WINDOW:
        return {min(hashes)} if hashes else set()
    return {min(hashes[i:i + WINDOW]) for i in range(len(hashes) - WINDOW + 1)}


def groups(held: Mapping[str, Mapping[str, set[int]]], known: set[int]) -> list[Alike]:
    """Hand-ins linked by surprise, most surprising first; `known` are the reference's pieces."""
    students = sorted(held)
    sets = [set().union(*held[student].values()) for student in students]
    n = len(students)
    if n < 2:
        return []
    holders = _holders(sets)
    shared, bits = _tables(sets, holders, known)
    sizes = np.array([len(each) for each in sets], dtype=float)
    shorter = np.minimum.outer(sizes, sizes)
    share = np.divide(shared, shorter, out=np.zeros_like(shared), where=shorter > 0)
    agree = shared == np.maximum.outer(sizes, sizes)        # throughout: these need no margin
    bound = max(LEAST, log2(n * (n - 1) / 2)) + np.where(agree, 0, MARGIN)
    near = np.triu((share >= SHARE) & (bits >= bound), k=1)
    pairs = []
    for i, j in zip(*map(np.ndarray.tolist, np.nonzero(near)), strict=True):
        bits[i, j] = min(bits[i, j], _told(held[students[i]].values(), sets[j], holders, known, n))
        if bits[i, j] >= bound[i, j]:
            pairs.append((i, j))
    found = []
    for members in _connected(n, pairs):
        inside = [pair for pair in pairs if pair[0] in members]
        i, j = max(inside, key=lambda pair: bits[pair])
        cells = tuple(cell for cell, theirs in held[students[i]].items()
                      if theirs and theirs == held[students[j]].get(cell))
        found.append(Alike(tuple(students[m] for m in sorted(members)), float(min(share[pair] for pair in inside)),
                           float(bits[i, j]), cells))
    return sorted(found, key=lambda group: (-group.bits, group.students))


def _holders(sets: list[set[int]]) -> dict[int, int]:
    """Piece -> its hand-ins, as the bits of a number."""
    found: dict[int, int] = {}
    for i, each in enumerate(sets):
        for piece in each:
            found[piece] = found.get(piece, 0) | 1 << i
    return found


def _told(mine: Iterable[set[int]], theirs: set[int], holders: dict[int, int], known: set[int], n: int) -> float:
    """The surprise of what two hand-ins share, cell by cell.

    Runs of one cell hang together: whoever has one variant of a solution has the rest of it. So together they tell
    once how many hand-ins hold all that the two share there, and each by itself only what a further run does.
    """
    bits, seen = 0.0, set(known)
    for pieces_ in mine:
        runs = Counter(holders[piece] for piece in (pieces_ & theirs) - seen)
        seen |= pieces_
        if runs:
            all_of_it = reduce(and_, runs).bit_count()
            bits += log2((n + OTHERS) / all_of_it) * min(1.0, runs.total() / PER_RUN)
            bits += sum(log2((n + OTHERS) / who.bit_count()) * max(0.0, count / PER_RUN - 1) / who.bit_count()
                        for who, count in runs.items())
    return bits


def _tables(sets: list[set[int]], holders: dict[int, int], known: set[int]) -> tuple[np.ndarray, np.ndarray]:
    """For each two hand-ins how many pieces they share, and the surprise of it in bits, cells not told apart."""
    n = len(sets)
    order = [piece for piece, who in sorted(holders.items()) if who.bit_count() > 1]
    weight = _weights([(0 if piece in known else holders[piece]) for piece in order], n)
    column = {piece: place for place, piece in enumerate(order)}
    rows = [[column[piece] for piece in each if piece in column] for each in sets]
    shared, bits = np.zeros((n, n)), np.zeros((n, n))
    for start in range(0, len(order), COLUMNS):
        part = np.zeros((n, min(COLUMNS, len(order) - start)), dtype=np.float32)
        for row, places in enumerate(rows):
            part[row, [place - start for place in places if start <= place < start + COLUMNS]] = 1
        shared += part @ part.T
        bits += (part * weight[start:start + COLUMNS]) @ part.T
    return shared, bits


def _weights(holders: list[int], n: int) -> np.ndarray:
    """What sharing a piece tells, in bits, by the hand-ins that hold it; 0 stands for a piece of the reference."""
    runs = {who: count / PER_RUN for who, count in Counter(holders).items()}

    def weight(who: int) -> float:
        h = who.bit_count()
        if not h:
            return 0.0
        told = min(runs[who], 1 + (runs[who] - 1) / h)
        return log2((n + OTHERS) / h) * told / runs[who] / PER_RUN

    return np.array([weight(who) for who in holders], dtype=np.float32)


def _connected(n: int, pairs: list[tuple[int, int]]) -> list[set[int]]:
    """The groups of 0..n-1 that pairs link, without those that no pair holds."""
    group = {member: {member} for member in range(n)}
    for i, j in pairs:
        if group[i] is not group[j]:
            merged = group[i] | group[j]
            for member in merged:
                group[member] = merged
    return [members for first, members in group.items() if len(members) > 1 and first == min(members)]
