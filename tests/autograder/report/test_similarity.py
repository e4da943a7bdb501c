"""A renamed copy is found, independent work and one-liners that everybody writes are not, and nothing is proof."""

import ast
import random

import pytest

from autograder.report.similarity import PIECE, WINDOW, compare, pieces

STARTER = {"solution-f": "def f(p, y):\n    raise NotImplementedError()"}
REFERENCE = {"solution-f": """
def f(p, y):
    if np.any(y < 0) or np.any(y >= p.shape[1]):
        raise ValueError("no such class")
    chosen = p[np.arange(len(y)), y]
    losses = -np.log(chosen)
    return float(losses.mean())
"""}
LOOP = """
def f(p, y):
    total = 0.0
    count = 0
    for row, c in zip(p.tolist(), y.tolist(), strict=True):
        if not 0 <= c < len(row):
            raise ValueError("class out of range")
        if row[c] == 0:
            return float("inf")
        total += -math.log(row[c])
        count += 1
    largest = max(map(max, p.tolist()))
    assert largest <= 1 + 1e-9, largest
    return total / count
"""
ONE_HOT = """
def f(p, y):
    k = p.shape[1]
    bad = np.logical_or(y < 0, y > k - 1)
    if bad.any():
        raise ValueError(f"classes run from 0 to {k - 1}: {y[bad]}")
    onehot = np.zeros_like(p)
    onehot[np.indices(y.shape)[0], y] = 1
    with np.errstate(divide="ignore"):
        logs = np.where(onehot > 0, np.log(p), 0)
    return -np.sum(logs * onehot) / y.size
"""
TAKE = """
def f(p, y):
    if not set(y.tolist()) <= set(range(p.shape[1])):
        raise ValueError("classes out of range")
    chosen = np.take_along_axis(p, y[:, np.newaxis], axis=1).ravel()
    inverse = np.divide(1, chosen, out=np.full_like(chosen, np.inf), where=chosen > 0)
    return float(np.mean(np.log(inverse)))
"""
FUNCTIONAL = """
def f(p, y):
    def one(pair):
        row, c = pair
        if c not in range(len(row)):
            raise ValueError(c)
        return math.log(row[c]) if row[c] else -math.inf
    return -math.fsum(map(one, zip(p, y))) / max(1, sum(1 for _ in y))
"""
INDEPENDENT = [LOOP, ONE_HOT, TAKE, FUNCTIONAL]
GIVEN = ["import math\nimport numpy as np"]


class Renamed(ast.NodeTransformer):
    def visit_Name(self, node):
        node.id = self.new(node.id, isinstance(node.ctx, ast.Store))
        return node

    def visit_arg(self, node):
        node.arg = self.new(node.arg, True)
        return node

    def __init__(self):
        self.names = {}

    def new(self, name, bound):
        return self.names.setdefault(name, f"my_{len(self.names)}") if bound else self.names.get(name, name)


def disguised(source):
    """Every name of its own another one, other numbers, other texts, comments lost, sums turned round."""
    tree = Renamed().visit(ast.parse(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value += 1
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            node.left, node.right = node.right, node.left
    return ast.unparse(tree)


def compared(*sources):
    class_ = {f"s{place:02}": {"solution-f": source} for place, source in enumerate(sources)}
    return compare(class_, REFERENCE, STARTER, GIVEN, kept=["f"])


@pytest.mark.parametrize("copied", range(4))
def test_a_renamed_copy_is_found_and_the_others_are_not(copied):
    found = compared(*INDEPENDENT, disguised(INDEPENDENT[copied]))
    group, = found.alike
    assert group.students == (f"s{copied:02}", "s04")
    assert group.share == 1 and group.cells == ("solution-f",) and found.as_reference == ()


def test_a_copy_with_a_line_more_is_found():
    more = disguised(LOOP).replace("    return my_0", "    checked = sorted(set(range(7)))\n    return my_0")
    more = more.replace("    largest", "    done = [c for c in y]\n    largest")
    group, = compared(*INDEPENDENT, more).alike
    assert group.students == ("s00", "s04") and 0.8 <= group.share < 1.01


def test_independent_work_is_not_named():
    assert compared(*INDEPENDENT, REFERENCE["solution-f"]).alike == ()


def test_short_answers_that_everybody_writes_are_not_named():
    for source in ("def f(p, y):\n    return float(-np.log(p[np.arange(len(y)), y]).mean())", "f = np.mean"):
        assert compared(*[source] * 30).alike == ()
        assert compared(source, source).alike == compared(source, source, *INDEPENDENT).alike == ()


def test_what_many_write_at_length_is_no_pair_but_what_two_write_is():
    assert compared(*[LOOP] * 12).alike == ()
    group, = compared(LOOP, LOOP, *[ONE_HOT] * 10, TAKE, FUNCTIONAL).alike
    assert group.students == ("s00", "s01")


def test_three_that_go_together_are_one_group():
    group, = compared(*INDEPENDENT, disguised(LOOP), LOOP.replace("total", "cost")).alike
    assert group.students == ("s00", "s04", "s05")


def test_a_solution_equal_to_the_reference_is_told_and_is_no_pair():
    found = compared(disguised(REFERENCE["solution-f"]), REFERENCE["solution-f"], *INDEPENDENT)
    assert [(each.student, each.cells) for each in found.as_reference] == [
        ("s00", ("solution-f",)), ("s01", ("solution-f",))]
    assert found.alike == () and found.students_as_reference == {"solution-f": 2}


def test_what_was_given_out_counts_for_nothing():
    given = {"solution-f": "def f(p, y):\n    raise NotImplementedError()", "solution-g": LOOP}
    class_ = {who: {"solution-g": LOOP, "solution-f": mine}
              for who, mine in zip("abcd", INDEPENDENT, strict=True)}
    assert compare(class_, REFERENCE, given, GIVEN, kept=["f"]).alike == ()
    copied = {who: {"solution-f": LOOP} for who in "ab"} | {who: {"solution-f": ONE_HOT[:90]} for who in "cde"}
    assert compare(copied, REFERENCE, STARTER, [*GIVEN, LOOP], kept=["f"]).alike == ()
    assert compare(copied, REFERENCE, STARTER, GIVEN, kept=["f"]).alike != ()


def test_code_moved_to_another_cell_is_found():
    moved = {"free-1": disguised(LOOP).replace("def my_0", "def helper"), "solution-f": "f = helper"}
    class_ = {f"s{i}": {"solution-f": source} for i, source in enumerate(INDEPENDENT)} | {"s9": moved}
    group, = compare(class_, REFERENCE, STARTER, GIVEN, kept=["f"]).alike
    assert group.students == ("s0", "s9")


def test_what_is_no_python_is_counted():
    found = compared("def f(:", "", LOOP)
    assert found.unread == 1 and found.alike == ()
    assert compare({}, REFERENCE, STARTER).alike == ()


def test_winnowing_finds_what_is_long_enough_wherever_it_stands():
    common = [f"w{i}" for i in range(PIECE + WINDOW - 1)]
    for before in range(7):
        first = [f"a{i}" for i in range(before)] + common + ["x"] * 5
        second = [f"b{i}" for i in range(11)] + common + ["y"] * before
        assert pieces(first) & pieces(second), before
    assert not pieces([f"a{i}" for i in range(30)]) & pieces([f"b{i}" for i in range(30)])


def test_variants_of_few_forms_are_no_copies_however_many_pairs_there_are():
    """What two share in one cell tells once: whoever has one variant of a form has the rest of it, too."""
    rng = random.Random(1)
    lines = ["seen = list(y)", "assert p.ndim == 2", "top = p.max(axis=1)", "k = len(set(y))", "low = min(p.ravel())"]

    def variant(name):
        form = rng.choice(INDEPENDENT).replace("def f(", f"def {name}(")
        head, _, body = form.strip().partition("\n")
        return f"{head}\n    {rng.choice(lines)}\n    {rng.choice(lines)}\n{body}"

    cells = [f"solution-f{number}" for number in range(6)]
    class_ = {f"s{i:03}": {cell: variant(cell.removeprefix("solution-")) for cell in cells} for i in range(60)}
    kept = [cell.removeprefix("solution-") for cell in cells]
    assert compare(class_, {}, {}, GIVEN, kept).alike == ()
    class_ |= {"t1": {cell: disguised(source) for cell, source in class_["s001"].items()}}
    group, = compare(class_, {}, {}, GIVEN, kept).alike
    assert group.students == ("s001", "t1")
