"""What a message refers to: what both processes know by number, and places in what was sent.

A stand-in is here what an object of the student's is there; a generator is a copy on either side; a function of the
test's is called back. What comes is only ever looked up: a number that was not handed out is a breach.
"""

from __future__ import annotations

import numpy as np
from msgpack import ExtType

from autograder.engine.box import wire
from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.generators import Generators
from autograder.engine.box.wire import Malformed, check_items, plain_dtype
from autograder.engine.proxies import FAMILIES, Proxy, number_of


class References:
    """Writes messages of the trusted side, and reads the student's.

    remote    the line that the stand-ins ask
    """

    def __init__(self, remote):
        self.remote = remote
        self.proxies: dict[int, Proxy] = {}
        self.generators = Generators()
        self.handed: set[int] = set()      # the generators that went with the last request
        self.callbacks: dict[int, object] = {}
        self.arguments: list[object] = []
        self.pointed = False               # did the message read last point into them?
        self.decoder = Decoder({
            wire.REFERENCE: self._proxy, wire.GENERATOR: self._known_generator,
            wire.CALLBACK: self._known_callback, wire.ARGUMENT: self._argument, wire.VIEW: self._view,
        })

    def encode(self, message: object) -> tuple[bytes, list]:
        return Encoder(self._refer).encode(message)

    def decode(self, tree: bytes, buffers: list, arguments: list) -> object:
        """The message, which may point into `arguments`."""
        self.arguments, self.pointed = arguments, False
        return self.decoder.decode(tree, buffers)

    def _refer(self, value: object) -> ExtType | None:
        if isinstance(value, Proxy):
            return ExtType(wire.REFERENCE, Encoder().encode(number_of(value))[0])
        if isinstance(value, np.random.Generator):
            number = self.generators.number(value)
            number = len(self.generators.known) if number is None else number
            state = self.generators.agree(number, value)
            self.handed.add(number)
            return ExtType(wire.GENERATOR, Encoder().encode([number, type(value.bit_generator).__name__, state])[0])
        if callable(value) and not isinstance(value, type):
            number = next((k for k, c in self.callbacks.items() if c is value), len(self.callbacks))
            self.callbacks[number] = value
            return ExtType(wire.CALLBACK, Encoder().encode(number)[0])
        return None

    def _proxy(self, payload: object) -> Proxy:
        if type(payload) is not list or len(payload) != 4:
            raise Malformed("a reference")
        number, family, name, lineage = payload
        if type(number) is not int or type(name) is not str or type(lineage) is not list or not lineage:
            raise Malformed("a reference")
        if type(family) is not str or family not in FAMILIES:
            raise Malformed("a reference")
        known = self.proxies.get(number)
        if known is None or type(known) is not FAMILIES[family]:
            known = self.proxies[number] = FAMILIES[family](self.remote, number, name, tuple(str(c) for c in lineage))
        return known

    def _known_generator(self, number: object) -> np.random.Generator:
        return self.generators[number]

    def _known_callback(self, number: object) -> object:
        return self.callbacks[number]

    def _argument(self, path: object) -> object:
        """What stands at a place in the arguments that were sent: [number, key, key, ...]."""
        if type(path) is not list or not path or not all(type(key) in (int, str) for key in path):
            raise Malformed("an argument that was not sent")
        value, self.pointed = self.arguments, True
        for key in path:
            if not isinstance(value, list | tuple | dict) or (type(key) is int and key < 0):
                raise Malformed("an argument that was not sent")
            value = value[key]
        return value

    def _view(self, payload: object) -> np.ndarray:
        if type(payload) is not list or len(payload) != 5:
            raise Malformed("a view")
        return part_of(self._argument(payload[:1]), payload[1:])


def part_of(whole: object, place: object) -> np.ndarray:
    """The part of our array that the student's process has as a view of its copy; a copy where ours has gaps."""
    if type(whole) is not np.ndarray or type(place) is not list or len(place) != 4:
        raise Malformed("a view")
    offset, shape, strides, name = place
    if type(offset) is not int or type(shape) is not list or type(strides) is not list:
        raise Malformed("a view")
    turned = whole.ndim > 1 and whole.flags.f_contiguous and not whole.flags.c_contiguous
    flat = np.ascontiguousarray(whole.T if turned else whole)
    try:
        view = np.ndarray(shape, plain_dtype(name), flat, offset, strides)
    except (TypeError, ValueError) as error:
        raise Malformed(f"a view: {error}") from None
    check_items(view)
    return view
