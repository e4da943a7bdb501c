"""A failing case as a table, for a terminal and for a page."""

import numpy as np

from coursekit.codec import encode
from coursekit.desk import table
from coursekit.plain import Omitted

CASE = {
    "inputs": {"X": encode(np.array([[1.0, 2.0]])), "h": 0.5, "rng": encode(Omitted("a random generator"))},
    "parts": ["dX", "dW"],
    "expected": encode((np.array([1.0]), np.array([2], np.int8))),
    "got": encode((np.array([1.0]), None)),
}


def test_rows():
    assert table.rows(CASE) == [
        ("X", "[[1. 2.]]", "(1, 2)", "float64"),
        ("h", "0.5", "", "float"),
        ("rng", "a random generator", "", ""),
        ("expected dX", "[1.]", "(1,)", "float64"),
        ("expected dW", "[2]", "(1,)", "int8"),
        ("got dX", "[1.]", "(1,)", "float64"),
        ("got dW", "None", "", ""),
    ]


def test_an_exception_has_its_row_and_its_line():
    rows = table.rows({"inputs": {}, "expected": 1, "got": None, "raised": "ValueError: no", "line": "return f(x)"})
    assert rows[-2:] == [("got", "raises ValueError: no", "", ""), ("at", "return f(x)", "", "")]
    assert ("expected", "raises KeyError", "", "") in table.rows({"raises": "KeyError", "got": 1})


def test_changed_arguments():
    assert ("X after the call", "[0.]", "(1,)", "float64") in table.rows({"changed": {"X": encode(np.zeros(1))}})


def test_text_is_aligned_and_arrays_keep_their_lines():
    lines = table.text({"inputs": {"W": encode(np.eye(2))}, "expected": 1, "got": 2}).splitlines()
    assert lines == ["          value      shape   dtype",
                     "W         [[1. 0.]   (2, 2)  float64",
                     "           [0. 1.]]",
                     "expected  1                  int",
                     "got       2                  int"]


def test_hostile_text_is_escaped():
    nasty = "<img src=x onerror=alert(1)>"
    page = table.html({"inputs": {nasty: nasty}, "expected": encode(np.array([nasty])), "got": {"omitted": nasty},
                       "raised": "", "changed": {nasty: nasty}})
    assert "<img" not in page
    assert page.count("&lt;img") == 6


def test_large_values_stay_small():
    for value in (10**5000, "x" * 10_000, list(range(5000)), np.zeros((500, 500)), {"k" * 9000: 1}):
        assert len(table.show(value)) < 2000
