"""The class page in a real browser: nothing that axe-core minds, no sideways scrolling, tables sorted by keyboard."""

import pytest

from autograder.assignment import Assignment
from autograder.bookkeeping.record import Record
from autograder.report import ClassMarks, page_of
from autograder.report.similarity import Alike, Comparison, Referential
from autograder.verdict import Verdict
from tests.browser.axe import violations

pytestmark = pytest.mark.browser


def class_page():
    records = []
    for i in range(24):
        full = i % 5
        verdicts = (Verdict("test-f", "A question", "passed" if full else "failed", 2.0 * bool(full), 2.0,
                            misconception="" if full else "biases-forgotten", rationale="f(1) is 2, not 3"),
                    Verdict("test-a_long_name_for_a_test", "Another question with a long title", "failed", i / 12, 2.0,
                            "ValueError: no", tamper_proof=i > 3))
        records.append(Record(f"student-with-a-long-name-{i:02}", "week", 1, "d", {"nb": verdicts}, {}, (), i * 1.3))
    untold = Verdict("test-f", "A question", "could_not_tell", 0, 2, "out of paper")
    records += [Record("eve", "week", 1, "d", {"nb": (untold,)}, {}, ("renamed",)),
                Record("mallory", "week", 1, "d", {}, {"nb": "The file is empty."})]
    students = tuple(record.student for record in records)
    alike = Comparison((Alike(students[:2], 1.0, 30.2, ("solution-f",)), Alike(students[3:9], 0.9, 99, ())),
                       (Referential(students[5], ("solution-f",)),), 1)
    return page_of(Assignment("week", title="Week 1", notebooks={}), records, ClassMarks({}, {}), alike)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "class.html"
    path.write_text(class_page(), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_in_a_readers_way(chromium, address, width, scheme):
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page, ("minor", "moderate", "serious", "critical")) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == [] and asked == [address]
    page.close()


def test_a_table_is_sorted_with_the_keyboard_alone(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    table = page.get_by_role("region", name="All hand-ins, a table")
    head = table.get_by_role("columnheader", name="Seconds")

    def seconds():
        return [float(row.split("\t")[3]) for row in table.locator("tbody tr").all_inner_texts()]

    before = seconds()
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert seconds() == sorted(before) != sorted(before, reverse=True)
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert seconds() == sorted(before, reverse=True) and head.get_attribute("aria-sort") == "descending"
    table.get_by_role("columnheader", name="Student").get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    assert table.locator("tbody tr th").all_inner_texts() == sorted(table.locator("tbody tr th").all_inner_texts())
    page.close()


def test_a_script_that_is_not_the_pages_own_does_not_run(chromium, address, tmp_path):
    hurt = class_page().replace("</main>", "<script>document.title = 'hurt'</script></main>")
    path = tmp_path / "hurt.html"
    path.write_text(hurt, encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    assert page.title() == "Week 1: the class" and page.locator("th button").count() > 5
    page.close()


def test_without_scripts_it_is_read_all_the_same(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("th button").count() == 0 and page.get_by_text("student-with-a-long-name-07").count() > 0
    context.close()


def test_it_prints(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator(".contents").is_hidden() and page.locator(".skip").is_hidden()
    page.close()
