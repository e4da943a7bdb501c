"""Every kind of hand-in gets what it deserves: the whole sample class of the tiny course, graded once.

The weeks' own classes are graded in tests/parity, by the kernel's runner too.
"""

import shutil

import pytest

from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.grade import grade
from autograder.publishing.release import generate
from autograder.runners import for_made_up_class
from autograder.sampleclass.breakages import BREAKAGES
from autograder.sampleclass.expected import Expected
from autograder.sampleclass.sample import hand_in, sample_class
from autograder.verdict import Verdict

NAME = "week05_tiny"
KINDS = ["correct-reference", "correct-alternative-1", "correct-alternative-2", "double-squared", "quiz-mistake-1",
         "untouched", "half-done", "only-the-quiz", "only-the-functions", "somebody-elses-id",
         *(kind.replace("unicode-everywhere", "ünïcode-学生") for kind in BREAKAGES)]
ALTERNATIVES = '''\
# %% alternative="double" style="times two"
def double(x):
    return 2 * x

# %% alternative="double" style="division"
double = lambda x: x / 0.5
'''
pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def course(lay_out_tiny, empty_gradebook, tmp_path_factory):
    """The tiny course with alternatives, a known wrong quiz answer, short limits; released."""
    root = lay_out_tiny(tmp_path_factory.mktemp("sample") / "assignments")
    (root / NAME / "alternatives.py").write_text(ALTERNATIVES)
    with open(root / NAME / "assignment.toml", "a") as sheet:
        sheet.write("\n[limits]\ncell_seconds = 5\noutput_kb = 50\n")
    with open(root / NAME / "quiz.toml", "a") as quiz:
        quiz.write('[[q_own.wrong]]\nanswer = "d*3"\nsays = "The biases are missing."\nhint = "?"\n')
    (root / "build").mkdir(exist_ok=True)
    shutil.copy(empty_gradebook, root / "build" / "gradebook.db")
    generate(root, NAME)
    return Course.load(root)


@pytest.fixture(scope="module")
def made(course):
    return {sample.student[5:]: sample for sample in sample_class(course, NAME)}


@pytest.fixture(scope="module")
def records(course, made):
    hand_in(course, NAME, list(made.values()))
    with for_made_up_class(workers=2) as runner:
        return {record.student: record for record in grade(course, NAME, runner=runner)}


def test_the_class_has_every_kind(made):
    assert list(made) == KINDS


def test_the_class_is_the_same_each_time(course, made):
    assert sample_class(course, NAME) == list(made.values())


@pytest.mark.parametrize("kind", KINDS)
def test_each_hand_in_gets_what_it_deserves(kind, made, records):
    sample = made[kind]
    assert sample.expected.missed(records[sample.student]) == []


def test_expectations_can_be_missed():
    """What this module asserts is able to fail."""
    def missed(expected, status, score, misconception=""):
        verdict = Verdict("t", "t", status, score, 2, misconception=misconception)
        return bool(expected.missed(Record("ada", "week", 1, "", {"nb": (verdict,)}, {})))

    assert not missed(Expected(), "passed", 2) and missed(Expected(), "failed", 1)
    lost = Expected(lost=frozenset({"t"}), named=(("t", "squared"),))
    assert not missed(lost, "failed", 0, "squared")
    assert missed(lost, "failed", 1, "squared") and missed(lost, "failed", 0, "halved")
    assert missed(lost, "could_not_tell", 0, "squared")
    assert missed(Expected(partly=frozenset({"t"})), "passed", 2)
    assert missed(Expected(says="deleted"), "passed", 2)
