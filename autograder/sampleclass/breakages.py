"""The ways in which real hand-ins are broken: each a change to a notebook that was in order.

A breakage is a function of a `Draft`; its docstring says what students do. What it deserves is
said beside it: `lost` are the exercises that get nothing because of it, and `says` is a piece of
the sentence that the instructor or the student must find.

A breakage of a file (not of cells) gives the file's bytes; `WHOLE` lost means that nothing can be graded.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

from nbformat import v4

from autograder.assignment import defined_names
from autograder.sampleclass.draft import WHOLE, Draft, own

BREAKAGES: dict[str, Callable[[Draft], None]] = {}


def breakage(function: Callable[[Draft], None]) -> Callable[[Draft], None]:
    BREAKAGES[function.__name__.replace("_", "-")] = function
    return function


@breakage
def syntax_error(draft):
    """A bracket that does not close: the cell defines nothing, the others are fine."""
    test = draft.tests[0]
    draft.cell(draft.solution_of[test]).source += "\nprint((1 + 2)"
    draft.lost, draft.says = {test}, "SyntaxError"


@breakage
def raises_early(draft):
    """An experiment above the exercises ends in an error; a person at the desk simply goes on."""
    draft.notebook.cells.insert(0, own('print("warming up")\n1 / 0'))


@breakage
def infinite_loop(draft):
    """A loop that never ends, in a cell of their own: it costs that cell."""
    draft.add("while True:\n    pass", behind=draft.tests[0])
    draft.says = "Stopped after"


@breakage
def infinite_loop_in_answer(draft):
    """A function that never returns: it costs the cell that calls it."""
    test = draft.tests[:2][-1]      # the second, where there are two
    name = draft.solution_of[test]
    draft.cell(name).source += endless(draft.released[name])
    draft.lost, draft.says = {test}, "Stopped after"


def endless(source: str) -> str:
    """Code that rebinds what `source` defines to a function without an end."""
    return "".join(f"\n\n\ndef {name}(*args, **kwargs):\n    while True:\n        pass\n"
                   for name in defined_names(source))


@breakage
def sys_exit(draft):
    """sys.exit() at the end of an experiment, as in a script."""
    draft.add("import sys\n\nsys.exit(0)", behind=draft.tests[0])


@breakage
def kernel_killed(draft):
    """Python itself is ended half-way: what came before keeps its marks."""
    half = len(draft.tests) // 2
    draft.add("import os\n\nos._exit(1)", behind=draft.tests[half])
    after = draft.place(draft.tests[half])
    draft.lost = {draft.name(cell) for cell in draft.notebook.cells[after + 1:]
                  if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")}
    draft.says = "Python had ended"


@breakage
def test_deleted(draft):
    """The test cell is deleted; the answer above it is right."""
    del draft.notebook.cells[draft.place(draft.tests[0])]
    draft.says = "deleted"


@breakage
def all_tests_deleted(draft):
    """Every test cell is deleted, and one exercise is not done."""
    draft.unsolve(draft.tests[:2][-1])
    draft.notebook.cells = [cell for cell in draft.notebook.cells
                            if cell.cell_type == "markdown" or not cell.metadata.get("nbgrader", {}).get("grade")]
    draft.says = "deleted"


@breakage
def solution_deleted(draft):
    """The cell with the answer is deleted."""
    test = draft.tests[0]
    del draft.notebook.cells[draft.place(draft.solution_of[test])]
    draft.lost, draft.says = {test}, "deleted"


@breakage
def test_duplicated(draft):
    """The test cell is copied and pasted, with its metadata."""
    place = draft.place(draft.tests[0])
    twin = copy.deepcopy(draft.notebook.cells[place])
    twin.id = "twin"
    draft.notebook.cells.insert(place + 1, twin)
    draft.says = "2 times"


@breakage
def test_edited(draft):
    """The exercise is not done, the test says nothing any more, and is worth a hundred points."""
    test = draft.tests[0]
    draft.unsolve(test)
    draft.cell(test).source = "assert True\n100.0"
    draft.cell(test).metadata.nbgrader["points"] = 100
    draft.says = "edited"


@breakage
def test_skipped(draft):
    """The exercise is not done, and a tag tells Jupyter not to run its test."""
    test = draft.tests[0]
    draft.unsolve(test)
    draft.cell(test).metadata["tags"] = ["skip-execution", "raises-exception"]


@breakage
def test_made_markdown(draft):
    """The exercise is not done, and its test is prose now."""
    test = draft.tests[0]
    draft.unsolve(test)
    place = draft.place(test)
    was = draft.cell(test)
    draft.notebook.cells[place] = v4.new_markdown_cell(was.source, id=was.id, metadata=was.metadata)
    draft.says = "turned into markdown"


@breakage
def tests_first(draft):
    """The cells are reordered: all tests before all answers."""
    tests = [cell for cell in draft.notebook.cells if draft.name(cell) in draft.tests]
    others = [cell for cell in draft.notebook.cells if draft.name(cell) not in draft.tests]
    draft.notebook.cells = tests + others
    draft.says = "moved"


@breakage
def renamed_file(draft):
    """The file is called what a download made of it."""
    draft.file = draft.file.replace(".ipynb", " (1) final FINAL.ipynb")
    draft.says = "was called"


@breakage
def not_json(draft):
    """Half of a file: the disk was full, or a merge went wrong."""
    draft.raw = draft.bytes()[:2000] + b"\n<<<<<<< HEAD\n"
    draft.lost, draft.says = {WHOLE}, "not JSON"


@breakage
def empty_file(draft):
    """A file without content."""
    draft.raw = b""
    draft.lost, draft.says = {WHOLE}, "empty"


@breakage
def web_page(draft):
    """The page that shows the notebook was saved, not the notebook."""
    draft.raw = b"<!DOCTYPE html>\n<html><body>week 1</body></html>\n"
    draft.lost, draft.says = {WHOLE}, "HTML page"


@breakage
def nested_too_deep(draft):
    """JSON that would end a program's stack."""
    draft.raw = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    draft.lost, draft.says = {WHOLE}, "deep"


@breakage
def no_notebook(draft):
    """Something was handed in, but no notebook."""
    draft.file, draft.raw = "my answers.txt", b"x = 3\n"
    draft.lost, draft.says = {WHOLE}, "No notebook"


@breakage
def old_format(draft):
    """A notebook in format 3, as IPython wrote it until 2015."""
    cells = []
    for cell in draft.notebook.cells:
        if cell.cell_type == "code":
            cells.append({"cell_type": "code", "input": cell.source, "language": "python", "outputs": [],
                          "collapsed": False, "prompt_number": 1, "metadata": cell.metadata})
        else:
            cells.append({"cell_type": "markdown", "source": cell.source, "metadata": cell.metadata})
    sheet = {"cells": cells, "metadata": {}}
    draft.raw = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}).encode()
    draft.says = "old format"


@breakage
def other_kernel(draft):
    """Made with a kernel that this machine does not have."""
    draft.notebook.metadata.kernelspec = {"name": "conda-env-py36-r", "display_name": "R", "language": "R"}


@breakage
def metadata_lost(draft):
    """An editor that keeps neither cell ids nor metadata."""
    for place, cell in enumerate(draft.notebook.cells):
        cell.metadata.clear()
        cell.id = f"fresh-{place}"
    draft.notebook.metadata.clear()


@breakage
def huge_output(draft):
    """A print in a loop."""
    draft.add("for i in range(300_000):\n    print(i, 'of', 300_000)", behind=draft.tests[0])
    draft.says = "Output beyond"


@breakage
def warnings_on_stderr(draft):
    """Right answers that warn each time they are called."""
    name = draft.solution_of[draft.tests[0]]
    draft.cell(name).source += "".join(
        f"\n\n\nimport sys\n\nquiet = {function}\n\n\ndef {function}(*args, **kwargs):\n"
        "    print('careful', file=sys.stderr)\n    return quiet(*args, **kwargs)\n"
        for function in defined_names(draft.released[name])[:1])


@breakage
def unicode_everywhere(draft):
    """Names, comments and prints in other scripts, and signs that are no letters."""
    draft.add('größe = {"α": 1, "学生": "Ω≠∅ 🎓"}\nprint(größe, "\\u202e\\x00\\ud800".encode("utf-8", "replace"))',
              behind=draft.tests[0])
    for cell in draft.notebook.cells:
        if cell.cell_type == "markdown" and not draft.name(cell):
            cell.source += "\n\n<script>alert('ünïcode')</script> 你好 🎓"


@breakage
def windows_line_ends(draft):
    """Saved by an editor that writes CR LF, with a byte order mark, and CR LF inside of cells."""
    for cell in draft.notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    draft.raw = b"\xef\xbb\xbf" + draft.bytes().replace(b"\n", b"\r\n")
