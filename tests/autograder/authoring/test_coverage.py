"""The syllabus resolved against notebooks: what is covered, what is missing, what cannot be."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.authoring.coverage import cover, read_rows, sections
from autograder.cli.app import app

ROOT = Path(__file__).resolve().parents[3]
WEEK = "week05_tiny"


def cell(id, source, kind="markdown", **marks):
    return {"cell_type": kind, "id": id, "source": source, "metadata": {"nbgrader": marks} if marks else {}}


LECTURE = [
    cell("title", "# Week 5 · Tiny"),
    cell("one", "## 1 · Losses\n\nSquared error has a\n**residual**."),
    cell("code", "# a comment is no heading\nloss = 1", "code"),
    cell("both", "Entropy ends section 1.\n\n## 2 · Gradients\nThey add."),
    cell("deeper", "### 2a · By hand\nOne path."),
    cell("three", "## 3 · Summary\nDone."),
]
ASSIGNMENT = [
    cell("solution-double", "def double(x): ...", "code", solution=True),
    cell("test-double", "check(double)", "code", grade=True, points=2),
    cell("solution-worthless", "def worthless(x): ...", "code", solution=True),
    cell("test-worthless", "check(worthless)", "code", grade=True, points=0),
    cell("quiz-q_two", "q_two = ...", "code", solution=True),
    cell("test-q_two", "check('q_two')", "code", grade=True, points=1),
]


@pytest.fixture
def course(tmp_path):
    """course(syllabus) -> root of a repository with one lecture, one assignment and this syllabus."""
    lecture = tmp_path / "course" / f"{WEEK}.ipynb"
    assignment = tmp_path / "assignments" / "source" / WEEK / f"{WEEK}.ipynb"
    for path, cells in [(lecture, LECTURE), (assignment, ASSIGNMENT)]:
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (tmp_path / "assignments" / "course.toml").write_text('id = "tiny"\n')

    def make(syllabus):
        (tmp_path / "course" / "syllabus.toml").write_text(syllabus, encoding="utf-8")
        return tmp_path

    return make


def row(**kinds):
    lines = [f"{kind} = {json.dumps(places, ensure_ascii=False)}" for kind, places in kinds.items()]
    return "\n".join([f"[{WEEK}.claim]", 'says = "A claim."', *lines]) + "\n"


def cells(root):
    return cover(root).cells[f"{WEEK}.claim"]


def test_a_section_reaches_to_the_next_heading_of_its_level(course):
    found = sections(course("") / "course" / f"{WEEK}.ipynb")
    ids = {heading: [id for id, _ in parts] for heading, parts in found.items()}
    assert ids["1 · Losses"] == ["one", "code", "both"]
    assert ids["2 · Gradients"] == ["both", "deeper"]
    assert ids["2a · By hand"] == ["deeper"]
    assert ids["3 · Summary"] == ["three"]
    assert ids["Week 5 · Tiny"] == ["title", "one", "code", "both", "both", "deeper", "three"]


def test_words_pick_cells_of_a_section_across_line_breaks(course):
    assert cells(course(row(L=["1 · Losses > has a **residual**"]))) == ("one",)
    assert cells(course(row(L=["1 · Losses > Entropy"]))) == ("both",)
    with pytest.raises(ValueError, match="does not say 'They add'"):       # the cell's, but of the next section
        cover(course(row(L=["1 · Losses > They add"])))


def test_an_exercise_and_a_question_are_two_cells_each(course):
    assert cells(course(row(E=["double"], Q=["q_two"]))) == (
        "solution-double", "test-double", "quiz-q_two", "test-q_two")


@pytest.mark.parametrize(("kinds", "said"), [
    ({"L": ["4 · Nowhere"]}, "has no section '4 · Nowhere'"),
    ({"E": ["triple"]}, "has no exercise 'triple'"),
    ({"E": ["worthless"]}, "does not grade 'worthless'"),
    ({"Q": ["double"]}, "has no question 'double'"),
    ({"L": ["week05_tiny/4 · Nowhere"]}, "has no section"),
])
def test_a_place_that_does_not_exist_is_an_error(course, kinds, said):
    with pytest.raises(ValueError, match=said):
        cover(course(row(**kinds)))


def test_all_wrong_places_are_named_at_once(course):
    with pytest.raises(ValueError, match="(?s)Nowhere.*triple"):
        cover(course(row(L=["4 · Nowhere"], E=["triple"])))


def test_a_row_is_missing_without_a_place_or_without_its_notebook(course):
    other = row(L=["1 · Losses"], E=["double"]).replace(WEEK, "week06_next")
    root = course(row(L=["1 · Losses"], Q=[]) + other)
    table = json.loads(cover(root).to_json())
    assert table["rows"] == 2 and table["covered"] == 0
    assert table["missing"] == [f"{WEEK}.claim", "week06_next.claim"]
    assert table["cells"] == {f"{WEEK}.claim": [], "week06_next.claim": []}


def test_a_place_may_lie_in_another_week(course):
    root = course(row(L=[f"{WEEK}/3 · Summary"]).replace(f"[{WEEK}", "[week06_next"))
    assert cover(root).cells == {"week06_next.claim": ("three",)}


@pytest.mark.parametrize("entry", ['L = ["1 · Losses"]', 'says = "A claim."', 'says = "A."\nL = []\nX = []'])
def test_a_row_says_something_and_has_a_kind(course, entry):
    with pytest.raises(ValueError, match="a row has `says` and at least one of L, E, Q"):
        cover(course(f"[{WEEK}.claim]\n{entry}\n"))


def test_the_command_writes_the_table_and_names_what_is_missing(course):
    root = course(row(L=["1 · Losses"]))
    done = CliRunner().invoke(app, ["coverage", "--course", str(root / "assignments")])
    assert done.exit_code == 0 and "1 of 1 rows" in done.output
    assert json.loads((root / "build" / "coverage.json").read_text())["covered"] == 1
    course(row(Q=[]))
    undone = CliRunner().invoke(app, ["coverage", "--course", str(root / "assignments")])
    assert undone.exit_code == 1 and "claim: A claim." in undone.output


def written(week):
    assignment = ROOT / "assignments" / "source" / week / f"{week}.ipynb"
    return assignment.exists() and (ROOT / "course" / f"{week}.ipynb").exists()


def test_every_row_of_the_weeks_that_are_written_is_covered():
    assert [row.id for row in cover(ROOT).missing if written(row.week)] == []


def test_every_assignment_has_rows():
    weeks = {row.week for row in read_rows(ROOT / "course" / "syllabus.toml")}
    assert {path.parent.name for path in (ROOT / "assignments").glob("week*/assignment.toml")} <= weeks
