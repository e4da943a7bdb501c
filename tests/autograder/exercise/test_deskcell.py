"""The desk cell is data that the desk reads, the same on every machine, and readable for people too."""

import ast
import json

import pytest

from autograder.authoring.author import build
from autograder.course import Course
from autograder.examine import public_sheet
from autograder.exercise.deskcell import portable, readable, source
from coursekit.desk.sheet import Sheet

NAME = "week05_tiny"


@pytest.fixture
def text(tiny):
    """The data in the desk cell of the tiny course, whose exercises.toml may be changed before."""
    def read(old="", new=""):
        path = tiny / NAME / "exercises.toml"
        path.write_text(path.read_text().replace(old, new) if old else path.read_text())
        build(tiny, NAME)
        return ast.parse(source(public_sheet(Course.find(tiny).assignment(NAME)))).body[1].value.args[0].value
    return read


def test_the_desk_reads_it(text):
    sheet = Sheet.from_json(text())
    assert set(sheet.exercises) == {"dense_backward", "double"}
    assert set(sheet.questions) == {"q_mnist", "q_order", "q_own"}
    assert [wrong.name for wrong in sheet.exercises["double"].wrong] == ["squared"]


def test_answers_are_not_in_it(text):
    questions = json.loads(text())["questions"]
    assert questions["q_mnist"]["kind"] == "number"
    assert not any({"answer", "wrong", "before"} & set(question) for question in questions.values())


def test_apostrophes_and_backslashes_do_not_end_the_text(text):
    sheet = Sheet.from_json(text("What is a thing and the same thing again?", "''' Isn't it + 1 \\\\ ?"))
    assert sheet.exercises["double"].hints == ("''' Isn't it + 1 \\ ?",)


def test_digits_that_machines_disagree_on_are_left_out():
    assert portable({"a": [0.1 + 0.2, 3, True, "x", 1e-200]}) == {"a": [0.3, 3, True, "x", 1e-200]}


def test_rounding_errors_of_an_outcome_are_zeros_and_small_numbers_of_a_case_stay():
    array = {"array": [[3.0, -4e-17], ["nan", 2e-9]], "dtype": "float64", "shape": [2, 2]}
    found = portable({"args": [array], "expected": {"value": {"dict": [["E", array]]}}})
    assert found["args"] == [array]
    assert found["expected"]["value"]["dict"][0][1]["array"] == [[3.0, 0.0], ["nan", 2e-9]]


def test_lines_stay_short_and_the_data_the_same():
    value = {"long": [["x" * 40] * 4, {"k": ["y" * 80, "z" * 80]}], "short": [1, 2]}
    assert json.loads(readable(value)) == value
    assert max(map(len, readable(value).splitlines())) <= 120
