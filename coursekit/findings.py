"""What is said of a subject: a finding, in words for the student and in data for whoever shows it.

A finding is a dict for JSON:

    exercise        "dense_backward"
    status          "passed", "failed" or "could_not_tell" (the exercise itself is at fault)
    fraction        0 to 1 of the points
    rationale       what was asked and what came: "count_dense(4, 3) is 12, not 15: the biases are missing."
    hint            a question that leads on
    misconception   the known mistake's name
    case            the smallest failing case: call, inputs, expected, got, ...; coursekit.desk.table shows it
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coursekit.agreement import Difference, describe, difference
from coursekit.codec import encode
from coursekit.entries import entries
from coursekit.outcome import Case, Outcome, Rules, summary
from coursekit.plain import SCALARS, Formula, Omitted

SHOWN = 2000      # entries of a value beyond which a finding describes it instead of holding it


def finding(exercise: str, status: str, fraction: float, rationale: str = "", hint: str = "", misconception: str = "",
            case: dict | None = None) -> dict:
    """A finding with these entries; what is not given is empty.

    >>> finding("double", "passed", 1.0)["fraction"]
    1.0
    """
    return {"exercise": exercise, "status": status, "fraction": fraction, "rationale": rationale, "hint": hint,
            "misconception": misconception, "case": case}


def rationale(
    rules: Rules, case: Case, got: Outcome, apart: Difference, says: str = "", kept: Sequence[str] = ()
) -> str:
    """One sentence for the student; `says` tells the known mistake, `kept` are the parts that are right."""
    if got.raised[:1] == ("NotImplementedError",):
        return f"{rules.name} is not written yet."
    call = call_text(rules, case)
    text = go_on(f"{call}: {apart}" if apart.where else f"{call} {apart.words}", says or apart.advice)
    return text + (f" Right so far: {', '.join(kept)}." if kept else "")


# Words that begin a sentence in a capital letter and may go on after a colon in a small one; names may not.
FUNCTION_WORDS = set("""The A An It Its This That These Each Every All Only No Both You Your There One Two In What Some
    Not Here When With Without For From At On By""".split())


def go_on(text: str, sentence: str) -> str:
    """The text, then what it comes from: after a colon if the sentence can go on in small letters, else on its own.

    >>> go_on("20, not 26", "The biases are missing."), go_on("20, not 26", "W is transposed.")
    ('20, not 26: the biases are missing.', '20, not 26. W is transposed.')
    """
    sentence = sentence.strip()
    if not sentence:
        return text if text.endswith((".", "!", "?")) else text + "."
    if sentence[0].islower() or sentence.split(" ", 1)[0] in FUNCTION_WORDS:
        text = f"{text.rstrip('.')}: {sentence[0].lower()}{sentence[1:]}"
    else:
        text = f"{text.rstrip('.')}. {sentence}"
    return text if text.endswith((".", "!", "?")) else text + "."


def call_text(rules: Rules, case: Case) -> str:
    """The call as one would type it; arrays and functions by their names.

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
    if type(value) in (np.ndarray, np.random.Generator, Formula) or type(value) in SCALARS:
        return False
    if type(value) in (list, tuple, dict):
        entries = value.values() if type(value) is dict else value
        return all(map(_small, entries)) and len(repr(value)) <= 40
    return len(repr(value)) <= 60


def shown_case(rules: Rules, case: Case, expected: Outcome, got: Outcome, apart: Difference) -> dict:
    """A failing case as a finding carries it; what is too large to show is described."""
    of = summary if case.law is not None else (lambda value: value)
    ours, theirs = (entries(of(outcome.value), rules.parts) for outcome in (expected, got))
    inputs = (case.args, case.kwargs)
    return {
        "call": call_text(rules, case),
        "arguments": list(case.named(rules.inputs)),      # their order, which JSON written by key does not keep
        "inputs": {name: _shown(value) for name, value in case.named(rules.inputs).items()},
        "parts": list(rules.parts),
        "expected": _shown(of(expected.value)),
        "got": None if got.raised or got.unreadable else _shown(of(got.value)),
        "raised": ": ".join(filter(None, [got.raised[0], got.message])) if got.raised else "",
        "raises": case.raises or "".join(expected.raised[:1]),
        "line": got.line,
        "alike": [name for name in ours if name in theirs
                  and difference(ours[name], theirs[name], inputs=inputs, rtol=rules.rtol) is None],
        "where": apart.where,
        "words": apart.words,
        "changed": {name: _shown(value) for name, value in got.changed.items()},
    }


def _shown(value):
    if type(value) is np.random.Generator:
        return encode(Omitted("a random generator"))
    if _size(value) > SHOWN:
        return encode(Omitted(describe(value)))
    return encode(value)


def _size(value) -> int:
    """About how many entries a value takes to write down."""
    if type(value) is np.ndarray:
        return value.size
    if type(value) in (list, tuple):
        return sum(map(_size, value))
    if type(value) is dict:
        return sum(map(_size, value.values()))
    return len(value) if type(value) is str else 1 + value.bit_length() // 64 if type(value) is int else 1
