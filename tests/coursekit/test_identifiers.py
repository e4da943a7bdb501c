"""Names that stand for things, and things written down as names."""

import numpy as np
import pytest

from coursekit import constraints, initializers, losses, metrics, optimizers, regularizers, schedules
from coursekit.identifiers import Configurable, find, find_class, write
from coursekit.layers import layer as layers

CONCEPTS = [constraints, initializers, layers, losses, optimizers, regularizers, schedules]


@pytest.mark.parametrize("spelling", ["SquaredError", "squared_error", "squared-error", "Squared Error"])
def test_spelling_is_forgiven(spelling):
    assert find_class(spelling, losses.LOSSES, "loss") is losses.SquaredError


@pytest.mark.parametrize("concept", [*CONCEPTS, metrics], ids=lambda module: module.__name__)
def test_an_unknown_name_lists_what_there_is(concept):
    with pytest.raises(ValueError, match=r"^unknown \w+ 'qqq': There are \w+"):
        concept.get("qqq")


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda module: module.__name__)
def test_every_concept_passes_objects_through(concept):
    family = [name for name in ("Layer", "Loss", "Optimizer") if hasattr(concept, name)]  # these have to be of it
    base = getattr(concept, family[0]) if family else object
    thing = object.__new__(type("Thing", (base,), {"__call__": lambda self: None}))
    assert concept.get(thing) is thing


def test_a_class_is_as_good_as_its_name():
    assert isinstance(optimizers.get(optimizers.Adam), optimizers.Adam)


class Pair(Configurable):
    def __init__(self, left, right=2, *, label=None):
        self.left, self.right, self.label = left, right, label


def test_a_config_is_plain_data():
    pair = Pair(np.float32(0.5), right=Pair(np.arange(2)), label=(1, None))
    assert write(pair) == {
        "name": "Pair",
        "config": {
            "left": 0.5,
            "right": {"name": "Pair", "config": {"left": [0, 1], "right": 2, "label": None}},
            "label": [1, None],
        },
    }
    assert find(write(Pair(1)), {"Pair": Pair}, "pair").get_config() == Pair(1).get_config()


def test_repr_tells_what_is_not_usual():
    assert repr(Pair(1)) == "Pair(left=1)" and repr(Pair(1, 2, label="a")) == "Pair(left=1, label='a')"


def test_what_is_not_plain_is_refused():
    with pytest.raises(TypeError, match="cannot write down"):
        write(Pair(print))
