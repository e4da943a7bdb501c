"""Quiz questions on the grader's side: read from quiz.toml, spelled in a hidden test, answered on a paper.

    [q_mnist]
    kind = "number"                    # number, choice, choices, order, expression
    points = 1
    ask = \"\"\"How many parameters ... with {h} hidden units?\"\"\"
    answer = "(28*28 + 1)*h + (h + 1)*10"
    draw = { h = [32, 64, 128] }       # number: each student's own numbers
    tolerance = 0                      # number: how far off is still right
    options = { a = "...", b = "..." } # choice, choices
    items = { a = "...", b = "..." }   # order
    before = ["d<b", "b<a"]            # order: what must come before what
    variables = { x = [-3, 3] }        # expression: where it is compared
    [[q_mnist.wrong]]
    answer = "28*28*h + h*10"
    says = "The biases are missing."
    hint = "How many numbers does each unit add besides its weights?"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from autograder.exercise.context import Context
from coursekit.desk.quiz import KINDS, NoAnswer, Question, WrongAnswer, same_id
from coursekit.findings import finding, go_on

COMMON = {"kind", "points", "ask", "answer", "wrong"}
OWN = {"number": {"tolerance", "draw"}, "choice": {"options"}, "choices": {"options"}, "order": {"items", "before"},
       "expression": {"variables"}}


def question(name: str, table: Mapping, course: str = "") -> Question:
    """The question that a table of quiz.toml describes; `course` is the course's public id.

    Raises:
        ValueError: the table is no question; the message says what would make it one.

    >>> question("q", {"kind": "choice", "ask": "?", "options": {"a": "yes", "b": "no"}, "answer": "b"})
    Choice(answer='b')
    """
    kind = table.get("kind")
    if kind not in KINDS:
        raise ValueError(f"quiz.toml: kind of {name} is one of {', '.join(KINDS)}, received {kind!r}")
    if unknown := set(table) - COMMON - OWN[kind]:
        raise ValueError(f"quiz.toml: {name} is of kind {kind}, which has no {', '.join(sorted(unknown))}")
    if missing := {"ask", "answer"} - set(table):
        raise ValueError(f"quiz.toml: {name} lacks {', '.join(sorted(missing))}")
    given = {
        f.name: table[f.name]
        for f in fields(KINDS[kind])
        if f.name in table and f.name not in ("wrong", "answer", "ask")
    }
    if kind in ("choice", "choices"):
        given["options"] = "".join(table.get("options", ()))
    if kind == "order":
        given["before"] = tuple(table.get("before", ()))
        if sorted(table.get("items", ())) != sorted(text(table["answer"])):
            raise ValueError(f"quiz.toml: the answer of {name} must hold each of its items once")
    if table.get("draw"):
        given |= {"course": course, "ask": table["ask"].strip()}
    wrong = tuple(WrongAnswer(text(w["answer"]), w["says"], w.get("hint", "")) for w in table.get("wrong", ()))
    made = KINDS[kind](answer=text(table["answer"]), wrong=wrong, **given)
    _prove(name, made)
    return made


def _prove(name: str, made: Question) -> None:
    """An answer that the question itself does not take is a slip in quiz.toml."""
    numbers = made.numbers("")
    for answer in (made.answer, *(w.answer for w in made.wrong)):
        try:
            credit = made.credit(made.read(answer, numbers), numbers)
        except NoAnswer as problem:
            raise ValueError(f"quiz.toml: {name} has the answer {answer!r}: {problem}") from None
        if (credit == 1) != (answer == made.answer):
            raise ValueError(f"quiz.toml: {name} gives {credit:g} of its points for {answer!r}, "
                             f"where {made.answer!r} is the answer")


def text(answer) -> str:
    """An answer as the kinds keep it: a formula, or letters in one piece."""
    return "".join(answer) if isinstance(answer, list) else str(answer)


def hidden_test(name: str, table: Mapping, course: str = "") -> str:
    """The hidden region's lines for a question: the question itself, spelled out, goes to `examine`.

    >>> print(hidden_test("q", {"kind": "number", "ask": "?", "answer": 26, "points": 2}))
    from autograder.examine import Number, examine
    examine('q', Number(answer='26'), points=2)
    """
    made = question(name, table, course)
    used = sorted({type(made).__name__} | ({"WrongAnswer"} if made.wrong else set()))
    return (f"from autograder.examine import {', '.join(used)}, examine\n"
            f"examine({name!r}, {made!r}, points={table.get('points', 1)!r})")


@dataclass
class QuizPaper:
    """One question as `examine` meets it."""

    name: str
    question: Question
    points: float | None
    context: Context = field(repr=False)

    def judge(self, typed) -> dict:
        """A finding on a typed answer, for the student whose folder it lies in."""
        try:
            numbers, note = self._numbers()
        except NoAnswer as problem:
            return finding(self.name, "failed", 0.0, f"{self.name}: {problem}.")
        except Exception as problem:
            return finding(
                self.name, "could_not_tell", 0.0, f"the question {self.name} fails: {type(problem).__name__}: {problem}"
            )
        return self.mark(typed, numbers, note)

    def mark(self, typed, numbers, note="") -> dict:
        """A finding on a typed answer to the question with these numbers; `note` says what is amiss besides."""
        if typed is ... or typed is None:
            return finding(self.name, "failed", 0.0, f"{self.name} is not answered yet.")
        try:
            self.question.credit(self.question.read(self.question.answer, numbers), numbers)
        except Exception as problem:
            return finding(
                self.name,
                "could_not_tell",
                0.0,
                f"the answer of {self.name} fails: {type(problem).__name__}: {problem}",
            )
        try:
            value = self.question.read(typed, numbers)
            credit = self.question.credit(value, numbers)
            known = self.question.recognise(value, numbers) if credit < 1 else None
        except NoAnswer as problem:
            return finding(self.name, "failed", 0.0, f"{self.name}: {problem}.")
        except Exception as problem:
            return finding(
                self.name, "failed", 0.0, f"{self.name}: this cannot be read as an answer ({type(problem).__name__})."
            )
        if credit == 1:
            return finding(self.name, "passed", 1.0)
        words = f"{self.name}: {self._shown(value)} is {'partly right' if credit else 'not right'}"
        words = go_on(words, known.says if known else "")
        return finding(self.name, "failed", credit, f"{words} {note}".rstrip(), known.hint if known else "",
                       known.answer if known else "")

    @staticmethod
    def _shown(value) -> str:
        text = ", ".join(sorted(value)) if type(value) is frozenset else value if type(value) is str else repr(value)
        return text[:80]

    def _numbers(self):
        """The numbers of this student's question, and what to say if the id that was typed is another one."""
        if not getattr(self.question, "draw", None):
            return {}, ""
        typed = self.context.names.get("student_id", ...)
        typed = typed if type(typed) is str else ""
        folder = self.context.student
        if not folder and not typed.strip():
            raise NoAnswer('the numbers of this question are your own; type your id first: student_id = "..."')
        if folder and same_id(typed) != same_id(folder):
            said = f"the id typed is {typed[:60]!r}" if typed.strip() else "no id was typed"
            return self.question.numbers(
                folder
            ), f"Beware: {said}, the hand-in is {folder!r}'s, and the numbers asked were those for {folder!r}."
        return self.question.numbers(folder or typed), ""

    def public_data(self) -> dict:
        return self.question.form()
