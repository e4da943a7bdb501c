"""What is shown while a class is graded, and the line about a course: what was judged where."""

import io

import pytest
from rich.console import Console

from autograder.bookkeeping.record import Record
from autograder.cli.progress import Pace, Stopped, course_line, following
from autograder.job import ASIDE, STOCK
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


def test_a_reason_stays_on_the_line():
    beside = Verdict("b", "", "passed", 1, 1, tamper_proof=False, notes=(f"{ASIDE} Error:\nExpected\n{'more ' * 50}",))
    line = course_line([record(beside)])
    assert "b (Error: Expected more" in line and "[...])" in line and "\n" not in line


def test_notebooks_that_were_not_run_do_not_count():
    assert course_line([record(Verdict("a", "", "failed", 0, 1), unreadable={"p": "empty"})]).startswith("0 of 0")


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_the_pace_is_that_of_those_that_were_run():
    clock = Clock()
    pace = Pace(clock)
    for _ in range(90):
        pace.note(of=120, fresh=False)
    assert pace.in_words() == "90 of 120, 0.0 a second"
    for _ in range(10):
        clock.now += 0.5
        pace.note(of=120, fresh=True)
    assert pace.in_words() == "100 of 120, 2.0 a second, 10 s left"
    assert pace.summary() == "10 hand-ins graded in 5 s, 90 were unchanged"


def test_the_pace_is_that_of_late():
    clock = Clock()
    pace = Pace(clock)
    for took in [10] * 10 + [1] * 60:
        clock.now += took
        pace.note(of=200, fresh=True)
    assert pace.in_words() == "70 of 200, 1.0 a second, 2 min 10 s left"


@pytest.mark.parametrize("terminal", [False, True])
def test_a_log_gets_plain_lines_and_a_terminal_a_bar(terminal):
    shown = io.StringIO()
    with following(Console(file=shown, force_terminal=terminal, width=120, highlight=False), "ps1", every=0) as tell:
        for _ in range(3):
            tell(record(), 3, True)
    *lines, last = shown.getvalue().strip().splitlines()
    assert last.endswith("3 hand-ins graded in 0 s")
    if terminal:
        assert "\x1b[" in "".join(lines)
    else:
        assert [line.split(",")[0] for line in lines] == ["ps1: 1 of 3", "ps1: 2 of 3", "ps1: 3 of 3"]
        assert "\x1b" not in shown.getvalue()


def test_a_log_is_not_flooded():
    shown = io.StringIO()
    with following(Console(file=shown), "ps1") as tell:
        for _ in range(100):
            tell(record(), 100, True)
    assert shown.getvalue().count("\n") == 1


def test_ctrl_c_says_what_is_done_and_how_to_go_on():
    with pytest.raises(Stopped, match="stopped; 1 of 3 hand-ins of ps1 are graded and kept. The same command goes on"):
        with following(Console(file=io.StringIO()), "ps1") as tell:
            tell(record(), 3, True)
            raise KeyboardInterrupt


def test_ctrl_c_tells_of_a_run_that_keeps_nothing_or_had_not_begun():
    with pytest.raises(Stopped, match="^stopped; 1 of 3 hand-ins of ps1 were tried, and nothing was written$"):
        with following(Console(file=io.StringIO()), "ps1", stopped="were tried, and nothing was written") as tell:
            tell(record(), 3, True)
            raise KeyboardInterrupt
    with pytest.raises(Stopped, match="stopped before the first hand-in of ps1 was graded; nothing was written."):
        with following(Console(file=io.StringIO()), "ps1"):
            raise KeyboardInterrupt
