"""Figures of the lectures: the data of an output become a file, its caption and alternative text stay.

`coursekit.plotting.describe` shows a figure as HTML that holds the whole picture; in a page it would be read before
the text. Here each becomes a file under `figures/`, fetched when the reader comes near it. Pictures that arrive in
any other way have no alternative text, and are refused.
"""

from __future__ import annotations

import base64
import html
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

FIGURE = re.compile(
    r'<figure><img alt="(?P<alt>[^"]*)" src="data:image/(?P<kind>svg\+xml|png);base64,(?P<data>[^"]*)">'
    r"<figcaption>(?P<caption>.*?)</figcaption></figure>", re.DOTALL)
SLIDES = re.compile(r'<div class="slides" data-slides="(?P<settings>[^"]*)">(?P<figures>.*)</div>', re.DOTALL)
SIZE = re.compile(r'<svg [^>]*?\bheight="([\d.]+)pt"[^>]*?\bwidth="([\d.]+)pt"|'
                  r'<svg [^>]*?\bwidth="([\d.]+)pt"[^>]*?\bheight="([\d.]+)pt"')

PLACES = re.compile(r' (?:d|x|y)="[^"]*"|translate\([^)]*\)')      # a scale keeps its digits: it multiplies
MILLIONTHS = re.compile(r"-?\d+\.\d{3,}")


class lecture_figure(nodes.General, nodes.Element):
    """One picture: file, width, height, alt, caption, and `hidden` where a slider shows another first."""


class slides(nodes.General, nodes.Element):
    """Pictures of which a slider shows one: name, labels, start."""


class OutputFigures(SphinxTransform):
    """HTML outputs with pictures become nodes that name files."""

    default_priority = 400

    def apply(self, **kwargs):
        self.count = 0
        for raw in list(self.document.findall(nodes.raw)):
            text = raw.astext()
            if match := SLIDES.fullmatch(text.strip()):
                settings = json.loads(html.unescape(match["settings"]))
                pictures = [self.figure(found) for found in FIGURE.finditer(match["figures"])]
                for i, picture in enumerate(pictures):
                    picture["hidden"] = i != settings["start"]
                raw.replace_self(slides("", *pictures, **settings))
            elif found := FIGURE.fullmatch(text.strip()):
                raw.replace_self(self.figure(found))
            elif "<img" in text:
                logger.warning("a picture without an alternative text: show it with coursekit.plotting.describe",
                               location=raw)
        for image in self.document.findall(nodes.image):
            if not image.get("alt"):
                logger.warning("a picture without an alternative text: %s", image.get("uri"), location=image)

    def figure(self, found):
        self.count += 1
        content, kind = base64.b64decode(found["data"]), found["kind"].removesuffix("+xml")
        if kind == "svg":
            content = lighter(content.decode("utf-8")).encode("utf-8")
        name = f"{Path(self.env.docname).name}-{self.count:02}.{kind}"
        place = Path(self.config.course_figures, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        width, height = size(content)
        return lecture_figure("", name=name, width=width, height=height, alt=html.unescape(found["alt"]),
                              caption=html.unescape(found["caption"]), hidden=False)


def lighter(svg: str) -> str:
    """The same picture with hundredths of a point where matplotlib writes millionths: half as large, and the last
    digits of a sum, which differ from one processor to the next, do not show.

    >>> lighter('<path d="M 1.234567 -0.987654 L 2 3.5"/><use x="29.999998" y="0.5"/>')
    '<path d="M 1.23 -0.99 L 2 3.5"/><use x="30.00" y="0.5"/>'
    >>> lighter('<g transform="translate(17.001021 187.569912) scale(0.015625 -0.1)">')
    '<g transform="translate(17.00 187.57) scale(0.015625 -0.1)">'
    """
    return PLACES.sub(lambda places: MILLIONTHS.sub(lambda number: f"{float(number[0]):.2f}", places[0]), svg)


def size(content: bytes) -> tuple[int, int]:
    """(width, height) of an SVG or PNG picture, in CSS pixels."""
    if content.startswith(b"\x89PNG"):
        width, height = (int.from_bytes(content[at:at + 4], "big") for at in (16, 20))
        return round(width * 96 / 150), round(height * 96 / 150)       # drawn at 150 dots an inch
    match = SIZE.search(content[:2000].decode("utf-8"))
    height, width = (match[1], match[2]) if match[1] else (match[4], match[3])
    return round(float(width) * 4 / 3), round(float(height) * 4 / 3)   # 72 points and 96 pixels an inch


def visit_figure(translator, node):
    root = "../" * translator.docnames[0].count("/")
    hidden = " hidden" if node["hidden"] else ""
    translator.body.append(
        f'<figure class="drawn"{hidden}><img src="{root}figures/{node["name"]}" alt="{html.escape(node["alt"])}" '
        f'width="{node["width"]}" height="{node["height"]}" loading="lazy">'
        f'<figcaption>{html.escape(node["caption"])}</figcaption></figure>\n')
    raise nodes.SkipNode


def visit_slides(translator, node):
    settings = {key: node[key] for key in ("name", "labels", "start")}
    translator.body.append(f'<div class="slides" data-slides="{html.escape(json.dumps(settings))}">\n')


def depart_slides(translator, node):
    translator.body.append("</div>\n")


def setup(app):
    app.add_config_value("course_figures", "", "env", str)
    app.add_node(lecture_figure, html=(visit_figure, None))
    app.add_node(slides, html=(visit_slides, depart_slides))
    app.add_transform(OutputFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
