"""An assignment's text becomes its source notebook, in nbgrader's own schema.

    <course>/week05_backprop/week05_backprop.py        text, with short keys on its cells
                             assignment.toml, exercises.toml, quiz.toml
    <course>/source/week05_backprop/week05_backprop.ipynb    built from them, never edited

    # %% setup="imports"                     locked: runs beside the student's cells and beside the tests
    # %% solution="softmax"                  the student writes it; an import of coursekit becomes its source
    # %% test="softmax" points=2             locked and graded
    # %% [markdown] answer="why" points=3    written answer, graded by hand
    # %% quiz="q_mnist"                      a question of quiz.toml: question, answer cell, test cell
    # %%  and  # %% [markdown]               free
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from nbformat import NotebookNode

from autograder import examine
from autograder.assignment import Assignment
from autograder.authoring import quizcells
from autograder.authoring.notebook import Cell, notebook, read_text, to_text, write
from autograder.course import Course
from autograder.exercise import deskcell
from autograder.exercise.reference import Reference
from autograder.files.tables import read_toml
from autograder.syntax import parse

# The keys that give a cell its part, and what the line of such a cell looks like.
PARTS = {
    "setup": 'setup="name"',
    "solution": 'solution="name"',
    "test": 'test="name" points=2',
    "answer": '[markdown] answer="name" points=2',
    "quiz": 'quiz="name"',
}
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def build(course: Course | Path | str, name: str | None = None) -> list[Path]:
    """Write the source notebook of assignment `name`, or of each assignment that has a text; returns their paths."""
    course = course if isinstance(course, Course) else Course.find(course)
    names = [name] if name else texts(course)
    return [write(course.folder("source", each) / f"{each}.ipynb", to_text(source_notebook(course, each)))
            for each in names]


def texts(course: Course) -> list[str]:
    """Names of the assignments written as text; others begin with their source notebooks."""
    return [name for name in course.assignments() if (course.root / name / f"{name}.py").exists()]


def source_notebook(course: Course, name: str) -> NotebookNode:
    """The source notebook of assignment `name`: everything the instructor has, solutions and hidden tests with it.

    Raises:
        FileNotFoundError: the assignment has no text.
        ValueError: the text does not say what the notebook needs; the message names the cell.
        jsonschema.ValidationError: nbgrader would not accept the notebook.
    """
    from nbgrader.nbgraderformat import MetadataValidator  # seconds to import: only a build pays them

    folder = course.root / name
    text = folder / f"{name}.py"
    if not text.exists():
        raise FileNotFoundError(f"there is no {text}; assignments with a text: {', '.join(texts(course)) or 'none'}")
    questions = read_toml(folder / "quiz.toml")
    written = read_text(text)
    unasked = set(questions) - {cell.keys.get("quiz") for cell in written}
    if unasked:
        raise ValueError(f"{name}: quiz.toml has {sorted(unasked)}, which no cell of {text.name} asks for")
    cells = [made for cell in written for made in expand(cell, questions, course.id, where=text.name)]

    about = {"assignment": name, "version": read_toml(folder / "assignment.toml").get("version", 1)}
    bare = notebook(cells, about)
    desk = deskcell.source(examine.public_sheet(Assignment.of(folder, {name: bare})))
    if desk:
        setups = [place for place, cell in enumerate(cells) if cell.id.startswith("setup-")]
        if not setups:
            raise ValueError(f"{text.name}: `check` needs a cell with setup=\"imports\" before it")
        cells.insert(setups[0] + 1, folded(locked("desk", desk)))
    node = notebook(cells, about)
    MetadataValidator().validate_nb(node)
    return node


def expand(cell: Cell, questions: dict[str, dict], course: str, where: str) -> list[Cell]:
    """The notebook's cells for one cell of the text: the short keys become nbgrader's metadata."""
    if not cell.keys:
        return [cell]
    parts = [key for key in cell.keys if key in PARTS]
    shape = PARTS[parts[0]] if len(parts) == 1 else ""
    wanted = {*parts, *(["points"] if "points" in shape else [])}
    if not shape or set(cell.keys) != wanted or (cell.kind == "markdown") != ("[markdown]" in shape):
        keys = " ".join(f"{key}={value!r}" for key, value in cell.keys.items())
        known = ", ".join(PARTS.values())
        raise ValueError(f"{where}: a cell is one of {known}; received a {cell.kind} cell with {keys}")
    part, name = parts[0], cell.keys[parts[0]]
    points = cell.keys.get("points", 0)
    match part:
        case "setup":
            return [locked(f"setup-{name}", cell.source)]
        case "solution":
            return [solution(name, cell.source, where)]
        case "test":
            return [test(f"test-{name}", cell.source, points)]
        case "answer":
            return [Cell("markdown", cell.source, id=f"answer-{name}",
                         metadata=nbgrader(f"answer-{name}", solution=True, points=points))]
        case "quiz":
            if name not in questions:
                raise ValueError(f"{where}: quiz.toml has no question {name!r}; it has {sorted(questions)}")
            return question(name, questions[name], course, note=cell.source)


def nbgrader(grade_id: str, *, solution: bool = False, points: float | None = None) -> dict:
    """Cell metadata of nbgrader's schema 3: locked unless a solution, graded where there are points."""
    fields = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": points is not None,
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
    if points is not None:
        fields["points"] = points
    return {"nbgrader": fields}


def locked(grade_id: str, source: str) -> Cell:
    return Cell("code", source, id=grade_id, metadata=nbgrader(grade_id))


def folded(cell: Cell) -> Cell:
    """The cell with its code hidden behind a click."""
    cell.metadata["jupyter"] = {"source_hidden": True}
    return cell


def test(grade_id: str, source: str, points: float) -> Cell:
    """A locked cell that is worth points; its hidden region gets the imports that it needs.

    A check that fails ends in an exception, as nbgrader asks of it. The tag lets Jupyter's "Run All" go on all the
    same, down to the cell that says what is left.
    """
    metadata = nbgrader(grade_id, points=points) | {"tags": ["raises-exception"]}
    return Cell("code", import_examine(source), id=grade_id, metadata=metadata)


def solution(name: str, source: str, where: str) -> Cell:
    """The cell a student fills in. One that is an import of a coursekit function becomes that function's source."""
    grade_id = f"solution-{name}"
    metadata = nbgrader(grade_id, solution=True)
    imported = imported_name(source)
    if imported:
        reference = Reference.find(imported)
        surplus = reference.free_names() - {"np"}
        if surplus:
            raise ValueError(f"{where}: {imported} is written by students and must stand on its own: np, Python's "
                             f"builtins, its arguments; it also uses {', '.join(sorted(surplus))}")
        source = reference.with_markers().rstrip("\n")
        metadata["coursekit"] = {"reference": imported}
    elif "### BEGIN SOLUTION" not in source:
        raise ValueError(f"{where}: solution {name!r} is either one import from coursekit or has ### BEGIN SOLUTION "
                         "and ### END SOLUTION around what the student writes")
    return Cell("code", source, id=grade_id, metadata=metadata)


def imported_name(source: str) -> str:
    """"coursekit.functions.dense.dense_backward" if the cell is that one import and nothing else, else ""."""
    try:
        body = parse(source).body
    except SyntaxError:
        return ""
    match body:
        case [ast.ImportFrom(module=str(module), names=[ast.alias(name=name, asname=None)], level=0)]:
            return f"{module}.{name}" if module.split(".")[0] == "coursekit" else ""
    return ""


def import_examine(source: str) -> str:
    """Put the import of what a hidden region uses of autograder.examine on the region's first line."""
    lines = source.split("\n")
    for place in reversed([i for i, line in enumerate(lines) if line.strip() == BEGIN_HIDDEN]):
        region = "\n".join(lines[place + 1:]).split(END_HIDDEN)[0]
        used = [name for name in examine.__all__ if re.search(rf"\b{name}\(", region)]
        if used and "autograder.examine" not in region:
            lines.insert(place + 1, f"from autograder.examine import {', '.join(used)}")
    return "\n".join(lines)


def question(name: str, table: dict, course: str, note: str) -> list[Cell]:
    """A question of quiz.toml: its words, a student's own numbers, the cell where the answer is typed, its test."""
    if note.strip():
        raise ValueError(f"the cell quiz={name!r} is empty in the text, its words are in quiz.toml; it holds {note!r}")
    checked = test(f"test-{name}", quizcells.test(name, table, course), table.get("points", 1))  # reads the whole table
    answer = f"quiz-{name}"
    return [
        Cell("markdown", quizcells.words(name, table)),
        *([own_numbers(name, table, course)] if "draw" in table else []),
        Cell("code", quizcells.answer_line(name, table), id=answer, metadata=nbgrader(answer, solution=True)),
        checked,
    ]


def own_numbers(name: str, table: dict, course: str) -> Cell:
    """A cell that is the student's, for it needs the student's id, but is not for editing."""
    return Cell("code", quizcells.numbers(table, course), id=f"numbers-{name}",
                metadata={"editable": False, "deletable": False})
