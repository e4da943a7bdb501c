"""A gradebook in which every column of nbgrader's tables holds something somewhere."""

import datetime
import sqlite3
import warnings
from contextlib import closing

from nbgrader import api


def fill(url):
    """Make the gradebook at `url`: two students, ada with all that a person can give."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # nbgrader 0.9.6 under SQLAlchemy 2
        with api.Gradebook(url, "nn") as gradebook:
            gradebook.check_course("other")
            due = datetime.datetime(2026, 1, 1, 12, 0, 0, 123456)
            gradebook.add_assignment("ps1", duedate=due, course_id="")      # what stock nbgrader enters by default
            gradebook.add_notebook("ps1", "ps1", kernelspec='{"name": "python3"}')
            gradebook.add_grade_cell("test", "ps1", "ps1", max_score=7, cell_type="code")
            gradebook.add_solution_cell("solution", "ps1", "ps1")
            gradebook.add_task_cell("task", "ps1", "ps1", max_score=5, cell_type="markdown")
            for name, kind in [("test", "code"), ("solution", "code"), ("task", "markdown")]:
                gradebook.add_source_cell(name, "ps1", "ps1", cell_type=kind, source="x = 'ä😀'\r\n", checksum="c0ffee",
                                          locked=kind == "code")
            gradebook.add_student("ada", first_name="Ada ä", last_name="O'Neil", email="ada@localhost",
                                  lms_user_id="17")
            gradebook.add_student("bob")
            for student in ("ada", "bob"):
                gradebook.add_submission("ps1", student, timestamp="2026-01-02 12:00:00.5 UTC")
            gradebook.grant_extension("ps1", "ada", days=1, minutes=3)
            theirs = gradebook.find_submission_notebook("ps1", "ps1", "ada")
            theirs.flagged, theirs.late_submission_penalty = True, 1.5
            grade = gradebook.find_grade("test", "ps1", "ps1", "ada")
            grade.auto_score, grade.manual_score, grade.extra_credit = 0.1 + 0.2, 5, 0.25
            grade.needs_manual_grade = False
            gradebook.find_grade("task", "ps1", "ps1", "ada").manual_score = 4
            comment = gradebook.find_comment("solution", "ps1", "ps1", "ada")
            comment.auto_comment, comment.manual_comment = "No response.", "line\nof <b>ü</b> 😀"
            gradebook.db.commit()


def dump(path):
    """Table -> rows, as SQLite keeps them, without nbgrader's models between."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
