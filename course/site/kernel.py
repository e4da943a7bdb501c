"""Runs first in each kernel that executes a lecture for the site: a page has no kernel behind its sliders.

`interact` draws its figure once for each of some positions of the first control, the others as they stand;
extensions/figures.py makes a slider of these.
"""

import html
import json
import sys
from functools import partial

import ipywidgets
from IPython.display import display
from IPython.utils.capture import capture_output

from coursekit import plotting

POSITIONS = 11      # of a slider; a list of options is shown in full


def positions(control):
    """(values, index of the first shown) of a control."""
    if hasattr(control, "options"):
        values = list(control.options)
        return values, values.index(control.value)
    base = getattr(control, "base", None)
    low, high = control.min, control.max
    places = [low + (high - low) * i / (POSITIONS - 1) for i in range(POSITIONS)]
    steps = [round(low + round((place - low) / control.step) * control.step, 10) for place in places]
    values = sorted({control.value, *(base**step if base else step for step in steps)})
    return values, values.index(control.value)


def interact(function, **controls):
    (name, control), *others = controls.items()
    values, start = positions(control)
    figures = []
    for value in values:
        with capture_output() as captured:
            function(**{name: value}, **{other: widget.value for other, widget in others})
        figures += [output.data["text/html"] for output in captured.outputs]
    labels = [value if isinstance(value, str) else f"{value:.3g}" for value in values]
    settings = {"name": control.description or name, "labels": labels, "start": start}
    head = f'<div class="slides" data-slides="{html.escape(json.dumps(settings))}">'
    display({"text/html": head + "".join(figures) + "</div>", "text/plain": f"a slider for {name}"}, raw=True)


ipywidgets.interact = interact
# A kernel sends what is printed each fifth of a second, and the page has a line break between any two pieces.
sys.stdout.flush_interval = sys.stderr.flush_interval = 3600.0
plotting._data_url = partial(plotting._data_url, limit=float("inf"))     # SVG, however large: it is fetched by itself
