"""Numbers from typed formulas, without running anything: a small language read off Python's own grammar.

    numbers, names that are given, + - * / // % **, parentheses, pi, e,
    abs exp log log2 sqrt sin cos tan sinh cosh tanh floor ceil min max

Whatever else Python knows is refused by name. Sizes are bounded, so no formula takes long.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Mapping

MAX_TEXT = 500            # characters
MAX_BITS = 4096           # of a whole number, on the way too
CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS = {name: getattr(math, name) for name in
             ("exp", "log", "log2", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "floor", "ceil")}
FUNCTIONS |= {"abs": abs, "min": min, "max": max}
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
             ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod}


class NoFormula(ValueError):
    """A text that is no formula of this language, or one that has no value; the message says why."""


def parse(text: str, names=()) -> ast.expr:
    """The formula's tree, every node of it allowed; NoFormula says what is not.

    >>> parse("x.__class__", names=["x"])
    Traceback (most recent call last):
    coursekit.desk.arithmetic.NoFormula: 'x.__class__' is not part of a formula
    """
    if len(text) > MAX_TEXT:
        raise NoFormula(f"a formula has at most {MAX_TEXT} characters, this one has {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise NoFormula(f"cannot read {text.strip()!r} as a formula") from None
    _allow(tree, {*names, *CONSTANTS})
    return tree


def _allow(node, names) -> None:
    match node:
        case ast.Constant(value=int() | float()) if type(node.value) is not bool:
            _bounded(node.value)
        case ast.Name(id=name):
            if name not in names:
                raise NoFormula(f"no name {name} here; there are {', '.join(sorted(names))}")
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=inner):
            _allow(inner, names)
        case ast.BinOp(op=ast.BitXor()):
            raise NoFormula("a power is written **, not ^")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS or type(op) is ast.Pow:
            _allow(left, names)
            _allow(right, names)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            if name not in FUNCTIONS:
                raise NoFormula(f"no function {name} here; there are {', '.join(sorted(FUNCTIONS))}")
            for arg in args:
                _allow(arg, names)
        case _:
            raise NoFormula(f"{ast.unparse(node)!r} is not part of a formula")


def calculate(text: str, values: Mapping[str, float] | None = None) -> int | float:
    """The formula's value; `values` are the numbers that its names stand for.

    >>> calculate("(28*28 + 1)*h + (h + 1)*10", {"h": 64})
    50890
    """
    values = values or {}
    return evaluate(parse(text, values), values)


def evaluate(tree: ast.expr, values: Mapping[str, float]) -> int | float:
    """The value of a parsed formula; NoFormula where it has none (1/0, log(-1), numbers beyond measure).

    >>> evaluate(parse("h**2 + 1", names=["h"]), {"h": 3})
    10
    >>> evaluate(parse("1/0"), {})
    Traceback (most recent call last):
    coursekit.desk.arithmetic.NoFormula: has no value: division by zero
    """
    try:
        return _value(tree, {**CONSTANTS, **values})
    except (ZeroDivisionError, OverflowError, ValueError, TypeError) as problem:
        raise problem if isinstance(problem, NoFormula) else NoFormula(f"has no value: {problem}") from None


def _value(node, values):
    match node:
        case ast.Constant(value=number):
            return number
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=op, operand=inner):
            return -_value(inner, values) if type(op) is ast.USub else _value(inner, values)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, values), _value(right, values))
        case ast.BinOp(left=left, op=op, right=right):
            return _bounded(OPERATORS[type(op)](_value(left, values), _value(right, values)))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _bounded(FUNCTIONS[name](*[_value(arg, values) for arg in args]))


def _power(base, exponent):
    # The size of a whole power is known before it is computed, which might take forever.
    if isinstance(base, int) and isinstance(exponent, int) and exponent > 0 and base.bit_length() * exponent > MAX_BITS:
        raise (
            NoFormula(f"{base}**{exponent} is beyond measure")
            if base.bit_length() <= 64
            else NoFormula("a power beyond measure")
        )
    return _bounded(base**exponent)


def _bounded(number):
    if isinstance(number, complex):
        raise NoFormula("has no real value")
    if isinstance(number, int) and number.bit_length() > MAX_BITS:
        raise NoFormula("a number beyond measure")
    return number
