"""`autograder export --to nbgrader` and the command `nbgrader export` write the same bytes."""

import subprocess
import sys

import pytest

from autograder.bookkeeping.gradebook import opened
from autograder.course import Course
from autograder.export import export

pytestmark = pytest.mark.parity


@pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")      # about nbgrader's order of adding
def test_the_same_bytes_as_nbgraders_own_command(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'parity'\n")
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    course = Course.load(tmp_path)
    with opened(course) as gradebook:
        for name in ("ps1", "ps2"):
            gradebook.update_or_create_assignment(name, duedate="2026-01-15 12:00:00 UTC")
            gradebook.update_or_create_notebook("nb", name)
            gradebook.update_or_create_grade_cell("test", "nb", name, max_score=3, cell_type="code")
        for who, score in (("ada", 2.5), ("bob", 1.0), ("cyd", None)):
            gradebook.update_or_create_student(who, first_name=who.title(), last_name="Exämple", email=f"{who}@x.org")
            if score is not None:
                gradebook.add_submission("ps1", who, timestamp="2026-01-16 12:00:00 UTC")
                grade = gradebook.find_grade("test", "nb", "ps1", who)
                grade.auto_score = score
        gradebook.find_submission_notebook("nb", "ps1", "bob").late_submission_penalty = 5.0
        gradebook.db.commit()
    ours = export(course, "ps1", "nbgrader", tmp_path / "ours.csv").paths[0]
    command = [sys.executable, "-m", "nbgrader", "export", "--CsvExportPlugin.assignment=ps1",
               f"--to={tmp_path / 'theirs.csv'}"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    assert ours.read_bytes() == (tmp_path / "theirs.csv").read_bytes()
    assert b"ps1" in ours.read_bytes() and b"ps2" not in ours.read_bytes()
