"""The late policy of course.toml as a plugin of nbgrader's, so that nbgrader itself can apply it as well."""

from __future__ import annotations

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 60 * 60


class PercentPerDay(LateSubmissionPlugin):
    """So many percent of what a notebook earned, for each day begun after the due date."""

    percent_per_day = Float(0, min=0, max=100, help="Percent of the marks earned that each day costs.").tag(config=True)
    grace_hours = Float(0, min=0, help="Hours after the due date that count as in time.").tag(config=True)
    maximum_days = Float(math.inf, min=0, help="Days after which nothing is left.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """score * percent / 100 for each day begun; all of it after the last day; None within the hours of grace.

        >>> PercentPerDay(percent_per_day=10, grace_hours=1).late_submission_penalty("ada", 8, 25 * 60 * 60)
        0.8
        """
        late = total_seconds_late - self.grace_hours * 60 * 60
        if late <= 0:
            return None
        if late > self.maximum_days * DAY:
            return score
        return score * min(1, math.ceil(late / DAY) * self.percent_per_day / 100)
