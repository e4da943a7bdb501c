"""Plain data (coursekit.plain) as JSON: exact to the last bit, readable, and strict when it is read back.

    3, 0.5, "text", true, null, [1, 2]                          as they are
    {"float": "nan"}  {"complex": [1.0, 2.0]}                   numbers that JSON has no word for
    {"tuple": [...]}  {"dict": [[key, value], ...]}
    {"array": [[0.5, "nan"]], "dtype": "float64", "shape": [1, 2]}     {"scalar": 0.5, "dtype": "float32"}
    {"generator": {"bit_generator": "PCG64", ...its state}}     {"formula": "lambda x: x**2"}     {"omitted": "..."}
"""

from __future__ import annotations

import math

import numpy as np

from coursekit.plain import DTYPES, SCALARS, Formula, NotPlain, Omitted, described, state_of

BIT_GENERATORS = {name: getattr(np.random, name) for name in ("PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937")}


def encode(value):
    """`value` as data for `json.dumps`, exact to the last bit and readable.

    >>> encode((1, np.array([[0.5, np.nan]])))
    {'tuple': [1, {'array': [[0.5, 'nan']], 'dtype': 'float64', 'shape': [1, 2]}]}
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
        return {"generator": state_of(value)}
    if kind is Formula:
        return {"formula": value.text}
    raise NotPlain(described(value))


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
    _flatten(entries, shape, flat)
    read = {
        "b": _decode_bool,
        "i": _decode_int,
        "u": _decode_int,
        "f": _decode_float,
        "c": _decode_pair,
        "U": _decode_str,
    }
    kind = "U" if dtype == "text" else np.dtype(dtype).kind
    values = [read[kind](x) for x in flat]
    try:
        return np.array(values, dtype="U" if dtype == "text" else dtype).reshape(shape)
    except OverflowError:
        raise ValueError(f"an entry does not fit {dtype}") from None


def _flatten(entries, shape, flat):
    if not shape:
        flat.append(entries)
        return
    if type(entries) is not list or len(entries) != shape[0]:
        raise ValueError(f"an array of shape {shape} does not hold {str(entries)[:80]}")
    for entry in entries:
        _flatten(entry, shape[1:], flat)


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
        raise ValueError(
            f"a bit generator is one of {', '.join(BIT_GENERATORS)}, received {state.get('bit_generator')!r}"
        )
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
