"""Known mistakes are counted with their students; each failed cell is of one kind."""

import pytest

from autograder.assignment import Assignment, Exercise, Misconception
from autograder.bookkeeping.record import Record
from autograder.report.findings import OTHERWISE, UNREADABLE, exposed, failures, misconceptions
from autograder.verdict import Verdict

WRONG = Misconception("biases-forgotten", "", "The biases are missing.", "?")
ASSIGNMENT = Assignment("week", exercises={"f": Exercise("f", (), (WRONG,))})


def record(student, *verdicts, **fields):
    return Record(student, "week", 1, "d", {"nb": verdicts}, **{"unreadable": {}, **fields})


def failed(rationale="", score=0.0, **fields):
    return Verdict("test-f", "F", "failed", score, 2.0, rationale, **fields)


def test_misconceptions_are_counted_and_told_in_the_authors_words():
    class_ = [record(who, failed(f"{who} got 12", misconception="biases-forgotten")) for who in ("bob", "eve")]
    class_ += [record("ada", failed("ada got 3", misconception="another")), record("cyd", failed())]
    first, second = misconceptions(ASSIGNMENT, class_)
    assert (first.says, first.students) == ("The biases are missing.", ("bob", "eve"))
    assert (second.says, second.students) == ("ada got 3", ("ada",))


@pytest.mark.parametrize(("verdict", "kind"), [
    (failed("f is not written yet."), "not answered"),
    (failed("q_mnist is not answered yet."), "not answered"),
    (failed("ValueError: no"), "an error was raised"),
    (failed("NameError: name 'g' is not defined"), "a name is missing"),
    (failed("SyntaxError: '(' was never closed"), "not Python"),
    (failed("NotRun: Python had ended in a cell before it"), "Python ended: left, crashed or out of memory"),
    (failed("It failed.", notes=("Stopped after 20 s.",)), "stopped: it took too long"),
    (failed("f(2) is 12, not 15", misconception="biases-forgotten"), "a known mistake"),
    (failed("f(2) is 12, not 15", score=1.0), "partly right"),
    (failed("f(2) is 12, not 15"), OTHERWISE),
])
def test_a_failed_cell_is_of_one_kind(verdict, kind):
    assert [(found.kind, found.cells, found.students) for found in failures([record("ada", verdict)])] == [
        (kind, 1, ("ada",))]


def test_failures_are_ranked_and_a_file_that_cannot_be_read_is_one_of_them():
    class_ = [record("ada", failed("f is not written yet.")),
              record("bob", failed("The file is empty."), failed("The file is empty."),
                     unreadable={"nb": "The file is empty."}),
              record("eve", Verdict("test-f", "F", "passed", 2, 2), Verdict("test-g", "G", "could_not_tell", 0, 2))]
    assert [(found.kind, found.cells) for found in failures(class_)] == [(UNREADABLE, 2), ("not answered", 1)]


def test_what_was_judged_beside_the_student_is_listed_by_cell():
    class_ = [record("ada", failed(tamper_proof=False)), record("bob", failed()),
              record("eve", failed(tamper_proof=False), unreadable={"nb": "empty"})]
    assert exposed(class_) == [("test-f", "F", 1)]
