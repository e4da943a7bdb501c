"""Feedback pages and the class report in a real browser, on a desk and on a phone, in light and in dark."""

import pytest

from tests.browser.axe import violations

pytestmark = pytest.mark.browser

WEEK = "week05_backprop"
SIZES = [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")]
STUDENTS = ["ada", "bob", "carl", "dora", "emil", "mallory", "ünïcode-学生"]


@pytest.fixture(scope="session")
def pages(graded):
    """Name of a student, or "the class" -> the file."""
    from autograder.feedback import feedback
    from autograder.report import report

    return {path.parent.name: path for path in feedback(graded, WEEK)} | {"the class": report(graded, WEEK)}


def all_open(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
@pytest.mark.parametrize("who", [*STUDENTS, "the class"])
def test_a_page_is_well(pages, watched, who, width, scheme):
    seen = watched(width, scheme)
    seen.page.goto(pages[who].as_uri())
    all_open(seen.page)
    assert violations(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == [] and seen.elsewhere == []


def test_the_outline_is_what_a_screen_reader_hears(pages, watched):
    page = watched().page
    page.goto(pages["bob"].as_uri())
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert page.locator("main").count() == page.locator("header").count() == 1
    assert page.get_attribute("html", "lang") == "en"
    headings = page.get_by_role("rowheader").all_inner_texts()
    assert {"expected dW", "got dW", "as expected"} <= {text.replace("\n", " ") for text in headings}


def test_the_keyboard_comes_to_the_content_at_once(pages, watched):
    page = watched().page
    page.goto(pages["bob"].as_uri())
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"


def test_nothing_is_said_by_colour_alone(pages, watched):
    page = watched().page
    page.goto(pages["bob"].as_uri())
    for text in page.locator(".standing").all_inner_texts():
        assert any(word in text.lower() for word in ("right", "not yet", "waiting", "by hand", "judged")), text


def test_on_paper_everything_is_open(pages, watched):
    page = watched().page
    page.goto(pages["ada"].as_uri())
    code = page.locator("details.own pre").first
    assert not code.is_visible()
    page.emulate_media(media="print")
    assert code.evaluate("code => code.checkVisibility({contentVisibilityAuto: true})")
    assert not page.locator(".skip").is_visible()
