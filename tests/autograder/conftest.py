"""A tiny course in a folder of its own: exercises from the library and from the text, a quiz, a written answer."""

import shutil
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[2]

TEXT = '''\
# %% [markdown]
# # Week 5 · Tiny

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %%
student_id = "..."

# %% [markdown]
# ## 1 · The dense layer, backwards

# %% solution="dense_backward"
from coursekit.functions.dense import dense_backward

# %% test="dense_backward" points=3
check(dense_backward)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]]), np.array([[7.0]])
    yield rng.normal(size=(3, 2)), rng.normal(size=(3, 4)), rng.normal(size=(4, 2))

examine(dense_backward, cases, public=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Twice

# %% solution="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    # adding is as good as multiplying
    result = x + x + 0 * x
    return result
    ### END SOLUTION

# %% test="double" points=1.5
check(double)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (1.5,)
    yield (float(rng.normal()),)

examine(double, cases, public=1)
### END HIDDEN TESTS

# %% [markdown] answer="why" points=2
# Why?
#
# ### BEGIN SOLUTION
# Because the sum of two equal things is twice the thing.
# ### END SOLUTION

# %% quiz="q_mnist"

# %% quiz="q_order"

# %% quiz="q_own"

# %%
progress()
'''

FILES = {
    "course.toml": """
        id = "tiny"
        title = "A tiny course"
    """,
    "week05_tiny/week05_tiny.py": TEXT,
    "week05_tiny/assignment.toml": """
        title = "Week 5 · Tiny"
        version = 1
        minutes = 20
        provides = ["coursekit.functions.activations", "coursekit.functions.dense"]
    """,
    "week05_tiny/exercises.toml": """
        [double]
        hints = ["What is a thing and the same thing again?"]
        [[double.wrong]]
        name = "squared"
        old = "x + x + 0 * x"
        new = "x * x * 1.0"
        says = "The number was squared instead of doubled."
        hint = "What does your function make of 3?"
    """,
    "week05_tiny/quiz.toml": """
        [q_mnist]
        kind = "number"
        ask = "How many parameters has 784 -> 10?"
        answer = "(28*28 + 1)*10"
        [q_order]
        kind = "order"
        points = 2
        ask = "In which order?"
        items = { a = "eat", b = "cook" }
        before = ["b<a"]
        answer = "ba"
        [q_own]
        kind = "number"
        ask = "How many parameters has {d} -> 3?"
        draw = { d = [4, 5, 6] }
        answer = "(d + 1)*3"
    """,
}


@pytest.fixture
def tiny(tmp_path):
    """Root of the tiny course, not built yet; its settings are those of the real course."""
    return _lay_out(tmp_path / "assignments")


@pytest.fixture(scope="session")
def lay_out_tiny():
    """lay_out_tiny(root) writes the tiny course there, for tests that share one."""
    return _lay_out


def _lay_out(root):
    for where, text in FILES.items():
        path = root / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), encoding="utf-8")
    shutil.copy(ROOT / "assignments" / "nbgrader_config.py", root)
    return root


@pytest.fixture
def assign():
    """assign(solution, test, wrong=...) -> a tiny Assignment: one setup, one solution and one test cell."""
    from autograder.assignment import Assignment, Exercise, Misconception

    def cell(kind, source, **marks):
        return {"cell_type": "code", "id": kind, "source": dedent(source), "outputs": [], "execution_count": None,
                "metadata": {"nbgrader": {"grade_id": kind, "grade": False, "solution": False, "locked": True} | marks}}

    def make(solution, test, wrong=None, hints=(), name="week01_tiny"):
        setup = "import numpy as np\nfrom coursekit.desk import check\nfrom autograder.examine import *\n"
        cells = [cell("setup", setup), cell("solution", solution, solution=True, locked=False),
                 cell("test", test, grade=True, points=4)]
        exercises = {
            exercise: Exercise(exercise, tuple(hints), tuple(
                Misconception(label, dedent(source), f"That is {label}.", "Why?") for label,
                    source in mistakes.items()))
            for exercise, mistakes in (wrong or {}).items()}
        return Assignment(name, exercises=exercises, notebooks={name: {"cells": cells, "metadata": {}}})

    return make


@pytest.fixture
def built(tiny, empty_gradebook):
    """Root of the tiny course, its notebooks built, with a gradebook to write into."""
    from autograder.authoring.author import build

    build(tiny, "week05_tiny")
    (tiny / "build").mkdir(exist_ok=True)
    shutil.copy(empty_gradebook, tiny / "build" / "gradebook.db")
    return tiny


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory):
    """nbgrader's database without entries, to be copied: making one takes seconds, since it starts alembic."""
    from autograder.bookkeeping.gradebook import opened
    from autograder.course import Course

    root = tmp_path_factory.mktemp("gradebook")
    (root / "course.toml").write_text('id = "tiny"\n')
    with opened(Course.load(root)):
        pass
    return root / "gradebook.db"
