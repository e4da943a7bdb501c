"""Python source as a syntax tree, from one thread at a time.

CPython 3.11 counts how deep a tree is nested in one place for all threads. Where a second thread parses while the
first one's collector lets go of the interpreter, the count is wrong and a `SystemError` is raised (gh-106905):
of hand-ins graded side by side one would lose a cell by chance.
"""

from __future__ import annotations

import ast
import threading

# What parse raises of a text that is no program.
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
MOST_SIGNS = 50_000     # of a cell's text that is read as a program; what is longer was not typed

_alone = threading.RLock()      # a finaliser that the collector calls may parse, too


def parse(source: str) -> ast.Module:
    """The tree of `source`.

    Raises:
        UNREADABLE: as ast.parse.

    >>> ast.unparse(parse("x=1"))
    'x = 1'
    """
    with _alone:
        return ast.parse(source)


def without_magics(source: str) -> str:
    """A cell's code with the lines that are for IPython alone left empty.

    >>> without_magics("%matplotlib inline\\nx = 1")
    '\\nx = 1'
    """
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
