"""nbgrader's autograded folder: executed notebooks that formgrader and generate_feedback can show.

    <course>/autograded/<student>/<assignment>/*.ipynb, timestamp.txt      read-only, as nbgrader leaves them

Formgrader shows them to instructors in a browser that is logged in, so whatever could act there
is taken out: of outputs scripts, HTML beyond plain markup, and SVG; of students' Markdown all HTML.
"""

from __future__ import annotations

import copy
import html
import re

import nbformat
import nh3
from nbformat import NotebookNode
from nbgrader.utils import is_solution

from autograder.course import Course
from autograder.record import Record, write_whole
from autograder.restore import OWN, is_marked

TAG = re.compile(r"<(?=/?[a-zA-Z][\w:-]*[\s/>]|[!?])")      # what a browser may read as a tag; not "a < b" or "a<b"
SHOWN = ("text/plain", "text/latex", "text/markdown", "image/png", "image/jpeg", "image/gif")


def file_away(course: Course, record: Record, notebooks: dict[str, NotebookNode], known: dict[str, set[str]],
              timestamp: str = "") -> None:
    """Write a hand-in's executed notebooks where nbgrader looks for them.

    known    notebook -> grade ids in the gradebook; nbgrader cannot show marks of other cells, such as
             those of an older version, so these become ordinary cells here
    """
    folder = course.folder("autograded", record.assignment, record.student)
    for stem, notebook in notebooks.items():
        text = nbformat.writes(presentable(notebook, record, stem, known.get(stem, set())))
        write_whole(folder / f"{stem}.ipynb", text + "\n", mode=0o444)
    if timestamp:
        write_whole(folder / "timestamp.txt", timestamp + "\n", mode=0o444)


def presentable(notebook: NotebookNode, record: Record, stem: str, known: set[str]) -> NotebookNode:
    """The notebook with safe outputs, and in words what its outputs do not say: why cells did not run, or none did."""
    notebook = copy.deepcopy(notebook)
    verdicts = {verdict.cell: verdict for verdict in record.verdicts.get(stem, ())}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [safe(output) for output in cell.outputs]
        elif cell.id.startswith(OWN) or is_solution(cell):
            cell.source = TAG.sub("&lt;", cell.source)
        if not is_marked(cell):
            continue
        name = cell.metadata.nbgrader["grade_id"]
        verdict = verdicts.get(name)
        if verdict and verdict.status != "passed" and not cell.outputs:
            words = f"{verdict.score:g} of {verdict.max_score:g} points. {verdict.rationale}".strip()
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=words + "\n")]
        if name not in known:
            del cell.metadata["nbgrader"]
    if stem in record.unreadable:
        words = f"**This hand-in could not be graded.** {html.escape(record.unreadable[stem])}"
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(words, id="not-graded"))
    return notebook


def safe(output: NotebookNode) -> NotebookNode:
    """An output in which nothing can act. Of a bundle the kinds in SHOWN stay, HTML is cleaned."""
    if "data" not in output:
        return output
    data = {kind: value for kind, value in output.data.items() if kind in SHOWN}
    if isinstance(output.data.get("text/html"), str):
        data["text/html"] = nh3.clean(output.data["text/html"])
    for kind in ("text/markdown", "text/latex"):
        if isinstance(data.get(kind), str):
            data[kind] = TAG.sub("&lt;", data[kind])
    return nbformat.from_dict({**output, "data": data, "metadata": {}})
