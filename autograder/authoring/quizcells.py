"""A question of quiz.toml as it stands in the notebook: its words, the line where the answer is typed, its test.

Numbers that are drawn for each student stand in the words as letters, and a cell of their own shows them.
"""

from __future__ import annotations

import json
import re

from autograder.exercise import quiz


def words(name: str, table: dict) -> str:
    """The question in Markdown: what is asked, then the options or the items to put in order."""
    asked = table["ask"].strip()
    if "draw" in table:
        try:
            asked = asked.format(**{letter: letter for letter in table["draw"]})
        except (KeyError, ValueError, IndexError) as problem:
            raise ValueError(f"quiz.toml: {name} draws {', '.join(table['draw'])}; other braces in its words "
                             f"are doubled, as in {{{{x}}}}: {problem}") from None
    lines = [asked]
    if listed := table.get("options") or table.get("items"):
        lines += ["", *(f"- **{letter}** {text}" for letter, text in listed.items())]
    return "\n".join(lines)


def numbers(table: dict, course: str) -> str:
    """The cell that shows a student's own numbers; they follow from the course's public id and the student's."""
    return "\n".join([
        "# Your own numbers: they follow from your id, so set student_id first.",
        "from coursekit.desk.quiz import drawn",
        "",
        f"drawn({json.dumps(course)}, student_id, {json.dumps(table['draw'])})",
    ])


def form(table: dict) -> str:
    """How an answer is typed, in words for the comment beside it."""
    match table["kind"]:
        case "number":
            return "a number, or arithmetic that gives one"
        case "choice":
            return f'one letter in quotes, {_either(table["options"])}'
        case "choices":
            return f'a list of all letters that are right, out of {", ".join(table["options"])}: ["...", "..."]'
        case "order":
            return f'the letters {", ".join(sorted(table["items"]))} in their order, as one string'
        case "expression":
            return f'a formula in {" and ".join(table.get("variables", {}))} as a string, in Python\'s notation'


def answer_line(name: str, table: dict) -> str:
    """The line a student completes, and after it the answer, which the release leaves out."""
    # A formula in a student's own numbers stays a string, which is read with these numbers; other formulas are Python.
    formula = table["kind"] == "number" and not any(c.isalpha() for c in str(table["answer"]))
    literal = str(table["answer"]) if formula else json.dumps(table["answer"], ensure_ascii=False)
    return "\n".join([
        f"{name} = ...  # {form(table)}",
        "### BEGIN SOLUTION",
        f"{name} = {literal}",
        "### END SOLUTION",
    ])


def test(name: str, table: dict, course: str) -> str:
    """The test cell: at the desk the form of the answer, under the grader the answer."""
    hidden = re.sub(r" ?WrongAnswer\(", "\n    WrongAnswer(", quiz.hidden_test(name, table, course))
    return f'check("{name}")\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS'


def _either(letters) -> str:
    quoted = [f'"{letter}"' for letter in letters]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
