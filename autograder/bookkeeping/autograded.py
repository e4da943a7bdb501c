"""nbgrader's autograded folder: executed notebooks that formgrader and generate_feedback can show.

    <course>/autograded/<student>/<assignment>/*.ipynb, timestamp.txt      read-only, as nbgrader leaves them
                                               and what lay beside the notebooks: pictures that their text shows, data,
                                               and the secret by which release_feedback knows whose a hand-in is

Formgrader shows them to instructors in a browser that is logged in, so whatever could act there
is taken out: of outputs scripts, HTML beyond plain markup, and SVG; of students' Markdown what inert.py says.
It hides names from whoever marks, so the id that a student typed is left out, too.

They are not forced to the disk one by one, which takes longer than grading does. Instead the record holds
their fingerprints: what a power cut took, or anybody changed, is seen by the next run and made again.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from pathlib import Path, PurePath

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.utils import is_solution

from autograder.bookkeeping.inert import TAG, inert, inert_html, without_commands
from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.files.whole import write_whole
from autograder.restore import OWN, is_marked
from autograder.verdict import Verdict

TYPED_ID = re.compile(r"""^(student_id\s*=\s*)(["']).*?\2""", re.MULTILINE)
# Kinds of files from students that a browser shows or saves, and never runs.
INERT = {"", ".txt", ".csv", ".tsv", ".dat", ".json", ".py", ".png", ".jpg", ".jpeg", ".gif", ".npy", ".npz", ".zip",
         ".gz", ".xlsx", ".ods", ".parquet", ".h5", ".db", ".sqlite", ".yml", ".yaml", ".toml", ".ini"}
SHOWN = ("text/plain", "text/latex", "text/markdown", "image/png", "image/jpeg", "image/gif")


def file_away(course: Course, record: Record, notebooks: dict[str, NotebookNode], known: dict[str, set[str]],
              timestamp: str = "", files: dict[str, bytes] | None = None) -> dict[str, str]:
    """Write a hand-in's executed notebooks where nbgrader looks for them; answers with file -> fingerprint.

    known    notebook -> grade ids in the gradebook; nbgrader cannot show marks of other cells, such as
             those of an older version, so these become ordinary cells here
    files    what goes beside the notebooks, see `laid_beside`
    """
    folder = course.folder("autograded", record.assignment, record.student)
    contents = dict(files or {})
    contents |= {f"{stem}.ipynb": to_text(presentable(notebook, record, stem, known.get(stem, set()))).encode()
                 for stem, notebook in notebooks.items()}
    if timestamp:
        contents["timestamp.txt"] = timestamp.encode()
    for name, content in contents.items():
        _make_way(folder, name)
        write_whole(folder / name, content, mode=0o444, lasting=False)
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def laid_beside(theirs: dict[str, bytes], given: dict[str, bytes]) -> dict[str, bytes]:
    """The files beside the notebooks: those handed in that cannot act in a browser, under those that the author gave.

    >>> laid_beside({"plot.png": b"", "page.html": b"", "data.csv": b"forged", "notes/data": b""}, {"data.csv": b"1"})
    {'plot.png': b'', 'data.csv': b'1', 'notes/data': b''}
    """
    kept = {name: content for name, content in theirs.items() if PurePath(name).suffix.lower() in INERT} | given
    folders = {str(folder) for name in given for folder in PurePath(name).parents}
    return {name: content for name, content in kept.items() if name in given or not (
        name in folders or any(str(folder) in kept for folder in PurePath(name).parents))}


def _make_way(folder: Path, name: str) -> None:
    """Where an earlier hand-in left a folder under a file's name, or a file under a folder's, that one goes."""
    path = folder / name
    if path.is_dir():
        shutil.rmtree(path)
    for above in path.parents[:len(PurePath(name).parts) - 1]:
        if above.is_file():
            above.unlink()


def lies_there(course: Course, record: Record) -> bool:
    """Are the notebooks of a record in the folder, as they were written?"""
    folder = course.folder("autograded", record.assignment, record.student)
    try:
        found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in record.filed}
    except OSError:
        return False
    return found == record.filed and all(f"{stem}.ipynb" in found for stem in record.verdicts)


def to_text(notebook: dict) -> str:
    """A notebook's JSON, a line for each cell."""
    cells = ",\n".join(json.dumps(cell, ensure_ascii=False, sort_keys=True) for cell in notebook["cells"])
    rest = json.dumps({key: value for key, value in notebook.items() if key != "cells"}, ensure_ascii=False,
                      sort_keys=True)
    return f'{{"cells": [\n{cells}\n],\n{rest[1:]}\n'


def presentable(notebook: NotebookNode, record: Record, stem: str, known: set[str]) -> dict:
    """The notebook with safe outputs, and in words what its outputs do not say: why cells did not run, or none did."""
    verdicts = {verdict.cell: verdict for verdict in record.verdicts.get(stem, ())}
    cells = [_presentable(cell, verdicts, known) for cell in notebook.cells]
    if stem in record.unreadable:
        words = f"**This hand-in could not be graded.** {inert(html.escape(record.unreadable[stem], quote=False))}"
        cells.insert(0, new_markdown_cell(words, id="not-graded"))
    return {**notebook, "cells": cells}


def _presentable(cell: NotebookNode, verdicts: dict[str, Verdict], known: set[str]) -> dict:
    changed: dict = {}
    if cell.cell_type == "code":
        changed["outputs"] = [safe(output) for output in cell.outputs]
        if not is_marked(cell):
            changed["source"] = TYPED_ID.sub(r'\1"..."', cell.source)
    elif cell.id.startswith(OWN) or is_solution(cell):
        changed["source"] = inert(cell.source, cell.get("attachments") or ())
    if is_marked(cell):
        name = cell.metadata.nbgrader["grade_id"]
        verdict = verdicts.get(name)
        if verdict and verdict.status != "passed" and not cell.outputs:
            words = f"{verdict.score:g} of {verdict.max_score:g} points. {verdict.rationale}".strip()
            changed["outputs"] = [new_output("stream", name="stdout", text=words + "\n")]
        if name not in known:
            changed["metadata"] = {key: value for key, value in cell.metadata.items() if key != "nbgrader"}
    return {**cell, **changed}


def safe(output: NotebookNode) -> dict:
    """An output in which nothing can act. Of a bundle the kinds in SHOWN stay, HTML is cleaned."""
    if "data" not in output:
        return output
    data = {kind: value for kind, value in output.data.items() if kind in SHOWN}
    if isinstance(output.data.get("text/html"), str):
        data["text/html"] = inert_html(output.data["text/html"])
    if isinstance(data.get("text/markdown"), str):
        data["text/markdown"] = inert(data["text/markdown"])
    if isinstance(data.get("text/latex"), str):
        data["text/latex"] = without_commands(TAG.sub("&lt;", data["text/latex"]))
    return {**output, "data": data, "metadata": {}}
