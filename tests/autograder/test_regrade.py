"""After a check is mended: what moves is told before it is written, nothing sinks unasked, a person's marks stay."""

import json
from contextlib import nullcontext

import nbformat
import pytest
from typer.testing import CliRunner

import autograder.runners
from autograder.authoring.author import build
from autograder.bookkeeping.classmarks import class_marks
from autograder.bookkeeping.gradebook import opened
from autograder.bookkeeping.record import load
from autograder.cli.app import app
from autograder.course import Course
from autograder.exercise.solutions import is_test
from autograder.grade import grade
from autograder.job import Run
from autograder.regrade import STAYS, Lost, regrade

NAME = "week05_tiny"
CHECKS = {}         # cell -> student -> (fraction, words); what the tests say, as long as nobody mends them
RAN = []


def runner(job):
    run = Run(job.notebook)
    RAN.append(job.student)
    for cell in job.notebook.cells:
        if is_test(cell):
            fraction, words = CHECKS.get(cell.metadata.nbgrader.grade_id, {}).get(job.student, (1.0, ""))
            if fraction == "crash":
                raise RuntimeError(words)
            cell.execution_count = 1
            status = "passed" if fraction == 1 else "could_not_tell" if fraction is None else "failed"
            run.findings[cell.metadata.nbgrader.grade_id] = [
                {"exercise": "", "status": status, "fraction": fraction or 0.0, "rationale": words}]
    return run


@pytest.fixture
def course(built):
    CHECKS.clear()
    RAN.clear()
    course = Course.load(built)
    for student in ("ada", "bob", "eve"):
        hand_in(course, student)
    return course


def hand_in(course, student, time="2026-01-15 12:00:00 UTC"):
    folder = course.folder("submitted", NAME, student)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(nbformat.v4.new_notebook()))
    (folder / "timestamp.txt").write_text(time)


def mend(course, **checks):
    """Change the hidden test, and with it what the tests say: cell -> student -> (fraction, words)."""
    CHECKS.update({f"test-{cell}": said for cell, said in checks.items()})
    text = course.root / NAME / f"{NAME}.py"
    text.write_text(text.read_text().replace("yield (1.5,)", "yield (1.5,)\n    yield (2.5,)"))
    build(course, NAME)


def marks(course):
    with opened(course) as gradebook:
        return {(student, place.cell): score.points for student, cells in class_marks(gradebook, NAME).items()
                for place, score in cells.items()}


def everything(course):
    return {path: path.read_bytes() for path in sorted(course.root.rglob("*")) if path.is_file()}


@pytest.fixture
def broken(course):
    """Graded with a check that bob failed unjustly and that eve passed unjustly."""
    CHECKS["test-double"] = {"bob": (0.0, "double(2) is 4, not 5.")}
    grade(course, NAME, runner=runner)
    mend(course, double={"eve": (0.5, "double(2.5) is 6, not 5.")})
    return course


def test_who_would_move_is_told_and_nothing_is_written(broken):
    before = everything(broken)
    outcome = regrade(broken, NAME, runner=runner)
    assert everything(broken) == before and not outcome.written
    assert outcome.regraded == 3
    gain, sunk = outcome.moves
    assert (gain.student, gain.cell, gain.before, gain.after) == ("bob", "test-double", 0.0, 1.5)
    assert (gain.was, gain.now, gain.change) == ("double(2) is 4, not 5.", "It passed.", 1.5)
    assert (sunk.student, sunk.before, sunk.after, sunk.kept, sunk.change) == ("eve", 1.5, 0.75, True, 0.0)
    assert (sunk.was, sunk.now) == ("It passed.", "double(2.5) is 6, not 5.")
    before, after = outcome.totals.pop("bob")
    assert after - before == 1.5 and not outcome.totals


def test_apply_writes_what_was_told_and_runs_nobody_twice(broken):
    RAN.clear()
    outcome = regrade(broken, NAME, runner=runner, apply=True)
    assert outcome.written and sorted(RAN) == ["ada", "bob", "eve"]
    now = marks(broken)
    assert (now["bob", "test-double"], now["eve", "test-double"]) == (1.5, 1.5)
    verdict, = (v for v in load(broken, NAME, "eve").all_verdicts if v.cell == "test-double")
    assert verdict.status == "passed" and verdict.notes[-1] == f"{STAYS} gives 0.75 of 1.5 points."
    again = regrade(broken, NAME, runner=runner, apply=True)
    assert not again.moves and again.regraded == 0 and not again.written
    RAN.clear()
    grade(broken, NAME, runner=runner)
    assert RAN == [] and marks(broken) == now       # grading finds all of it done


def test_marks_sink_where_that_is_allowed_also_later(broken):
    regrade(broken, NAME, runner=runner, apply=True)
    outcome = regrade(broken, NAME, runner=runner, apply=True, lower=True)
    assert [(move.student, move.before, move.after, move.kept) for move in outcome.moves] == [("eve", 1.5, 0.75, False)]
    assert outcome.totals.keys() == {"eve"} and marks(broken)["eve", "test-double"] == 0.75


def test_what_the_grader_can_no_longer_tell_is_no_loss_but_a_first_mark_is(course):
    CHECKS["test-double"] = {"bob": (None, "out of paper")}
    grade(course, NAME, runner=runner)
    mend(course, double={"ada": (None, "out of ink"), "bob": (0.5, "half"), "eve": ("crash", "no table")})
    outcome = regrade(course, NAME, runner=runner, apply=True)
    told = {(move.student, move.cell): move for move in outcome.moves}
    assert told["ada", "test-double"].kept and told["ada", "test-double"].after is None
    assert (told["bob", "test-double"].before, told["bob", "test-double"].after) == (None, 0.75)
    assert all(move.kept for (student, _), move in told.items() if student == "eve")
    assert "The grader itself failed" in told["eve", "test-double"].now
    now = marks(course)
    assert (now["ada", "test-double"], now["bob", "test-double"], now["eve", "test-double"]) == (1.5, 0.75, 1.5)


def test_what_a_person_gave_stays(broken):
    with opened(broken) as gradebook:
        for student, given in (("bob", 1.0), ("eve", 1.25)):
            gradebook.find_grade("test-double", NAME, NAME, student).manual_score = given
        gradebook.find_grade("test-double", NAME, NAME, "ada").extra_credit = 0.25
        gradebook.find_comment("answer-why", NAME, NAME, "bob").manual_comment = "Well argued."
        gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 2.0
        gradebook.db.commit()
    outcome = regrade(broken, NAME, runner=runner, apply=True, lower=True)
    assert [(move.student, move.by_hand, move.change) for move in outcome.moves] == [("bob", 1.0, 0), ("eve", 1.25, 0)]
    assert not outcome.totals
    with opened(broken) as gradebook:
        assert gradebook.find_grade("test-double", NAME, NAME, "bob").score == 1.0
        assert gradebook.find_grade("test-double", NAME, NAME, "ada").extra_credit == 0.25
        assert gradebook.find_comment("answer-why", NAME, NAME, "bob").comment == "Well argued."
        assert gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty == 2.0


def test_new_hand_ins_are_grades_business(broken):
    hand_in(broken, "fay")
    hand_in(broken, "bob", "2026-01-16 12:00:00 UTC")
    outcome = regrade(broken, NAME, runner=runner, apply=True)
    assert (outcome.newer, outcome.ungraded) == (("bob",), ("fay",))
    assert {move.student for move in outcome.moves} == {"eve"} and outcome.regraded == 2
    assert marks(broken)["bob", "test-double"] == 0 and ("fay", "test-double") not in marks(broken)


def test_only_the_students_named(broken):
    outcome = regrade(broken, NAME, runner=runner, students=["bob"], apply=True)
    assert outcome.regraded == 1 and {move.student for move in outcome.moves} == {"bob"}
    assert RAN[-1] == "bob" and outcome.ungraded == ()


def test_a_test_that_is_gone_takes_its_marks_along_only_where_allowed(broken):
    text = broken.root / NAME / f"{NAME}.py"
    text.write_text(text.read_text().replace('test="double" points=1.5', 'test="other" points=1.5'))
    build(broken, NAME)
    outcome = regrade(broken, NAME, runner=runner)
    gone = {move.student: move.change for move in outcome.moves if move.gone}
    assert gone == {"ada": -1.5, "bob": 0, "eve": -1.5}
    before = marks(broken)
    with pytest.raises(Lost, match="^test-double: these tests gave marks"):
        regrade(broken, NAME, runner=runner, apply=True)
    assert marks(broken) == before
    regrade(broken, NAME, runner=runner, apply=True, lower=True)
    assert ("ada", "test-double") not in marks(broken) and marks(broken)["ada", "test-other"] == 1.5


def test_points_that_are_weighted_anew_are_no_loss(broken):
    text = broken.root / NAME / f"{NAME}.py"
    text.write_text(text.read_text().replace('test="double" points=1.5', 'test="double" points=3'))
    build(broken, NAME)
    outcome = regrade(broken, NAME, runner=runner, apply=True)
    assert {(m.student, m.before, m.after, m.kept) for m in outcome.moves} == {
        ("ada", 1.5, 3.0, False), ("bob", 0.0, 3.0, False), ("eve", 3.0, 1.5, True)}
    assert marks(broken)["eve", "test-double"] == 3.0       # as much of it as she had


def test_without_a_change_nothing_moves(course):
    with pytest.raises(FileNotFoundError, match="nothing of week05_tiny is graded yet"):
        regrade(course, NAME, runner=runner)
    grade(course, NAME, runner=runner)
    outcome = regrade(course, NAME, runner=runner, apply=True)
    assert outcome.regraded == 0 and outcome.moves == () and not outcome.totals and not outcome.written


def test_the_command_tells_it_and_as_json_too(broken, monkeypatch):
    monkeypatch.setattr(autograder.runners, "chosen", lambda *_: nullcontext(runner))
    said = CliRunner().invoke(app, ["regrade", "week05", "--course", str(broken.root)])
    assert said.exit_code == 0
    for words in ("test-double: 0 -> 1.5", "was: double(2) is 4, not 5.", "now: It passed.",
                  "1.5 -> 0.75 would be lower, so 1.5 stays",
                  "3 hand-ins graded again: 1 students gain, 0 lose; 1 marks would sink and stay (--allow-lower).",
                  "Nothing was written; --apply does."):
        assert words in said.output, said.output
    told = json.loads(CliRunner().invoke(app, ["regrade", "week05", "--course", str(broken.root), "--apply",
                                               "--json"]).stdout)
    assert told["written"] and told["totals"]["bob"]["after"] - told["totals"]["bob"]["before"] == 1.5
    assert [(move["student"], move["kept"], move["change"]) for move in told["moves"]] == [
        ("bob", False, 1.5), ("eve", True, 0.0)]
