"""Names for things: "adam" finds Adam, and an object can be written down as JSON and built again.

Every concept module has a table of its classes and one `get(identifier)`, which is `find` on that table.
"""

import re


class Configurable:
    """Keeps its constructor's arguments under their own names, so that it can be written down and built again.

    >>> from coursekit.optimizers import SGD
    >>> SGD(lr=0.5).get_config()["lr"], SGD.from_config({"lr": 0.5})
    (0.5, SGD(lr=0.5))
    """

    def get_config(self):
        """The constructor's arguments as plain data: from_config(get_config()) is an equal object."""
        return {name: write(getattr(self, name)) for name in _arguments(type(self))}

    @classmethod
    def from_config(cls, config):
        """The object that get_config described."""
        return cls(**config)

    def __repr__(self):
        usual = _defaults(type(self))
        told = {name: value for name, value in self.get_config().items() if name not in usual or usual[name] != value}
        return f"{type(self).__name__}({', '.join(f'{name}={_brief(value)}' for name, value in told.items())})"


def write(value):
    """Plain data for `value`: numbers, strings and lists stay, an object becomes {"name": ..., "config": ...}.

    >>> from coursekit.regularizers import L2
    >>> write({"rule": L2(0.5), "sizes": (1, 2)})
    {'rule': {'name': 'L2', 'config': {'C': 0.5}}, 'sizes': [1, 2]}
    """
    if hasattr(value, "get_config"):
        return {"name": type(value).__name__, "config": value.get_config()}
    if isinstance(value, dict):
        return {key: write(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [write(item) for item in value]
    if hasattr(value, "tolist"):  # a NumPy number or array
        return value.tolist()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"cannot write down {value!r}: a saved model holds numbers, strings and coursekit's own objects")


def find(identifier, table, kind):
    """The object of that `kind` which `identifier` stands for.

    A name ("he_normal", "HeNormal"), a class, or {"name": ..., "config": ...} gives a new object; anything else is
    taken to be the object itself. Raises ValueError for a name that is not in the table.

    >>> find("drop-out", {"Dropout": dict, "Dense": dict}, "layer")
    {}
    >>> find("dens", {"Dropout": dict, "Dense": dict}, "layer")
    Traceback (most recent call last):
    ValueError: unknown layer 'dens': did you mean 'Dense'? There are Dense, Dropout.
    """
    if isinstance(identifier, str):
        return find_class(identifier, table, kind)()
    if isinstance(identifier, dict):
        if "name" not in identifier:
            raise ValueError(f"the config of {kind} is {{'name': ..., 'config': ...}}, received {identifier!r}")
        cls = find_class(identifier["name"], table, kind)
        return cls.from_config(identifier.get("config", {}))
    if isinstance(identifier, type):
        return identifier()
    return identifier


def find_class(name, table, kind):
    """The class (or function) of that name; upper and lower case, `_`, `-` and spaces make no difference.

    >>> find_class("drop-out", {"Dropout": dict}, "layer")
    <class 'dict'>
    """
    if not isinstance(name, str):
        raise TypeError(f"expected the name of {kind}, such as {next(iter(table))!r}, received {name!r}")
    wanted = _plain(name)
    for key, value in table.items():
        if _plain(key) == wanted:
            return value
    raise ValueError(f"unknown {kind} {name!r}: {_suggestion(name, table)}There are {', '.join(sorted(table))}.")


def snake(name):
    """BatchNormalization -> batch_normalization; runs of capitals stay together: LSTM -> lstm.

    >>> snake("BatchNormalization"), snake("LSTM")
    ('batch_normalization', 'lstm')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _plain(name):
    return "".join(character for character in name.lower() if character.isalnum())


def _suggestion(name, table):
    from difflib import get_close_matches  # needed in this sentence alone, and not quick to import

    spelled = {_plain(key): key for key in table}
    near = get_close_matches(_plain(name), spelled, n=1)
    return f"did you mean {spelled[near[0]]!r}? " if near else ""


def _arguments(cls):
    # The code object knows the names; inspect.signature would say the same thirty times slower.
    code = cls.__init__.__code__ if hasattr(cls.__init__, "__code__") else None
    return code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount] if code else ()


def _defaults(cls):
    init = cls.__init__
    if not hasattr(init, "__code__"):
        return {}
    positional = init.__code__.co_varnames[: init.__code__.co_argcount]
    values = init.__defaults__ or ()
    return dict(zip(positional[len(positional) - len(values) :], values, strict=True)) | (init.__kwdefaults__ or {})


def _brief(value):
    if isinstance(value, dict) and set(value) == {"name", "config"}:
        return value["name"]
    return repr(value)
