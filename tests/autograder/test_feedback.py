"""A student's page says what was asked and what came, and nothing on it can act or give anything away."""

import os
import re
import shutil
from html import unescape
from html.parser import HTMLParser

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import gradebook as books
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.feedback import case_rows, environment, feedback, page_of, questions
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
    assert Acting(html.replace("#harmful-link", "#")).found == []
    assert "a picture in the notebook: pic" in html and "a_1 &lt; b" in html and "<h1" not in html


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


@pytest.fixture
def handed_in(tiny, empty_gradebook):
    """The tiny course with one student's broken hand-in, graded."""
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
def test_nbgraders_exchange_hands_out_our_page(handed_in, tmp_path, monkeypatch):
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.utils import notebook_hash

    came = handed_in.folder("submitted", NAME, "jürgen")
    (came / "submission_secret.txt").write_text("a secret")
    (came / "timestamp.txt").write_text("2026-01-15 12:00:00 UTC")
    page, = feedback(handed_in, NAME)
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    config = handed_in.config.copy()
    config.CourseDirectory.course_id = "tiny"
    config.Exchange.root = str(exchange)
    monkeypatch.chdir(handed_in.root)
    result = NbGraderAPI(config=config).release_feedback(NAME)
    assert result["success"], result
    given = exchange / "tiny" / "feedback" / f"{notebook_hash(secret='a secret', notebook_id=NAME)}.html"
    assert given.read_bytes() == page.read_bytes()
