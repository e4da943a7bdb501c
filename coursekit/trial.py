"""A subject on trial: its outcomes against the expected ones, and the known mistake that explains them.

    judge(rules, trials, subject) -> finding (coursekit.findings)

The same judgement serves the student's desk (expected outcomes read from the notebook) and the
grader (expected outcomes computed on the spot).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coursekit.agreement import Difference, describe, difference
from coursekit.findings import finding, rationale, shown_case
from coursekit.laws import FALSE_REJECTION, breaches, count_bounds
from coursekit.outcome import Case, Outcome, Rules, attempt, summary


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

    >>> rules, case = Rules("double", ("x",)), Case(3)
    >>> trials = [Trial(case, attempt(lambda x: 2 * x, case, rules))]
    >>> judge(rules, trials, lambda x: x**2)["rationale"]
    'double(3) is 9, not 6.'
    >>> judge(rules, trials, lambda x: x + x)["status"]
    'passed'
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
        rules.name,
        "failed",
        sum(rules.parts[p] for p in kept) / (sum(rules.parts.values()) or 1),
        rationale=rationale(
            rules, trials[i].case, outcomes[i], next(iter(found.values())), known.says if known else "", kept
        ),
        hint=known.hint if known else hints[0] if hints else "",
        misconception=known.name if known else "",
        case=shown_case(rules, trials[i].case, trials[i].expected, outcomes[i], next(iter(found.values()))),
    )


def faults(trial: Trial, rules: Rules, got: Outcome, share: float | None = None) -> dict[str, Difference]:
    """What is wrong with an outcome: part -> where and how; the part "" spoils all of them; {} is right.

    `share` is the false-rejection rate left to each statistical bound.

    >>> faults(Trial(Case(3), Outcome(value=6)), Rules("double", ("x",)), Outcome(value=9))[""].words
    'is 9, not 6'
    """
    case, expected = trial.case, trial.expected
    wanted = case.raises or "".join(expected.raised[:1])
    if whole := (_instead_of(wanted, got) if wanted else _misbehaviour(rules, expected, got)) or _trespass(rules, got):
        return {"": whole}
    if wanted:
        return {}
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
        apart = difference(
            expected.changed.get(name, before), got.changed.get(name, before), inputs=inputs, rtol=rules.rtol
        )
        if apart:
            apart = apart.under(name)
            found[""] = replace(apart, words=f"{apart.words} after the call")
    return found


def _instead_of(wanted: str, got: Outcome) -> Difference | None:
    """What came in place of the exception that is wanted."""
    if wanted in got.raised:
        return None
    came = f"raises {got.raised[0]}" if got.raised else f"gives {got.unreadable or describe(got.value)}"
    return Difference("", f"{came}, where it should raise {wanted}")


def _trespass(rules: Rules, got: Outcome) -> Difference | None:
    """An argument that the exercise did not want changed."""
    for name in got.changed:
        if name not in rules.changes:
            return Difference("", f"changes its argument {name} in place", "what was passed in must stay as it was")
    return None


def _misbehaviour(rules, expected, got) -> Difference | None:
    """What spoils an outcome whatever its value is."""
    if got.raised:
        message, line = f": {got.message}" if got.message else "", f", at `{got.line}`" if got.line else ""
        return Difference("", f"raises {got.raised[0]}{message}{line}")
    if got.unreadable:
        return Difference("", f"is {got.unreadable}, not {describe(expected.value)}")
    if rules.silent and got.warned:
        return Difference("", f"warns: {got.warned}", "the right values come without a warning")
    if not got.repeats:
        return Difference("", "gives two results for the same state of the generator",
                          "every random number must come from the one passed in")
    if expected.varies and not got.varies:
        return Difference("", "gives the same result whatever the state of the generator passed in", "draw from it")
    if expected.advances and not got.advances:
        return Difference("", "leaves the generator where it was",
                          "draw from the one passed in, not from a copy or another")
    return None


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


def recognise(
    rules: Rules, trials: Sequence[Trial], wrong: Sequence[Wrong], first: int, got: Callable[[int], Outcome]
) -> Wrong | None:
    """The known mistake that explains the first failing trial, and every other one in which it shows.

    One that explains all that was seen goes before one beside which there must be another mistake, as when a student
    forgets the biases *and* accepts bad input. Where two explain as much, none is named: a wrong name misleads more
    than none helps.

    >>> rules, trials = Rules("double", ("x",)), [Trial(Case(3), Outcome(value=6))]
    >>> square = Wrong("squared", "It squares.", "What is 2 * 3?", outcome=lambda i: Outcome(value=9))
    >>> recognise(rules, trials, [square], first=0, got=lambda i: Outcome(value=9)).name
    'squared'
    """
    others = [i for i in range(len(trials)) if i != first]

    def agrees(w: Wrong, i: int) -> bool:
        return alike(rules, trials[i], w.outcome(i), got(i))

    def shows(w: Wrong, i: int) -> bool:
        told = w.outcome(i)
        if trials[i].case.law is not None and type(told.value) is dict:
            # The desk holds a summary in place of random numbers: no law can be tried on it, but it can be compared.
            return not alike(rules, trials[i], trials[i].expected, told)
        return bool(faults(trials[i], rules, told))

    shown = [w for w in wrong if agrees(w, first)
             and all(agrees(w, i) or not shows(w, i) for i in others)]
    whole = [w for w in shown if all(agrees(w, i) for i in others)]
    return next((candidates[0] for candidates in (whole, shown) if len(candidates) == 1), None)


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
