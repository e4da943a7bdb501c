"""What goes to another machine is JSON, and is the same there."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from autograder.assignment import Assignment
from autograder.bookkeeping.record import Record
from autograder.cluster.parcel import packed, sealed, unpacked, unsealed
from autograder.course import Course
from autograder.intake.collect import collect
from autograder.task import Marked, Task, files_of
from autograder.verdict import Verdict

PICTURE = {"a.png": {"image/png": "aGVsbG8="}}


@pytest.fixture
def course(tmp_path):
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    folder = tmp_path / "submitted" / "ada" / "ps1"
    (folder / "data").mkdir(parents=True)
    notebook = new_notebook(cells=[new_code_cell("x = 'ä'\r\n"), new_markdown_cell("![](a.png)", attachments=PICTURE)])
    (folder / "ps1.ipynb").write_text(json.dumps(notebook))
    (folder / "extra.ipynb").write_bytes(b"no notebook")
    (folder / "data" / "x.bin").write_bytes(bytes(range(256)))
    (folder / "timestamp.txt").write_text("2026-01-02 12:00:00 UTC\n")
    return Course.load(tmp_path)


def task(course, strict=False, config=None):
    hand_ins = tuple(collect(course, "ps1", ["ps1", "extra", "missing"]))
    assert [h.cells is None for h in hand_ins] == [False, True, True] and hand_ins[0].cells[1].attachments == PICTURE
    return Task("ada", hand_ins, Assignment("ps1"), ("a note",), b"key", "c0ffee", len, strict, config or Config())


def across(sent, scratch):
    """The task after its way through bytes, in a folder where nothing else is."""
    scratch.mkdir()
    return unpacked(json.loads(json.dumps(packed(sent))), sent.assignment, sent.runner, scratch)


def test_a_task_arrives_as_it_was_with_the_files_beside_it(course, tmp_path):
    sent = task(course)
    there = across(sent, tmp_path / "elsewhere")
    assert there.hand_ins[0].path != sent.hand_ins[0].path
    assert replace(there, hand_ins=tuple(replace(h, path=None) for h in there.hand_ins)) == \
        replace(sent, hand_ins=tuple(replace(h, path=None) for h in sent.hand_ins))
    assert files_of(there) == files_of(sent) == {"data/x.bin": bytes(range(256))}
    assert not list(Path(tmp_path / "elsewhere").rglob("*.ipynb"))      # as it was read, it is in the task


def test_without_files_no_folder_is_named(course, tmp_path):
    (course.root / "submitted" / "ada" / "ps1" / "data" / "x.bin").unlink()
    there = across(task(course), tmp_path / "elsewhere")
    assert [h.path for h in there.hand_ins] == [None] * 3
    assert str(course.root) not in json.dumps(packed(task(course)))


def test_nbgraders_own_rules_get_the_very_file_and_their_settings(course, tmp_path):
    sent = task(course, strict=True, config=Config(
        OverwriteCells={"add_missing_cells": True}, LimitOutput={"max_lines": 3}, CourseDirectory={"db_url": "sqlite://x"}))
    there = across(sent, tmp_path / "elsewhere")
    for ours, theirs in zip(sent.hand_ins, there.hand_ins, strict=True):
        assert (ours.path and ours.path.read_bytes()) == (theirs.path and theirs.path.read_bytes())
        assert (ours.path and ours.path.name) == (theirs.path and theirs.path.name)
    assert there.config == Config(OverwriteCells={"add_missing_cells": True}, LimitOutput={"max_lines": 3})


def test_a_setting_that_is_no_plain_value_is_named(course):
    with pytest.raises(ValueError, match=r"c\.IgnorePattern\.pattern of nbgrader_config.py is no plain value"):
        packed(task(course, strict=True, config=Config(IgnorePattern={"pattern": len})))


def test_marks_come_back_as_they_were():
    verdict = Verdict("t", "T", "failed", 0.1 + 0.2, 1, "ä", case={"input": [1.5]}, notes=("late",))
    record = Record("ada", "ps1", 2, "c0ffee", {"ps1": (verdict,)}, {"x": "empty"}, ("note",), 0.25,
                    {"ps1": {"t": None, "u": 1.0}}, ("x",))
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[new_output("stream", name="stdout", text="ä")])])
    marked = Marked(record, {"ps1": notebook}, "2026-01-02 12:00:00 UTC")
    back = unsealed(json.loads(json.dumps(sealed(marked))))
    assert back == marked
    assert back.notebooks["ps1"].cells[0].outputs[0].text == "ä"       # a NotebookNode, as the writer takes it
