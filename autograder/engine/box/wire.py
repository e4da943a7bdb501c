"""The wire: plain data between a student's process and ours, and nothing that could run.

A message is one msgpack tree, and the raw buffers of larger arrays beside it. Decoding can build None, bool,
int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice, range, arrays and scalars of the
listed dtypes, a few named types, and references that the reader resolves itself. There is no pickle.
"""

from __future__ import annotations

import builtins
import re

import numpy as np
import numpy.random  # loaded lazily otherwise, in the middle of the walk over the types below

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
# Not np.ndarray: whoever calls that gets memory as it was left, by the reference perhaps. So it is referred to.
NAMED_TYPES = {
    f"{t.__module__}.{t.__qualname__}": t
    for t in [*vars(builtins).values(), *vars(np).values(), np.random.Generator, np.linalg.LinAlgError, type(None)]
    if isinstance(t, type) and not issubclass(t, np.ndarray) and (t.__module__ != "numpy" or issubclass(t, np.generic))
}
NAMES_OF_TYPES = {t: name for name, t in NAMED_TYPES.items()}


class Malformed(Exception):
    """Bytes that no honest sender would have sent."""


class NotPlain(TypeError):
    """A value that cannot cross: it is neither plain data nor something that may be referred to."""


def dtype_name(dtype: np.dtype) -> str:
    if not _DTYPE.fullmatch(dtype.str):
        raise NotPlain(f"an array of dtype {dtype} cannot cross between the processes")
    return dtype.str


def plain_dtype(name: object) -> np.dtype:
    if not isinstance(name, str) or not _DTYPE.fullmatch(name):
        raise Malformed(f"dtype {str(name)[:40]!r}")
    return np.dtype(name)


def check_items(array: np.ndarray) -> None:
    """Malformed for bit patterns that NumPy itself never makes, and on which its own code stumbles."""
    if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise Malformed("a boolean that is neither true nor false")
    if array.dtype.kind == "U" and array.dtype.itemsize:
        flat = np.ascontiguousarray(array)
        codes = flat.view(flat.dtype.byteorder.replace("|", "=") + "u4")
        if codes.max(initial=0) > 0x10FFFF:
            raise Malformed("a character beyond Unicode")
