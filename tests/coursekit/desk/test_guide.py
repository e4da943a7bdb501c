"""What leads on: hints in steps, and what is done, left and next."""

import json

import pytest

from coursekit import desk
from coursekit.desk.quiz import Choice
from coursekit.desk.sheet import Exercise
from coursekit.desk.standing import CheckFailed
from coursekit.outcome import Case, Outcome, Rules
from coursekit.trial import Trial


def exercise(name, *hints):
    return Exercise(Rules(name, ("x",)), (Trial(Case(1), Outcome(2)),), (), hints).to_data()


SHEET = {"assignment": "week01", "questions": {"q_arrows": Choice("b").form()},
         "exercises": {"double": exercise("double", "What is a thing and the same thing again?", "Add."),
                       "twice": exercise("twice")}}
RIGHT = "def double(x): return 2 * x\ndef twice(x): return 2 * x\nq_arrows = 'b'\n"
WRONG = "def double(x): return x\ntry:\n    check(double)\nexcept AssertionError:\n    pass\n"


@pytest.fixture
def say(monkeypatch, capsys):
    """say(source) -> the lines that a notebook's cell prints, in a notebook whose desk was just loaded."""
    monkeypatch.delenv("COURSEKIT_GRADING", raising=False)
    desk.load(json.dumps(SHEET))
    names = {"check": desk.check, "hint": desk.hint, "progress": desk.progress}

    def run(source):
        capsys.readouterr()
        exec(compile(source, "<cell>", "exec"), names)
        return capsys.readouterr().out.splitlines()

    return run


def test_before_any_check(say):
    assert say("progress()") == [
        "· double    not begun", "· twice     not begun", "· q_arrows  not begun", "",
        "0 of 2 exercises pass, 0 of 1 questions are answered.",
        "Nothing was checked since the kernel started: the cell below each exercise checks it.",
        'Next: double. Stuck? hint("double")']


def test_on_the_way(say):
    say(WRONG + RIGHT + "check(twice)")
    assert say("progress()") == [
        "✗ double    not yet", "✓ twice     passes", "· q_arrows  not begun", "",
        "1 of 2 exercises pass, 0 of 1 questions are answered.", 'Next: double. Stuck? hint("double")']
    say(RIGHT + "check(double)")
    assert say("progress()")[-1] == "Next: the question q_arrows."


def test_all_done(say):
    say(RIGHT + "check(double); check(twice); check('q_arrows')")
    assert say("progress()")[-3:] == [
        "2 of 2 exercises pass, 1 of 1 questions are answered.",
        "Hidden cases decide the marks, and what is written in words is read by a person.",
        "Save the notebook and hand it in."]


def test_what_is_as_it_was_given_out_is_not_begun_though_its_check_ran(say):
    for source in ("def double(x): raise NotImplementedError()\ncheck(double)", "q_arrows = ...\ncheck('q_arrows')"):
        with pytest.raises(CheckFailed):
            say(source)
    assert [line[0] for line in say("progress()")[:3]] == ["·", "·", "·"]
    assert not any("Nothing was checked" in line for line in say("progress()"))
    with pytest.raises(CheckFailed):
        say("q_arrows = 'x'\ncheck('q_arrows')")
    assert say("progress()")[2] == "✗ q_arrows  not yet"


def test_what_no_longer_passes_is_open_again(say):
    say(RIGHT + "check(double)")
    say(WRONG)
    assert say("progress()")[0] == "✗ double    not yet"


def test_a_restart_begins_anew(say):
    say(RIGHT + "check(double)\nhint(double)")
    desk.load(json.dumps(SHEET))
    assert say("progress()")[0] == "· double    not begun"
    assert "hint 1 of 2" in say("hint('double')")[0]


def test_hints_one_step_at_a_time(say):
    assert say(RIGHT + "hint(double)") == ["double, hint 1 of 2: What is a thing and the same thing again?"]
    assert say("hint('double')") == ["double, hint 2 of 2: Add.",
                                     "That was the last one; the next call begins again."]
    assert "hint 1 of 2" in say("hint(double)")[0]


def test_without_a_name_the_hint_is_for_what_is_next(say):
    assert say("hint()") == ["double, hint 1 of 2: What is a thing and the same thing again?"]
    say(RIGHT + "check(double)")
    assert say("hint()") == ["There is no hint for twice."]
    say("check(twice)")
    assert say("hint()") == ["Every exercise here passes its public cases; there is nothing to hint at."]


@pytest.mark.parametrize(("call", "said"), [
    ("hint('doubel')", "'doubel' is no exercise or question of this notebook. Did you mean 'double'?"),
    ("hint('zzz')", "'zzz' is no exercise or question of this notebook. There are double, twice, q_arrows."),
    ("hint(print)", "This is no exercise or question of this notebook. There are double, twice, q_arrows."),
    ("hint('twice')", "There is no hint for twice."),
    ("hint('q_arrows')", "q_arrows is a question of the quiz: whether its answer is right comes with the feedback."),
])
def test_what_has_no_hint(say, call, said):
    assert say(call) == [said]


@pytest.mark.parametrize("call", ["hint('double')", "progress()"])
def test_a_desk_that_is_not_loaded_says_what_would_do(call, say, monkeypatch):
    monkeypatch.setattr("coursekit.desk.standing._sheet", None)
    with pytest.raises(CheckFailed, match="run the cells above first"):
        say(call)
