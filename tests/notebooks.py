"""Source notebooks and their cells, marked for nbgrader as an instructor marks them."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def code(source, name, **marks):
    """A code cell called `name`, for nbgrader and in the notebook; `marks` are what else nbgrader knows of it."""
    return _marked(new_code_cell, "code", source, name, marks)


def text(source, name, **marks):
    """A Markdown cell, likewise."""
    return _marked(new_markdown_cell, "markdown", source, name, marks)


def solution(source, name):
    """What a student writes, as the instructor solved it."""
    return code(source, name, solution=True)


def autograded(source, name, points=1):
    """A test that gives points."""
    return code(source, name, grade=True, locked=True, points=points)


def by_hand(source, name, points):
    """A written answer, which a person marks."""
    return text(source, name, grade=True, solution=True, points=points)


def notebook(exercises, setup="import numpy as np", points=1):
    """A setup cell, then a solution and a test for each of the exercises, {name: (solution, test)}."""
    cells = [code(setup, "setup", locked=True)]
    for name, (solved, test) in exercises.items():
        name = name.replace(" ", "_")
        cells += [solution(solved, f"solution-{name}"), autograded(test, f"test-{name}", points)]
    return new_notebook(cells=cells)


def _marked(make, kind, source, name, marks):
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    return make(source, id=name, metadata={"nbgrader": {
        "schema_version": 3, "grade_id": name, "cell_type": kind, **plain, **marks}})
