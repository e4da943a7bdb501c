"""Mathematics as MathML: the browser draws it and a screen reader reads it, without a script or another host."""

from __future__ import annotations

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util import logging

logger = logging.getLogger(__name__)


def mathml(latex: str, display: str = "inline") -> str:
    r"""The MathML of a formula; display is "inline" or "block".

    Raises ValueError for a command that the converter does not know: it would stand there as text.

    >>> mathml(r"\frac12")[-49:]
    '<mfrac><mn>1</mn><mn>2</mn></mfrac></mrow></math>'
    """
    # Over several lines a formula is one formula all the same.
    text = convert(" ".join(latex.split()), display=display)
    if unknown := re.search(r"\\[A-Za-z]+", text):
        raise ValueError(f"{unknown[0]} is not known to latex2mathml")
    return text


def visit(translator, node):
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    try:
        formula = mathml(node.astext(), display)
    except Exception as problem:     # the converter has errors of its own, one class for each
        logger.warning("the formula %s: %s", node.astext(), problem, location=node)
        raise nodes.SkipNode from None
    translator.body.append(f'<div class="formula">{formula}</div>\n' if display == "block" else formula)
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", inline_renderers=(visit, None), block_renderers=(visit, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
