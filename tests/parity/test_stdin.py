"""`input()` where nobody answers: a notebook's cells end as in a real kernel, caught or not."""

import nbclient
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.assignment import Assignment
from autograder.engine import Engine
from autograder.job import Job

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("default")]
CAUGHT = """
def told(ask, *args, **kwargs):
    try:
        ask(*args, **kwargs)
    except EOFError:
        print("the end of the input")
    except TypeError:           # its words name the function, and the kernel's is a method
        print("other arguments")
    except Exception as error:
        print(error)
        for kind in type(error).__mro__:
            print(kind.__module__, kind.__qualname__)
"""
CELLS = [
    CAUGHT,
    "told(input)", "told(input, 'name? ')", "told(input, prompt='name? ')", "told(input, 1, 2)",
    "import getpass", "told(getpass.getpass)", "told(getpass.getpass, 'word: ', None)", "told(getpass.getpass, echo=1)",
    "input('name? ')", "getpass.getpass()",
    "try:\n    input()\nexcept EOFError:\n    print('no input')",
    "import sys\nprint(repr(sys.stdin.read()), repr(sys.stdin.readline()))",
]


def ends(notebook):
    """What each cell wrote, and the error that it ended in."""
    return [[(output.output_type, output.get("text") or (output.get("ename"), output.get("evalue")))
             for output in cell.outputs] for cell in notebook.cells]


def test_questions_end_as_in_a_kernel():
    made = new_notebook(cells=[new_code_cell(source) for source in CELLS],
                        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    in_kernel = nbclient.NotebookClient(nbformat.from_dict(made), allow_errors=True, timeout=600).execute()
    with Engine(workers=1) as engine:
        run = engine.run(Job("ada", "asks", made, Assignment("asks", notebooks={"asks": made}), bytes(32)))
    theirs, ours = ends(in_kernel), ends(run.notebook)
    for source, stock, own in zip(CELLS, theirs, ours, strict=True):
        assert own == stock, source
