"""What importing coursekit costs and promises: NumPy alone, in one direction, and never the autograder."""

import ast
import graphlib
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import coursekit

ROOT = Path(coursekit.__file__).parent
MODULES = sorted(".".join(["coursekit", *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")
                 for path in ROOT.rglob("*.py"))
DRAWING = {"coursekit.plotting"}  # importing these brings matplotlib


def loaded_by(*modules):
    """The top-level packages that a fresh Python has loaded after importing the modules."""
    code = ("import json, sys; before = set(sys.modules)\n" + "\n".join(f"import {module}" for module in modules)
            + "\nprint(json.dumps(sorted({name.partition('.')[0] for name in set(sys.modules) - before})))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    return set(json.loads(done.stdout))


def imports_of(module):
    """Full names that the module imports: (at the top, anywhere)."""
    path = ROOT.parent.joinpath(*module.split("."))
    tree = ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))

    def names(nodes):
        for node in nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    return set(names(tree.body)), set(names(ast.walk(tree)))


def own(names):
    """The coursekit modules among imported names; `from coursekit.losses import get` names coursekit.losses."""
    found = set()
    for name in names:
        if name in MODULES:
            found.add(name)
        elif name.rpartition(".")[0] in MODULES:
            found.add(name.rpartition(".")[0])
    return found


def test_everything_but_plotting_loads_numpy_and_nothing_else():
    allowed = loaded_by("numpy", "numpy.random") | {"coursekit"} | set(sys.stdlib_module_names)
    assert loaded_by(*(module for module in MODULES if module not in DRAWING)) <= allowed


@pytest.mark.parametrize("module", sorted(DRAWING))
def test_drawing_modules_load_matplotlib(module):
    assert "matplotlib" in loaded_by(module)


def test_imports_point_one_way():
    order = graphlib.TopologicalSorter({module: own(imports_of(module)[0]) - {module} for module in MODULES})
    order.prepare()  # raises CycleError, with the circle, if two modules need each other


@pytest.mark.parametrize("module", MODULES)
def test_no_module_knows_the_autograder_or_the_tests(module):
    tops = {name.partition(".")[0] for name in imports_of(module)[1]}
    assert not tops & {"autograder", "tests", "nbgrader"}


def test_functions_stand_below_everything_else():
    for module in MODULES:
        if module.startswith("coursekit.functions."):
            assert own(imports_of(module)[1]) <= {m for m in MODULES if m.startswith("coursekit.functions.")}


PACKAGES = [module for module in MODULES if ROOT.parent.joinpath(*module.split(".")).is_dir()]


@pytest.mark.parametrize("package", PACKAGES)
def test_tables_of_contents_hold_one_name_a_line_and_no_code(package):
    path = ROOT.parent.joinpath(*package.split("."), "__init__.py")
    doc, *rest = ast.parse(path.read_text(encoding="utf-8")).body
    assert isinstance(doc, ast.Expr) and isinstance(doc.value.value, str)
    for node in rest:
        version = isinstance(node, ast.Assign) and node.targets[0].id == "__version__"
        assert version or isinstance(node, ast.ImportFrom) and len(node.names) == 1
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("from ")]
    assert lines == sorted(set(lines))


def test_every_public_function_is_in_the_table_of_contents():
    import coursekit.functions as table

    for module in MODULES:
        if module.startswith("coursekit.functions."):
            for name, value in vars(importlib.import_module(module)).items():
                if getattr(value, "__module__", None) == module and not name.startswith("_"):
                    assert getattr(table, name, None) is value, f"{module}.{name}"
