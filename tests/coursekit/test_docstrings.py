"""What is public says what it does, and shows it: the examples run with the tests (pytest's --doctest-modules)."""

import doctest
import importlib
import inspect

import pytest

from tests.coursekit.test_imports import MODULES, PACKAGES

# Where a reader looks a name up: each class and function there has an example of its own ...
SHOWN = ("functions", "layers", "optimizers", "losses", "initializers", "metrics", "preprocessing", "schedules",
         "regularizers", "constraints", "callbacks", "datasets", "graph", "plotting", "gradcheck", "models", "history")
# ... but for these, with the reason.
WITHOUT = {
    "coursekit.gradcheck.report.Finding": "made by a Report, whose example shows one",
    "coursekit.gradcheck.report.Row": "made by a Report; check_function's example prints one",
    "coursekit.layers.affine.Affine": "what Dense and Conv2D share; nobody makes one",
    "coursekit.layers.layer.known": "for loading a model with layers of one's own: Sequential.load(path, custom)",
}  # fmt: skip


def public(module):
    """(full name, object) of the classes and functions that are written in `module`."""
    for name, value in vars(importlib.import_module(module)).items():
        written_here = getattr(value, "__module__", None) == module
        if written_here and not name.startswith("_") and (inspect.isclass(value) or inspect.isfunction(value)):
            yield f"{module}.{name}", value


def shows(value):
    """Whether the docstring, or that of one of a class's methods, has an example that is run."""
    found = doctest.DocTestFinder().find(value, globs={})
    return any(not example.options.get(doctest.SKIP) for test in found for example in test.examples)


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_in_a_table_of_contents_says_what_it_does(package):
    module = importlib.import_module(package)
    for name, value in vars(module).items():
        if inspect.isclass(value) or inspect.isfunction(value):
            assert (vars(value)["__doc__"] if inspect.isclass(value) else value.__doc__), f"{package}.{name}"


@pytest.mark.parametrize("module", MODULES)
def test_every_public_class_and_function_says_what_it_does(module):
    for name, value in public(module):
        assert (vars(value)["__doc__"] if inspect.isclass(value) else value.__doc__), name


@pytest.mark.parametrize("module", [module for module in MODULES if module.split(".")[1:2] and
                                    module.split(".")[1] in SHOWN])
def test_every_public_class_and_function_shows_what_it_does(module):
    for name, value in public(module):
        assert shows(value) or name in WITHOUT, f"{name} has no example"


def test_exceptions_are_still_needed():
    everything = {name: value for module in MODULES for name, value in public(module)}
    assert [name for name in WITHOUT if shows(everything[name])] == []


def test_an_example_is_told_from_none():
    def bare():
        """No example."""

    def skipped():
        """
        >>> 1 / 0                      # doctest: +SKIP
        """

    def shown():
        """
        >>> 1 + 1
        2
        """

    assert [shows(function) for function in (bare, skipped, shown)] == [False, False, True]
