"""A subject on trial: its outcomes against the expected ones, and what to say of them.

    judge(rules, trials, subject) -> finding

The same judgement serves the student's desk (expected outcomes read from the notebook) and the
grader (expected outcomes computed on the spot). A finding is plain data for JSON:

    exercise, status ("passed", "failed", "could_not_tell"), fraction (0..1), rationale, hint, misconception, case
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.agreement import Difference, describe, difference
from coursekit.laws import FALSE_REJECTION, breaches, count_bounds
from coursekit.outcome import Case, Outcome, Rules, attempt, summary
from coursekit.plain import SCALARS, Omitted, encode

SHOWN = 2000      # entries of a value beyond which a finding describes it instead of holding it


@dataclass(frozen=True)
class Trial:
    """A case and what the reference did with it."""

    case: Case
    expected: Outcome


@dataclass(frozen=True)
class Wrong:
    """A known mistake, told by what it does in each trial."""

    name: str                             # "biases-forgotten"
    says: str                             # "The biases are missing."
    hint: str                             # "How many numbers does each unit add besides its weights?"
    outcome: Callable[[int], Outcome]     # trial number -> what this mistake gives there


def judge(rules: Rules, trials: Sequence[Trial], subject, *, through=None,
          wrong: Sequence[Wrong] = (), hints: Sequence[str] = ()) -> dict:
    """Try `subject` in one trial after the other and say, in a finding, how it did.

    The first failing trial is shown (authors put the smallest first). Without `parts` it decides; with parts each part
    must agree in all trials, and those that do earn their share.
    """
    share = FALSE_REJECTION / max(sum(count_bounds(t.case.law) for t in trials if t.case.law), 1)
    outcomes: dict[int, Outcome] = {}
    spoiled: dict[str, Difference] = {}
    first = None
    for i, trial in enumerate(trials):
        outcomes[i] = attempt(subject, trial.case, rules, through)
        found = faults(trial, rules, outcomes[i], share)
        if found and first is None:
            first = (i, found)
        spoiled = found | spoiled
        if "" in spoiled or len(spoiled) == max(len(rules.parts), 1):
            break
    if first is None:
        return finding(rules.name, "passed", 1.0)
    kept = [p for p in rules.parts if p not in spoiled] if "" not in spoiled else []
    i, found = first

    def got(j: int) -> Outcome:
        if j not in outcomes:
            outcomes[j] = attempt(subject, trials[j].case, rules, through)
        return outcomes[j]

    known = recognise(rules, trials, wrong, i, got)
    return finding(
        rules.name, "failed", sum(rules.parts[p] for p in kept) / (sum(rules.parts.values()) or 1),
        rationale=_rationale(rules, trials[i], outcomes[i], found, known, kept),
        hint=known.hint if known else hints[0] if hints else "",
        misconception=known.name if known else "",
        case=_case(rules, trials[i], outcomes[i], found),
    )


def finding(exercise, status, fraction, rationale="", hint="", misconception="", case=None) -> dict:
    return {"exercise": exercise, "status": status, "fraction": fraction, "rationale": rationale, "hint": hint,
            "misconception": misconception, "case": case}


def faults(trial: Trial, rules: Rules, got: Outcome, share: float | None = None) -> dict[str, Difference]:
    """What is wrong with an outcome: part -> where and how; the part "" spoils all of them; {} is right.

    `share` is the false-rejection rate left to each statistical bound.
    """
    case, expected = trial.case, trial.expected
    if wanted := case.raises or "".join(expected.raised[:1]):
        return {} if wanted in got.raised else {"": Difference("", _instead_of(wanted, got))}
    whole = _misbehaviour(rules, expected, got)
    if whole:
        return {"": Difference("", whole)}
    inputs = (case.args, case.kwargs)
    if case.law is not None:
        found = _by_law(case, expected, got, share)
    elif rules.parts:
        found = _by_part(rules, expected.value, got.value, inputs)
    else:
        apart = difference(expected.value, got.value, inputs=inputs, rtol=rules.rtol)
        found = {"": apart} if apart else {}
    for name in rules.changes:
        before = case.named(rules.inputs).get(name)
        apart = difference(expected.changed.get(name, before), got.changed.get(name, before), inputs=inputs, rtol=rules.rtol)
        if apart:
            found[""] = apart.under(f"{name} after the call")
    return found


def _instead_of(wanted: str, got: Outcome) -> str:
    came = f"raises {got.raised[0]}" if got.raised else f"gives {describe(got.value)}" if not got.unreadable else "raises nothing"
    return f"{came}, where it should raise {wanted}"


def _misbehaviour(rules, expected, got) -> str:
    """What spoils an outcome whatever its value is."""
    if got.raised:
        return f"raises {got.raised[0]}" + (f": {got.message}" if got.message else "") + (f", at `{got.line}`" if got.line else "")
    if got.unreadable:
        return f"is {got.unreadable}, not {describe(expected.value)}"
    undeclared = [name for name in got.changed if name not in rules.changes]
    if undeclared:
        return f"changes its argument {undeclared[0]} in place: what was passed in must stay as it was"
    if rules.silent and got.warned:
        return f"warns: {got.warned}"
    if not got.repeats:
        return "gives two results for the same state of the generator: every random number must come from the one passed in"
    if expected.varies and not got.varies:
        return "gives the same result whatever the state of the generator passed in"
    if expected.advances and not got.advances:
        return "leaves the generator where it was: draw from the one passed in, not from a copy or another"
    return ""


def _by_law(case, expected, got, share) -> dict[str, Difference]:
    like, came = summary(expected.value), summary(got.value)
    if type(came) is not dict or "shape" not in came:
        return {"": Difference("", f"is {describe(got.value)}, not an array of shape {like['shape']}")}
    for key in ("shape", "kind"):
        apart = difference(like[key], came[key])
        if apart:
            return {"": Difference("", f"has {'dtype kind' if key == 'kind' else key} {came[key]}, not {like[key]}")}
    broken = breaches(got.value, case.law, share)
    return {"": Difference("", f"breaks its law: {broken[0]}")} if broken else {}


def _by_part(rules, expected, got, inputs) -> dict[str, Difference]:
    parts = rules.parts
    if type(expected) is dict:
        if type(got) is not dict or set(got) != set(expected):
            return {"": Difference("", f"is {describe(got)}, not a dict with the keys {', '.join(parts)}")}
        pairs = [(p, expected[p], got[p]) for p in parts]
    else:
        if type(got) not in (list, tuple) or len(got) != len(expected):
            return {"": Difference("", f"is {describe(got)}, not a tuple ({', '.join(parts)})")}
        pairs = list(zip(parts, expected, got, strict=True))    # the trial has as many parts as the rules name
    found = {p: difference(e, g, inputs=inputs, rtol=rules.rtol) for p, e, g in pairs}
    return {p: apart.under(p) for p, apart in found.items() if apart}


def recognise(rules: Rules, trials: Sequence[Trial], wrong: Sequence[Wrong], first: int, got: Callable[[int], Outcome]) -> Wrong | None:
    """The known mistake that explains the outcomes: alone in the first failing trial, and in every other one.

    A mistake is named only where it explains everything seen: a name that is wrong misleads more than none helps.
    """
    candidates = list(wrong)
    for i in [first] + [j for j in range(len(trials)) if j != first]:
        candidates = [w for w in candidates if alike(rules, trials[i], w.outcome(i), got(i))]
        if not candidates:
            return None
    return candidates[0] if len(candidates) == 1 else None


def alike(rules: Rules, trial: Trial, a: Outcome, b: Outcome) -> bool:
    """Whether two outcomes of one trial are the same doing."""
    if a.raised or b.raised or a.unreadable or b.unreadable:
        return a.raised[:1] == b.raised[:1] and a.unreadable == b.unreadable
    if (a.repeats, a.advances) != (b.repeats, b.advances) or a.changed.keys() != b.changed.keys():
        return False
    if rules.silent and bool(a.warned) != bool(b.warned):
        return False
    if not a.repeats:      # drawn from somewhere else: the values say nothing
        return True
    of = summary if trial.case.law is not None else (lambda value: value)
    pairs = [(of(a.value), of(b.value))] + [(a.changed[k], b.changed[k]) for k in a.changed]
    return all(difference(x, y, inputs=(trial.case.args, trial.case.kwargs), rtol=rules.rtol) is None for x, y in pairs)


def _rationale(rules, trial, got, found, known, kept) -> str:
    if got.raised[:1] == ("NotImplementedError",):
        return f"{rules.name} is not written yet."
    apart = next(iter(found.values()))
    call = call_text(rules, trial.case)
    text = f"{call}: {apart}" if apart.where else f"{call} {apart.words}"
    if known:
        text += f": {lower_first(known.says.rstrip())}"
    elif not text.endswith((".", "!", "?")):
        text += "."
    if kept:
        text += f" Right so far: {', '.join(kept)}."
    return text


FUNCTION_WORDS = {"The", "A", "An", "It", "Its", "This", "That", "These", "Each", "Every", "All", "Only", "No", "Both", "You", "Your",
                  "There", "One", "Two", "In", "What", "Some", "Not", "Here", "When", "With", "Without", "For", "From", "At", "On", "By"}


def lower_first(sentence: str) -> str:
    """The sentence as it goes on after a colon; names and symbols keep their capital.

    >>> lower_first("The biases are missing."), lower_first("W is transposed.")
    ('the biases are missing.', 'W is transposed.')
    """
    word = sentence.split(" ", 1)[0]
    return sentence[:1].lower() + sentence[1:] if word in FUNCTION_WORDS else sentence


def call_text(rules: Rules, case: Case) -> str:
    """The call as one would type it; arrays by their names.

    >>> call_text(Rules("count_dense", ("d_in", "d_out")), Case(3, 5, bias=False))
    'count_dense(3, 5, bias=False)'
    """
    named = case.named(rules.inputs)
    given = []
    for i, (name, value) in enumerate(named.items()):
        text = repr(value) if _small(value) else name
        given.append(f"{name}={text}" if i >= len(case.args) and text != name else text)
    return f"{rules.name}({', '.join(given)})" if named or rules.inputs else rules.name


def _small(value) -> bool:
    if type(value) in (np.ndarray, np.random.Generator) or type(value) in SCALARS:
        return False
    if type(value) in (list, tuple, dict):
        entries = value.values() if type(value) is dict else value
        return all(map(_small, entries)) and len(repr(value)) <= 40
    return len(repr(value)) <= 60


def _case(rules, trial, got, found) -> dict:
    """The failing case as a finding carries it, see coursekit.desk.table for how it is shown."""
    apart = next(iter(found.values()))
    expected = trial.expected.value if trial.case.law is None else summary(trial.expected.value)
    came = got.value if trial.case.law is None else summary(got.value)
    case = {
        "call": call_text(rules, trial.case),
        "inputs": {name: _shown(value) for name, value in trial.case.named(rules.inputs).items()},
        "parts": list(rules.parts),
        "expected": _shown(expected),
        "got": None if got.raised or got.unreadable else _shown(came),
        "raised": f"{got.raised[0]}: {got.message}" if got.raised else "",
        "raises": trial.case.raises or "".join(trial.expected.raised[:1]),
        "line": got.line,
        "where": apart.where,
        "words": apart.words,
        "changed": {name: _shown(value) for name, value in got.changed.items()},
    }
    return case


def _shown(value):
    if type(value) is np.random.Generator:
        return encode(Omitted("a random generator"))
    if _entries(value) > SHOWN:
        return encode(Omitted(describe(value)))
    return encode(value)


def _entries(value) -> int:
    if type(value) is np.ndarray:
        return value.size
    if type(value) in (list, tuple):
        return sum(map(_entries, value))
    if type(value) is dict:
        return sum(map(_entries, value.values()))
    return len(value) if type(value) is str else 1 if type(value) is not int else 1 + value.bit_length() // 64
