"""What the desk knows of an assignment: its exercises' public cases and its questions' forms, from the notebook.

    {"assignment": "week01_mlp",
     "exercises": {"count_dense": {"inputs", "parts", "changes", "rtol", "silent", "hints",
                                   "cases": [{"args", "kwargs", "law", "raises", "expected"}, ...],
                                   "wrong": [{"name", "says", "hint", "outcomes": [one a case]}, ...]}},
     "questions": {"q_mnist": {"kind", ...}}}

An outcome of a wrong solution is null where it is right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from coursekit.codec import decode, encode
from coursekit.outcome import Case, Rules, decode_outcome, encode_outcome
from coursekit.trial import Trial, Wrong, faults


@dataclass(frozen=True)
class Exercise:
    """One exercise as the desk knows it.

    >>> exercise = Exercise(Rules("double", ("x",)), hints=("What is 2 * 3?",))
    >>> Exercise.from_data("double", exercise.to_data()) == exercise
    True
    """

    rules: Rules
    trials: tuple[Trial, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    hints: tuple[str, ...] = ()

    def to_data(self) -> dict:
        """As data for JSON; a known mistake whose outcomes are all right here is left out."""
        r = self.rules
        return {
            "inputs": list(r.inputs), "parts": r.parts, "changes": list(r.changes), "rtol": r.rtol, "silent": r.silent,
            "hints": list(self.hints),
            "cases": [_trial_to_data(trial) for trial in self.trials],
            "wrong": [entry for entry in map(self._wrong_to_data, self.wrong) if any(entry["outcomes"])],
        }

    def _wrong_to_data(self, wrong: Wrong) -> dict:
        outcomes = []
        for i, trial in enumerate(self.trials):
            outcome = wrong.outcome(i)
            outcomes.append(encode_outcome(outcome, trial.case.law) if faults(trial, self.rules, outcome) else None)
        return {"name": wrong.name, "says": wrong.says, "hint": wrong.hint, "outcomes": outcomes}

    @classmethod
    def from_data(cls, name: str, data: dict) -> Exercise:
        inputs, changes, hints = (tuple(data[key]) for key in ("inputs", "changes", "hints"))
        trials = tuple(_trial(entry) for entry in data["cases"])
        rules = Rules(name, inputs, dict(data["parts"]), changes, data["rtol"], data["silent"])
        return cls(rules, trials, tuple(_wrong(entry, trials) for entry in data["wrong"]), hints)


def _trial_to_data(trial: Trial) -> dict:
    case = trial.case
    return {"args": [encode(a) for a in case.args], "kwargs": {k: encode(v) for k, v in case.kwargs.items()},
            "law": encode(case.law), "raises": case.raises, "expected": encode_outcome(trial.expected, case.law)}


def _trial(entry: dict) -> Trial:
    case = Case(law=decode(entry["law"]), raises=entry["raises"])
    case.args = tuple(decode(a) for a in entry["args"])
    case.kwargs = {k: decode(v) for k, v in entry["kwargs"].items()}
    return Trial(case, decode_outcome(entry["expected"]))


def _wrong(entry: dict, trials) -> Wrong:
    outcomes = [decode_outcome(o) if o else trials[i].expected for i, o in enumerate(entry["outcomes"])]
    return Wrong(entry["name"], entry["says"], entry["hint"], outcomes.__getitem__)


@dataclass(frozen=True)
class Sheet:
    """One assignment as the desk knows it.

    >>> Sheet.from_json('{"assignment": "week01", "exercises": {}, "questions": {}}').assignment
    'week01'
    """

    assignment: str
    exercises: dict[str, Exercise]
    questions: dict[str, dict]

    @classmethod
    def from_json(cls, text: str) -> Sheet:
        data = json.loads(text)
        exercises = {name: Exercise.from_data(name, entry) for name, entry in data["exercises"].items()}
        return cls(data["assignment"], exercises, data["questions"])
