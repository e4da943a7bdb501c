"""A student's page says what was asked and what came, and nothing on it can act or give anything away."""

import json
import os
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.assignment import Assignment
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.gradebook import Mark
from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.exercise.solutions import is_test
from autograder.feedback import case_rows, environment, feedback, page_of, questions
from autograder.feedback.page import first
from autograder.feedback.part import part_of
from autograder.feedback.question import Question
from autograder.grade import grade
from autograder.job import STOCK, Run
from autograder.verdict import Verdict
from coursekit.codec import encode
from coursekit.desk.quiz import Number, drawn
from tests.notebooks import autograded, by_hand, solution

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raise %}"
NAME = "week05_tiny"


SOURCE = new_notebook(cells=[
    new_markdown_cell("# Week\n\n## 1 · Counting\n\nWrite `f`."),
    solution("def f():\n    ### BEGIN SOLUTION\n    return 'the secret reference'\n    ### END SOLUTION", "f"),
    autograded("check(f)\n### BEGIN HIDDEN TESTS\nhidden = 'the hidden test'\n### END HIDDEN TESTS", "test-f", 2),
    new_markdown_cell("**Why.** Say why."),
    by_hand("YOUR ANSWER\n### BEGIN SOLUTION\nthe model answer\n### END SOLUTION", "why", 3),
])
ASSIGNMENT = Assignment("week", title="Week 1", notebooks={"nb": SOURCE})
CASE = {"inputs": {"d_in": encode(4)}, "expected": encode(26), "got": encode(20)}


def page(verdict=None, code="def f(): return 20", why="Because.", marks=None, **record):
    verdict = verdict or Verdict("test-f", "1 · Counting", "failed", 0, 2, "20, not 26: the biases are missing.",
                                 "How many numbers does a unit add?", "biases-forgotten", CASE)
    executed = new_notebook(cells=[solution(code, "f"), by_hand(why, "why", 3)])
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


class Acting(HTMLParser):
    """Whatever on a page could act, load or paint over it."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "img", "svg", "math", "iframe", "object", "embed", "link", "form", "base", "video"):
            self.found.append(tag)
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "srcdoc", "action", "formaction", "xlink:href", "background"):
                self.found.append(f"{tag} {name}")
            if name == "href" and not value.startswith("#"):
                self.found.append(f"{tag} {name}={value}")
            if name == "style" and not re.fullmatch(r"width: [\d.]+%", value):
                self.found.append(f"{tag} {name}={value}")


ATTACKS = {
    "html": HOSTILE,
    "link": '<a href="javascript:alert(1)">x</a> [x](javascript:alert(1)) " onmouseover="alert(1)',
    "svg": "<svg onload=alert(1)><style>*{display:none}</style></svg><math><mi xlink:href='javascript:alert(1)'>",
    "css": "</style><style>body{background:url(http://e.example)}</style> {{x}} }} body{display:none} ",
    "bidi": "if admin\u202e # \u2066resu fi\u2069\u200f \x1b[31m \u200b\ufeff",
    "comment": "<!-- --><![CDATA[ ]]> --!> <!doctype html></main></body></html>",
    "halves": "\ud800 a \udfff \x00 \x07",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["code", "why", "student", "notes", "unreadable", "rationale", "hint", "case", "call",
                                   "line", "comment", "parts"])
def test_hostile_text_is_text(where, attack):
    text = ATTACKS[attack]
    case = CASE | {where: text}
    if where == "case":
        case = {"inputs": {text: encode(text)}, "expected": encode(1), "raised": text}
    if where == "parts":
        case = {"inputs": {}, "parts": [text, "b"], "expected": encode((1, 2)), "got": encode((2, 3))}
    verdict = Verdict("test-f", "t", "failed", 0, 2, text if where == "rationale" else "r",
                      text if where == "hint" else "", case=case, notes=(text,) if where == "notes" else ())
    options = {where: text} if where in ("code", "why", "student") else \
        {"unreadable": {text: text}} if where == "unreadable" else \
        {"notes": (text,)} if where == "notes" else \
        {"marks": {("nb", "why"): Mark(1, 3, True, False, text)}} if where == "comment" else {}
    html = page(verdict, **options)
    assert Acting(html).found == []
    assert html.count("</style>") == html.count("<style>") == html.count("</main>") == 1
    assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\\x00-\\x08\\x1b]", html)
    html.encode()
    if attack == "html" and where != "line":
        assert "{{ 7*7 }}" in words(html)               # nor run as a template
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html


def test_the_guard_of_these_tests_sees_what_acts():
    assert Acting("<a href='javascript:x'>").found and Acting("<svg/>").found and Acting("<p style='color:red'>").found
    assert Acting("<p onclick='x'>").found and not Acting("<a href='#a'>x</a>").found


def test_the_authors_words_load_nothing_either():
    made = environment().from_string("{{ text|markdown }}")
    html = made.render(text="# A\n\n![pic](http://e.example/p.png) [x](javascript:alert(1)) <b onclick=x> $a_1 < b$")
    assert Acting(html.replace("#harmful-link", "#")).found == ["math"]      # the author's formula
    assert "a picture in the notebook: pic" in html and "<mo>&lt;</mo><mi>b</mi>" in html and "<h1" not in html


def test_a_page_stays_small_whatever_came():
    huge = "x = '" + "y" * 5_000_000 + "'"
    verdict = Verdict("test-f", "t", "failed", 0, 2, "r" * 4000, case={
        "inputs": {"k" * 100_000: encode("v" * 100_000)}, "expected": encode(["e" * 1000] * 100),
        "got": None, "raised": "E" * 1_000_000, "call": "c" * 100_000, "line": "l" * 100_000})
    html = page(verdict, code=huge, why=huge)
    assert len(html) < 100_000
    assert html.count("It goes on; this is its beginning.") == 2


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


def test_questions_under_one_heading_are_numbered_and_notebooks_named():
    cells = [new_markdown_cell("# Week\n\nLong introduction."), new_markdown_cell("## 1 · Both")]
    for name in "fg":
        cells += [solution("...", name), autograded("...", f"test-{name}")]
    cells[2:2] = [new_markdown_cell("Words with code:\n\n```\n# not a heading\n```\nand more.")]
    one = questions(Assignment("week", notebooks={"a": new_notebook(cells=cells)}))
    assert [q.title for q in one] == ["1 · Both, 1 of 2", "1 · Both, 2 of 2"]
    assert "introduction" not in one[0].asked and "Words with code" in one[0].asked and "and more" in one[0].asked
    two = questions(Assignment("week", notebooks={name: new_notebook(cells=cells[:5]) for name in "ab"}))
    assert [q.title for q in two] == ["a, 1 · Both", "b, 1 · Both"]


def test_a_quiz_shows_its_own_words_and_the_students_own_numbers():
    sheet = {"assignment": "week", "exercises": {}, "questions": {
        "q_own": Number("h + 1", draw={"h": [3, 4]}, course="nn", ask="{h}?").form()}}
    source = new_notebook(cells=[
        new_code_cell(f"from coursekit import desk\n\ndesk.load(r\'\'\'\n{json.dumps(sheet)}\n\'\'\')"),
        new_markdown_cell("## 2 · Quiz\n\nHow it works."), new_markdown_cell("What is `h + 1`?"),
        solution("q_own = ...", "quiz-q_own"),
        autograded("check('q_own')", "test-q_own")])
    question, = questions(Assignment("week", notebooks={"nb": source}))
    assert question.asked == "What is `h + 1`?" and question.form["kind"] == "number"
    h = drawn("nn", "ada", {"h": [3, 4]})["h"]
    verdict = Verdict("test-q_own", "2 · Quiz", "failed", 0, 1, "q_own: 9 is not right.", "Add.")
    executed = new_notebook(cells=[solution("q_own = 9", "quiz-q_own")])
    record = Record("ada", "week", 1, "d", {"nb": (verdict,)}, {})
    text = words(page_of(Assignment("week", notebooks={"nb": source}), record, {"nb": executed}, {}))
    assert f"Your numbers: h = {h}" in text and "q_own: 9 is not right." in text and "What is h + 1?" in text


def test_what_the_grader_could_not_judge_says_nothing_of_its_tests():
    text = words(page(Verdict("test-f", "t", "could_not_tell", 0, 2, "the cases of f fail: hidden_name")))
    assert "hidden_name" not in text and "not your fault" in text


def test_notes_on_stock_nbgrader_are_the_instructors():
    html = page(Verdict("test-f", "t", "passed", 2, 2, notes=(f"{STOCK} 0: the cell wrote to stderr.", "Put back.")))
    assert STOCK not in html and "Note: Put back." in html


def test_the_first_look_goes_where_most_is_to_be_gained():
    parts = [part_of(Question("nb", f"test-{n}", f"Q{n}", points), "ada",
                     Verdict(f"test-{n}", f"Q{n}", status, score, points, "because"), {}, {})
             for n, (points, status, score) in enumerate(
                 [(1, "failed", 0), (5, "passed", 5), (4, "failed", 3.5), (3, "failed", 0), (2, "failed", 0),
                  (9, "could_not_tell", 0)])]
    assert [part.question.title for _, part in first(parts)] == ["Q3", "Q4", "Q0"]


def test_an_unreadable_notebook_is_told_of_once():
    reason = "The file is not a notebook."
    html = page(Verdict("test-f", "t", "failed", 0, 2, reason), unreadable={"nb": reason})
    assert html.count(reason) == 1 and "Look at" not in html and "def f()" not in html


@pytest.fixture
def handed_in(built):
    """The tiny course with one student's broken hand-in, graded."""
    course = Course.load(built)
    folder = course.folder("submitted", NAME, "jürgen")
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_bytes(b"")

    def runner(job):
        return Run(job.notebook, findings={cell.id: [] for cell in job.notebook.cells if is_test(cell)})

    grade(course, NAME, runner=runner)
    return course


def test_pages_lie_beside_nbgraders_feedback(handed_in):
    path, = feedback(handed_in, NAME)
    assert path == handed_in.root / "build" / "feedback" / "jürgen" / f"{NAME}.html"
    assert not path.with_suffix("").exists()
    assert "The file is empty." in path.read_text(encoding="utf-8")
    with books.opened(handed_in) as gradebook:
        gradebook.find_submission(NAME, "jürgen").notebooks[0].late_submission_penalty = 1.0
        gradebook.db.commit()
    feedback(handed_in, NAME)
    html = path.read_text(encoding="utf-8")
    assert "0 points earned, 1 taken off because the hand-in came late" in html
    assert "<strong>0</strong> of" in html              # not -1, as nbgrader exports it


@pytest.mark.skipif(os.name != "posix", reason="nbgrader's exchange is for POSIX systems")
@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning",      # nbgrader's own slips
                            "ignore:unclosed file:ResourceWarning")
def test_nbgraders_exchange_hands_out_our_page(handed_in, tmp_path):
    from nbgrader.utils import notebook_hash

    from tests.stock import exchanging

    came = handed_in.folder("submitted", NAME, "jürgen")
    (came / "submission_secret.txt").write_text("a secret")
    (came / "timestamp.txt").write_text("2026-01-15 12:00:00 UTC")
    page, = feedback(handed_in, NAME)
    with exchanging(handed_in, tmp_path / "exchange") as (api, given):
        result = api.release_feedback(NAME)
    assert result["success"], result
    theirs = given / f"{notebook_hash(secret='a secret', notebook_id=NAME)}.html"
    assert theirs.read_bytes() == page.read_bytes()
