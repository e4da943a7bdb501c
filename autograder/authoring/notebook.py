"""Text becomes a notebook, the same bytes each time.

The text is py:percent, a Python file whose cells begin with `# %%`; jupytext reads it. What is
written has nothing that changes from one build to the next: stable cell ids, no outputs, no
execution counts, fixed metadata, LF and a final newline.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

# The text is Python and stays Python. Left to itself jupytext takes a comment such as
# "# copy the array" for the shell command `copy` and removes its "#".
PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}


@dataclass
class Cell:
    kind: str                                     # "code" or "markdown"
    source: str
    keys: dict = field(default_factory=dict)      # what follows `# %%`: {"test": "softmax", "points": 2}
    id: str = ""                                  # "" for the first digits of the source's hash
    metadata: dict = field(default_factory=dict)


def read_text(path: Path) -> list[Cell]:
    """The cells of a py:percent file."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt=PERCENT)
    cells = []
    for cell in notebook.cells:
        keys = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
        if cell.cell_type == "raw" or "title" in keys:
            found = keys.get("title") or cell.source[:60]
            raise ValueError(f"{path.name}: a cell begins with `# %%` or `# %% [markdown]`, then keys such as "
                             f"test=\"softmax\"; here stands {found!r}")
        if cell.source.strip() or keys:
            cells.append(Cell(cell.cell_type, cell.source, keys))
    return cells


def notebook(cells: list[Cell], about: dict | None = None) -> NotebookNode:
    """A notebook of `cells`; `about` is kept in its metadata under "coursekit"."""
    seen: Counter[str] = Counter()
    nodes = []
    for cell in cells:
        stem = cell.id or hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[stem] += 1
        name = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
        make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        nodes.append(make(cell.source, id=name, metadata=cell.metadata))
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    if about:
        metadata["coursekit"] = about
    node = nbformat.v4.new_notebook(cells=nodes, metadata=metadata)
    node.nbformat, node.nbformat_minor = 4, 5       # the first minor version with cell ids
    nbformat.validate(node)
    return node


def to_text(node: NotebookNode) -> str:
    """A notebook's JSON with sorted keys, LF and a final newline."""
    return nbformat.writes(node).rstrip("\n") + "\n"


def write(path: Path, text: str) -> Path:
    """Put `text` at `path`; a file that holds it already keeps its time stamp."""
    content = text.encode()
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path
