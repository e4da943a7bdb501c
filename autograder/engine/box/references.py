"""What a message refers to: the student's objects and the test's functions, by number, and the generators of both.

What is plain data crosses as a copy. Everything else stays here, and the trusted side is told a number for it.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable

import numpy as np
from msgpack import ExtType

from . import sharing
from .decoder import Decoder
from .encoder import Encoder
from .generators import Generators
from .values import is_mutable
from .wire import CALLBACK, GENERATOR, REFERENCE, NotPlain

FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial, np.ufunc)


class References:
    """Writes messages of the student's side, and reads the trusted side's.

    stand_in    makes the function that stands for the test's of this number
    """

    def __init__(self, stand_in: Callable[[int], Callable]):
        self.stand_in = stand_in
        self.objects: list[object] = []
        self.numbers: dict[int, int] = {}
        self.generators = Generators()
        self.callbacks: dict[int, Callable] = {}
        self.decoder = Decoder({REFERENCE: self._object, GENERATOR: self._generator, CALLBACK: self._callback})

    def decode(self, tree: bytes, buffers: list) -> object:
        return self.decoder.decode(tree, buffers)

    def encode(self, value: object) -> tuple[bytes, list]:
        return Encoder(self._refer).encode(value)

    def carried(self, sent: object, value: object) -> object:
        """What is sent for a value if it can cross, else a reference to it."""
        try:
            self.encode(sent)
        except (NotPlain, RecursionError):
            return self._reference(value)
        return sent

    def named(self, held: dict[str, object]) -> dict:
        """Values of names, and which of them are one object or lie in one memory."""
        same, views, seen = {}, {}, {}
        arrays = {name: value for name, value in held.items() if type(value) is np.ndarray}
        for name, value in held.items():
            if not is_mutable(value):
                continue
            if id(value) in seen:
                same[name] = seen[id(value)]
                continue
            seen[id(value)] = name
            for whole, array in arrays.items() if name in arrays else ():
                if array is not value and array.nbytes > value.nbytes and \
                        (found := sharing.view_of(value, array)) is not None:
                    views[name] = [whole, *found]
                    break
        values = {name: self.carried(value, value) for name, value in held.items() if name not in same}
        return {"values": values, "same": same, "views": views}

    def image(self, value: object) -> object:
        """What a mutable argument looks like, to see afterwards whether it was changed."""
        if type(value) is np.ndarray and value.dtype != object:
            return value.shape, value.dtype.str, value.tobytes()
        tree, buffers = self.encode(value)
        return tree, [b.tobytes() for b in buffers]

    def _refer(self, value: object) -> ExtType:
        number = self.generators.number(value)
        if number is not None:
            return ExtType(GENERATOR, Encoder().encode(number)[0])
        for number, callback in self.callbacks.items():
            if value is callback:
                return ExtType(CALLBACK, Encoder().encode(number)[0])
        return self._reference(value)

    def _reference(self, value: object) -> ExtType:
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        kind = type(value)
        if isinstance(value, type):
            family = "class"
        elif isinstance(value, types.ModuleType):
            family = "module"
        elif hasattr(kind, "__next__"):
            family = "iterator"
        elif hasattr(kind, "__anext__"):
            family = "async iterator"
        elif hasattr(kind, "__await__"):
            family = "awaitable"
        elif callable(value):
            family = "function" if isinstance(value, FUNCTIONS) else "callable"
        else:
            family = "object"
        lineage = [f"{c.__module__}.{c.__qualname__}" for c in (value if family == "class" else kind).__mro__[:12]]
        name = str(getattr(value, "__name__", kind.__name__))[:100]
        return ExtType(REFERENCE, Encoder().encode([number, family, name, lineage])[0])

    def _object(self, number: int) -> object:
        return self.objects[number]

    def _generator(self, payload: list) -> np.random.Generator:
        number, name, state = payload
        if number not in self.generators.known:
            self.generators.known[number] = np.random.Generator(getattr(np.random, name)())
        self.generators.put({number: state})
        return self.generators[number]

    def _callback(self, number: int) -> Callable:
        if number not in self.callbacks:
            self.callbacks[number] = self.stand_in(number)
        return self.callbacks[number]
