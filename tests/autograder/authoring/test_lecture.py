"""A lecture's notebook is its text, without outputs."""

import json

import pytest

from autograder.authoring.lecture import build_lectures

TEXT = '''\
# %% [markdown]
# # A lecture

# %% tags=["hide-input"]
x = 1

# %%
x
'''


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "course" / "week01_x.py"
    path.parent.mkdir()
    path.write_text(TEXT)
    return path


def test_cells_as_written(text):
    [path] = build_lectures(text.parents[1])
    assert path == text.with_suffix(".ipynb")
    notebook = json.loads(path.read_text())
    assert ["".join(cell["source"]) for cell in notebook["cells"]] == ["# A lecture", "x = 1", "x"]
    assert notebook["cells"][1]["metadata"]["tags"] == ["hide-input"]
    assert all(cell["outputs"] == [] for cell in notebook["cells"][1:])
    assert "jupytext" not in notebook["metadata"]


def test_only_what_changed_is_written(text):
    [path] = build_lectures(text.parents[1])
    first, stamp = path.read_bytes(), path.stat().st_mtime_ns
    build_lectures(text.parents[1])
    assert path.stat().st_mtime_ns == stamp
    text.write_text(TEXT.replace("x = 1", "x = 2"))
    build_lectures(text.parents[1])
    before, after = json.loads(first)["cells"], json.loads(path.read_bytes())["cells"]
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]


def test_graded_cells_do_not_belong_in_a_lecture(text):
    text.write_text(TEXT.replace('tags=["hide-input"]', 'solution="x"'))
    with pytest.raises(ValueError, match="belong in assignments/"):
        build_lectures(text.parents[1])
