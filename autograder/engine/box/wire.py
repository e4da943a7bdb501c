"""The wire: plain data between a student's process and ours, and nothing that could run.

A message is one msgpack tree, and the raw buffers of larger arrays beside it. Decoding can build None, bool,
int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice, range, arrays and scalars of the
listed dtypes, a few named types, and references that the reader resolves itself. There is no pickle.

What is sent is demoted on the way: an instance of a subclass arrives as the plain type it extends, so an
object that claims to equal everything arrives as the number it is.
"""

from __future__ import annotations

import builtins
import re
import struct
from collections.abc import Callable

import msgpack
import numpy as np
import numpy.random  # loaded lazily otherwise, in the middle of the walk over the types below
from msgpack import ExtType

from . import values

MAX_TREE = 32 << 20       # bytes of the msgpack tree
MAX_MESSAGE = 512 << 20   # bytes of all array buffers together
MAX_BUFFERS = 4096
MAX_DEPTH = 50
MAX_INT_BYTES = 4096
INLINE = 1024             # smaller arrays travel inside the tree

(ARRAY, SCALAR, COMPLEX, TUPLE, SET, FROZENSET, INT, SLICE, RANGE, OBJECTS, DTYPE, TYPE, ELLIPSIS, BYTEARRAY,
 REFERENCE, GENERATOR, CALLBACK, ARGUMENT, VIEW, VALUE) = range(1, 21)

_DTYPE = re.compile(r"[<>|=](?:b1|i[1248]|u[1248]|f[248]|c8|c16|U\d{1,6}|S\d{1,6}|[mM]8(?:\[\d{0,4}[a-zA-Z]{1,2}\])?)")
LONG_DOUBLES = {np.dtype(np.longdouble): np.float64, np.dtype(np.clongdouble): np.complex128}
NAMED_TYPES = {
    f"{t.__module__}.{t.__qualname__}": t
    for t in [*vars(builtins).values(), *vars(np).values(), np.random.Generator, np.linalg.LinAlgError, type(None)]
    if isinstance(t, type) and (t.__module__ != "numpy" or issubclass(t, np.generic | np.ndarray))
}
NAMES_OF_TYPES = {t: name for name, t in NAMED_TYPES.items()}


class Malformed(Exception):
    """Bytes that no honest sender would have sent."""


class NotPlain(TypeError):
    """A value that cannot cross: it is neither plain data nor something that may be referred to."""


class Encoder:
    """Values to bytes.

    `refer(value)` may answer with an ExtType for what is not plain data, or with None; `aliases` maps the
    id of a container to the ExtType that is sent in its place.
    """

    def __init__(self, refer: Callable[[object], ExtType | None] = lambda value: None, aliases: dict | None = None):
        self.refer, self.aliases = refer, aliases or {}
        self.buffers: list[np.ndarray] = []

    def encode(self, value: object) -> tuple[bytes, list[np.ndarray]]:
        self.buffers, self.depth = [], 0
        return self._pack(value), self.buffers

    def _pack(self, value: object) -> bytes:
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                raise NotPlain(f"data nested more than {MAX_DEPTH} deep cannot cross")
            return msgpack.packb(value, default=self._other, strict_types=True, unicode_errors="surrogatepass")
        except (ValueError, OverflowError, RecursionError) as error:
            raise NotPlain(f"this value cannot cross: {error}") from None
        finally:
            self.depth -= 1

    def _other(self, value: object) -> object:
        kind = type(value)
        if id(value) in self.aliases:
            return self.aliases[id(value)]
        if kind is np.ndarray:
            return self._array(value)
        if isinstance(value, np.generic) and kind in NAMES_OF_TYPES:
            return self._scalar(value)
        if kind is tuple:
            return ExtType(TUPLE, self._pack(list(value)))
        if kind is complex:
            return ExtType(COMPLEX, struct.pack("<dd", value.real, value.imag))
        if kind is int:
            return ExtType(INT, value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))
        if kind in (set, frozenset):
            return ExtType(SET if kind is set else FROZENSET, self._pack(list(value)))
        if kind in (slice, range):
            return ExtType(SLICE if kind is slice else RANGE, self._pack([value.start, value.stop, value.step]))
        if kind is bytearray:
            return ExtType(BYTEARRAY, bytes(value))
        if value is Ellipsis:
            return ExtType(ELLIPSIS, b"")
        if isinstance(value, np.dtype):
            return ExtType(DTYPE, _dtype_name(value).encode())
        if isinstance(value, type) and value in NAMES_OF_TYPES:
            return ExtType(TYPE, NAMES_OF_TYPES[value].encode())
        told = values.plain(value)
        return self._demoted(value) if told is None else ExtType(VALUE, self._pack(told))

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
            return ExtType(TUPLE, self._pack([*tuple.__iter__(value)]))
        if isinstance(value, list):
            return [*list.__iter__(value)]
        if isinstance(value, dict):
            return dict(dict.items(value))
        if isinstance(value, set | frozenset):
            plain = set if isinstance(value, set) else frozenset
            return ExtType(SET if plain is set else FROZENSET, self._pack([*plain.__iter__(value)]))
        referred = self.refer(value)
        if referred is None:
            raise NotPlain(f"a {type(value).__qualname__} cannot cross between the processes")
        return referred

    def _array(self, array: np.ndarray) -> ExtType:
        if array.dtype in LONG_DOUBLES:
            array = array.astype(LONG_DOUBLES[array.dtype])
        if array.dtype == object:
            return ExtType(OBJECTS, self._pack([list(array.shape), [*array.flat]]))
        name = _dtype_name(array.dtype)
        turned = array.ndim > 1 and array.flags.f_contiguous and not array.flags.c_contiguous
        flat = array.T if turned else array
        if not flat.flags.c_contiguous:
            flat = np.ascontiguousarray(flat).reshape(flat.shape)
        if flat.nbytes <= INLINE:
            body: object = flat.tobytes()
        else:
            body = len(self.buffers)
            self.buffers.append(flat)
        return ExtType(ARRAY, msgpack.packb([name, list(array.shape), turned, body]))

    def _scalar(self, value: np.generic) -> ExtType:
        if value.dtype in LONG_DOUBLES:
            value = LONG_DOUBLES[value.dtype](value)
        return ExtType(SCALAR, msgpack.packb([_dtype_name(value.dtype), value.tobytes()]))


class Decoder:
    """Bytes to values; Malformed for anything else. `resolve[code](payload)` answers references.

    `rebuild` makes the named types of `values`, whose constructors are other people's code: a process that no sandbox
    holds passes another one, which makes nothing.
    """

    def __init__(
        self,
        resolve: dict[int, Callable[[object], object]] | None = None,
        rebuild: Callable[[object], object] = values.rebuilt,
    ):
        self.resolve, self.rebuild = resolve or {}, rebuild

    def decode(self, tree: bytes, buffers: list) -> object:
        self.buffers, self.depth = buffers, 0
        try:
            return self._unpack(tree)
        except Malformed:
            raise
        except (ValueError, TypeError, OverflowError, MemoryError, RecursionError, struct.error, AttributeError,
                KeyError, IndexError, msgpack.exceptions.UnpackException) as error:
            raise Malformed(f"{type(error).__name__}: {str(error)[:200]}") from None

    def _unpack(self, data: bytes) -> object:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Malformed(f"nested more than {MAX_DEPTH} deep")
        value = msgpack.unpackb(
            data, ext_hook=self._extension, strict_map_key=False, unicode_errors="surrogatepass",
            max_ext_len=MAX_TREE, max_str_len=MAX_TREE, max_bin_len=MAX_TREE,
        )
        self.depth -= 1
        return value

    def _extension(self, code: int, data: bytes) -> object:
        if code == ARRAY:
            return self._array(*_exactly(self._unpack(data), 4))
        if code == SCALAR:
            name, body = _exactly(self._unpack(data), 2)
            return self._array(name, [], False, body)[()]
        if code == COMPLEX:
            return complex(*struct.unpack("<dd", data))
        if code == TUPLE:
            return tuple(_listed(self._unpack(data)))
        if code == INT:
            if len(data) > MAX_INT_BYTES:
                raise Malformed(f"an integer of {len(data)} bytes")
            return int.from_bytes(data, "little", signed=True)
        if code == SET:
            return set(_listed(self._unpack(data)))
        if code == FROZENSET:
            return frozenset(_listed(self._unpack(data)))
        if code in (SLICE, RANGE):
            return (slice if code == SLICE else range)(*_exactly(self._unpack(data), 3))
        if code == OBJECTS:
            shape, items = _exactly(self._unpack(data), 2)
            array = np.empty(len(_listed(items)), object)
            for i, item in enumerate(items):
                array[i] = item
            return array.reshape(_shape(shape))
        if code == DTYPE:
            return plain_dtype(data.decode())
        if code == TYPE:
            return NAMED_TYPES[data.decode()]
        if code == ELLIPSIS:
            return Ellipsis
        if code == BYTEARRAY:
            return bytearray(data)
        if code == VALUE:
            return self.rebuild(self._unpack(data))
        if code in self.resolve:
            return self.resolve[code](self._unpack(data))
        raise Malformed(f"extension {code}")

    def _array(self, name: object, shape: object, turned: object, body: object) -> np.ndarray:
        dtype, shape = plain_dtype(name), _shape(shape)
        size = dtype.itemsize
        for length in shape:
            size *= length
        if size > MAX_MESSAGE or (size == 0 and max(shape, default=0) > MAX_MESSAGE):
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


def _dtype_name(dtype: np.dtype) -> str:
    if not _DTYPE.fullmatch(dtype.str):
        raise NotPlain(f"an array of dtype {dtype} cannot cross between the processes")
    return dtype.str


def plain_dtype(name: object) -> np.dtype:
    if not isinstance(name, str) or not _DTYPE.fullmatch(name):
        raise Malformed(f"dtype {str(name)[:40]!r}")
    return np.dtype(name)


def _shape(shape: object) -> list[int]:
    if len(_listed(shape)) > 32 or not all(type(n) is int and 0 <= n <= MAX_MESSAGE for n in shape):
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


def check_items(array: np.ndarray) -> None:
    """Malformed for bit patterns that NumPy itself never makes, and on which its own code stumbles."""
    if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise Malformed("a boolean that is neither true nor false")
    if array.dtype.kind == "U" and array.dtype.itemsize:
        flat = np.ascontiguousarray(array)
        codes = flat.view(flat.dtype.byteorder.replace("|", "=") + "u4")
        if codes.max(initial=0) > 0x10FFFF:
            raise Malformed("a character beyond Unicode")
