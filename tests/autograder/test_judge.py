"""What a run brought back, as marks: nbgrader's rule without its surprises, and nothing for what did not end."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.assignment import Assignment
from autograder.job import Job, Run
from autograder.judge import judge
from tests.notebooks import autograded


def test_cell(source="assert f()", *outputs, count=1, points=2, name="t"):
    cell = autograded(source, name, points)
    cell.outputs, cell.execution_count = list(outputs), count
    return cell


test_cell.__test__ = False


def value(text):
    return new_output("execute_result", {"text/plain": text}, execution_count=1)


def error(name="AssertionError", words="f() is 3"):
    return new_output("error", ename=name, evalue=words, traceback=[])


def stderr():
    return new_output("stream", name="stderr", text="RuntimeWarning: divide by zero")


def finding(status="failed", fraction=0.0, **fields):
    return {"exercise": "f", "status": status, "fraction": fraction, "rationale": "20, not 26.", "hint": "Why?",
            "misconception": "biases-forgotten", "case": {"inputs": {}}, **fields}


def verdict(*outputs, findings=(), notes=(), strict=False, **cell):
    tested = test_cell(cell.pop("source", "assert f()"), *outputs, **cell)
    notebook = new_notebook(cells=[new_markdown_cell("## 1 · Counting"), tested])
    job = Job("ada", "nb", notebook, Assignment("tiny", notebooks={"nb": notebook}), b"")
    run = Run(notebook, findings={"t": list(findings)} if findings else {}, notes={"t": list(notes)} if notes else {})
    only, = judge(job, run, strict=strict)
    assert (only.cell, only.title, only.max_score) == ("t", "1 · Counting", cell.get("points", 2))
    return only


@pytest.mark.parametrize("outputs, status, score", [
    ((), "passed", 2),
    ((value("'fine'"),), "passed", 2),
    ((value("True"),), "passed", 2),
    ((value("1.5"),), "failed", 1.5),
    ((value("2.0"),), "passed", 2),
    ((value("0.0"),), "failed", 0),
    ((value("-1"),), "failed", 0),
    ((value("nan"),), "failed", 0),
    ((value("2.5"),), "could_not_tell", 0),
    ((error(),), "failed", 0),
    ((value("2.0"), error()), "failed", 0),
    ((stderr(),), "passed", 2),
    ((stderr(), value("1.0")), "failed", 1),
])
def test_cells_without_findings_follow_nbgrader_but_for_its_surprises(outputs, status, score):
    found = verdict(*outputs)
    assert (found.status, found.score) == (status, score)


def test_strict_is_nbgraders_rule_for_stderr():
    found = verdict(stderr(), strict=True)
    assert (found.status, found.score) == ("failed", 0)


def test_a_cell_that_was_not_run_gets_nothing_and_the_reason():
    found = verdict(count=None, notes=["Not run: Python had ended in a cell before it."])
    assert (found.status, found.score) == ("failed", 0)
    assert found.rationale == "Not run: Python had ended in a cell before it."


def test_an_examine_without_a_finding_gives_nothing():
    assert verdict(source="examine(f, cases)").score == 0


def test_a_findings_words_are_the_verdicts():
    found = verdict(error("ExamineFailed", "x"), findings=[finding()])
    assert (found.status, found.score, found.rationale, found.hint) == ("failed", 0, "20, not 26.", "Why?")
    assert found.misconception == "biases-forgotten" and found.case == {"inputs": {}}


def test_part_of_a_finding_is_part_of_the_points():
    assert verdict(value("1.5"), findings=[finding(fraction=0.75)]).score == 1.5


def test_a_passed_finding_gets_everything_unless_an_assert_after_it_fails():
    assert verdict(findings=[finding("passed", 1.0, rationale="")]).score == 2
    found = verdict(error(words="and now"), findings=[finding("passed", 1.0)])
    assert (found.status, found.score, found.rationale) == ("failed", 0, "and now")


def test_a_part_is_kept_where_examine_itself_ends_the_cell_and_not_where_something_after_it_does():
    assert verdict(error("ExamineFailed", "x"), findings=[finding(fraction=0.5)]).score == 1
    found = verdict(error(words="and now"), findings=[finding(fraction=0.5)])
    assert (found.status, found.score, found.rationale) == ("failed", 0, "and now")


def test_of_several_findings_the_worst_counts():
    """A student's function cannot add a finding that helps it."""
    forged = finding("passed", 1.0)
    assert verdict(findings=[forged, finding(), forged]).score == 0


def test_the_graders_own_fault_is_told():
    found = verdict(error("CouldNotTell", "x"), findings=[finding("could_not_tell", 0.0)])
    assert (found.status, found.score) == ("could_not_tell", 0)
    assert verdict(error("ImportError", "cannot import name 'x' from 'autograder.y'")).status == "could_not_tell"


@pytest.mark.parametrize("damage", [
    {"status": "excellent"}, {"fraction": 2}, {"fraction": float("nan")}, {"fraction": "1"}, {"fraction": True},
    {"rationale": ["x"]}, {"case": "x"}, {"hint": 3},
])
def test_a_malformed_finding_gives_nothing(damage):
    found = verdict(findings=[finding("passed", 1.0) | damage])
    assert (found.status, found.score) == ("failed", 0)


def test_a_missing_name_is_traced_to_the_cell_that_should_define_it():
    solution = new_code_cell("def f(:\n    return 1", outputs=[error("SyntaxError", "invalid syntax")])
    notebook = new_notebook(cells=[solution, test_cell("assert f()", error("NameError", "name 'f' is not defined"))])
    job = Job("ada", "nb", notebook, Assignment("tiny", notebooks={"nb": notebook}), b"")
    found, = judge(job, Run(notebook))
    assert found.rationale == "f is not defined, because the cell that defines it ended in SyntaxError: invalid syntax"


def test_written_answers_have_no_verdict():
    written = test_cell()
    written.metadata.nbgrader["solution"] = True
    notebook = new_notebook(cells=[written])
    assert judge(Job("ada", "nb", notebook, Assignment("t", notebooks={"nb": notebook}), b""), Run(notebook)) == []
