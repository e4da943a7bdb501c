"""The roster finds a student by whatever an LMS calls them, and nobody where two might be meant."""

import pytest

from autograder.course.roster import Roster, RosterError, Student, read_roster

OURS = """id,name,email,lms_id,group
ada,Ada Example,ada@example.org,4711,
bob,Bob van Dyk,b.dyk@example.org,4712,blue
eve,Ève Müßig,eve@example.org,4713,Blue
"""


@pytest.fixture
def reading(tmp_path):
    def read(text):
        (tmp_path / "roster.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_roster(tmp_path / "roster.csv")
    return read


@pytest.mark.parametrize("word, who", [
    ("ada", "ada"), ("ADA", "ada"), ("4712", "bob"), ("b.dyk", "bob"), ("b.dyk@example.org", "bob"),
    ("Ada Example", "ada"), ("exampleada", "ada"), ("Example, Ada", "ada"),
    ("vandykbob", "bob"), ("Dyk, Bob van", "bob"), ("Eve Müssig", "eve"), ("mu\u0308ßige\u0300ve", "eve"),
    ("nobody", None), ("", None), ("---", None),
])
def test_a_student_is_found_by_any_name(reading, word, who):
    found = reading(OURS).find(word)
    assert (found and found.id) == who


def test_a_name_that_fits_two_fits_nobody_but_the_next_word_may():
    roster = Roster([Student("a1", "Ada Example", lms_id="1"), Student("a2", "Example Ada", lms_id="2")])
    assert roster.find("Ada Example") is None
    assert roster.find("Ada Example", "2").id == "a2"


def test_an_id_goes_before_another_students_name():
    roster = Roster([Student("x1", "ada"), Student("ada", "Grace Example")])
    assert roster.find("ada").name == "Grace Example"


def test_groups_hand_in_together(reading):
    roster = reading(OURS)
    assert [student.id for student in roster.members("blue")] == ["bob", "eve"]
    assert roster.members("") == []


def test_as_excel_saves_it(reading):
    roster = reading("\ufeffid;name\r\nada;Ada Example\r\n\r\n")
    assert roster.find("ada") == Student("ada", "Ada Example")
    assert reading("id;name\neve;Ève Müßig\n".encode("cp1252")).find("Ève Müßig").id == "eve"


def test_as_canvas_exports_its_gradebook(reading):
    roster = reading("Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (77)\n"
                     "Points Possible,,,,,10\n"
                     '"Example, Ada",4711,s100,ada,A,9\n"Dyk, Bob",4712,s101,,A,\n')
    assert list(roster) == [Student("ada", "Example, Ada", "", "4711"), Student("s101", "Dyk, Bob", "", "4712")]
    assert roster.find("exampleada").id == "ada"


def test_as_moodle_exports_its_participants(reading):
    roster = reading("First name,Last name,ID number,Email address,Groups\nAda,Example,s100,ada@example.org,blue\n")
    assert list(roster) == [Student("s100", "Ada Example", "ada@example.org", "", "blue")]


def test_where_moodle_has_no_number_the_address_is_the_id(reading):
    roster = reading("First name,Last name,Email address\nAda,Example,ada@example.org\n")
    assert list(roster) == [Student("ada@example.org", "Ada Example", "ada@example.org")]
    assert roster.find("Example Ada").id == roster.find("ada").id == "ada@example.org"


@pytest.mark.parametrize("heading", [
    "Vorname;Nachname;Anmeldename;E-Mail-Adresse;Gruppen",
    "Prénom;Nom de famille;Nom d’utilisateur;Adresse de courriel;Groupes",
    "Nombre;Apellido(s);Nombre de usuario;Dirección de correo;Grupos",
    "Nome;Cognome;Username;Indirizzo email;Gruppi", "Nome;Apelido;Nome de utilizador;E-mail;Grupos",
    "Voornaam;Achternaam;Gebruikersnaam;E-mailadres;Groepen"])
def test_moodles_participants_in_another_language(reading, heading):
    ada, = reading(f"{heading}\nAda;Example;ada;ada@example.org;Blau\n")
    assert ada == Student("ada", "Ada Example", "ada@example.org", "", "Blau")


def test_no_file_is_an_empty_roster(tmp_path):
    assert not read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize("text, said", [
    ("name,email\nAda,a@example.org\n", "no column `id`; its first line is 'name,email'"),
    ("", "no column `id`"),
    ("id\nada\nbob\nada\n", "line 4: 'ada' is there twice"),
    ("id\n../ada\n", "line 2: the id '../ada' cannot name a folder"),
])
def test_what_will_not_do_is_said(reading, text, said):
    with pytest.raises(RosterError) as told:
        reading(text)
    assert said in str(told.value)
