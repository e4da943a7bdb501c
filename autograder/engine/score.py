"""What a test cell's last expression is worth: a number of the test's counts, one that the hand-in made does not."""

from __future__ import annotations

import ast

from autograder.engine import names, plan
from autograder.engine.proxies import Proxy

CONVERSIONS = ("float", "int", "round", "abs", "min", "max")
NO_SCORE = {
    "output_type": "error", "ename": plan.NO_SCORE,
    "evalue": "this test ends in a number that comes straight from the hand-in: that is no score",
    "traceback": ["NoScore: this test ends in a number that comes straight from the hand-in"],
}


def is_straight_from_student(source: str, ownership: names.Ownership, ours: dict) -> bool:
    """Is the cell's last expression something of the student's own, at most under another name or converted?

    Then it is no score.
    """
    tree = names.parsed(source)
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return False
    value, assigned = tree.body[-1].value, names.assigned_once(tree)
    while True:
        if isinstance(value, ast.Call):
            converts = isinstance(value.func, ast.Name) and value.func.id in CONVERSIONS and value.args
            value = value.args[0] if converts else value.func
        elif isinstance(value, ast.Attribute | ast.Subscript):
            value = value.value
        elif isinstance(value, ast.Name) and value.id in assigned:
            value = assigned.pop(value.id)
        else:
            break
    return isinstance(value, ast.Name) and (isinstance(ours.get(value.id), Proxy) or value.id in ownership.student)


def refused(output: dict) -> list[dict]:
    """A result that came straight from the student: shown, and where it is a number that would count, refused."""
    if output["output_type"] != "execute_result":
        return [output]
    shown = {"output_type": "display_data", "data": output["data"], "metadata": output["metadata"]}
    try:
        float(output["data"].get("text/plain", ""))
    except ValueError:
        return [shown]
    return [shown, NO_SCORE]
