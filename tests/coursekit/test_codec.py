"""Plain data goes to JSON and comes back the same to the last bit; nothing else is read."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coursekit.codec import BIT_GENERATORS, decode, encode
from coursekit.plain import DTYPES, Formula, NotPlain, Omitted, identical, plain

dtypes = st.sampled_from(DTYPES).map(np.dtype)
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
numbers = st.booleans() | st.integers() | st.floats() | st.complex_numbers()
arrays = dtypes.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, min_side=0, max_side=3)))
scalars = dtypes.flatmap(lambda d: hnp.arrays(d, ())).map(lambda a: a[()])
texts = st.lists(text, max_size=3).map(lambda words: plain(np.array(words, dtype=np.str_)))
leaves = st.none() | numbers | text | arrays | scalars | texts
keys = st.none() | st.booleans() | st.integers() | text | st.tuples(st.integers(), text)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple)
    | st.dictionaries(keys, inner, max_size=3), max_leaves=8)


def canonical(value):
    """NaN carries payload bits that no text keeps: make it the ordinary one."""
    if isinstance(value, list | tuple):
        return type(value)(map(canonical, value))
    if isinstance(value, dict):
        return {k: canonical(v) for k, v in value.items()}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc":
        parts = [np.where(np.isnan(p), np.nan, p).astype(p.dtype) for p in (np.real(value), np.imag(value))]
        made = np.array(value)
        if value.dtype.kind == "c":
            made.real, made.imag = parts
        else:
            made[...] = parts[0]
        return made if isinstance(value, np.ndarray) else made[()]
    if type(value) is float:
        return float("nan") if value != value else value
    if type(value) is complex:
        return complex(canonical(value.real), canonical(value.imag))
    return value


@given(values)
def test_round_trip(value):
    value = canonical(value)
    written = json.dumps(encode(value), allow_nan=False)
    assert identical(decode(json.loads(written)), value)


@pytest.mark.parametrize("kind", BIT_GENERATORS)
def test_a_generator_goes_on_where_it_was(kind):
    rng = np.random.Generator(BIT_GENERATORS[kind](3))
    rng.normal(size=5)
    rng.integers(7, dtype=np.uint32)      # leaves half a word behind
    copy = decode(json.loads(json.dumps(encode(rng))))
    np.testing.assert_array_equal(rng.normal(size=9), copy.normal(size=9))
    np.testing.assert_array_equal(rng.integers(7, size=9, dtype=np.uint32), copy.integers(7, size=9, dtype=np.uint32))


def test_formulas_and_omissions():
    for value in (Formula("lambda x: x + 1"), Omitted("float64 array of shape (9000,)")):
        assert decode(encode(value)) == value
        assert type(decode(encode(value))) is type(value)


def test_reading_a_formula_runs_nothing():
    formula = decode({"formula": "[].append(1) or (1 / 0)"})
    with pytest.raises(ZeroDivisionError):
        formula(1)


def test_it_reads_well():
    assert json.dumps(encode({"W": np.array([[0.1, 2.0]], np.float32)})) == (
        '{"dict": [["W", {"array": [[0.1, 2.0]], "dtype": "float32", "shape": [1, 2]}]]}')


@pytest.mark.parametrize(
    "data",
    [{}, {"tuple": 1}, {"tuple": [], "more": 1}, {"array": [1.0], "dtype": "float64"}, {"array": [1.0], "dtype": "O",
    "shape": [1]},
     {"array": [1.5], "dtype": "int64", "shape": [1]}, {"array": [300], "dtype": "int8", "shape": [1]},
     {"array": [-1], "dtype": "uint8", "shape": [1]}, {"array": [1], "dtype": "bool", "shape": [1]},
     {"array": [[1.0], [1.0, 2.0]], "dtype": "float64", "shape": [2, 1]}, {"array": [], "dtype": "float64",
     "shape": [-1]},
     {"array": [True], "dtype": "float64", "shape": [1]}, {"array": ["nine"], "dtype": "float64", "shape": [1]},
     {"array": [1.0], "dtype": "complex128", "shape": [1]}, {"array": [1], "dtype": "text", "shape": [1]},
     {"array": 1.0, "dtype": "float64", "shape": [1.0]},
     {"scalar": 1.0, "dtype": "object"}, {"float": "1e5"}, {"float": 1.0}, {"complex": [1.0]}, {"dict": [[1]]},
     {"dict": [[[1], 2]]}, {"generator": {"bit_generator": "os.system"}}, {"generator": {"bit_generator": "PCG64",
     "state": 3}},
     {"formula": "lambda:"}, {"formula": "import os"}, {"omitted": 3}, pytest.param(object(), id="an object"), (1, 2),
     b"1"],
    ids=repr,
)
def test_what_was_never_written_is_refused(data):
    with pytest.raises(ValueError, match="."):
        decode(data)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["array", "dtype", "shape", "tuple", "dict", "float", "complex", "scalar",
                                         "generator", "formula", "x"]), inner, max_size=3)))
def test_any_json_is_read_or_refused_with_a_value_error(data):
    try:
        value = decode(data)
    except ValueError:
        return
    assert identical(decode(encode(value)), value) or value != value


def test_what_is_not_plain_is_not_written():
    with pytest.raises(NotPlain):
        encode({1, 2})
