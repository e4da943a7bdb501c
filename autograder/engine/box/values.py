"""Values beyond Python's own and NumPy's that cross as plain data: dates, fractions, pandas' tables, and containers.

Each becomes a list that begins with a word for its kind; the other side makes a new one of what follows. Only these
very types cross so: what a student derives from one stays with the student.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import sys

import numpy as np

from . import containers

SINGLE = (type(None), bool, int, float, complex, str, bytes)
MUTABLE = (np.ndarray, list, dict, set, bytearray, *containers.MUTABLE)


def plain(value: object) -> list | None:
    """The value as a list of plain data, None if it is not one of these."""
    kind = type(value)
    if kind is fractions.Fraction:
        return ["fraction", value.numerator, value.denominator]
    if kind is decimal.Decimal:
        return ["decimal", str(value)]
    if kind in (datetime.datetime, datetime.date, datetime.time):
        zone = getattr(value, "tzinfo", None)
        return [kind.__name__, value.isoformat()] if zone is None or type(zone) is datetime.timezone else None
    if kind is datetime.timedelta:
        return ["timedelta", value.days, value.seconds, value.microseconds]
    if (told := containers.plain(value, kind)) is not None:
        return told
    told = _of_pandas(value, kind) if "pandas" in sys.modules else None
    try:        # what cannot be made anew there does not cross
        return told if told is None or rebuilt(told) is not None else None
    except ValueError:
        return None


def is_mutable(value: object) -> bool:
    """Is it plain data that can be changed in place?"""
    return isinstance(value, MUTABLE) or is_table(value)


def is_table(value: object) -> bool:
    """Is it one of pandas' that can be changed in place?"""
    pd = sys.modules.get("pandas")
    return pd is not None and type(value) in (pd.DataFrame, pd.Series)


def overwrite_table(ours: object, theirs: object) -> None:
    """Make our table what theirs is: the same object, with other contents."""
    ours._update_inplace(theirs)


def rebuilt(told: object) -> object:
    """The value that a list stands for; ValueError for any other list."""
    if type(told) is not list or not told or type(told[0]) is not str or told[0] not in MAKERS:
        raise ValueError("no kind of value that is known")
    try:
        return MAKERS[told[0]](*told[1:])
    except Exception as error:      # pandas has many of its own
        raise ValueError(f"a {told[0]}: {error}") from None


# ------------------------------------------------------------------ pandas, out

def _of_pandas(value: object, kind: type) -> list | None:
    import pandas as pd

    if kind is pd.DataFrame:
        columns = [_array(value.iloc[:, place]) for place in range(value.shape[1])]
        parts = [_index(value.index), _index(value.columns), columns]
        return None if None in (*parts, *columns) else ["frame", *parts]
    if kind is pd.Series:
        parts = [_index(value.index), _array(value)]
        return None if None in parts else ["series", *parts, value.name]
    if isinstance(value, pd.Index):
        told = _index(value)
        return None if told is None else ["index", told]
    if value is pd.NaT or value is pd.NA:
        return ["nothing", "NaT" if value is pd.NaT else "NA"]
    if kind is pd.Timestamp:
        zone = None if value.tz is None else str(value.tz)
        return ["timestamp", (value if zone is None else value.tz_convert("UTC").tz_localize(None)).asm8, zone]
    return ["duration", value.asm8] if kind is pd.Timedelta else None


def _array(column) -> list | None:
    """The values of a column or an index."""
    import pandas as pd

    dtype, array = column.dtype, column.array
    if isinstance(dtype, np.dtype):
        values = np.asarray(array)
        if not dtype.hasobject:
            return ["numpy", values]
        return ["objects", list(values)] if all(map(_may_stand_in_a_column, values)) else None
    if isinstance(dtype, pd.CategoricalDtype):
        categories = _index(dtype.categories)
        return None if categories is None else ["category", np.asarray(array.codes), categories, bool(dtype.ordered)]
    if isinstance(dtype, pd.DatetimeTZDtype):
        return ["zoned", np.asarray(array.tz_convert("UTC").tz_localize(None)), str(dtype.tz)]
    if isinstance(dtype, pd.StringDtype):
        missing = np.asarray(array.isna())
        texts = [None if gone else str(text) for text, gone in zip(array, missing, strict=True)]
        return ["strings", texts, dtype.storage, dtype.na_value is pd.NA]
    if type(array).__name__ in MASKED and type(array).__module__.startswith("pandas."):
        gone = np.asarray(array.isna())
        return ["masked", type(array).__name__, array.to_numpy(dtype.numpy_dtype, na_value=0), gone]
    return None


def _may_stand_in_a_column(value: object) -> bool:
    """Plain data that holds no object of the student's."""
    if type(value) in (list, tuple, set, frozenset):
        return all(map(_may_stand_in_a_column, value))
    return type(value) in SINGLE or isinstance(value, np.generic) or plain(value) is not None


def _index(index) -> list | None:
    import pandas as pd

    if type(index) is pd.RangeIndex:
        return ["range", index.start, index.stop, index.step, index.name]
    if type(index) is pd.MultiIndex:
        levels = [_array(index.get_level_values(place)) for place in range(index.nlevels)]
        return None if None in levels else ["multi", levels, list(index.names)]
    if type(index) not in (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex):
        return None
    values = _array(index)
    return None if values is None else ["flat", values, index.name, getattr(index, "freqstr", None)]


# ------------------------------------------------------------------ pandas, in

MASKED = ("IntegerArray", "FloatingArray", "BooleanArray")


def _made_array(told: list):
    import pandas as pd

    kind, *parts = told
    if kind == "objects":
        values = np.empty(len(parts[0]), object)
        for place, value in enumerate(parts[0]):
            values[place] = value
        return values
    if kind == "numpy" and type(parts[0]) is np.ndarray and parts[0].ndim == 1:
        return parts[0]
    if kind == "category":
        codes, categories, ordered = parts
        return pd.Categorical.from_codes(codes, _made_index(categories), ordered=ordered is True)
    if kind == "zoned":
        return pd.DatetimeIndex(parts[0]).tz_localize("UTC").tz_convert(parts[1]).array
    if kind == "strings":
        texts, storage, with_na = parts
        missing = pd.NA if with_na is True else np.nan
        return pd.array([missing if text is None else text for text in texts],
                        dtype=pd.StringDtype(storage, na_value=missing))
    if kind == "masked" and parts[0] in MASKED:
        return getattr(pd.arrays, parts[0])(parts[1].copy(), parts[2].copy())
    raise ValueError("no kind of column that is known")


def _made_index(told: list):
    import pandas as pd

    kind, *parts = told
    if kind == "range":
        return pd.RangeIndex(*parts[:3], name=parts[3])
    if kind == "multi":
        return pd.MultiIndex.from_arrays([_made_array(level) for level in parts[0]], names=parts[1])
    if kind != "flat":
        raise ValueError("no kind of index that is known")
    values = _made_array(parts[0])
    made = pd.Index(values, dtype=values.dtype, name=parts[1])
    if parts[2] is not None:
        if not isinstance(made, pd.DatetimeIndex | pd.TimedeltaIndex):
            raise ValueError("a frequency without times")
        made.freq = parts[2]
    return made


def _frame(index: list, columns: list, arrays: list):
    import pandas as pd

    rows, names = _made_index(index), _made_index(columns)
    columns = {place: pd.Series(array, rows, dtype=array.dtype) for place, array in enumerate(map(_made_array, arrays))}
    made = pd.DataFrame(columns, rows)
    made.columns = names
    return made


def _series(index: list, array: list, name: object):
    import pandas as pd

    values = _made_array(array)
    return pd.Series(values, _made_index(index), dtype=values.dtype, name=name)


def _timestamp(moment: np.datetime64, zone: str | None):
    import pandas as pd

    made = pd.Timestamp(moment)
    return made if zone is None else made.tz_localize("UTC").tz_convert(zone)


def _duration(span: np.timedelta64):
    import pandas as pd

    return pd.Timedelta(span)


def _nothing(name: str):
    import pandas as pd

    return {"NaT": pd.NaT, "NA": pd.NA}[name]


def _fraction(numerator: int, denominator: int) -> fractions.Fraction:
    if type(numerator) is not int or type(denominator) is not int:      # a text may stand for 10**999999999
        raise ValueError("no whole numbers")
    return fractions.Fraction(numerator, denominator)


MAKERS = {
    "fraction": _fraction, "decimal": decimal.Decimal, "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat, "time": datetime.time.fromisoformat, "timedelta": datetime.timedelta,
    "frame": _frame, "series": _series, "index": _made_index, "timestamp": _timestamp, "duration": _duration,
    "nothing": _nothing,
} | containers.MAKERS
