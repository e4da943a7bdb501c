"""nbgrader makes the students' version; whatever would give something away is refused; versions stay what they are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.publishing.leaks import is_telling, leaks
from autograder.publishing.release import Changed, Leak, generate, release
from tests.rewriting import rewrite

NAME = "week05_tiny"


@pytest.fixture
def released(tiny):
    """The generated release folder of the tiny course."""
    return generate(tiny, NAME)


def load(folder):
    return json.loads((folder / f"{NAME}.ipynb").read_text(encoding="utf-8"))


def sources(folder):
    return {cell["id"]: "".join(cell["source"]) for cell in load(folder)["cells"]}


def test_students_get_stubs_and_visible_tests(released):
    found = sources(released)
    stub = "    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert found["solution-double"] == f'def double(x):\n    """Twice x."""\n{stub}'
    assert found["test-double"] == "check(double)"
    assert found["answer-why"] == "Why?\n\nYOUR ANSWER HERE"
    assert "desk.load" in found["desk"]


def test_an_open_question_does_not_stop_the_notebook(released):
    found = sources(released)
    assert found["quiz-q_mnist"] == "q_mnist = ...  # a number, or arithmetic that gives one"
    assert found["test-q_mnist"] == 'check("q_mnist")'


def test_generating_again_changes_nothing(tiny, released):
    before = (released / f"{NAME}.ipynb").read_bytes()
    stamp = (released / f"{NAME}.ipynb").stat().st_mtime_ns
    generate(tiny, NAME)
    assert (released / f"{NAME}.ipynb").read_bytes() == before
    assert (released / f"{NAME}.ipynb").stat().st_mtime_ns == stamp
    assert [path.name for path in tiny.iterdir() if path.name.startswith(".release")] == []
    assert not (tiny / "build" / "gradebook.db").exists() and not (tiny / "versions").exists()


def test_our_own_release_holds_no_leak(tiny, released):
    course = Course.find(tiny)
    assert leaks(released, course.assignment(NAME), course.key()) == []


# Each leak the guard knows, planted: (what it is, change to the notebook, words of the message).
def _append(cell_id, text):
    def change(notebook):
        cell = next(cell for cell in notebook["cells"] if cell["id"] == cell_id)
        cell["source"] = "".join(cell["source"]) + "\n" + text
    return change


def _set(cell_id, **fields):
    def change(notebook):
        next(cell for cell in notebook["cells"] if cell["id"] == cell_id).update(fields)
    return change


OUTPUT = {"output_type": "stream", "name": "stdout", "text": "42"}

PLANTED = {
    "a line of the library's body": (_append("solution-dense_backward", "    dX = dY @ W.T"), "dX=dY@W.T"),
    "the same, set otherwise": (_append("solution-dense_backward", "    dX=dY@W.T  # so"), "dX=dY@W.T"),
    "a comment of the body": (_append("solution-double", "# adding is as good as multiplying"), "addingisasgood"),
    "a line of the text's own solution": (_append("test-double", "result = x + x + 0 * x"), "result=x+x+0*x"),
    "a solution as prose": (_append("answer-why", "`result = x + x + 0 * x`"), "result=x+x+0*x"),
    "a model answer": (_append("answer-why", "Because the sum of two equal things is twice the thing."), "Becausethe"),
    "a hidden test": (_append("test-double", "examine(double, cases, public=1)"), "hidden tests of test-double"),
    "a quiz answer": (_append("quiz-q_order", 'q_order = "ba"'), 'answer to quiz-q_order'),
    "a quiz answer as a formula": (_append("quiz-q_mnist", "q_mnist = (28*28 + 1)*10"), "answer to quiz-q_mnist"),
    "a misconception's code": (_append("solution-double", "    result = x * x * 1.0"), "misconception 'squared'"),
    "a misconception's sentence": (_append("test-double", "# The number was squared instead of doubled."), "remark on"),
    "a marker left over": (_append("test-double", "### BEGIN HIDDEN TESTS"), "'BEGIN HIDDEN TESTS'"),
    "the grader's module": (_append("test-double", "import autograder.examine"), "autograder.examine"),
    "text of the author's kind": (_append("test-double", "# %% solution"), "# %%"),
    "an output": (_set("test-double", outputs=[OUTPUT]), "an output"),
    "an execution count": (_set("test-double", execution_count=3), "an execution count"),
    "an attachment": (_set("answer-why", attachments={"a.png": {"image/png": "aGk="}}), "attachments"),
    "jupytext's metadata": (lambda notebook: notebook["metadata"].update(jupytext={}), "made from"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_leak_is_found(tiny, released, what):
    plant, words = PLANTED[what]
    notebook = load(released)
    plant(notebook)
    (released / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    course = Course.find(tiny)
    found = leaks(released, course.assignment(NAME), course.key())
    assert any(words in leak for leak in found), found


@pytest.mark.parametrize("name, content, words", [
    (f"{NAME}.py", b"# a text", "author's text"),
    ("assignment.toml", b"", "author's text"),
    ("helpers/tools.py", b"x = 1", "author's text"),
    ("notes.txt", b"hello", "not known to belong"),
    ("other.ipynb", b"{}", "no source notebook"),
])
def test_a_planted_file_is_found(tiny, released, name, content, words):
    path = released / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    course = Course.find(tiny)
    [leak] = leaks(released, course.assignment(NAME), course.key())
    assert leak.startswith(name) and words in leak


@pytest.mark.parametrize("form", ["hex", "raw"])
def test_the_key_is_found_in_any_file(tiny, released, form):
    course = Course.find(tiny)
    key = course.key().hex().encode() if form == "hex" else course.key()
    (released / "data.bin").write_bytes(b"..." + key + b"...")
    found = leaks(released, course.assignment(NAME), course.key(), files=("data.bin",))
    assert found == ["data.bin holds the secret key"]


def test_what_leaks_is_not_written(tiny):
    rewrite(tiny / NAME / f"{NAME}.py", "# ## 2 · Twice", "# ## 2 · Twice\n#\n# Write `result = x + x + 0 * x`.")
    with pytest.raises(Leak, match="result=x"):
        generate(tiny, NAME)
    assert not (tiny / "release" / NAME).exists()


def test_an_author_may_show_a_line_on_purpose(tiny):
    rewrite(tiny / NAME / f"{NAME}.py", "# ## 2 · Twice", "# ## 2 · Twice\n#\n# Write `result = x + x + 0 * x`.")
    rewrite(tiny / NAME / "assignment.toml", "minutes = 20", 'minutes = 20\nshown = ["result = x + x + 0 * x"]')
    assert generate(tiny, NAME).is_dir()


def test_a_file_beside_the_source_goes_out_only_if_it_is_listed(tiny):
    generate(tiny, NAME)
    (tiny / "source" / NAME / "data.csv").write_text("1,2\n")
    with pytest.raises(Leak, match="data.csv"):
        generate(tiny, NAME)
    rewrite(tiny / NAME / "assignment.toml", "minutes = 20", 'minutes = 20\nfiles = ["data.csv"]')
    assert (generate(tiny, NAME) / "data.csv").read_text() == "1,2\n"
    (tiny / "source" / NAME / "data.csv").unlink()
    assert not (generate(tiny, NAME) / "data.csv").exists()


def test_nbgraders_own_complaint_reaches_the_author(tiny):
    rewrite(tiny / NAME / f"{NAME}.py", "# adding is as good as multiplying", "### BEGIN SOLUTION")
    with pytest.raises(RuntimeError, match="nested begin solution"):
        generate(tiny, NAME)


def test_a_release_is_fixed_under_its_number(tiny):
    assert release(tiny, NAME) == tiny.resolve() / "release" / NAME
    frozen = Assignment.from_json((tiny / "versions" / NAME / "1.json").read_text(encoding="utf-8"))
    assert frozen == Course.find(tiny).assignment(NAME)


def test_what_students_hold_does_not_change_under_its_number(tiny):
    release(tiny, NAME)
    first = (tiny / "versions" / NAME / "1.json").read_bytes()
    handed_out = (tiny / "release" / NAME / f"{NAME}.ipynb").read_bytes()
    rewrite(tiny / NAME / f"{NAME}.py", '"""Twice x."""', '"""Two times x."""')
    with pytest.raises(Changed, match="Raise `version`"):
        release(tiny, NAME)
    assert (tiny / "release" / NAME / f"{NAME}.ipynb").read_bytes() == handed_out
    rewrite(tiny / NAME / "assignment.toml", "version = 1", "version = 2")
    release(tiny, NAME)
    assert (tiny / "release" / NAME / f"{NAME}.ipynb").read_bytes() != handed_out
    assert (tiny / "versions" / NAME / "1.json").read_bytes() == first
    assert (tiny / "versions" / NAME / "2.json").exists()


def test_points_count_as_what_students_hold(tiny):
    release(tiny, NAME)
    rewrite(tiny / NAME / f"{NAME}.py", "points=1.5", "points=2.5")
    with pytest.raises(Changed):
        release(tiny, NAME)


def test_a_hidden_test_may_be_mended(tiny):
    release(tiny, NAME)
    rewrite(tiny / NAME / f"{NAME}.py", "yield (float(rng.normal()),)", "yield (float(rng.normal(3)),)")
    release(tiny, NAME)
    frozen = Assignment.from_json((tiny / "versions" / NAME / "1.json").read_text(encoding="utf-8"))
    assert "rng.normal(3)" in str(frozen.notebooks)


def test_what_leaks_is_not_fixed_either(tiny):
    rewrite(tiny / NAME / f"{NAME}.py", "# ## 2 · Twice", "# ## 2 · Twice\n#\n# Write `result = x + x + 0 * x`.")
    with pytest.raises(Leak):
        release(tiny, NAME)
    assert not (tiny / "versions").exists()


def test_a_notebook_written_in_jupyter_is_released_too(tiny):
    # Somebody else's course: settings of nbgrader's, a source notebook, a data file, and nothing of ours.
    generate(tiny, NAME)
    other = tiny.parent / "other"
    (other / "source" / "ps1").mkdir(parents=True)
    (other / "source" / "ps1" / "problem.ipynb").write_bytes((tiny / "source" / NAME / f"{NAME}.ipynb").read_bytes())
    (other / "source" / "ps1" / "data.csv").write_text("1,2\n")
    folder = generate(other, "ps1")
    assert sorted(path.name for path in folder.iterdir()) == ["data.csv", "problem.ipynb"]
    assert "raise NotImplementedError()" in (folder / "problem.ipynb").read_text()


@pytest.mark.parametrize("line, telling", [
    ("    return X @ W + b", True),
    ("    dW = X.T @ dY", True),
    ("    # subtract the largest first so that exp stays finite", True),
    ("    return x", False),
    ("    total = 0", False),
    ("    for W, b in params:", False),
    ("    raise ValueError('no')", False),
    ("def softmax(z):", False),
    ("    else:", False),
    ("", False),
])
def test_lines_that_every_program_has_tell_nothing(line, telling):
    assert is_telling(line, 9) is telling


@pytest.mark.parity
def test_nbgraders_own_command_makes_the_same_file(tiny, released):
    ours = (released / f"{NAME}.ipynb").read_bytes()
    beside_python = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    here = {"PATH": beside_python, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    done = subprocess.run([sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force"], cwd=tiny,
                          capture_output=True, text=True, env={**os.environ, **here})
    assert done.returncode == 0, done.stderr[-2000:]
    assert (released / f"{NAME}.ipynb").read_bytes() == ours
