"""What an LMS hands over is filed by student; the newest hand-in counts, all are kept, nothing does harm."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.bookkeeping.lock import Busy, held
from autograder.course import Course
from autograder.handin import Unreadable
from autograder.intake import archive
from autograder.intake.collect import collect
from autograder.intake.filing import earlier_folder, file_all
from autograder.intake.inbox import contents, deliveries
from autograder.intake.rollcall import call
from autograder.intake.worksheet import WorksheetError, read_worksheet

NAME = "week05_tiny"
ROSTER = """id,name,email,lms_id,group
ada,Ada Example,ada@example.org,4711,
bob,Bob van Dyk,bob@example.org,4712,blue
eve,Ève Müßig,eve@example.org,4713,blue
joe,Joe Doe,joe@example.org,4714,
"""


def notebook(source="x = 1"):
    return json.dumps(new_notebook(cells=[new_code_cell(source)])).encode()


def packed(files):
    """A zip file's bytes; names may come with a date: (name, (2026, 11, 20, 22, 0, 0))."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(*name) if isinstance(name, tuple) else name, content)
    return buffer.getvalue()


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.toml").write_text(
        f'timezone = "Europe/Berlin"\n[assignments.{NAME}]\ndue = 2026-11-20T22:00:00\n', encoding="utf-8")
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return Course.load(root)


@pytest.fixture
def collecting(course, tmp_path):
    """collecting({name: content}) -> what became of each student; the names lie in a zip file, or in a folder."""
    def file(files, folder=False, stems=(NAME,), times=None):
        place = tmp_path / "download"
        if folder:
            for name, content in files.items():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (place / name).write_bytes(content)
        else:
            place = tmp_path / "download.zip"
            place.write_bytes(packed(files))
        worksheet = None
        if times:
            (tmp_path / "times.csv").write_text(times, encoding="utf-8")
            worksheet = read_worksheet(tmp_path / "times.csv", course.settings)
        found = deliveries(course, NAME, list(stems), place, worksheet)
        return {each.student: each for each in file_all(course, NAME, list(stems), found)}
    return file


def cells(course, stems=(NAME,)):
    """Student -> the text of their first cell, as grading reads it; None where there is none."""
    return {h.student: h.cells and h.cells[0].source for h in collect(course, NAME, list(stems))}


@pytest.mark.parametrize("folder", [True, False], ids=["folder", "zip"])
@pytest.mark.parametrize("names", [
    ["Ada Example_1_assignsubmission_file_/my.ipynb", "Ève Müßig_2_assignsubmission_file_/x.ipynb"],
    ["exampleada_4711_90_my.ipynb", "müßigève_LATE_4713_91_x.ipynb"],
    [f"ada+{NAME}+2026-11-20 20:00:00 UTC+t/{NAME}.ipynb", f"eve+{NAME}+2026-11-20 20:00:00 UTC+t/{NAME}.ipynb"],
    [f"ada/{NAME}/{NAME}.ipynb", f"eve/{NAME}/{NAME}.ipynb"],
    [f"ada_{NAME}.ipynb", "eve.ipynb"],
    ["final version ada.ipynb", "EVE@example.org.ipynb"],
], ids=["Moodle", "Canvas", "exchange", "folders", "loose", "made-up"])
def test_every_way_of_naming_files_arrives(course, collecting, names, folder):
    collecting({names[0]: notebook("a = 1"), names[1]: notebook("e = 1")}, folder)
    assert cells(course) == {"ada": "a = 1", "eve": "e = 1", "bob": "e = 1"}      # bob works with eve


def test_one_hand_in_of_a_group_counts_for_all_of_it(course, collecting):
    collecting({"Bob van Dyk_3_assignsubmission_file_/x.ipynb": notebook("b = 1")})
    assert cells(course) == {"bob": "b = 1", "eve": "b = 1"}


def test_the_same_file_of_two_members_was_handed_in_by_the_first_and_counts_once(course, collecting):
    same = notebook("b = 1")
    filed = collecting({f"bob+{NAME}+2026-11-20 20:00:00 UTC+t/{NAME}.ipynb": same,
                        f"eve+{NAME}+2026-11-20 23:00:00 UTC+t/{NAME}.ipynb": same})
    assert {(each.when[:16], each.earlier) for each in filed.values()} == {("2026-11-20 20:00", 0)}


def test_a_groups_own_name_counts_for_all_of_it(course, collecting):
    collecting({"Blue_77_assignsubmission_file_/x.ipynb": notebook("b = 1")})
    assert cells(course) == {"bob": "b = 1", "eve": "b = 1"}


def test_groups_may_be_for_something_else(course, tmp_path):
    sheet = course.root / "course.toml"
    sheet.write_text(f"[assignments.{NAME}]\ngroups = false\n")
    course = Course.load(course.root)
    (tmp_path / "bob.ipynb").write_bytes(notebook())
    delivery, = [each for each in deliveries(course, NAME, [NAME], tmp_path) if each.who == "bob"]
    assert delivery.students == ("bob",)


MOODLE = """Identifier,Full name,Email address,Status,Grade,Last modified (submission)
Participant 1,Ada Example,ada@example.org,Submitted for grading,,"Friday, 20 November 2026, 10:30 PM"
Participant 2,Bob van Dyk,bob@example.org,Submitted for grading,,"Saturday, 21 November 2026, 1:05 AM"
Participant 4,Joe Doe,joe@example.org,No submission,,-
"""


def test_moodles_worksheet_holds_the_times(course, collecting):
    filed = collecting({"Ada Example_1_assignsubmission_file_/x.ipynb": notebook(),
                        "Blue_77_assignsubmission_file_/x.ipynb": notebook(),
                        "Joe Doe_4_assignsubmission_file_/x.ipynb": notebook()}, times=MOODLE)
    assert {who: each.when[:16] for who, each in filed.items()} == {
        "ada": "2026-11-20 21:30", "bob": "2026-11-21 00:05", "eve": "2026-11-21 00:05", "joe": ""}   # Berlin is ahead
    assert (course.folder("submitted", NAME, "ada") / "timestamp.txt").read_text() == filed["ada"].when + "\n"


# Of Moodle's language packs: recordid, fullname, email, lastmodifiedsubmission; hiddenuser; strftimedaydatetime.
@pytest.mark.parametrize("head, participant, when", [
    ("ID,Vollständiger Name,E-Mail-Adresse,Zuletzt geändert (Abgabe)", "Teilnehmer/in",
     "Freitag, 20. März 2026, 22:30"),
    ("Identifiant,Nom complet,Adresse de courriel,Dernière modification (travail remis)", "Participant ",
     "vendredi 20 mars 2026, 22:30"),
    ("Identificador,Nombre completo,Dirección de correo,Última modificación (entrega)", "Participante ",
     "viernes, 20 de marzo de 2026, 22:30"),
    ("Identificativo,Nome,Indirizzo email,Ultima modifica (consegna)", "Partecipante", "venerdì, 20 marzo 2026, 22:30"),
    ("Identificador,Nome completo,E-mail,Última atualização (submissão)", "Participante ",
     "sexta-feira, 20 de março de 2026 às 22:30"),
    ("Identificatie,Volledige naam,E-mailadres,Laatst gewijzigd (inzending)", "Deelnemer ",
     "vrijdag, 20 maart 2026, 22:30"),
])
def test_moodles_worksheet_in_another_language(course, collecting, head, participant, when):
    (course.root / "roster.csv").write_text("id,name,email\na1,Ada Example,a1@x.org\na2,Ada Example,a2@x.org\n")
    filed = collecting({"Ada Example_1_assignsubmission_file_/x.ipynb": notebook("one = 1"),
                        "Ada Example_2_assignsubmission_file_/x.ipynb": notebook("two = 1")},
                       times=f'{head}\n{participant}1,Ada Example,a1@x.org,"{when}"\n'
                             f"{participant}2,Ada Example,a2@x.org,-\n")
    assert cells(course) == {"a1": "one = 1", "a2": "two = 1"}
    assert (filed["a1"].when[:16], filed["a2"].when) == ("2026-03-20 21:30", "")


def test_moodles_worksheet_tells_two_of_one_name_apart(course, collecting):
    (course.root / "roster.csv").write_text("id,name,email\na1,Ada Example,a1@x.org\na2,Ada Example,a2@x.org\n")
    files = {"Ada Example_1_assignsubmission_file_/x.ipynb": notebook("one = 1"),
             "Ada Example_2_assignsubmission_file_/x.ipynb": notebook("two = 1")}
    assert collecting(files) == {}
    collecting(files, times="Identifier,Full name,Email address,Last modified (submission)\n"
               "Participant 1,Ada Example,a1@x.org,-\nParticipant 2,Ada Example,a2@x.org,-\n")
    assert cells(course) == {"a1": "one = 1", "a2": "two = 1"}


def test_any_table_of_times_will_do(collecting):
    filed = collecting({"exampleada_4711_90_x.ipynb": notebook(), "joe.ipynb": notebook()},
                       times="id;submitted_at\n4711;2026-11-20T21:30:00Z\njoe;2026-11-20 22:30\n")
    assert {each.when[:16] for each in filed.values()} == {"2026-11-20 21:30"}


@pytest.mark.parametrize("table, said", [
    ("Identifier,Zuletzt geändert\n1,x\n", "no table of times: it has the columns Identifier, Zuletzt geändert"),
    ("submitted_at\n2026-11-20 22:30\n", "no table of times"),
    ('id,submitted_at\nada,"fredag 20. november, 22:30"\n', "line 2: 'fredag 20. november, 22:30' is no time"),
    ("id,submitted_at\nada,10:30 PM\n", "'10:30 PM' is no time that can be read"),
])
def test_a_table_that_will_not_do_is_said(collecting, table, said):
    with pytest.raises(WorksheetError) as told:
        collecting({"ada.ipynb": notebook()}, times=table)
    assert said in str(told.value)


def test_times_of_files_are_nobodys_time_of_handing_in(collecting):
    names = ["Ada Example_1_assignsubmission_file_/x.ipynb", "doejoe_4714_9_x.ipynb", "eve.ipynb"]
    for folder in (True, False):
        assert {each.when for each in collecting(dict.fromkeys(names, notebook()), folder).values()} == {""}


def test_a_student_cannot_set_the_time(collecting):
    early = b"2020-01-01 00:00:00 UTC"
    filed = collecting({
        "Ada Example_1_assignsubmission_file_/timestamp.txt": early,
        "Ada Example_1_assignsubmission_file_/hand-in.zip": packed({"timestamp.txt": early, "x.ipynb": notebook()}),
        "joe.zip": packed({"timestamp.txt": early, "x.ipynb": notebook()})}, times=MOODLE)
    assert (filed["ada"].when[:16], filed["joe"].when) == ("2026-11-20 21:30", "")


def test_nbgraders_own_timestamp_is_kept(collecting):
    filed = collecting({f"ada/{NAME}/{NAME}.ipynb": notebook(),
                        f"ada/{NAME}/timestamp.txt": b"2026-11-20 20:00:00 UTC\n"}, folder=True)
    assert filed["ada"].when == "2026-11-20 20:00:00.000000 UTC"


def test_the_latest_counts_and_all_are_kept(course, collecting):
    collecting({f"ada+{NAME}+2026-11-20 {hour}:00:00 UTC+t{hour}/{NAME}.ipynb": notebook(f"x = {hour}")
                for hour in (18, 20, 19)} | {f"ada+week04+2026-11-20 23:00:00 UTC+t/{NAME}.ipynb": notebook("other")})
    assert cells(course) == {"ada": "x = 20"}
    kept = sorted(path.name for path in (earlier_folder(course, NAME) / "ada").iterdir())
    assert [name[:17] for name in kept] == ["2026-11-20-180000", "2026-11-20-190000"]
    assert (earlier_folder(course, NAME) / "ada" / kept[0] / f"{NAME}.ipynb").read_bytes() == notebook("x = 18") \
        or "x = 18" in (earlier_folder(course, NAME) / "ada" / kept[0] / f"{NAME}.ipynb").read_text()


def test_collecting_again_changes_nothing_until_there_is_something_newer(course, collecting):
    def at(hour, source):
        return {f"ada+{NAME}+2026-11-20 {hour}:00:00 UTC+t/{NAME}.ipynb": first[source]}

    first = {source: notebook(source) for source in ("x = 1", "x = 2")}
    assert collecting(at(20, "x = 1"))["ada"].state == "new"
    assert collecting(at(20, "x = 1"))["ada"].state == "unchanged"
    assert not (earlier_folder(course, NAME) / "ada").exists()
    assert collecting(at(21, "x = 2"))["ada"].state == "replaced"
    assert cells(course) == {"ada": "x = 2"}
    assert collecting(at(20, "x = 1"))["ada"].state == "older"
    assert cells(course) == {"ada": "x = 2"} and len(list((earlier_folder(course, NAME) / "ada").iterdir())) == 1
    assert not list(earlier_folder(course, NAME).parent.glob(".new*"))


def test_a_run_that_was_stopped_between_two_moves_is_finished_by_the_next_one(course, collecting, monkeypatch):
    def moodle(hour):
        return {("Ada Example_1_assignsubmission_file_/x.ipynb", (2026, 11, 20, hour, 0, 0)): notebook(f"x = {hour}")}

    def full(*places):
        raise OSError("the disk is full")

    collecting(moodle(18))
    with monkeypatch.context() as broken, pytest.raises(OSError, match="full"):
        broken.setattr("autograder.intake.filing.os.replace", full)
        collecting(moodle(19))
    assert collecting(moodle(19))["ada"].state == "new" and cells(course) == {"ada": "x = 19"}
    kept, = (earlier_folder(course, NAME) / "ada").rglob("*.ipynb")
    assert "x = 18" in kept.read_text() and not list(earlier_folder(course, NAME).parent.glob(".new*"))


def test_nothing_is_filed_while_the_course_is_graded(course, collecting):
    with held(course), pytest.raises(Busy):
        collecting({"ada.ipynb": notebook()})
    assert cells(course) == {}


def test_a_class_of_300(course, collecting):
    (course.root / "roster.csv").write_text("id,name\n" + "".join(f"s{n},Grün {n} Müller\n" for n in range(310)))
    filed = collecting({f"Gru\u0308n {n} Müller_{9000 + n}_assignsubmission_file_/x.ipynb": notebook(f"x = {n}")
                        for n in range(300)})
    assert len(filed) == 300 and cells(course) == {f"s{n}": f"x = {n}" for n in range(300)}
    assert len(call(course, NAME, [NAME]).missing) == 10


@pytest.mark.parametrize("names", [
    ["exampleada_4711_90_x.ipynb", "exampleada_4711_91_x-1.ipynb"],
    ["ada.ipynb", "ada (1).ipynb"],
    [f"ada/{NAME}.ipynb", f"ada/{NAME} (1).ipynb"],
    [f"ada/{NAME}-1.ipynb", f"ada/{NAME}-2.ipynb"],
    [("Ada Example_1_assignsubmission_file_/a.ipynb", (2026, 11, 20, 20, 0, 0)),
     ("Ada Example_2_assignsubmission_file_/b.ipynb", (2026, 11, 20, 21, 0, 0))],
])
def test_of_doubled_names_the_newest_counts_and_the_others_are_kept(course, collecting, names):
    filed = collecting(dict(zip(names, [notebook("old = 1"), notebook("new = 1")], strict=True)))
    assert cells(course) == {"ada": "new = 1"}
    assert filed["ada"].earlier == 1
    kept, = (earlier_folder(course, NAME) / "ada").rglob("*.ipynb")
    assert "old = 1" in kept.read_text()


def test_an_archive_in_the_archive_is_opened(course, collecting):
    inner = packed({"week 5/my.ipynb": notebook("a = 1"), "week 5/data/x.csv": b"1,2", "__MACOSX/week 5/._my": b"x"})
    collecting({"Ada Example_1_assignsubmission_file_/Hand-in.ZIP": inner, "joe.zip": packed({"y.ipynb": notebook()})})
    assert cells(course) == {"ada": "a = 1", "joe": "x = 1"}
    folder = course.folder("submitted", NAME, "ada")
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "data/x.csv", f"{NAME}.ipynb"]


def test_the_class_in_several_archives_in_one_folder(course, collecting):
    collecting({"section-1.zip": packed({"exampleada_4711_90_x.ipynb": notebook("a = 1")}),
                "section-2.zip": packed({"w/doejoe_4714_91_x.ipynb": notebook("j = 1")})}, folder=True)
    assert cells(course) == {"ada": "a = 1", "joe": "j = 1"}


def test_what_does_harm_is_refused_and_said_and_stops_nobody(course, collecting):
    (course.root / "roster.csv").write_text("id\nada\nbob\neve\njoe\n")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("x.ipynb", b"0" * 20_000_000)
    turtles = packed({"x.ipynb": notebook("deep = 1")})
    for _ in range(3):
        turtles = packed({"inner.zip": turtles})
    filed = collecting({
        "ada/bomb.zip": bomb.getvalue(), "bob/way-out.zip": packed({f"../../eve/{NAME}.ipynb": notebook("e = 1")}),
        "eve/turtles.zip": turtles, "joe/a.ipynb": notebook("j = 1"), "joe/cut.zip": packed({"x": b"x"})[:30]})
    assert "as only a trap is" in filed["ada"].notes[0]
    assert any("wants this file elsewhere" in note for note in filed["bob"].notes)
    assert any("cut.zip: The archive cannot be opened" in note for note in filed["joe"].notes)
    assert cells(course)["joe"] == "j = 1" and cells(course)["ada"] is None and cells(course)["eve"] is None
    assert not list(Path(course.root).rglob("passwd"))


def test_a_hand_in_of_too_many_or_too_large_files_is_cut(course, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.intake.inbox.MOST_FILES", 3)
    monkeypatch.setattr("autograder.intake.inbox.MOST_TOTAL", 3000)
    (tmp_path / "in" / "ada").mkdir(parents=True)
    for number in range(5):
        (tmp_path / "in" / "ada" / f"{number}.txt").write_bytes(b"x" * 10)
    (tmp_path / "in" / "joe").mkdir()
    (tmp_path / "in" / "joe" / "large.txt").write_bytes(b"x" * 4000)
    ada, joe = (contents(each, [NAME]) for each in deliveries(course, NAME, [NAME], tmp_path / "in"))
    assert len(ada.files) == 3 and ada.notes == ("3.txt and 1 more: left out, since the hand-in is too large.",)
    assert joe.files == {} and joe.notes == ("large.txt: left out, since the hand-in is too large.",)


def test_archives_of_archives_are_not_unpacked_for_hours(course, tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr("autograder.intake.inbox.MOST_FILES", 20)
    (tmp_path / "in" / "ada").mkdir(parents=True)
    inner = packed({f"{number}.txt": b"x" for number in range(20)})
    (tmp_path / "in" / "ada" / "all.zip").write_bytes(packed({f"{number}.zip": inner for number in range(20)}))
    real = archive._unpacked
    monkeypatch.setattr("autograder.intake.archive._unpacked", lambda *given: read.append(given) or real(*given))
    delivery, = deliveries(course, NAME, [NAME], tmp_path / "in")
    found = contents(delivery, [NAME])
    assert len(read) < 50 and len(found.files) == 20 and len(found.notes) == 1


def test_nobody_hands_in_for_others_by_an_archive_that_looks_like_an_lms_s(course, collecting):
    """Ada's own zip holds files called as Moodle and nbgrader call Bob's."""
    forged = packed({"Bob van Dyk_7_assignsubmission_file_/week05_tiny.ipynb": notebook("forged = 1"),
                     f"bob+{NAME}+2030-01-01 00:00:00 UTC+token/{NAME}.ipynb": notebook("forged = 2")})
    collecting({"ada.zip": forged, "bob.ipynb": notebook("bobs = 1")})
    assert cells(course)["bob"] == "bobs = 1" and "ada" in cells(course)
    (course.root / "roster.csv").unlink()
    collecting({"zoe.zip": forged, "yan.ipynb": notebook("y = 1")})
    assert cells(course)["bob"] == "bobs = 1" and {"yan", "zoe"} < cells(course).keys()


def test_a_student_s_file_cannot_take_the_place_of_the_time(course, collecting):
    """Who has no time counts as in time, so nobody may remove theirs."""
    filed = collecting({"ada.zip": packed({f"{NAME}.ipynb": notebook(), "timestamp.txt/x": b"1"})},
                       times="id,submitted_at\nada,2026-11-25 10:00:00\n")
    assert filed["ada"].when.startswith("2026-11-25") and call(course, NAME, [NAME]).late.keys() == {"ada"}


def test_a_file_in_too_many_folders_stops_nobody(course, collecting):
    filed = collecting({"ada.zip": packed({f"{NAME}.ipynb": notebook(), "a/" * 2500 + "x.txt": b"1"}),
                        "joe.ipynb": notebook()})
    assert filed.keys() == {"ada", "joe"} and "too deep" in filed["ada"].notes[0]


def test_nobody_s_name_is_a_way_up(course, collecting):
    (course.root / "roster.csv").unlink()
    collecting({f"{NAME}_...ipynb": notebook(), f"{NAME}_bob.ipynb": notebook()})
    assert not (course.folder("submitted", NAME, "bob").parents[2] / NAME).exists()
    assert ".." not in cells(course) and "bob" in cells(course)


def test_ids_that_differ_in_a_sign_are_two_students(course, collecting):
    (course.root / "roster.csv").write_text("id,name\na.b,Ann Bee\nab,Abe Low\n", encoding="utf-8")
    collecting({"a.b.ipynb": notebook("ann = 1"), "ab.ipynb": notebook("abe = 1"), "a-b.ipynb": notebook("who = 1")})
    assert cells(course) == {"a.b": "ann = 1", "ab": "abe = 1"}


def test_canvas_s_number_is_nobody_s_id(course, collecting):
    (course.root / "roster.csv").write_text("id,name,lms_id\n4712,Ann Bee,\nabe,Abe Low,4712\n", encoding="utf-8")
    collecting({f"lowabe_4712_90210_{NAME}.ipynb": notebook("abe = 1")})
    assert cells(course) == {"abe": "abe = 1"}


def test_all_older_notebooks_of_one_name_are_kept(course, collecting):
    collecting({"ada.zip": packed({f"{folder}/{NAME}.ipynb": notebook(folder) for folder in "abc"})})
    kept = sorted(path.read_text() for path in (earlier_folder(course, NAME) / "ada").rglob("*.ipynb"))
    assert len(kept) == 2 and len(set(kept)) == 2


def test_several_notebooks_each_find_their_place(course, collecting):
    collecting({"ada/sub/p1.ipynb": notebook("one = 1"), "ada/sub/p2 (1).ipynb": notebook("two = 1"),
                "ada/other.ipynb": notebook("other = 1")}, stems=("p1", "p2"))
    found = {h.stem: h.cells[0].source for h in collect(course, NAME, ["p1", "p2"])}
    assert found == {"p1": "one = 1", "p2": "two = 1"}


def test_without_a_roster_the_names_are_the_lms_own(course, collecting):
    (course.root / "roster.csv").unlink()
    collecting({"Ada Example_1_assignsubmission_file_/x.ipynb": notebook(),
                "Joe Doe_2_assignsubmission_file_/x.ipynb": notebook("one = 1"),
                "Joe Doe_3_assignsubmission_file_/x.ipynb": notebook("two = 1"), "smithjo_7_90_x.ipynb": notebook()})
    assert cells(course) == {"Ada Example": "x = 1", "Joe Doe 2": "one = 1", "Joe Doe 3": "two = 1", "smithjo": "x = 1"}


def test_the_roll_is_called(course, collecting, tmp_path):
    collecting({"Ada Example_1_assignsubmission_file_/x.ipynb": notebook(),
                "Bob van Dyk_2_assignsubmission_file_/x.ipynb": b"",
                "Zoe Nobody_3_assignsubmission_file_/x.ipynb": notebook()}, times=MOODLE)
    delivered = deliveries(course, NAME, [NAME], tmp_path / "download.zip")
    found = call(course, NAME, [NAME], file_all(course, NAME, [NAME], delivered), delivered)
    assert found.handed_in == ("ada", "bob", "eve") and found.missing == ("joe",)
    assert found.late == {"ada": 30 * 60, "bob": 185 * 60, "eve": 185 * 60}
    assert found.unknown == ("Zoe Nobody",) and found.strangers == ()
    assert found.unreadable == {"bob": ("The file is empty.",), "eve": ("The file is empty.",)}
    assert found.untimed == () and found.doubled == {}


def test_canvas_says_who_is_late_but_not_how_late(course, collecting, tmp_path):
    filed = collecting({"exampleada_LATE_4711_90_x.ipynb": notebook(), "doejoe_4714_91_x.ipynb": notebook()})
    found = call(course, NAME, [NAME], filed.values())
    assert found.late == {"ada": 0.0} and found.untimed == ("ada", "joe")


def test_what_is_no_delivery_is_said(course, tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no .*nowhere"):
        deliveries(course, NAME, [NAME], tmp_path / "nowhere")
    (tmp_path / "file.pdf").write_bytes(b"%PDF")
    with pytest.raises(Unreadable, match="no zip file"):
        deliveries(course, NAME, [NAME], tmp_path / "file.pdf")
