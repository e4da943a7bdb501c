"""Who owns a name that a test cell uses: the student, or the trusted side.

Decided from the source notebook alone, so that nothing in a hand-in can move a name across. What a
solution cell assigns, defines or changes is the student's. What the source imports, what its locked
cells bind, and the helpers that its other cells define are the test's own: a student's `class np` with
an obliging `allclose` is never looked at.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

from autograder.syntax import UNREADABLE, parse, without_magics

STARTS = re.compile(r"""get_ipython\(\)\.(system|getoutput)\( | \bos\.(system|popen)\( | \bsubprocess\b
    | run_(cell|line)_magic\('(bash|sh|script|sx|system|perl|ruby|python[23]?|pypy)'""", re.VERBOSE)
LOOK_AROUND = {"dir", "locals", "globals", "vars", "eval", "exec"}


@dataclass
class Ownership:
    """What the source notebook says of names, cell by cell."""

    student: set[str] = field(default_factory=set)          # bound or changed by cells that the student may edit
    wanted: set[str] = field(default_factory=set)           # read by cells that run at the student's side
    tests: dict[str, int] = field(default_factory=dict)     # bound by test cells -> place of the first that does
    preludes: dict[int, str] = field(default_factory=dict)  # cell's place -> what the trusted side executes of it
    lighter: dict[int, str] = field(default_factory=dict)   # the same, less what no test can reach: see preludes.py

    def is_students(self, name: str, ours: dict, place: int = 0) -> bool:
        """Does `name` mean what the student's process has under it, in the cell at `place`?

        `ours` is the test namespace.
        """
        if name in self.student:
            return True
        unknown = name not in ours and not hasattr(builtins, name) and not name.startswith("__")
        return unknown and not self.is_tests(name, place)

    def is_tests(self, name: str, place: int) -> bool:
        """Was a test up to the cell at `place` to bind it? Where that test failed first the name is nobody's.

        Else whoever makes a test fail could hand in the helpers of those after it; and of a name that the cell at work
        binds on one of its ways only (`except ValueError: raised = True`) the hand-in could have the value ready.
        """
        return name not in self.student and self.tests.get(name, place + 1) <= place


def ownership(cells: Iterable[dict], fallback: Iterable[str] = ()) -> Ownership:
    """Read the source notebook. `fallback` names the test cells that run at the student's side."""
    found, locked, fallback, cells = Ownership(), set(), set(fallback), list(cells)
    ours = {n for c in cells if c["cell_type"] == "code" for n in imported(parsed(c["source"]))}
    for place, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        tree, kind = parsed(cell["source"]), role(cell)
        if kind == "test" and cell["metadata"]["nbgrader"]["grade_id"] not in fallback:
            for name in (*bound(tree), *imported(tree)):
                found.tests.setdefault(name, place)
            continue
        found.wanted |= read(tree)
        if kind == "setup":
            found.preludes[place] = re.sub(r"^\s*!.*", "", cell["source"], flags=re.MULTILINE)    # no programs there
            locked |= set(bound(tree))
            continue
        helpers = [s for s in tree.body if isinstance(s, ast.Import | ast.ImportFrom)]
        if kind == "free":
            helpers += [s for s in tree.body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        found.preludes[place] = "\n".join(ast.unparse(s) for s in helpers)
        ours |= {s.name for s in helpers if hasattr(s, "name")}
        theirs = set(bound(tree)) | (set(touched(tree)) - ours)
        found.student |= theirs - ours if kind == "free" else theirs - locked if kind == "test" else theirs
    return found


def role(cell: dict) -> str:
    """What a code cell of the source notebook is: test, solution, setup (locked) or free."""
    marks = cell["metadata"].get("nbgrader", {})
    if marks.get("solution"):
        return "solution"
    if marks.get("grade"):
        return "test"
    return "setup" if marks.get("locked") else "free"


@lru_cache(1024)
def parsed(source: str) -> ast.Module:
    """The cell's syntax tree, lines for IPython alone left out; empty for one that does not parse."""
    try:
        return parse(without_magics(source))
    except UNREADABLE:
        return parse("")


def starts_programs(source: str) -> bool:
    """Does the cell start other programs: `!ls`, `%%bash`, `subprocess`?"""
    if not re.search(r"!|%|subprocess|\bos\b", source):
        return False
    return bool(STARTS.search(TransformerManager().transform_cell(source)))


def imported(tree: ast.Module) -> list[str]:
    """Names that the cell's import statements bind."""
    statements = [s for s in ast.walk(tree) if isinstance(s, ast.Import | ast.ImportFrom)]
    return [(alias.asname or alias.name).split(".")[0] for s in statements for alias in s.names]


def imports_of(source: str, wanted: set[str]) -> list[str]:
    """The import statements at a test cell's top level that bind a name which the student's cells read."""
    statements = [s for s in parsed(source).body if isinstance(s, ast.Import | ast.ImportFrom)]
    found = [ast.unparse(s) for s in statements if wanted.intersection(imported(ast.Module([s], [])))]
    return [text for text in found if "autograder" not in text]


@lru_cache(1024)      # before the fork, for every child
def bound(tree: ast.Module) -> tuple[str, ...]:
    """Names that the cell binds, deletes or stores into at its top level, imports apart."""
    names = []
    for node in _top_level(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            names += _root(node)
    return tuple(names)


@lru_cache(1024)      # before the fork, for every child
def read(tree: ast.Module) -> set[str]:
    """Names that the cell looks up in the notebook's namespace.

    A function's own variables are not among them: a test that has its expected value under the name of one must not
    show it to the function under test.
    """
    try:
        tables = [symtable.symtable(ast.unparse(tree), "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError):       # IPython's own Python, such as `return` at the top
        return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    names = {n.target.id for n in ast.walk(tree) if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)}
    for table in tables:
        names |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
        tables += table.get_children()
    return names


def assigned_once(tree: ast.Module) -> dict[str, ast.expr]:
    """Names that one plain assignment binds, and nothing else does, with the expression."""
    plain = [s for s in tree.body if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name)]
    names = bound(tree)
    return {s.targets[0].id: s.value for s in plain if len(s.targets) == 1 and names.count(s.targets[0].id) == 1}


def touched(tree: ast.Module) -> list[str]:
    """Names whose methods the cell calls at its top level: model.fit(X) changes model."""
    calls = [n.func for n in _top_level(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    return [name for call in calls for name in _root(call)]


def _top_level(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes outside the bodies of functions and classes, these themselves included."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _top_level(node)


def _root(node: ast.AST) -> list[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return [node.id] if isinstance(node, ast.Name) else []


@lru_cache(1024)
def used(source: str) -> tuple[frozenset[str], bool]:
    """Names that a test cell may look up, also as text, and whether it looks at all there are."""
    tree = parsed(source)
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return frozenset(names | {t for t in texts if t.isidentifier()}), bool(names & LOOK_AROUND)


def reached(names: set[str], ours: dict) -> set[str]:
    """`names`, and those that the test's own functions behind them look up, and so on."""
    found, todo = set(names), list(names)
    while todo:
        for code in _codes(ours.get(todo.pop())):
            fresh = set(_looked_up(code)) - found
            found |= fresh
            todo += fresh
    return found


def _codes(value: object) -> list[types.CodeType]:
    if isinstance(value, types.FunctionType) and value.__module__ == "__main__":
        return [value.__code__]
    if type(value) is type and value.__module__ == "__main__":
        return [f.__code__ for f in vars(value).values() if isinstance(f, types.FunctionType)]
    return []


def _looked_up(code: types.CodeType) -> list[str]:
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names += _looked_up(constant)
    return names
