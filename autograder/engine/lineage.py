"""What an object of the student's is, told from what its process says of its classes and of its parameters."""

from __future__ import annotations

import inspect
import sys
from functools import lru_cache

import numpy as np

VALUES = (int, float, complex, str, bytes, tuple, list, dict, set, frozenset, np.ndarray, np.generic, BaseException)
EVERYBODYS = ("abc", "builtins", "typing")      # bases that say nothing of what the class is


def class_here(lineage: tuple[str, ...]) -> type:
    """The library's class that an object is said to be an instance of, else one of no use but for its name.

    What has operators of its own is not taken for what it says: functions that believe it to be an array or a table
    would ask it whether it equals what is expected.

    lineage    full names of its class and of that one's bases
    """
    for name in lineage:
        module, _, plain = name.rpartition(".")
        kind = vars(sys.modules[module]).get(plain) if module in sys.modules and module not in EVERYBODYS else None
        if isinstance(kind, type) and module != "__main__":
            return kind if _only_holds(kind) else _named(lineage[0].rpartition(".")[2])
    return _named(lineage[0].rpartition(".")[2])


def _only_holds(kind: type) -> bool:
    """Has the class neither comparisons nor arithmetic?"""
    return not issubclass(kind, VALUES) and kind.__eq__ is object.__eq__ and not hasattr(kind, "__sub__")


@lru_cache(256)
def _named(name: str) -> type:
    return type(name if name.isidentifier() else "object", (), {"__module__": "student"})


def signature(told: object) -> inspect.Signature:
    """A function's signature from [[[name, kind, has a default, default, annotation], ...], annotation of the result].

    Raises:
        ValueError: it is none.
    """
    try:
        parameters, result = told
        made = [
            inspect.Parameter(name, inspect._ParameterKind(kind), annotation=_annotation(annotation),
                              default=default if has_default is True else inspect.Parameter.empty)
            for name, kind, has_default, default, annotation in parameters
        ]
        return inspect.Signature(made, return_annotation=_annotation(result))
    except (TypeError, ValueError) as error:
        raise ValueError(f"no signature: {error}") from None


def _annotation(told: object) -> object:
    return told[0] if type(told) is list and told else inspect.Parameter.empty
