"""The line about a course: what was judged where, and what stock nbgrader makes of it."""

from autograder.job import ASIDE, STOCK
from autograder.progress import course_line
from autograder.record import Record
from autograder.verdict import Verdict


def record(*verdicts, **fields):
    return Record("ada", "ps1", 1, "", {"p": verdicts}, fields.get("unreadable", {}))


def test_cells_are_counted_once_and_reasons_told():
    apart = Verdict("a", "", "passed", 1, 1, notes=(f"{STOCK} 0: the cell wrote to stderr.",))
    beside = Verdict("b", "", "passed", 1, 1, tamper_proof=False, notes=(f"{ASIDE} it reads source code",))
    nowhere = Verdict("c", "", "could_not_tell", 0, 1)
    line = course_line([record(apart, beside, nowhere)] * 2)
    assert line == ("1 of 3 test cells judged apart from students' code. 1 beside it: b (it reads source code). "
                    "1 not for everybody: c. 2 marks that stock nbgrader gives otherwise; 2 x Stock nbgrader gives 0: "
                    "the cell wrote to stderr.")


def test_notebooks_that_were_not_run_do_not_count():
    assert course_line([record(Verdict("a", "", "failed", 0, 1), unreadable={"p": "empty"})]).startswith("0 of 0")
