"""Writing to the wire: a value becomes a msgpack tree, and the raw buffers of its larger arrays.

What is sent is demoted on the way: an instance of a subclass arrives as the plain type it extends, so an
object that claims to equal everything arrives as the number it is.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgpack
import numpy as np
from msgpack import ExtType

from . import values, wire
from .wire import NotPlain, dtype_name


class Encoder:
    """Values to bytes.

    `refer(value)` may answer with an ExtType for what is not plain data, or with None.
    """

    def __init__(self, refer: Callable[[object], ExtType | None] = lambda value: None):
        self.refer = refer
        self.buffers: list[np.ndarray] = []

    def encode(self, value: object) -> tuple[bytes, list[np.ndarray]]:
        self.buffers, self.depth = [], 0
        return self._pack(value), self.buffers

    def _pack(self, value: object) -> bytes:
        self.depth += 1
        try:
            if self.depth > wire.MAX_DEPTH:
                raise NotPlain(f"data nested more than {wire.MAX_DEPTH} deep cannot cross")
            return msgpack.packb(value, default=self._other, strict_types=True, unicode_errors="surrogatepass")
        except (ValueError, OverflowError, RecursionError) as error:
            raise NotPlain(f"this value cannot cross: {error}") from None
        finally:
            self.depth -= 1

    def _other(self, value: object) -> object:
        kind = type(value)
        if kind is np.ndarray:
            return self._array(value)
        if isinstance(value, np.generic) and kind in wire.NAMES_OF_TYPES:
            return self._scalar(value)
        if kind is tuple:
            return ExtType(wire.TUPLE, self._pack(list(value)))
        if kind is complex:
            return ExtType(wire.COMPLEX, struct.pack("<dd", value.real, value.imag))
        if kind is int:
            return ExtType(wire.INT, value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))
        if kind in (set, frozenset):
            return ExtType(wire.SET if kind is set else wire.FROZENSET, self._pack(list(value)))
        if kind in (slice, range):
            code = wire.SLICE if kind is slice else wire.RANGE
            return ExtType(code, self._pack([value.start, value.stop, value.step]))
        if kind is bytearray:
            return ExtType(wire.BYTEARRAY, bytes(value))
        if value is Ellipsis:
            return ExtType(wire.ELLIPSIS, b"")
        if isinstance(value, np.dtype):
            return ExtType(wire.DTYPE, dtype_name(value).encode())
        if isinstance(value, type) and value in wire.NAMES_OF_TYPES:
            return ExtType(wire.TYPE, wire.NAMES_OF_TYPES[value].encode())
        told = values.plain(value)
        return self._demoted(value) if told is None else ExtType(wire.VALUE, self._pack(told))

    def _demoted(self, value: object) -> object:
        """The plain value inside an instance of a subclass, fetched past the subclass's own methods."""
        if isinstance(value, np.ndarray):
            return self._array(np.ndarray.view(value, np.ndarray))
        if isinstance(value, float):
            return float.__pos__(value)
        if isinstance(value, int):
            return int.__pos__(value)
        if isinstance(value, str):
            return "".join(str.__iter__(value))
        if isinstance(value, bytes):
            return bytes(bytearray(value))
        if isinstance(value, tuple):
            return ExtType(wire.TUPLE, self._pack([*tuple.__iter__(value)]))
        if isinstance(value, list):
            return [*list.__iter__(value)]
        if isinstance(value, dict):
            return dict(dict.items(value))
        if isinstance(value, set | frozenset):
            plain = set if isinstance(value, set) else frozenset
            return ExtType(wire.SET if plain is set else wire.FROZENSET, self._pack([*plain.__iter__(value)]))
        referred = self.refer(value)
        if referred is None:
            raise NotPlain(f"a {type(value).__qualname__} cannot cross between the processes")
        return referred

    def _array(self, array: np.ndarray) -> ExtType:
        if array.dtype in wire.LONG_DOUBLES:
            array = array.astype(wire.LONG_DOUBLES[array.dtype])
        if array.dtype == object:
            return ExtType(wire.OBJECTS, self._pack([list(array.shape), [*array.flat]]))
        name = dtype_name(array.dtype)
        turned = array.ndim > 1 and array.flags.f_contiguous and not array.flags.c_contiguous
        flat = array.T if turned else array
        if not flat.flags.c_contiguous:
            flat = np.ascontiguousarray(flat).reshape(flat.shape)
        if flat.nbytes <= wire.INLINE:
            body: object = flat.tobytes()
        else:
            body = len(self.buffers)
            self.buffers.append(flat)
        return ExtType(wire.ARRAY, msgpack.packb([name, list(array.shape), turned, body]))

    def _scalar(self, value: np.generic) -> ExtType:
        if value.dtype in wire.LONG_DOUBLES:
            value = wire.LONG_DOUBLES[value.dtype](value)
        return ExtType(wire.SCALAR, msgpack.packb([dtype_name(value.dtype), value.tobytes()]))
