r"""Text from students that a notebook's viewer would turn into something that acts, made inert.

nbconvert, by which formgrader and generate_feedback show notebooks, lets Markdown hold HTML, links of any kind
(`javascript:`), diagrams whose text it does not escape, and pictures from anywhere, whose server learns who looks and
when; a picture that is not attached stops it. MathJax makes links in formulas. So links and pictures stay that are
known to be harmless, and all else is shown as it was typed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

import nh3

# What a browser may read as a tag, or Markdown as an address; not "a < b" or "a<b".
TAG = re.compile(r"<(?!https?://[^\s<>\"']*>)(?=/?[a-zA-Z][\w:-]*[\s/>]|[!?]|[a-zA-Z][\w.+-]+:[^<>\x00-\x20]*+>)")
# At the start of a line a tag need not be well-formed to begin a block of HTML.
BLOCK = re.compile(r"^((?:[ \t>:]|[*+-][ \t]|\d{1,9}[.)][ \t])*)<(?=/?[a-zA-Z])(?!https?:)", re.MULTILINE)
FENCE = re.compile(r"([`~]{3,})([^\n`]*)")
SPELT = re.compile(r"&(?=#|bsol;)")         # signs by their numbers, which could spell what is looked for below
COMMAND = re.compile(r"(?<!\\)\\++(?=(?:href|url|style|class|cssId|data|html[a-zA-Z]*)(?![a-zA-Z]))")     # of MathJax
NEARBY = r"(?:\./)?(?:[\w-](?:[\w.-]|%20)*+/)*+[\w-](?:[\w.-]|%20)*+"       # a file from here downwards
PASTED = r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]"       # Colab keeps pictures so
PICTURE = re.compile(rf"!\[(?:(?P<alt>[^\[\]\n]*)\]\((?:attachment:(?P<name>[\w.-]+)|(?P<near>{NEARBY}|{PASTED}++))"
                     r"(?P<title>[ \t]+\"[^\"\n]*\")?\))?", re.ASCII)
# A link's address, or a reference's, other than the web's, mail's or a file's nearby.
ADDRESS = re.compile(rf"\]([(:])(?!\s*+(?:<?https?://|mailto:|attachment:|{PASTED}|[^\s:&<>()]*(?:[)/#?\s]|\Z)))")


def inert(markdown: str, attached: Collection[str] = ()) -> str:
    """A student's Markdown in which nothing can act and nothing is fetched from elsewhere.

    attached    names of the pictures that go with it

    >>> print(inert("<b onclick=f()>[here](javascript:f())</b> a<b, ![](plot.png) ![](http://example.org/seen.png)"))
    &lt;b onclick=f()>[here]\\(javascript:f())&lt;/b> a<b, ![](plot.png) !\\[](http://example.org/seen.png)
    """
    text = TAG.sub("&lt;", SPELT.sub("&amp;", markdown))
    text = FENCE.sub(_without_diagram, BLOCK.sub(r"\1&lt;", text))
    text = PICTURE.sub(lambda found: found[0] if found["near"] or found["name"] in attached else "!\\" + found[0][1:],
                       text)
    return without_commands(ADDRESS.sub(r"]\\\1", text))


def inert_html(text: str) -> str:
    """HTML of a student's output with plain markup alone, and no pictures but those that lie beside the notebook."""
    return without_commands(nh3.clean(text, attribute_filter=_nearby))


def without_commands(text: str) -> str:
    """Text whose formulas set no links, styles or classes: MathJax reads these commands as letters."""
    return COMMAND.sub("", text)


def _without_diagram(fence: re.Match) -> str:
    return fence[1] if html.unescape(fence[2]).strip().startswith("mermaid") else fence[0]


def _nearby(tag: str, name: str, value: str) -> str | None:
    return None if (tag, name) == ("img", "src") and not re.fullmatch(NEARBY, value, re.ASCII) else value
