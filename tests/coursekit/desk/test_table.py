"""A failing case as a table, for a terminal and for a page."""

import numpy as np
import pytest

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
        ("got dX", "[1.]", "(1,)", "float64"),
        ("expected dW", "[2]", "(1,)", "int8"),
        ("got dW", "None", "", ""),
    ]


def test_what_agrees_shares_a_row():
    assert table.rows(CASE | {"alike": ["dX"]})[3:] == [
        ("expected dW", "[2]", "(1,)", "int8"), ("got dW", "None", "", ""), ("as expected", "dX", "", "")]


@pytest.mark.parametrize(("expected", "got", "parts", "labels"), [
    ((0.5, 2), (0.5, 3), ["loss", "n"], ["expected loss", "got loss", "expected n", "got n"]),
    ({"loss": 0.5, "n": 2}, {"loss": 0.5, "n": 3}, ["loss", "n"], ["expected loss", "got loss", "expected n", "got n"]),
    ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [], ["expected['a']", "got['a']", "expected['b']", "got['b']"]),
    ((0.5, 2), (0.5,), ["loss", "n"], ["expected loss", "expected n", "got"]),
    ({"a": 1, "b": 2}, None, [], ["expected['a']", "expected['b']", "got"]),
    ([1, 2, 3], [1, 2], [], ["expected", "got"]),
    ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], [],
     ["expected[0]['a']", "got[0]['a']", "expected[1]['a']", "got[1]['a']"]),
])
def test_a_result_of_several_entries_has_a_row_for_each(expected, got, parts, labels):
    case = {"expected": encode(expected), "got": encode(got), "parts": parts}
    assert [row[0] for row in table.rows(case)] == labels


def test_a_result_of_very_many_entries_stays_in_one_piece():
    many = [{"a": i} for i in range(100)]
    assert len(table.rows({"expected": encode(many), "got": encode(many)})) == 2


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


def test_a_page_is_told_what_a_cell_means():
    page = table.html(CASE, caption="The case <f(X)>")
    assert "<caption" in page and "The case &lt;f(X)&gt;" in page
    assert page.count("scope='col'") == 3 and page.count("scope='row'") == len(table.rows(CASE))
    assert "<th></th>" not in page and "color" not in page


def test_large_values_stay_small():
    for value in (10**5000, "x" * 10_000, list(range(5000)), np.zeros((500, 500)), {"k" * 9000: 1}):
        assert len(table.show(value)) < 2000
