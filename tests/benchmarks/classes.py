"""Three classes to grade: functions only, twenty figures, cells that compute for a second.

Ordinary nbgrader assignments with asserts, so that both graders judge the very same tests. Every third hand-in has
a mistake, so that equal marks say something.
"""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.notebooks import PYTHON, autograded, code, solution

SETUP = "import numpy as np\nimport matplotlib.pyplot as plt\nfrom sklearn.linear_model import LogisticRegression"


def small():
    """6 solution cells, 10 test cells."""
    for k in range(6):
        yield solution(f"def f{k}(x):\n    return np.tanh(x) * {k + 1}", f"s{k}")
        for t in range(2 if k < 4 else 1):
            test = (
                f"x = np.linspace(-1, 1, {5 + t})\nassert f{k}(x).shape == x.shape\n"
                f"np.testing.assert_allclose(f{k}(x), np.tanh(x) * {k + 1})"
            )
            yield autograded(test, f"t{k}{t}")


def figures():
    """20 figures, and a test after each fifth."""
    for k in range(20):
        curve = f"ax.plot(np.sin(np.linspace(0, {k + 1}, 200)))"
        plot = f"fig, ax = plt.subplots()\n{curve}\nax.set_title('${k}x$')\ny{k} = {k}"
        yield solution(plot, f"s{k}")
        if k % 5 == 4:
            yield autograded(f"assert y{k} == {k}", f"t{k}")


def training():
    """3 cells that compute for a second together."""
    for k in range(3):
        yield solution(
            f"rng = np.random.default_rng({k})\nX{k}, w{k} = rng.normal(size=(2000, 50)), np.zeros(50)\n"
            f"y{k} = X{k} @ np.ones(50)\nfor _ in range(4000):\n"
            f"    w{k} -= 0.1 * X{k}.T @ (X{k} @ w{k} - y{k}) / len(y{k})", f"s{k}")
        yield autograded(f"np.testing.assert_allclose(w{k}, 1, atol=1e-6)", f"t{k}", 2)


CLASSES = {"small": small, "figures": figures, "training": training}


def source(kind):
    title = new_markdown_cell(f"# {kind}", id="title")
    return new_notebook(cells=[title, code(SETUP, "setup", locked=True), *CLASSES[kind]()], metadata=PYTHON)


def hand_in(kind, number):
    """The released notebook as student `number` filled it in: every third with a mistake, no two the same."""
    notebook = source(kind)
    for one in notebook.cells:
        if one.metadata.get("nbgrader", {}).get("solution"):
            one.source = f"# by student {number}\n{one.source}"
    if number % 3 == 0:
        broken = next(c for c in notebook.cells if c.id == f"s{4 if kind == 'figures' else number % 2}")
        broken.source += (
            "\ny4 = 0"
            if kind == "figures"
            else "\nraise ValueError('a mistake')"
            if kind == "training"
            else "\ndef f0(x):\n    return x\ndef f1(x):\n    return x"
        )
    return notebook


def make_course(folder: Path, kind: str, size: int) -> Path:
    """A course folder with one assignment, `kind`, and a class of `size` hand-ins."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "source" / kind).mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    nbformat.write(source(kind), folder / "source" / kind / f"{kind}.ipynb")
    for number in range(size):
        place = folder / "submitted" / f"student{number:04}" / kind
        place.mkdir(parents=True)
        nbformat.write(hand_in(kind, number), place / f"{kind}.ipynb")
    return folder
