"""Docstrings as they are written here, in Sphinx's language.

They are plain text for a terminal: a paragraph's stars and bars are arithmetic, an indented block is a table that is
to stay as it is, and single backticks are code. Examples after >>> are understood by Sphinx already.
"""

from __future__ import annotations

import re

TABLE = re.compile(r"^ |\S   +\S")           # set in columns, or with a hanging indent
CODE = re.compile(r"(`[^`]*`)")
MARKS = re.compile(r"[*|\\]|_(?=\W|$)")       # what reStructuredText would take for emphasis, a reference, an escape


def to_rest(lines: list[str]) -> list[str]:
    """The lines of a docstring as reStructuredText.

    >>> print("\\n".join(to_rest(["|x| of `n * n`", "", "    rate   a share", "", "what it keeps: mean_"])))
    \\|x\\| of ``n * n``
    <BLANKLINE>
    .. code-block:: text
    <BLANKLINE>
            rate   a share
    <BLANKLINE>
    what it keeps: mean\\_
    <BLANKLINE>
    """
    result = []
    for block in blocks(lines):
        if block[0].startswith(">>>"):
            result += block
        elif any(TABLE.search(line) for line in block):
            result += [".. code-block:: text", "", *(f"    {line}" for line in block)]
        else:
            result += [prose(line) for line in block]
        result.append("")
    return result


def blocks(lines: list[str]) -> list[list[str]]:
    """What stands between blank lines."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return [block.split("\n") for block in re.split(r"\n{2,}", text)] if text else []


def prose(line: str) -> str:
    parts = CODE.split(line)
    return "".join(f"`{part}`" if i % 2 else MARKS.sub(lambda mark: "\\" + mark[0], part)
                   for i, part in enumerate(parts))


def process(app, what, name, thing, options, lines):
    lines[:] = to_rest(lines)


def setup(app):
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
