"""The pages of the library: one for each module of coursekit and one for each package, in the reader's order.

A package is a table of contents, one `from x import name` a line; its page shows these names in that order. The
functions, of which there are many, have a page for each module. Whatever GROUPS does not name comes last.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

GROUPS = {
    "Functions": ["functions"],
    "Layers and models": ["layers", "models", "initializers", "regularizers", "constraints", "summary"],
    "Training": ["losses", "optimizers", "schedules", "callbacks", "metrics", "history"],
    "Data": ["datasets", "preprocessing"],
    "Seeing and checking": ["plotting", "graph", "gradcheck"],
    "The student's desk": ["desk"],
}
LAST = "Behind the scenes"


def library_pages(root: Path) -> dict[str, str]:
    """Path -> content of the library's pages."""
    groups = grouped(root)
    pages = {}
    for modules in groups.values():
        for module in modules:
            pages |= functions_pages(root) if module == "functions" else {f"library/{module}.md": page(root, module)}
    toctrees = "\n".join(f"## {title}\n\n{toctree(modules)}" for title, modules in groups.items())
    head = ("# The library\n\n`coursekit` needs NumPy and matplotlib, and nothing else. Every example on these pages "
            "is run by the tests.\n\n")
    return pages | {"library/index.md": head + toctrees}


def grouped(root: Path) -> dict[str, list[str]]:
    there = sorted({path.stem for path in (root / "coursekit").iterdir()
                    if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()})
    named = {name for names in GROUPS.values() for name in names}
    groups = {title: [name for name in names if name in there] for title, names in GROUPS.items()}
    return groups | {LAST: [name for name in there if name not in named]}


def toctree(modules) -> str:
    entries = "\n".join("functions/index" if module == "functions" else module for module in modules)
    return f"```{{toctree}}\n:maxdepth: 1\n\n{entries}\n```\n"


def functions_pages(root: Path) -> dict[str, str]:
    modules = sorted(path.stem for path in (root / "coursekit" / "functions").glob("*.py") if path.stem != "__init__")
    head = ("# coursekit.functions\n\nPlain functions of NumPy arrays, one home for each reference solution. All can "
            "be imported from `coursekit.functions`.\n\n")
    entries = "\n".join(modules)
    return {f"library/functions/{module}.md": page(root, f"functions.{module}") for module in modules} | {
        "library/functions/index.md": f"{head}```{{toctree}}\n:maxdepth: 2\n\n{entries}\n```\n"}


def page(root: Path, module: str) -> str:
    """One page: the module's docstring, then what is public in it, in the order of the source."""
    full = f"coursekit.{module}"
    lines = [f".. automodule:: {full}", f".. currentmodule:: {full}", ""]
    found = importlib.import_module(full)
    for name in names(Path(found.__file__)):
        thing = getattr(found, name)
        if inspect.isclass(thing):
            lines += [f".. autoclass:: {name}", "   :members:", ""]
        elif callable(thing):
            lines += [f".. autofunction:: {name}", ""]
    return f"# {full}\n\n```{{eval-rst}}\n" + "\n".join(lines) + "\n```\n"


def names(path: Path) -> list[str]:
    """What a module offers, in its own order: for a package what it imports, otherwise what it defines."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    if path.name == "__init__.py":
        return [alias.asname or alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names]
    return [node.name for node in body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")]
