"""Whose a file is, as each LMS has it. The names are made as Moodle's and Canvas's own code makes them."""

from pathlib import PurePosixPath

import pytest

from autograder.intake.archive import Entry
from autograder.intake.naming import claims, first_of

NAME = "week05_tiny"


def claimed(*paths, stems=(NAME,)):
    return claims([Entry(PurePosixPath(path), bytes) for path in paths], NAME, list(stems))


def facts(claim):
    return claim.scheme, claim.who, claim.file.as_posix()


@pytest.mark.parametrize("path, scheme, who, file, number", [
    ("Ada Example_4711_assignsubmission_file_/my.ipynb", "Moodle", "Ada Example", "my.ipynb", ""),
    ("Ada Example_4711_assignsubmission_file/data/x.csv", "Moodle", "Ada Example", "data/x.csv", ""),
    ("Ada Example_4711_assignsubmission_file_my_2.ipynb", "Moodle", "Ada Example", "my_2.ipynb", ""),
    ("ada Ada Example_4711_assignsubmission_file_/x.ipynb", "Moodle", "ada Ada Example", "x.ipynb", ""),
    ("Blue group_12_assignsubmission_file_/x.ipynb", "Moodle", "Blue group", "x.ipynb", ""),
    ("Default group_assignsubmission_file_/x.ipynb", "Moodle", "Default group", "x.ipynb", ""),
    ("exampleada_4711_90210_my_own.ipynb", "Canvas", "exampleada", "my_own.ipynb", "4711"),
    ("exampleada_LATE_4711_90210_my.ipynb", "Canvas", "exampleada", "my.ipynb", "4711"),
    ("van_dykbob_4712_90211_x-1.ipynb", "Canvas", "van_dykbob", "x-1.ipynb", "4712"),
    ("anon_x9Z_90210_my.ipynb", "Canvas", "anon_x9Z", "my.ipynb", "x9Z"),
    ("LATE_anon_x9Z_90210_my.ipynb", "Canvas", "anon_x9Z", "my.ipynb", "x9Z"),
    (f"ada+{NAME}+2026-11-20 21:10:03.000000 UTC+tok/x.ipynb", "nbgrader's exchange", "ada", "x.ipynb", ""),
    (f"a+b@x.org+{NAME}+2026-11-20 21:10:03 UTC/x.ipynb", "nbgrader's exchange", "a+b@x.org", "x.ipynb", ""),
    (f"ada/{NAME}/x.ipynb", "folders", "ada", "x.ipynb", ""),
    ("ada/sub/x.ipynb", "folders", "ada", "sub/x.ipynb", ""),
    ("ada.ipynb", "files", "ada", f"{NAME}.ipynb", ""),
    (f"ada_{NAME}.ipynb", "files", "ada", f"{NAME}.ipynb", ""),
    (f"ada-{NAME}-2.ipynb", "files", "ada", f"{NAME}.ipynb", ""),
    (f"{NAME} - ada (1).ipynb", "files", "ada", f"{NAME}.ipynb", ""),
    ("user-1.ipynb", "files", "user-1", f"{NAME}.ipynb", ""),
    ("ada.zip", "files", "ada", f"{NAME}.zip", ""),
])
def test_schemes(path, scheme, who, file, number):
    claim, = claimed(path)
    assert facts(claim) == (scheme, who, file) and claim.number == number


def test_what_only_some_names_say():
    moodle, = claimed("Ada Example_4711_assignsubmission_onlinetext_/onlinetext.html")
    canvas, = claimed("exampleada_LATE_4711_text.html")
    assert moodle.typed and canvas.typed and canvas.late and not moodle.late
    one, two = claimed("a_1_10_x.ipynb", "a_1_11_x-1.ipynb")
    assert (one.order, two.order) == (10, 11)
    exchange, = claimed("ada+week04+2026-11-20 21_10_03.5 CET+t/x.ipynb")
    assert (exchange.assignment, exchange.when) == ("week04", "2026-11-20 21:10:03.5 CET")


@pytest.mark.parametrize("paths, who", [
    (["submissions/Ada Example_1_assignsubmission_file_/x.ipynb"], {"Ada Example"}),
    (["w/v/a_1_10_x.ipynb", "w/v/b_2_11_x.ipynb"], {"a", "b"}),
    (["hand-ins/ada/x.ipynb", "hand-ins/bob/x.ipynb"], {"ada", "bob"}),
    ([f"submitted/ada/{NAME}/x.ipynb"], {"ada"}),
    (["hand-ins/ada.ipynb", "hand-ins/bob.ipynb"], {"ada", "bob"}),
    ([f"{NAME}/ada.ipynb"], {"ada"}),
    (["ada/x.ipynb"], {"ada"}),
    ([f"ada/{NAME}.ipynb", "ada/notes.ipynb"], {"ada"}),
    (["ada/data/x.csv", f"ada/{NAME}.ipynb"], {"ada"}),
    ([f"ada/{NAME}/x.ipynb", f"ada/{NAME}/data/y.csv"], {"ada"}),
])
def test_a_folder_around_everything_names_nobody(paths, who):
    assert {claim.who for claim in claimed(*paths)} == who


def test_loose_files_of_an_assignment_with_several_notebooks():
    found = claimed("ada_p1.ipynb", "p2_ada.ipynb", "ada_p2 (3).ipynb", stems=("p1", "p2"))
    assert [(claim.who, claim.file.stem, claim.order) for claim in found] == [
        ("ada", "p1", 0), ("ada", "p2", 0), ("ada", "p2", 3)]


@pytest.mark.parametrize("stem, first", [
    ("week05", ("week05", 0)), ("week05 (2)", ("week05", 2)), ("week05-3", ("week05", 3)), ("week05_1", ("week05", 1)),
    ("week05 - Copy", ("week05", 1)), ("week05 - Copy (2)", ("week05", 2)), ("week05 Kopie 3", ("week05", 3)),
    ("(1)", ("(1)", 0)),
])
def test_second_files_of_a_name(stem, first):
    assert first_of(stem) == first
