"""The coverage table in coursekit/README.md names what exists, and leaves nothing public out."""

import importlib
import re
from pathlib import Path

import pytest

import coursekit
from coursekit import losses, optimizers
from coursekit.initializers.initializer import INITIALIZERS
from coursekit.layers.layer import LAYERS
from coursekit.metrics import METRICS

README = (Path(coursekit.__file__).parent / "README.md").read_text(encoding="utf-8")
NAMES = set(re.findall(r"`(\w+)\.(\w+)`", README)) - {("models", "py")}


@pytest.mark.parametrize("module, name", sorted(NAMES))
def test_every_name_exists(module, name):
    assert callable(getattr(importlib.import_module(f"coursekit.{module}"), name))


@pytest.mark.parametrize("module, table, apart", [
    ("layers", LAYERS, {"Affine", "Recurrent"}),
    ("losses", losses.LOSSES, set()),
    ("optimizers", optimizers.OPTIMIZERS, set()),
    ("metrics", METRICS, set()),
    ("initializers", INITIALIZERS, {"GlorotNormal", "XavierNormal", "HeUniform", "LeCunUniform"}),  # named by a sibling
])
def test_nothing_is_left_out(module, table, apart):
    # A class that an example in a docstring makes is in the table as well, and in no module.
    own = {name for name, value in table.items() if value.__module__.startswith("coursekit.")
           and hasattr(importlib.import_module(value.__module__), name)}
    assert own - apart <= {name for where, name in NAMES if where == module}
