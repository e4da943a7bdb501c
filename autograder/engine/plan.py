"""How an assignment's test cells are judged: learned from the reference solution, once, before any hand-in.

A cell that the reference passes at the trusted side is judged there, for everybody. One that it passes
only at the student's side (it looks at source code, a data frame, a figure) is judged there and
labelled so. A hand-in has no say in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.engine.names import role
from autograder.job import Run

NO_SCORE = "NoScore"


@dataclass(frozen=True)
class Plan:
    fallback: dict[str, str] = field(default_factory=dict)   # grade id -> why it cannot be judged apart
    changes: dict[str, int] = field(default_factory=dict)    # grade id -> arguments that the reference changes in it
    asked: dict[str, list[str]] = field(default_factory=dict)   # grade id -> operators its objects answer in it
    flags: dict[str, str] = field(default_factory=dict)      # grade id -> why even the reference gets nothing for it


def make(notebook: dict, rehearse: Callable[[Plan], tuple[Run, dict[str, int], dict[str, list[str]]]]) -> Plan:
    """The plan for a source notebook. `rehearse` runs the reference under a plan: the run, `changes` and `asked`."""
    tests = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in notebook["cells"] if cell["cell_type"] == "code" and role(cell) == "test"
    }
    run, changes, asked = rehearse(Plan())
    failing = {name: words for name, words in _errors(run).items() if name in tests and not run.findings.get(name)}
    # examine compares with the reference, which must not go near student code: such a cell never falls back.
    # Nor does one that takes a number of the hand-in's for a score: there it would get it.
    candidates = {
        name: words for name, words in failing.items()
        if "examine(" not in tests[name] and not words.startswith(NO_SCORE)
    }
    fallback: dict[str, str] = {}
    if candidates:
        aside, changes_aside, asked_aside = rehearse(Plan(candidates))
        still = _errors(aside)
        fallback = {name: words for name, words in candidates.items() if name not in still}
        changes, asked = changes | changes_aside, asked | asked_aside
    return Plan(fallback, changes, asked, {name: words for name, words in failing.items() if name not in fallback})


def _errors(run: Run) -> dict[str, str]:
    """Grade id -> the error that its cell ended with."""
    found = {}
    for cell in run.notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        for output in cell.get("outputs", ()):
            if name and output.output_type == "error":
                found[name] = f"{output.ename}: {output.evalue}"[:300]
    return found
