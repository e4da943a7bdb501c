"""The site of a small repository: what it holds, and what stops it from being built."""

import importlib
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.site.conftest import CELLS, ROOT, SITE, write, write_lecture

pytestmark = pytest.mark.browser

SLIDER = """\
from ipywidgets import FloatSlider, interact
def draw(slope):
    ax = plotting.line([0, 1], [0, slope])
    plotting.describe(ax, f'Slope {slope:.1f}.', alt=f'A line to {slope:.1f}.')
w = interact(draw, slope=FloatSlider(value=0.5, min=0, max=1, step=0.1))"""


def test_examples_of_the_extensions(builder):
    import doctest

    for path in sorted((SITE / "extensions").glob("*.py")):
        module = importlib.import_module(f"extensions.{path.stem}")
        assert doctest.testmod(module).failed == 0, path.name


def test_what_a_lecture_becomes(small, capfd):
    root, build = small
    write_lecture(root, "week01_small", *CELLS, new_code_cell(SLIDER))
    code, html, said = build(capfd)
    assert code == 0, said
    page = (html / "lectures" / "week01_small.html").read_text(encoding="utf-8")
    assert re.search(r"<math[^>]*display=\"inline\".*<mfrac>", page), "the formula is MathML"
    assert "42" in page and "product = ..." not in page and "WrongAnswer(" not in page
    figure = re.search(r'<img src="\.\./(figures/\S*\.svg)" alt="([^"]*)" width="\d+" height="\d+" loading', page)
    assert figure[2] == "A line from (0, 0) to (1, 1)." and (html / figure[1]).read_text().startswith("<?xml")
    assert "It rises." in page and '<form class="question"' in page
    assert 'href="../syllabus.html"' in page
    assert not re.search(r'(src|href)="https?://[^"]*\.(js|css|woff2?)', page)
    slides = re.search(r'<div class="slides".*?</div>', page, re.DOTALL)[0]
    figures = re.findall(r"<figure[^>]*>", slides)
    assert len(figures) == 11 and sum("hidden" not in figure for figure in figures) == 1
    assert all(f"A line to {i / 10:.1f}." in slides for i in range(11))
    assert "widget-state" not in page


# What stands in a page or in a cell -> what is said of it.
BROKEN_PAGE = {
    "[there](nowhere.md)": "nowhere.md",
    "{func}`coursekit.nothing`": "coursekit.nothing",
    r"$\frobnicate{2}$": r"\frobnicate in the formula",
    "![a picture](none.svg)": "none.svg",
    "![](fonts/x.svg)": "without an alternative text",
    "```{questions} week09\n```": "week09",
}
BROKEN_LECTURE = {
    "import warnings\nwarnings.warn('this cell warns')": "stderr",
    "from IPython.display import HTML\nHTML('<img src=\"x.svg\">')": "without an alternative text",
    "import time\nprint(time.perf_counter())": "reads the clock",
}


def test_whatever_is_broken_is_said_and_stops_the_build(small, capfd):
    root, build = small
    write(root / "course" / "site" / "pages" / "teaching.md", "# Teaching\n\n" + "\n\n".join(BROKEN_PAGE) + "\n")
    write_lecture(root, "week01_small", *CELLS, *map(new_code_cell, BROKEN_LECTURE))
    write_lecture(root, "week02_failing", new_markdown_cell("# Week 2 · Failing"), new_code_cell("1 / 0"))
    code, _, said = build(capfd)
    assert code != 0
    wanted = {"teaching.md": BROKEN_PAGE.values(), "week01_small": BROKEN_LECTURE.values(),
              "week02_failing": ["ZeroDivisionError"]}
    assert {where: missing for where, words in wanted.items()
            if (missing := [word for word in words if word not in said])} == {}


def test_every_module_of_the_library_has_a_page(builder):
    pages = builder.library_pages(ROOT)
    for path in (ROOT / "coursekit").iterdir():
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file():
            assert {f"library/{path.stem}.md", f"library/{path.stem}/index.md"} & set(pages), path.name
