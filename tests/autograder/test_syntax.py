"""Syntax trees from several threads at once."""

import ast
import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import autograder
from autograder.syntax import parse

LINE = "def f{i}(x):\n    return [a * ({i} + x) for a in range(x) if (a + 1) * (x - {i}) > 0]"
SOURCE = "\n".join(LINE.format(i=i) for i in range(9))


class LetsGo:
    """Left to the collector, which calls something that lets the other thread go on."""

    def __init__(self):
        self.itself = self

    def __del__(self):
        os.stat("/")


def parsed_at(depth):
    """SystemErrors of many parses, `depth` calls further down."""
    if depth:
        return parsed_at(depth - 1)
    failed = []
    for _ in range(300):
        LetsGo()
        try:
            parse(SOURCE)
        except SystemError as error:
            failed.append(str(error))
    return failed


def test_threads_that_parse_at_once_do_not_disturb_each_other():
    before, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(50)
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(parsed_at, (0, 40))) == [[], []]
    finally:
        gc.set_threshold(*before)
        sys.setswitchinterval(interval)


def test_the_grader_parses_nowhere_else():
    home = Path(autograder.__file__).parent
    own = {path.relative_to(home).as_posix(): path.read_text(encoding="utf-8") for path in home.rglob("*.py")}
    assert [name for name, text in own.items() if "ast.parse(" in text] == ["syntax.py"]


def test_a_tree_is_what_python_gives():
    assert ast.dump(parse(SOURCE)) == ast.dump(ast.parse(SOURCE))
