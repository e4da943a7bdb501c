"""A sample class: hand-ins of every kind that real classes send, each with the marks it deserves.

They are made from the release and from what the author wrote beside it (reference solutions,
alternatives.py, exercises.toml, quiz.toml), so every week has a class without a list by hand:

    correct      as the reference, and in each alternative style
    known        each known misconception, one student each; the quiz's known wrong answers
    in part      half done, only the quiz, untouched, the wrong id typed
    broken       everything in breakages.py

The same course gives the same class, byte for byte. Students are called by number and kind.
"""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from autograder.assignment import Assignment, defined_names
from autograder.authoring.prove import read_alternatives
from autograder.course import Course
from autograder.exercise.solutions import is_test
from autograder.files.tables import read_toml
from autograder.restore import grade_id
from autograder.sampleclass.breakages import BREAKAGES
from autograder.sampleclass.draft import WHOLE, Draft
from autograder.sampleclass.expected import ALL, Expected
from autograder.syntax import parse
from coursekit.desk.arithmetic import calculate
from coursekit.desk.quiz import drawn

HANDED_IN = "2026-01-15 12:00:00 UTC"
ID_CELL = re.compile(r'^student_id = ".*"$', re.MULTILINE)


@dataclass(frozen=True)
class Sample:
    student: str
    files: tuple[tuple[str, bytes], ...]     # name -> content
    expected: Expected


def sample_class(course: Course, name: str) -> list[Sample]:
    """The sample class of assignment `name`, numbered s001, s002, ..."""
    made = []
    maker = Maker(course, course.assignment(name))
    for number, (kind, make) in enumerate(maker.kinds(), start=1):
        student = f"s{number:03}-{kind}"
        made.append(make(student))
    return made


def hand_in(course: Course, name: str, samples: list[Sample]) -> Path:
    """Put the class's files where students' files lie; returns that folder."""
    for sample in samples:
        folder = course.folder("submitted", name, sample.student)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "timestamp.txt").write_text(HANDED_IN + "\n")
        for file, content in sample.files:
            (folder / file).write_bytes(content)
    return course.folder("submitted", name).parent


class Maker:
    """One notebook's release, and the texts that can be put into its solution cells."""

    def __init__(self, course: Course, assignment: Assignment):
        self.course, self.assignment = course, assignment
        self.stem, self.source = next(iter(assignment.notebooks.items()))
        self.release = nbformat.read(course.folder("release", assignment.name) / f"{self.stem}.ipynb", as_version=4)
        beside = course.root / assignment.name
        self.quiz = read_toml(beside / "quiz.toml")
        self.alternatives: dict[str, list[str]] = {}
        if (beside / "alternatives.py").exists():
            for other in read_alternatives((beside / "alternatives.py").read_text(encoding="utf-8")):
                self.alternatives.setdefault(other.exercise, []).append(other.source)
        self.solutions = {grade_id(cell): unmarked(cell.source) for cell in self.source.cells if is_solution(cell)}
        self.released = {grade_id(cell): cell.source for cell in self.release.cells if is_solution(cell)}
        self.solution_of = self._solution_of()
        self.questions = {f"quiz-{name}": name for name in self.quiz}

    def _solution_of(self) -> dict[str, str]:
        """Test -> the nearest solution cell before it."""
        pairs, last = {}, ""
        for cell in self.source.cells:
            if is_solution(cell):
                last = grade_id(cell)
            elif is_test(cell) and last:
                pairs[grade_id(cell)] = last
        return pairs

    @property
    def tests(self) -> list[str]:
        """Tests of functions and classes, without those of the quiz."""
        return [test for test, solution in self.solution_of.items() if solution not in self.questions]

    def kinds(self) -> Iterator[tuple[str, object]]:
        """(what the student did, function of the student's id) for the whole class."""
        yield "correct-reference", self.complete
        for style in range(max(map(len, self.alternatives.values()), default=0)):
            yield f"correct-alternative-{style + 1}", lambda who, style=style: self.alternative(who, style)
        for exercise in self.assignment.exercises.values():
            for wrong in exercise.misconceptions:
                yield (f"{exercise.name}-{wrong.name}",
                       lambda who, exercise=exercise.name, wrong=wrong: self.misconception(who, exercise, wrong))
        for nth in range(max((len(table.get("wrong", ())) for table in self.quiz.values()), default=0)):
            yield f"quiz-mistake-{nth + 1}", lambda who, nth=nth: self.quiz_mistakes(who, nth)
        yield "untouched", self.untouched
        yield "half-done", lambda who: self.in_part(who, self.tests[len(self.tests) // 2:])
        if self.quiz:
            yield "only-the-quiz", lambda who: self.in_part(who, self.tests)
            graded = [test for test in self.solution_of if test not in self.tests]
            yield "only-the-functions", lambda who: self.in_part(who, graded)
        if any(table.get("draw") for table in self.quiz.values()):
            yield "somebody-elses-id", self.somebody_else
        for kind, breakage in BREAKAGES.items():
            yield (kind if kind != "unicode-everywhere" else "ünïcode-学生"), \
                lambda who, breakage=breakage: self.broken(who, breakage)

    def notebook(self, student: str, texts: dict[str, str] | None = None) -> NotebookNode:
        """The release, completed by `student`; `texts` replaces the solutions of some cells."""
        notebook = copy.deepcopy(self.release)
        answers = {f"quiz-{name}": self.answer(name, student) for name in self.quiz}
        texts = {**self.solutions, **answers, **(texts or {})}
        for cell in notebook.cells:
            if is_solution(cell):
                cell.source = texts[grade_id(cell)]
            elif cell.cell_type == "code":
                cell.source = ID_CELL.sub(f"student_id = {json.dumps(student, ensure_ascii=False)}", cell.source)
        return notebook

    def answer(self, question: str, student: str, answer: object = None) -> str:
        """The line that answers a question of the quiz, right unless `answer` is given."""
        table = self.quiz[question]
        answer = table["answer"] if answer is None else answer
        numbers = drawn(self.course.id, student, table.get("draw", {}))
        if table["kind"] == "number":
            formula = re.sub(r"[A-Za-z_]\w*", lambda name: str(numbers.get(name[0], name[0])), str(answer))
            typed = json.dumps(formula) if re.search("[A-Za-z_]", formula) else formula     # "log(2)" needs no import
        else:
            typed = json.dumps(answer)
        return f"{question} = {typed}"

    def sample(self, student: str, notebook: NotebookNode, expected: Expected = ALL) -> Sample:
        content = (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()
        return Sample(student, ((f"{self.stem}.ipynb", content),), expected)

    def complete(self, student: str) -> Sample:
        return self.sample(student, self.notebook(student))

    def alternative(self, student: str, style: int) -> Sample:
        texts = {}
        for exercise, ways in self.alternatives.items():
            cell = self.cell_of(exercise)
            texts[cell] = with_what_is_given(ways[style % len(ways)], self.released[cell])
        return self.sample(student, self.notebook(student, texts))

    def misconception(self, student: str, exercise: str, wrong) -> Sample:
        cell = self.cell_of(exercise)
        tests = [test for test, solution in self.solution_of.items() if solution == cell]
        notebook = self.notebook(student, {cell: unmarked(wrong.source)})
        return self.sample(student, notebook, Expected(
            lost=frozenset(t for t in tests if not self.in_parts(t)), partly=frozenset(filter(self.in_parts, tests)),
            named=tuple((test, wrong.name) for test in tests)))

    def quiz_mistakes(self, student: str, nth: int) -> Sample:
        """Each question answered with its nth known wrong answer, where it has one."""
        wrong = {name: table["wrong"][nth]["answer"] for name, table in self.quiz.items()
                 if len(table.get("wrong", ())) > nth}
        texts = {f"quiz-{name}": self.answer(name, student, answer) for name, answer in wrong.items()}
        graded_in_parts = {f"test-{name}" for name in wrong if self.quiz[name]["kind"] in ("choices", "order")}
        return self.sample(student, self.notebook(student, texts), Expected(
            lost=frozenset({f"test-{name}" for name in wrong} - graded_in_parts), partly=frozenset(graded_in_parts)))

    def untouched(self, student: str) -> Sample:
        return self.sample(student, self.release, Expected(lost=frozenset(self.solution_of)))

    def in_part(self, student: str, undone: list[str]) -> Sample:
        texts = {self.solution_of[test]: self.released[self.solution_of[test]] for test in undone}
        return self.sample(student, self.notebook(student, texts), Expected(lost=frozenset(undone)))

    def somebody_else(self, student: str) -> Sample:
        """All of it right for the id that was typed, which is that of somebody who drew other numbers."""
        def differing(who: str) -> set[str]:
            return {f"test-{name}" for name, table in self.quiz.items() if table.get("draw")
                    and self.value(name, who) != self.value(name, student)}

        other = max((f"s{number:03}-somebody-else" for number in range(50)), key=lambda who: len(differing(who)))
        return self.sample(student, self.notebook(other), Expected(lost=frozenset(differing(other))))

    def value(self, question: str, student: str) -> float:
        """The right answer to a question with numbers of a student's own."""
        table = self.quiz[question]
        return calculate(str(table["answer"]), drawn(self.course.id, student, table["draw"]))

    def broken(self, student: str, breakage) -> Sample:
        draft = Draft(self.notebook(student), self.released, self.tests, self.solution_of, f"{self.stem}.ipynb")
        breakage(draft)
        lost = frozenset(self.solution_of) if WHOLE in draft.lost else frozenset(draft.lost)
        content = draft.bytes() if draft.raw is None else draft.raw
        return Sample(student, ((draft.file, content),), Expected(lost=lost, says=draft.says))

    def cell_of(self, exercise: str) -> str:
        """The solution cell that defines `exercise`."""
        return next(name for name, text in self.solutions.items() if exercise in defined_names(text))

    def in_parts(self, test: str) -> bool:
        """Does this test give credit for parts of an answer?"""
        cell = next(cell for cell in self.source.cells if is_grade(cell) and grade_id(cell) == test)
        return "parts=" in cell.source


def unmarked(source: str) -> str:
    """A solution's text without nbgrader's markers, and with only its solution where a line is answered twice."""
    lines = [line for line in source.split("\n") if not re.match(r"\s*### (BEGIN|END) SOLUTION", line)]
    return "\n".join(lines)


def with_what_is_given(text: str, released: str) -> str:
    """An alternative, after the functions and classes of its cell that students are given and it leaves as they are."""
    own = defined_names(text)
    given = [ast.get_source_segment(released, node) for node in parse(released).body
             if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in own]
    return "\n\n\n".join([*given, text])
