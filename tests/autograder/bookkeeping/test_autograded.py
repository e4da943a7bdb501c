"""What formgrader shows of a hand-in."""

from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.bookkeeping.autograded import file_away, laid_beside, lies_there, presentable
from autograder.bookkeeping.record import Record
from autograder.course import Course
from tests.notebooks import solution

RECORD = Record("ada", "week", 1, "d", {}, {})


@pytest.mark.parametrize(("typed", "shown"), [
    ('student_id = "ada"', 'student_id = "..."'),
    ("student_id='ada'  # mine", 'student_id="..."  # mine'),
    ('x = 1\nstudent_id = "ada"\ny = 2', 'x = 1\nstudent_id = "..."\ny = 2'),
    ('print(student_id == "a")', 'print(student_id == "a")'),
])
def test_who_marks_does_not_read_whose_it_is(typed, shown):
    notebook = new_notebook(cells=[new_code_cell(typed)])
    assert presentable(notebook, RECORD, "nb", set())["cells"][0]["source"] == shown
    assert notebook.cells[0].source == typed


def test_an_answer_stays_as_it_was_typed():
    shown = presentable(new_notebook(cells=[solution('student_id = "ada"', "who")]), RECORD, "nb", {"who"})
    assert shown["cells"][0]["source"] == 'student_id = "ada"'


def test_files_beside_the_notebooks_are_filed_with_them(tmp_path):
    course = Course.load(tmp_path)
    files = {"plot.png": b"\x89PNG\r\n", "data/x.csv": b"1"}
    filed = file_away(course, RECORD, {"nb": new_notebook()}, {}, "2026-01-01 12:00:00 UTC", files)
    record = replace(RECORD, filed=filed)
    folder = tmp_path / "autograded" / "ada" / "week"
    assert {name: (folder / name).read_bytes() for name in files} == files
    assert (folder / "timestamp.txt").read_text() == "2026-01-01 12:00:00 UTC"
    assert lies_there(course, record)
    (folder / "plot.png").unlink()
    assert not lies_there(course, record)


def test_a_file_where_an_earlier_hand_in_had_a_folder(tmp_path):
    course = Course.load(tmp_path)
    for files in ({"a": b"1"}, {"a/b": b"2"}, {"a": b"3"}):
        filed = file_away(course, RECORD, {}, {}, files=files)
        assert lies_there(course, replace(RECORD, filed=filed))


@pytest.mark.parametrize(("theirs", "given", "kept"), [
    ({"page.html": b"<script>", "figure.svg": b"<svg>", "x.PNG": b"", "submission_secret.txt": b"s"},
     {"figure.svg": b""}, {"x.PNG", "submission_secret.txt", "figure.svg"}),
    ({"data.csv": b"forged"}, {"data.csv": b"1"}, {"data.csv"}),
    ({"data.csv/x.txt": b""}, {"data.csv": b"1"}, {"data.csv"}),
    ({"data": b""}, {"data/x.csv": b"1"}, {"data/x.csv"}),
])
def test_what_could_act_is_left_out_and_the_authors_files_lie_on_top(theirs, given, kept):
    found = laid_beside(theirs, given)
    assert set(found) == kept
    assert all(found[name] == content for name, content in given.items())


def test_what_a_student_wrote_does_nothing_in_formgrader():
    """Markdown of theirs, Markdown and HTML in outputs, and a file's name in the reason why nothing was graded."""
    link = "[x](javascript:f())"
    shown = presentable(new_notebook(cells=[
        new_markdown_cell(f'<div"x onmouseover=f()> {link}', id="free-1"),
        new_code_cell("1", id="free-2", outputs=[new_output("display_data", data={
            "text/markdown": link, "text/html": '<img src="http://example.org/seen.png">'})])]),
        replace(RECORD, unreadable={"nb": f"There is {link}.pdf instead."}), "nb", set())
    reason, text, code = shown["cells"]
    assert "](" not in reason["source"] + text["source"] + code["outputs"][0]["data"]["text/markdown"]
    assert "<div" not in text["source"] and "seen" not in code["outputs"][0]["data"]["text/html"]
