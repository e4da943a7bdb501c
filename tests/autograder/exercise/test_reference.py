"""Which lines of a definition students write, whatever it looks like."""

import pytest

from autograder.exercise.reference import Reference

MODULE = '''\
"""A module."""

import numpy as np


def plain(x):
    """One line.

    >>> plain(1)
    2
    """

    # why this works
    if x:
        return x + 1

    return 1  # beside
    # a last word


def bare(x):
    return np.sqrt(_helper(x))


def long_signature(
    x,
    y=1,
):
    """Doc."""
    def inner(z):
        return z + scale(z)
    return inner(x) + y


class Kept:
    """A class."""

    size = 3

    def first(self):
        """Doc."""
        return self.size

    def second(self):
        return 2


def told_only():
    """Nothing to write."""


def crowded(x): return x


last = 1
'''


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "coursekit"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A library."""\n')
    (folder / "things.py").write_text(MODULE)
    return folder


def lines(library, name):
    return Reference.find(f"coursekit.things.{name}", library).lines


def test_a_body_holds_its_comments_and_not_its_docstring(library):
    assert lines(library, "plain") == ["    # why this works", "    if x:", "        return x + 1", "",
                                       "    return 1  # beside", "    # a last word"]
    assert lines(library, "bare") == ["    return np.sqrt(_helper(x))"]
    assert lines(library, "long_signature")[0] == "    def inner(z):"
    assert lines(library, "told_only") == []


def test_of_a_class_each_methods_body(library):
    assert lines(library, "Kept") == ["        return self.size", "        return 2"]


def test_markers_stand_where_the_body_stood(library):
    assert Reference.find("coursekit.things.Kept", library).with_markers() == '''\
class Kept:
    """A class."""

    size = 3

    def first(self):
        """Doc."""
        ### BEGIN SOLUTION
        return self.size
        ### END SOLUTION

    def second(self):
        ### BEGIN SOLUTION
        return 2
        ### END SOLUTION
'''


def test_free_names_are_those_of_the_module(library):
    assert Reference.find("coursekit.things.bare", library).free_names() == {"np", "_helper"}
    assert Reference.find("coursekit.things.long_signature", library).free_names() == {"scale"}
    assert Reference.find("coursekit.things.plain", library).free_names() == set()


@pytest.mark.parametrize("name, message", [
    ("coursekit.things.crowded", "a line of its own"),
    ("coursekit.things.last", "no function or class 'last'"),
    ("coursekit.nothing.here", "no module 'coursekit.nothing'"),
    ("numpy.linalg.norm", "not a module of coursekit"),
])
def test_what_cannot_be_withheld_is_named(library, name, message):
    with pytest.raises((LookupError, ValueError), match=message):
        Reference.find(name, library)
