"""Every assignment of the course proves itself: what should pass passes, what should lose loses and is named."""

from pathlib import Path

import pytest

from autograder.authoring.prove import prove, read_alternatives
from autograder.course import Course

COURSE = Course.find(Path(__file__).resolve().parents[2] / "assignments")


@pytest.mark.parametrize("name", COURSE.assignments())
def test_an_assignment_proves_itself(name):
    text = COURSE.root / name / "alternatives.py"
    alternatives = read_alternatives(text.read_text(encoding="utf-8")) if text.exists() else []
    assert prove(COURSE.assignment(name), alternatives) == []


@pytest.mark.parametrize("name", COURSE.assignments())
def test_every_exercise_has_hints_mistakes_and_three_other_solutions(name):
    from autograder.examine import plans
    from autograder.exercise.examination import Examination

    assignment = COURSE.assignment(name)
    text = COURSE.root / name / "alternatives.py"
    styles = [a.exercise for a in read_alternatives(text.read_text(encoding="utf-8"))]
    for exam in plans(assignment):
        if isinstance(exam, Examination):
            exercise = assignment.exercises[exam.name]
            assert exercise.hints, exam.name
            assert exercise.misconceptions, exam.name
            assert styles.count(exam.name) >= 3, exam.name
