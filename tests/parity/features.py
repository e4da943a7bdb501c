"""A small course that uses every feature of nbgrader which courses use, and a class that uses it rightly and wrongly.

    write(root)          sources, settings, files beside the notebooks
    hand_in(root)        the class, from what `nbgrader generate_assignment` released
"""

import copy
import json
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebooks import PYTHON, autograded, by_hand, code, solution, text

NAME = "ps1"
SETTINGS = '''
c = get_config()
c.CourseDirectory.course_id = "features"
c.LateSubmissionPlugin.penalty_method = "none"
c.AssignLatePenalties.plugin_class = "penalty.PerDay"
import os, sys
sys.path.append(os.path.dirname(os.path.abspath(__file__)) if "__file__" in globals() else os.getcwd())
'''
PENALTY = '''
from nbgrader.plugins import BasePlugin

class PerDay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """One mark for each day begun."""
        return -(-total_seconds_late // 86400)
'''
DUE = "2026-01-10 12:00:00 UTC"


def solved(source, name):
    return solution(f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", name)


def skipped(source, name):
    """A cell of the author's that is not to be run when hand-ins are graded."""
    return new_code_cell(source, id=name, metadata={"tags": ["skip-execution"]})


FUNCTIONS = [
    new_markdown_cell("# Functions", id="title"),
    code("import math\nimport asyncio", "imports", locked=True),
    solved("def squares(n):\n    if n < 1:\n        raise ValueError('n must be positive')\n"
           "    return [i ** 2 for i in range(1, n + 1)]", "squares"),
    autograded("assert squares(1) == [1]\nassert squares(3) == [1, 4, 9]", "plain"),
    autograded("assert squares(2) == [1, 4]\n### BEGIN HIDDEN TESTS\ntry:\n    squares(0)\nexcept ValueError:\n"
               "    pass\nelse:\n    raise AssertionError('squares(0) must raise')\n### END HIDDEN TESTS", "hidden", 2),
    autograded("0.5 * (squares(1) == [1]) + 1.5 * (squares(4)[-1] == 16)", "partial", 2),
    solved("total = sum(squares(10))", "variable"),
    autograded("assert total == 385", "of-a-variable"),
    solved("def greet():\n    print('hello')", "printing"),
    autograded("import io\nfrom contextlib import redirect_stdout\nwith redirect_stdout(io.StringIO()) as out:\n"
               "    greet()\nassert out.getvalue() == 'hello\\n'", "printed"),
    solved("async def later(x):\n    await asyncio.sleep(0)\n    return 2 * x", "async"),
    autograded("assert await later(4) == 8", "awaited"),
    solved("def helper_one(x):\n    return x + 1\n\ndef helper_two(x):\n    return helper_one(x) * 2", "helpers"),
    autograded("kept = helper_one\ndel helper_one\ntry:\n    helper_two(1)\nexcept NameError:\n    pass\nelse:\n"
               "    raise AssertionError('helper_two must call helper_one')\nfinally:\n    helper_one = kept\n"
               "assert helper_two(1) == 4", "deleted-name"),
    solved("import random\ndef throw(n):\n    return [random.randint(1, 6) for _ in range(n)]", "random"),
    autograded("random.seed(3)\nexpected = [random.randint(1, 6) for _ in range(5)]\nrandom.seed(3)\n"
               "assert throw(5) == expected", "seeded"),
    solved("def copied(rows):\n    return [list(row) for row in rows]", "copying"),
    autograded("rows = [[1], [2]]\nours = copied(rows)\nours[0].append(3)\nassert rows == [[1], [2]]", "no-alias"),
    skipped("raise SystemError('this takes a day')", "slow"),
    solved("class Counter:\n    def __init__(self):\n        self.n = 0\n    def up(self):\n        self.n += 1\n"
           "        return self", "class"),
    autograded("c = Counter()\nc.up().up()\nassert c.n == 2", "instance"),
    solved("def chatty(x):\n    import sys\n    return x + 1", "chatty"),
    autograded("assert chatty(1) == 2", "stderr"),
    solved("def by_source(x):\n    return x * 2", "inspected"),
    autograded("import inspect\nassert 'return' in inspect.getsource(by_source)", "inspect"),
    by_hand("### BEGIN SOLUTION\nBecause.\n### END SOLUTION", "why", 3),
    code("### BEGIN SOLUTION\nprint('a plot')\n### END SOLUTION", "by-hand", grade=True, solution=True, points=2),
    text("Draw it.\n\n### BEGIN MARK SCHEME\nAny drawing.\n### END MARK SCHEME", "task", task=True, locked=True,
         points=4),
]

SURROUNDINGS = [
    code("%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport helper", "setup",
         locked=True),
    solved("numbers = [float(line) for line in open('data.csv')]", "data"),
    autograded("assert numbers == [float(line) for line in open('data.csv')]\nassert len(numbers) == 3", "read-data"),
    solved("answer = helper.twice(21)", "module"),
    autograded("assert answer == 42 == helper.twice(21)", "helped"),
    solved("listed = !cat data.csv", "shell"),
    autograded("assert list(listed) == ['1', '2', '3']", "shelled"),
    autograded("lines = !echo one\nassert lines[0] == 'one'", "shell-in-test"),
    code("%%capture captured\nprint('kept')", "cell-magic", locked=True),
    solved("%time timed = sum(range(10))", "line-magic"),
    autograded("%precision 3\nassert timed == 45", "magic-in-test"),
    autograded("%%capture\nassert timed == 45", "cell-magic-test"),
    solved("fig, ax = plt.subplots()\nax.plot([1, 2], [3, 4])\nax.set_title('steps')", "figure"),
    autograded("assert ax.get_title() == 'steps'\nassert list(ax.lines[0].get_ydata()) == [3, 4]", "figure-test"),
    solved("def mean(x):\n    return np.mean(x)", "numpy"),
    autograded("assert np.isclose(mean(np.array([1., 2, 6])), 3)\nassert np.isnan(mean(np.array([np.nan])))", "array",
               2),
    solved("with open('out.txt', 'w') as file:\n    file.write('done')", "writes"),
    autograded("assert open('out.txt').read() == 'done'", "file-written"),
]
WIDGETS = [
    solved("import ipywidgets\nslider = ipywidgets.IntSlider(value=3, max=9)\nslider", "widget"),
    autograded("assert slider.value == 3 and slider.max == 9", "widget-test"),
]
PANDAS = [
    solved("import pandas as pd\nframe = pd.DataFrame({'a': [1, 2]})", "pandas"),
    autograded("assert list(frame.a) == [1, 2]\nassert frame.shape == (2, 1)", "frame"),
    solved("means = frame.groupby('a').size()\ntotal_of = lambda f: f.a.sum()", "series"),
    autograded("import pandas as pd\nassert means.sum() == 2\npd.testing.assert_series_equal(means, "
               "pd.Series([1, 1], index=pd.Index([1, 2], name='a')))\nassert total_of(frame) == 3", "series-test", 2),
]
AUTOTEST = [
    solved("a = 5\nwords = ['x', 'y']", "auto"),
    autograded("### AUTOTEST a; len(words)", "autotest"),
    autograded("### HASHED AUTOTEST words", "hashed"),
]


def write(root: Path) -> None:
    """The course as its instructor wrote it."""
    import nbgrader
    source = root / "source" / NAME
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(SETTINGS)
    (root / "penalty.py").write_text(PENALTY)
    shutil.copy(Path(nbgrader.__file__).parent / "docs/source/user_guide/autotests.yml", root)
    for stem, cells in {"functions": FUNCTIONS, "surroundings": SURROUNDINGS + WIDGETS + PANDAS,
                        "auto": AUTOTEST}.items():
        nbformat.write(new_notebook(cells=copy.deepcopy(cells), metadata=PYTHON), source / f"{stem}.ipynb")
    (source / "data.csv").write_text("1\n2\n3\n")
    (source / "helper.py").write_text("def twice(x):\n    return 2 * x\n")


def class_of(root: Path) -> dict[str, dict[str, nbformat.NotebookNode | None]]:
    """Student -> notebook -> what is handed in; None for a file that is not."""
    issued = {path.stem: nbformat.read(path, as_version=4)
              for path in sorted((root / "release" / NAME).glob("*.ipynb"))}
    answers = {cell.metadata.nbgrader.grade_id: cell.source.replace("### BEGIN SOLUTION\n", "").replace(
        "\n### END SOLUTION", "") for cells in (FUNCTIONS, SURROUNDINGS, WIDGETS, PANDAS, AUTOTEST) for cell in cells
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution}

    def student(**changes):
        made = copy.deepcopy(issued)
        for notebook in made.values():
            for cell in notebook.cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("-", "_")
                known = cell.metadata.get("nbgrader", {}).get("grade_id")
                if known in answers:
                    cell.source = changes.get(name, answers[known])
        return made

    def without(made, name):
        for notebook in made.values():
            notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != name]
        return made

    wrong = student(squares="def squares(n):\n    return [i ** 2 for i in range(n)]", variable="total = 384",
                    printing="def greet():\n    return 'hello'", data="numbers = []", module="answer = 41",
                    figure="fig, ax = plt.subplots()", numpy="def mean(x):\n    return np.nanmean(x)",
                    shell="listed = []", auto="a = 6\nwords = ['x']", writes="", why="Perhaps.",
                    by_hand="print('my plot')", helpers="def helper_one(x):\n    return x + 1\n\n"
                    "def helper_two(x):\n    return (x + 1) * 2", copying="def copied(rows):\n    return list(rows)",
                    random="import random\ndef throw(n):\n    return [random.randint(1, 5) for _ in range(n)]",
                    widget="slider = 3", pandas="import pandas as pd\nframe = pd.DataFrame({'a': [1, 3]})")
    wrong["functions"].cells[-1].source += "\n\nMy drawing."
    dies = student(variable="import os\nos._exit(1)")
    half = student(squares="def squares(n):\n    return [16, 16, 16, 16]")
    edited = student(squares="def squares(n):\n    return []")
    for cell in edited["functions"].cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "plain":
            cell.source, cell.metadata.nbgrader["points"] = "pass", 100
    twice, skips = student(), student()
    for place, cell in reversed(list(enumerate(twice["functions"].cells))):
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ("plain", "squares"):
            again = copy.deepcopy(cell)
            again.id += "-again"
            twice["functions"].cells.insert(place + 1, again)
    for cell in skips["functions"].cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ("squares", "of-a-variable"):
            cell.metadata["tags"] = ["skip-execution"]
    return {
        "right": student(),
        "twice": twice,
        "skips": skips,
        "nothing": {},
        "wrong": wrong,
        "untouched": copy.deepcopy(issued),
        "half": half,
        "warns": student(chatty="import sys\ndef chatty(x):\n    print('careful', file=sys.stderr)\n    return x + 1"),
        "deleted": without(student(), "plain"),
        "edited": edited,
        "dies": dies,
        "missing": student() | {"surroundings": None},
        "raises": student(variable="1 / 0"),
        "late": student(),
    }


def hand_in(root: Path) -> None:
    for student, notebooks in class_of(root).items():
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        if not notebooks:
            (folder / "notes.txt").write_text("I was ill.\n")
        for stem, notebook in notebooks.items():
            if notebook is not None:
                (folder / f"{stem}.ipynb").write_text(json.dumps(notebook))
        at = "2026-01-12 13:00:00 UTC" if student == "late" else "2026-01-09 12:00:00 UTC"
        (folder / "timestamp.txt").write_text(at + "\n")
        if student == "wrong":
            (folder / "data.csv").write_text("forged\n")       # the author's own is put over it
