"""A question as an item of IMS QTI 2.1.

    number        textEntryInteraction, compared by `equal` with its tolerance; with drawn numbers: template variables,
                  of which one, drawn at random, picks the set of numbers and the answers that they have
    choice        choiceInteraction
    choices       choiceInteraction with a mapping: a wrong letter costs what a right one earns, never below 0
    order         orderInteraction; every order that is right is listed
    expression    extendedTextInteraction, to be marked by hand

The words for known wrong answers are modal feedback.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from autograder.export.quizzes import CLOSE, OPEN, Asked, fragment, option

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOCATIONS = {QTI: "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
             CP: "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"}
MOST_ORDERS = 24                    # that are listed one by one
TO_THE_DIGITS = "1.5e-6"            # percent; as coursekit.desk.quiz.Number reads a tolerance of 0


def item(asked: Asked) -> Element:
    """The assessmentItem of one question: what is answered, what is asked, how the answer is judged."""
    made = root("assessmentItem", QTI, identifier=asked.name, title=asked.title, adaptive="false",
                timeDependent="false")
    made.append(_response(asked))
    outcome = SubElement(made, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float",
                         normalMaximum=_number(asked.points))
    _values(SubElement(outcome, "defaultValue"), "0")
    SubElement(made, "outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier")
    if asked.drawn:
        _templates(made, asked)
    body = SubElement(made, "itemBody")
    body.append(_words(asked))
    _interaction(body, asked)
    if asked.kind != "expression":
        _processing(made, asked)
        for place, wrong in enumerate(asked.question.wrong, start=1):
            feedback = SubElement(made, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=f"WRONG{place}",
                                  showHide="show")
            feedback.text = f"{wrong.says} {wrong.hint}".strip()
    return made


def _response(asked: Asked) -> Element:
    cardinality, base = {"number": ("single", "float"), "choice": ("single", "identifier"),
                         "choices": ("multiple", "identifier"), "order": ("ordered", "identifier"),
                         "expression": ("single", "string")}[asked.kind]
    made = Element("responseDeclaration", identifier="RESPONSE", cardinality=cardinality, baseType=base)
    if not asked.drawn:
        right = SubElement(made, "correctResponse")
        answer = asked.question.answer
        _values(right, *([_number(asked.value(answer, {}))] if asked.kind == "number" else
                         [answer] if asked.kind == "expression" else answer))
    if asked.kind == "choices":
        share = asked.points / len(asked.question.answer)
        mapping = SubElement(made, "mapping", lowerBound="0", upperBound=_number(asked.points), defaultValue="0")
        for letter in asked.table["options"]:
            SubElement(mapping, "mapEntry", mapKey=letter,
                       mappedValue=_number(share if letter in asked.question.answer else -share))
    return made


def _templates(item: Element, asked: Asked) -> None:
    """SET is drawn; each letter, and each answer, is that entry of its list."""
    columns = _columns(asked)
    SubElement(item, "templateDeclaration", identifier="SET", cardinality="single", baseType="integer")
    for name, values in columns.items():
        SubElement(item, "templateDeclaration", identifier=name, cardinality="single", baseType=_type(values))
    rules = SubElement(item, "templateProcessing")
    drawn = SubElement(rules, "setTemplateValue", identifier="SET")
    SubElement(drawn, "randomInteger", min="1", max=str(len(asked.sets)))
    for name, values in columns.items():
        entry = SubElement(SubElement(rules, "setTemplateValue", identifier=name), "index", n="SET")
        listed = SubElement(entry, "ordered")
        for value in values:
            SubElement(listed, "baseValue", baseType=_type(values)).text = _number(value)
    right = SubElement(rules, "setCorrectResponse", identifier="RESPONSE")
    SubElement(right, "variable", identifier="ANSWER0")


def _columns(asked: Asked) -> dict[str, list[float]]:
    """Name of a template variable -> its value in each set: the letters, the answer, the known wrong answers."""
    columns = {letter: [numbers[letter] for numbers in asked.sets] for letter in asked.table["draw"]}
    answers = [asked.question.answer, *(wrong.answer for wrong in asked.question.wrong)]
    return columns | {f"ANSWER{place}": [float(asked.value(formula, numbers)) for numbers in asked.sets]
                      for place, formula in enumerate(answers)}


def _type(values: list[float]) -> str:
    return "integer" if all(type(value) is int for value in values) else "float"


def _words(asked: Asked) -> Element:
    """What is asked, a drawn number standing as its variable."""
    made = fragment(asked.words)
    for node in list(made.iter()):
        children = list(node)
        _print(node, None, node.text)
        for child in children:
            _print(node, child, child.tail)
    return made


def _print(parent: Element, before: Element | None, text: str | None) -> None:
    """Put a text with drawn numbers in it behind the child `before`, or at the parent's beginning."""
    first, *others = re.split(f"{OPEN}(.+?){CLOSE}", text or "")
    if not others:
        return
    if before is None:
        parent.text, place = first, 0
    else:
        before.tail, place = first, list(parent).index(before) + 1
    for letter, tail in zip(others[::2], others[1::2], strict=True):
        printed = Element("printedVariable", identifier=letter)
        printed.tail = tail
        parent.insert(place, printed)
        place += 1


def _interaction(body: Element, asked: Asked) -> None:
    if asked.kind == "number":
        SubElement(SubElement(body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12")
    elif asked.kind == "expression":
        SubElement(body, "extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines="2")
    elif asked.kind == "order":
        made = SubElement(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
        _options(made, asked.table["items"])
    else:
        made = SubElement(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false",
                          maxChoices="1" if asked.kind == "choice" else "0")
        _options(made, asked.table["options"])


def _options(made: Element, texts: dict[str, str]) -> None:
    for letter, text in texts.items():
        choice = fragment(option(text), "simpleChoice")
        choice.set("identifier", letter)
        made.append(choice)


def _processing(item: Element, asked: Asked) -> None:
    rules = SubElement(item, "responseProcessing")
    if asked.kind == "choices":
        SubElement(_outcome(rules, "SCORE"), "mapResponse", identifier="RESPONSE")
    condition = SubElement(rules, "responseCondition")
    if asked.kind != "choices":
        right = SubElement(condition, "responseIf")
        right.append(_is_right(asked))
        SubElement(_outcome(right, "SCORE"), "baseValue", baseType="float").text = _number(asked.points)
    for place, wrong in enumerate(asked.question.wrong, start=1):
        case = SubElement(condition, "responseElseIf" if len(condition) else "responseIf")
        case.append(_is(asked, wrong.answer, place))
        SubElement(_outcome(case, "FEEDBACK"), "baseValue", baseType="identifier").text = f"WRONG{place}"
    if not len(condition):
        rules.remove(condition)


def _is_right(asked: Asked) -> Element:
    if asked.kind != "order" or len(asked.orders) == 1 or len(asked.orders) > MOST_ORDERS:
        return _is(asked, asked.question.answer, 0)
    either = Element("or")
    either.extend(_is(asked, order, 0) for order in asked.orders)
    return either


def _is(asked: Asked, answer: str, place: int) -> Element:
    """The condition that the response is this answer, the one in this place of the answers."""
    if asked.kind == "number":
        made = _equal(asked, answer)
        SubElement(made, "variable", identifier="RESPONSE")
        if asked.drawn:
            SubElement(made, "variable", identifier=f"ANSWER{place}")
        else:
            SubElement(made, "baseValue", baseType="float").text = _number(asked.value(answer, {}))
        return made
    made = Element("match")
    SubElement(made, "variable", identifier="RESPONSE")
    holder = SubElement(made, {"choices": "multiple", "order": "ordered"}[asked.kind]) if asked.kind != "choice" \
        else made
    for letter in answer:
        SubElement(holder, "baseValue", baseType="identifier").text = letter
    return made


def _equal(asked: Asked, answer: str) -> Element:
    if asked.question.tolerance:
        slack = f"{asked.question.tolerance:.12g}"
        return Element("equal", toleranceMode="absolute", tolerance=f"{slack} {slack}")
    whole = asked.exact if asked.drawn else float(asked.value(answer, {})).is_integer()
    if whole:
        return Element("equal", toleranceMode="exact")
    return Element("equal", toleranceMode="relative", tolerance=f"{TO_THE_DIGITS} {TO_THE_DIGITS}")


def _outcome(parent: Element, identifier: str) -> Element:
    return SubElement(parent, "setOutcomeValue", identifier=identifier)


def root(tag: str, namespace: str, **attributes: str) -> Element:
    """The outermost element of a file of a package."""
    return Element(tag, {"xmlns": namespace, "xmlns:xsi": XSI,
                         "xsi:schemaLocation": f"{namespace} {LOCATIONS[namespace]}", **attributes})


def _values(parent: Element, *values: str) -> None:
    for value in values:
        SubElement(parent, "value").text = value


def _number(value: float) -> str:
    return str(value) if type(value) is int else repr(float(value))
