"""A quiz as Moodle XML (Question bank > Import > Moodle XML format).

    number        numerical, each known wrong answer with its words; with drawn numbers: calculated, whose data set
                  holds the numbers and, beside them, the answers that they have
    choice        multichoice with one answer, the words for a wrong one beside it
    choices       multichoice with several; a wrong letter costs what a right one earns, as at our desk
    order         ordering (part of Moodle from 4.4 on), graded by the longest ordered subset
    expression    essay, since Moodle itself compares no formulas; the answer is in the notes for graders

https://docs.moodle.org/en/Moodle_XML_format; the names of elements are those that question/format/xml/format.php and
question/type/ordering/questiontype.php of Moodle read.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from autograder.export.grades import Exported
from autograder.export.quizzes import CLOSE, MOST_SETS, OPEN, Asked, named, option
from autograder.files.whole import write_whole

RELATIVE, NOMINAL = "1", "2"            # how Moodle reads a tolerance of calculated questions
SIGNIFICANT = "2"                       # correctanswerformat: so many significant digits
FRACTIONS = (100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5,
             11.11111, 10, 5, 0)        # of a mark, the only ones that Moodle takes (question_bank::fraction_options)
TO_THE_DIGITS = 1.5e-8                  # relative; as coursekit.desk.quiz.Number reads a tolerance of 0


def moodle_xml(questions: list[Asked], title: str, to: Path) -> Exported:
    """Write the questions as Moodle XML to `to`."""
    quiz = Element("quiz")
    category = SubElement(quiz, "question", type="category")
    _text(SubElement(category, "category"), f"$course$/top/{title.replace('/', '//')}")
    for asked in questions:
        quiz.append(_question(asked))
    ElementTree.indent(quiz)
    write_whole(to, '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(quiz, encoding="unicode") + "\n")
    return Exported((to,), tuple(losses(questions)))


def losses(questions: list[Asked]) -> list[str]:
    """What Moodle XML cannot carry of these questions, in words."""
    def of(*kinds: str) -> list[Asked]:
        return [asked for asked in questions if asked.kind in kinds]

    found = [
        ("numbers of one's own: Moodle draws a set at each attempt, not the one that follows from a student's id",
         [asked.name for asked in questions if asked.drawn]),
        (f"all sets of drawn numbers: Moodle takes {MOST_SETS}",
         [asked.name for asked in questions if asked.drawn > MOST_SETS]),
        ("formulas, which Moodle does not compare: these became essays, to be marked by hand",
         [asked.name for asked in of("expression")]),
        ("orders that are as right as the one given: Moodle knows one and takes the others for partly right",
         [asked.name for asked in of("order") if len(asked.orders) > 1]),
        ("order questions before Moodle 4.4, unless the plugin qtype_ordering is installed",
         [asked.name for asked in of("order")]),
        ("the words for known wrong answers, where these are several letters",
         [asked.name for asked in of("choices", "order") if asked.question.wrong]),
        ("shares of a mark other than Moodle's own: rounded to the nearest",
         [asked.name for asked in of("choices") if abs(_fraction(asked) - 100 / len(asked.question.answer)) > 1e-4]),
    ]
    return [f"Moodle XML cannot carry {what}: {named(who)}" for what, who in found if who]


def _question(asked: Asked) -> Element:
    kinds = {"number": "calculated" if asked.drawn else "numerical", "choice": "multichoice", "choices": "multichoice",
             "order": "ordering", "expression": "essay"}
    made = Element("question", type=kinds[asked.kind])
    _text(SubElement(made, "name"), f"{asked.name}: {asked.title}" if asked.title != asked.name else asked.name)
    _text(SubElement(made, "questiontext", format="html"), _words(asked))
    _text(SubElement(made, "generalfeedback", format="html"), "")
    _set(made, defaultgrade=f"{asked.points:g}", penalty="0", hidden="0", idnumber=asked.name)
    {"number": _number, "choice": _choice, "choices": _choice, "order": _order, "expression": _essay}[asked.kind](
        made, asked)
    return made


def _words(asked: Asked) -> str:
    """What is asked. Where numbers are drawn a brace before a letter means one, so other braces get a blank behind."""
    if not asked.drawn:
        return asked.words
    return re.sub(r"\{(?=[A-Za-z])", "{ ", asked.words).replace(OPEN, "{").replace(CLOSE, "}")


def _number(made: Element, asked: Asked) -> None:
    answers = [(asked.question.answer, "100", ""),
               *((wrong.answer, "0", f"{wrong.says} {wrong.hint}".strip()) for wrong in asked.question.wrong)]
    for place, (formula, fraction, says) in enumerate(answers):
        value = repr(asked.value(formula, {})) if not asked.drawn else f"{{answer{place}}}"
        answer = _answer(made, fraction, value, says, format="moodle_auto_format")
        if asked.drawn:
            kind, slack = (NOMINAL, asked.question.tolerance) if asked.question.tolerance or asked.exact else (
                RELATIVE, TO_THE_DIGITS)
            _set(answer, tolerance=f"{slack:.12g}", tolerancetype=kind, correctanswerformat=SIGNIFICANT,
                 correctanswerlength="10")
        else:
            _set(answer, tolerance=f"{_slack(asked, float(asked.value(formula, {}))):.12g}")
    _set(made, unitgradingtype="0", unitpenalty="0.1", showunits="3", unitsleft="0")
    if asked.drawn:
        _set(made, synchronize="1", single="true", answernumbering="abc", shuffleanswers="0")
        columns = {letter: [numbers[letter] for numbers in asked.sets] for letter in asked.table["draw"]}
        columns |= {f"answer{place}": [asked.value(formula, numbers) for numbers in asked.sets]
                    for place, (formula, _, _) in enumerate(answers)}
        sets = SubElement(made, "dataset_definitions")
        for letter, values in columns.items():
            sets.append(_dataset(letter, values))


def _slack(asked: Asked, value: float) -> float:
    if asked.question.tolerance or value.is_integer():
        return asked.question.tolerance
    return TO_THE_DIGITS * abs(value)


def _dataset(letter: str, values: list[float]) -> Element:
    made = Element("dataset_definition")
    for tag, words in (("status", "private"), ("name", letter), ("distribution", "uniform"),
                       ("minimum", repr(min(values))), ("maximum", repr(max(values))),
                       ("decimals", "0" if all(float(value).is_integer() for value in values) else "9")):
        _text(SubElement(made, tag), words)
    _set(made, type="calculated", itemcount=str(len(values)))
    items = SubElement(made, "dataset_items")
    for number, value in enumerate(values, start=1):
        _set(SubElement(items, "dataset_item"), number=str(number), value=repr(value))
    _set(made, number_of_items=str(len(values)))
    return made


def _choice(made: Element, asked: Asked) -> None:
    one = asked.kind == "choice"
    _set(made, single="true" if one else "false", shuffleanswers="false", answernumbering="abc")
    says = {wrong.answer: f"{wrong.says} {wrong.hint}".strip() for wrong in asked.question.wrong} if one else {}
    for letter, text in asked.table["options"].items():
        right = letter in asked.question.answer
        worth = 100 if one else _fraction(asked)
        fraction = worth if right else 0 if one else -worth
        _answer(made, f"{fraction:.7g}", option(text), says.get(letter, ""), format="html")


def _fraction(asked: Asked) -> float:
    """What one right letter of several is worth, in percent, as Moodle spells it."""
    return min(FRACTIONS, key=lambda known: abs(known - 100 / len(asked.question.answer)))


def _order(made: Element, asked: Asked) -> None:
    _set(made, layouttype="VERTICAL", selecttype="ALL", selectcount="0", gradingtype="LONGEST_ORDERED_SUBSET",
         showgrading="SHOW", numberingstyle="none")
    for place, letter in enumerate(asked.question.answer, start=1):
        _answer(made, str(place), option(asked.table["items"][letter]), "", format="html")


def _essay(made: Element, asked: Asked) -> None:
    _set(made, responseformat="plain", responserequired="1", responsefieldlines="3", attachments="0",
         attachmentsrequired="0")
    ranges = ", ".join(f"{name} from {low:g} to {high:g}" for name, (low, high) in asked.question.variables.items())
    wrong = "".join(f"<li><code>{_escaped(w.answer)}</code>: {_escaped(w.says)}</li>" for w in asked.question.wrong)
    _text(SubElement(made, "graderinfo", format="html"),
          f"<p>Any formula is right that equals <code>{_escaped(asked.question.answer)}</code> for {ranges}.</p>"
          + (f"<p>Known wrong answers:</p><ul>{wrong}</ul>" if wrong else ""))
    _text(SubElement(made, "responsetemplate", format="html"), "")


def _answer(made: Element, fraction: str, words: str, says: str, format: str) -> Element:
    answer = SubElement(made, "answer", fraction=fraction, format=format)
    SubElement(answer, "text").text = words
    _text(SubElement(answer, "feedback", format="html"), _escaped(says))
    return answer


def _text(parent: Element, words: str) -> None:
    SubElement(parent, "text").text = words


def _set(parent: Element, **values: str) -> None:
    for tag, words in values.items():
        SubElement(parent, tag).text = words


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
