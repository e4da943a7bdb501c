"""How a course makes the students' version and executes it, as its nbgrader_config.py has it.

Delimiters, stubs, steps that are left out, what is locked: noted in each source notebook, so that whoever
needs the students' version later (the gradebook, the restoring of a hand-in, a released version that was
frozen) makes it by the rules that held for this notebook. A course that keeps to nbgrader's own rules has
nothing noted. Header and footer become part of the notebook, a time limit one of the assignment's limits.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
    Execute,
    IncludeHeaderFooter,
    LockCells,
    NbGraderPreprocessor,
)
from traitlets.config import Config

from autograder.assignment import Assignment, Limits

FOR_ALL = 10        # time for a whole notebook, as a multiple of a cell's; nbgrader itself sets no such limit
NO_LIMIT = 600      # seconds, where nbgrader would wait for ever
KEY = "issuing"     # in a source notebook's metadata: step -> its settings
STEPS = (LockCells, ClearSolutions, ClearHiddenTests, ClearMarkScheme)
REGIONS = {         # step -> the settings that hold its delimiters, and nbgrader's own words for them
    ClearSolutions: ("begin_solution_delimeter", "end_solution_delimeter", "BEGIN SOLUTION", "END SOLUTION"),
    ClearHiddenTests: ("begin_test_delimeter", "end_test_delimeter", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),
    ClearMarkScheme: ("begin_mark_scheme_delimeter", "end_mark_scheme_delimeter", "BEGIN MARK SCHEME",
                      "END MARK SCHEME"),
}


def as_the_course_has_it(assignment: Assignment, config: Config, root: Path, limits: dict | None = None) -> Assignment:
    """The assignment by the settings of its course.

    config   all of nbgrader_config.py
    root     the course's folder, where header and footer are looked for
    limits   those that are not nbgrader's to set; None where the assignment has all of its own

    Raises:
        FileNotFoundError: the header or the footer that the settings name is not there.
    """
    notebooks = {stem: _surrounded(notebook, config, root) for stem, notebook in assignment.notebooks.items()}
    rules = {step.__name__: changed for step in STEPS if (changed := _changed(_made(step, config)))}
    for notebook in notebooks.values() if rules else ():
        notebook.metadata[KEY] = from_dict(rules)
    theirs = config.Autograde.get("exclude_overwriting", {}).get(assignment.name, ())
    assignment = replace(assignment, notebooks=notebooks, theirs=tuple(theirs))
    if limits is None:
        return assignment
    return replace(assignment, limits=Limits(**{**_time(config, notebooks), **limits}))


def _surrounded(notebook: NotebookNode, config: Config, root: Path) -> NotebookNode:
    notebook = copy.deepcopy(notebook)
    notebook.metadata.pop(KEY, None)
    surround = _made(IncludeHeaderFooter, config)
    for end in ("header", "footer"):
        if path := getattr(surround, end):
            setattr(surround, end, str(root / path))     # nbgrader reads it from the course's root
    notebook, _ = surround(notebook, {})
    for place, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"around-{place}")
    return notebook


def _time(config: Config, notebooks: dict[str, NotebookNode]) -> dict[str, float]:
    """nbgrader's time limit as ours; of one that depends on the cell the longest."""
    step = Execute(config=copy.deepcopy(config))
    asked = [step.timeout_func(cell) for notebook in notebooks.values() for cell in notebook.cells] \
        if step.timeout_func else [step.timeout]
    seconds = max((each for each in asked if each and each > 0), default=NO_LIMIT)
    return {"cell_seconds": seconds, "cpu_seconds": FOR_ALL * seconds}


def through(notebook: NotebookNode, *steps: type[NbGraderPreprocessor]) -> NotebookNode:
    """A copy of the notebook after these steps of nbgrader's, by the rules that are noted in it."""
    notebook = copy.deepcopy(notebook)
    config = Config(copy.deepcopy(dict(notebook.metadata.get(KEY, {}))))
    for step in steps:
        notebook, _ = step(config=config)(notebook, {})
    return notebook


def delimiters(notebook: dict) -> list[str]:
    """The course's own words that begin and end regions; [] where it uses nbgrader's."""
    rules = notebook["metadata"].get(KEY, {})
    return [rules[step.__name__][name] for step, names in REGIONS.items() for name in names[:2]
            if name in rules.get(step.__name__, {})]


def with_usual_delimiters(notebook: dict) -> dict:
    """A copy in which regions begin and end with nbgrader's own words, for whoever looks for them in the text."""
    notebook = copy.deepcopy(notebook)
    for step, (begins, ends, begin, end) in REGIONS.items():
        rules = notebook["metadata"].get(KEY, {}).get(step.__name__, {})
        for told, usual in ((rules.get(begins), begin), (rules.get(ends), end)):
            for cell in notebook["cells"] if told else ():
                cell["source"] = "\n".join(
                    f"### {usual}" if told in line else line for line in cell["source"].split("\n"))
    return notebook


def _made(step: type[NbGraderPreprocessor], config: Config) -> NbGraderPreprocessor:
    """The step as the course sets it up; switched off where the course's list of steps does without it."""
    made = step(config=copy.deepcopy(config))
    steps = config.GenerateAssignment.get("preprocessors")
    if steps is not None:
        names = [each.rpartition(".")[2] if isinstance(each, str) else each.__name__ for each in steps]
        made.enabled = made.enabled and step.__name__ in names
    return made


def _changed(step: NbGraderPreprocessor) -> dict:
    """Its settings that are not nbgrader's own."""
    usual = type(step)()
    names = [*step.class_own_traits(config=True), "enabled"]
    return {name: getattr(step, name) for name in names if getattr(step, name) != getattr(usual, name)}
