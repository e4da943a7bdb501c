"""Dates, fractions and pandas' tables cross whole, and what only claims to be one does not."""

import datetime
import decimal
import fractions

import numpy as np
import pandas as pd
import pytest
from msgpack import ExtType

from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.values import overwrite_table, plain, rebuilt
from autograder.engine.box.wire import VALUE, Malformed

TABLES = {
    "numbers": pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan]}),
    "texts": pd.DataFrame({"a": ["x", None, "z"], "b": [True, False, True]}, index=["p", "q", "r"]),
    "objects": pd.DataFrame({"a": pd.Series([1, "x", None, [2]], dtype=object)}),
    "empty": pd.DataFrame(),
    "no rows": pd.DataFrame({"a": pd.Series([], dtype="int64")}),
    "no columns": pd.DataFrame(index=[1, 2]),
    "twice": pd.DataFrame([[1, 2]], columns=["a", "a"], index=["r"]),
    "same rows": pd.DataFrame({"a": [1, 2]}, index=["r", "r"]),
    "dates": pd.DataFrame({"t": pd.to_datetime(["2026-01-01", None])}),
    "by day": pd.DataFrame({"n": [1, 2, 3]}, index=pd.date_range("2026-01-01", periods=3, freq="D", name="day")),
    "zoned": pd.DataFrame({"t": pd.to_datetime(["2026-01-01 12:00"]).tz_localize("Europe/Berlin")}),
    "categories": pd.DataFrame({"c": pd.Categorical(["lo", "hi", None], ["lo", "hi"], ordered=True)}),
    "nullable": pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean")}),
    "string": pd.DataFrame({"s": pd.array(["x", None], dtype="string")}),
    "grouped": pd.DataFrame({"a": [1, 1], "b": ["x", "y"], "c": [3, 4]}).groupby(["a", "b"]).sum(),
    "wide": pd.DataFrame(np.eye(2), columns=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", "y"])),
}


def crossed(value):
    return Decoder().decode(*Encoder().encode(value))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_crosses_whole(name):
    pd.testing.assert_frame_equal(crossed(TABLES[name]), TABLES[name])


@pytest.mark.parametrize("name", ["numbers", "texts", "dates", "by day", "zoned", "categories", "nullable", "string"])
def test_so_do_its_columns_and_its_index(name):
    for column in TABLES[name]:
        pd.testing.assert_series_equal(crossed(TABLES[name][column]), TABLES[name][column])
    pd.testing.assert_index_equal(crossed(TABLES[name].index), TABLES[name].index)
    pd.testing.assert_index_equal(crossed(TABLES[name].columns), TABLES[name].columns)


@pytest.mark.parametrize("value", [
    fractions.Fraction(2, 3), decimal.Decimal("0.10"), datetime.date(2026, 1, 2), datetime.time(3, 4),
    datetime.datetime(2026, 1, 2, 3, 4, 5, 6), datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
    datetime.timedelta(days=-1, seconds=5), pd.Timestamp("2026-01-02 03:04:05.000000006"), pd.Timedelta("1 day"),
    pd.Timestamp("2026-07-01 12:00", tz="Europe/Berlin"),
])
def test_single_values(value):
    back = crossed(value)
    assert back == value and type(back) is type(value) and str(back) == str(value)


def test_what_is_missing_keeps_its_kind():
    assert crossed(pd.NaT) is pd.NaT and crossed(pd.NA) is pd.NA


def test_a_table_with_objects_of_the_students_does_not_cross():
    class Thing:
        pass

    for held in (Thing(), [Thing()]):
        assert plain(pd.DataFrame({"a": pd.Series([held], dtype=object)})) is None
        assert plain(pd.Series([1, held], dtype=object)) is None
    assert plain(pd.DataFrame({"a": ["x"]}).dtypes) is None      # its values are pandas' own types


def test_what_is_derived_from_one_does_not_cross():
    class Equal(pd.DataFrame):
        def equals(self, other):
            return True

    class Half(fractions.Fraction):
        pass

    assert plain(Equal({"a": [1]})) is None and plain(Half(1, 2)) is None


@pytest.mark.parametrize("told", [
    None, [], ["nothing"], ["nothing", "None"], ["other"], ["frame", 1, 2, 3], ["series", ["range", 0, 2, 1, None]],
    ["frame", ["range", 0, 2, 1, None], ["flat", ["objects", ["a"]], None, None], [["numpy", np.zeros((2, 2))]]],
    ["frame", ["range", 0, 2, 1, None], ["flat", ["objects", ["a"]], None, None], [["numpy", [1, 2]]]],
    ["index", ["flat", ["masked", "Popen", np.zeros(2), np.zeros(2, bool)], None, None]], ["fraction", 1, 0],
    ["fraction", "1e999999999"], ["fraction", 1.5, 2],
    ["index", ["flat", ["objects", [1, 2]], None, "D"]],
])
def test_any_other_list_breaks_the_protocol(told):
    with pytest.raises(ValueError):
        rebuilt(told)
    with pytest.raises(Malformed):
        Decoder().decode(*Encoder().encode(ExtType(VALUE, Encoder().encode(told)[0])))


def test_a_changed_table_is_the_same_object():
    ours, kept = pd.DataFrame({"a": [1]}), {}
    kept["it"] = ours
    overwrite_table(ours, pd.DataFrame({"a": [1, 2], "b": [3, 4]}))
    assert kept["it"].shape == (2, 2) and list(ours.b) == [3, 4]
