"""What `check` knows at a student's desk: one locked cell of readable JSON in the notebook itself.

Public cases with their expected values, what known misconceptions give on them, hints: the notebook
carries them, so that `check` helps where nothing but the notebook is.
"""

from __future__ import annotations

import ast
import json

from nbformat import NotebookNode

from autograder.syntax import parse

OUTCOMES = ("value", "changed")     # the keys under which a sheet keeps what a function gave
NOISE = 1e-14                       # of an array's largest entry: some fifty times float64's eps


def source(sheet: dict) -> str:
    """The cell's code for a sheet (examine.public_sheet); "" where there is nothing to tell the desk."""
    if not sheet:
        return ""
    # A raw string keeps JSON's backslashes; three apostrophes would end it, so they are written as escapes.
    text = readable(portable(sheet)).replace("'''", "\\u0027" * 3)
    return f"from coursekit import desk\n\ndesk.load(r'''\n{text}\n''')"


def loaded(notebook: NotebookNode) -> dict:
    """The sheet that the desk cell of a source notebook loads; {} where there is none."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "desk.load(" in cell.source:
            match parse(cell.source).body:
                case [*_, ast.Expr(ast.Call(ast.Attribute(ast.Name("desk"), "load"), [ast.Constant(str() as text)]))]:
                    return json.loads(text)
    return {}


def portable(value, outcome: bool = False):
    """Data that come out the same on every machine, though processors add in different orders.

    Real numbers keep twelve significant digits. In an array that a function gave, what is below `NOISE` of the largest
    entry is 0: a processor's own rounding error, far within what `check` forgives.
    """
    if isinstance(value, dict):
        if outcome and "array" in value:
            value = value | {"array": without_noise(value["array"])}
        return {key: portable(item, outcome or key in OUTCOMES) for key, item in value.items()}
    if isinstance(value, list):
        return [portable(item, outcome) for item in value]
    return float(f"{value:.11e}") if isinstance(value, float) else value


def without_noise(entries: list) -> list:
    """An array's entries, as nested lists, with 0.0 for those that are rounding errors beside the largest.

    >>> without_noise([[1.0, -4.4e-18], ["nan", 3]])
    [[1.0, 0.0], ['nan', 3]]
    """
    def leaves(item):
        return [leaf for each in item for leaf in leaves(each)] if isinstance(item, list) else [item]

    def clean(item):
        if isinstance(item, list):
            return [clean(each) for each in item]
        return 0.0 if isinstance(item, float) and abs(item) <= least else item

    least = NOISE * max((abs(leaf) for leaf in leaves(entries) if isinstance(leaf, float)), default=0.0)
    return clean(entries)


def readable(value, indent: int = 0, width: int = 120) -> str:
    """JSON in which a list or table that fits on a line stands on one line.

    >>> print(readable({"cases": [{"args": [4, 3]}, {"args": [1, 1]}], "hints": ["Look at the shapes."]}, width=30))
    {"cases": [
      {"args": [4, 3]},
      {"args": [1, 1]}],
     "hints": ["Look at the shapes."]}
    """
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= width or not isinstance(value, dict | list):
        return flat
    if isinstance(value, list):
        inner = ",\n".join(" " * (indent + 1) + readable(item, indent + 1, width) for item in value)
        return f"[\n{inner}]"
    pairs = (f"{json.dumps(key, ensure_ascii=False)}: {readable(value[key], indent + 1, width)}" for key in value)
    return "{" + (",\n" + " " * (indent + 1)).join(pairs) + "}"
