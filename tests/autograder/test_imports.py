"""Imports point one way: in the order in which a hand-in passes through the grader."""

import ast
import graphlib
from pathlib import Path

import pytest

import autograder

ROOT = Path(autograder.__file__).parent
PATHS = {".".join(["autograder", *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__"): path
         for path in ROOT.rglob("*.py")}
PACKAGES = {module for module, path in PATHS.items() if path.name == "__init__.py"}
WAY = ["verdict", "assignment", "course", "job", "handin", "intake.collect", "restore", "run", "judge",
       "bookkeeping.record", "bookkeeping.gradebook", "grade", "feedback", "cli.demonstration", "cli.app"]


def imported_by(module, nodes=None):
    """Modules of autograder that this one imports, at its top or in `nodes`; a package counts for a name of its own."""
    package = module if module in PACKAGES else module.rpartition(".")[0]
    found = set()
    for node in nodes or ast.parse(PATHS[module].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: 1 - node.level or None] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in PATHS else base for alias in node.names}
    return found & PATHS.keys() - {module}


GRAPH = {module: imported_by(module) for module in PATHS}


def reached_from(module):
    found, open_ = set(), [module]
    while open_:
        new = GRAPH[open_.pop()] - found
        found |= new
        open_ += new
    return found


def test_no_module_imports_itself_by_a_detour():
    graphlib.TopologicalSorter(GRAPH).prepare()      # raises CycleError and names the circle


def room(module):
    """The package below autograder that a module lies in; a loose module is a room of its own."""
    return ".".join(module.split(".")[:2])


def test_no_package_imports_what_imports_it():
    """Imports inside functions count here, too: they save time, and are no way around."""
    rooms = {}
    for module, path in PATHS.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        rooms.setdefault(room(module), set()).update(room(name) for name in imported_by(module, ast.walk(tree)))
    graphlib.TopologicalSorter({name: found - {name} for name, found in rooms.items()}).prepare()


@pytest.mark.parametrize("place", range(len(WAY)))
def test_nothing_imports_what_comes_later_on_the_way(place):
    module = f"autograder.{WAY[place]}"
    later = {f"autograder.{name}" for name in WAY[place + 1:]}
    assert not reached_from(module) & later


def test_what_runs_beside_the_student_knows_nothing_of_the_grader():
    for module in PATHS:
        if module.startswith("autograder.engine.box."):
            assert all(name.startswith("autograder.engine.box") for name in GRAPH[module]), module
