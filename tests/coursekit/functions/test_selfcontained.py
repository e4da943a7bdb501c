"""Every plain function works on its own: pasted into a notebook that did `import numpy as np`, it does what it says.

That is how assignments show it to students. The modules with helpers are shown in lectures and never asked for.
"""

import builtins
import dis
import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import coursekit.functions

WITH_HELPERS = {"convolution", "pooling", "local_response"}
FUNCTIONS = [
    (module.name, name)
    for module in pkgutil.iter_modules(coursekit.functions.__path__) if module.name not in WITH_HELPERS
    for name, value in vars(importlib.import_module(f"coursekit.functions.{module.name}")).items()
    if inspect.isroutine(value) and value.__module__ == f"coursekit.functions.{module.name}"
]


def global_names(code):
    """Names that the code, or a function inside it, looks up outside itself."""
    own = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    return own.union(*(global_names(inner) for inner in code.co_consts if inspect.iscode(inner)))


@pytest.mark.parametrize("module, name", FUNCTIONS)
def test_the_source_alone_runs_its_example(module, name):
    home = vars(importlib.import_module(f"coursekit.functions.{module}"))
    notebook = {"np": np}
    exec(inspect.getsource(home[name]), notebook)
    pasted = notebook[name]
    assert global_names(pasted.__code__) <= {"np"} | set(vars(builtins))
    test = doctest.DocTestParser().get_doctest(inspect.getdoc(pasted), home | {name: pasted}, name, None, None)
    assert test.examples, f"{name} has no example"
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.DocTestRunner(optionflags=flags, verbose=False).run(test).failed == 0


def test_a_helper_would_be_noticed():
    def needs_a_helper(x):
        return [relative_error(x, row) for row in x]  # noqa: F821

    assert global_names(needs_a_helper.__code__) == {"relative_error"}
