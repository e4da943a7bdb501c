"""Python text in a normal form: what stays the same when a copy is disguised.

    def f(a, b):                            def f(x, y):    # mine
        total = a * len(b) + 3                  u = 7 + len(y) * x
        if total > 0:                           if 0 < u: return u
            return total
                                            both become the same list of tokens

The syntax tree is written out node by node. Comments, docstrings, annotations, imports and calls of `print` are
left out; names that the hand-in itself binds, numbers and texts are blanked; operands that commute, keyword
arguments and statements that do not depend on each other stand in one order; `x += 1` is `x = x + 1`,
`b > a` is `a < b`, and `xp.exp` is `numpy.exp` however NumPy was imported.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping

from autograder.syntax import MOST_SIGNS, UNREADABLE, parse, without_magics

MOST_STATEMENTS = 80        # of one block that are put in order; a longer one stays as it is
COMMUTE = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
MIRRORED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
SKIPPED = {"ctx", "type_comment", "annotation", "returns", "decorator_list", "type_params", "kind"}
LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def parsed(source: str) -> ast.Module | None:
    """The tree of a cell's code, lines for IPython alone left out; None for what Python cannot read."""
    kept = without_magics(source)
    if len(kept) > MOST_SIGNS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")     # about a student's escapes in strings and the like
            return parse(kept)
    except UNREADABLE:
        return None


def normal_forms(cells: Mapping[str, str], kept: Iterable[str] = (),
                 imported: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """The tokens of each cell of a hand-in; [] for a cell that cannot be read.

    kept        names that the assignment prescribes, which are not blanked
    imported    what other code of the notebook imports, see `imports`

    >>> normal_forms({"f": "y = 2 * np.exp(x)"}, imported=imports(["import numpy as np"]))["f"]
    ['Assign', 'name', 'Mult', 'Call', 'numpy.exp', 'x', 'end', 'number', 'end', 'end']
    """
    trees = {name: tree for name, source in cells.items() if (tree := parsed(source))}
    own, known = set(), dict(imported or {})
    for tree in trees.values():
        for node in ast.walk(tree):
            own |= _bound(node)
            known |= _imported(node)
    spell = Spelling(own - set(kept), known)
    found = {}
    for name in cells:
        try:
            found[name] = spell.block(trees[name].body) if name in trees else []
        except RecursionError:      # thousands of brackets: nobody typed that, and it is not compared
            found[name] = []
    return found


def imports(sources: Iterable[str]) -> dict[str, str]:
    """Name -> what it stands for in full, of all imports in these texts."""
    found = {}
    for source in sources:
        for node in ast.walk(parsed(source) or ast.Module([], [])):
            found |= _imported(node)
    return found


class Spelling:
    """How the nodes of one hand-in's trees are written out."""

    def __init__(self, own: set[str], imported: dict[str, str]):
        self.own, self.imported = own, imported

    def block(self, statements: list[ast.stmt]) -> list[str]:
        pairs = [(statement, words) for statement in statements if (words := self.node(statement))]
        return [word for words in _in_order(pairs) for word in words]

    def node(self, node: ast.AST) -> list[str]:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Global() | ast.Nonlocal():
                return []
            case ast.Expr(value=ast.Constant() | ast.Call(func=ast.Name(id="print"))):
                return []
            case ast.Constant(value=value):
                plain = value is None or value is ... or isinstance(value, bool)
                return [repr(value) if plain else "text" if isinstance(value, str | bytes) else "number"]
            case ast.JoinedStr():
                return ["text"]
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
                return self.node(node.operand)
            case ast.Name() | ast.Attribute():
                return self._named(node)
            case ast.arg(arg=name):
                return [self._name(name)]
            case ast.AugAssign(target=target, op=op, value=value):
                return self.node(ast.Assign([target], ast.BinOp(target, op, value)))
            case ast.AnnAssign(target=target, value=value):
                return self.node(ast.Assign([target], value)) if value else []
            case ast.BinOp(op=op) if isinstance(op, COMMUTE):
                return [type(op).__name__, *_sorted(map(self.node, _chain(node, type(op)))), "end"]
            case ast.BoolOp(op=op, values=values):
                return [type(op).__name__, *_sorted(map(self.node, values)), "end"]
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(left, op, right)
            case ast.Call(func=func, args=args, keywords=keywords):
                options = _sorted([f"{k.arg}=", *self.node(k.value)] for k in keywords)
                return ["Call", *self.node(func), *(w for a in args for w in self.node(a)), *options, "end"]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                return [type(node).__name__, self._name(name), *self._children(node), "end"]
        words = [type(node).__name__, *self._children(node)]
        return [*words, "end"] if isinstance(node, ast.stmt) else words

    def _children(self, node: ast.AST) -> list[str]:
        words = []
        for field, value in ast.iter_fields(node):
            if field in SKIPPED or value is None:
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                words += [field, *self.block(value)]
            elif isinstance(value, list):
                words += [word for item in value if isinstance(item, ast.AST) for word in self.node(item)]
            elif isinstance(value, ast.AST):
                words += self.node(value)
        return words

    def _name(self, name: str) -> str:
        return self.imported.get(name) or ("name" if name in self.own else name)

    def _named(self, node: ast.expr) -> list[str]:
        """A name or an attribute; of a module's the whole path."""
        attributes = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        attributes.reverse()
        if isinstance(node, ast.Name) and node.id in self.imported:
            return [".".join([self.imported[node.id], *attributes])]
        shown = ["name" if f".{attribute}" in self.own else attribute for attribute in attributes]
        return [*(f".{attribute}" for attribute in reversed(shown)),
                *([self._name(node.id)] if isinstance(node, ast.Name) else self.node(node))]

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> list[str]:
        kind, sides = type(op), [self.node(left), self.node(right)]
        if kind in MIRRORED:
            kind, sides = MIRRORED[kind], sides[::-1]
        elif kind in (ast.Eq, ast.NotEq):
            sides.sort()
        return [kind.__name__, *sides[0], *sides[1]]


def _sorted(parts: Iterable[list[str]]) -> list[str]:
    return [word for part in sorted(parts) for word in part]


def _chain(node: ast.expr, op: type) -> list[ast.expr]:
    """The operands of a + b + c, however they are bracketed."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, op):
        return [*_chain(node.left, op), *_chain(node.right, op)]
    return [node]


def _in_order(pairs: list[tuple[ast.stmt, list[str]]]) -> list[list[str]]:
    """Statements, each with its words, in the one order that what they read and write allows."""
    if len(pairs) > MOST_STATEMENTS:
        return [words for _, words in pairs]
    uses = [_uses(statement) for statement, _ in pairs]
    before = [{j for j in range(i) if _clash(uses[j], uses[i])} for i in range(len(pairs))]
    ordered, done = [], set()
    while len(ordered) < len(pairs):
        ready = [i for i in range(len(pairs)) if i not in done and before[i] <= done]
        best = min(ready, key=lambda i: (pairs[i][1], i))
        done.add(best)
        ordered.append(pairs[best][1])
    return ordered


def _clash(first: tuple[set[str], set[str], bool], then: tuple[set[str], set[str], bool]) -> bool:
    """Must `first` stay before `then`? A name's reads and writes keep their order, and nothing passes a return."""
    return bool(first[2] or then[2] or first[1] & (then[0] | then[1]) or first[0] & then[1])


def _uses(statement: ast.stmt) -> tuple[set[str], set[str], bool]:
    """Names read, names written, and whether the statement may leave the block."""
    reads, writes, leaves = set(), set(), False
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            (reads if isinstance(node.ctx, ast.Load) else writes).add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            writes.add(_root(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            writes.add(_root(node.value.func))        # results.append(x) changes results
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            writes.add(node.name)
        leaves = leaves or isinstance(node, LEAVES)
    return reads, writes, leaves and not isinstance(statement, ast.FunctionDef | ast.ClassDef)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bound(node: ast.AST) -> set[str]:
    """What a node gives a name to; an attribute that it sets begins with a dot."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name) \
                | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
            return {name}
        case ast.Attribute(attr=name, ctx=ast.Store()):
            return {f".{name}"}
    return set()


def _imported(node: ast.AST) -> dict[str, str]:
    """Name -> what it stands for in full, of one import."""
    match node:
        case ast.Import(names=names):
            return {alias.asname or alias.name.split(".")[0]: alias.name if alias.asname else alias.name.split(".")[0]
                    for alias in names}
        case ast.ImportFrom(module=module, names=names):
            return {alias.asname or alias.name: f"{module or ''}.{alias.name}" for alias in names}
    return {}
