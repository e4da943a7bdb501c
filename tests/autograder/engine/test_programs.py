"""Other programs: run behind the same walls where the assignment's own cells start some, refused in words elsewhere."""

import os
import time

import psutil
import pytest

from autograder.engine.names import starts_programs

SHELL = {
    "line": ("listed = !echo one; echo two", "assert list(listed) == ['one', 'two']"),
    "cell": ("%%bash\necho hello > out.txt", "assert open('out.txt').read() == 'hello\\n'"),
    "in the test": ("def f():\n    return 1", "lines = !echo three\nassert f() == 1 and lines == ['three']"),
    "module": (
        "import subprocess\ndone = subprocess.run(['sort'], input='b\\na\\n', capture_output=True, text=True).stdout",
        "assert done == 'a\\nb\\n'",
    ),
    "python": ("told = !python -c 'print(6 * 7)'", "assert list(told) == ['42']"),
    "variable": ("word = 'x'\nback = !echo {word}$word", "assert list(back) == ['xx']"),
}
PLAIN = {"own": ("def g(x):\n    return x + 1", "assert g(1) == 2")}


@pytest.fixture(scope="module")
def shell(course_of):
    return course_of(SHELL, name="shell")


@pytest.fixture(scope="module")
def plain(course_of):
    return course_of(PLAIN, name="plain")


@pytest.mark.parametrize("name", SHELL)
def test_an_assignment_that_starts_programs_may(shell, name):
    run, verdicts = shell.grade()
    assert verdicts[name].score == 1, verdicts[name].rationale


def test_a_locked_cell_with_a_program_is_run_apart_but_for_that(course_of):
    from tests.notebooks import notebook

    made = notebook({"own": ("def g(x):\n    return x + 1", "assert g(number) == 2")}, "!true\nnumber = 1")
    run, verdicts = course_of({}, name="locked", notebooks={"tiny": made}).grade()
    assert verdicts["own"].score == 1 and run.trusted["test-own"]


def test_a_wrong_answer_is_wrong(shell):
    _, verdicts = shell.grade(line="listed = !echo two", module="done = 'b'")
    assert verdicts["line"].score == 0 and verdicts["module"].score == 0


def test_what_a_line_prints_is_shown(shell):
    run, _ = shell.grade(line="!echo out; echo err >&2\nlisted = []")
    assert run.notebook.cells[1].outputs[0].text == "out\nerr\n"


def test_a_line_that_is_not_run_says_so_and_costs_nothing_else(plain):
    run, verdicts = plain.grade(own="!pip install numpy\nfiles = !ls\ndef g(x):\n    return x + 1 + len(files)")
    assert verdicts["own"].score == 1
    assert "!pip install numpy: not run" in run.notebook.cells[1].outputs[0].text


@pytest.mark.parametrize("start", [
    "import subprocess\nsubprocess.run(['ls'])", "import os\nos.system('ls')", "import os\nos.fork()", "%%bash\nls",
])
def test_other_ways_end_the_cell_with_the_reason(plain, start):
    run, verdicts = plain.grade(own=start)
    errors = [output for output in run.notebook.cells[1].outputs if output.output_type == "error"]
    assert "this assignment's own cells start none" in errors[0].evalue and verdicts["own"].score == 0


@pytest.mark.parametrize("source, starts", [
    ("!ls", True), ("x = !ls", True), ("%%bash\nls", True), ("%sx ls", True), ("import subprocess", True),
    ("os.system('ls')", True), ("os.popen('ls')", True), ("import platform\nplatform.system()", False),
    ("%matplotlib inline\nimport os\nos.path.exists('x')", False), ("x != 3", False), ("'!ls'", False),
])
def test_what_starts_programs(source, starts):
    assert starts_programs(source) is starts


def test_what_a_program_leaves_behind_ends_with_its_hand_in(shell):
    """One that has left its session and its parent is found all the same."""
    seconds = f"300.{os.getpid()}"      # others may sleep on this machine, too
    leaves = (
        "import subprocess\n"
        f"program = ['setsid', 'sh', '-c', 'sleep {seconds} & sleep {seconds}']\n"
        "p = subprocess.Popen(program, stdout=subprocess.DEVNULL)\n"
        "done = 'a\\nb\\n'"
    )
    shell.grade(module=leaves)
    for _ in range(300):
        left = [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == ["sleep", seconds]]
        if not left:
            break
        time.sleep(0.1)
    assert not left
