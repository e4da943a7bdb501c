"""The class page says first what needs a person, counts right, and nothing in it acts but its own script."""

import base64
import hashlib
import re

import pytest

from autograder.assignment import Assignment, Exercise, Misconception
from autograder.bookkeeping.classmarks import Score
from autograder.bookkeeping.due import Place
from autograder.bookkeeping.record import Record
from autograder.report import ClassMarks, page_of
from autograder.report.page import analysis
from autograder.report.similarity import Alike, Comparison, Referential
from autograder.verdict import Verdict

WRONG = Misconception("biases-forgotten", "", "The biases are missing.", "?")
ASSIGNMENT = Assignment("week", title="Week 1", exercises={"f": Exercise("f", (), (WRONG,))}, notebooks={})
HOSTILE = "<b>mallory</b><script>alert(1)</script>"


def record(student, *verdicts, **fields):
    return Record(student, "week", 1, "d", {"nb": verdicts}, **{"unreadable": {}, **fields})


def verdict(cell, score, points=2, **fields):
    fields = {"status": "passed" if score == points else "failed", "tamper_proof": False, **fields}
    return Verdict(cell, f"Title of {cell}", score=score, max_score=points, **fields)


CLASS = [
    record("ada", verdict("test-f", 2), verdict("test-g", 1)),
    record("bob", verdict("test-f", 0, misconception="biases-forgotten"), verdict("test-g", 0)),
    record("eve", verdict("test-f", 0, misconception="biases-forgotten"),
           verdict("test-g", 0, status="could_not_tell", rationale="<script>alert(1)</script>")),
    record(HOSTILE, unreadable={"nb": "The file is empty."}, notes=("renamed", HOSTILE), seconds=3.0),
]
MARKS = ClassMarks({"ada": 3.5}, {"ada": {Place("nb", "test-g", 2): Score(1.0, None, 0.5, True)}})
ALIKE = Comparison((Alike(("ada", HOSTILE), 0.93, 31.4, ("solution-f",)),), (Referential("bob", ("solution-f",)),), 2)


def text(page):
    bare = re.sub(r"<(style|svg|nav|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


def test_what_needs_a_person_comes_first():
    words = text(page_of(ASSIGNMENT, CLASS, MARKS, ALIKE))
    order = [words.index(part) for part in (
        "What the grader could not tell (1)", "Hand-ins that could not be graded (1)", "Waiting to be marked by hand",
        "Students by marks", "Questions, hardest first", "Most common misconceptions", "Time and failures",
        "Hand-ins that are alike", "Solutions equal to the reference", "All hand-ins", "Not tamper-proof",
        "How this was counted")]
    assert order == sorted(order)
    assert "Hand-ins 4" in words and "The biases are missing." in words


def test_a_clean_class_asks_for_nobody():
    words = text(page_of(ASSIGNMENT, CLASS[:1]))
    assert "There is nothing that the grader could not tell." in words and "Files it could not read 0" in words
    assert "could not be graded" not in words and "No two hand-ins are alike beyond chance." in words


def test_marks_are_the_gradebooks():
    words = text(page_of(ASSIGNMENT, CLASS, MARKS))
    assert "ada 3.5 3 of 4" in words


def test_the_gradebooks_marks_go_into_the_analysis_and_unreadable_hand_ins_do_not():
    found = {item.cell: item for item in analysis(ASSIGNMENT, CLASS, MARKS.cells)}
    assert (found["test-g"].n, found["test-g"].share) == (2, 0.375)      # 1.5 of 2 and 0; eve's could not be told
    assert (found["test-f"].n, found["test-f"].full) == (3, 1)


def test_what_is_alike_is_told_with_care():
    words = text(page_of(ASSIGNMENT, CLASS, MARKS, ALIKE))
    assert "93% 31" in words and "no proof of anything" in words and "Not Python, and not compared: 2 cells" in words
    assert "solution-f (1)" in words


def test_cells_that_are_not_tamper_proof_are_listed():
    words = text(page_of(ASSIGNMENT, CLASS))
    assert "6 of the verdicts were reached in the process that also ran the student's code" in words
    assert "Title of test-f ( test-f ): 3 hand-ins" in words
    sound = [record("ada", verdict("test-f", 2, tamper_proof=True))]
    assert "Every verdict was reached apart" in text(page_of(ASSIGNMENT, sound))


def test_hostile_names_and_words_are_text():
    page = page_of(ASSIGNMENT, CLASS, MARKS, ALIKE)
    assert "<b>mallory" not in page and "<script>alert" not in page and page.count("<script") == 1
    assert "&lt;b&gt;mallory" in page


def test_only_the_pages_own_script_may_run():
    page = page_of(ASSIGNMENT, CLASS, MARKS, ALIKE)
    script, = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy, = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy == (f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                      f"form-action 'none'; script-src 'sha256-{digest}'")


def test_the_page_needs_nothing_from_elsewhere():
    page = page_of(ASSIGNMENT, CLASS, MARKS, ALIKE)
    assert re.findall(r"""(?:src|href)=["']([^"'#]+)""", page) == []
    assert page.count('<svg role="img" aria-label=') == page.count("<title>") - 1 == 3


def test_tables_sort_by_numbers_not_by_their_words():
    page = page_of(ASSIGNMENT, CLASS, MARKS, ALIKE)
    assert page.count('<table class="sortable">') == 6
    assert 'data-value="0.375">38%' in page and 'data-value="0.93">93%' in page


@pytest.mark.parametrize("points", [0, 2])
def test_an_empty_class_has_a_page_and_one_without_points(points):
    assert "Nothing is graded yet." in page_of(ASSIGNMENT, [])
    assert "Hand-ins 1" in text(page_of(ASSIGNMENT, [record("ada", verdict("test-f", 0, points))]))


@pytest.mark.parametrize("marked, share", [(["ada"], None), (["ada", "bob"], 0.0)])
def test_a_question_that_hardly_anybody_has_a_mark_for_is_not_called_hard(marked, share):
    place, empty, open_ = Place("nb", "test-f", 2), Score(0.0, None, 0.0, False), Score(None, None, 0.0, True)
    given = {who: {place: empty if who in marked else open_} for who in ("ada", "bob", "eve")}
    found = {item.cell: item for item in analysis(ASSIGNMENT, CLASS, given)}
    assert found["test-f"].share == share
