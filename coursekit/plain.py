"""Plain data: what a check may pass to a function, get back, compare, and write as JSON.

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
import math

import numpy as np

DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "float32", "float64", "complex64", "complex128",
)
SCALARS = tuple(np.dtype(name).type for name in DTYPES)
BIT_GENERATORS = {name: getattr(np.random, name) for name in ("PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937")}
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
    """Stands for a value that was left out, in words: "float64 array of shape (1797, 64)"."""


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
    raise NotPlain(_describe(value))


def _plain_key(key):
    if key is None or type(key) in (bool, int, float, str):
        return key
    if type(key) is tuple:
        return tuple(_plain_key(k) for k in key)
    raise NotPlain(f"a dict with {_describe(key)} as a key")


def _plain_array(value):
    if value.nbytes > MAX_BYTES:
        raise NotPlain(f"an array of {value.nbytes:,} bytes, more than {MAX_BYTES:,}")
    if value.dtype.kind == "U":
        try:
            return np.array(value.tolist(), dtype=np.str_).reshape(value.shape)
        except (ValueError, UnicodeError):   # such text cannot be read, compared or shown
            raise NotPlain("an array of text with impossible characters") from None
    if value.dtype.name not in DTYPES:
        raise NotPlain(f"an array of dtype {value.dtype.name}, none of {', '.join(DTYPES)}")
    return value.astype(value.dtype.newbyteorder("="), order="C")


def _describe(value) -> str:
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    for base in (np.ndarray, dict, list, tuple, str, int, float, complex):
        if issubclass(kind, base):
            exact = "np.ndarray" if base is np.ndarray else base.__name__
            return f"a {name}, which is not a plain {exact}"
    return f"a {name}"


def copy_generator(rng: np.random.Generator) -> np.random.Generator:
    """A generator in the same state, so that drawing from one leaves the other alone."""
    twin = type(rng.bit_generator)(0)
    twin.state = rng.bit_generator.state
    return np.random.Generator(twin)


def other_generator(rng: np.random.Generator) -> np.random.Generator:
    """A generator of the same kind in another state, which follows from this one's."""
    state = json.dumps(_encode_state(rng.bit_generator.state), sort_keys=True)
    seed = int.from_bytes(hashlib.sha256(state.encode()).digest())
    return np.random.Generator(type(rng.bit_generator)(seed))


def identical(a, b) -> bool:
    """Whether two plain values are the same to the last bit (NaN is itself, -0.0 is not 0.0)."""
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
        return _encode_state(a.bit_generator.state) == _encode_state(b.bit_generator.state)
    return a == b


def encode(value):
    """`value` as data for `json.dumps`, exact to the last bit and readable.

    >>> json.dumps(encode((1, np.array([[0.5, np.nan]]))))
    '{"tuple": [1, {"array": [[0.5, "nan"]], "dtype": "float64", "shape": [1, 2]}]}'
    """
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is Omitted:
        return {"omitted": str(value)}
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind is complex:
        return {"complex": _encode_number(value)}
    if kind is list:
        return [encode(v) for v in value]
    if kind is tuple:
        return {"tuple": [encode(v) for v in value]}
    if kind is dict:
        return {"dict": [[encode(k), encode(v)] for k, v in value.items()]}
    if kind is np.ndarray:
        name = value.dtype.name if value.dtype.kind != "U" else "text"
        return {"array": _encode_entries(value), "dtype": name, "shape": list(value.shape)}
    if kind in SCALARS:
        return {"scalar": _encode_number(value), "dtype": value.dtype.name}
    if kind is np.random.Generator:
        return {"generator": _encode_state(value.bit_generator.state)}
    if kind is Formula:
        return {"formula": value.text}
    raise NotPlain(_describe(value))


def _encode_entries(array):
    if array.ndim == 0:
        return _encode_number(array[()])
    return [_encode_entries(row) for row in array] if array.ndim > 1 else [_encode_number(x) for x in array]


def _encode_number(x):
    """One entry: float32 and float16 by their own shortest digits, complex as a pair."""
    if isinstance(x, complex | np.complexfloating):
        return [_encode_number(x.real), _encode_number(x.imag)]
    if isinstance(x, float | np.floating):
        return float(str(x)) if math.isfinite(x) else repr(float(x))
    return x.item() if isinstance(x, np.generic) else x


def _encode_state(state):
    if isinstance(state, dict):
        return {k: _encode_state(v) for k, v in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state if isinstance(state, str) else int(state)


def decode(data):
    """The value that `encode` wrote; ValueError for anything that it cannot have written.

    >>> decode({"array": [[0.5, "nan"]], "dtype": "float64", "shape": [1, 2]})
    array([[0.5, nan]])
    >>> decode({"array": [1, 2], "dtype": "float64", "shape": [3]})
    Traceback (most recent call last):
    ValueError: an array of shape [3] does not hold [1, 2]
    """
    if data is None or type(data) in (bool, int, float, str):
        return data
    if type(data) is list:
        return [decode(v) for v in data]
    if type(data) is not dict:
        raise ValueError(f"JSON data expected, received {type(data).__name__}")
    match data:
        case {"float": str(text), **rest} if not rest:
            return _decode_float(text)
        case {"complex": [re, im], **rest} if not rest:
            return complex(_decode_float(re), _decode_float(im))
        case {"tuple": list(entries), **rest} if not rest:
            return tuple(decode(v) for v in entries)
        case {"dict": list(pairs), **rest} if not rest:
            return _decode_dict(pairs)
        case {"array": entries, "dtype": str(dtype), "shape": list(shape), **rest} if not rest:
            return _decode_array(entries, dtype, shape)
        case {"scalar": entry, "dtype": str(dtype), **rest} if not rest and dtype in DTYPES:
            return _decode_array(entry, dtype, [])[()]
        case {"generator": dict(state), **rest} if not rest:
            return _decode_generator(state)
        case {"formula": str(text), **rest} if not rest:
            try:
                return Formula(text)
            except SyntaxError:
                raise ValueError(f"a formula that is no Python expression: {text[:80]!r}") from None
        case {"omitted": str(text), **rest} if not rest:
            return Omitted(text)
    raise ValueError(f"no plain value is written with the keys {sorted(map(str, data))}")


def _decode_float(entry) -> float:
    if type(entry) in (int, float):
        return float(entry)
    if type(entry) is str and entry in ("nan", "inf", "-inf"):
        return float(entry)
    raise ValueError(f"a number expected, received {str(entry)[:80]!r}")


def _decode_dict(pairs) -> dict:
    result = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2:
            raise ValueError("a dict is written as pairs [key, value]")
        try:
            result[decode(pair[0])] = decode(pair[1])
        except TypeError:
            raise ValueError("a dict's key cannot be a list, a dict or an array") from None
    return result


def _decode_array(entries, dtype, shape):
    if dtype not in (*DTYPES, "text"):
        raise ValueError(f"dtype {dtype!r} is none of {', '.join(DTYPES)}, text")
    if not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"a shape holds whole numbers, received {shape}")
    flat = []
    _flatten(entries, shape, dtype.startswith("complex"), flat)
    read = {"b": _decode_bool, "i": _decode_int, "u": _decode_int, "f": _decode_float, "c": _decode_pair, "U": _decode_str}
    kind = "U" if dtype == "text" else np.dtype(dtype).kind
    values = [read[kind](x) for x in flat]
    try:
        return np.array(values, dtype="U" if dtype == "text" else dtype).reshape(shape)
    except OverflowError:
        raise ValueError(f"an entry does not fit {dtype}") from None


def _flatten(entries, shape, paired, flat):
    if not shape:
        flat.append(entries)
        return
    if type(entries) is not list or len(entries) != shape[0]:
        raise ValueError(f"an array of shape {shape} does not hold {str(entries)[:80]}")
    for entry in entries:
        _flatten(entry, shape[1:], paired, flat)


def _decode_bool(x):
    if type(x) is not bool:
        raise ValueError(f"true or false expected, received {str(x)[:80]!r}")
    return x


def _decode_int(x):
    if type(x) is not int:
        raise ValueError(f"a whole number expected, received {str(x)[:80]!r}")
    return x


def _decode_str(x):
    if type(x) is not str:
        raise ValueError(f"text expected, received {str(x)[:80]!r}")
    return x


def _decode_pair(x):
    if type(x) is not list or len(x) != 2:
        raise ValueError(f"a complex number is written [real, imaginary], received {str(x)[:80]!r}")
    return complex(_decode_float(x[0]), _decode_float(x[1]))


def _decode_generator(state) -> np.random.Generator:
    kind = BIT_GENERATORS.get(state.get("bit_generator"))
    if kind is None:
        raise ValueError(f"a bit generator is one of {', '.join(BIT_GENERATORS)}, received {state.get('bit_generator')!r}")
    bits = kind(0)
    try:
        bits.state = _arrays_in(state, bits.state)
    except (TypeError, ValueError, KeyError, OverflowError) as problem:
        raise ValueError(f"no state of {kind.__name__}: {problem}") from None
    return np.random.Generator(bits)


def _arrays_in(state, model):
    """The state with lists made arrays again where a state of this kind has them."""
    if isinstance(model, dict):
        if type(state) is not dict or state.keys() != model.keys():
            raise ValueError(f"it has the keys {sorted(model)}")
        return {k: _arrays_in(state[k], model[k]) for k in model}
    if isinstance(model, np.ndarray):
        if type(state) is not list or len(state) != len(model):
            raise ValueError(f"a list of {len(model)} words expected")
        return np.array([_decode_int(x) for x in state], dtype=model.dtype)
    if isinstance(model, str):
        return _decode_str(state)
    return _decode_int(state)
