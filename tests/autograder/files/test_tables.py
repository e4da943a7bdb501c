"""Hand-written TOML is checked; assignment.toml's keys, too, where a misspelt one used to be passed over."""

import pytest

from autograder.assignment import Assignment
from autograder.files.tables import Table, TableError, count, text, texts, yes_or_no


@pytest.mark.parametrize("kind, good, bad", [
    (text, ["a"], ["", "  ", 5, None]),
    (texts, [["a"], []], ["a", ["a", 5], [""], 5]),
    (yes_or_no, [True, False], [0, 1, "true"]),
    (count, [1, 7], [0, -1, 1.0, True, "1"]),
])
def test_kinds(kind, good, bad):
    for value in good:
        assert kind(value) in (value, tuple(value) if isinstance(value, list) else value)
    for value in bad:
        with pytest.raises(ValueError):
            kind(value)


def test_what_is_right_raises_nothing_and_what_is_below_is_closed_too():
    Table({"a": 1}).table("b").settle("x.toml")
    table = Table({"b": {"c": {"d": 1}}})
    table.table("b").table("c")
    with pytest.raises(TableError, match="b.c.d is not a key"):
        table.settle("x.toml")


@pytest.mark.parametrize("line, said", [
    ('version = "2"', 'version is "2"; what would do is a whole number from 1 on'),
    ("version = 0", "version is 0; what"),
    ('provides = "coursekit.desk"', 'provides is "coursekit.desk"; what would do is names in quotation marks'),
    ('import = ["numpy"]', "import is not a key; did you mean imports?"),
    ("[limits]\ncpu = 3", "limits.cpu is not a key; there are cpu_seconds"),
    ('[limits]\ncell_seconds = "10"', 'limits.cell_seconds is "10"; what would do is a number above 0'),
])
def test_assignment_toml(tmp_path, line, said):
    (tmp_path / "week01_x").mkdir()
    (tmp_path / "week01_x" / "assignment.toml").write_text(line)
    with pytest.raises(TableError) as told:
        Assignment.of(tmp_path / "week01_x", {})
    assert said in str(told.value) and "assignment.toml" in str(told.value)


def test_a_file_beside_it_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "exercises.toml").write_text("[double\n")
    with pytest.raises(TableError, match=r"exercises\.toml is not TOML: "):
        Assignment.of(tmp_path, {})
