"""The plain runner: one trouble costs one cell. Two kernels in all, since each takes seconds to start."""

import os
import sys

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.assignment import Assignment, Limits
from autograder.examine import FINDING
from autograder.job import Job
from autograder.run import run
from tests.notebooks import autograded

PUBLISH = f"""from IPython.display import display
display({{{FINDING!r}: {{'status': 'passed'}}, 'text/plain': 'ok'}}, raw=True)"""


def executed(cells, **limits):
    assignment = Assignment("tiny", limits=Limits(**limits), notebooks={"nb": new_notebook()})
    job = Job("jürgen", "nb", new_notebook(cells=cells), assignment, b"k" * 32)
    result = run(job)
    assert all(not cell.get("outputs") for cell in cells)          # the job itself is left alone
    return result, {cell.id: cell for cell in result.notebook.cells}


@pytest.fixture(scope="module")
def troubled():
    """One notebook with every trouble that the next cell survives, then one that it does not."""
    return executed([
        new_markdown_cell("# Title", id="title"),
        new_code_cell("import os, sys\nprint(os.getcwd(), os.environ['HOME'], os.environ['AUTOGRADER_STUDENT'])\nx = 1",
                      id="where"),
        new_code_cell("1 / 0", id="error", metadata={"tags": ["raises-exception"]}),
        new_code_cell("sys.exit(3)", id="exit"),
        autograded("assert x == 1", "survives"),
        new_code_cell("while True:\n    pass", id="loop"),
        new_code_cell("print('a' * 1_000_000)", id="flood"),
        new_code_cell(PUBLISH, id="forged"),
        autograded(PUBLISH, "published"),
        autograded("x + 1", "value"),
        new_code_cell("import numpy as np\nnp.ones(10**10)", id="memory"),
        new_code_cell("", id="empty"),
        new_code_cell("os._exit(1)", id="dies"),
        autograded("x", "after"),
    ], cell_seconds=2, output_kb=20, memory_mb=500)


def error_of(cell):
    return next((o.ename for o in cell.outputs if o.output_type == "error"), None)


def test_a_run_has_a_private_folder_and_no_home(troubled):
    _, cells = troubled
    words = cells["where"].outputs[0].text
    assert os.path.join("jürgen", "tiny") in words and words.split()[-1] == "jürgen"
    assert os.path.expanduser("~") != words.split()[1]
    assert not os.path.exists(words.split()[0])        # it is gone afterwards


def test_errors_exits_loops_and_floods_cost_one_cell(troubled):
    result, cells = troubled
    assert error_of(cells["error"]) == "ZeroDivisionError"
    assert error_of(cells["exit"]) == "SystemExit"
    assert cells["survives"].outputs == []
    assert result.notes["loop"] == ["Stopped after 2 s."]
    assert cells["value"].outputs[0].data["text/plain"] == "2"
    assert result.notes["flood"] == ["Output beyond 20 kB was left out."]
    assert len(str(cells["flood"].outputs)) < 1000


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory_has_a_bound(troubled):
    assert error_of(troubled[1]["memory"]) in ("MemoryError", "_ArrayMemoryError")


def test_findings_are_taken_from_test_cells_only(troubled):
    result, cells = troubled
    assert result.findings == {"published": [{"status": "passed"}]}
    assert cells["published"].outputs[0].data == {"text/plain": "ok"}
    assert result.trusted == {"survives": False, "published": False, "value": False, "after": False}


def test_the_kernels_end_costs_what_follows_only(troubled):
    result, cells = troubled
    assert error_of(cells["dies"]) == "DeadKernelError"
    assert "Python ended in this cell" in result.notes["dies"][0]
    assert cells["after"].execution_count is None
    assert result.notes["after"] == ["Not run: Python had ended in a cell before it."]
    assert result.cpu_seconds > 0 and result.wall_seconds > 0


def test_what_cannot_be_interrupted_is_killed():
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
    cells = [new_code_cell("a = 1", id="a"), new_code_cell(stubborn, id="loop"), autograded("a", "after")]
    result, cells = executed(cells, cell_seconds=2, cpu_seconds=100)
    assert cells["a"].execution_count == 1
    assert result.stopped == "the code before it could not be stopped."
    assert result.notes["after"] == ["Not run: the code before it could not be stopped."]
