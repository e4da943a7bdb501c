"""Late penalties: nbgrader's plugin where the course has a rule, else what somebody set stays."""

import shutil
import warnings
from dataclasses import replace

import pytest
from nbformat import from_dict
from nbgrader.utils import parse_utc

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.late import Penalties
from autograder.course import Course

PER_DAY = """
from nbgrader.plugins import BasePlugin

class PerDay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86400
"""


@pytest.fixture
def penalised(tmp_path, empty_gradebook, assign):
    """penalised(settings, strict) -> the penalty of a hand-in two days late that had 3.5 taken off by hand."""
    def after(settings, strict=False, handed_in="2026-01-03 12:00:00 UTC"):
        (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n" + settings)
        (tmp_path / "penalty_per_day.py").write_text(PER_DAY)
        shutil.copy(empty_gradebook, tmp_path / "gradebook.db")
        course = Course.load(tmp_path)
        made = assign("x = 3", "assert x == 3")
        made = replace(made, notebooks={stem: from_dict(theirs) for stem, theirs in made.notebooks.items()})
        with books.opened(course) as gradebook, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            books.register(gradebook, made)
            gradebook.update_or_create_assignment(made.name, duedate=parse_utc("2026-01-01 12:00:00 UTC"))
            gradebook.update_or_create_student("ada")
            submission = gradebook.update_or_create_submission(made.name, "ada", timestamp=parse_utc(handed_in))
            submission.notebooks[0].late_submission_penalty = 3.5
            submission.notebooks[0].grades[0].auto_score = 4
            Penalties(course, strict).assign(gradebook, submission, {made.name})
            return submission.notebooks[0].late_submission_penalty
    return after


def test_without_a_rule_what_somebody_set_stays_and_strictly_goes(penalised):
    assert penalised("") == 3.5
    assert penalised("", strict=True) is None


def test_nbgraders_own_rule(penalised):
    assert penalised("c.LateSubmissionPlugin.penalty_method = 'zero'") == 4
    assert penalised("c.LateSubmissionPlugin.penalty_method = 'zero'", handed_in="2026-01-01 11:00:00 UTC") is None


def test_a_rule_that_lies_in_the_course(penalised):
    assert penalised("c.AssignLatePenalties.plugin_class = 'penalty_per_day.PerDay'") == 2
