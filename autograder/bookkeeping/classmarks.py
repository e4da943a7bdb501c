"""A class's marks as the gradebook has them now: cell by cell in one look, for whoever counts or hands them on."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Gradebook
from sqlalchemy import select

from autograder.bookkeeping.due import Place
from autograder.bookkeeping.sheet import GRADE, NOTEBOOK, SUBMISSION, sheet_of


@dataclass(frozen=True)
class Score:
    """One student's mark for one cell, as nbgrader computes it: a person's before the tests', extra credit added."""

    auto: float | None
    manual: float | None
    extra: float
    waiting: bool           # a person is asked to look

    @property
    def points(self) -> float | None:
        """The mark; None as long as neither tests nor a person gave one, whatever extra credit there is."""
        given = self.auto if self.manual is None else self.manual
        return None if given is None else given + self.extra


def class_marks(gradebook: Gradebook, name: str) -> dict[str, dict[Place, Score]]:
    """Student -> cell -> mark, of everybody who handed in assignment `name`, cells in the assignment's order.

    Raises:
        nbgrader.api.MissingEntry: the gradebook does not know the assignment.
    """
    sheet = sheet_of(gradebook, name)
    places = {(notebook, cell): place for notebook, cell, place in sheet.graded}
    found: dict[str, dict[Place, Score]] = {}
    rows = gradebook.db.execute(
        select(SUBMISSION.c.student_id, NOTEBOOK.c.notebook_id, GRADE.c.cell_id, GRADE.c.auto_score,
               GRADE.c.manual_score, GRADE.c.extra_credit, GRADE.c.needs_manual_grade)
        .select_from(SUBMISSION)
        .join(NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMISSION.c.id)
        .join(GRADE, GRADE.c.notebook_id == NOTEBOOK.c.id)
        .where(SUBMISSION.c.assignment_id == sheet.assignment))
    for student, notebook, cell, auto, manual, extra, waiting in rows:
        if (notebook, cell) in places:
            found.setdefault(student, {})[places[notebook, cell]] = Score(auto, manual, extra or 0.0, bool(waiting))
    order = {place: number for number, place in enumerate(places.values())}
    return {student: dict(sorted(cells.items(), key=lambda pair: order[pair[0]]))
            for student, cells in sorted(found.items())}
