"""nbgrader's own rules by its own code: what it gives, and where it gives up."""

import hashlib
import json

import pytest
from nbformat.v4 import new_notebook, new_output
from traitlets.config import Config

from autograder.assignment import Assignment
from autograder.handin import HandIn
from autograder.job import Run
from autograder.stock import Refused, mark, marks, prepared, sees
from tests.notebooks import autograded, by_hand, solution


def notebook(answer="x = 3"):
    return new_notebook(cells=[
        solution(answer, "answer"),
        autograded("assert x == 3", "check", 2),
        by_hand("Because.", "why", 4)])


def raw(made):
    return json.dumps(made).encode()


def test_locked_cells_are_put_back_and_deleted_ones_are_not():
    made = notebook()
    made.cells[1].source, made.cells[1].metadata.nbgrader["points"] = "pass", 100
    ready = prepared(notebook(), raw(made), Config())
    assert ready.cells[1].source == "assert x == 3" and ready.cells[1].metadata.nbgrader["points"] == 2
    del made.cells[1]
    assert [c.id for c in prepared(notebook(), raw(made), Config()).cells] == ["answer", "why"]


def test_missing_cells_come_back_where_the_course_asks_for_it():
    made = notebook()
    del made.cells[1]
    config = Config({"OverwriteCells": {"add_missing_cells": True}})
    assert "assert x == 3" in prepared(notebook(), raw(made), config).cells[1].source


@pytest.mark.parametrize("broken", [b"", b"not a notebook", b'{"cells": 3}'])
def test_what_cannot_be_read_is_refused(broken):
    with pytest.raises(Refused):
        prepared(notebook(), broken, Config())


@pytest.mark.parametrize("outputs, given", [
    ([], 2), ([new_output("error", ename="E", evalue="", traceback=[])], 0),
    ([new_output("stream", name="stderr", text="careful")], 0),
    ([new_output("execute_result", {"text/plain": "0.5"})], 0.5),
    ([new_output("execute_result", {"text/plain": "-1"})], 2),
])
def test_nbgraders_reading_of_outputs(outputs, given):
    made = notebook()
    made.cells[1].outputs = outputs
    assert marks(made, Config()) == ({"check": given, "why": None}, "")


def test_more_than_the_points_ends_it():
    made = notebook()
    made.cells[1].outputs = [new_output("execute_result", {"text/plain": "3"})]
    assert marks(made, Config()) == ({}, "partial credit cannot be greater than maximum points for cell")


def test_a_cell_that_asks_to_be_skipped_is_obeyed():
    made = notebook()
    made.cells[1].outputs = [new_output("error", ename="E", evalue="", traceback=[])]
    made.cells[1].metadata["tags"] = ["skip-execution"]
    assert marks(made, Config())[0]["check"] == 2


def handed_in(folder, stem, content):
    path = folder / f"{stem}.ipynb"
    path.write_bytes(content)
    return HandIn("ada", stem, (), digest=hashlib.sha256(content).hexdigest(), path=path)


def test_what_it_stumbles_over_ends_the_students_run_and_keeps_what_came_before(tmp_path):
    assignment = Assignment("ps1", notebooks={stem: notebook() for stem in "abcd"})
    given = mark([handed_in(tmp_path, "a", raw(notebook())), handed_in(tmp_path, "b", b"broken"),
                  handed_in(tmp_path, "c", raw(notebook())), HandIn("ada", "d", None, "No notebook")],
                 assignment, Config(), lambda stem, made: Run(made))
    assert given.given == {"a": {"check": 2.0, "why": None}, "b": {}, "c": {}, "d": {"check": 0.0, "why": 0.0}}
    assert set(given.refused) == {"b", "c"} and given.missing == ("d",)
    assert [theirs[0].score for theirs in given.verdicts.values()] == [2, 0, 0, 0]


def test_a_folder_without_a_notebook_is_not_seen(tmp_path):
    for name in ("notes.txt", ".hidden.ipynb", "p.IPYNB"):
        (tmp_path / name).touch()
    assert not sees(tmp_path)
    (tmp_path / "other.ipynb").touch()
    assert sees(tmp_path)
    assert sees(tmp_path / "cannot be opened")


def test_a_file_that_changed_since_it_was_read_is_left_to_the_next_run(tmp_path):
    hand_in = handed_in(tmp_path, "a", raw(notebook()))
    hand_in.path.write_bytes(raw(notebook("x = 4")))
    with pytest.raises(OSError, match="was changed while it was graded"):
        mark([hand_in], Assignment("ps1", notebooks={"a": notebook()}), Config(), lambda stem, made: Run(made))


def test_what_the_reference_does_not_pass_here_has_nbgraders_mark_and_is_told(tmp_path):
    def execute(stem, made):
        made.cells[1].outputs = [new_output("error", ename="E", evalue="", traceback=[])]
        return Run(made, untold={"check": "no shell"})

    given = mark([handed_in(tmp_path, "a", raw(notebook()))], Assignment("ps1", notebooks={"a": notebook()}), Config(),
                 execute)
    assert given.given["a"]["check"] == 0
    assert given.verdicts["a"][0].status == "could_not_tell" and "no shell" in given.verdicts["a"][0].rationale
