"""Our marks against stock nbgrader's, hand-in by hand-in: where they differ, and why.

Both read the same hand-ins of the same course; stock nbgrader runs as it is. Differences are
meant, and every one is listed here.
"""

import csv
import os
import subprocess
import sys

import pytest
from nbgrader.utils import notebook_hash

from autograder.bookkeeping import gradebook as books
from tests.stock import ENVIRONMENT, exchanging, nbgrader

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("default")]

# What the student did -> what stock nbgrader does about it. (A mark that it does not give counts 0 in its exports.)
DIFFERENCES = {
    "kernel-killed": "gives no marks at all, also for what came before; we keep those",
    "test-deleted": "gives no mark for that test; we put the test back",
    "all-tests-deleted": "gives no marks for tests that are not there; we put them back",
    "test-duplicated": "refuses the notebook; we drop the copy",
    "test-skipped": "gives all points for a test that a tag kept from running; we run it",
    "tests-first": "runs the tests before the answers; we put the cells in order",
    "renamed-file": "does not know the file; we take the only notebook there is",
    "not-json": "gives no marks; we give 0 and the reason",
    "empty-file": "gives no marks; we give 0 and the reason",
    "web-page": "gives no marks; we give 0 and the reason",
    "nested-too-deep": "gives no marks; we give 0 and the reason",
    "no-notebook": "does not see the hand-in; we give 0 and the reason",
    "metadata-lost": "finds no tests; we know the cells by text and by what they define",
    "windows-line-ends": "cannot read a byte order mark; we can",
    "warnings-on-stderr": "gives 0 for a right answer that wrote to stderr; we do not look there",
}
STOCK_GIVES_MORE = {"test-skipped"}


def scores(course, name):
    """{what the student did: {test: mark}}; None where nbgrader has no mark."""
    with books.opened(course) as gradebook:
        return {
            submission.student.id[5:]: {grade.name: grade.auto_score for notebook in submission.notebooks
                                        for grade in notebook.grades if grade.cell_type == "code"}
            for submission in gradebook.assignment_submissions(name)
        }


@pytest.fixture(scope="module")
def both(ours, stock, name):
    """{what the student did: (our marks, stock nbgrader's)}"""
    theirs = scores(stock, name)
    return {kind: (marks, theirs.get(kind, dict.fromkeys(marks))) for kind, marks in scores(ours, name).items()}


def test_the_class_is_large(both):
    assert len(both) >= 40 and all(len(marks) > 20 for marks, _ in both.values())


def test_every_difference_is_listed(both):
    differing = {kind for kind, (marks, theirs) in both.items() if marks != theirs}
    assert differing == set(DIFFERENCES)


def test_stock_nbgrader_gives_more_only_where_it_is_wrong(both):
    more = {kind for kind, (marks, theirs) in both.items()
            if any((theirs[test] or 0) > mark for test, mark in marks.items())}
    assert more == STOCK_GIVES_MORE


def test_stock_feedback_works_on_what_we_graded(ours, name):
    with nbgrader(ours) as api:
        result = api.generate_feedback(name)
    assert result["success"], result
    pages = {path.parent.parent.name for path in ours.folder("feedback", name).parent.glob(f"*/{name}/*.html")}
    assert pages == set(ours.students(name))


def test_stock_release_works_on_what_we_graded(ours, name, exchanged, tmp_path):
    """Who handed in through nbgrader's exchange gets nbgrader's page by the secret that came with the hand-in."""
    student, secret = exchanged
    with exchanging(ours, tmp_path / "exchange") as (api, given):
        for result in (api.generate_feedback(name, student, force=True), api.release_feedback(name, student)):
            assert result["success"], result
    page, = given.iterdir()
    assert page.name == f"{notebook_hash(secret=secret, notebook_id=name)}.html"
    assert "count_dense" in page.read_text(encoding="utf-8")


def test_stock_export_has_our_marks(ours, name, tmp_path):
    target = tmp_path / "grades.csv"
    subprocess.run([sys.executable, "-m", "nbgrader", "export", f"--to={target}"], cwd=ours.root, check=True,
                   capture_output=True, env=os.environ | ENVIRONMENT)
    with open(target, newline="", encoding="utf-8") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == name}
    with books.opened(ours) as gradebook:
        assert exported == {student: marks[0] for student, marks in books.totals(gradebook, name).items()}
    assert exported["s001-correct-reference"] == 42
