"""Whatever a file holds, reading it gives cells or one sentence."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.handin import MOST_CELLS, MOST_SIGNS, Unreadable, depth, read


def as_bytes(*cells, **metadata):
    return json.dumps(new_notebook(cells=list(cells), metadata=metadata)).encode()


def reason(raw):
    with pytest.raises(Unreadable) as trouble:
        read(raw)
    return str(trouble.value)


def test_only_text_kind_and_ids_are_kept():
    cell = new_code_cell("x = 1", id="abc", metadata={"nbgrader": {"grade_id": "t", "points": 99}, "tags": ["skip"]})
    (found,), version = read(as_bytes(cell, coursekit={"version": 3}))
    assert (found.kind, found.source, found.id, found.grade_id) == ("code", "x = 1", "abc", "t")
    assert version == 3


@pytest.mark.parametrize("raw, words", [
    (b"", "The file is empty."),
    (b" \n\t", "The file is empty."),
    (b"{", "not JSON (line 1"),
    (b'{"cells": [}', "not JSON"),
    (b"[]", "JSON, but not a notebook"),
    (b"{}", "JSON, but not a notebook"),
    (b'{"cells": 3}', "no list of cells"),
    (b'{"worksheets": 3}', "old format, and damaged"),
    (b"PK\x03\x04rest", "a zip archive"),
    (b"%PDF-1.7", "a PDF"),
    (b"<!DOCTYPE html><p>", "an HTML page"),
    (b"[" * 200_000, "more than 100 deep"),
    (b'{"cells": ' + b"9" * 10_000 + b"}", "cannot be read"),
])
def test_what_cannot_be_read_has_a_reason(raw, words):
    assert words in reason(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_line_ends(encoding):
    text = as_bytes(new_code_cell("a = 1\r\nü = 2\r")).decode().replace("\n", "\r\n")
    (cell,), _ = read(text.encode(encoding))
    assert cell.source == "a = 1\nü = 2\n"


def test_latin_1_is_read_with_a_note():
    notes = []
    raw = as_bytes(new_code_cell("x = 1")).replace(b"x = 1", b"x = 'gr\xf6\xdfe'")
    (cell,), _ = read(raw, notes)
    assert cell.source == "x = 'größe'"
    assert "not in UTF-8" in notes[0]


def test_format_3_is_upgraded():
    notes = []
    sheet = {"cells": [
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python", "outputs": [], "collapsed": False,
         "metadata": {"nbgrader": {"grade_id": "t"}}},
        {"cell_type": "heading", "level": 2, "source": "Title", "metadata": {}},
    ]}
    cells, _ = read(json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [sheet]}).encode(), notes)
    assert [(c.kind, c.source, c.grade_id) for c in cells] == [
        ("code", "x = 1\ny = 2", "t"), ("markdown", "## Title", "")]
    assert "old format 3" in notes[0]


def test_half_a_surrogate_pair_can_be_stored_afterwards():
    (cell,), _ = read(b'{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'", "metadata": {}}]}')
    assert cell.source.encode() == b"x = '?'"


def test_damaged_cells_are_left_out_and_told():
    notes = []
    raw = json.dumps({"cells": [3, {"cell_type": "slide"}, {"cell_type": "code", "source": 7},
                                {"cell_type": "code", "source": ["ok"], "metadata": None, "id": "../../etc"}]}).encode()
    cells, _ = read(raw, notes)
    assert [(c.source, c.id) for c in cells] == [("ok", "")]
    assert notes == ["3 damaged cells were left out."]


def test_of_attachments_only_pictures_stay():
    cell = new_markdown_cell("![](a.png)", attachments={
        "a.png": {"image/png": "iVBORw0KGgo="}, "b.svg": {"image/svg+xml": "<svg onload=alert(1)>"},
        "c.png": {"image/png": "not base64 <script>"}})
    (found,), _ = read(as_bytes(cell))
    assert found.attachments == {"a.png": {"image/png": "iVBORw0KGgo="}}


@pytest.mark.parametrize("version", ["2", 2.5, True, None, [1]])
def test_a_version_is_a_whole_number_or_none(version):
    assert read(as_bytes(coursekit={"version": version}))[1] is None


@pytest.mark.parametrize("version", [10**4000, -10**4000, True, 1.0, "1"],
                         ids=["large", "small", "yes", "float", "text"])
def test_a_version_that_no_release_can_have_is_none(version):
    """Of a number with thousands of digits there is no file's name, and asking for it stopped the class."""
    assert read(as_bytes(new_code_cell("x"), coursekit={"version": version}))[1] is None


@pytest.mark.parametrize("cells, words", [
    ([{"cell_type": "code", "source": ""}] * (MOST_CELLS + 1), "10,001 cells"),
    ([{"cell_type": "code", "source": "x=1\n" * (MOST_SIGNS // 4 + 1)}], "signs of code"),
], ids=["cells", "signs"])
def test_more_than_anybody_writes_is_refused_before_it_fills_the_memory(cells, words):
    raw = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()
    assert words in reason(raw)


def test_pictures_pasted_into_markdown_may_be_large():
    raw = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "markdown", "source": "x" * (MOST_SIGNS + 1)}]}).encode()
    assert len(read(raw)[0]) == 1


def test_the_depth_of_a_hostile_text_is_found_in_one_pass():
    began = time.process_time()
    assert depth('"' + '\\"' * 2_000_000) == 0       # one string that never closes
    assert time.process_time() - began < 5           # quadratic time would be hours


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_cells_or_a_reason(raw):
    try:
        cells, version = read(raw)
    except Unreadable as trouble:
        assert str(trouble)
    else:
        assert isinstance(cells, list)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=9) | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "metadata", "nbgrader", "grade_id",
                         "nbformat", "id", "attachments", "coursekit", "version"]), inner, max_size=5),
    max_leaves=25)


@given(st.dictionaries(st.sampled_from(["cells", "worksheets", "metadata", "nbformat"]), json_values))
def test_any_json_gives_cells_or_a_reason(value):
    try:
        cells, _ = read(json.dumps(value).encode())
    except Unreadable as trouble:
        assert str(trouble)
    else:
        assert all(isinstance(cell.source, str) for cell in cells)
