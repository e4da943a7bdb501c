"""What each side may see and import."""

from pathlib import Path

import pytest

import autograder
from autograder.assignment import Assignment
from autograder.engine import view

EXERCISE = {"use": ("pass", "assert True")}


def ends(course, source):
    run, _ = course.grade(use=source)
    return next((o.ename for o in run.notebook.cells[1].outputs if o.output_type == "error"), "")


@pytest.fixture(scope="module")
def course(course_of):
    return course_of(
        EXERCISE,
        imports=("numpy",),
        provides=("coursekit.functions.activations",),
        withheld=("coursekit.functions.activations.softmax",),
    )


@pytest.mark.parametrize(
    "source, error",
    [
        ("import numpy.linalg, matplotlib.pyplot as plt, json", ""),
        ("from coursekit.functions.activations import relu\nassert relu(np.ones(1)) == 1", ""),
        ("from coursekit.functions.activations import softmax\nsoftmax(np.ones(2))", "NotImplementedError"),
        ("import coursekit.losses", "ImportError"),
        ("import sklearn", "ModuleNotFoundError"),
        ("import nbgrader", "ModuleNotFoundError"),
        ("import autograder", "ModuleNotFoundError"),
    ],
)
def test_imports_of_the_student(course, source, error):
    assert ends(course, source) == error


def test_an_import_that_is_not_allowed_is_refused_in_words(course):
    run, _ = course.grade(use="import sklearn")
    assert "not among the packages that this assignment allows" in str(run.notebook.cells[1].outputs)


def test_the_words_are_not_the_wall(course):
    assert ends(course, "import sys\nsys.meta_path.pop(0)\nimport sklearn") == "PermissionError"


def test_the_sentence_says_what_is_asked(course):
    run, _ = course.grade(use="from coursekit.functions.activations import softmax\nsoftmax(np.ones(2))")
    assert "this exercise asks you to write `softmax` yourself" in str(run.notebook.cells[1].outputs)


def test_without_a_list_any_package_may_be_imported(course_of):
    assert ends(course_of(EXERCISE), "import mdurl") == ""


def test_the_students_view_holds_nothing_of_ours():
    root = Path(autograder.__file__).parents[1]
    seen = view.of_student(Assignment("x"), Path("/edition"))
    assert not [p for p in seen.read if Path(p).name.startswith(("autograder", "coursekit", "__editable__"))]
    assert not {str(root), str(root / "autograder"), str(root / "coursekit")} & {*seen.read, *seen.visible, *seen.path}


def test_the_trusted_view_holds_no_course():
    seen = view.of_trusted()
    root = Path(autograder.__file__).parents[1]
    assert str(root / "autograder") in seen.read
    assert str(root) not in seen.read and str(root / "assignments") not in seen.read


def test_packages_bring_what_they_need():
    assert {"numpy", "matplotlib", "IPython"} <= view.tops(("numpy",))
    assert "sklearn" not in view.tops(("numpy",))
    assert {"sklearn", "scipy", "joblib"} <= view.tops(("sklearn",))
