"""The picture of the first page: a network of the course learns to part three spirals, drawn as SVG.

The regions and points take their colours from the page, so that they follow it into dark mode.
"""

from __future__ import annotations

import html

import numpy as np
from contourpy import contour_generator

from coursekit.datasets import spirals
from coursekit.layers import Activation, Dense
from coursekit.models import Sequential
from coursekit.optimizers import Adam

STAGES = (0, 5, 10, 20, 40, 80, 160, 320)       # epochs after which the plane is drawn
SIZES = (2, 48, 48, 3)
SIDE, EDGE = 400, 1.25                            # of the picture in units of SVG; of the plane, to each side of 0
GRID = 120                                        # points to a side at which the network is asked


def learn():
    """(points X, classes y, [(epochs, accuracy, margins)]): margins[k] is how far class k leads, on a grid."""
    X, y = spirals(210, rng=np.random.default_rng(8))
    model = Sequential([Dense(SIZES[1]), Activation("tanh"), Dense(SIZES[2]), Activation("tanh"), Dense(SIZES[3]),
                        Activation("softmax")], seed=3)
    model.compile(optimizer=Adam(0.01), loss="sparse_categorical_crossentropy")
    axis = np.linspace(-EDGE, EDGE, GRID)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    stages, done = [], 0
    for epochs in STAGES:
        if epochs > done:
            model.fit(X, y, epochs=epochs - done, batch_size=30)
            done = epochs
        p = np.log(model.predict(grid) + 1e-12)
        margins = [(p[:, k] - np.delete(p, k, axis=1).max(axis=1)).reshape(GRID, GRID) for k in range(3)]
        stages.append((epochs, float((model.predict(X).argmax(axis=1) == y).mean()), margins))
    return X, y, stages


def picture() -> dict:
    """What the first page shows: {"svg", "captions", "start"}."""
    X, y, stages = learn()
    frames = "".join(
        f'<g class="stage"{"" if i == len(stages) - 1 else " hidden"}>' +
        "".join(f'<path class="region r{k}" d="{outline(margin)}"/>' for k, margin in enumerate(margins)) + "</g>"
        for i, (_, _, margins) in enumerate(stages))
    points = "".join(mark(k, *place(x)) for x, k in zip(X, y, strict=True))
    captions = [f"after {epochs} epochs: {accuracy:.0%} right" if epochs else f"before training: {accuracy:.0%} right"
                for epochs, accuracy, _ in stages]
    alt = ("Three spirals of 70 points each, as circles, squares and triangles. The plane behind them is divided into "
           f"three regions, which after {STAGES[-1]} epochs wind along the spirals.")
    svg = (f'<svg viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="{html.escape(alt)}">{frames}'
           f'<g class="points">{points}</g></svg>')
    return {"svg": svg, "captions": captions}


def place(x):
    return tuple((SIDE * (1 + np.array([1, -1]) * x / EDGE) / 2).round(1).tolist())


def outline(margin) -> str:
    """The path around where `margin` is positive."""
    polygons, offsets = contour_generator(z=margin).filled(0, np.inf)
    scale = SIDE / (len(margin) - 1)
    path = []
    for points, starts in zip(polygons, offsets, strict=True):
        for low, high in zip(starts[:-1], starts[1:], strict=True):
            ring = points[low:high - 1] * scale
            ring[:, 1] = SIDE - ring[:, 1]
            path.append("M" + "L".join(f"{u:.0f} {v:.0f}" for u, v in ring) + "Z")
    return "".join(path)


def mark(k, u, v) -> str:
    """A point of class k: classes differ in shape, not in colour alone."""
    if k == 0:
        return f'<circle class="p0" cx="{u}" cy="{v}" r="4"/>'
    if k == 1:
        return f'<rect class="p1" x="{u - 3.4:.1f}" y="{v - 3.4:.1f}" width="6.8" height="6.8"/>'
    return f'<path class="p2" d="M{u} {v - 4.6:.1f}l4.4 7.8h-8.8z"/>'
