"""course.toml is checked while it is read: each error names the key, what arrived and what would do."""

from datetime import datetime, timedelta

import pytest

from autograder.course.settings import Late, Settings, Terms, read_settings, unknown
from autograder.files.tables import TableError

ALL = """
id = "nn-2026"
title = "Neural networks"
roster = "people.csv"
timezone = "Europe/Berlin"
[late]
percent_per_day = 10
grace_hours = 1.5
maximum_days = 5
[limits]
cpu_seconds = 90
[assignments.week01_mlp]
due = 2026-11-20T23:59:00
groups = false
[assignments.week01_mlp.extensions]
ada = "2 days"
bob = "36 hours"
"eve.x" = 2026-11-21T12:00:00Z
[assignments.week02_x]
due = 2026-07-01
"""


@pytest.fixture
def reading(tmp_path):
    """reading(text) -> the settings of a course.toml with that text."""
    def read(text):
        (tmp_path / "course.toml").write_text(text, encoding="utf-8")
        return read_settings(tmp_path / "course.toml")
    return read


def test_all_of_it(reading):
    settings = reading(ALL)
    assert (settings.id, settings.title, settings.roster) == ("nn-2026", "Neural networks", "people.csv")
    assert settings.late == Late(10, 1.5, 5) and settings.limits == {"cpu_seconds": 90}
    # Berlin is one hour before UTC in winter and two in summer; a day alone means its end.
    assert settings.assignments["week01_mlp"] == Terms(datetime(2026, 11, 20, 22, 59), {
        "ada": timedelta(days=2), "bob": timedelta(hours=36), "eve.x": timedelta(hours=13, minutes=1)}, groups=False)
    assert settings.assignments["week02_x"] == Terms(datetime(2026, 7, 1, 21, 59, 59))


def test_all_of_it_may_be_left_out(reading, tmp_path):
    assert reading("") == read_settings(tmp_path / "nothing.toml") == Settings()
    assert Settings().late is None and Settings().assignments == {}


@pytest.mark.parametrize("line, said", [
    ("id = 5", "id is 5; what would do is a short name in quotation marks"),
    ('id = ""', 'id is ""; what'),
    ('titel = "x"', "titel is not a key; did you mean title?"),
    ("xyzzy = 1", "xyzzy is not a key; there are id, title, roster"),
    ('timezone = "Mars/Olympus"', 'timezone is "Mars/Olympus"; what would do is a time zone such as "Europe/Berlin"'),
    ("late = 10", "late is 10; what would do is a table, [late]"),
    ("[late]\npercent_per_day = 110", "late.percent_per_day is 110; what would do is a number from 0 to 100"),
    ("[late]\npercent_per_day = true", "late.percent_per_day is true; what"),
    ("[late]\ngrace_hours = -1", "late.grace_hours is -1; what"),
    ("[late]\npercent = 10", "late.percent is not a key; did you mean percent_per_day?"),
    ("[limits]\ncpu_seconds = 0", "limits.cpu_seconds is 0; what would do is a number above 0"),
    ("[limits]\ncpus = 5", "limits.cpus is not a key"),
    ('[assignments.w]\ndue = "soon"', 'assignments.w.due is "soon"; what would do is a time such as 2026-11-20T23:59'),
    ("[assignments.w]\ndue = 20", "assignments.w.due is 20; what"),
    ("[assignments.w]\ndeu = 2026-01-01", "assignments.w.deu is not a key; did you mean due?"),
    ("[assignments.w]\ngroups = 3", "assignments.w.groups is 3; what would do is true or false"),
    ('[assignments.w]\nextensions = {ada = "1 day"}', "assignments.w.extensions is there, but nothing is due"),
    ('[assignments.w]\ndue = 2026-01-01\nextensions = {ada = "soon"}', 'assignments.w.extensions.ada is "soon"; what'),
    ("[assignments.w]\ndue = 2026-01-02\nextensions = {ada = 2026-01-01}", "extensions.ada is 2026-01-01; what would"),
    ("[assignments]\nw = 1", "assignments.w is 1; what would do is a table, [assignments.w]"),
])
def test_what_will_not_do_is_named_with_what_would(reading, line, said):
    with pytest.raises(TableError) as told:
        reading(line)
    assert said in str(told.value) and "course.toml" in str(told.value)


def test_all_errors_are_told_at_once(reading):
    with pytest.raises(TableError) as told:
        reading('id = 1\ntitle = 2\n[assignments.w]\ndue = "x"\nextensions = {ada = "1 day"}')
    assert [line.split(" ")[3] for line in str(told.value).splitlines()[1:]] == ["id", "title", "assignments.w.due"]


def test_what_is_not_toml_is_said_with_its_line(reading):
    with pytest.raises(TableError, match="course.toml is not TOML: .*line 2"):
        reading("id = 'a'\ntitle: x")


def test_assignments_that_are_not_there_with_what_may_be_meant(reading):
    settings = reading("[assignments.week01_mpl]\n[assignments.week01_mlp]\n[assignments.other]\n")
    assert unknown(["week01_mlp", "week02_x"], settings) == ["week01_mpl (week01_mlp?)", "other"]
