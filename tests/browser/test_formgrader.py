"""Formgrader on our gradebook: a class graded here, one answer marked by hand there, and the page that shows both."""

import pytest

from autograder.bookkeeping import gradebook as books

pytestmark = pytest.mark.browser

WEEK, ANSWER = "week05_backprop", "answer-sure-and-wrong"
COMMENT = "A clear chain of slopes. <b>Say what p - y means.</b>"
# Formgrader takes MathJax from the network; where there is none it needs something of that name to go on.
MATHJAX = "window.MathJax = {Hub: {Config() {}, Configured() {}, Queue() {}, " \
          "Startup: {signal: {Interest(told) { told('End'); }}}}};"


@pytest.fixture
def formgrader(jupyter_server, watched):
    """(page, address of formgrader), logged in."""
    address, token = jupyter_server
    page = watched().page
    page.route("**/*athjax*/**", lambda route: route.fulfill(body=MATHJAX, content_type="text/javascript"))
    page.goto(f"{address}/formgrader?token={token}")
    return page, f"{address}/formgrader"


def rows(page):
    """Name -> marks, as the table of hand-ins shows them."""
    page.wait_for_selector("#main-table a.name-shown", state="attached")
    found = page.locator("#main-table tr").evaluate_all(
        "rows => rows.map(row => [row.querySelector('a.name-shown').textContent, "
        "row.querySelector('.score').textContent])")
    return dict(found)


def test_our_marks_a_mark_by_hand_and_the_page_afterwards(graded, formgrader, watched):
    from autograder.feedback import feedback

    page, address = formgrader
    with books.opened(graded) as gradebook:
        totals = books.totals(gradebook, WEEK)
    page.goto(f"{address}/gradebook/{WEEK}/{WEEK}")
    shown = rows(page)
    assert len(shown) == 7
    for student, (score, _, points) in totals.items():
        assert [float(part) for part in shown[student].split("/")] == [pytest.approx(score, abs=0.005), points]

    page.get_by_role("button", name="Show All Names").click()
    page.get_by_role("link", name="bob", exact=True).click()
    page.wait_for_function("window.formgrader?.grades?.loaded && formgrader.comments?.loaded")
    box = page.locator(f"[id='{ANSWER}']")
    box.scroll_into_view_if_needed()
    with page.expect_response(lambda response: "/api/grade/" in response.url and response.request.method == "PUT"):
        box.fill("2.5")
        box.press("Tab")
    words = page.locator(f"[id='{ANSWER}-comment']")
    with page.expect_response(lambda response: "/api/comment/" in response.url and response.request.method == "PUT"):
        words.fill(COMMENT)
        words.press("Tab")

    with books.opened(graded) as gradebook:
        mark = books.marks(gradebook, WEEK, "bob")[WEEK, ANSWER]
        assert (mark.score, mark.by_hand, mark.comment) == (2.5, True, COMMENT)
        assert books.totals(gradebook, WEEK)["bob"][0] == totals["bob"][0] + 2.5
    path = next(path for path in feedback(graded, WEEK) if path.parent.name == "bob")
    seen = watched(390)
    seen.page.goto(path.as_uri())
    part = seen.page.get_by_role("region", name="10 · Sure, and wrong")
    assert "Marked by hand: 2.5 of 4 points" in part.inner_text()
    assert COMMENT in part.inner_text() and part.locator("b").count() == 0
    assert seen.page.locator("#marks").inner_text() == f"{totals['bob'][0] + 2.5:g} of 44 points"
    assert seen.complaints == []


def test_who_marks_need_not_know_whose_it_is(formgrader):
    page, address = formgrader
    page.goto(f"{address}/gradebook/{WEEK}/{WEEK}")
    names = set(rows(page))
    text = page.locator("body").inner_text()
    assert "Submission #1" in text
    assert not [name for name in names if name in text]

    page.get_by_role("link", name="Submission #1", exact=True).click()
    for number in range(1, len(names) + 1):
        page.get_by_text(f"Submission #{number}", exact=True).wait_for()
        page.wait_for_load_state()
        text = page.locator("body").inner_text()
        assert "11 · Quiz" in text and "student_id" in text
        assert not [name for name in names if name in text], number
        page.get_by_role("link", name="Next").click()
