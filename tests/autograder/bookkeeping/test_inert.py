"""What a student writes does nothing in formgrader, and in the pages that nbgrader makes of notebooks."""

import re
from html.parser import HTMLParser

import pytest
from nbconvert.filters import markdown2html

from autograder.bookkeeping.inert import inert, inert_html, without_commands

ACTS = {"script", "style", "meta", "base", "iframe", "svg", "object", "embed", "form", "input", "link"}


class Reader(HTMLParser):
    """What on a page would act or fetch, as a browser reads its tags."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in ACTS or not re.fullmatch("[a-z0-9]+", tag):
            self.found.append(tag)
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if (name.startswith("on") or value == "mermaid"
                    or name == "href" and address.startswith(("javascript:", "vbscript:", "data:"))
                    or name == "src" and not re.fullmatch(r"[\w./-]+|data:image/png;.*", address)):
                self.found.append((tag, name, value))


HOSTILE = [
    '<div"x onmouseover=alert(1)>hover', '- a\n  > <div"x onmouseover=alert(1)>', '1. <p.x onmouseover=alert(1)>',
    '<script', "<style>p {display: none}</style>", "<svg/onload=alert(1)>", "<!--\n<img src=x onerror=alert(1)>-->",
    "[x](javascript:alert(1))", "[x](java&#115;cript:alert(1))", "[x](javascript&colon;alert(1))",
    "[x](JaVaScRiPt:alert(1))", "[x](\njavascript:alert(1))", "[x]( <javascript:alert(1)>)", "[x](data:text/html;x)",
    "[x][r]\n\n[r]: javascript:alert(1)", "[r]\n\n[r]:\n  javascript:alert(1)", "> [r]: javascript:alert(1)\n\n[r]",
    "<javascript:alert(1)>", "a<javascript:alert(1)>", "| a |\n|--|\n| [x](javascript:alert(1)) |",
    "![x](http://example.org/seen.png)", "![x](//example.org/seen.png)", "![a [b] c](http://example.org/seen.png)",
    "![x][r]\n\n[r]: http://example.org/seen.png", "![r]\n\n[r]: http://example.org/seen.png",
    "\\\\![x](http://example.org/seen.png)", "[![x](http://example.org/seen.png)](http://example.org)",
    "![x](../../logout)", "![x](/logout)", "![x](%2e%2e/logout)", "![x](a/../b.png)",
    '```mermaid\na<x"y onclick=alert(1)>\n```', "~~~ mermaid\ngraph TD\n~~~",
    "![gone](attachment:gone.svg)", "![gone](<attachment:gone.svg>)", "![gone][r]\n\n[r]: attachment:gone.svg",
    "![x](data:image/svg+xml;base64,AAAA)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_acts_and_nothing_is_fetched(text):
    assert not Reader(markdown2html(inert(text))).found


@pytest.mark.parametrize("formula", [r"$\href{javascript:alert(1)}{x}$", r"$$\style{position: fixed}{x}$$",
                                     r"\\href{javascript:alert(1)}{x}",
                                     r"&#36;\\&#104;ref{javascript:alert(1)}{x}&#36;",
                                     r"\cssId{content}{x}", r"$&bsol;href{javascript:alert(1)}{x}$"])
def test_a_formula_makes_no_links(formula):
    shown = markdown2html(inert(formula))
    assert not re.search(r"\\(href|style|cssId)", re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), shown))
    assert not re.search(r"\\(href|style|cssId)", without_commands(formula))


@pytest.mark.parametrize("text", [
    "a<b, x < y, `if a<b:`", r"$a<b$, $\frac{a}{b}$, $\hat y[i](\theta)$", "$$\n0<y<1\n$$",
    "```python\nd = {1: [2]}\n```",
    "[the site](https://example.org/a?b=1&c=2#d), <https://example.org>, [mail](mailto:ada@example.org), [up](#top)",
    "![mine](plot.png) ![mine](./plots/loss-1.png \"the loss\") ![pasted](attachment:image.png)",
    "![of Colab](data:image/png;base64,iVBORw0KGgo=)", "[x] done\n- [ ] open",
    "[r]: https://example.org", "one\n\n[notes](notes/day.md)",
])
def test_what_is_harmless_stays_as_it_was_written(text):
    assert inert(text, {"image.png"}) == text


def test_html_of_outputs_keeps_tables_and_fetches_nothing():
    shown = inert_html('<table><tr><td onclick="f()">1</td></tr></table><img src="http://example.org/seen.png">'
                       '<img src="plot.png"><a href="javascript:f()">x</a>$\\href{javascript:f()}{x}$')
    assert "<td>1</td>" in shown and 'src="plot.png"' in shown
    assert not Reader(shown).found and "href" not in shown.replace("$href{", "")


@pytest.mark.parametrize("sign", ["\\", "[", "](", "]:", "![a](a", "<a", "~", "`", "\n", "> ", "1. "])
def test_each_sign_is_looked_at_once(sign):
    """It would take hours where a search begins anew at each sign, and CI would end it."""
    assert inert(sign * 300_000)
