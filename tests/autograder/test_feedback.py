"""A student's page says what was asked and what came, and nothing on it can act or give anything away."""

import re
import shutil
from html import unescape

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import gradebook as books
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.feedback import case_rows, feedback, page_of, questions
from autograder.grade import grade
from autograder.gradebook import Mark
from autograder.job import Run
from autograder.record import Record
from autograder.solutions import is_test
from autograder.verdict import Verdict
from coursekit.codec import encode

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raise %}"
NAME = "week05_tiny"


def marked(kind, source, name, **fields):
    fields = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False,
              **fields}
    make = new_code_cell if kind == "code" else new_markdown_cell
    return make(source, id=name, metadata={"nbgrader": fields})


SOURCE = new_notebook(cells=[
    new_markdown_cell("# Week\n\n## 1 · Counting\n\nWrite `f`."),
    marked("code", "def f():\n    ### BEGIN SOLUTION\n    return 'the secret reference'\n    ### END SOLUTION", "f",
           solution=True),
    marked("code", "check(f)\n### BEGIN HIDDEN TESTS\nhidden = 'the hidden test'\n### END HIDDEN TESTS", "test-f",
           grade=True, locked=True, points=2),
    new_markdown_cell("**Why.** Say why."),
    marked("markdown", "YOUR ANSWER\n### BEGIN SOLUTION\nthe model answer\n### END SOLUTION", "why",
           grade=True, solution=True, points=3),
])
ASSIGNMENT = Assignment("week", title="Week 1", notebooks={"nb": SOURCE})
CASE = {"inputs": {"d_in": encode(4)}, "expected": encode(26), "got": encode(20)}


def page(verdict=None, code="def f(): return 20", why="Because.", marks=None, **record):
    verdict = verdict or Verdict("test-f", "1 · Counting", "failed", 0, 2, "20, not 26: the biases are missing.",
                                 "How many numbers does a unit add?", "biases-forgotten", CASE)
    executed = new_notebook(cells=[
        marked("code", code, "f", solution=True), marked("markdown", why, "why", grade=True, solution=True, points=3)])
    fields = {"student": "ada", "verdicts": {"nb": (verdict,)}, "unreadable": {}, **record}
    kept = Record(assignment="week", version=1, digest="d", **fields)
    return page_of(ASSIGNMENT, kept, {"nb": executed}, marks or {})


def words(html):
    """What a reader sees of a page: words that stand in one line stay together."""
    html = re.sub(r"<(style|title)>.*?</\1>|</?(span|strong|bdi|a|code)\b[^>]*>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_the_page_says_what_came_and_what_leads_on():
    text = words(page())
    for part in ("0 of 5 points", "3 points are still to be given by a person", "Not yet: 0 of 2 points",
                 "20, not 26: the biases are missing.", "How many numbers does a unit add?",
                 "d_in 4", "expected 26", "got 20", "def f(): return 20", "Write f."):
        assert part in text


def test_neither_reference_nor_hidden_tests_are_on_the_page():
    html = page()
    for secret in ("secret reference", "hidden test", "model answer"):
        assert secret not in html


@pytest.mark.parametrize("where", ["code", "why", "student", "notes", "unreadable", "rationale", "case", "comment"])
def test_hostile_text_is_text(where):
    verdict = Verdict("test-f", "t", "failed", 0, 2, HOSTILE if where == "rationale" else "r", case={
        "inputs": {HOSTILE: encode(HOSTILE)}, "expected": encode(1), "raised": HOSTILE} if where == "case" else None,
        notes=(HOSTILE,) if where == "notes" else ())
    options = {where: HOSTILE} if where in ("code", "why", "student") else \
        {"unreadable": {HOSTILE: HOSTILE}} if where == "unreadable" else \
        {"notes": (HOSTILE,)} if where == "notes" else \
        {"marks": {("nb", "why"): Mark(1, 3, True, False, HOSTILE)}} if where == "comment" else {}
    html = page(verdict, **options)
    assert "<script" not in html and "<img" not in html
    assert "{{ 7*7 }}" in words(html)                   # nor run as a template
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html


def test_a_persons_mark_comes_before_the_graders():
    text = words(page(marks={("nb", "test-f"): Mark(1.5, 2, True, False),
                             ("nb", "why"): Mark(2.5, 3, True, False, "Nice.")}))
    assert "4 of 5 points" in text
    assert "Marked by hand: 1.5 of 2 points" in text and "Comment of the marker Nice." in text


def test_standing_is_said_in_words():
    def standing(status, score):
        return words(page(Verdict("test-f", "t", status, score, 2)))
    assert "Right: 2 of 2" in standing("passed", 2)
    assert "Partly right: 1.5 of 2" in standing("failed", 1.5)
    assert "Could not be judged: 0 of 2" in standing("could_not_tell", 0)


def test_a_damaged_case_has_no_table():
    verdict = Verdict("t", "t", "failed", 0, 1, case={"inputs": {"x": {"array": "nonsense"}}, "expected": 3})
    assert case_rows(verdict) == ()
    assert case_rows(Verdict("t", "t", "failed", 0, 1, case={"inputs": 3})) == ()


def test_questions_are_what_has_points_in_the_authors_words():
    found = questions(ASSIGNMENT)
    assert [(q.cell, q.title, q.points, q.solutions, q.by_hand) for q in found] == [
        ("test-f", "1 · Counting", 2, ("f",), False), ("why", "1 · Counting: Why", 3, ("why",), True)]
    assert "Write `f`." in found[0].asked


def test_pages_lie_beside_nbgraders_feedback(tiny, empty_gradebook):
    from autograder.author import build
    build(tiny, NAME)
    (tiny / "build").mkdir(exist_ok=True)
    shutil.copy(empty_gradebook, tiny / "build" / "gradebook.db")
    course = Course.load(tiny)
    folder = course.folder("submitted", NAME, "jürgen")
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_bytes(b"")

    def runner(job):
        return Run(job.notebook, findings={cell.id: [] for cell in job.notebook.cells if is_test(cell)})

    grade(course, NAME, runner=runner)
    path, = feedback(course, NAME)
    assert path == tiny / "build" / "feedback" / "jürgen" / f"{NAME}.html"
    assert "The file is empty." in path.read_text(encoding="utf-8")
    with books.opened(course) as gradebook:
        gradebook.find_submission(NAME, "jürgen").notebooks[0].late_submission_penalty = 1.0
        gradebook.db.commit()
    feedback(course, NAME)
    assert "0 points earned, 1 taken off because the hand-in came late" in path.read_text(encoding="utf-8")
