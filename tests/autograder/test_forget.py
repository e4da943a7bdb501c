"""`autograder forget`: afterwards no byte in the course's folder speaks of the student; everybody else's is there."""

import json
import shutil
import sqlite3
from contextlib import closing

import nbformat
import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from autograder.authoring.author import build
from autograder.bookkeeping import gradebook as books
from autograder.cli.app import app
from autograder.course import Course
from autograder.course.roster import read_roster, strike
from autograder.exercise.solutions import is_test
from autograder.feedback import feedback
from autograder.forget import exports_folder, forget, scrub, traces
from autograder.grade import grade
from autograder.intake.filing import earlier_folder, file_all
from autograder.intake.inbox import deliveries
from autograder.job import Run
from autograder.report import report

NAME = "week05_tiny"
ID, PERSON, EMAIL = "zq-4711", "Zora Quill-Example", "z.quill@example.org"
ROSTER = f"id,name,email\nada,Ada Example,ada@example.org\n{ID},{PERSON},{EMAIL}\nbob,Bob,bob@example.org\n"


def runner(job):
    """Passes everything, and notes whose it was, as printed output may."""
    run = Run(job.notebook)
    for cell in job.notebook.cells:
        if is_test(cell):
            cell.outputs = [nbformat.v4.new_output("stream", text=f"hello {job.student}\n")]
            run.findings[cell.metadata.nbgrader.grade_id] = [
                {"exercise": "", "status": "passed", "fraction": 1.0, "rationale": f"well done, {job.student}"}]
    return run


@pytest.fixture(scope="module")
def graded(lay_out_tiny, empty_gradebook, tmp_path_factory):
    """A course that has collected, graded, given back, reported and exported three students' hand-ins."""
    root = lay_out_tiny(tmp_path_factory.mktemp("forget") / "assignments")
    (root / "roster.csv").write_text(ROSTER)
    (root / "build").mkdir()
    shutil.copy(empty_gradebook, root / "build" / "gradebook.db")
    build(root, NAME)
    course = Course.load(root)
    inbound = tmp_path_factory.mktemp("inbound")
    for student in ("ada", ID, "bob"):
        for hour in (10, 11):
            place = inbound / f"{student}+{NAME}+2026-11-20 {hour}:00:00 UTC+t{hour}"
            place.mkdir()
            nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"student_id = '{student}'  # {hour}")])
            nbformat.write(nb, place / f"{NAME}.ipynb")
    file_all(course, NAME, [NAME], deliveries(course, NAME, [NAME], inbound))
    grade(course, NAME, runner=runner, workers=1)
    feedback(course, NAME)
    report(course, NAME)
    exports_folder(course).mkdir()
    (exports_folder(course) / "marks.csv").write_text(f"id,score\nada,3\n{ID},3\n")
    (exports_folder(course) / "gradescope" / ID).mkdir(parents=True)
    (exports_folder(course) / "gradescope" / ID / "results.json").write_text("{}")
    (root / ".nbgrader.log").write_text(f"collected {ID}\n")
    return root


@pytest.fixture
def course(graded, tmp_path):
    return Course.load(shutil.copytree(graded, tmp_path / "course"))


def speaking(course):
    """Files that hold the student's id, name or address anywhere in their bytes or in their names."""
    words = [word.encode() for word in (ID, PERSON, EMAIL)]
    return {path.relative_to(course.root).as_posix() for path in course.root.rglob("*") if path.is_file()
            and any(word in path.as_posix().encode() + path.read_bytes() for word in words)}


def test_the_test_sees_what_is_to_go(course):
    there = speaking(course)
    for place in ("build/submitted", "build/earlier", "build/autograded", "build/feedback", "build/verdicts",
                  "build/gradebook.db", "build/report", "build/export", ".nbgrader.log", "roster.csv"):
        assert any(path.startswith(place) for path in there), place


def test_afterwards_no_byte_speaks_of_them(course):
    forget(course, ID)
    assert speaking(course) == {"roster.csv"}
    strike(course.root / "roster.csv", ID)
    assert speaking(course) == set()
    assert not traces(course, ID)


def test_removed_rows_leave_no_bytes_in_the_file(tmp_path):
    with closing(sqlite3.connect(tmp_path / "book.db")) as book:
        book.execute("PRAGMA secure_delete = OFF")      # as SQLite has it where nobody built it otherwise
        book.execute("CREATE TABLE marks (who TEXT)")
        book.executemany("INSERT INTO marks VALUES (?)", [(ID,), ("ada",)])
        book.execute("DELETE FROM marks WHERE who = ?", (ID,))
        book.commit()
    assert ID.encode() in (tmp_path / "book.db").read_bytes()
    scrub(make_url(f"sqlite:///{tmp_path / 'book.db'}"))
    assert ID.encode() not in (tmp_path / "book.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "book.db")) as book:
        assert book.execute("SELECT who FROM marks").fetchall() == [("ada",)]


def test_everybody_elses_is_there(course):
    def others():
        with books.opened(course) as gradebook:
            marks = books.totals(gradebook, NAME)
        files = {path.relative_to(course.root): path.read_bytes() for path in course.root.rglob("*") if path.is_file()
                 and any(part in ("ada", "bob", "ada.json", "bob.json") for part in path.parts)}
        return {who: mark for who, mark in marks.items() if who != ID}, files

    before = others()
    assert len(before[0]) == 2 and len(before[1]) > 8
    forget(course, ID)
    assert others() == before
    assert "ada" in (course.root / "build" / "report" / f"{NAME}.html").read_text(encoding="utf-8")


def test_what_is_found_is_listed_and_nothing_touched(course):
    before = speaking(course)
    found = traces(course, ID)
    assert found.submissions == (NAME,) and found.in_gradebook
    assert {path.name for path in found.shared} == {f"{NAME}.html", "marks.csv", ".nbgrader.log"}
    assert [path.name for path in found.left] == ["roster.csv"]
    assert earlier_folder(course, NAME) / ID in found.theirs
    assert speaking(course) == before


def test_other_peoples_hand_ins_that_name_them_are_for_a_person_to_look_at(course):
    theirs = course.folder("submitted", NAME, "ada") / "notes.txt"
    theirs.write_text(f"I worked with {PERSON}.")
    assert theirs in forget(course, ID).left and theirs.exists()


def test_a_part_of_a_word_is_nobodys_name(course):
    (course.root / "notes.txt").write_text(f"{ID}5 and x{ID}")
    assert course.root / "notes.txt" not in traces(course, ID).left


def test_the_command_lists_first_and_removes_on_yes(course):
    def call(*words):
        return CliRunner().invoke(app, ["forget", *words, "--course", str(course.root)])

    listed = call(ID)
    assert listed.exit_code == 1 and "Nothing was removed" in listed.output and len(speaking(course)) > 10
    told = json.loads(call(ID, "--yes", "--roster", "--json").stdout)
    assert (told["removed"], told["gradebook"], told["left"]) == (True, [NAME], [])
    assert speaking(course) == set()
    assert isinstance(call(ID).exception, LookupError)


def test_a_roster_line_goes_alone(tmp_path):
    path = tmp_path / "roster.csv"
    text = 'id;name\r\nada;"Example;\r\nAda"\r\nbob;"Doe\r\nBob"\r\neve;Eve\r\n'
    path.write_text(text, newline="")
    assert strike(path, "bob") and not strike(path, "nobody") and not strike(tmp_path / "none.csv", "bob")
    assert path.read_bytes().decode() == 'id;name\r\nada;"Example;\r\nAda"\r\neve;Eve\r\n'
    assert [student.id for student in read_roster(path)] == ["ada", "eve"]


@pytest.mark.parametrize("student", ["", ".", "..", " ", "ada/week", "../..", "..\\ada"])
def test_what_is_nobody_s_id_removes_nothing(tmp_path, student):
    """As a folder's name, ".." would be everybody's hand-ins and the gradebook."""
    hand_in = tmp_path / "submitted" / "ada" / "week" / "nb.ipynb"
    hand_in.parent.mkdir(parents=True)
    hand_in.touch()
    with pytest.raises(LookupError, match="nobody's id"):
        forget(Course.load(tmp_path), student)
    assert hand_in.exists()
