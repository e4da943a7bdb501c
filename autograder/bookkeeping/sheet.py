"""Where an assignment's marks are in the gradebook: the rows of nbgrader's tables.

A class's marks are written by statements on these tables and not as nbgrader's objects: an object
fetches each cell and each sum that it knows of, which takes longer than grading a small hand-in.

nbgrader's indices begin with the assignment's side: a grade is found by its cell and then its notebook. So each
statement names the cells, or it would look through the whole class for each student.
"""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import Row, Table, bindparam, insert, select, update

from autograder.bookkeeping.due import Place

STUDENT, SUBMISSION, NOTEBOOK = (
    table.__table__ for table in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook))
GRADE, COMMENT = api.Grade.__table__, api.Comment.__table__

Cell = tuple[str, str, Place]                   # notebook's id, cell's id, place
Change = tuple[Row | None, str, str, dict]      # what is there, notebook's id, cell's id, values due


@dataclass(frozen=True)
class Sheet:
    """Where the marks of an assignment go: the ids of its rows, read once for a run."""

    assignment: str
    notebooks: dict[str, str]         # name -> id
    graded: tuple[Cell, ...]          # what gets a mark
    commented: tuple[Cell, ...]       # and what gets a comment


def sheet_of(gradebook: Gradebook, name: str) -> Sheet:
    """The sheet of assignment `name`, as of the last `register` or, where there was none, of now."""
    held = gradebook.db().info.setdefault(Sheet, {})
    if name not in held:
        here = gradebook.find_assignment(name)
        graded, commented = [], []
        for notebook in here.notebooks:
            for cells, places in ((notebook.grade_cells, [graded]), (notebook.solution_cells, [commented]),
                                  (notebook.task_cells, [graded, commented])):
                for cell in cells:
                    place = Place(notebook.name, cell.name, getattr(cell, "max_score", 0.0))
                    for kind in places:
                        kind.append((notebook.id, cell.id, place))
        held[name] = Sheet(here.id, {notebook.name: notebook.id for notebook in here.notebooks},
                           tuple(graded), tuple(commented))
    return held[name]


@dataclass(frozen=True)
class Rows:
    """A student's rows."""

    submission: str
    notebooks: dict[str, str]        # notebook's id -> theirs
    old: tuple[str, ...]             # of theirs those that were there before, so that marks may be


def rows_of(gradebook: Gradebook, sheet: Sheet, student: str, **values) -> Rows:
    """The rows of a student's submission, which holds `values` from here on. What is missing is made."""
    db = gradebook.db
    submission = db.scalar(select(SUBMISSION.c.id).where(SUBMISSION.c.assignment_id == sheet.assignment,
                                                         SUBMISSION.c.student_id == student))
    theirs = {}
    if submission is None:
        if db.scalar(select(STUDENT.c.id).where(STUDENT.c.id == student)) is None:
            db.execute(insert(STUDENT), {"id": student})
        submission = api.new_uuid()
        key = {"id": submission, "assignment_id": sheet.assignment, "student_id": student}
        db.execute(insert(SUBMISSION), key | values)
    else:
        if values:
            db.execute(update(SUBMISSION).where(SUBMISSION.c.id == submission), values)
        theirs = dict(db.execute(select(NOTEBOOK.c.notebook_id, NOTEBOOK.c.id)
                                 .where(NOTEBOOK.c.notebook_id.in_(sheet.notebooks.values()),
                                    NOTEBOOK.c.assignment_id == submission)).all())
    fresh = {notebook: api.new_uuid() for notebook in sheet.notebooks.values() if notebook not in theirs}
    if fresh:
        db.execute(insert(NOTEBOOK), [{"id": new, "notebook_id": notebook, "assignment_id": submission}
                                      for notebook, new in fresh.items()])
    return Rows(submission, theirs | fresh, tuple(theirs.values()))


def held(gradebook: Gradebook, table: Table, rows: Rows, cells: tuple[Cell, ...]) -> dict[tuple[str, str], Row]:
    """(their notebook's id, cell's id) -> the row of grades or comments that is there."""
    found = gradebook.db.execute(select(table).where(
        table.c.cell_id.in_([cell for _, cell, _ in cells]), table.c.notebook_id.in_(rows.old))) if rows.old else ()
    return {(row.notebook_id, row.cell_id): row for row in found}


def write(gradebook: Gradebook, table: Table, changes: list[Change]) -> None:
    """Rows that are not there yet are made, those with other values changed."""
    fresh = [{"id": api.new_uuid(), "notebook_id": notebook, "cell_id": cell} | values
             for row, notebook, cell, values in changes if row is None]
    other = [{"row": row.id} | values for row, _, _, values in changes
             if row is not None and any(getattr(row, key) != value for key, value in values.items())]
    if fresh:
        gradebook.db.execute(insert(table), fresh)
    if other:
        gradebook.db.execute(update(table).where(table.c.id == bindparam("row")), other)
