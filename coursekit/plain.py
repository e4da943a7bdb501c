"""Plain data: what a check may pass to a function, get back, compare, and write as JSON (coursekit.codec).

    None  bool  int  float  complex  str
    list  tuple  dict
    np.ndarray and NumPy scalars of the dtypes in DTYPES, and arrays of text
    np.random.Generator (by its state)   Formula (a function by its text)   Omitted (too big to show)

Plain means *exactly* these types. A subclass may redefine `==`, so an object that claims to
equal everything is not plain, nor is a matrix, a masked array or an OrderedDict.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np

DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "float32", "float64", "complex64", "complex128",
)
SCALARS = tuple(np.dtype(name).type for name in DTYPES)
MAX_DEPTH = 32            # a list that holds itself is endless
MAX_ITEMS = 1_000_000     # of lists, tuples and dicts together
MAX_BYTES = 1 << 28       # of one array


class NotPlain(TypeError):
    """A value that cannot be compared or written down; the message says what it is."""


class Formula:
    """A function given by its text, so that it can travel as JSON: `np` is all it knows.

    >>> Formula("lambda x: (x**2).sum()")(np.array([3.0, 4.0]))
    np.float64(25.0)
    """

    def __init__(self, text: str):
        compile(text, "<formula>", "eval")
        self.text = text
        self._function = None

    def __call__(self, *args):
        if self._function is None:   # text read from JSON is shown far more often than it is called
            self._function = eval(self.text, {"np": np})
        return self._function(*args)

    def __eq__(self, other):
        return type(other) is Formula and other.text == self.text

    def __hash__(self):
        return hash(self.text)

    def __repr__(self):
        return f"Formula({self.text!r})"


class Omitted(str):
    """Stands for a value that was left out, in words: "float64 array of shape (1797, 64)".

    >>> Omitted("float64 array of shape (1797, 64)")
    'float64 array of shape (1797, 64)'
    """


def plain(value, *, inputs: bool = False):
    """An independent copy of `value` in exactly the plain types; NotPlain says why there is none.

    `inputs=True` also lets pass what only arguments may be: a Generator (copied with its state) and a Formula.

    >>> plain((1, [2.0, {"W": np.eye(1)}]))
    (1, [2.0, {'W': array([[1.]])}])
    >>> plain(np.ma.array([1.0]))
    Traceback (most recent call last):
    coursekit.plain.NotPlain: a numpy.ma.MaskedArray, which is not a plain np.ndarray
    """
    return _plain(value, inputs, 0, [0])


def _plain(value, inputs, depth, items):
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, str):
        return value
    if kind is np.ndarray:
        return _plain_array(value)
    if kind in SCALARS:
        return value
    if kind in (list, tuple, dict):
        items[0] += len(value)
        if depth >= MAX_DEPTH or items[0] > MAX_ITEMS:
            raise NotPlain(f"a {kind.__name__} nested or filled beyond measure")
        if kind is dict:
            return {_plain_key(k): _plain(v, inputs, depth + 1, items) for k, v in value.items()}
        return kind([_plain(v, inputs, depth + 1, items) for v in value])
    if inputs and kind is np.random.Generator:
        return copy_generator(value)
    if inputs and kind is Formula:
        return value
    raise NotPlain(described(value))


def _plain_key(key):
    if key is None or type(key) in (bool, int, float, str):
        return key
    if type(key) is tuple:
        return tuple(_plain_key(k) for k in key)
    raise NotPlain(f"a dict with {described(key)} as a key")


def _plain_array(value):
    if value.nbytes > MAX_BYTES:
        raise NotPlain(f"an array of {value.nbytes:,} bytes, more than {MAX_BYTES:,}")
    if value.dtype.kind == "U":
        try:
            return np.array(value.tolist(), dtype=np.str_).reshape(value.shape)
        except (ValueError, SystemError):   # such text cannot be read, compared or shown
            raise NotPlain("an array of text with impossible characters") from None
    if value.dtype.name not in DTYPES:
        raise NotPlain(f"an array of dtype {value.dtype.name}, none of {', '.join(DTYPES)}")
    return value.astype(value.dtype.newbyteorder("="), order="C")


def described(value) -> str:
    """What a value that is not plain is, in words.

    >>> described(np.ma.array([1.0])), described(print)
    ('a numpy.ma.MaskedArray, which is not a plain np.ndarray', 'a builtin_function_or_method')
    """
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    for base in (np.ndarray, dict, list, tuple, str, int, float, complex):
        if issubclass(kind, base):
            exact = "np.ndarray" if base is np.ndarray else base.__name__
            return f"a {name}, which is not a plain {exact}"
    return f"a {name}"


def copy_generator(rng: np.random.Generator) -> np.random.Generator:
    """A generator in the same state, so that drawing from one leaves the other alone.

    >>> rng = np.random.default_rng(0)
    >>> copy_generator(rng).random() == rng.random()
    True
    """
    twin = type(rng.bit_generator)(0)
    twin.state = rng.bit_generator.state
    return np.random.Generator(twin)


def other_generator(rng: np.random.Generator) -> np.random.Generator:
    """A generator of the same kind in another state, which follows from this one's.

    >>> rng = np.random.default_rng(0)
    >>> other_generator(rng).random() == rng.random()
    False
    """
    state = json.dumps(state_of(rng), sort_keys=True)
    seed = int.from_bytes(hashlib.sha256(state.encode()).digest())
    return np.random.Generator(type(rng.bit_generator)(seed))


def state_of(rng: np.random.Generator) -> dict:
    """The generator's state in whole numbers, lists and text."""
    return _state(rng.bit_generator.state)


def _state(entry):
    if isinstance(entry, dict):
        return {k: _state(v) for k, v in entry.items()}
    return entry.tolist() if isinstance(entry, np.ndarray) else entry if isinstance(entry, str) else int(entry)


def identical(a, b) -> bool:
    """Whether two plain values are the same to the last bit (NaN is itself, -0.0 is not 0.0).

    >>> identical([np.nan, (0.0,)], [np.nan, (0.0,)]), identical(0.0, -0.0), identical(1, 1.0)
    (True, False, False)
    """
    if type(a) is not type(b):
        return False
    if type(a) is np.ndarray:
        return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(identical, a, b))
    if type(a) is dict:
        return a.keys() == b.keys() and all(identical(a[k], b[k]) for k in a)
    if type(a) in (float, complex) or type(a) in SCALARS:
        return np.array(a).tobytes() == np.array(b).tobytes()
    if type(a) is np.random.Generator:
        return state_of(a) == state_of(b)
    return a == b
