"""References come from setup and solution cells alone, silently, each notebook on its own."""

import pytest

from autograder.exercise.solutions import Solutions, execute


def test_a_reference_and_a_variant(assign):
    solutions = Solutions(assign("def f(x):\n    return x + g()\ndef g():\n    return 1",
        "raise ValueError('a test cell ran')"))
    assert solutions.reference("f")(1) == 2
    assert solutions.variant("f", "def f(x):\n    return x - g()", "minus")(1) == 0
    assert solutions.reference("f")(1) == 2
    assert solutions.homes == {"f": "week01_tiny", "g": "week01_tiny"}


def test_what_no_cell_defines(assign):
    with pytest.raises(LookupError, match="no solution cell of week01_tiny defines h; there are f"):
        Solutions(assign("f = 1", "")).reference("h")


def test_execute_is_silent_and_skips_lines_for_ipython(capsys):
    names = {}
    execute("%matplotlib inline\nprint('noise')\n!ls\nx = 3", names, "<cell>")
    assert names["x"] == 3
    assert capsys.readouterr().out == ""


def test_a_traceback_shows_the_cells_line():
    import traceback
    try:
        execute("x = 1\nraise ValueError('no')", {}, "<week01 solution>")
    except ValueError as problem:
        assert traceback.extract_tb(problem.__traceback__)[-1].line == "raise ValueError('no')"
