r"""An author's formulas as MathML: the browser draws them and a screen reader reads them, without a script.

latex2mathml knows LaTeX's commands. What it makes is checked here, since it copies texts unescaped, leaves unknown
commands as text, and lets a formula set links and styles.
"""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element
from mistune import InlineParser, InlineState, Markdown
from mistune.plugins.math import BLOCK_MATH_PATTERN, math_in_list, math_in_quote, parse_block_math

# As notebooks show it: over line ends, too, but with no space inside a single mark, so "$5 or $6" is money.
FORMULA = (r"\$\$(?P<displayed>(?:[^$\\]|\\[\s\S])+?)\$\$|"
           r"\$(?![\s$])(?P<in_line>(?:[^$\\]|\\[\s\S])+?)(?<!\s)\$(?!\d)")
ELEMENTS = set("math mrow mi mn mo ms mtext mspace msqrt mtable mtr mtd mstyle mpadded mphantom menclose".split())
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
ATTRIBUTES = set("xmlns display displaystyle scriptlevel stretchy fence separator form accent accentunder "
                 "movablelimits minsize maxsize lspace rspace linethickness width height depth mathcolor mathvariant "
                 "columnalign rowspacing columnspacing columnlines rowlines notation linebreak mathsize "
                 "mathbackground voffset".split())


def mathml(latex: str, display: str = "inline") -> str:
    r"""The MathML of a formula; display is "inline" or "block".

    Raises:
        ValueError: the converter cannot read all of it, or it holds what is no mathematics, such as a link.

    >>> mathml(r"\frac12 < x")[-72:]
    '<mfrac><mn>1</mn><mn>2</mn></mfrac><mo>&lt;</mo><mi>x</mi></mrow></math>'
    """
    try:
        made = convert_to_element(" ".join(latex.split()), display=display)
    except Exception as trouble:        # it has a class for each, with nothing in common
        raise ValueError(f"{type(trouble).__name__} in the formula {latex!r}") from trouble
    for node in made.iter():
        node.text = unescape(node.text or "")
        known = len(node) == PARTS[node.tag] if node.tag in PARTS else node.tag in ELEMENTS
        strange = [*([] if known else [node.tag]), *(node.attrib.keys() - ATTRIBUTES), *re.findall(r"\\\w*", node.text)]
        if strange:
            raise ValueError(f"{', '.join(strange)} in the formula {latex!r}")
    return ElementTree.tostring(made, encoding="unicode", short_empty_elements=False)


def formulas(markdown: Markdown) -> None:
    """mistune's plugin for `$...$` and `$$...$$`: its tokens are `inline_math` and `block_math`."""
    markdown.block.register("block_math", BLOCK_MATH_PATTERN, parse_block_math, before="list")
    math_in_list(markdown)
    math_in_quote(markdown)
    markdown.inline.register("inline_math", FORMULA, _in_text, before="codespan")


def _in_text(inline: InlineParser, found: re.Match, state: InlineState) -> int:
    displayed = found["displayed"]
    state.append_token({"type": "block_math", "raw": displayed} if displayed else
                       {"type": "inline_math", "raw": found["in_line"]})
    return found.end()
