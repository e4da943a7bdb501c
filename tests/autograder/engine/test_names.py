"""Who owns a name: read from the source notebook, whatever the hand-in says."""

import pytest
from nbformat.v4 import new_code_cell

from autograder.engine.names import assigned_once, bound, ownership, parsed, reached, read, touched, used


def cell(source, **marks):
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": "x", **marks}} if marks else {})


NOTEBOOK = [
    cell("import numpy as np\nX = np.arange(3)\nmodel = make()", locked=True),
    cell("import math\ndef helper(a):\n    return a\ntable = {}"),
    cell("def f(x):\n    return helper(x) + offset\ny = f(X)\nmodel.fit(X)\nnp.random.seed(0)", solution=True),
    cell("offset = 3\ndef later(): pass\nassert f(1)", grade=True, locked=True),
]


@pytest.mark.parametrize(
    "name, theirs",
    [
        ("f", True),
        ("y", True),
        ("model", True),
        ("table", True),
        ("unheard_of", True),
        ("np", False),
        ("math", False),
        ("helper", False),
        ("X", False),
        ("print", False),
        ("__name__", False),
    ],
)
def test_owner(name, theirs):
    ours = dict.fromkeys(["np", "math", "helper", "X", "model"])
    assert ownership(NOTEBOOK).is_students(name, ours) is theirs


def test_what_the_students_side_reads():
    assert "offset" in ownership(NOTEBOOK).wanted
    assert "later" not in ownership(NOTEBOOK).wanted


def test_what_a_cell_reads_is_not_what_its_functions_keep_to_themselves():
    tree = parsed("a = b\ndef f(x, g=c):\n    y = x + d\n    return y\ne += 1\nclass K:\n    z = h\n[q for q in r]\n"
                  "f'{s}'\nlambda t: u")
    assert read(tree) == set("bcdehrsu")


def test_what_a_test_was_to_bind_is_not_taken_from_the_hand_in():
    found = ownership([*NOTEBOOK, cell("offset, y", grade=True, locked=True)])
    assert found.is_students("offset", {}, 2) and not found.is_students("offset", {}, 3)
    assert found.is_tests("later", 3) and not found.is_tests("later", 2) and not found.is_tests("y", 4)


def test_an_assignment_is_followed_where_it_is_the_only_one():
    assert set(assigned_once(parsed("a = f()\nb = 1\nb += 1\nc, d = 1, 2\nfor e in (): pass"))) == {"a"}


def test_the_trusted_side_executes_locked_cells_and_of_others_only_imports_and_helpers():
    preludes = ownership(NOTEBOOK).preludes
    assert preludes[0] == NOTEBOOK[0].source
    assert "helper" in preludes[1] and "table" not in preludes[1]
    assert "def f" not in preludes[2] and 3 not in preludes


def test_a_test_that_falls_back_runs_at_the_students_side():
    assert "offset" in ownership(NOTEBOOK, fallback=["x"]).student


def test_bound_looks_at_the_top_level():
    tree = parsed("a = 1\nb.c = 2\nd[0] = 3\nfor e in (): f = 1\ndef g():\n    h = 1\nimport i\nj += 1\ndel k\nl.m(n)")
    assert set(bound(tree)) == {"a", "b", "d", "e", "f", "g", "j", "k"}
    assert touched(tree) == ["l"]


def test_used_reads_names_given_as_text():
    assert used("examine('q_mnist', 3)\n%matplotlib inline") == ({"examine", "q_mnist"}, False)
    assert used("assert 'x' in dir()")[1]


def test_reached_follows_the_tests_own_functions():
    ours = {}
    exec(
        "def outer(a):\n    return [inner(i) for i in a]\ndef inner(i):\n    return f(i)",
        {"__name__": "__main__"},
        ours,
    )
    assert {"inner", "f"} <= reached({"outer"}, ours)


def test_a_cell_that_does_not_parse_owns_nothing():
    assert ownership([cell("def f(:", solution=True)]).student == set()
