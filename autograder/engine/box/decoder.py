"""Reading from the wire: a tree and its buffers become a value, or are refused."""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgpack
import numpy as np

from . import values, wire
from .wire import Malformed, check_items, plain_dtype


class Decoder:
    """Bytes to values; Malformed for anything else. `resolve[code](payload)` answers references.

    `rebuild` makes the named types of `values`, whose constructors are other people's code: a process that no sandbox
    holds passes another one, which makes nothing. `most` is how many lists, tables and other things a message may have
    made, 0 for any number: one byte asks for an empty list, which takes sixty.
    """

    def __init__(
        self,
        resolve: dict[int, Callable[[object], object]] | None = None,
        rebuild: Callable[[object], object] = values.rebuilt,
        most: int = 0,
    ):
        self.resolve, self.rebuild, self.most = resolve or {}, rebuild, most
        self.hooks = {"list_hook": self._counted, "object_hook": self._counted} if most else {}

    def decode(self, tree: bytes, buffers: list) -> object:
        self.buffers, self.depth, self.made = buffers, 0, 0
        try:
            return self._unpack(tree)
        except Malformed:
            raise
        except (ValueError, TypeError, OverflowError, MemoryError, RecursionError, struct.error, AttributeError,
                KeyError, IndexError, msgpack.exceptions.UnpackException) as error:
            raise Malformed(f"{type(error).__name__}: {str(error)[:200]}") from None

    def _unpack(self, data: bytes) -> object:
        self.depth += 1
        if self.depth > wire.MAX_DEPTH:
            raise Malformed(f"nested more than {wire.MAX_DEPTH} deep")
        value = msgpack.unpackb(
            data, ext_hook=self._extension, strict_map_key=False, unicode_errors="surrogatepass",
            max_ext_len=wire.MAX_TREE, max_str_len=wire.MAX_TREE, max_bin_len=wire.MAX_TREE, **self.hooks,
        )
        self.depth -= 1
        return value

    def _counted(self, value: object) -> object:
        self.made += 1
        if self.made > self.most:
            raise Malformed(f"more than {self.most} lists and tables in a message")
        return value

    def _extension(self, code: int, data: bytes) -> object:
        if self.most:
            self._counted(None)
        if code == wire.ARRAY:
            return self._array(*_exactly(self._unpack(data), 4))
        if code == wire.SCALAR:
            name, body = _exactly(self._unpack(data), 2)
            return self._array(name, [], False, body)[()]
        if code == wire.COMPLEX:
            return complex(*struct.unpack("<dd", data))
        if code == wire.TUPLE:
            return tuple(_listed(self._unpack(data)))
        if code == wire.INT:
            if len(data) > wire.MAX_INT_BYTES:
                raise Malformed(f"an integer of {len(data)} bytes")
            return int.from_bytes(data, "little", signed=True)
        if code == wire.SET:
            return set(_listed(self._unpack(data)))
        if code == wire.FROZENSET:
            return frozenset(_listed(self._unpack(data)))
        if code in (wire.SLICE, wire.RANGE):
            return (slice if code == wire.SLICE else range)(*_exactly(self._unpack(data), 3))
        if code == wire.OBJECTS:
            shape, items = _exactly(self._unpack(data), 2)
            array = np.empty(len(_listed(items)), object)
            for i, item in enumerate(items):
                array[i] = item
            return array.reshape(_shape(shape))
        if code == wire.DTYPE:
            return plain_dtype(data.decode())
        if code == wire.TYPE:
            return wire.NAMED_TYPES[data.decode()]
        if code == wire.ELLIPSIS:
            return Ellipsis
        if code == wire.BYTEARRAY:
            return bytearray(data)
        if code == wire.VALUE:
            return self.rebuild(self._unpack(data))
        if code in self.resolve:
            return self.resolve[code](self._unpack(data))
        raise Malformed(f"extension {code}")

    def _array(self, name: object, shape: object, turned: object, body: object) -> np.ndarray:
        dtype, shape = plain_dtype(name), _shape(shape)
        size = dtype.itemsize
        for length in shape:
            size *= length
        if size > wire.MAX_MESSAGE or (size == 0 and max(shape, default=0) > wire.MAX_MESSAGE):
            raise Malformed("array too large")
        if type(body) is int:
            body = self.buffers[body] if 0 <= body < len(self.buffers) else b""
        if len(body) != size:
            raise Malformed(f"array of {size} bytes came with {len(body)}")
        if not size:
            return np.zeros(shape, dtype)
        flat = np.frombuffer(bytearray(body) if isinstance(body, bytes) else body, dtype)
        check_items(flat)
        return flat.reshape(shape[::-1]).T if turned is True else flat.reshape(shape)


def _shape(shape: object) -> list[int]:
    if len(_listed(shape)) > 32 or not all(type(n) is int and 0 <= n <= wire.MAX_MESSAGE for n in shape):
        raise Malformed("shape")
    return shape


def _listed(value: object) -> list:
    if type(value) is not list:
        raise Malformed(f"a {type(value).__name__} where a list belongs")
    return value


def _exactly(value: object, length: int) -> list:
    if len(_listed(value)) != length:
        raise Malformed(f"{len(value)} items where {length} belong")
    return value
