"""A reference solution: a function or class of `coursekit` that an assignment asks students to write.

It lives once, in the library. Whoever shows it with its body left out (the source notebook's
solution markers, the student's edition of the library, the guard of a release) takes from
here which lines the body is.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from dataclasses import dataclass
from pathlib import Path

from autograder.syntax import parse

LIBRARY = Path(__file__).resolve().parents[2] / "coursekit"

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Reference:
    name: str                           # "coursekit.functions.dense.dense_backward"
    source: str                         # its definition, from `def` or `class` to the last line
    bodies: tuple[tuple[int, int], ...]  # half-open ranges of lines in `source`: what the student writes

    @classmethod
    def find(cls, name: str, library: Path = LIBRARY) -> Reference:
        """Read `name`, the dotted name of a module-level function or class, without importing it."""
        module, _, member = name.rpartition(".")
        path = module_path(module, library)
        text = path.read_text(encoding="utf-8")
        for node in parse(text).body:
            if isinstance(node, Definition) and node.name == member:
                lines = text.splitlines()
                first, last = node.lineno - 1, _last_line(node, lines)
                bodies = tuple((start - first, end - first) for start, end in bodies_of(node, lines))
                return cls(name, "\n".join(lines[first:last]) + "\n", bodies)
        raise LookupError(f"{path.relative_to(library.parent)} defines no function or class {member!r}")

    @property
    def lines(self) -> list[str]:
        """The lines of its bodies: what must not reach a student."""
        source = self.source.splitlines()
        return [line for start, end in self.bodies for line in source[start:end]]

    def with_markers(self) -> str:
        """Its source with nbgrader's solution markers around each body."""
        lines = self.source.splitlines()
        for start, end in reversed(self.bodies):
            indent = _indent(lines[start:end])
            lines[start:end] = [f"{indent}### BEGIN SOLUTION", *lines[start:end], f"{indent}### END SOLUTION"]
        return "\n".join(lines) + "\n"

    def free_names(self) -> set[str]:
        """Names it takes from around it: neither its own nor Python's."""
        free: set[str] = set()
        tables = [symtable.symtable(self.source, self.name, "exec")]
        own = {symbol.get_name() for symbol in tables[0].get_symbols() if symbol.is_assigned()}
        while tables:
            table = tables.pop()
            free |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
            tables += table.get_children()
        return free - own - set(dir(builtins))


def module_path(module: str, library: Path = LIBRARY) -> Path:
    """The file of `coursekit.a.b` in the library's folder."""
    package, *parts = module.split(".")
    if package != library.name:
        raise LookupError(f"{module!r} is not a module of {library.name}")
    path = library.joinpath(*parts)
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    raise LookupError(f"there is no module {module!r} in {library.name}")


def bodies_of(node: Definition, lines: list[str]) -> list[tuple[int, int]]:
    """Half-open line ranges of what a student writes: all after the docstring; of a class, in each method."""
    if isinstance(node, ast.ClassDef):
        methods = [child for child in node.body if isinstance(child, Definition)]
        return [span for method in methods for span in bodies_of(method, lines)]
    documented = ast.get_docstring(node, clean=False) is not None
    if documented and len(node.body) == 1:
        return []
    first = node.body[1 if documented else 0]
    if lines[first.lineno - 1][:first.col_offset].strip():
        raise ValueError(f"{node.name}: its body must begin on a line of its own")
    start = node.body[0].end_lineno if documented else first.lineno - 1     # with the comments that open the body
    while not lines[start].strip():
        start += 1
    return [(start, _last_line(node, lines))]


def _last_line(node: Definition, lines: list[str]) -> int:
    """The end of a definition, with the comments that close its body; Python's own end leaves those out."""
    last = end = node.end_lineno
    while end < len(lines):
        text = lines[end].strip()
        inside = len(lines[end]) - len(lines[end].lstrip()) > node.col_offset
        if text and not (text.startswith("#") and inside):
            break
        end += 1
        if text:
            last = end
    return last


def _indent(lines: list[str]) -> str:
    """The least indentation among lines that hold something."""
    return min((line[:len(line) - len(line.lstrip())] for line in lines if line.strip()), key=len)
