"""Each week's sample class, judged apart from the code: right in every style, each known mistake by its name."""

import shutil
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grade import grade
from autograder.runners import chosen
from autograder.sampleclass.breakages import BREAKAGES
from autograder.sampleclass.sample import hand_in, sample_class

pytestmark = pytest.mark.faults
ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
WEEKS = sorted(path.parent.name for path in ASSIGNMENTS.glob("*/assignment.toml"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course") / "assignments"
    shutil.copytree(ASSIGNMENTS, root, ignore=shutil.ignore_patterns("build"))
    return Course.load(root)


@pytest.mark.parametrize("week", WEEKS)
def test_each_hand_in_gets_what_it_deserves(course, week):
    """Those that are broken in the same ways in every week are graded in tests of their own."""
    made = [sample for sample in sample_class(course, week) if not sample.student.endswith(tuple(BREAKAGES))]
    hand_in(course, week, made)
    with chosen("engine") as runner:
        records = grade(course, week, runner=runner, workers=2)
    deserved = {sample.student: sample.expected for sample in made}
    assert len(records) == len(made) > 60
    assert {record.student: words for record in records if (words := deserved[record.student].missed(record))} == {}
