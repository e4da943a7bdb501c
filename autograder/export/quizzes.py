"""The questions of quiz.toml on their way into an LMS: read by the grader's own code, words as HTML, numbers drawn.

An LMS does not know our formulas, so nothing is translated: for a question with numbers of one's own each set of
numbers goes along with the answers that it has, computed here.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

import mistune

from autograder.course import Course
from autograder.exercise.quiz import question
from coursekit.desk.arithmetic import calculate
from coursekit.desk.order import closure
from coursekit.desk.quiz import Number, Question

MOST_SETS = 100         # of drawn numbers that go along; Moodle takes no more
OPEN, CLOSE = "\ue000", "\ue001"        # around the letter of a drawn number, until the format puts its own
RENDER = mistune.create_markdown(escape=True, plugins=["table", "math"])


@dataclass(frozen=True)
class Asked:
    """One question with what its table says besides."""

    name: str
    table: Mapping
    question: Question

    @property
    def kind(self) -> str:
        return self.table["kind"]

    @property
    def points(self) -> float:
        return float(self.table.get("points", 1))

    @property
    def words(self) -> str:
        """What is asked, as HTML; letters of drawn numbers stand between OPEN and CLOSE."""
        text = self.table["ask"].strip()
        if self.table.get("draw"):
            text = text.format(**{letter: f"{OPEN}{letter}{CLOSE}" for letter in self.table["draw"]})
        return RENDER(text).strip()

    @property
    def title(self) -> str:
        """The bold words that open a question, else its name."""
        text = self.table["ask"].strip()
        opening = text[2:].split("**")[0].strip(" .?:") if text.startswith("**") else ""
        return opening if 0 < len(opening) <= 60 else self.name

    @property
    def sets(self) -> list[dict[str, float]]:
        """The sets of drawn numbers, at most MOST_SETS, evenly out of all; [{}] where nothing is drawn."""
        draw = self.table.get("draw") or {}
        every = [dict(zip(draw, values, strict=True)) for values in itertools.product(*draw.values())]
        return every if len(every) <= MOST_SETS else [
            every[place * len(every) // MOST_SETS] for place in range(MOST_SETS)]

    @property
    def drawn(self) -> int:
        """How many sets of numbers there are in all; 0 where nothing is drawn."""
        count = 1
        for values in (self.table.get("draw") or {}).values():
            count *= len(values)
        return count if self.table.get("draw") else 0

    def value(self, answer: str, numbers: Mapping[str, float]) -> float:
        """What a formula for a number comes to."""
        return calculate(answer, numbers)

    @property
    def exact(self) -> bool:
        """Are all answers whole numbers, which have to be met exactly?"""
        return isinstance(self.question, Number) and not self.question.tolerance and all(
            float(self.value(self.question.answer, numbers)).is_integer() for numbers in self.sets)

    @property
    def orders(self) -> list[str]:
        """Every order of the items that keeps what must come before what."""
        pairs = closure(self.table.get("before", ()))
        letters = sorted(self.table["items"])
        if not pairs:
            return [self.question.answer]
        found, open_ = [], [""]
        while open_:
            begun = open_.pop()
            rest = [letter for letter in letters if letter not in begun]
            if not rest:
                found.append(begun)
            open_ += [begun + letter for letter in reversed(rest)
                      if not any((other, letter) in pairs for other in rest)]
        return found


def asked(course: Course, name: str) -> list[Asked]:
    """The questions of assignment `name`, in the order of its quiz.toml.

    Raises:
        FileNotFoundError: it has no quiz.
        ValueError: a table is no question.
    """
    path = course.root / name / "quiz.toml"
    if not path.is_file():
        raise FileNotFoundError(f"{name} has no quiz: there is no {path}")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Asked(each, table, question(each, table, course.id)) for each, table in tables.items()]


def fragment(html: str, root: str = "div") -> ElementTree.Element:
    """HTML as an element, without presentation that a strict format refuses."""
    element = ElementTree.fromstring(f"<{root}>{html}</{root}>")
    for node in element.iter():
        node.attrib.pop("style", None)
    return element


def option(text: str) -> str:
    """The words of one option as HTML, without a paragraph around them."""
    return RENDER(str(text)).strip().removeprefix("<p>").removesuffix("</p>")


def named(names: list[str]) -> str:
    return ", ".join(names)
