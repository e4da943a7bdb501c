"""A model in one file: JSON for what it is, arrays for what it has learned. Nothing in it is ever executed.

The file is NumPy's .npz: `model` holds the JSON, "dense/W" and the like the parameters and states, "optimizer/m" and
the like where the optimiser stands.
"""

import json
from zipfile import BadZipFile

import numpy as np

from coursekit.identifiers import write
from coursekit.layers import layer as layers


def save(model, path):
    """Write the built `model` to `path`, under exactly that name."""
    if model.input_shape is None:
        raise ValueError("this model has no parameters yet: build it or fit it before saving")
    described = {
        "format": 1,
        "layers": [write(layer) for layer in model.layers],
        "names": [layer.name for layer in model.layers],
        "frozen": [layer.name for layer in model.layers if not layer.trainable],
        "input_shape": model.input_shape,
        "dtype": model.dtype.name,
        "seed": model.seed if isinstance(model.seed, int) else None,
    }
    arrays = dict(_arrays(model))
    if model.loss is not None:
        described["optimizer"], described["loss"] = write(model.optimizer), write(model.loss)
        described["metrics"] = list(model.metrics)
        arrays |= {f"optimizer/{name}": value for name, value in model.optimizer.get_state().items()}
    with open(path, "wb") as file:
        np.savez(file, model=json.dumps(described), **arrays)


def load(cls, path, custom=()):
    """The model that `save` wrote, of class `cls`, ready to predict and to go on training."""
    with open(path, "rb") as file, _opened(file) as archive:
        try:
            described = json.loads(str(archive["model"]))
        except KeyError:
            raise ValueError(f"{path} is no saved model: it holds {', '.join(archive.files) or 'nothing'}") from None
        with layers.known(custom):
            model = cls([layers.get(config) for config in described["layers"]], dtype=described["dtype"])
        for layer, name in zip(model.layers, described["names"], strict=True):
            layer.name, layer.trainable = name, name not in described["frozen"]
        model.build(described["input_shape"])
        for name, place in _arrays(model):
            place[...] = archive[name]
        if "loss" in described:
            model.compile(described["optimizer"], described["loss"], described["metrics"])
            state = {name[len("optimizer/") :]: archive[name] for name in archive.files if name[:10] == "optimizer/"}
            model.optimizer.set_state(state)
    return model


def _opened(file):
    try:
        archive = np.load(file, allow_pickle=False)
    except (ValueError, EOFError, BadZipFile):  # what NumPy says of text, of nothing, and of half a file
        archive = None
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise ValueError(f"{file.name} is no saved model: `model.save(path)` writes a .npz file")
    return archive


def _arrays(model):
    """(name, array) of every parameter and state, in the order of the layers."""
    for layer in model.layers:
        for part in layer.walk():
            for name, value in (part.params | part.state).items():
                yield f"{part.name}/{name}", value
