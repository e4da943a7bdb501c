"""Exported quizzes in other people's readers: pyslet, by an author of QTI, scores ours; amc2moodle reads Moodle XML."""

import re
import sys
import types
import warnings
import zipfile
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.export.moodlexml import moodle_xml
from autograder.export.qti import qti
from autograder.export.quizzes import asked

pytestmark = pytest.mark.oracles

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT / "assignments")
WEEKS = [path.parent.name for path in sorted((ROOT / "assignments").glob("week*/quiz.toml"))]


@pytest.fixture(scope="module")
def pyslet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # it was written for an older Python
        document = pytest.importorskip("pyslet.qtiv2.xml", reason="needs pyslet (requirements-all.lock)")
        from pyslet.qtiv2 import expressions, variables
    return document, expressions, variables


def scored(pyslet, text, response):
    """(SCORE, FEEDBACK) of an item for a response, by pyslet's own processing; None stands for the right one."""
    document, expressions, variables = pyslet
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = document.QTIDocument()
        made.read(src=text)
        for equal in made.root.find_children_depth_first(expressions.Equal):
            equal.tolerance = "".join(equal.tolerance).split()      # it reads a list of two as a list of characters
        state = variables.ItemSessionState(made.root)
        state.select_clone()
        state.begin_session()
        state["RESPONSE"].set_value(state["RESPONSE.CORRECT"].value if response is None else response)
        state.end_attempt()
    return state["SCORE"].value, state["FEEDBACK"].value


@pytest.mark.parametrize("week", WEEKS)
def test_pyslet_gives_the_marks_that_our_desk_gives(week, pyslet, tmp_path):
    questions = [each for each in asked(COURSE, week) if each.kind != "expression"]
    path, = qti(questions, week, tmp_path / "quiz.zip").paths
    with zipfile.ZipFile(path) as package:
        items = {each.name: package.read(f"items/{each.name}.xml").decode() for each in questions}
    for each in questions:
        for place, numbers in enumerate(each.sets[:7], start=1):
            # pyslet knows an index by number alone: the set that a player would draw is put in.
            text = re.sub(r'n="SET"', f'n="{place}"', items[each.name])
            assert scored(pyslet, text, None) == (each.points, None), each.name
            for number, wrong in enumerate(each.question.wrong, start=1):
                typed = each.value(wrong.answer, numbers) if each.kind == "number" else wrong.answer
                value = each.question.read(typed, numbers)
                due, known = each.question.credit(value, numbers), each.question.recognise(value, numbers)
                response = {"number": float, "choice": str}.get(each.kind, list)(typed)
                score, feedback = scored(pyslet, text, response)
                if each.kind != "order":        # for part of an order QTI gives nothing
                    assert score == pytest.approx(each.points * due), (each.name, wrong)
                if due < 1 and known is wrong:
                    assert feedback == f"WRONG{number}", (each.name, wrong)
        for order in each.orders if each.kind == "order" else ():
            assert scored(pyslet, items[each.name], list(order)) == (each.points, None)


@pytest.mark.parametrize("week", WEEKS)
def test_amc2moodle_reads_what_it_knows(week, tmp_path, monkeypatch):
    pictures = types.ModuleType("wand.image")       # needs ImageMagick, and our questions have no pictures
    pictures.Image = None
    monkeypatch.setitem(sys.modules, "wand", types.ModuleType("wand"))
    monkeypatch.setitem(sys.modules, "wand.image", pictures)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = pytest.importorskip("amc2moodle.moodle2amc._questions", reason="needs amc2moodle "
                                     "(requirements-all.lock)")
    from lxml import etree

    questions = {each.name: each for each in asked(COURSE, week)}
    path, = moodle_xml(list(questions.values()), week, tmp_path / "quiz.xml").paths
    read = 0
    for made in etree.parse(str(path)).getroot():
        if made.get("type") not in ("multichoice", "numerical", "essay"):
            continue
        each = questions[made.findtext("idnumber")]
        theirs = reader.CreateQuestion(made.get("type"), made)
        assert theirs.gettype() in ("question", "questionmult", "questionmultx"), each.name
        answers = theirs.answers()
        if each.kind in ("choice", "choices"):
            right = [choice for choice in answers.iter() if choice.tag == "correctchoice"]
            assert len(right) == len(each.question.answer), each.name
        elif each.kind == "number":
            assert float(answers.get("target")) == pytest.approx(each.value(each.question.answer, {})), each.name
        read += 1
    assert read
