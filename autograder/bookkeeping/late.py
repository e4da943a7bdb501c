"""Penalties for handing in late, by nbgrader's own plugin: course.toml's, else the one nbgrader_config.py names."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import or_

from autograder.course import Course


class Penalties:
    """What a course takes off. A course that names no rule leaves penalties as somebody set them.

    strict    nbgrader's way: without a rule every penalty is removed
    """

    def __init__(self, course: Course, strict: bool = False):
        self.course = course
        sys.path.insert(0, str(course.root))        # a rule may be a module that lies in the course
        try:
            self.rule = AssignLatePenalties(config=course.config)
            self.rule.init_plugin()
        finally:
            sys.path.remove(str(Path(course.root)))
        self.due = strict or "plugin_class" in course.config.AssignLatePenalties \
            or course.config.LateSubmissionPlugin.get("penalty_method", "none") != "none"

    def assign(self, gradebook: Gradebook, submission: SubmittedAssignment, stems: set[str]) -> None:
        """Set the penalty of each notebook in `stems`; the marks must be in the session. Commits nothing."""
        if not self.due:
            return
        gradebook.db.flush()
        gradebook.db.expire_all()       # scores and lateness are computed by the database
        late = submission.total_seconds_late
        for notebook in submission.notebooks:
            if notebook.name not in stems:
                continue
            penalty = self.rule.plugin_inst.late_submission_penalty(
                submission.student.id, notebook.score, late) if late > 0 else None
            notebook.late_submission_penalty = \
                None if penalty is None else self.rule._check_late_penalty(notebook, penalty)

    def review(self, gradebook: Gradebook, name: str) -> None:
        """Set the penalties of assignment `name` anew where they may have changed: extensions, due date, rule. Commits.

        Hand-ins that are not graded again get what is due by today's terms, too.
        """
        if not self.due:
            return
        assignment = gradebook.find_assignment(name)
        concerned = gradebook.db.query(SubmittedAssignment).filter(
            SubmittedAssignment.assignment_id == assignment.id,
            or_(SubmittedAssignment.timestamp > (assignment.duedate or datetime.max),
                SubmittedAssignment.extension.is_not(None),
                SubmittedAssignment.notebooks.any(SubmittedNotebook.late_submission_penalty != 0)))
        for submission in concerned.all():      # the others of the class are not even read
            self.assign(gradebook, submission, {notebook.name for notebook in submission.notebooks})
        gradebook.db.commit()
