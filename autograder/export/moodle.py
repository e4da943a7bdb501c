"""Moodle's two ways to take marks from a file.

    offline grading worksheet    downloaded from the assignment (View all submissions > Download grading worksheet),
                                 filled in, uploaded there again: `given`. Its "Identifier" names the participant
    grade import                 Gradebook > Import > CSV file: one line a student, columns chosen while importing

https://docs.moodle.org/en/Assignment_settings "Offline grading worksheet", https://docs.moodle.org/en/Grade_import
"""

from __future__ import annotations

from pathlib import Path

from autograder.course.headings import LANGUAGES, NO, in_english
from autograder.export.grades import Exported, Grades, people_of, plain_number, read_table, shortened, write_table

WORKSHEET = ("Identifier", "Grade", "Maximum grade")
NAMES = ("ID number", "Username", "Email address", "Full name")


def moodle(found: Grades, name: str, to: Path, given: Path | None = None) -> Exported:
    """Write the marks of assignment `name` for Moodle to `to`; `given` is Moodle's grading worksheet."""
    if given:
        return _filled_in(found, to, given)
    column = f"{found.title} ({plain_number(found.points)} points)"
    rows = [{"Username": who, "Full name": grade.student.name, "Email address": grade.student.email,
             column: plain_number(grade.score)} for who, grade in found.of.items()]
    write_table(to, ["Username", "Full name", "Email address", column], rows)
    return Exported((to,), (*found.notes(), "For Gradebook > Import > CSV file: identify users by Username or Email "
                            f"address, and give the grade item a maximum of {plain_number(found.points)}. For the "
                            "offline grading worksheet, download it from the assignment and name it with --template."))


def _filled_in(found: Grades, to: Path, given: Path) -> Exported:
    columns, rows, delimiter = read_table(given)
    english = in_english(columns)
    missing = [column for column in WORKSHEET if column not in english]
    if missing:
        raise ValueError(f"{given} is no grading worksheet of Moodle's in {LANGUAGES}: it lacks {', '.join(missing)}; "
                         f"it has {', '.join(columns)}")
    graded, most_of, open_in = (english.get(word, "") for word in ("Grade", "Maximum grade", "Grade can be changed"))
    people, met, notes, closed, scaled = people_of(found), set(), found.notes(), [], set()
    kept = []
    for row in rows:
        student = people.find(*((row.get(english.get(word, "")) or "") for word in NAMES))
        score = found.of[student.id].score if student else None
        met |= {student.id} if student else set()
        if score is not None and (row.get(open_in) or "").strip().casefold() in NO:
            closed.append(student.id)
        elif score is not None:
            most = _number(row[most_of], given) or found.points
            if abs(most - found.points) > 1e-9 and found.points:
                scaled.add(most)
                score *= most / found.points
            row = {**row, graded: plain_number(score)}
        kept.append(row)
    strangers = sorted(who for who, grade in found.of.items() if grade.score is not None and who not in met)
    for words, who in (("are not in the worksheet, and were left out", strangers),
                       ("are closed in Moodle, which takes no grade for them", closed)):
        if who:
            notes.append(f"{len(who)} students with marks {words}: {shortened(who)}")
    for most in sorted(scaled):
        notes.append(f"Moodle's maximum is {plain_number(most)}, the assignment's {plain_number(found.points)}: "
                     "marks were scaled")
    write_table(to, columns, kept, delimiter, called=[english[word] for word in ("Full name",) if word in english])
    return Exported((to,), tuple(notes))


def _number(text: str, given: Path) -> float:
    try:
        return float((text or "0").replace(",", "."))
    except ValueError:
        raise ValueError(f"{given}: the maximum grade is {text!r}; what would do is a number such as 10,00. Scales "
                         "have none") from None
