"""Item analysis: how hard each question was, and whether it tells strong hand-ins from weak ones.

    difficulty        the mean share of a question's points, over those who have a mark for it: 1 is easy, 0 is hard
    discrimination    the corrected item-total correlation: Pearson's r between the share got in this question and
                      the share got in all *other* questions; with the question itself in the total, every r is too high

Classical test theory: Crocker & Algina, Introduction to Classical and Modern Test Theory (1986), ch. 14. As a rule of
thumb 0.4 and more is very good, below 0.2 poor (Ebel & Frisbie 1991). The interval is Fisher's, 95 %:
tanh(artanh(r) +- 1.96 / sqrt(n - 3)). With fewer than ENOUGH students it spans most of the scale, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from statistics import StatisticsError, correlation, mean

ENOUGH = 20
POOR = 0.2
SEVERAL = 5     # students from whom on it is no accident that nobody got anything


@dataclass(frozen=True)
class Item:
    """How a class did on one question."""

    title: str
    cell: str
    points: float
    n: int                                   # students with a mark for it
    share: float | None                      # of the points, 0..1; None if nobody has a mark
    full: int                                # how many got all of them
    r: float | None = None                   # discrimination
    interval: tuple[float, float] | None = None
    why_not: str = ""                        # why there is no r, in words
    by_hand: bool = False

    @property
    def remark(self) -> str:
        """What an author should look at, in words; "" if nothing stands out."""
        if self.share == 0 and self.n >= SEVERAL:
            return "nobody got anything"
        if self.r is not None and self.r < 0:
            return "weak hand-ins do better here than strong ones"
        if self.r is not None and self.interval[1] < POOR:
            return "hardly tells strong from weak"
        return ""


Questions = Mapping[str, tuple[str, float, bool]]       # cell -> (title, points, given by hand)
Marks = Mapping[str, Mapping[str, float | None]]        # student -> cell -> points; None: no mark (yet)


def items(questions: Questions, marks: Marks) -> list[Item]:
    """Each question's analysis, hardest first.

    >>> class_ = {f"s{i}": {"a": float(i > 9), "b": float(i > 12), "c": float(i < 3)} for i in range(20)}
    >>> hardest, *_ = items({"a": ("A", 1, False), "b": ("B", 1, False), "c": ("C", 1, False)}, class_)
    >>> hardest.cell, hardest.share, round(hardest.r, 2), hardest.remark
    ('c', 0.15, -0.39, 'weak hand-ins do better here than strong ones')
    """
    found = []
    for cell, (title, points, by_hand) in questions.items():
        here = {who: given[cell] for who, given in marks.items() if given.get(cell) is not None}
        shares = [_share(mark, points) for mark in here.values()]
        rest = [_rest(marks[who], cell, questions) for who in here]
        r, interval, why_not = discrimination(shares, rest)
        found.append(Item(title, cell, points, len(here), mean(shares) if shares else None,
                          sum(share >= 1 for share in shares), r, interval, why_not, by_hand))
    return sorted(found, key=lambda item: (item.share is None, item.share, item.cell))


def discrimination(item: list[float], rest: list[float | None]) -> tuple[float | None, tuple[float, float] | None, str]:
    """Pearson's r of a question with all others, its 95 % interval, and why there is none, if there is none."""
    pairs = [(x, y) for x, y in zip(item, rest, strict=True) if y is not None]
    if len(pairs) < ENOUGH:
        return None, None, f"too few: {len(pairs)} of {ENOUGH} students"
    try:
        r = correlation(*zip(*pairs, strict=True))
    except StatisticsError:
        return None, None, "all did the same"
    inside = max(-1 + 1e-12, min(1 - 1e-12, r))
    half = 1.96 / sqrt(len(pairs) - 3)
    return r, (tanh(atanh(inside) - half), tanh(atanh(inside) + half)), ""


def _share(mark: float, points: float) -> float:
    return mark / points if points else float(mark > 0)


def _rest(given: Mapping[str, float | None], cell: str, questions: Questions) -> float | None:
    """The share got in all other questions that have a mark."""
    others = [(given[name], points) for name, (_, points, _) in questions.items()
              if name != cell and given.get(name) is not None and points]
    return sum(mark for mark, _ in others) / sum(points for _, points in others) if others else None
