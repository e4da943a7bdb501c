"""Marks go out once, to the right person, in the column that was meant; what is not settled is said."""

import csv
import json

import pytest
from typer.testing import CliRunner

from autograder.bookkeeping.gradebook import opened, register, save
from autograder.bookkeeping.record import Record
from autograder.cli.app import app
from autograder.course import Course
from autograder.export import export
from autograder.verdict import Verdict

NAME = "week05_tiny"
ROSTER = "id,name,email,lms_id\nada,Ada Example,ada@example.org,4711\nbob,Bob Example,bob@example.org,4712\n" \
         "cyd,Cyd Example,cyd@example.org,4713\n"


@pytest.fixture
def course(built):
    """Ada has 4.5 of 10.5 less 1 for being late; bob has 3 and waits for a person; cyd handed nothing in."""
    (built / "roster.csv").write_text(ROSTER)
    course = Course.load(built)
    with opened(course) as gradebook:
        register(gradebook, course.assignment(NAME))
        for student, double in (("ada", "passed"), ("bob", "could_not_tell")):
            verdicts = (Verdict("test-dense_backward", "Dense", "passed", 3.0, 3.0),
                        Verdict("test-double", "Twice", double, 1.5 * (double == "passed"), 1.5, "why: secret path"))
            record = Record(student, NAME, 1, "d", {NAME: verdicts}, {}, ("renamed",), 0.1234)
            save(gradebook, record, {})
            record.save(course)
        for grade in gradebook.find_submission(NAME, "ada").notebooks[0].grades:
            grade.needs_manual_grade = False
        gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 1.0
        gradebook.db.commit()
    return course


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_canvas(course):
    done = export(course, NAME, "canvas")
    points, ada, bob, cyd = rows(done.paths[0])
    title = "Week 5 · Tiny"
    assert list(points) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    assert points["Student"] == "    Points Possible" and float(points[title]) == 10.5
    assert [(r["Student"], r["ID"], r["SIS Login ID"], r[title]) for r in (ada, bob, cyd)] == [
        ("Ada Example", "4711", "ada", "3.5"), ("Bob Example", "4712", "bob", "3"), ("Cyd Example", "4713", "cyd", "")]
    notes = " ".join(done.notes)
    assert "1 students have cells that a person has yet to mark; these count as 0 so far: bob" in notes
    assert "1 students handed nothing in and are left blank: cyd" in notes


def test_canvas_own_file_is_filled_in(course, tmp_path):
    given = tmp_path / "canvas.csv"
    given.write_text("\ufeffStudent,ID,SIS Login ID,Section,Week 4 (1),Week 5 · Tiny (77),Final\n"
                     "    Points Possible,,,,5,10,\n\"Example, Ada\",4711,ada,A,1,,2\n\"Example, Dan\",9,dan,A,1,7,2\n",
                     encoding="utf-8")
    done = export(course, NAME, "canvas", given=given)
    points, ada, dan = rows(done.paths[0])
    assert list(ada) == ["Student", "ID", "SIS Login ID", "Section", "Week 5 · Tiny (77)"]
    assert ada["Week 5 · Tiny (77)"] == "3.5" and dan["Week 5 · Tiny (77)"] == "7"      # not ours to change
    assert "1 students with marks are not in canvas.csv, and were left out: bob" in " ".join(done.notes)
    given.write_text("Student,ID,week05_tiny (1),Week 5 · Tiny (77)\n")
    with pytest.raises(ValueError, match="several columns may be this assignment"):
        export(course, NAME, "canvas", given=given)
    given.write_text("Name,Mark\n")
    with pytest.raises(ValueError, match="no column"):
        export(course, NAME, "canvas", given=given)


def test_moodle(course):
    done = export(course, NAME, "moodle")
    ada, bob, cyd = rows(done.paths[0])
    assert ada == {"Username": "ada", "Full name": "Ada Example", "Email address": "ada@example.org",
                   "Week 5 · Tiny (10.5 points)": "3.5"}
    assert cyd["Week 5 · Tiny (10.5 points)"] == ""


# As Moodle's language packs have them: recordid, fullname, email, status, gradenoun, maxgrade, gradecanbechanged.
WORKSHEETS = {
    "en": ("Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed", "Participant 1", "No"),
    "en, older": ("Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed",
                      "Participant 1", "No"),
    "de": ("ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden",
           "Teilnehmer/in1", "Nein"),
    "fr": ("Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,La note peut être modifiée",
           "Participant1", "Non"),
    "es": ("Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación máxima,La calificación "
           "puede ser cambiada", "Participante1", "No"),
    "it": ("Identificativo,Nome,Indirizzo email,Stato,Valutazione,Valutazione massima,La valutazione può essere "
           "cambiata", "Partecipante1", "No"),
    "pt": ("Identificador,Nome completo,E-mail,Estado,Avaliação,Nota máxima,A nota pode ser alterada.",
           "Participante1", "Não"),
    "nl": ("Identificatie,Volledige naam,E-mailadres,Status,Cijfer,Maximaal cijfer,Het cijfer kan gewijzigd worden",
           "Deelnemer1", "Nee"),
}


@pytest.mark.parametrize("language", WORKSHEETS)
def test_moodles_worksheet_is_filled_in(course, tmp_path, language):
    words, number, no = WORKSHEETS[language]
    head = [*words.split(","), "Feedback comments"]
    lines = [[number, "Ada Example", "ada@example.org", "Submitted", "", "21.00", "Yes", "<p>ok</p>"],
             ["Participant 2", "Bob Example", "bob@example.org", "Submitted", "9", "21,00", no, ""],
             ["Participant 3", "Dan", "dan@example.org", "", "", "21.00", "Yes", ""]]
    given = tmp_path / "worksheet.csv"
    with given.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *lines])
    done = export(course, NAME, "moodle", given=given)
    ada, bob, dan = rows(done.paths[0])
    assert list(ada) == head
    assert (ada[head[4]], ada["Feedback comments"], bob[head[4]], dan[head[4]]) == ("7", "<p>ok</p>", "9", "")
    notes = " ".join(done.notes)
    assert "marks were scaled" in notes and "closed in Moodle, which takes no grade for them: bob" in notes


def test_what_is_no_worksheet_of_moodles_is_told(course, tmp_path):
    given = tmp_path / "worksheet.csv"
    given.write_text("Tunniste,Arvosana\n")
    with pytest.raises(ValueError, match="no grading worksheet of Moodle's in English, German, .* it lacks Identifier, "
                                         "Grade, Maximum grade; it has Tunniste, Arvosana"):
        export(course, NAME, "moodle", given=given)


def test_gradescope(course):
    done = export(course, NAME, "gradescope", students=["bob"])
    path, = done.paths
    told = json.loads(path.read_text(encoding="utf-8"))
    assert path.parts[-2:] == ("bob", "results.json")
    assert told["score"] == 3.0 and told["execution_time"] == 0.123 and told["output_format"] == "text"
    dense, twice = told["tests"]
    assert (dense["status"], dense["score"], dense["max_score"], dense["name"]) == ("passed", 3.0, 3.0, "Dense")
    assert "status" not in twice and "a person will look" in twice["output"] and "secret" not in path.read_text()
    assert len(export(course, NAME, "gradescope").paths) == 2
    with pytest.raises(LookupError, match="by cyd is graded; graded are ada, bob"):
        export(course, NAME, "gradescope", students=["cyd"])


def test_nbgraders_csv_has_its_columns(course):
    done = export(course, NAME, "nbgrader")
    found = {row["student_id"]: row for row in rows(done.paths[0])}
    assert found["ada"]["score"] == "3.5" and found["ada"]["late_submission_penalty"] == "1.0"


def test_what_does_not_go_together_is_said(course, tmp_path):
    for given, said in [({"target": "blackboard"}, "--to is one of canvas, moodle"),
                        ({"target": "nbgrader", "given": tmp_path}, "--template goes with canvas and moodle"),
                        ({"target": "moodle", "students": ["ada"]}, "--student goes with gradescope")]:
        with pytest.raises(ValueError, match=said):
            export(course, NAME, **given)


@pytest.mark.parametrize("target", ["canvas", "nbgrader"])
def test_an_assignment_that_nobody_graded_has_no_marks(built, target):
    with pytest.raises(FileNotFoundError, match="run autograder grade week05_tiny"):
        export(Course.load(built), NAME, target)


def test_the_command_says_where_and_what_is_lost(course, tmp_path):
    said = CliRunner().invoke(app, ["export", "week05", "--to", "qti", "--course", str(course.root)])
    assert said.exit_code == 0 and "week05_tiny-qti.zip" in said.output
    assert "Note: QTI cannot carry numbers that follow from a student's id" in said.output
    to = tmp_path / "quiz.xml"
    told = json.loads(CliRunner().invoke(app, ["export", "week05", "--to", "moodle-xml", "--output", str(to), "--json",
                                               "--course", str(course.root)]).stdout)
    assert told["files"] == [str(to)] and to.is_file() and len(told["notes"]) >= 1


@pytest.mark.parametrize("target", ["canvas", "moodle", "nbgrader"])
def test_no_name_is_a_formula_in_a_spreadsheet(course, target):
    """Students choose their names, and in some schools their ids; whoever opens the table does not run them."""
    (course.root / "roster.csv").write_text(ROSTER + '=1+1,@SUM(A1)\n-eve,"=HYPERLINK(""x"")"\n')
    with opened(course) as gradebook:
        gradebook.add_student("+zoe+", first_name="=cmd|'/C calc'!A0", last_name="\tTab")
        save(gradebook, Record("+zoe+", NAME, 1, "d", {NAME: ()}, {}), {})
    path, = export(course, NAME, target).paths
    words = [word for row in rows(path) for word in row.values()]
    assert any("zoe" in word for word in words)
    assert not [word for word in words if word[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_a_template_keeps_what_the_lms_is_to_find_again(course, tmp_path):
    (tmp_path / "m.csv").write_text("Identifier,Full name,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
                                    "Participant 7,=Ada Example,,10.5,-,- see me\n", encoding="cp1252")
    (course.root / "roster.csv").write_text("id,name\nada,=Ada Example\n")
    row, = rows(export(course, NAME, "moodle", given=tmp_path / "m.csv").paths[0])
    assert list(row.values()) == ["Participant 7", "'=Ada Example", "3.5", "10.5", "-", "- see me"]


def test_canvas_s_number_is_nobody_s_id(course, tmp_path):
    (course.root / "roster.csv").write_text("id,name,lms_id\nada,Ada Example,4711\nbob,Bob,ada\n")
    (tmp_path / "c.csv").write_text("Student,ID,SIS Login ID,Section\nSomebody Else,ada,,A\nAda Example,4711,,A\n")
    else_, ada = rows(export(course, NAME, "canvas", given=tmp_path / "c.csv").paths[0])
    assert (else_["Week 5 · Tiny"], ada["Week 5 · Tiny"]) == ("3", "3.5")


@pytest.mark.parametrize("target", ["canvas", "moodle"])
@pytest.mark.parametrize("content, words", [
    (b"PK\x03\x04 a workbook", "saved as CSV"),
    (b'Student,ID\n"' + b"x" * 200_000, "no table in CSV"),
    (b"\xff\x83", "it has no column|it lacks"),
    (b"Identifier,Full name,Grade,Maximum grade\nP 1,Ada Example,,pass\n", "'pass'; what would do is|no column"),
])
def test_a_template_of_another_kind_is_told_in_a_sentence(course, tmp_path, target, content, words):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(ValueError, match=words):
        export(course, NAME, target, given=tmp_path / "t.csv")


def test_a_line_that_lacks_columns_is_nobody_s(course, tmp_path):
    (tmp_path / "c.csv").write_text("Student,ID,SIS Login ID,Section\nnobody\nAda Example,4711,ada,A\n")
    assert [row["Student"] for row in rows(export(course, NAME, "canvas", given=tmp_path / "c.csv").paths[0])] == [
        "Ada Example"]
