"""bench_share counts what it says it counts."""

import pytest
from nbformat import write

from autograder.engine import Engine
from tests.benchmarks.bench_share import kind, measure, off_by_one
from tests.notebooks import notebook

EXERCISES = {
    "apart": ("def f():\n    return 1", "assert f() == 1"),
    "beside": ("def g():\n    return 1", "import inspect\nassert 'return' in inspect.getsource(g)"),
    "broken": ("def h():\n    return 1", "assert h() == 2"),
}


def test_numbers_are_off_by_one():
    assert off_by_one("def f(x):\n    return 2 * x + 0.5") == "def f(x):\n    return 3 * x + 1.5"
    assert off_by_one("%matplotlib inline") == "%matplotlib inline"


def test_reasons_are_counted_without_what_is_particular():
    assert kind("NameError: name 'x' is not defined\nmore") == kind("NameError: name 'y' is not defined")


@pytest.mark.bench
def test_a_small_course(tmp_path):
    source = tmp_path / "source" / "ps1"
    source.mkdir(parents=True)
    write(notebook(EXERCISES), source / "p.ipynb")
    with Engine(workers=1) as engine:
        share = measure(tmp_path, engine, compare=True)
    assert (share.cells, share.broken, share.apart, share.marks) == (3, 1, 1, 6)
    assert list(share.beside) == ["ps1/p/test-beside"] and not share.nobody and not share.differing
