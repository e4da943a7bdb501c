"""What the trusted side can ask to be done with the student's objects: one operation a request."""

from __future__ import annotations

import builtins
import inspect
import operator
from contextlib import suppress

from IPython.core import async_helpers

OPERATORS = {
    name: getattr(operator, name)
    for name in (
        "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift neg pos abs invert "
        "getitem setitem delitem contains"
    ).split()
} | {
    "len": len, "iter": iter, "str": str, "repr": repr, "format": format, "int": int, "float": float, "hash": hash,
    "dir": dir, "divmod": divmod, "round": round, "truth": bool, "aiter": aiter,
    "aenter": lambda o: type(o).__aenter__(o), "aexit": lambda o, *a: type(o).__aexit__(o, *a),
    "enter": lambda o: type(o).__enter__(o), "exit": lambda o, *a: type(o).__exit__(o, *a),
}

_kept: dict[str, object] = {}       # built-in functions that a test has put its own in place of


def perform(request: dict, names: dict[str, object], hidden: set[str]) -> object:
    """Do what a request asks, with the student's names."""
    op = request["op"]
    for name, value in request.get("set", {}).items():
        names[name] = value
    for name in request.get("unset", ()):
        names.pop(name, None)
    for name, function in request.get("builtins", {}).items():
        kept = _kept.setdefault(name, getattr(builtins, name))
        setattr(builtins, name, function or kept)
    for statement in request.get("imports", ()):
        with suppress(ImportError):
            exec(statement, names)
    if op == "names":
        return {n: names[n] for n in request["names"] if n in names and n not in hidden}
    if op == "list":
        return [n for n in names if isinstance(n, str) and n not in hidden and not n.startswith("_")]
    if op == "bind":
        return None
    if op == "do":
        return OPERATORS[request["name"]](*request["args"])
    subject = request["of"]
    if op == "call":
        return subject(*request["args"], **request["kwargs"])
    if op == "get":
        return getattr(subject, request["name"])
    if op == "set":
        return setattr(subject, request["name"], request["args"][0])
    if op == "del":
        return delattr(subject, request["name"])
    if op == "next":
        return next(subject)
    if op == "flags":
        return subject.__code__.co_flags
    if op == "signature":
        return _signature(subject)
    if op == "anext":
        return async_helpers.get_asyncio_loop().run_until_complete(_awaited(anext(subject)))
    if op == "await":
        return async_helpers.get_asyncio_loop().run_until_complete(_awaited(subject))
    raise ValueError(f"there is no operation {op!r}")


async def _awaited(subject):
    return await subject


def _signature(function) -> list:
    """[[[name, kind, has a default, default, annotation], ...], annotation of the result]; annotations in a list."""
    found, none = inspect.signature(function), inspect.Parameter.empty

    def noted(annotation):
        return [] if annotation is none else [annotation]

    return [[[p.name, int(p.kind), p.default is not none, None if p.default is none else p.default, noted(p.annotation)]
             for p in found.parameters.values()], noted(found.return_annotation)]
