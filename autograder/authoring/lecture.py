"""Lectures: `course/weekNN_x.py` becomes `course/weekNN_x.ipynb`, without outputs, one way.

The text is the same py:percent as an assignment's. A cell may carry tags; nothing else, for
nothing in a lecture is graded. Captions and descriptions of figures are what the text says.
A cell tagged "hide-input" starts folded: a self-check, whose code holds the answer.
"""

from __future__ import annotations

from pathlib import Path

from autograder.authoring.notebook import Cell, notebook, read_text, to_text, write


def build_lectures(root: Path | str) -> list[Path]:
    """Write the notebook of every lecture in the folder `course` of `root`, the repository; returns their paths."""
    texts = sorted((Path(root) / "course").glob("week*.py"))
    return [write(text.with_suffix(".ipynb"), lecture(text)) for text in texts]


def lecture(text: Path) -> str:
    """The notebook of one lecture, as JSON."""
    cells = []
    for cell in read_text(text):
        if set(cell.keys) - {"tags"}:
            raise ValueError(f"{text.name}: a lecture's cells have tags at most, received {cell.keys}; "
                             "solutions and tests belong in assignments/")
        folded = {"jupyter": {"source_hidden": True}} if "hide-input" in cell.keys.get("tags", ()) else {}
        cells.append(Cell(cell.kind, cell.source, metadata=cell.keys | folded))
    return to_text(notebook(cells))
