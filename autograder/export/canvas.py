"""Canvas's gradebook CSV: a line for each student, and above them what the assignment is worth.

    Student,ID,SIS User ID,SIS Login ID,Section,Week 5 (1234)
        Points Possible,,,,,44
    "Example, Ada",4711,,ada,A,37.5

Canvas knows a student by ID, else by SIS User ID, else by SIS Login ID, and an assignment by the number in
parentheses, else by its name. So the safest file is Canvas's own (Grades > Export) with one column filled in: `given`.
Canvas Instructor Guide, "How do I import grades in the Gradebook?"
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.export.grades import Exported, Grades, people_of, plain_number, read_table, shortened, write_table

PEOPLE = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
POINTS = "    Points Possible"       # Canvas's own spelling, spaces included


def canvas(found: Grades, name: str, to: Path, given: Path | None = None) -> Exported:
    """Write the marks of assignment `name` for Canvas to `to`; `given` is what Canvas exported."""
    if given:
        return _filled_in(found, name, to, given)
    column = found.title
    rows = [{"Student": POINTS, column: plain_number(found.points)}]
    for who, grade in found.of.items():
        rows.append({"Student": grade.student.name or who, "ID": grade.student.lms_id, "SIS Login ID": who,
                     column: plain_number(grade.score)})
    write_table(to, [*PEOPLE, column], rows)
    return Exported((to,), (*found.notes(), "Canvas makes a new assignment of this column. To fill in one that is "
                            "there, export the gradebook from Canvas and name that file with --template."))


def _filled_in(found: Grades, name: str, to: Path, given: Path) -> Exported:
    columns, rows, delimiter = read_table(given)
    missing = {"Student", "ID"} - set(columns)
    if missing:
        raise ValueError(f"{given} is no gradebook that Canvas exported: it has no column {' and no '.join(missing)}")
    column = _column(columns, {found.title, name})
    people, met, notes = people_of(found), set(), found.notes()
    kept = []
    for row in rows:
        if row["Student"].strip() == POINTS.strip():
            kept.append({**row, column: plain_number(found.points)})
        elif row["Student"].strip() and row["ID"].strip():
            words = [row.get(key) or "" for key in ("SIS Login ID", "SIS User ID", "ID", "Student")]
            student = people.numbered(row["ID"].strip()) or people.find(*words)
            met |= {student.id} if student else set()
            score = found.of[student.id].score if student else None
            kept.append({**row, column: plain_number(score)} if score is not None else row)
    strangers = sorted(who for who, grade in found.of.items() if grade.score is not None and who not in met)
    if strangers:
        notes.append(f"{len(strangers)} students with marks are not in {given.name}, and were left out: "
                     f"{shortened(strangers)}")
    write_table(to, [*(each for each in columns if each in PEOPLE), column], kept, delimiter,
                called=["Student"])
    return Exported((to,), tuple(notes))


def _column(columns: list[str], names: set[str]) -> str:
    """The assignment's column in Canvas's file, by its name with or without Canvas's number; else a new one."""
    fitting = [column for column in columns if re.sub(r" \(\d+\)$", "", column).strip() in names]
    if len(fitting) > 1:
        raise ValueError(f"several columns may be this assignment: {', '.join(fitting)}; leave one of them in the file")
    return fitting[0] if fitting else sorted(names)[0]
