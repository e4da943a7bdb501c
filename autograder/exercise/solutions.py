"""The reference solutions of an assignment as living objects, and its misconceptions beside them.

They come from executing the source notebooks' setup and solution cells, each notebook in a
namespace of its own, once. Nothing of a student is in there.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import linecache
from functools import cached_property

from autograder.assignment import Assignment, Misconception, defined_names


class Solutions:
    """Name -> reference, executed on first use."""

    def __init__(self, assignment: Assignment):
        self.assignment = assignment
        self._namespaces: dict[str, dict] = {}

    @cached_property
    def homes(self) -> dict[str, str]:
        """Name that a solution cell defines -> the notebook it is in."""
        found: dict[str, str] = {}
        for stem, nb in self.assignment.notebooks.items():
            for cell in nb["cells"]:
                if is_solution(cell):
                    for name in defined_names(cell["source"]):
                        found.setdefault(name, stem)
        return found

    def namespace(self, stem: str) -> dict:
        """What the setup and solution cells of a notebook define."""
        if stem not in self._namespaces:
            names = {"__name__": "__main__", "__builtins__": builtins}
            for cell in self.assignment.notebooks[stem]["cells"]:
                if is_setup(cell) or is_solution(cell):
                    execute(cell["source"], names, f"<{stem} {cell.get('id', '')}>")
            self._namespaces[stem] = names
        return self._namespaces[stem]

    def reference(self, name: str):
        """The object that the solution defines under `name`.

        Raises:
            LookupError: no solution cell defines it.
        """
        if name not in self.homes:
            raise LookupError(
                f"no solution cell of {self.assignment.name} defines {name}; there are {', '.join(self.homes)}"
            )
        return self.namespace(self.homes[name])[name]

    def variant(self, name: str, source: str, label: str = "variant"):
        """What `source` defines under `name`, among the other references."""
        names = dict(self.namespace(self.homes[name]))
        execute(source, names, f"<{name} {label}>")
        return names[name]

    def misconceptions(self, name: str) -> tuple[Misconception, ...]:
        exercise = self.assignment.exercises.get(name)
        return exercise.misconceptions if exercise else ()

    def hints(self, name: str) -> tuple[str, ...]:
        exercise = self.assignment.exercises.get(name)
        return exercise.hints if exercise else ()


def execute(source: str, names: dict, label: str) -> None:
    """Run a cell's code in `names`, silently; lines for IPython alone (%matplotlib inline) are left out."""
    kept = "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())
    linecache.cache[label] = (
        len(kept),
        None,
        kept.splitlines(keepends=True),
        label,
    )  # so that a traceback shows its lines
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(kept, label, "exec", dont_inherit=True), names)


def is_solution(cell: dict) -> bool:
    return cell["cell_type"] == "code" and bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def is_test(cell: dict) -> bool:
    marks = cell["metadata"].get("nbgrader", {})
    return cell["cell_type"] == "code" and bool(marks.get("grade")) and not marks.get("solution")


def is_setup(cell: dict) -> bool:
    """A locked code cell that is not graded."""
    marks = cell["metadata"].get("nbgrader", {})
    return (
        cell["cell_type"] == "code"
        and bool(marks.get("locked"))
        and not marks.get("grade")
        and not marks.get("solution")
    )
