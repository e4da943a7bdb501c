"""Questions with typed answers: how an answer is read, and what it is worth.

    Number("(28*28 + 1)*h + (h + 1)*10", draw={"h": [32, 64]})     a number, exact or within a tolerance
    Choice("b", options="abc")                                     one letter
    Choices("ad", options="abcdef")                                all the letters that are right
    Order("dfbaec", before=["d<b", "f<b", "b<a", "a<e", "e<c"])    letters in an order that keeps each `before`
    Expression("exp(-x)/(1 + exp(-x))**2", variables={"x": [-3, 3]})    a formula, however it is written

`read` knows the form alone; `credit` needs the answer. Nothing that is typed is ever executed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np

from coursekit.agreement import agrees
from coursekit.desk.arithmetic import NoFormula, calculate, evaluate, parse
from coursekit.desk.order import closure, longest_right
from coursekit.plain import SCALARS


class NoAnswer(ValueError):
    """What was typed is no answer to this kind of question; the message says what would be one."""


class Spelled:
    """A repr that is code for the object itself, without what is left at its default."""

    def __repr__(self):
        given = [f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if getattr(self, f.name) != f.default]
        return f"{type(self).__name__}({', '.join(given)})"


@dataclass(frozen=True, repr=False)
class WrongAnswer(Spelled):
    """A wrong answer that is known, with what its author should read.

    >>> WrongAnswer("12", says="The biases are missing.")
    WrongAnswer(answer='12', says='The biases are missing.')
    """

    answer: str
    says: str
    hint: str = ""


@dataclass(frozen=True, repr=False)
class Question(Spelled):
    """What the kinds share: the right answer, known wrong ones, and the words of a question drawn per student."""

    answer: str
    wrong: tuple[WrongAnswer, ...] = ()
    ask: str = ""

    kind: ClassVar[str] = ""
    public: ClassVar[tuple[str, ...]] = ()      # fields that the student's notebook may hold

    def form(self) -> dict:
        """What the student's notebook knows: how an answer looks, never what it is."""
        return {"kind": self.kind} | {name: getattr(self, name) for name in self.public}

    def read(self, typed, numbers: Mapping[str, float]):
        """The answer that was typed, or NoAnswer."""
        raise NotImplementedError

    def credit(self, value, numbers: Mapping[str, float]) -> float:
        """What a read answer is worth, 0 to 1."""
        return float(value == self.read(self.answer, numbers))

    def numbers(self, student: str) -> dict[str, float]:
        """The numbers of this student's question; {} where all students share one."""
        return {}

    def recognise(self, value, numbers) -> WrongAnswer | None:
        """The known wrong answer that `value` is."""
        for wrong in self.wrong:
            if type(self)(**{**vars(self), "answer": wrong.answer}).credit(value, numbers) == 1.0:
                return wrong
        return None


@dataclass(frozen=True, repr=False)
class Number(Question):
    """A number; `answer` is a formula, in the numbers drawn from `draw` for each student.

    With tolerance 0 a whole number must be exact and another one right to about eight digits.

    >>> units = Number("(d + 1)*h", draw={"d": [3], "h": [4, 5]}, course="nn")
    >>> units.credit(units.read("(3 + 1)*4", {}), {"d": 3, "h": 4}), units.credit(12, {"d": 3, "h": 4})
    (1.0, 0.0)
    """

    tolerance: float = 0.0
    draw: Mapping[str, list] | None = None
    course: str = ""      # the course's public id: with the student's it decides the draw

    kind = "number"
    public = ("draw", "course", "ask")

    def numbers(self, student):
        return drawn(self.course, student, self.draw or {})

    def read(self, typed, numbers):
        if type(typed) in SCALARS and typed.dtype.kind in "iuf":
            typed = typed.item()
        if type(typed) is str:
            try:
                typed = calculate(typed, numbers)
            except NoFormula as problem:
                raise NoAnswer(str(problem)) from None
        if type(typed) not in (int, float) or not abs(typed) < math.inf:
            raise NoAnswer("a number is asked for, such as 42 or 7*6")
        return typed

    def credit(self, value, numbers):
        right = calculate(self.answer, numbers)
        slack = self.tolerance or (0 if float(right).is_integer() else 1.5e-8 * abs(right))
        try:
            return float(abs(value - right) <= slack)
        except OverflowError:     # a whole number too large for a float
            return 0.0


@dataclass(frozen=True, repr=False)
class Choice(Question):
    """One letter out of `options`.

    >>> question = Choice("b", options="abc")
    >>> question.credit(question.read(" B", {}), {})
    1.0
    """

    options: str = "ab"

    kind = "choice"
    public = ("options",)

    def read(self, typed, numbers):
        letter = typed.strip().lower() if type(typed) is str else ""
        if len(letter) != 1 or letter not in self.options:
            raise NoAnswer(f"one of the letters {_listed(self.options)} is asked for, in quotes")
        return letter


@dataclass(frozen=True, repr=False)
class Choices(Question):
    """All the right letters out of `options`; a right one earns its share, a wrong one costs as much.

    >>> question = Choices("ad", options="abcd")
    >>> [question.credit(question.read(typed, {}), {}) for typed in ("d, a", "a", "ab")]
    [1.0, 0.5, 0.0]
    """

    options: str = "ab"

    kind = "choices"
    public = ("options",)

    def read(self, typed, numbers):
        letters = _letters(typed)
        if letters is None or not set(letters) <= set(self.options):
            form = f'such as ["{self.options[0]}"]'
            raise NoAnswer(f"a list of letters out of {_listed(self.options)} is asked for, {form}")
        return frozenset(letters)

    def credit(self, value, numbers):
        right = self.read(self.answer, numbers)
        return max(0.0, (len(value & right) - len(value - right)) / len(right)) if right else float(value == right)


@dataclass(frozen=True, repr=False)
class Order(Question):
    """Letters in an order; every order that keeps each `before` is right, `answer` is one of them.

    The longest subsequence that keeps them earns its share, unless it is no longer than what
    may stand in any order anyway.

    >>> steps = Order("dfbaec", before=("d<b", "f<b", "b<a", "a<e", "e<c"))
    >>> [steps.credit(answer, {}) for answer in ("dfbaec", "fdbaec", "dfbeac", "ceabfd")]
    [1.0, 1.0, 0.8333333333333334, 0.0]
    """

    before: tuple[str, ...] = ()

    kind = "order"

    def form(self):
        return {"kind": self.kind, "letters": "".join(sorted(self.answer))}

    def read(self, typed, numbers):
        letters = _letters(typed)
        asked = "".join(sorted(self.answer))
        if letters is None or not set(letters) <= set(asked) or len(set(letters)) < len(letters) or not letters:
            raise NoAnswer(f'the letters {_listed(asked)} are asked for in their order, such as "{asked}"')
        return "".join(letters)

    def credit(self, value, numbers):
        pairs = closure(self.before)
        length = longest_right(value, pairs)
        # What commutes is in a right order whatever one does: alone it earns nothing.
        free = longest_right("".join(reversed(self.answer)), pairs)
        return length / len(self.answer) if length > free else 0.0

    def recognise(self, value, numbers):
        return next((w for w in self.wrong if self.read(w.answer, numbers) == value), None)


@dataclass(frozen=True, repr=False)
class Expression(Question):
    """A formula in `variables`, each with the interval it is compared on; any equal formula is right.

    >>> question = Expression("(x + 1)**2", variables={"x": [-3, 3]})
    >>> question.credit("x*x + 2*x + 1", {}), question.credit("x*x + 1", {})
    (1.0, 0.0)
    """

    variables: Mapping[str, list] | None = None

    kind = "expression"
    public = ("variables",)
    points: ClassVar[int] = 24

    def read(self, typed, numbers):
        if type(typed) in (int, float):
            typed = repr(typed)
        if type(typed) is not str or not typed.strip():
            form = f'such as "2*{min(self.variables)}"'
            raise NoAnswer(f"a formula in {_listed(self.variables)} is asked for, in quotes, {form}")
        try:
            parse(typed, self.variables)
        except NoFormula as problem:
            raise NoAnswer(str(problem)) from None
        return typed.strip()

    def credit(self, value, numbers):
        theirs, ours = parse(value, self.variables), parse(self.answer, self.variables)
        compared = 0
        for place in self._places():
            try:
                expected = float(evaluate(ours, place))
            except NoFormula:
                continue      # the answer itself has no value here
            try:
                got = float(evaluate(theirs, place))
            except (NoFormula, OverflowError):
                return 0.0
            # Another form of the formula may lose digits to cancellation: ask for six.
            if not agrees(expected, got, rtol=1e-6) and not abs(got - expected) <= 1e-12:
                return 0.0
            compared += 1
        if not compared:
            raise ValueError(f"{self.answer!r} has no value on {self.variables}")
        return 1.0

    def _places(self):
        rng = np.random.default_rng(20)
        for _ in range(self.points):
            yield {name: float(rng.uniform(low, high)) for name, (low, high) in self.variables.items()}


KINDS = {kind.kind: kind for kind in (Number, Choice, Choices, Order, Expression)}


def drawn(course: str, student: str, ranges: Mapping[str, list]) -> dict[str, float]:
    """One number out of each range, decided by the course's public id and the student's id alone.

    >>> drawn("nn", "ada", {"h": [32, 64, 128]}) == drawn("nn", " Ada ", {"h": [32, 64, 128]})
    True
    """
    chosen = {}
    for name, values in ranges.items():
        digest = hashlib.sha256(f"{course}/{same_id(student)}/{name}".encode()).digest()
        chosen[name] = values[int.from_bytes(digest) % len(values)]
    return chosen


def same_id(student: str) -> str:
    """A student id without what people type differently: blanks around it, capitals.

    >>> same_id(" Ada ")
    'ada'
    """
    return student.strip().casefold()


def _letters(typed) -> list[str] | None:
    """The letters of "d, f, b", "dfb" or ["d", "f", "b"]; None for anything else."""
    if type(typed) is str and len(typed) <= 200:
        return [c for c in typed.lower() if c.isalnum()]
    if type(typed) not in (list, tuple, set, frozenset) or len(typed) > 26:
        return None
    if not all(type(t) is str and len(t.strip()) == 1 for t in typed):
        return None
    return [t.strip().lower() for t in typed]


def _listed(letters) -> str:
    *most, last = letters
    return f"{', '.join(most)} and {last}" if most else str(last)
