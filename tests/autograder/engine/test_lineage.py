"""What an object of the student's says that it is: believed where nobody gains by a lie."""

import fractions
import inspect

import numpy as np
import pytest

from autograder.engine.lineage import class_here, signature


def test_a_librarys_class_is_found_by_its_name():
    assert class_here(("inspect.Signature", "builtins.object")) is not inspect.Signature      # it compares
    assert class_here(("inspect.BlockFinder", "builtins.object")) is inspect.BlockFinder
    assert class_here(("__main__.Net", "inspect.BlockFinder", "builtins.object")) is inspect.BlockFinder


@pytest.mark.parametrize("name", [
    "numpy.ndarray", "numpy.float64", "builtins.int", "builtins.dict", "fractions.Fraction", "builtins.ValueError",
    "collections.deque", "pathlib.PosixPath"])
def test_nothing_passes_for_a_value(name):
    import collections
    import pathlib
    stand_in = class_here((name, "builtins.object"))
    values = (int, dict, np.ndarray, np.generic, fractions.Fraction, Exception, collections.deque, pathlib.Path)
    assert not issubclass(stand_in, values) and stand_in.__name__ == name.rpartition(".")[2]


@pytest.mark.parametrize("name", ["__main__.Net", "no.such.module.Net", "sys.Net", "Net", "a.Net"])
def test_what_is_known_to_nobody_has_a_name(name):
    assert class_here((name, "builtins.object")).__name__ == "Net"


@pytest.mark.parametrize("name", ["", ".", "a.b c", "a.\0", "a.1"])
def test_what_is_no_name_makes_none(name):
    assert class_here((name,)).__name__ == "object"


def test_bases_that_everybody_has_say_nothing():
    assert class_here(("__main__.Shape", "abc.ABC", "builtins.object")).__name__ == "Shape"


def test_a_signature_is_made_of_what_is_told():
    made = signature([[["a", 1, False, None, []], ["b", 3, True, 2, [int]]], [float]])
    assert str(made) == "(a, *, b: int = 2) -> float"


@pytest.mark.parametrize("told", [
    None, [], [[]], [[], [], []], [["a"], []], [[["1a", 1, False, None, []]], []], [[["a", 7, False, None, []]], []],
    [[[3, 1, False, None, []]], []], [[["a", 1, False, None, []], ["a", 1, False, None, []]], []], 5])
def test_what_is_no_signature_is_refused(told):
    with pytest.raises(ValueError, match="no signature"):
        signature(told)
