"""The student's desk: what check and ask say."""

import json
import subprocess
import sys

import numpy as np
import pytest

from coursekit import desk
from coursekit.desk.check import standing_aside
from coursekit.desk.quiz import Choices, Number, Order, WrongAnswer
from coursekit.desk.sheet import Exercise
from coursekit.desk.standing import CheckFailed
from coursekit.outcome import Case, Outcome, Rules
from coursekit.trial import Trial, Wrong


def sheet():
    count = Exercise(
        Rules("count", ("d_in", "d_out")),
        (Trial(Case(2, 3), Outcome(9)), Trial(Case(1, 1), Outcome(2))),
        (Wrong("biases-forgotten", "The biases are missing.", "What does each unit add?", [Outcome(6),
        Outcome(1)].__getitem__),
         Wrong("right-here", "It fails for large sizes.", "", [Outcome(9), Outcome(2)].__getitem__)),
        ("Draw the network.", "Count the arrows."),
    )
    total = Exercise(Rules("total"))
    forms = {"q_mnist": Number("50890"), "q_wider": Choices("ad", options="abcdef"),
             "q_own": Number("h + 1", draw={"h": [32]}, course="nn", ask="A network with {h} units?"),
             "q_order": Order("ba", before=("b<a",))}
    return json.dumps({"assignment": "week01", "exercises": {"count": count.to_data(), "total": total.to_data()},
                       "questions": {name: q.form() for name, q in forms.items()}})


@pytest.fixture(autouse=True)
def loaded(monkeypatch):
    monkeypatch.delenv("COURSEKIT_GRADING", raising=False)
    desk.load(sheet())


def cell(source):
    """A notebook's cell: names of its own, and the desk's."""
    names = {"check": desk.check, "hint": desk.hint, "progress": desk.progress, "ask": desk.ask, "np": np,
    "Number": Number,
             "WrongAnswer": WrongAnswer}
    exec(compile(source, "<cell>", "exec"), names)


RIGHT = "def count(d_in, d_out):\n    return (d_in + 1) * d_out\n"


def test_a_right_solution(capsys):
    cell(RIGHT + "check(count)")
    assert capsys.readouterr().out == "✓ count passes its 2 public cases. Hidden cases decide the mark.\n"


def test_a_known_mistake_is_shown_and_named(capsys):
    with pytest.raises(CheckFailed) as failure:
        cell("def count(d_in, d_out):\n    return d_in * d_out\ncheck(count)")
    assert str(failure.value) == "count(2, 3) is 6, not 9: the biases are missing.\nWhat does each unit add?"
    assert failure.value._render_traceback_() == str(failure.value).split("\n")
    assert "expected  9" in capsys.readouterr().out


def test_an_unknown_mistake_points_to_the_hints():
    with pytest.raises(CheckFailed, match=r"is None, not the whole number 9.\nStuck\? hint\(.count.\)"):
        cell("def count(d_in, d_out):\n    pass\ncheck(count)")


def test_a_stub_is_told_in_one_line(capsys):
    with pytest.raises(CheckFailed, match=r"count is not written yet.\nStuck\? hint\(.count.\)"):
        cell("def count(d_in, d_out):\n    raise NotImplementedError()\ncheck(count)")
    assert capsys.readouterr().out == ""


def test_mistakes_that_are_right_in_public_do_not_travel():
    assert "right-here" not in sheet()


def test_what_is_no_exercise():
    with pytest.raises(CheckFailed, match="There are count, total, q_mnist"):
        cell("check(print)")
    with pytest.raises(CheckFailed, match="'coutn' is no exercise or question of this notebook. Did you mean 'count'"):
        cell("check('coutn')")


def test_a_variable_is_only_looked_for(capsys):
    cell("total = 3\ncheck('total')")
    assert "Hidden cases decide" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="not there yet"):
        cell("check('total')")


@pytest.mark.parametrize(("typed", "said"), [
    ("q_mnist = 6*7", "q_mnist: your answer reads 42. Whether it is right comes with the feedback."),
    ("q_wider = ['d', 'a']", "q_wider: your answer reads a, d. Whether it is right comes with the feedback."),
    ("q_order = 'a b'", "q_order: your answer reads ab. Whether it is right comes with the feedback."),
])
def test_a_graded_question_hears_of_its_form_alone(typed, said, capsys):
    name = typed.split(" ")[0]
    cell(f"{typed}\ncheck({name!r})")
    assert capsys.readouterr().out.strip() == said


@pytest.mark.parametrize(("typed", "said"), [
    ("q_mnist = ...", "no answer yet"), ("q_mnist = 'many'", "no name many"), ("q_wider = 'xyz'",
    "letters out of a, b, c, d, e and f"),
    ("q_order = 'a'", "the letters b are missing"), ("q_own = 3", "Type your id"), ("student_id = ''\nq_own = 3",
    "Type your id"), ("student_id = '...'\nq_own = 3", "Type your id"),
])
def test_what_is_no_answer(typed, said):
    name = typed.split("\n")[-1].split(" ")[0]
    with pytest.raises(CheckFailed, match=said):
        cell(f"{typed}\ncheck({name!r})")


def test_ones_own_numbers_stand_in_the_question(capsys):
    cell("student_id = 'ada'\nq_own = 'h + 1'\ncheck('q_own')")
    assert capsys.readouterr().out.startswith("A network with 32 units?\nq_own: your answer reads 33.")


def test_a_lectures_question_answers_at_once(capsys):
    for typed, said in [("...", "n: there is no answer yet; replace the ... by yours."), ("26", "Right!"),
                        ("20", "Not yet. The biases are missing."), ("21", "Not yet.")]:
        cell(f"n = {typed}\nask('n', Number('26', wrong=(WrongAnswer('20', 'The biases are missing.'),)))")
        assert capsys.readouterr().out.strip() == said


def test_the_desk_stands_aside_under_the_grader(monkeypatch, capsys):
    with standing_aside():
        cell("def count(d_in, d_out):\n    pass\ncheck(count)")
    monkeypatch.setenv("COURSEKIT_GRADING", "/course")
    cell("def count(d_in, d_out):\n    pass\ncheck(count)")
    assert capsys.readouterr().out == ""


def test_nothing_loaded():
    code = "from coursekit.desk import check\ntry:\n    check(print)\nexcept AssertionError as e:\n    print(e)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "run the cells above first" in said


def test_in_a_notebook_the_table_is_html(monkeypatch):
    import IPython

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    with pytest.raises(CheckFailed):
        cell("def count(d_in, d_out):\n    return '<b>'\ncheck(count)")
    assert "&lt;b&gt;" in shown[0]["text/html"]
    assert "The smallest case that fails: count(2, 3)" in shown[0]["text/html"]
    assert "got" in shown[0]["text/plain"]


def test_ipython_shows_one_line_and_no_traceback_of_ours():
    code = ("from IPython.core.interactiveshell import InteractiveShell as S; import sys\n"
            "s = S()\ns.run_cell('from coursekit.desk import check\\ncheck(print)')")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "run the cells above first" in said.stdout
    assert "Traceback" not in said.stdout + said.stderr
    assert "check.py" not in said.stdout + said.stderr


def test_random_exercises_travel_too():
    rules = Rules("draw", ("rng", "n"))
    case = Case(np.random.default_rng(3), 500, law={"normal": (0, 1)})

    def draw(rng, n):
        return rng.normal(size=n)

    from coursekit.outcome import attempt
    told = Exercise(rules, (Trial(case, attempt(draw, case, rules)),)).to_data()
    desk.load(json.dumps({"assignment": "a", "exercises": {"draw": told}, "questions": {}}))
    cell("def draw(rng, n):\n    return rng.normal(size=(2, n))[1]\ncheck(draw)")
    with pytest.raises(CheckFailed, match="breaks its law"):
        cell("def draw(rng, n):\n    return 3 * rng.normal(size=n)\ncheck(draw)")
    with pytest.raises(CheckFailed, match="whatever the state"):
        cell("def draw(rng, n):\n    return np.random.default_rng(1).normal(size=n)\ncheck(draw)")


def test_a_script_ends_in_one_line_too_and_other_errors_as_ever():
    head = "import sys\nfrom coursekit import desk\n" + f"desk.load({sheet()!r})\n" + "count = lambda d_in, d_out: 6\n"

    def said(last):
        ended = subprocess.run([sys.executable, "-c", head + last], capture_output=True, text=True)
        assert ended.returncode == 1
        return ended.stderr

    assert said("desk.check(count)").startswith("count(2, 3) is 6, not 9")
    assert "Traceback" not in said("desk.check(count)")
    assert "Traceback" in said("try:\n    desk.check(count)\nexcept AssertionError:\n    1 / 0")
