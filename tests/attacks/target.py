"""The assignment that the corpus attacks, and the reader of a corpus file.

A corpus file is a hand-in as text, and not a .py file: whatever collects modules must never import one.
Its head says what it tries and the marks it may get at most; each `# %% name` cell replaces the solution
cell of that name, each `# %%` cell is a free cell before the tests. Solutions that it does not mention stay
unsolved, except `first`, which everybody has right: its mark must be kept.

    # tries: an object that equals everything
    # programs: yes                               the assignment's own cells start other programs, so hand-ins may
    # marks: area=0 double=0
    # %% area
    ...

`{canary}`, `{port}` and `{pid}` stand for a folder of secrets, a listening port, and the grader's process.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from autograder.assignment import Assignment, Limits
from autograder.job import Job

SECRET = "sesame-4711"      # in the reference and the hidden tests; no output of a student's cell may hold it
CORPUS = Path(__file__).parent / "corpus"

SOLUTIONS = {
    "first": "def first(x):\n    return x + 1",
    "double": f"def double(x):\n    '{SECRET}'\n    return 2 * x",
    "softmax": (
        f"def softmax(z):\n    '{SECRET}'\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
        "    return e / e.sum(axis=-1, keepdims=True)"
    ),
    "area": f"def area(r):\n    '{SECRET}'\n    return np.pi * r**2",
    "Counter": (
        f"class Counter:\n    '{SECRET}'\n    def __init__(self):\n        self.n = 0\n"
        "    def add(self, k):\n        self.n += k\n        return self.n"
    ),
    "answer": f"answer = 42  # {SECRET}",
    "slope": f"def slope(f, x):\n    '{SECRET}'\n    return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4",
    "rating": f"def rating():\n    '{SECRET}'\n    return 0.5",
    "share": f"def share():\n    '{SECRET}'\n    return 0.5",
    "hypotenuse": f"def hypotenuse(a, b):\n    '{SECRET}'\n    return float(np.hypot(a, b))",
    "derivative": f"def derivative(f, x):\n    '{SECRET}'\n    return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4",
    "mean": f"def mean(x):\n    '{SECRET}'\n    total = x.sum()\n    return total / x.size",
    "spread": f"def spread(x):\n    '{SECRET}'\n    return x.max() - x.min()",
    "evens": f"def evens(x):\n    '{SECRET}'\n    return x % 2 == 0",
    "root": f"def root(x):\n    '{SECRET}'\n    if x < 0:\n        raise ValueError\n    return float(np.sqrt(x))",
    "greeting": f"def greeting(name):\n    '{SECRET}'\n    return f'Hello, {{name}}!'",
    "total": f"def total(x):\n    '{SECRET}'\n    return x.sum()",
    "centred": f"def centred(x):\n    '{SECRET}'\n    return x - x.mean(axis=0)",
    "squares": f"def squares(n):\n    '{SECRET}'\n    return np.arange(n) ** 2.0",
}
EXAMINE = "from autograder.examine import examine\n"
CASES = "def cases(rng):\n    yield np.array([[1.0, 2.0]]),\n    yield rng.normal(size=(3, 4)),\n"
TESTS = {
    "first": "assert first(1) == 2\nassert first(41) == 42",
    "double": EXAMINE + CASES + "examine(double, cases, public=1)",
    "softmax": EXAMINE + CASES + "examine(softmax, cases, public=1)",
    "area": (
        f"# {SECRET}\nexpected = np.array([3.141592653589793, 12.566370614359172])\nr = np.array([1.0, 2.0])\n"
        "assert np.allclose(area(r), expected)\nassert abs(area(3.0) - 28.274333882308138) < 1e-9"
    ),
    "Counter": "c = Counter()\nassert c.add(2) == 2\nassert c.add(3) == 5\nassert c.n == 5",
    "answer": f"assert answer == 42, '{SECRET}'",
    "slope": "assert abs(slope(np.sin, 0.3) - np.cos(0.3)) < 1e-6\nassert abs(slope(lambda t: t**3, 2.0) - 12) < 1e-5",
    "rating": "rating()",
    "share": "score = share()\nfloat(score)",
    "hypotenuse": "assert abs(hypotenuse(3.0, 4.0) - 5.0) < 1e-12\nassert abs(13.0 - hypotenuse(5.0, 12.0)) < 1e-12",
    "derivative": "at = np.array([0.3, 0.7])\nassert np.allclose(derivative(np.sin, at), np.cos(at), atol=1e-6)",
    "mean": (
        "x = np.array([1.0, 2.0, 6.0])\ntotal = 3.0\nassert mean(x) == total\n"
        "def within(got, wanted):\n    return abs(got - wanted) < 1e-12\nassert within(mean(-x), -total)"
    ),
    "spread": "assert within(spread(x), 5.0)",
    "evens": (
        "even = evens(np.arange(4))\nassert even.dtype == bool and even.shape == (4,)\n"
        "assert even[0] and not even[1] and even[2] and not even[3]\nassert even.sum() == 2"
    ),
    "root": "try:\n    root(-1.0)\nexcept ValueError:\n    refused = True\nassert refused",
    "greeting": "assert greeting('ada').startswith('Hello, ada')\nassert greeting('bob').endswith('bob!')",
    "total": "data = np.array([[1.0, 2.0], [3.0, 6.0]])\nassert abs(total(data) - 12) < 1e-9",
    "centred": "assert np.allclose(centred(data), data - data.mean(axis=0))",
    "squares": (
        EXAMINE + "def sizes(rng):\n    yield 3,\n    yield int(rng.integers(9, 30)),\n"
        "examine(squares, sizes, public=1)"
    ),
}
NO_SCORES = ("rating", "share")     # tests that end in what comes from the hand-in: nobody has a mark for them
POINTS = dict.fromkeys(TESTS, 1)


@dataclass(frozen=True)
class Attack:
    name: str
    tries: str
    marks: dict[str, float]           # at most, by exercise; an exercise that is not named gets nothing
    cells: tuple[tuple[str, str], ...]
    programs: bool = False


def read(path: Path) -> Attack:
    head, *parts = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    fields = dict(re.findall(r"^# (tries|marks|programs): *(.*)$", head, flags=re.MULTILINE))
    marks = {name: float(mark) for name, mark in re.findall(r"(\w+)=([\d.]+)", fields["marks"])}
    cells = [tuple(part.split("\n", 1)) for part in parts]
    named = tuple((name.strip(), text) for name, text in cells)
    return Attack(path.stem, fields["tries"], {"first": 1.0} | marks, named, fields.get("programs") == "yes")


def attacks() -> list[Attack]:
    return [read(path) for path in sorted(CORPUS.glob("*.txt"))]


def _cell(name: str, source: str, **marks) -> dict:
    plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return new_code_cell(source, id=name, metadata={"nbgrader": plain | {"grade_id": name} | marks})


def source_notebook(programs: bool) -> dict:
    cells = [_cell("setup", "import numpy as np" + "\n!true" * programs, locked=True)]
    for name, solution in SOLUTIONS.items():
        cells.append(_cell(f"solution-{name}", solution, solution=True))
        cells.append(_cell(f"test-{name}", TESTS[name], grade=True, locked=True, points=POINTS[name]))
    return new_notebook(cells=cells)


def assignment(programs: bool = False) -> Assignment:
    return Assignment(
        "target", provides=("coursekit.functions.activations",), withheld=("coursekit.functions.activations.softmax",),
        imports=("numpy",), limits=Limits(cpu_seconds=3, cell_seconds=1, memory_mb=512, output_kb=64),
        notebooks={"target": source_notebook(programs)},
    )


def job(of: Assignment, attack: Attack | None, words: dict[str, str] | None = None, student: str = "mallory") -> Job:
    """The hand-in of an attack; without one, the honest and complete hand-in."""
    notebook = copy.deepcopy(of.notebooks["target"])
    if attack is not None:
        texts, free = dict(attack.cells), [text for name, text in attack.cells if not name]
        for cell in notebook.cells:
            name = cell.id.removeprefix("solution-")
            if cell.id != name and name != "first":
                cell.source = texts.get(name, "raise NotImplementedError()")
        notebook.cells[3:3] = [new_code_cell(text, id=f"free-{i}") for i, text in enumerate(free)]
        for cell in notebook.cells:
            for word, value in (words or {}).items():
                cell.source = cell.source.replace("{" + word + "}", value)
    return Job(student, "target", notebook, of, b"hidden key of the course, 32 byte")
