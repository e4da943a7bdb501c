"""Figures of the class page: matplotlib's SVG, inline, told in words too."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from math import ceil, floor, log10
from pathlib import Path

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import coursekit
from autograder.report.items import Item

STYLE = Path(coursekit.__file__).with_name("plotting.mplstyle")     # the course's one style, without pyplot
BINS = 10           # at most
NEARLY = 1e-9
MOST_BARS = 20


def histogram(marks: Sequence[float], points: float) -> Markup:
    """How many students have how many points."""
    width = _step(points)
    bins = max(1, ceil(points / width - NEARLY))
    counts = Counter(max(0, min(int(mark / width + NEARLY), bins - 1)) for mark in marks)
    words = ", ".join(f"{k * width:g} to {(k + 1) * width:g} points: {counts[k]}" for k in sorted(counts))
    return _bars([k * width for k in range(bins + 1)], [counts[k] for k in range(bins)], "marks (points)",
                 f"Students by marks. {words}.")


def _step(points: float) -> float:
    """A round number of points for a bar, so that there are at most BINS.

    >>> _step(47), _step(5), _step(100)
    (5.0, 0.5, 10.0)
    """
    least = points / BINS if points else 1.0
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least - NEARLY)


def seconds(times: Sequence[float]) -> Markup:
    """How many hand-ins took how long, in steps of a factor of two."""
    edges = [0.0, 0.25]
    while edges[-1] <= max(times):
        edges.append(2 * edges[-1])
    counts = [sum(low <= t < high for t in times) for low, high in zip(edges, edges[1:], strict=False)]
    labels = [f"{low:g} to {high:g}" for low, high in zip(edges, edges[1:], strict=False)]
    with matplotlib.rc_context(fname=STYLE):
        figure, ax = _axes(2.4)
        ax.bar_label(ax.bar(labels, counts), padding=2)
        ax.tick_params(axis="x", rotation=30)
        _of_students(ax, counts)
        ax.set_xlabel("seconds to grade")
        words = ", ".join(f"{label} s: {count}" for label, count in zip(labels, counts, strict=True) if count)
        return svg(figure, f"Hand-ins by the time that grading took. {words}.")


def shares(items: Sequence[Item]) -> Markup:
    """The share of points got, question by question, hardest on top."""
    shown = [item for item in items if item.share is not None][:MOST_BARS]
    with matplotlib.rc_context(fname=STYLE):
        figure, ax = _axes(0.7 + 0.28 * len(shown))
        names = [item.cell.removeprefix("test-") for item in shown]
        drawn = ax.barh(range(len(shown)), [100 * item.share for item in shown])
        ax.bar_label(drawn, fmt="%.0f%%", padding=3)
        ax.set(yticks=range(len(shown)), yticklabels=names, xlim=(0, 112), xlabel="points got by the class (%)")
        ax.grid(False, axis="y")
        ax.set_ylim(len(shown) - 0.4, -0.6)         # the hardest on top
        words = ", ".join(f"{name} {100 * item.share:.0f}%" for name, item in zip(names, shown, strict=True))
        return svg(figure, f"Share of points got, hardest question first. {words}.")


def _bars(edges: Sequence[float], counts: Sequence[int], label: str, words: str) -> Markup:
    with matplotlib.rc_context(fname=STYLE):
        figure, ax = _axes(2.6)
        widths = [high - low for low, high in zip(edges, edges[1:], strict=False)]
        drawn = ax.bar(edges[:-1], counts, width=widths, align="edge", edgecolor="white")
        ax.bar_label(drawn, labels=[str(count) if count else "" for count in counts], padding=2)
        _of_students(ax, counts)
        ax.set(xlabel=label, xlim=(edges[0], edges[-1]), xticks=edges)
        return svg(figure, words)


def _axes(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.4, height))
    return figure, figure.subplots()


def _of_students(ax: Axes, counts: Sequence[int]) -> None:
    ax.set(ylabel="students", ylim=(0, 1.15 * max([*counts, 1])))
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.grid(False, axis="x")


def svg(figure: Figure, words: str) -> Markup:
    """A figure as inline SVG that is told in words, too; its title, which a pointer shows, is their first sentence."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawing = re.sub(r"^.*?<svg", "", buffer.getvalue(), count=1, flags=re.DOTALL)
    attributes, _, content = drawing.partition(">")
    return Markup('<svg role="img" aria-label="{}"{}><title>{}</title>{}').format(
        words, Markup(attributes), words.partition(".")[0], Markup(content))
