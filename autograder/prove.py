"""An assignment proves itself before anybody is judged by it.

    prove(assignment, alternatives, keys) -> problems in plain words; [] is good

For every exercise and every key:
    the reference passes, and so does each correct solution in another style
    each misconception loses, and is named as itself
    each automatic wrong answer loses: None, 0, zeros, ones, NaN, the input itself, the first public answer, one number where
    an array is asked for, too few digits, whole numbers, and the right answer after changing an argument
For every question: its answer is right, its known wrong answers are not and are named, nonsense is worth nothing.

Nothing is listed by hand: what the assignment holds is what is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.assignment import Assignment
from autograder.examination import AuthorError, Examination, QuizPaper
from autograder.examine import plans
from coursekit.agreement import agrees
from coursekit.plain import SCALARS, plain
from coursekit.trial import judge

KEYS = (b"one class", b"another class")
STUDENTS = ("ada", "grace", "alan", "kurt", "emmy", "sofia", "carl", "leonhard")     # for questions with drawn numbers
NONSENSE = (None, ..., "", "z" * 1000, -1, 10**400, float("nan"), float("inf"), [], ["a", 1], {}, "__import__('os')", "9**9**9", object())


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
        for plan in plans(assignment, key):
            found = _prove_question(plan) if isinstance(plan, QuizPaper) else _prove_exercise(plan, alternatives)
            problems |= dict.fromkeys(found)
        known = {plan.name for plan in plans(assignment, key)}
        problems |= {f"{a.exercise}: an alternative ({a.style}) for an exercise that no test examines": None
                     for a in alternatives if a.exercise not in known}
        problems |= {f"{name}: misconceptions or hints for an exercise that no test examines": None
                     for name in assignment.exercises if name not in known}
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


def _prove_exercise(plan: Examination, alternatives: Sequence[Alternative]) -> Iterable[str]:
    name = plan.name
    try:
        trials = plan.trials
    except AuthorError as problem:
        return [str(problem)]
    found = []
    result = plan.judge(plan.reference)
    if result["status"] != "passed":
        return [f"{name}: the reference fails itself: {result['rationale']}"]
    for alternative in alternatives:
        if alternative.exercise == name:
            result = plan.judge(_made(plan, alternative.source, alternative.style))
            if result["status"] != "passed":
                found.append(f"{name}: the correct solution {alternative.style!r} loses: {result['rationale']}")
    for misconception in plan.context.solutions.misconceptions(name):
        result = plan.judge(_made(plan, misconception.source, misconception.name))
        if result["status"] == "passed":
            found.append(f"{name}: the misconception {misconception.name!r} passes")
        elif result["misconception"] != misconception.name:
            taken = repr(result["misconception"]) if result["misconception"] else f"none: {result['rationale']}"
            found.append(f"{name}: the misconception {misconception.name!r} is taken for {taken}")
    for label, answer in automatic(plan).items():
        # Through the judgement itself, but on the answer alone: what drives a class is left out.
        result = judge(plan.rules, trials, answer)
        if result["status"] == "passed":
            found.append(f"{name}: a solution that gives {label} passes")
        elif label in NOTHING and result["fraction"] > 0:
            found.append(f"{name}: a solution that gives {label} earns a part")
    return found


def _made(plan: Examination, source: str, label: str):
    return plan.context.solutions.variant(plan.name, source, label)


NOTHING = ("None", "0", "NaN")      # answers that may not even earn a part


def automatic(plan: Examination) -> dict[str, Callable]:
    """Wrong answers that no author has to think of, as functions of the case's arguments."""
    trials, through = plan.trials, plan.through or ((lambda value: value) if plan.cases is None else None)
    reference = plan.reference

    def right(*args, **kwargs):
        return plain(through(reference, *args, **kwargs) if through else reference(*args, **kwargs))

    def altered(change: Callable) -> Callable:
        return lambda *args, **kwargs: change(right(*args, **kwargs))

    # An exception that is asked for stays one: each of these is wrong in what it returns.
    answers = {
        "None": altered(lambda value: None),
        "0": altered(lambda value: 0),
        "NaN": altered(lambda value: float("nan")),
        "zeros": altered(lambda value: each_number(value, np.zeros_like)),
        "ones": altered(lambda value: each_number(value, np.ones_like)),
        "arrays of NaN": altered(lambda value: each_number(value, lambda x: np.full(np.shape(x), np.nan))),
    }
    values = [t.expected.value for t in trials if not t.expected.raised]
    if any(not agrees(v, values[0]) for v in values):
        answers["always the first public answer"] = altered(lambda value: plain(values[0]))
    if plan.cases is not None and plan.rules.inputs:
        answers["its first argument"] = _first_argument(right)
    spoiled = {
        "one number where an array is asked for": _broadcasting,
        "the right numbers with half their digits": _shorter,
        "the right numbers as whole numbers": _whole,
    }
    for label, change in spoiled.items():
        # Where an alteration alters nothing (a whole number is whole already) it is no wrong answer.
        if any(not agrees(v, each_number(v, change), inputs=t.case.args, rtol=plan.rtol)
               for v, t in ((t.expected.value, t) for t in trials if not t.expected.raised)):
            answers[label] = altered(lambda value, change=change: each_number(value, change))
    if any(_changeable(value) for t in trials for name, value in t.case.named(plan.rules.inputs).items() if name not in plan.changes):
        answers["the right answer after changing an argument"] = _changing(right, plan)
    return answers


def _first_argument(right: Callable) -> Callable:
    def answer(*args, **kwargs):
        right(*args, **kwargs)
        return args[0] if args else next(iter(kwargs.values()), None)
    return answer


def _changing(right: Callable, plan: Examination) -> Callable:
    def answer(*args, **kwargs):
        value = right(*args, **kwargs)
        names = plan.rules.inputs
        for i, arg in enumerate((*args, *kwargs.values())):
            if _changeable(arg) and not (i < len(names) and names[i] in plan.changes):
                _change(arg)
                break
        return value
    return answer


def _changeable(value) -> bool:
    return (type(value) is np.ndarray and value.size > 0) or (type(value) in (list, dict) and len(value) > 0)


def _change(value) -> None:
    if type(value) is np.ndarray:
        value.flat[0] = not value.flat[0] if value.dtype.kind == "b" else "x" if value.dtype.kind == "U" else value.flat[0] + 1
    elif type(value) is list:
        value.append(value[0])
    else:
        value.popitem()


def each_number(value, change: Callable):
    """The value with `change` applied to every number and array in it.

    >>> each_number((1.5, [np.ones(2)]), np.zeros_like)
    (array(0.), [array([0., 0.])])
    """
    if type(value) in (list, tuple):
        return type(value)(each_number(v, change) for v in value)
    if type(value) is dict:
        return {k: each_number(v, change) for k, v in value.items()}
    if type(value) in (int, float, complex) or type(value) in SCALARS or (type(value) is np.ndarray and value.dtype.kind in "biufc"):
        return change(value)
    return value


def _broadcasting(x):
    return x.flat[0] if type(x) is np.ndarray and x.size else x


def _shorter(x):
    if np.asarray(x).dtype != np.float64:
        return x
    with np.errstate(over="ignore"):
        return np.asarray(x).astype(np.float32).astype(np.float64)


def _whole(x):
    x = np.asarray(x)
    if x.dtype.kind != "f":
        return x
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(x, posinf=0, neginf=0).astype(np.int64)


def _prove_question(plan: QuizPaper) -> Iterable[str]:
    found = []
    drawn = [plan.question.numbers(student) for student in STUDENTS]
    for numbers in drawn if drawn[0] else [{}]:
        with_numbers = f" with {', '.join(f'{k} = {v}' for k, v in numbers.items())}" if numbers else ""
        result = plan.mark(plan.question.answer, numbers)
        if result["status"] != "passed":
            found.append(f"{plan.name}: its own answer {plan.question.answer!r} loses{with_numbers}: {result['rationale']}")
            continue
        for wrong in plan.question.wrong:
            result = plan.mark(wrong.answer, numbers)
            if result["status"] == "passed":
                found.append(f"{plan.name}: the wrong answer {wrong.answer!r} is right{with_numbers}")
            elif result["misconception"] != wrong.answer:
                found.append(f"{plan.name}: the wrong answer {wrong.answer!r} is taken for {result['misconception'] or 'none'!r}{with_numbers}")
        for nonsense in NONSENSE:
            result = plan.mark(nonsense, numbers)
            if result["status"] != "failed" or result["fraction"] > 0:
                found.append(f"{plan.name}: {nonsense!r:.40} is {result['status']}{with_numbers}")
    return found

