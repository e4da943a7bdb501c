"""A quiz as an IMS QTI 2.1 content package: a zip file with an item for each question, a test, and a manifest.

IMS Question & Test Interoperability 2.1, Final Specification (31 August 2012),
https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from autograder.export.grades import Exported
from autograder.export.qtiitem import CP, MOST_ORDERS, QTI, item, root
from autograder.export.quizzes import MOST_SETS, Asked, named

WHEN = (1980, 1, 1, 0, 0, 0)        # zip's first day, so that the same quiz gives the same bytes


def qti(questions: list[Asked], title: str, to: Path) -> Exported:
    """Write the questions as a QTI 2.1 package to `to`."""
    files = {f"items/{asked.name}.xml": item(asked) for asked in questions}
    files = {"imsmanifest.xml": _manifest(questions), "test.xml": _test(questions, title), **files}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, top in files.items():
            text = '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(top, encoding="unicode") + "\n"
            package.writestr(zipfile.ZipInfo(name, WHEN), text.encode())
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(packed.getvalue())
    return Exported((to,), tuple(losses(questions)))


def losses(questions: list[Asked]) -> list[str]:
    """What QTI 2.1 cannot carry of these questions, in words."""
    orders = [asked for asked in questions if asked.kind == "order"]
    found = [
        ("numbers that follow from a student's id: the player draws them, and one that knows no templates (Canvas) "
         "cannot show them", [asked.name for asked in questions if asked.drawn]),
        (f"all sets of drawn numbers: {MOST_SETS} go along", [a.name for a in questions if a.drawn > MOST_SETS]),
        ("formulas: these are to be marked by hand", [a.name for a in questions if a.kind == "expression"]),
        ("credit for part of an order: it is right or wrong", [asked.name for asked in orders]),
        (f"more than {MOST_ORDERS} right orders", [a.name for a in orders if len(a.orders) > MOST_ORDERS]),
    ]
    return [f"QTI cannot carry {what}: {named(who)}" for what, who in found if who]


def _test(questions: list[Asked], title: str) -> Element:
    test = root("assessmentTest", QTI, identifier="quiz", title=title)
    part = SubElement(test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    section = SubElement(part, "assessmentSection", identifier="section", title=title, visible="true")
    for asked in questions:
        SubElement(section, "assessmentItemRef", identifier=asked.name, href=f"items/{asked.name}.xml")
    return test


def _manifest(questions: list[Asked]) -> Element:
    manifest = root("manifest", CP, identifier="package")
    about = SubElement(manifest, "metadata")
    SubElement(about, "schema").text = "QTIv2.1 Package"
    SubElement(about, "schemaversion").text = "1.0.0"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    test = SubElement(resources, "resource", identifier="test", type="imsqti_test_xmlv2p1", href="test.xml")
    SubElement(test, "file", href="test.xml")
    for asked in questions:
        SubElement(test, "dependency", identifierref=f"item-{asked.name}")
        href = f"items/{asked.name}.xml"
        SubElement(SubElement(resources, "resource", identifier=f"item-{asked.name}", type="imsqti_item_xmlv2p1",
                              href=href), "file", href=href)
    return manifest
