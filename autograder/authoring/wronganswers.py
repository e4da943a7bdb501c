"""Wrong answers that no author has to think of: whatever an exercise asks for, each of these must lose.

    None, 0, NaN                  nothing
    zeros, ones, arrays of NaN    in the right shapes
    its first argument            given back
    always the first public answer
    one number where an array is asked for
    the right numbers with half their digits, or as whole numbers
    the right answer after changing an argument
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.examination import Examination
from coursekit.agreement import agrees
from coursekit.plain import SCALARS, plain


def automatic(plan: Examination) -> dict[str, Callable]:
    """What to call each wrong answer -> a function of the case's arguments that gives it.

    Each starts from the right answer, so that what drives a class is left out, and an exception that is asked for
    stays one: it is wrong in what it returns.
    """
    trials, right = plan.trials, plan.right_answer

    def altered(change: Callable) -> Callable:
        return lambda *args, **kwargs: change(right(*args, **kwargs))

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
        # Where an alteration alters nothing (a whole number is whole already) it is no wrong answer; nor is a random
        # number that is judged by its law alone any worse with half its digits.
        judged = [t for t in trials if not t.expected.raised and not (change is _shorter and t.case.law)]
        if any(not agrees(t.expected.value, each_number(t.expected.value, change), inputs=t.case.args, rtol=plan.rtol)
               for t in judged):
            answers[label] = altered(lambda value, change=change: each_number(value, change))
    if any(
        _changeable(value)
        for t in trials
        for name, value in t.case.named(plan.rules.inputs).items()
        if name not in plan.changes
    ):
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
        value.flat[0] = (
            not value.flat[0] if value.dtype.kind == "b" else "x" if value.dtype.kind == "U" else value.flat[0] + 1
        )
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
    if (
        type(value) in (int, float, complex)
        or type(value) in SCALARS
        or (type(value) is np.ndarray and value.dtype.kind in "biufc")
    ):
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
