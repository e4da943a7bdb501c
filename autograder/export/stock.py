"""nbgrader's own CSV, written by nbgrader's own exporter."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.plugins.export import CsvExportPlugin

from autograder.bookkeeping import gradebook as books
from autograder.course import Course
from autograder.export.grades import Exported, as_text, read_table, write_table


def nbgrader_csv(course: Course, name: str, to: Path) -> Exported:
    """Write what `nbgrader export --assignment name` writes, in which no spreadsheet finds a formula.

    Raises:
        FileNotFoundError: the gradebook does not know the assignment.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    with books.opened(course) as gradebook:
        try:
            gradebook.find_assignment(name)
        except MissingEntry:
            raise FileNotFoundError(f"the gradebook has no {name} yet: run autograder grade {name}") from None
        CsvExportPlugin(to=str(to), assignment=[name], parent=None).export(gradebook)
    columns, rows, delimiter = read_table(to)
    if any(as_text(word) != word for row in rows for word in row.values()):
        write_table(to, columns, rows, delimiter)       # else it is nbgrader's to the byte
    return Exported((to,), ("nbgrader gives 0 to everybody in the gradebook who handed nothing in.",))
