"""What a release must not hold. The guard reads the student's files as a curious student would.

nbgrader's generator removes what stands between its markers. A marker misspelt, a solution pasted into
the prose, an output left in, a file that lay beside the notebook: those it lets pass, and those
are looked for here, by content rather than by where they ought to be.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.assignment import Assignment, references
from autograder.course.issuing import delimiters, with_usual_delimiters
from autograder.exercise.reference import LIBRARY, Reference
from autograder.syntax import parse

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS",
           "BEGIN MARK SCHEME", "END MARK SCHEME", "autograder.examine", "# %%")
AUTHORS = ("assignment.toml", "exercises.toml", "quiz.toml", "alternatives.py", "secret.key", "nbgrader_config.py")

# Lines that many programs share tell nothing of this one.
COMMON = re.compile(r"(def|class|import|from|for|while|if|elif|else|try|except|finally|with|raise|pass|assert|yield)\b")
TELLING = re.compile(r"[-+*/@%<>(\[]")


def leaks(folder: Path, assignment: Assignment, key: bytes, *, shown: tuple[str, ...] = (),
          files: tuple[str, ...] = (), library: Path = LIBRARY) -> list[str]:
    """Everything in the release `folder` that would tell students what they are to find out: [] if nothing does.

    shown  lines of a solution that the author shows on purpose, in the prose or in a docstring
    files  files besides the notebooks that belong to the release
    """
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        if key.hex().encode() in content or key in content:
            found.append(f"{name} holds the secret key")
        if name in AUTHORS or path.suffix in (".py", ".toml") and name not in files:
            found.append(f"{name} is the author's text")
        elif path.suffix != ".ipynb" and name not in files:
            found.append(f"{name} is not known to belong to the release; if it does, assignment.toml lists it")
        elif path.suffix == ".ipynb" and path.stem not in assignment.notebooks:
            found.append(f"{name} has no source notebook")
        elif path.suffix == ".ipynb":
            notebook = json.loads(content)
            found += [f"{name}: {leak}" for leak in notebook_leaks(notebook, assignment, shown, library)]
    return found


def notebook_leaks(notebook: dict, assignment: Assignment, shown: tuple[str, ...], library: Path) -> Iterator[str]:
    """What one released notebook gives away, a sentence each."""
    if "jupytext" in notebook["metadata"]:
        yield "its metadata tells of the text it was made from"
    secrets = [(what, line) for what, line in secret_lines(assignment, library) if line not in map(squeezed, shown)]
    remarks = [text for exercise in assignment.exercises.values()
               for wrong in exercise.misconceptions for text in (wrong.says, wrong.hint)]
    markers = {*MARKERS, *(each for source in assignment.notebooks.values() for each in delimiters(source))}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        where = f"cell {cell['metadata'].get('nbgrader', {}).get('grade_id') or cell.get('id', '?')}"
        for marker in sorted(markers):
            if marker in source:
                yield f"{where} holds {marker!r}"
        if cell.get("outputs"):
            yield f"{where} holds an output"
        if cell.get("execution_count") is not None:
            yield f"{where} has an execution count"
        if cell.get("attachments"):
            yield f"{where} has attachments, which nobody reads through before the release"
        lines = [squeezed(line) for line in (source + "\n" + source.replace('\\"', '"')).splitlines()]     # JSON's too
        for what, secret in secrets:
            if secret in lines if what.startswith("the misconception") else any(secret in line for line in lines):
                yield f"{where} holds a line of {what}: {secret!r}"
        if where != "cell desk":        # the desk shows them, each to whom it concerns
            for remark in remarks:
                if squeezed(remark) in squeezed(source):
                    yield f"{where} holds the remark on a misconception: {remark!r}"


def secret_lines(assignment: Assignment, library: Path = LIBRARY) -> list[tuple[str, str]]:
    """(whose, line squeezed) of all lines that only the author and the grader may know."""
    found: dict[str, str] = {}

    def keep(what: str, lines: list[str], least: int) -> None:
        for line in lines:
            if is_telling(line, least):
                found.setdefault(squeezed(code_of(line)), what)

    for notebook in map(with_usual_delimiters, assignment.notebooks.values()):
        for cell in notebook["cells"]:
            meta = cell["metadata"].get("nbgrader", {})
            grade_id = meta.get("grade_id", "")
            if meta.get("solution"):
                lines = region(cell["source"], "SOLUTION")
                if grade_id.startswith("quiz-"):
                    found |= {squeezed(line): f"the answer to {grade_id}" for line in lines}
                keep(f"the solution {grade_id}", lines or cell["source"].splitlines(), 9)
            keep(f"the hidden tests of {grade_id}", region(cell["source"], "HIDDEN TESTS"), 12)
            keep(f"the mark scheme of {grade_id}", region(cell["source"], "MARK SCHEME"), 12)
    for name in assignment.withheld:
        keep(f"the solution {name}", Reference.find(name, library).lines, 9)
    right = references(assignment.notebooks)
    for name, exercise in assignment.exercises.items():
        for wrong in exercise.misconceptions:
            reference = set(right.get(name, "").splitlines())
            fresh = [line for line in wrong.source.splitlines() if line not in reference]
            keep(f"the misconception {wrong.name!r}", fresh, 9)
    return [(what, line) for line, what in found.items()]


def region(source: str, kind: str) -> list[str]:
    """The lines between nbgrader's markers of this kind, over all its regions in a cell."""
    found = re.findall(rf"^[^\n]*BEGIN {kind}[^\n]*\n(.*?)^[^\n]*END {kind}", source, re.DOTALL | re.MULTILINE)
    return [line for text in found for line in text.splitlines()]


def is_telling(line: str, least: int) -> bool:
    """Whether a line says something about its program: long enough, not one that every program has."""
    code = code_of(line)
    if COMMON.match(code) or len(squeezed(code)) < least:
        return False
    return bool(TELLING.search(code)) or len(code.split()) > 4      # a computation, or a sentence


def code_of(line: str) -> str:
    """A line without indentation, and without the comment after code; of a line that is all comment, its words."""
    text = line.strip()
    return text.lstrip("# ") if text.startswith("#") else re.split(r"\s+#\s", text)[0]


def squeezed(text: str) -> str:
    """Text without white space, so that a line is found however it is set."""
    return "".join(text.split())


def copies(files: dict[str, bytes], withheld: tuple[str, ...], library: Path = LIBRARY) -> list[str]:
    """Functions in an edition's files that do, statement for statement, what a withheld function does."""
    bodies = {}
    for name in withheld:
        for body in bodies_as_trees(Reference.find(name, library).source):
            bodies[body] = name
    return [
        f"{path}: a function has the body of {bodies[body]}"
        for path, content in files.items() if path.endswith(".py")
        for body in bodies_as_trees(content.decode()) if body in bodies
    ]


def bodies_as_trees(source: str) -> Iterator[str]:
    """The body of each function in a text, without docstring and comments; those that compute nothing are left out."""
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            works = any(isinstance(leaf, ast.BinOp | ast.Call) for statement in body for leaf in ast.walk(statement))
            if works and not isinstance(body[0], ast.Raise):
                yield "\n".join(ast.dump(statement) for statement in body)
