"""Program text for a page: escaped, with its words coloured by Pygments."""

from __future__ import annotations

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_by_name
from pygments.util import ClassNotFound

from autograder.page.visible import visible


def listing(source: str, language: str = "python", marked: str = "") -> Markup:
    """The text as HTML of `span`s, which belongs into a `pre`; nothing of it can act.

    language    as a notebook's kernel names it; one that Pygments does not know stays uncoloured
    marked      a line that is marked, wherever it stands

    >>> listing("x = 1")
    Markup('<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>')
    """
    source = visible(source)
    lines = [i for i, line in enumerate(source.split("\n"), start=1) if marked and line.strip() == marked.strip()]
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False, ensurenl=False)
    # Pygments escapes what it is given, and its classes are its own words.
    return Markup(highlight(source, lexer, HtmlFormatter(nowrap=True, hl_lines=lines)).rstrip("\n"))
