"""Quizzes go out with the answers that our own desk takes: each number, each order, each share of a mark."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.course import Course
from autograder.exercise.quiz import question
from autograder.export.moodlexml import FRACTIONS, moodle_xml
from autograder.export.qti import qti
from autograder.export.quizzes import Asked, asked

ROOT = Path(__file__).resolve().parents[3]
COURSE = Course.load(ROOT / "assignments")
WEEKS = [path.parent.name for path in sorted((ROOT / "assignments").glob("week*/quiz.toml"))]
QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"


def one(**table):
    table = {"kind": "number", "ask": "How **many** & why?", **table}
    return Asked("q", table, question("q", table, "course"))


def moodle(tmp_path, *questions):
    done = moodle_xml(list(questions), "a/b", tmp_path / "quiz.xml")
    return ElementTree.parse(done.paths[0]).getroot(), " ".join(done.notes)


def qti_item(tmp_path, item):
    done = qti([item], "Quiz", tmp_path / "quiz.zip")
    with zipfile.ZipFile(done.paths[0]) as package:
        assert package.testzip() is None
        return ElementTree.fromstring(package.read("items/q.xml")), " ".join(done.notes)


@pytest.mark.parametrize("week", WEEKS)
def test_every_question_of_the_course_goes_out(week, tmp_path):
    questions = asked(COURSE, week)
    root, _ = moodle(tmp_path, *questions)
    names = [made.findtext("idnumber") for made in root if made.get("type") != "category"]
    assert names == [each.name for each in questions]
    qti(questions, week, tmp_path / "quiz.zip")
    with zipfile.ZipFile(tmp_path / "quiz.zip") as package:
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
        listed = {file.get("href") for file in manifest.iter("{http://www.imsglobal.org/xsd/imscp_v1p1}file")}
        assert listed == set(package.namelist()) - {"imsmanifest.xml"} and len(listed) == len(questions) + 1


@pytest.mark.parametrize("week", WEEKS)
def test_each_drawn_number_goes_with_the_answer_that_our_desk_takes(week, tmp_path):
    for each in asked(COURSE, week):
        if not each.drawn:
            continue
        root, _ = moodle(tmp_path, each)
        columns = {made.findtext("name/text"): [float(item.findtext("value")) for item in made.iter("dataset_item")]
                   for made in root.iter("dataset_definition")}
        assert {len(values) for values in columns.values()} == {len(each.sets)}
        for place in range(len(each.sets)):
            numbers = {letter: columns[letter][place] for letter in each.table["draw"]}
            assert each.question.credit(columns["answer0"][place], numbers) == 1.0
            for other, wrong in enumerate(each.question.wrong, start=1):
                known = each.question.recognise(columns[f"answer{other}"][place], numbers)
                assert known is not None and (known is wrong or known.answer != each.question.answer)


def test_a_number_has_its_tolerance_and_the_words_for_wrong_ones(tmp_path):
    wrong = [{"answer": "1", "says": "a < b", "hint": "Why?"}]
    root, _ = moodle(tmp_path, one(answer="2*3", tolerance=0.5, wrong=wrong), one(answer="1/3"), one(answer="7"))
    first, third, whole = root[1:]
    answers = [(a.get("fraction"), a.findtext("text"), a.findtext("tolerance"), a.findtext("feedback/text"))
               for a in first.iter("answer")]
    assert answers == [("100", "6", "0.5", ""), ("0", "1", "0.5", "a &lt; b Why?")]
    assert float(third.findtext("answer/tolerance")) == pytest.approx(5e-9)
    assert whole.findtext("answer/tolerance") in ("0", "0.0")
    assert first.findtext("questiontext/text") == "<p>How <strong>many</strong> &amp; why?</p>"


def test_only_drawn_letters_are_moodles_wildcards(tmp_path):
    item = one(ask="With {h} units, $\\frac{{a}}{{b}}$?", answer="h + 1", draw={"h": [3, 4]})
    root, notes = moodle(tmp_path, item)
    words = root[1].findtext("questiontext/text")
    assert re.findall(r"\{([A-Za-z][^}]*)\}", words) == ["h"] and "one's own" in notes
    assert root[1].get("type") == "calculated" and root[1].findtext("answer/text") == "{answer0}"
    made, _ = qti_item(tmp_path, item)
    assert [node.get("identifier") for node in made.iter(f"{QTI}printedVariable")] == ["h"]
    assert "".join(made.find(f"{QTI}itemBody/{QTI}div").itertext()).startswith("With  units")


def test_more_sets_than_moodle_takes_are_thinned_and_said(tmp_path):
    item = one(ask="{a} {b}", answer="a*b", draw={"a": list(range(15)), "b": list(range(15))})
    _, notes = moodle(tmp_path, item)
    assert len(item.sets) == 100 and len({tuple(each.items()) for each in item.sets}) == 100
    assert "all sets of drawn numbers: Moodle takes 100: q" in notes


@pytest.mark.parametrize("right", range(1, 9))
def test_shares_are_moodles_own_and_a_wrong_letter_costs_one(right, tmp_path):
    letters = "abcdefghi"
    item = one(kind="choices", options={letter: letter for letter in letters}, answer=list(letters[:right]))
    root, notes = moodle(tmp_path, item)
    fractions = {a.findtext("text"): float(a.get("fraction")) for a in root.iter("answer")}
    assert all(abs(value) in FRACTIONS for value in fractions.values())
    assert sum(value for value in fractions.values() if value > 0) == pytest.approx(100, abs=1e-3)
    assert fractions["i"] == -fractions["a"] and root[1].findtext("single") == "false"
    made, _ = qti_item(tmp_path, item)
    mapped = {entry.get("mapKey"): float(entry.get("mappedValue")) for entry in made.iter(f"{QTI}mapEntry")}
    assert mapped["a"] == pytest.approx(1 / right) == -mapped["i"]
    assert made.find(f".//{QTI}mapping").get("lowerBound") == "0"


def test_one_choice_has_words_for_each_wrong_one(tmp_path):
    item = one(kind="choice", options={"a": "x < 1", "b": "*no*"}, answer="a",
               wrong=[{"answer": "b", "says": "Not b.", "hint": ""}])
    root, _ = moodle(tmp_path, item)
    assert [(a.get("fraction"), a.findtext("text"), a.findtext("feedback/text")) for a in root.iter("answer")] == [
        ("100", "x &lt; 1", ""), ("0", "<em>no</em>", "Not b.")]


def test_every_right_order_goes_into_qti_and_one_to_moodle(tmp_path):
    item = one(kind="order", items=dict(zip("abc", ("eat", "cook", "wash"), strict=True)), before=["b<a"], answer="bac",
               points=2)
    assert sorted(item.orders) == ["bac", "bca", "cba"]
    assert all(item.question.credit(order, {}) == 1 for order in item.orders)
    root, notes = moodle(tmp_path, item)
    assert [a.findtext("text") for a in root.iter("answer")] == ["cook", "eat", "wash"]
    assert root[1].findtext("gradingtype") == "LONGEST_ORDERED_SUBSET" and "as right as the one given" in notes
    made, notes = qti_item(tmp_path, item)
    listed = {"".join(value.text for value in match.iter(f"{QTI}baseValue")) for match in made.iter(f"{QTI}match")}
    assert listed == set(item.orders) and "credit for part of an order" in notes


def test_a_formula_is_marked_by_hand_and_said(tmp_path):
    item = one(kind="expression", answer="2*x", variables={"x": [-1, 1]})
    root, notes = moodle(tmp_path, item)
    assert root[1].get("type") == "essay" and "2*x" in root[1].findtext("graderinfo/text") and "essays" in notes
    made, notes = qti_item(tmp_path, item)
    assert made.find(f"{QTI}responseProcessing") is None and "formulas" in notes


def test_the_same_quiz_gives_the_same_bytes(tmp_path):
    questions = asked(COURSE, WEEKS[0])
    qti(questions, "Quiz", tmp_path / "a.zip"), qti(questions, "Quiz", tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
