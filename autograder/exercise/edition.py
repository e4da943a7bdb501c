"""An edition of coursekit: the library with holes, for those who are to fill them.

A student's wheel and the grader's sandbox hold the modules that an assignment provides and
what these import, nothing else. In them the bodies of the functions that students are asked to
write are replaced by a sentence that says so; so no reference can be reached by importing,
inspecting or reading. Everything is done on source text: no module is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.exercise.reference import LIBRARY, Definition, bodies_of, module_path
from autograder.syntax import parse

ALWAYS = ("coursekit.desk",)        # check, hint, progress: every notebook calls them


def edition(provides: Iterable[str], withheld: Iterable[str], library: Path = LIBRARY) -> dict[str, bytes]:
    """The files of an edition, path to content: {"coursekit/__init__.py": b"...", ...}.

    provides  modules of coursekit that may be imported, and packages for all that lies in them; () means all
    withheld  dotted names of functions and classes whose bodies are left out

    Raises LookupError for a module or a name that the library does not have.
    """
    shelf = Shelf(library)
    for name in withheld:
        shelf.withhold(name)
    wanted = [*(provides or [library.name]), *(name for name in ALWAYS if name in shelf.modules)]
    below = tuple(f"{name}." for name in wanted)
    inside = shelf.closure([*wanted, *(name for name in shelf.modules if name.startswith(below))])
    files = {}
    for module, path in shelf.modules.items():
        where = path.relative_to(library.parent).as_posix()
        parent = module.rpartition(".")[0]
        if module in inside:
            text = shelf.contents(module, inside) if module in shelf.packages else shelf.with_holes(module)
            files[where] = text.encode()
        elif parent in inside:
            files[where] = _absent(module).encode()
    for path in sorted(library.rglob("*")):     # digits, styles and their licences
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            files[path.relative_to(library.parent).as_posix()] = path.read_bytes()
    return dict(sorted(files.items()))


def lay_out(files: dict[str, bytes], folder: Path) -> None:
    """Write an edition's files into `folder`."""
    for where, content in files.items():
        path = folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@dataclass
class Shelf:
    """The modules of the library as text, and which of them import which."""

    library: Path
    modules: dict[str, Path] = field(init=False)            # "coursekit.layers.dense" -> its file
    packages: set[str] = field(init=False)                  # those that are folders: tables of contents
    holes: dict[str, set[str]] = field(default_factory=dict)   # module -> names whose bodies are left out

    def __post_init__(self):
        self.modules = {}
        self.packages = set()
        for path in sorted(self.library.rglob("*.py")):
            parts = path.relative_to(self.library.parent).with_suffix("").parts
            if parts[-1] == "__init__":
                parts = parts[:-1]
                self.packages.add(".".join(parts))
            self.modules[".".join(parts)] = path

    def withhold(self, name: str) -> None:
        """Leave the body of `name` out of its module."""
        module, _, member = name.rpartition(".")
        module_path(module, self.library)
        if member not in {node.name for node in self.tree(module).body if isinstance(node, Definition)}:
            raise LookupError(f"{module} defines no function or class {member!r}, so none can be withheld")
        self.holes.setdefault(module, set()).add(member)

    def tree(self, module: str) -> ast.Module:
        return parse(self.modules[module].read_text(encoding="utf-8"))

    def closure(self, wanted: Iterable[str]) -> set[str]:
        """The modules of `wanted`, all that they import, and the packages these lie in."""
        inside: set[str] = set()
        todo = list(wanted)
        while todo:
            module = todo.pop()
            if module in inside:
                continue
            if module not in self.modules:
                raise LookupError(f"{self.library.name} has no module {module!r}; there are {', '.join(self.modules)}")
            inside.add(module)
            todo += self.imports(module)
        for module in list(inside):
            while module := module.rpartition(".")[0]:
                inside.add(module)
        return inside

    def imports(self, module: str) -> set[str]:
        """The library's modules that `module` imports, wherever in its text it does so."""
        return {home for home, _ in self.imported(self.tree(module), module)}

    def imported(self, tree: ast.AST, module: str = "") -> set[tuple[str, str]]:
        """(home, name) of all that a text imports from the library; the name of a whole module is ""."""
        found: set[tuple[str, str]] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {(alias.name, "") for alias in node.names if alias.name.split(".")[0] == self.library.name}
            elif isinstance(node, ast.ImportFrom):
                origin = self.origin(module, node)
                if origin.split(".")[0] == self.library.name:
                    found |= {(self.home(origin, alias.name), alias.name) for alias in node.names}
        return found

    def origin(self, module: str, node: ast.ImportFrom) -> str:
        """The module that a `from ... import` names, with leading dots resolved."""
        if not node.level:
            return node.module or ""
        package = module if module in self.packages else module.rpartition(".")[0]
        parts = package.split(".")[: len(package.split(".")) - node.level + 1]
        return ".".join([*parts, node.module] if node.module else parts)

    def home(self, module: str, name: str) -> str:
        """The module that `from module import name` reads: a package hands on what its table of contents lists."""
        if f"{module}.{name}" in self.modules:
            return f"{module}.{name}"
        if module in self.packages:
            for node in self.tree(module).body:
                if isinstance(node, ast.ImportFrom) and name in {alias.asname or alias.name for alias in node.names}:
                    return self.home(self.origin(module, node), name)
        return module

    def with_holes(self, module: str) -> str:
        """A module's text, each withheld body replaced by a sentence."""
        text = self.modules[module].read_text(encoding="utf-8")
        lines = text.splitlines()
        holes = self.holes.get(module, set())
        for node in reversed(self.tree(module).body):
            if isinstance(node, Definition) and node.name in holes:
                for start, end in reversed(bodies_of(node, lines)):
                    indent = " " * (node.col_offset + (8 if isinstance(node, ast.ClassDef) else 4))
                    sentence = f"this exercise asks you to write `{node.name}` yourself"
                    lines[start:end] = [f"{indent}raise NotImplementedError({sentence!r})"]
        return "\n".join(lines) + "\n"

    def contents(self, package: str, inside: set[str]) -> str:
        """A package's table of contents without the lines for what the edition leaves out.

        Those names answer with a sentence instead of Python's "cannot import name".
        """
        lines = self.modules[package].read_text(encoding="utf-8").splitlines()
        absent: set[str] = set()
        for node in reversed(self.tree(package).body):
            if not isinstance(node, ast.ImportFrom):
                continue
            homes = {alias.asname or alias.name: self.home(self.origin(package, node), alias.name)
                     for alias in node.names}
            kept = [name for name, home in homes.items() if home in inside or not home.startswith(self.library.name)]
            if len(kept) < len(homes):
                absent |= homes.keys() - kept
                lines[node.lineno - 1:node.end_lineno] = [ast.unparse(_only(node, kept))] if kept else []
        if absent:
            lines += _GETATTR.format(names=sorted(absent)).splitlines()
        return "\n".join(lines).rstrip("\n") + "\n"


_GETATTR = '''

def __getattr__(name):
    if name in {names}:
        raise ImportError(f"{{name}} is not part of this assignment's edition of {{__name__}}")
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''


def _only(node: ast.ImportFrom, names: list[str]) -> ast.ImportFrom:
    aliases = [alias for alias in node.names if (alias.asname or alias.name) in names]
    return ast.ImportFrom(node.module, aliases, node.level)


def _absent(module: str) -> str:
    """The text of a module that the edition leaves out."""
    return f'raise ImportError("{module} is not part of this assignment\'s edition of the library")\n'
