"""The pages that people read: templates in which every text is escaped, and visible.

What a template prints is text unless our own code says that it is HTML (Markup), so nothing that came from a student
can act on a page. The pages forbid themselves scripts and anything from the network besides (templates/base.html).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import mistune
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.page.formula import formulas, mathml
from autograder.page.visible import visible

TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment() -> Environment:
    """The templates, with the filters `markdown`, for the author's words alone, and `points`."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, finalize=_finished)
    render = mistune.create_markdown(renderer=Words(), plugins=["table", formulas])
    made.filters["markdown"] = lambda text: Markup(render(visible(text)))
    made.filters["points"] = lambda number: f"{round(number, 2) + 0.0:g}"
    return made


def _finished(value):
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


class Words(mistune.HTMLRenderer):
    """An author's Markdown inside a page that has headings of its own and fetches nothing."""

    def __init__(self):
        super().__init__(escape=True)

    def heading(self, text: str, level: int, **attrs) -> str:
        return f"<p><strong>{text}</strong></p>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return f"<em>(a picture in the notebook{': ' if text else ''}{escape(text)})</em>"

    def inline_math(self, text: str) -> str:
        try:
            return mathml(text)
        except ValueError:      # as its author wrote it, then
            return f'<code class="math">{escape(text)}</code>'

    def block_math(self, text: str) -> str:
        try:
            formula = mathml(text, "block")
        except ValueError:
            formula = f'<code class="math">{escape(" ".join(text.split()))}</code>'
        return f'<span class="formula scroll" tabindex="0" role="group" aria-label="Formula">{formula}</span>\n'
