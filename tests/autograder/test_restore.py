"""What is asked comes from the source, what was done from the student."""

import copy

import pytest
from nbformat import validate
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator

from autograder.handin import Cell, HandIn
from autograder.restore import WHOLE, issued, restore
from tests.notebooks import autograded, by_hand, code, solution

TEST = "assert f() == 1\n### BEGIN HIDDEN TESTS\nassert f() is not True\n### END HIDDEN TESTS"


@pytest.fixture
def source():
    made = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}, "other": 1}, cells=[
        new_markdown_cell("# Week", id="title"),
        code("import numpy as np", "setup", locked=True),
        solution("def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", "f"),
        autograded(TEST, "test-f", 2),
        solution("def g():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION", "g"),
        autograded("assert g() == 2", "test-g"),
        by_hand("Why?\n### BEGIN SOLUTION\nSo.\n### END SOLUTION", "why", 3),
    ])
    for marked in made.cells[1:]:
        marked.metadata["coursekit"] = {"reference": "secret"}
    return made


SHOWN = {"setup": "import numpy as np", "f": "def f():\n    return 1  # mine", "test-f": "assert f() == 1",
         "g": "def g(): return 2", "test-g": "assert g() == 2", "why": "Because."}


def cell(name, source=None, kind=None):
    return Cell(kind or ("markdown" if name == "why" else "code"), SHOWN[name] if source is None else source,
                id=name, grade_id=name)


def complete():
    return [cell(name) for name in SHOWN]


def free(source, kind="code"):
    return Cell(kind, source)


def run(source, cells):
    result = restore(source, HandIn("ada", "week", tuple(cells)))
    validate(result.notebook)
    MetadataValidator().validate_nb(result.notebook)
    return result


def texts(result):
    return [cell.source for cell in result.notebook.cells]


def test_a_hand_in_in_order_keeps_its_solutions_and_gets_the_hidden_tests(source):
    result = run(source, complete())
    assert texts(result) == ["import numpy as np", SHOWN["f"], TEST, SHOWN["g"], SHOWN["test-g"], "Because."]
    assert result.notes == {}


def test_nothing_of_the_solutions_is_in_the_restored_notebook(source):
    for cells in ([], complete(), None):
        result = restore(source, HandIn("ada", "week", None if cells is None else tuple(cells), reason="x"))
        text = str(result.notebook)
        assert "return 2\n" not in text and "So." not in text and "secret" not in text


def test_points_ids_and_kinds_are_the_sources(source):
    hand_in = complete()
    hand_in[2] = Cell("markdown", "assert True", id="zzz", grade_id="test-f")
    result = run(source, hand_in)
    test = result.notebook.cells[2]
    assert (test.cell_type, test.id, test.source) == ("code", "test-f", TEST)
    assert test.metadata.nbgrader["points"] == 2
    assert "turned into markdown" in result.notes["test-f"][0]
    assert "edited" in result.notes["test-f"][1]
    assert result.notebook.metadata == {"kernelspec": source.metadata.kernelspec}


def test_a_deleted_test_is_put_back(source):
    result = run(source, [c for c in complete() if c.grade_id != "test-f"])
    assert texts(result)[2] == TEST
    assert "deleted" in result.notes["test-f"][0]


def test_copies_of_a_test_are_dropped(source):
    hand_in = complete()
    hand_in[3:3] = [free("between = 1"), copy.copy(hand_in[2])]
    result = run(source, hand_in)
    assert texts(result) == [SHOWN["setup"], SHOWN["f"], TEST, "between = 1", SHOWN["g"], SHOWN["test-g"], "Because."]
    assert "2 times; one is enough" in result.notes["test-f"][0]


def test_of_two_versions_of_a_solution_the_last_counts_and_the_first_still_runs(source):
    hand_in = complete()
    hand_in[2:2] = [cell("f", "def f(): return 5")]
    result = run(source, hand_in)
    assert texts(result)[:4] == ["import numpy as np", SHOWN["f"], "def f(): return 5", TEST]
    assert result.notebook.cells[2].metadata.nbgrader["grade_id"] == "f"
    assert "nbgrader" not in result.notebook.cells[1].metadata


def test_moved_cells_go_back_and_free_cells_stay_behind_what_they_followed(source):
    setup, f, test_f, g, test_g, why = complete()
    result = run(source, [free("# top"), setup, test_f, free("# behind test-f"), g, free("# behind g"), f, test_g, why])
    assert texts(result) == ["# top", SHOWN["setup"], SHOWN["f"], TEST, "# behind test-f",
                             SHOWN["g"], "# behind g", SHOWN["test-g"], "Because."]
    assert "moved" in result.notes[WHOLE][0]


def test_the_authors_free_cells_keep_their_ids_and_the_students_get_numbers(source):
    hand_in = [free("# Week", "markdown"), free("# Week", "markdown"), *complete(), free("x = 1")]
    cells = run(source, hand_in).notebook.cells
    assert [c.id for c in cells if "nbgrader" not in c.metadata] == ["title", "free-1", "free-2"]


def test_a_deleted_solution_is_as_it_was_given_out(source):
    result = run(source, [c for c in complete() if c.grade_id != "f"])
    assert "NotImplementedError" in texts(result)[1]
    assert "deleted" in result.notes["f"][0]


def test_without_metadata_cells_are_known_by_id_text_or_what_they_define(source):
    by_id = [Cell(c.kind, c.source, id=c.id) for c in complete()]
    assert texts(run(source, by_id)) == texts(run(source, complete()))
    bare = [Cell(c.kind, c.source) for c in complete() if c.kind == "code"]
    assert texts(run(source, bare))[:5] == texts(run(source, complete()))[:5]


def test_a_solution_in_a_cell_of_their_own_is_not_overridden_by_the_stub(source):
    hand_in = [c for c in complete() if c.grade_id != "f"]
    hand_in[1:1] = [free("def f():\n    return 1")]
    assert texts(run(source, hand_in))[1] == "def f():\n    return 1"


def test_windows_line_ends_and_trailing_blanks_are_no_edit(source):
    hand_in = complete()
    hand_in[2] = cell("test-f", "assert f() == 1   \n\n")
    assert run(source, hand_in).notes == {}


def test_somebody_elses_grade_ids_are_free_cells(source):
    result = run(source, [*complete(), Cell("code", "x = 1", id="setup-2", grade_id="bonus")])
    assert texts(result)[-1] == "x = 1"
    assert result.notebook.cells[-1].metadata == {}


def test_an_unreadable_hand_in_gives_the_notebook_as_given_out(source):
    result = restore(source, HandIn("ada", "week", None, reason="empty"))
    assert texts(result)[0] == "# Week"
    assert "NotImplementedError" in texts(result)[2]


def test_issued_is_what_nbgrader_would_register(source):
    cell = issued(source).cells[3]
    assert cell.source == TEST
    assert cell.metadata.nbgrader["checksum"] and cell.metadata["editable"] is False


def test_a_source_without_cell_ids_is_good_enough(source):
    source.nbformat_minor = 4
    for each in source.cells:
        del each["id"]
    hand_in = [Cell(c.kind, c.source, grade_id=c.grade_id) for c in complete()]
    result = run(source, hand_in)
    assert texts(result)[2] == TEST
    assert len({each.id for each in result.notebook.cells}) == 6


def test_a_cell_that_the_author_does_not_want_run_says_so_whatever_the_hand_in_says():
    tagged = new_code_cell("1 / 0", id="tagged")
    tagged.metadata["tags"] = ["skip-execution", "other"]
    source = new_notebook(cells=[tagged])
    cells = (Cell("code", "1 / 0"), Cell("code", "2 / 0"))
    notebook = restore(source, HandIn("ada", "week", cells)).notebook
    assert [cell.metadata.get("tags") for cell in notebook.cells] == [["skip-execution"], None]
