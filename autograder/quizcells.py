"""A question of quiz.toml as it stands in the notebook: its words, the line where the answer is typed, its test.

Numbers that are drawn for each student stand in the words as letters, and a cell of their own shows them.
"""

from __future__ import annotations

import json
import re

from coursekit.desk.quiz import KINDS, Question, WrongAnswer


def words(name: str, table: dict) -> str:
    """The question in Markdown: what is asked, then the options or the items to put in order."""
    kind = table.get("kind")
    if kind not in KINDS:
        raise ValueError(f"quiz.toml: kind of {name} is one of {', '.join(KINDS)}, received {kind!r}")
    listed = table.get("options") or table.get("items") or {}
    if (kind in ("choice", "choices", "order")) != bool(listed):
        what = "neither options nor items" if listed else "items" if kind == "order" else "options"
        raise ValueError(f"quiz.toml: a question of kind {kind} has {what}: {name}")
    asked = table["ask"].strip()
    if "draw" in table:
        try:
            asked = asked.format(**{letter: letter for letter in table["draw"]})
        except (KeyError, ValueError, IndexError) as problem:
            raise ValueError(f"quiz.toml: {name} draws {', '.join(table['draw'])}; other braces in its words "
                             f"are doubled, as in {{{{x}}}}: {problem}") from None
    lines = [asked]
    if listed:
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
    spelled = re.sub(r" ?WrongAnswer\(", "\n    WrongAnswer(", repr(question(name, table, course)))
    return "\n".join([
        f'check("{name}")',
        "### BEGIN HIDDEN TESTS",
        f'examine("{name}", {spelled}, points={table.get("points", 1)})',
        "### END HIDDEN TESTS",
    ])


def question(name: str, table: dict, course: str) -> Question:
    """The question as the desk and the grader read it.

    Raises ValueError where its own answer is not right by its own rule.
    """
    kind = KINDS[table["kind"]]
    given = {key: table[key] for key in ("tolerance", "draw", "variables") if key in table}
    if "options" in table:
        given["options"] = "".join(table["options"])
    if "before" in table:
        given["before"] = tuple(table["before"])
    if "draw" in table:
        given |= {"course": course, "ask": table["ask"].strip()}
    known = tuple(WrongAnswer(_typed(w["answer"]), w["says"], w.get("hint", "")) for w in table.get("wrong", ()))
    made = kind(_typed(table["answer"]), known, **given)
    numbers = made.numbers("anybody")
    if made.credit(made.read(_typed(table["answer"]), numbers), numbers) != 1:
        raise ValueError(f"quiz.toml: the answer {table['answer']!r} to {name} is not right by its own rule")
    return made


def _typed(answer) -> str:
    """An answer of quiz.toml as a text: ["a", "c"] is "ac"."""
    return "".join(answer) if isinstance(answer, list) else str(answer)


def _either(letters) -> str:
    quoted = [f'"{letter}"' for letter in letters]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
