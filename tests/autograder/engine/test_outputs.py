"""Outputs from a hostile sender fit into a notebook, or are dropped."""

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.engine.outputs import FINDING, to_notebook

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
    max_leaves=8,
)
MIMES = ("text/plain", "application/json", "application/x+json", "x/json", "json", "", "image/png", "\ud800/x", "a/b\n")
anything |= st.dictionaries(st.sampled_from(MIMES), anything | st.just({"a": "\ud800"}) | st.just(10 ** 5000))
outputs = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "other"]) | anything},
    optional=dict.fromkeys(
        ("name", "text", "ename", "evalue", "traceback", "data", "metadata", "execution_count"),
        anything | st.sampled_from([-1, 10 ** 5000])
    ),
)


@given(st.lists(outputs | anything, max_size=4) | anything)
def test_whatever_comes_makes_a_valid_notebook(sent):
    cell = nbformat.v4.new_code_cell("", outputs=to_notebook(sent, 10))
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode("utf-8")


def test_text_is_cut_at_the_limit_and_an_error_is_kept():
    sent = [
        {"output_type": "stream", "name": "stdout", "text": "x" * 10**6},
        {"output_type": "error", "ename": "E", "evalue": "why", "traceback": ["t" * 10**6]},
    ]
    stream, error = to_notebook(sent, 10)
    assert len(stream.text) == 20 * 1024
    assert (error.ename, error.evalue) == ("E", "why")


def test_surrogates_are_replaced():
    assert to_notebook([{"output_type": "stream", "name": "stdout", "text": "a\ud800"}], 1)[0].text == "a?"


def test_a_forged_finding_is_no_output():
    sent = {"output_type": "display_data", "data": {FINDING: {"status": "passed"}, "text/plain": "passed"}}
    assert list(to_notebook([sent], 10)[0].data) == ["text/plain"]


@pytest.mark.parametrize("sent", [None, 3, "text", {"output_type": "stream"}, [None], [[]]])
def test_what_is_no_list_of_outputs_is_none(sent):
    assert to_notebook(sent, 10) == []
