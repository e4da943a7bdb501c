"""A complete hand-in of the sample class, about to be broken."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from nbformat import NotebookNode, v4

WHOLE = "whole"      # stands for all tests: nothing of the hand-in can be graded


@dataclass
class Draft:
    """A notebook, what its breakage may need to know, and what it deserves then."""

    notebook: NotebookNode
    released: dict[str, str]                 # solution's grade id -> its text as it was given out
    tests: list[str]                         # grade ids of the tests of solution cells, in order
    solution_of: dict[str, str]              # test -> the solution cell that it tests
    file: str                                # the notebook's file name
    lost: set[str] = field(default_factory=set)      # tests that get nothing, or {WHOLE}
    says: str = ""                           # must occur in a rationale, a reason or a note
    raw: bytes | None = None                 # the file's bytes, where they are not simply the notebook's

    def place(self, name: str) -> int:
        return next(i for i, cell in enumerate(self.notebook.cells) if self.name(cell) == name)

    def cell(self, name: str) -> NotebookNode:
        return self.notebook.cells[self.place(name)]

    @staticmethod
    def name(cell: NotebookNode) -> str:
        return cell.metadata.get("nbgrader", {}).get("grade_id", "")

    def add(self, source: str, behind: str) -> None:
        self.notebook.cells.insert(self.place(behind) + 1, own(source))

    def unsolve(self, test: str) -> None:
        """Leave the exercise of `test` as it was given out."""
        name = self.solution_of[test]
        self.cell(name).source = self.released[name]
        self.lost.add(test)

    def bytes(self) -> bytes:
        return (json.dumps(self.notebook, ensure_ascii=False, indent=1) + "\n").encode()


def own(source: str) -> NotebookNode:
    """A cell that a student added; its id is fixed, so that the class is the same each time."""
    return v4.new_code_cell(source, id="added")
