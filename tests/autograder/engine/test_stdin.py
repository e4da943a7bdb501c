"""A question to the keyboard ends in a kernel's error, on both sides of a test and across."""

import pytest

CAUGHT = """
def told(ask, *args):
    try:
        return ask(*args)
    except EOFError:
        return "no input"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""
WORDS = "StdinNotImplementedError: {} was called, but this frontend does not support input requests."
SAID = {"input": WORDS.format("raw_input"), "getpass": WORDS.format("getpass")}
BOTH = f"{tuple(SAID.values())!r}"
EXPECTED = """
from IPython.core.error import StdinNotImplementedError
try:
    name()
    assert False
except StdinNotImplementedError as error:
    assert 'raw_input was called' in str(error)
"""
ASKS = {
    "in a function": (CAUGHT + "import getpass\ndef asked():\n    return told(input, 'name? '), told(getpass.getpass)",
                      f"assert asked() == {BOTH}"),
    "in a cell": (CAUGHT + "word = told(input)", f"assert word == {SAID['input']!r}"),
    "in the test": ("def f():\n    return 1", CAUGHT + "import getpass\nassert f() == 1\n"
                    f"assert (told(input), told(getpass.getpass)) == {BOTH}"),
    "caught by the test": ("def name():\n    return input()", EXPECTED),
}


@pytest.fixture(scope="module")
def graded(course_of):
    return course_of(ASKS, name="asks").grade()


@pytest.mark.parametrize("where", ASKS)
def test_a_question_is_refused_as_a_kernel_does(graded, where):
    run, verdicts = graded
    assert verdicts[where].score == 1, verdicts[where].rationale
    assert run.trusted[f"test-{where.replace(' ', '_')}"]


def test_a_cell_that_asks_ends_in_the_kernels_error(course_of):
    run, _ = course_of(ASKS, name="asks").grade(**{"in a cell": "input('your name: ')"})
    [output] = run.notebook.cells[3].outputs
    assert f"{output.ename}: {output.evalue}" == SAID["input"]
