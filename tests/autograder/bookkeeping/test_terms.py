"""Due dates, extensions and the late policy of course.toml reach nbgrader's gradebook, and what is not named stays."""

import shutil
import warnings
from datetime import datetime, timedelta

import pytest
from nbformat import from_dict
from nbgrader.api import SubmittedAssignment
from sqlalchemy import event

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping import terms
from autograder.bookkeeping.late import Penalties
from autograder.course import Course
from autograder.latepolicy import PercentPerDay

DUE = datetime(2026, 1, 10, 12)
DAY = 24 * 60 * 60
NAME = "week01_tiny"


@pytest.fixture
def course(tmp_path, empty_gradebook):
    """course(settings) -> the course with that course.toml; the gradebook lasts."""
    shutil.copy(empty_gradebook, tmp_path / "gradebook.db")

    def load(settings="", config=""):
        (tmp_path / "course.toml").write_text(settings)
        (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n" + config)
        return Course.load(tmp_path)
    return load


@pytest.fixture
def gradebook(course, assign):
    made = assign("x = 3", "assert x == 3")
    with books.opened(course()) as opened:
        books.register(opened, type(made)(NAME, notebooks={s: from_dict(nb) for s, nb in made.notebooks.items()}))
        yield opened


def hand_in(gradebook, student, when, score=4):
    gradebook.update_or_create_student(student)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")     # SQLAlchemy's, about nbgrader's order of adding
        submission = gradebook.update_or_create_submission(NAME, student, timestamp=when)
    submission.notebooks[0].grades[0].auto_score = score
    gradebook.db.commit()
    return submission


def test_due_dates_and_extensions_are_nbgraders(course, gradebook):
    ada, bob = (hand_in(gradebook, who, DUE + timedelta(days=3)) for who in ("ada", "bob"))
    terms.enter(gradebook, course(f'[assignments.{NAME}]\ndue = 2026-01-10T12:00:00\nextensions = {{ada = "2 days"}}'),
                NAME)
    assert gradebook.find_assignment(NAME).duedate == DUE
    assert (ada.extension, bob.extension) == (timedelta(days=2), None)
    assert (ada.total_seconds_late, bob.total_seconds_late) == (DAY, 3 * DAY)


def test_what_course_toml_does_not_name_stays_as_somebody_entered_it(course, gradebook):
    ada = hand_in(gradebook, "ada", DUE)
    gradebook.update_or_create_assignment(NAME, duedate=DUE)
    gradebook.grant_extension(NAME, "ada", days=5)
    terms.enter(gradebook, course(), NAME)
    assert gradebook.find_assignment(NAME).duedate == DUE
    terms.enter(gradebook, course(f"[assignments.{NAME}]\ndue = 2026-01-11\nextensions = {{bob = '1 day'}}"), NAME)
    assert ada.extension == timedelta(days=5)


def test_who_is_late_by_course_toml_and_by_the_gradebook(course, gradebook):
    hand_in(gradebook, "ada", DUE)
    gradebook.update_or_create_assignment(NAME, duedate=DUE)
    gradebook.grant_extension(NAME, "ada", days=1)
    class_of_two = ("ada", "bob")
    assert terms.due_dates(gradebook, course(), NAME, class_of_two) == {"ada": DUE + timedelta(days=1), "bob": DUE}
    assert terms.due_dates(gradebook, course(), "week99", class_of_two) == {}
    here = course(f"[assignments.{NAME}]\ndue = 2026-01-20T12:00:00\nextensions = {{bob = '1 hour'}}")
    assert terms.due_dates(gradebook, here, NAME, class_of_two) == {
        "ada": datetime(2026, 1, 21, 12), "bob": datetime(2026, 1, 20, 13)}
    assert terms.seconds_late(DUE, "2026-01-10 13:00:00 UTC") == 60 * 60
    assert terms.seconds_late(DUE, "2026-01-10 11:00:00 UTC") == terms.seconds_late(None, "") == 0


@pytest.mark.parametrize("late, penalty", [
    (0.5 * DAY, 0.8), (DAY, 0.8), (DAY + 1, 1.6), (3 * DAY, 2.4), (3 * DAY + 1, 8), (60 * 60, 0.8), (1800, None)])
def test_so_many_percent_a_day_begun(late, penalty):
    rule = PercentPerDay(percent_per_day=10, grace_hours=0.5, maximum_days=3)
    found = rule.late_submission_penalty("ada", 8, late + (0.5 * 60 * 60 if late > 1800 else 0))
    assert found == (penalty if penalty is None else pytest.approx(penalty))


def test_a_penalty_never_takes_more_than_there_is():
    assert PercentPerDay(percent_per_day=60).late_submission_penalty("ada", 8, 2 * DAY) == 8


def test_the_policy_of_course_toml_holds_before_nbgraders(course, gradebook):
    ada = hand_in(gradebook, "ada", DUE + timedelta(hours=30))
    here = course(f"[late]\npercent_per_day = 25\n[assignments.{NAME}]\ndue = 2026-01-10T12:00:00",
                  "c.LateSubmissionPlugin.penalty_method = 'zero'")
    terms.enter(gradebook, here, NAME)
    Penalties(here).review(gradebook, NAME)
    assert ada.late_submission_penalty == 2        # two days begun at 25 % of 4


def test_an_extension_granted_afterwards_gives_the_penalty_back(course, gradebook):
    ada = hand_in(gradebook, "ada", DUE + timedelta(hours=30))
    policy = f"[late]\npercent_per_day = 25\n[assignments.{NAME}]\ndue = 2026-01-10T12:00:00\n"
    for extensions, penalty in [("", 2), ("extensions = {ada = '1 day'}", 1), ("extensions = {ada = '2 days'}", 0)]:
        here = course(policy + extensions)
        terms.enter(gradebook, here, NAME)
        Penalties(here).review(gradebook, NAME)
        assert (ada.late_submission_penalty or 0) == penalty
    Penalties(course()).review(gradebook, NAME)


def test_a_review_reads_only_whom_it_may_concern(course, gradebook):
    here = course(f"[late]\npercent_per_day = 25\n[assignments.{NAME}]\ndue = 2026-01-10T12:00:00")
    terms.enter(gradebook, here, NAME)
    for who, when in (("ada", DUE), ("bob", DUE + timedelta(hours=1)), ("cyd", DUE), ("dan", DUE)):
        submission = hand_in(gradebook, who, when)
        if who == "cyd":
            submission.notebooks[0].late_submission_penalty = 3
    gradebook.grant_extension(NAME, "dan", days=-1)
    gradebook.db.commit()
    gradebook.db.expunge_all()
    read = []

    @event.listens_for(SubmittedAssignment, "load")
    def note(submission, context):
        read.append(submission.student_id)

    Penalties(here).review(gradebook, NAME)
    event.remove(SubmittedAssignment, "load", note)
    assert set(read) == {"bob", "cyd", "dan"}
    taken = {each.student.id: each.late_submission_penalty or 0 for each in gradebook.assignment_submissions(NAME)}
    assert taken == {"ada": 0, "bob": 1, "cyd": 0, "dan": 1}


def test_without_a_due_date_nobody_is_late(course, gradebook):
    ada = hand_in(gradebook, "ada", DUE)
    ada.notebooks[0].late_submission_penalty = 3
    gradebook.db.commit()
    Penalties(course("[late]\npercent_per_day = 25")).review(gradebook, NAME)
    assert not ada.late_submission_penalty


def test_nbgrader_itself_can_apply_the_policy(course):
    rule = Penalties(course("[late]\npercent_per_day = 10\nmaximum_days = 3")).rule
    assert isinstance(rule.plugin_inst, PercentPerDay)
    assert (rule.plugin_inst.percent_per_day, rule.plugin_inst.maximum_days) == (10, 3)


def test_limits_of_the_course_are_defaults_for_its_assignments(tiny):
    from autograder.authoring.author import build

    build(tiny, "week05_tiny")
    sheet = tiny / "course.toml"
    sheet.write_text(sheet.read_text() + "\n[limits]\ncpu_seconds = 7\nmemory_mb = 900\n")
    assert Course.load(tiny).assignment("week05_tiny").limits.cpu_seconds == 7
    own = tiny / "week05_tiny" / "assignment.toml"
    own.write_text(own.read_text() + "\n[limits]\ncpu_seconds = 11\n")
    limits = Course.load(tiny).assignment("week05_tiny").limits
    assert (limits.cpu_seconds, limits.memory_mb, limits.output_kb) == (11, 900, 512)
