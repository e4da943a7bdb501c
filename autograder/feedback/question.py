"""The parts of an assignment that have points, as its source tells them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.assignment import Assignment
from autograder.exercise import deskcell
from autograder.exercise.solutions import is_test
from autograder.judge import titled
from autograder.restore import grade_id, is_marked

# A heading that begins another part of the notebook; what a fence holds is code, whatever it begins with.
SECTION = re.compile(r"^```.*?^```|^(?P<heading>#{1,2}\s[^\n]*)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Question:
    """One part: a test, a written answer, a task."""

    notebook: str
    cell: str                        # its grade id
    title: str
    points: float
    asked: str = ""                  # the author's words before it, in Markdown
    solutions: tuple[str, ...] = ()  # the cells that answer it
    by_hand: bool = False
    form: dict | None = None         # of a typed answer: coursekit.desk.quiz.Question.form


def questions(assignment: Assignment) -> list[Question]:
    """All of them, in the order they stand in; those that share a heading are numbered, of several notebooks named."""
    found = [question for stem, source in assignment.notebooks.items() for question in _in_notebook(stem, source)]
    of_title = Counter((question.notebook, question.title) for question in found)
    seen: Counter = Counter()
    numbered = []
    for question in found:
        here = question.notebook, question.title
        seen[here] += 1
        if of_title[here] > 1:
            question = replace(question, title=f"{question.title}, {seen[here]} of {of_title[here]}")
        if len(assignment.notebooks) > 1:
            question = replace(question, title=f"{question.notebook}, {question.title}")
        numbered.append(question)
    return numbered


def _in_notebook(stem: str, source: NotebookNode) -> Iterator[Question]:
    forms = deskcell.loaded(source).get("questions", {})
    asked: list[str] = []
    solutions: list[str] = []
    for cell, title in titled(source):
        name = grade_id(cell) if is_marked(cell) else ""
        if is_grade(cell) or is_task(cell):
            by_hand = not is_test(cell)
            form = forms.get(name.removeprefix("test-"))
            yield Question(stem, name, title or name, float(cell.metadata.nbgrader["points"]),
                           _untitled("\n\n".join(asked[-1:] if form else asked), title),
                           (*solutions, name) if by_hand else tuple(solutions), by_hand, form)
            asked, solutions = [], []
        elif is_solution(cell):
            solutions.append(name)
        elif cell.cell_type == "markdown":
            begins = [found.end() for found in SECTION.finditer(cell.source) if found["heading"]]
            asked = [cell.source[begins[-1]:]] if begins else [*asked, cell.source]


def _untitled(asked: str, title: str) -> str:
    """The words without the heading that is the question's title already.

    >>> _untitled("### 2a · Momentum\\n\\nWrite `momentum`.", "2a · Momentum")
    'Write `momentum`.'
    """
    first, _, rest = asked.lstrip().partition("\n")
    return rest.lstrip() if title and re.fullmatch(rf"#+\s+{re.escape(title)}\s*", first) else asked
