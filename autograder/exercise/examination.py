"""One exercise under examination: a function, class or variable against its reference, by which cases and rules.

    Examination(...).judge(subject)     a finding on a student's work
    Examination(...).public_data()      what the student's notebook may know
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from autograder.exercise.context import Context
from coursekit.desk.sheet import Exercise
from coursekit.findings import finding
from coursekit.outcome import Case, Outcome, Rules, attempt
from coursekit.plain import plain
from coursekit.trial import Trial, Wrong, faults, judge


class AuthorError(Exception):
    """The exercise itself is at fault: its cases, its reference, its law. Never the student's doing."""


@dataclass
class Examination:
    name: str
    cases: Callable[[np.random.Generator], Iterable] | None     # None: a variable, one case without arguments
    public: int
    through: Callable | None
    parts: dict[str, float]
    changes: tuple[str, ...]
    rtol: float | None
    silent: bool
    points: float | None
    context: Context = field(repr=False)

    @cached_property
    def reference(self):
        try:
            return self.context.solutions.reference(self.name)
        except Exception as problem:
            said = f"{type(problem).__name__}: {problem}"
            raise AuthorError(f"the reference of {self.name} cannot be had: {said}") from problem

    @cached_property
    def rules(self) -> Rules:
        return Rules(self.name, self._inputs(), self.parts, self.changes, self.rtol, self.silent)

    def _inputs(self) -> tuple[str, ...]:
        """The arguments' names: the reference's own, or those of `through` after its first."""
        driven = self.through or self.reference
        if not callable(driven):
            return ()
        parameters = inspect.signature(driven).parameters.values()
        names = tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))
        return names[1:] if self.through else names

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """All cases with what the reference did: public ones first, everything drawn before the first call.

        The public cases come rounded, since they travel as readable JSON; the hidden ones are drawn anew, from the
        key, and those among them that chance has no part in are not tried twice.
        """
        if self.cases is None:
            return (self._trial(Case()),)
        public = [rounded(case) for case in self._draw(self.context.public_rng(self.name))][:self.public]
        hidden = [case for case in self._draw(self.context.hidden_rng(self.name)) if rounded(case) not in public]
        return tuple(self._trial(case) for case in public + hidden)

    def _draw(self, rng) -> list[Case]:
        try:
            drawn = [
                given if isinstance(given, Case) else Case(*(given if type(given) is tuple else (given,)))
                for given in self.cases(rng)
            ]
        except Exception as problem:
            raise AuthorError(f"cases() of {self.name} fails: {type(problem).__name__}: {problem}") from problem
        if not drawn:
            raise AuthorError(f"cases() of {self.name} yields nothing")
        return drawn

    def _trial(self, case: Case) -> Trial:
        trial = Trial(case, self.attempt(self.reference, case))
        if complaint := self._complaint(trial):
            raise AuthorError(f"the reference of {self.name} {complaint}, with {case!r:.300}")
        return trial

    def _complaint(self, trial: Trial) -> str:
        """What is wrong with the reference itself; "" if nothing is."""
        case, outcome = trial.case, trial.expected
        # An exception is asked for where the case says so, or where the reference raises it in so many words.
        asked = case.raises in outcome.raised if case.raises else outcome.line.startswith("raise ")
        if outcome.raised and not asked:
            return f"raises {outcome.raised[0]}: {outcome.message}"
        if not outcome.raised and case.law is not None and type(outcome.value) is not np.ndarray:
            return "has a law, but gives no array"
        if not outcome.raised and self.parts and not self._has_parts(outcome.value):
            return f"does not give the parts {', '.join(self.parts)}"
        return "".join(str(apart) for apart in faults(trial, self.rules, outcome).values())

    def _has_parts(self, value) -> bool:
        if type(value) is dict:
            return set(value) == set(self.parts)
        return type(value) in (list, tuple) and len(value) == len(self.parts)

    def attempt(self, subject, case: Case) -> Outcome:
        return attempt(subject, case, self.rules, self._through())

    def variant(self, source: str, label: str):
        """What the exercise is judged on, by another source: a misconception, an alternative."""
        return self.context.solutions.variant(self.name, source, label)

    def right_answer(self, *args, **kwargs):
        """What the reference gives, driven as a student's work is."""
        driven = self._through()
        return plain(driven(self.reference, *args, **kwargs) if driven else self.reference(*args, **kwargs))

    def _through(self) -> Callable | None:
        if self.cases is None:
            return self.through or (lambda value: value)
        return self.through

    @cached_property
    def wrong(self) -> tuple[Wrong, ...]:
        """The misconceptions, each executed when its outcome is first asked for."""
        return tuple(
            Wrong(m.name, m.says, m.hint, self._outcomes_of(m))
            for m in self.context.solutions.misconceptions(self.name)
        )

    def _outcomes_of(self, misconception) -> Callable[[int], Outcome]:
        @cache
        def subject():
            return self.variant(misconception.source, misconception.name)

        @cache
        def outcome(i: int) -> Outcome:
            try:
                return self.attempt(subject(), self.trials[i].case)
            except Exception as problem:      # a name for a mistake is welcome, never worth a verdict
                return Outcome(unreadable=f"a misconception that does not run ({problem})")

        return outcome

    @property
    def hints(self) -> tuple[str, ...]:
        return self.context.solutions.hints(self.name)

    def judge(self, subject) -> dict:
        """A finding on `subject`. What fails before it is touched is the author's, after that it is the student's."""
        try:
            trials = self.trials
        except AuthorError as problem:
            return finding(self.name, "could_not_tell", 0.0, str(problem))
        try:
            return judge(self.rules, trials, subject, through=self._through(), wrong=self.wrong, hints=self.hints)
        except Exception as problem:
            # Reference, cases and laws have worked by now, so this came with the student's data.
            words = f"{self.name}: what it gives cannot be judged ({type(problem).__name__})."
            return finding(self.name, "failed", 0.0, words)

    def public_data(self) -> dict:
        """What the student's notebook may know: public cases, known mistakes on them, hints."""
        shown = self.trials[:self.public] if self.cases is not None else ()
        return Exercise(self.rules, shown, self.wrong, self.hints).to_data()


def rounded(case: Case) -> Case:
    """The case with its real numbers at ten significant digits, so that they read well."""
    twin = Case(law=case.law, raises=case.raises)
    twin.args, twin.kwargs = _rounded(case.args), _rounded(case.kwargs)
    return twin


def _rounded(value):
    kind = type(value)
    if kind in (list, tuple):
        return kind(_rounded(v) for v in value)
    if kind is dict:
        return {k: _rounded(v) for k, v in value.items()}
    if kind is float or kind is np.float64:
        return kind(f"{value:.9e}")
    if kind is np.ndarray and value.dtype == np.float64:
        return np.array([float(f"{x:.9e}") for x in value.ravel()], dtype=np.float64).reshape(value.shape)
    return value
