"""One look at the gradebook gives what nbgrader's own objects say, cell by cell."""


import pytest
from nbgrader.api import MissingEntry

from autograder.bookkeeping.classmarks import class_marks
from autograder.bookkeeping.gradebook import opened, register, save
from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.verdict import Verdict

NAME = "week05_tiny"


@pytest.fixture
def course(built):
    return Course.load(built)


def test_it_says_what_nbgraders_objects_say(course):
    with opened(course) as gradebook:
        with pytest.raises(MissingEntry):
            class_marks(gradebook, NAME)
        register(gradebook, course.assignment(NAME))
        assert class_marks(gradebook, NAME) == {}
        for student, score in (("bob", 1.0), ("ada", 3.0)):
            verdicts = (Verdict("test-dense_backward", "D", "failed" if score < 3 else "passed", score, 3.0),
                        Verdict("test-double", "T", "could_not_tell", 0, 1.5))
            save(gradebook, Record(student, NAME, 1, "d", {NAME: verdicts}, {}), {})
        by_hand = gradebook.find_grade("answer-why", NAME, NAME, "ada")
        by_hand.manual_score, by_hand.needs_manual_grade = 1.5, False
        for cell in ("test-double", "test-dense_backward"):
            gradebook.find_grade(cell, NAME, NAME, "bob").extra_credit = 0.5
        gradebook.db.commit()
        found = class_marks(gradebook, NAME)
        assert list(found) == ["ada", "bob"]
        for student, cells in found.items():
            grades = {grade.name: grade for grade in gradebook.find_submission(NAME, student).notebooks[0].grades}
            assert {place.cell for place in cells} == set(grades)
            for place, score in cells.items():
                grade = grades[place.cell]
                assert (score.points or 0) == grade.score and score.waiting == grade.needs_manual_grade
                assert place.max_score == grade.max_score
    of = {(student, place.cell): score.points for student, cells in found.items() for place, score in cells.items()}
    assert of["bob", "test-dense_backward"] == 1.5 and of["ada", "answer-why"] == 1.5
    assert of["ada", "test-double"] is None and of["bob", "test-double"] is None
