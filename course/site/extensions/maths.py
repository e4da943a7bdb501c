"""Mathematics as MathML: the browser draws it and a screen reader reads it, without a script or another host."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging

from autograder.page.formula import mathml

logger = logging.getLogger(__name__)


def visit(translator, node):
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    try:
        formula = mathml(node.astext(), display)
    except ValueError as problem:
        logger.warning(str(problem), location=node)
        raise nodes.SkipNode from None
    translator.body.append(f'<div class="formula">{formula}</div>\n' if display == "block" else formula)
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", inline_renderers=(visit, None), block_renderers=(visit, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
