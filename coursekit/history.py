"""What training achieved, epoch by epoch."""


class History:
    """`history["loss"]` is the list of the epochs' losses; "val_loss" and the metrics' names likewise.

    `history.history` is the dict of all of them, as in Keras, and `history.epochs` the epochs' numbers, from 1.

    >>> history = History()
    >>> history.add({"loss": 2.0, "val_loss": 1.5})
    >>> history.add({"loss": 1.0, "val_loss": 1.75})
    >>> history["loss"], history.epochs, history.best("val_loss")
    ([2.0, 1.0], [1, 2], (1, 1.5))
    """

    def __init__(self):
        self.history = {}
        self.epochs = []

    def add(self, logs):
        """One more epoch."""
        self.epochs.append(len(self.epochs) + 1)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def __getitem__(self, name):
        if name not in self.history:
            raise KeyError(f"no {name!r} was recorded; there are {', '.join(self.history)}")
        return self.history[name]

    def __contains__(self, name):
        return name in self.history

    def best(self, name="val_loss", highest=False):
        """(epoch, value) where `name` was lowest (or highest) for the first time."""
        value = (max if highest else min)(self[name])
        return self.epochs[self[name].index(value)], value

    def __repr__(self):
        last = ", ".join(f"{name}={values[-1]:.4g}" for name, values in self.history.items())
        return f"History({len(self.epochs)} epochs{': ' if last else ''}{last})"
