"""The class page says first what needs a person, and counts right."""

import re

from autograder.assignment import Assignment, Exercise, Misconception
from autograder.record import Record
from autograder.report import difficulties, histogram, misconceptions, page_of
from autograder.verdict import Verdict

WRONG = Misconception("biases-forgotten", "", "The biases are missing.", "?")
ASSIGNMENT = Assignment("week", title="Week 1", exercises={"f": Exercise("f", (), (WRONG,))}, notebooks={})


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
    record("<b>mallory</b>", unreadable={"nb": "The file is empty."}, notes=("renamed",)),
]


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", " ", page, flags=re.DOTALL))


def test_questions_are_sorted_by_what_the_class_got():
    assert [(d.cell, d.share, d.full) for d in difficulties(CLASS)] == [("test-g", 0.25, 0), ("test-f", 1 / 3, 1)]


def test_misconceptions_are_counted():
    known, = misconceptions(ASSIGNMENT, CLASS)
    assert (known.says, known.students) == ("The biases are missing.", ("bob", "eve"))


def test_what_needs_a_person_comes_first():
    page = page_of(ASSIGNMENT, CLASS, {"ada": 3.5})
    words = text(page)
    order = [words.index(part) for part in (
        "What the grader could not tell (1)", "Hand-ins that could not be graded (1)", "Marks", "Hardest questions",
        "Most common misconceptions", "All hand-ins")]
    assert order == sorted(order)
    assert "4 hand-ins" in words and "3.5" in words and "The biases are missing." in words
    assert "6 of the verdicts were reached in the process that also ran the student" in words


def test_hostile_names_and_words_are_text():
    page = page_of(ASSIGNMENT, CLASS, {})
    assert "<b>mallory" not in page and "<script" not in page
    assert "&lt;b&gt;mallory" in page


def test_the_page_needs_nothing_from_elsewhere():
    page = page_of(ASSIGNMENT, CLASS, {})
    assert re.findall(r"""(?:src|href)=["']([^"'#]+)""", page) == []
    assert page.count("<svg role=\"img\" aria-label=") == 2


def test_figures_are_the_same_each_time_and_told_in_words():
    drawn = histogram([0, 1, 9.5, 10], 10)
    assert drawn == histogram([0, 1, 9.5, 10], 10)
    assert "0 to 1 points: 1, 1 to 2 points: 1, 9 to 10 points: 2." in drawn


def test_an_empty_class_has_a_page():
    assert "Nothing is graded yet." in page_of(ASSIGNMENT, [], {})
