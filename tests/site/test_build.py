"""The site of a small repository: what it holds, and what stops it from being built."""

import importlib
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from tests.site.conftest import SITE, write

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def test_examples_of_the_extensions(builder):
    import doctest

    for path in sorted((SITE / "extensions").glob("*.py")):
        module = importlib.import_module(f"extensions.{path.stem}")
        assert doctest.testmod(module).failed == 0, path.name


def test_what_a_lecture_becomes(small, capfd):
    root, build = small
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


def change(root, *cells):
    path = root / "course" / "week01_small.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells.extend(cells)
    nbformat.write(notebook, path)


def test_a_broken_page_stops_the_build(small, capfd):
    root, build = small
    broken = {
        "[there](nowhere.md)": "nowhere.md",
        "{func}`coursekit.nothing`": "coursekit.nothing",
        r"$\frobnicate{2}$": r"\frobnicate is not known",
        "![a picture](none.svg)": "none.svg",
        "![](fonts/x.svg)": "without an alternative text",
        "```{questions} week09\n```": "week09",
    }
    write(root / "course" / "site" / "pages" / "teaching.md", "# Teaching\n\n" + "\n\n".join(broken) + "\n")
    code, _, said = build(capfd)
    assert code != 0
    assert [words for words in broken.values() if words not in said] == []


def test_a_lecture_that_warns_stops_the_build(small, capfd):
    root, build = small
    broken = {
        "import warnings\nwarnings.warn('this cell warns')": "stderr",
        "from IPython.display import HTML\nHTML('<img src=\"x.svg\">')": "without an alternative text",
        "import time\nprint(time.perf_counter())": "reads the clock",
    }
    change(root, *map(new_code_cell, broken))
    code, _, said = build(capfd)
    assert code != 0
    assert [words for words in broken.values() if words not in said] == []


def test_a_lecture_that_fails_stops_the_build(small, capfd):
    root, build = small
    change(root, new_code_cell("1 / 0"))
    code, _, said = build(capfd)
    assert code != 0 and "ZeroDivisionError" in said


def test_a_slider_has_its_pictures_drawn(small, capfd):
    root, build = small
    change(root, new_code_cell(
        "from ipywidgets import FloatSlider, interact\n"
        "def draw(slope):\n"
        "    ax = plotting.line([0, 1], [0, slope])\n"
        "    plotting.describe(ax, f'Slope {slope:.1f}.', alt=f'A line to {slope:.1f}.')\n"
        "w = interact(draw, slope=FloatSlider(value=0.5, min=0, max=1, step=0.1))"))
    code, html, said = build(capfd)
    assert code == 0, said
    page = (html / "lectures" / "week01_small.html").read_text(encoding="utf-8")
    slides = re.search(r'<div class="slides".*?</div>', page, re.DOTALL)[0]
    figures = re.findall(r"<figure[^>]*>", slides)
    assert len(figures) == 11 and sum("hidden" not in figure for figure in figures) == 1
    assert all(f"A line to {i / 10:.1f}." in slides for i in range(11))
    assert "widget-state" not in page


def test_every_module_of_the_library_has_a_page(builder):
    from tests.site.conftest import ROOT

    pages = builder.library_pages(ROOT)
    for path in (ROOT / "coursekit").iterdir():
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file():
            assert {f"library/{path.stem}.md", f"library/{path.stem}/index.md"} & set(pages), path.name
