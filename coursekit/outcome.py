"""What one call did: the value it returned or the exception it raised, and what it left changed.

Case      the arguments of one call, and what is asked of its result
Rules     how an exercise is judged, the same for all of its cases
Outcome   what a call did, in plain data only
attempt   case -> Outcome, for any callable: a student's, the reference, a misconception, a stand-in for a remote one
"""

from __future__ import annotations

import linecache
import traceback
import warnings
from dataclasses import dataclass, field

import numpy as np

from coursekit.codec import decode, encode
from coursekit.laws import check_law
from coursekit.plain import Formula, NotPlain, Omitted, identical, other_generator, plain


class Case:
    """One call's arguments; `law` judges a random result by statistics, `raises` expects an exception.

    >>> Case(np.eye(1), h=1e-5)
    Case(array([[1.]]), h=1e-05)
    """

    def __init__(self, *args, law: dict | None = None, raises: type[Exception] | None = None, **kwargs):
        self.args = plain(args, inputs=True)
        self.kwargs = plain(kwargs, inputs=True)
        self.law = plain(law)
        self.raises = raises.__name__ if isinstance(raises, type) else raises or ""
        if law is not None:
            check_law(law)

    def fresh(self) -> tuple[tuple, dict]:
        """Arguments of its own for one call."""
        return plain(self.args, inputs=True), plain(self.kwargs, inputs=True)

    def generators(self) -> list:
        """The generators among the arguments."""
        return [a for a in (*self.args, *self.kwargs.values()) if type(a) is np.random.Generator]

    def in_other_state(self) -> Case:
        """The same case with each generator in another state."""
        twin = Case(law=self.law, raises=self.raises)
        twin.args = tuple(other_generator(a) if type(a) is np.random.Generator else a for a in self.args)
        twin.kwargs = {k: other_generator(a) if type(a) is np.random.Generator else a for k, a in self.kwargs.items()}
        return twin

    def named(self, inputs: tuple[str, ...]) -> dict:
        """Arguments by name; `inputs` are the function's own names for them."""
        names = [inputs[i] if i < len(inputs) else f"argument {i + 1}" for i in range(len(self.args))]
        return dict(zip(names, self.args, strict=True)) | self.kwargs

    def __eq__(self, other):
        return type(other) is Case and self.law == other.law and self.raises == other.raises and \
            identical([self.args, self.kwargs], [other.args, other.kwargs])

    __hash__ = None

    def __repr__(self):
        given = [repr(a) for a in self.args] + [f"{k}={a!r}" for k, a in self.kwargs.items()]
        given += [f"law={self.law!r}"] * (self.law is not None) + [f"raises={self.raises}"] * bool(self.raises)
        return f"Case({', '.join(given)})"


@dataclass(frozen=True)
class Rules:
    """How an exercise is judged."""

    name: str                         # "dense_backward"
    inputs: tuple[str, ...] = ()      # its arguments' names, for messages
    parts: dict[str, float] = field(default_factory=dict)   # entries of its result, judged one by one -> weight
    changes: tuple[str, ...] = ()     # arguments it is asked to change in place
    rtol: float | None = None         # instead of the course's tolerance
    silent: bool = False              # whether a warning is a mistake


@dataclass(frozen=True)
class Outcome:
    """What a call did, in plain data.

    >>> attempt(lambda x: 1 / x, Case(0), Rules("inverse", ("x",))).raised
    ('ZeroDivisionError', 'ArithmeticError', 'Exception')
    """

    value: object = None
    raised: tuple[str, ...] = ()      # the exception's class name, then those of its bases
    message: str = ""                 # the exception's
    line: str = ""                    # the line of the caller's own code that raised it
    unreadable: str = ""              # why the value returned is no plain data: "a generator"
    changed: dict = field(default_factory=dict)    # arguments that were changed in place -> what they became
    warned: str = ""                  # the first warning's text
    repeats: bool = True              # the same state of the generator gives the same result
    varies: bool = False              # another state gives another result
    advances: bool = False            # the generator that was passed in has moved on


def attempt(subject, case: Case, rules: Rules, through=None) -> Outcome:
    """Call `subject` with the case's arguments, on copies, and say what happened.

    `through(subject, *args)` drives what is not a plain function (a class, a callback, a training run).
    A case with a generator is called three times: twice in the same state, once in another.

    >>> def grow(values):
    ...     values.append(1)
    >>> attempt(grow, Case([0]), Rules("grow", ("values",))).changed
    {'values': [0, 1]}
    """
    outcome = _call(subject, case, rules, through)
    if not case.generators() or outcome.raised or outcome.unreadable:
        return outcome
    again = _call(subject, case, rules, through)
    other = _call(subject, case.in_other_state(), rules, through)
    return Outcome(**{**vars(outcome), "repeats": _same(outcome, again), "varies": not _same(outcome, other)})


def _same(a: Outcome, b: Outcome) -> bool:
    return a.raised == b.raised and identical([a.value, a.changed], [b.value, b.changed])


def _call(subject, case, rules, through) -> Outcome:
    args, kwargs = case.fresh()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with np.errstate(over="warn", divide="warn", invalid="warn", under="ignore"):
                value = through(subject, *args, **kwargs) if through else subject(*args, **kwargs)
            result = _read(value)
        except (Exception, SystemExit) as problem:
            result = _raised(problem)
    before = case.named(rules.inputs)
    after = dict(zip(before, (*args, *kwargs.values()), strict=True))
    return Outcome(
        **result,
        changed={name: _left(after[name]) for name in before if _changed(before[name], after[name])},
        warned=_text(caught[0].message) if caught else "",
        advances=any(type(g) is np.random.Generator and not identical(before[n], g) for n, g in after.items()),
    )


def _read(value) -> dict:
    try:
        return {"value": plain(value)}
    except NotPlain as problem:
        return {"unreadable": str(problem)}


def _raised(problem: BaseException) -> dict:
    told = getattr(problem, "student_lineage", None)     # of an exception that crossed from another process
    classes = told if type(told) is tuple else [c.__name__ for c in type(problem).__mro__]
    bases = tuple(name for name in classes if name not in ("object", "BaseException"))
    return {"raised": bases, "message": _text(problem), "line": _line(problem)}


def _text(problem) -> str:
    try:
        text = str(problem)
    except Exception:     # an exception class of the student's own, whose __str__ fails
        return ""
    return text if len(text) <= 300 else text[:297] + "..."


def _line(problem: BaseException) -> str:
    """The deepest line of code that was typed in a notebook, from the traceback."""
    told = getattr(problem, "student_traceback", None)
    if type(told) is str:
        pairs = zip(told.splitlines(), told.splitlines()[1:], strict=False)
        cells = [code for place, code in pairs if place.lstrip().startswith("File ") and "site-packages" not in place]
        return cells[-1].strip()[:120] if cells else ""
    for frame in reversed(traceback.extract_tb(problem.__traceback__)):
        if frame.filename.startswith("<") or "ipykernel" in frame.filename:
            return (frame.line or linecache.getline(frame.filename, frame.lineno or 0)).strip()[:120]
    return ""


def _changed(before, after) -> bool:
    if type(before) in (np.random.Generator, Formula):
        return False
    try:
        return not identical(before, plain(after))
    except NotPlain:
        return True


def _left(after):
    try:
        return plain(after)
    except NotPlain as problem:
        return Omitted(str(problem))


def summary(value) -> object:
    """A random array in a few numbers, which two programs that draw alike share; other values as they are.

    >>> summary(np.array([0.0, 2.0]))["mean"]
    1.0
    """
    if type(value) is not np.ndarray or value.dtype.kind not in "fiub":
        return value
    x = value.astype(np.float64)
    with np.errstate(all="ignore"):
        moments = {"mean": float(x.mean()), "mean square": float((x**2).mean())} if x.size else {}
    return {"shape": value.shape, "kind": value.dtype.kind, "zeros": int((x == 0).sum())} | moments


USUAL = Outcome()


def encode_outcome(outcome: Outcome, law: dict | None) -> dict:
    """An outcome as data for JSON, without what is as usual; under a law a summary stands for the value.

    A value that the same state of the generator does not repeat stays out: it is another one at each call, and the
    data must come out alike whenever they are made. The line that raised stays out: the data reach the student's
    notebook, and the line is the reference's.

    >>> encode_outcome(Outcome(value=(1, 2.0)), law=None)
    {'value': {'tuple': [1, 2.0]}}
    """
    told = {k: getattr(outcome, k) for k in vars(USUAL)
            if k not in ("value", "changed", "line") and getattr(outcome, k) != getattr(USUAL, k)}
    if outcome.raised:
        told["raised"] = list(outcome.raised)
    elif outcome.repeats:
        told["value"] = encode(outcome.value if law is None else summary(outcome.value))
    if outcome.changed:
        told["changed"] = {name: encode(value) for name, value in outcome.changed.items()}
    return told


def decode_outcome(told: dict) -> Outcome:
    """The outcome that `encode_outcome` wrote.

    >>> decode_outcome({"value": {"tuple": [1, 2.0]}}).value
    (1, 2.0)
    """
    if unknown := told.keys() - vars(USUAL).keys():
        raise ValueError(f"an outcome has no {sorted(unknown)}")
    return Outcome(**{**told, "value": decode(told.get("value")), "raised": tuple(told.get("raised", ())),
                      "changed": {name: decode(value) for name, value in told.get("changed", {}).items()}})
