"""The source notebook says what the text says, in nbgrader's schema, the same bytes each time."""

import inspect
import re

import nbformat
import pytest

from autograder.assignment import Assignment
from autograder.authoring.author import build, source_notebook
from autograder.course import Course
from coursekit.functions.dense import dense_backward
from tests.rewriting import rewrite

NAME = "week05_tiny"


def cells(root):
    notebook = source_notebook(Course.find(root), NAME)
    return {cell["id"]: cell for cell in notebook.cells}


def test_nbgrader_reads_each_part_as_what_it_is(tiny):
    from nbgrader.utils import is_grade, is_locked, is_solution

    found = {name: (is_grade(cell), is_solution(cell), is_locked(cell), cell.metadata.get("nbgrader", {}).get("points"))
             for name, cell in cells(tiny).items() if "nbgrader" in cell.metadata}
    assert found == {
        "setup-imports": (False, False, True, None),
        "desk": (False, False, True, None),
        "solution-dense_backward": (False, True, False, None),
        "test-dense_backward": (True, False, True, 3),
        "solution-double": (False, True, False, None),
        "test-double": (True, False, True, 1.5),
        "answer-why": (True, True, False, 2),
        "quiz-q_mnist": (False, True, False, None),
        "test-q_mnist": (True, False, True, 1),
        "quiz-q_order": (False, True, False, None),
        "test-q_order": (True, False, True, 2),
        "quiz-q_own": (False, True, False, None),
        "test-q_own": (True, False, True, 1),
    }


def test_a_check_that_fails_does_not_stop_jupyters_run_all(tiny):
    asks = {name for name, cell in cells(tiny).items() if "raises-exception" in cell.metadata.get("tags", ())}
    assert asks == {"test-dense_backward", "test-double", "test-q_mnist", "test-q_order", "test-q_own"}


def test_an_import_becomes_the_librarys_own_source(tiny):
    cell = cells(tiny)["solution-dense_backward"]
    unmarked = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", cell.source)
    assert unmarked.strip() == inspect.getsource(dense_backward).strip()
    before, after = cell.source.split("    ### BEGIN SOLUTION\n")
    assert before.rstrip().endswith('"""') and "dX = dY @ W.T" in after


def test_the_assignment_knows_what_it_withholds(tiny):
    build(tiny, NAME)
    assert Assignment.load(tiny, NAME).withheld == ("coursekit.functions.dense.dense_backward",)


def test_a_hidden_region_imports_what_it_uses(tiny):
    hidden = cells(tiny)["test-double"].source.split("### BEGIN HIDDEN TESTS\n")[1]
    assert hidden.startswith("from autograder.examine import examine\ndef cases")


def test_cells_keep_their_ids_when_others_change(tiny):
    before = cells(tiny)
    rewrite(tiny / NAME / f"{NAME}.py", "# ## 2 · Twice", "# ## 2 · Two times")
    after = cells(tiny)
    assert len(before.keys() - after.keys()) == len(after.keys() - before.keys()) == 1
    assert all(re.fullmatch(r"[\w-]{1,64}", name) for name in after)


def test_the_same_text_gives_the_same_bytes(tiny):
    [path] = build(tiny)
    first, stamp = path.read_bytes(), path.stat().st_mtime_ns
    build(tiny)
    assert path.stat().st_mtime_ns == stamp      # nothing to write, nothing written
    path.unlink()
    build(tiny, NAME)
    assert path.read_bytes() == first
    assert first.endswith(b"}\n") and b"\r" not in first


def test_nothing_of_the_making_is_in_the_notebook(tiny):
    [path] = build(tiny)
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) == {"kernelspec", "language_info", "coursekit"}
    assert notebook.metadata.coursekit == {"assignment": NAME, "version": 1}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count is None and cell.outputs == [] for cell in code)


def test_windows_line_ends_and_comments_that_look_like_commands(tiny):
    path = tiny / NAME / f"{NAME}.py"
    text = path.read_text().replace("# adding is as good", "# copy the array\n    # adding is as good")
    path.write_bytes(text.replace("\n", "\r\n").encode())
    source = cells(tiny)["solution-double"].source
    assert "    # copy the array\n    # adding" in source


def test_a_question_of_ones_own_numbers(tiny):
    notebook = source_notebook(Course.find(tiny), NAME)
    place = [cell["id"] for cell in notebook.cells].index("quiz-q_own")
    words, numbers, answer = notebook.cells[place - 2:place + 1]
    assert words.source == "How many parameters has d -> 3?"
    assert 'drawn("tiny", student_id, {"d": [4, 5, 6]})' in numbers.source
    assert "nbgrader" not in numbers.metadata       # it needs the student's id: it runs as the student's own
    assert answer.source.startswith("q_own = ...  # a number") and 'q_own = "(d + 1)*3"' in answer.source


def test_the_items_of_an_order_are_listed(tiny):
    notebook = source_notebook(Course.find(tiny), NAME)
    place = [cell["id"] for cell in notebook.cells].index("quiz-q_order")
    assert notebook.cells[place - 1].source == "In which order?\n\n- **a** eat\n- **b** cook"


@pytest.mark.parametrize("old, new, message", [
    (' points=1.5', '', "received a code cell"),
    ('test="double" points=1.5', 'test="double" points=1.5 colour="red"', "received a code cell"),
    ('solution="double"', 'soluton="double"', "received a code cell"),
    ('[markdown] answer="why"', 'answer="why"', "received a code cell"),
    ('# %%\nprogress()', '# %% A title\nprogress()', "A title"),
    ('quiz="q_mnist"', 'quiz="q_mni"', "q_mnist"),
    ('# %% quiz="q_mnist"\n', '', "which no cell"),
    ('quiz="q_mnist"', 'quiz="q_mnist"\nx = 1', "words are in quiz.toml"),
    ('import dense_backward', 'import backwards', "defines no function"),
    ('    ### BEGIN SOLUTION\n    # adding', '    # adding', "BEGIN SOLUTION"),
    ('solution="double"', 'solution="dense_backward"', "solution-dense_backward"),
    ('setup="imports"', 'solution="imports"', "imports"),
])
def test_a_slip_in_the_text_is_named(tiny, old, new, message):
    rewrite(tiny / NAME / f"{NAME}.py", old, new)
    with pytest.raises(Exception, match=re.escape(message)):
        source_notebook(Course.find(tiny), NAME)


def test_a_withheld_function_must_stand_alone(tiny):
    rewrite(tiny / NAME / f"{NAME}.py",
            "coursekit.functions.dense import dense_backward", "coursekit.desk.quiz import drawn")
    with pytest.raises(ValueError, match="must stand on its own.*uses Mapping, hashlib, same_id"):
        source_notebook(Course.find(tiny), NAME)


def test_an_assignment_without_a_text_is_named_as_such(tiny):
    with pytest.raises(FileNotFoundError, match="assignments with a text: week05_tiny"):
        build(tiny, "week09_none")


def test_braces_beside_drawn_numbers_are_pointed_out(tiny):
    rewrite(tiny / NAME / "quiz.toml", "has {d} -> 3?", "has {d} -> 3, in $x_{12}$?")
    with pytest.raises(ValueError, match="are doubled"):
        source_notebook(Course.find(tiny), NAME)
