"""What a disguise changes is gone in the normal form; what makes a solution another one stays."""

import pytest

from autograder.report.normalform import imports, normal_forms

NUMPY = imports(["import numpy as np"])


def form(source):
    return normal_forms({"cell": source}, kept=["f"], imported=NUMPY)["cell"]


PLAIN = '''
def f(x, y):
    """What f does."""
    scale = 2.5
    total = scale * x + np.exp(y)
    kept = []
    for i in range(3):
        kept.append(total)
    if total > 0:
        return sum(kept, start=0)
    return y
'''
DISGUISES = {
    "names": PLAIN.replace("total", "t").replace("kept", "l").replace("scale", "s").replace("x", "a").replace(
        "ea", "ex").replace("y", "b"),
    "numbers": PLAIN.replace("2.5", "-7").replace("range(3)", "range(99)"),
    "comments and docstring": PLAIN.replace('"""What f does."""', "# mine, honestly\n    pass"),
    "annotations": PLAIN.replace("x, y", "x: float, y: float = None").replace("= None", ""),
    "operands": PLAIN.replace("scale * x + np.exp(y)", "np.exp(y) + (x * scale)"),
    "mirrored": PLAIN.replace("total > 0", "0 < total"),
    "order of lines": PLAIN.replace("    kept = []\n", "").replace("    scale =", "    kept = []\n    scale ="),
    "imported otherwise": "import numpy as xp\nfrom numpy import exp\n" + PLAIN.replace("np.exp", "exp"),
    "a print": PLAIN.replace("    if", "    print(total, kept)\n    if"),
    "one line": PLAIN.replace("total > 0:\n       ", "total > 0:"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_is_gone(disguise):
    assert DISGUISES[disguise] != PLAIN
    assert form(DISGUISES[disguise]) == form(PLAIN)


OTHERS = {
    "another operator": PLAIN.replace("scale * x", "scale - x"),
    "another function": PLAIN.replace("np.exp", "np.log"),
    "what depends on each other": PLAIN.replace("    kept = []\n", "").replace("    if", "    kept = []\n    if"),
    "sides that matter": PLAIN.replace("total > 0", "total < 0"),
    "another keyword": PLAIN.replace("start=0", "stop=0"),
    "a loop more": PLAIN.replace("    if", "    while x: x = y\n    if"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_solution_stays_another(other):
    assert form(OTHERS[other]) != form(PLAIN)


def test_plus_and_assign_are_one():
    assert form("x += 1") == form("x = x + 1") == form("x: int = 1 + x")


def test_attributes_that_a_class_sets_are_names_of_its_own():
    first = "class A:\n    def g(self, v):\n        self.seen = v.shape\n        return self.seen"
    assert form(first) == form(first.replace("seen", "cache").replace("A", "B"))
    assert form(first) != form(first.replace("shape", "size"))


def test_nothing_passes_a_return():
    early = "def f(x):\n    if x:\n        return 1\n    y = x[0]\n    return y"
    late = "def f(x):\n    y = x[0]\n    if x:\n        return 1\n    return y"
    assert form(early) != form(late)


@pytest.mark.parametrize("source", [
    "def (", "x = '\0'", "(" * 5000, "x = " + "+".join(["1"] * 20_000), "-" * 5000 + "1", "x = 1\n" * 20_000,
    "a = [" + "[" * 150 + "]" * 150 + "]"])
def test_what_cannot_be_read_is_empty_or_short_and_quick(source):
    assert len(form(source)) < 50_000


def test_a_students_strange_escape_warns_nobody():
    assert form("x = '\\d'") == ["Assign", "name", "text", "end"]


def test_lines_for_ipython_are_left_out():
    assert form("%matplotlib inline\n!ls\nx = 1") == form("x = 1")
