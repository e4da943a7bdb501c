"""What the trusted side need not import: packages that no test can reach.

The cells before a test run at the trusted side as well, for what they import and lock. A course's first cell often
imports libraries for the student's work alone; each makes every process that is forked from one with it dearer.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from autograder.engine.names import LOOK_AROUND, imported, parsed

IMPORT = ast.Import | ast.ImportFrom
CROSS = {"numpy", "pandas"}     # their values come from the student's side, whether a test names them or not


def lighter(preludes: dict[int, str], tests: Iterable[str]) -> dict[int, str]:
    """The same cells less the import statements of installed packages of which nothing is named here.

    A package stays whole or goes whole, for one import of it may be there for another's sake. Where a cell looks at
    all names there are, everything stays.

    >>> lighter({0: "import matplotlib.pyplot as plt\\nimport numpy as np"}, ["assert np.all(f(1))"])
    {0: '\\nimport numpy as np'}
    """
    trees = [parsed(source) for source in (*preludes.values(), *tests)]
    named = {name for tree in trees for name in _named(tree)}
    if named & LOOK_AROUND:
        return preludes
    needed = {package for tree in trees for statement in ast.walk(tree) if isinstance(statement, IMPORT)
              for package in _packages(statement) if _binds(statement) & (named | {"*"})}
    needed |= CROSS
    return {place: _without(source, needed) for place, source in preludes.items()}


def imports(sources: Iterable[str]) -> list[str]:
    """The import statements at the cells' top level: worth having run before the fork."""
    return [ast.unparse(s) for source in sources for s in parsed(source).body if isinstance(s, IMPORT)]


def packages(text: str) -> set[str]:
    """The top-level packages that an import statement names."""
    return {package for statement in parsed(text).body if isinstance(statement, IMPORT)
            for package in _packages(statement)}


def _named(tree: ast.Module) -> set[str]:
    """Names that are looked up, also as attributes and as text."""
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    found |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    return found | {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def _without(source: str, needed: set[str]) -> str:
    body, lines = parsed(source).body, source.splitlines(keepends=True)
    taken = Counter(line for s in body for line in range(s.lineno, s.end_lineno + 1))
    for statement in body:
        span = range(statement.lineno, statement.end_lineno + 1)
        idle = isinstance(statement, IMPORT) and not any(
            package in needed or not _is_installed(package) for package in _packages(statement))
        if idle and all(taken[line] == 1 for line in span):
            lines[statement.lineno - 1: statement.end_lineno] = ["\n"] * len(span)
    return "".join(lines)


def _packages(statement: ast.Import | ast.ImportFrom) -> set[str]:
    named = [alias.name for alias in statement.names] if isinstance(statement, ast.Import) else [statement.module or ""]
    return {name.split(".")[0] for name in named}


def _binds(statement: ast.Import | ast.ImportFrom) -> set[str]:
    return set(imported(ast.Module([statement], [])))


def _is_installed(package: str) -> bool:
    """Does it lie among the installed packages? A module of the course's own may do anything when it is imported."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return False
    return spec is not None and bool({"site-packages", "dist-packages"} & set(Path(spec.origin or "").parts))
