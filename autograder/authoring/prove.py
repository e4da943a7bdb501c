"""An assignment proves itself before anybody is judged by it.

    prove(assignment, alternatives, keys) -> problems in plain words; [] is good

For every exercise and every key:
    the reference passes, and so does each correct solution in another style
    each misconception loses, and is named as itself
    each automatic wrong answer loses (autograder.authoring.wronganswers)
For every question: its answer is right, its known wrong answers are not and are named, nonsense is worth nothing.

Nothing is listed by hand: what the assignment holds is what is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.authoring.wronganswers import automatic
from autograder.examine import plans
from autograder.exercise.examination import AuthorError, Examination
from autograder.exercise.quiz import QuizPaper
from coursekit.findings import finding
from coursekit.trial import judge

KEYS = (b"one class", b"another class")
NOTHING = ("None", "0", "NaN")      # answers that may not even earn a part
STUDENTS = ("ada", "grace", "alan", "kurt", "emmy", "sofia", "carl", "leonhard")  # for questions with drawn numbers
NONSENSE = (None, ..., "", "z" * 1000, 10**400, float("nan"), float("inf"), [], ["a", 1], {}, "__import__('os')",
            "9**9**9", object())


@dataclass(frozen=True)
class Alternative:
    """A correct solution in another style."""

    exercise: str
    style: str       # "einsum", "loops"
    source: str


def prove(assignment: Assignment, alternatives: Sequence[Alternative] = (), keys: Iterable[bytes] = KEYS) -> list[str]:
    """What is wrong with an assignment's checks, each problem a sentence; [] where they can be relied on."""
    problems: dict[str, None] = {}     # in order, each once, though several keys may find it
    for key in keys:
        exams = plans(assignment, key)
        for exam in exams:
            found = _in_question(exam) if isinstance(exam, QuizPaper) else _in_exercise(exam, alternatives)
            problems |= dict.fromkeys(found)
        unknown = {a.exercise for a in alternatives} | set(assignment.exercises)
        unknown -= {exam.name for exam in exams}
        problems |= {f"{name}: solutions, right or wrong, for an exercise that no test examines": None
                     for name in sorted(unknown)}
    return list(problems)


def read_alternatives(text: str) -> list[Alternative]:
    """The cells of an alternatives.py: `# %% alternative="softmax" style="loops"`, then the whole definition."""
    cells = re.split(r"^# %%(.*)$", text, flags=re.MULTILINE)
    found = []
    for heading, source in zip(cells[1::2], cells[2::2], strict=True):
        keys = dict(re.findall(r'(\w+)="([^"]*)"', heading))
        if set(keys) != {"alternative", "style"}:
            raise ValueError(f'a cell begins `# %% alternative="name" style="words"`, received `# %%{heading}`')
        found.append(Alternative(keys["alternative"], keys["style"], source.strip() + "\n"))
    return found


def _in_exercise(exam: Examination, alternatives: Sequence[Alternative]) -> Iterator[str]:
    name = exam.name
    try:
        trials = exam.trials
    except AuthorError as problem:
        yield str(problem)
        return
    result = exam.judge(exam.reference)
    if result["status"] != "passed":
        yield f"{name}: the reference fails itself: {result['rationale']}"
        return
    for alternative in alternatives:
        if alternative.exercise == name:
            result = _judged(exam, alternative.source, alternative.style)
            if result["status"] != "passed":
                yield f"{name}: the correct solution {alternative.style!r} loses: {result['rationale']}"
    for wrong in exam.context.solutions.misconceptions(name):
        result = _judged(exam, wrong.source, wrong.name)
        if result["status"] != "failed":
            yield f"{name}: the misconception {wrong.name!r} {result['status']}: {result['rationale']}".rstrip(": ")
        elif result["misconception"] != wrong.name:
            taken = repr(result["misconception"]) if result["misconception"] else f"none: {result['rationale']}"
            yield f"{name}: the misconception {wrong.name!r} is taken for {taken}"
    for label, answer in automatic(exam).items():
        result = judge(exam.rules, trials, answer)
        if result["status"] == "passed":
            yield f"{name}: a solution that gives {label} passes"
        elif label in NOTHING and result["fraction"] > 0:
            yield f"{name}: a solution that gives {label} earns a part"


def _judged(exam: Examination, source: str, label: str) -> dict:
    try:
        subject = exam.variant(source, label)
    except Exception as problem:
        return finding(exam.name, "could_not_tell", 0.0, f"its source fails: {type(problem).__name__}: {problem}")
    return exam.judge(subject)


def _in_question(exam: QuizPaper) -> Iterator[str]:
    question = exam.question
    for numbers in [question.numbers(student) for student in STUDENTS] if question.numbers("") else [{}]:
        drawn = f" with {', '.join(f'{k} = {v}' for k, v in numbers.items())}" if numbers else ""
        result = exam.mark(question.answer, numbers)
        if result["status"] != "passed":
            yield f"{exam.name}: its own answer {question.answer!r} loses{drawn}: {result['rationale']}"
            continue
        for wrong in question.wrong:
            result = exam.mark(wrong.answer, numbers)
            if result["status"] == "passed":
                yield f"{exam.name}: the wrong answer {wrong.answer!r} is right{drawn}"
            elif result["misconception"] != wrong.answer:
                taken = repr(result["misconception"]) if result["misconception"] else f"none: {result['rationale']}"
                yield f"{exam.name}: the wrong answer {wrong.answer!r} is taken for {taken}{drawn}"
        for nonsense in NONSENSE:
            result = exam.mark(nonsense, numbers)
            if result["status"] != "failed" or result["fraction"] > 0:
                yield f"{exam.name}: the answer {nonsense!r:.40} is not refused{drawn}"
