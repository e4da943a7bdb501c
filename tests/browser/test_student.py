"""A student's first exercise, as it happens: the bundle, JupyterLab, a wrong answer, the hint, the right one."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

BIASES_FORGOTTEN = """\
def count_dense(d_in, d_out, bias=True):
    if d_in < 1 or d_out < 1:
        raise ValueError("too small")
    return d_in * d_out
"""
RIGHT = BIASES_FORGOTTEN.replace("return d_in * d_out", "return d_in * d_out + (d_out if bias else 0)")


def cell_with(page, text):
    return page.locator(".jp-CodeCell").filter(has=page.locator(".jp-InputArea", has_text=text)).first


def run(page, cell, source=None):
    """Put `source` in the cell, typed as a person would, and run it."""
    editor = cell.locator(".cm-content").first
    editor.scroll_into_view_if_needed()
    editor.click()
    if source is not None:
        page.keyboard.press("Control+A")
        # CodeMirror indents by itself: each line is typed from the left margin.
        for i, line in enumerate(source.splitlines()):
            if i:
                page.keyboard.press("Enter")
                page.keyboard.press("Shift+Home")
            page.keyboard.insert_text(line)
    page.keyboard.press("Shift+Enter")


def test_wrong_then_right_in_jupyterlab(chromium, student_folder, jupyterlab, tmp_path):
    folder, python = student_folder("week01_mlp")
    address = jupyterlab(folder, python).replace("NOTEBOOK", "week01_mlp.ipynb")
    page = chromium.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(address)
    page.wait_for_selector(".jp-CodeCell", timeout=60_000)
    page.get_by_text("Python 3 | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    solution, test = cell_with(page, "def count_dense"), cell_with(page, "check(count_dense)")
    test.get_by_text("is not written yet").first.wait_for(timeout=60_000)
    left = cell_with(page, "progress()").locator(".jp-OutputArea")      # reached although each check before it failed
    left.get_by_text("Next: count_dense.").wait_for(timeout=60_000)
    assert re.search(r"\b0 of \d+ exercises pass", left.inner_text())

    run(page, solution, BIASES_FORGOTTEN)
    run(page, test)
    test.get_by_text("12, not 15").first.wait_for(timeout=60_000)
    test.scroll_into_view_if_needed()
    page.screenshot(path=str(tmp_path / "wrong.png"))
    said = test.locator(".jp-OutputArea").inner_text()
    assert "biases are missing" in said.lower(), said
    assert page.locator(".jp-OutputArea caption").first.inner_text().startswith("The smallest case that fails: count_")
    assert "Traceback" not in said and "coursekit/" not in said, said

    run(page, solution, RIGHT)
    run(page, test)
    test.get_by_text("public cases").first.wait_for(timeout=60_000)
    test.scroll_into_view_if_needed()
    page.screenshot(path=str(tmp_path / "right.png"))
    assert "not 15" not in test.locator(".jp-OutputArea").inner_text()
    assert all(Path(tmp_path / name).stat().st_size > 10_000 for name in ("wrong.png", "right.png"))
