"""Formulas become MathML that is mathematics and nothing else; all others stay as their author wrote them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

from autograder.page.environment import environment
from autograder.page.formula import mathml

SOURCES = sorted((Path(__file__).parents[3] / "assignments" / "source").glob("*/*.ipynb"))


def shown(text):
    return environment().from_string("{{ text|markdown }}").render(text=text)


def children(latex, display="inline"):
    """Tags of a formula's outermost elements."""
    return [node.tag.partition("}")[2] for node in ElementTree.fromstring(mathml(latex, display))[0]]


def test_the_structure_is_the_formulas():
    mean_square = r"\frac{1}{n} \sum_{i=1}^n x_i^2"
    assert children(mean_square) == ["mfrac", "msubsup", "msubsup"]
    assert children(mean_square, "block") == ["mfrac", "munderover", "msubsup"]     # limits above and below
    assert mathml("a < b").count("<mo>&lt;</mo>") == 1
    assert 'display="block"' in mathml("x", "block") and 'display="inline"' in mathml("x")


def test_a_formula_may_go_over_lines_and_money_is_no_formula():
    assert shown("that $W\n\\leftarrow W$ holds").count("<math") == 1
    assert shown("It costs $5 or $6, or $7.").count("<math") == 0
    assert shown("It costs $5 or $6 for $x$.").count("<math") == 1
    assert shown("so $$a = b$$ and\n\n$$\nc\n\n= d\n$$\n\n- $$e$$\n\n> $$\n> f\n> $$").count('display="block"') == 4
    assert "<math" not in shown("`$x$` and \\$y\\$")


@pytest.mark.parametrize("latex", [r"\unheard{x}", r"\frac{1}", r"\left( x", r"\begin{matrix} a", "{", "x^",
                                   r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}", r"\class{a}{x}"])
def test_what_is_not_known_to_the_end_stays_as_it_was_written(latex):
    with pytest.raises(ValueError, match="in the formula"):
        mathml(latex)
    html = shown(f"so ${latex}$ is")
    assert "<math" not in html and f'<code class="math">{latex}</code>' in html


def test_texts_in_a_formula_are_texts():
    made = mathml(r"\text{<script>alert(1)</script>} & <b>")
    assert not re.search(r"<(script|b)\b", made) and "&lt;script&gt;" in made
    assert "<script" not in shown(r"$\text{<script>alert(1)</script>}$ and $$\mathrm{</math><img src=x>}$$")
    assert "<img" not in shown(r"$\unheard{<img src=x>}$")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_formula_of_the_course_is_shown_as_one(path):
    html = "".join(shown(cell.source) for cell in nbformat.read(path, as_version=4).cells
                   if cell.cell_type == "markdown")
    assert 'class="math"' not in html
    assert not re.search(r"[$\\]", re.sub(r"<code>.*?</code>|<pre>.*?</pre>", "", html, flags=re.DOTALL))
