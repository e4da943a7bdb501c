"""What happens between epochs and batches while a model is fitted.

    EarlyStopping  NewBob  CSVLogger  ProgressBar  LambdaCallback

A callback is told of the beginning, of each batch and epoch, and of the end, and may look at and change `self.model`.
"""

import sys
import time

from coursekit.functions.schedules import new_bob
from coursekit.inputs import between, number


class Callback:
    """Base class: write the methods you need. Epochs and batches count from 1.

    >>> class Count(Callback):
    ...     def on_train_begin(self):
    ...         self.epochs_seen = 0
    ...     def on_epoch_end(self, epoch, logs):
    ...         self.epochs_seen = epoch
    """

    def begin(self, model, epochs, steps):
        """`fit` calls this first: `self.model`, how many epochs there will be, and how many steps each has."""
        self.model, self.epochs, self.steps = model, epochs, steps
        self.on_train_begin()

    @property
    def listens(self):
        """Whether on_batch_end is written: nobody is called in vain, thousands of times an epoch."""
        return type(self).on_batch_end is not Callback.on_batch_end

    def on_train_begin(self):
        """Before the first epoch."""

    def on_batch_end(self, batch, logs):
        """After each step; logs is {"loss": the batch's loss before the step}."""

    def on_epoch_end(self, epoch, logs):
        """After each epoch and its validation. What is added to the dict `logs` ends up in the History."""

    def on_train_end(self):
        """After the last epoch."""


class LambdaCallback(Callback):
    """Functions instead of a class: LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"])).

    >>> import numpy as np
    >>> from coursekit.layers import Dense
    >>> from coursekit.models import Sequential
    >>> model = Sequential([Dense(1)], seed=0)
    >>> model.compile("sgd", "mse")
    >>> told = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
    >>> history = model.fit(np.zeros((4, 1)), np.zeros(4), epochs=2, callbacks=[told])
    1 0.0
    2 0.0
    """

    def __init__(self, on_batch_end=None, on_epoch_end=None):
        for function in (on_batch_end, on_epoch_end):
            if not (function is None or callable(function)):
                raise TypeError(f"LambdaCallback expected functions, received {function!r}")
        self._batch, self._epoch = on_batch_end, on_epoch_end

    @property
    def listens(self):
        return self._batch is not None

    def on_batch_end(self, batch, logs):
        self._batch(batch, logs)

    def on_epoch_end(self, epoch, logs):
        if self._epoch:
            self._epoch(epoch, logs)


class EarlyStopping(Callback):
    """Stop once `monitor` has not improved for `patience` epochs in a row, and go back to the best parameters.

    monitor        a name in the logs
    min_delta      an improvement has to be larger than this
    highest        True where more is better; None: decided by the name (accuracy, precision and recall: True)
    restore_best   False keeps the last parameters

    Afterwards `best`, `best_epoch` and `stopped_epoch` (None: it never had to) tell what happened.

    >>> import numpy as np
    >>> from coursekit.layers import Dense
    >>> from coursekit.models import Sequential
    >>> model = Sequential([Dense(1)], seed=0)
    >>> model.compile("sgd", "mse")
    >>> stop = EarlyStopping("loss", patience=3)
    >>> history = model.fit(np.zeros((4, 1)), np.zeros(4), epochs=100, callbacks=[stop])   # nothing left to learn
    >>> stop.best_epoch, stop.stopped_epoch
    (1, 4)
    """

    def __init__(self, monitor="val_loss", patience=0, min_delta=0.0, highest=None, restore_best=True):
        self.monitor, self.patience = _name(monitor, self), between("patience", patience, "EarlyStopping", 0)
        self.min_delta = between("min_delta", min_delta, "EarlyStopping", 0)
        self.highest = any(word in monitor for word in ("acc", "precision", "recall")) if highest is None else highest
        self.restore_best = restore_best

    def on_train_begin(self):
        self.best, self.best_epoch, self.stopped_epoch, self.kept = None, 0, None, None

    def on_epoch_end(self, epoch, logs):
        value = _watched(self, logs)
        sign = -1 if self.highest else 1
        if self.best is None or sign * value < sign * self.best - self.min_delta:
            self.best, self.best_epoch = value, epoch
            if self.restore_best:
                self.kept = _snapshot(self.model)
        elif epoch - self.best_epoch >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self):
        if self.kept is not None:
            _restore(self.model, self.kept)


class NewBob(Callback):
    """Multiply the learning rate by `factor` when the error has fallen by less than `threshold` in an epoch.

    With threshold 0: when it has risen. The rate that each epoch had is logged as "lr".

    >>> import numpy as np
    >>> from coursekit.layers import Dense
    >>> from coursekit.models import Sequential
    >>> model = Sequential([Dense(1)], seed=0)
    >>> model.compile("sgd", "mse")
    >>> history = model.fit(np.zeros((4, 1)), np.zeros(4), epochs=4, callbacks=[NewBob("loss", threshold=1e-3)])
    >>> history["lr"]                                     # the loss stays 0: each epoch falls by less than 1e-3
    [0.01, 0.01, 0.005, 0.0025]
    """

    def __init__(self, monitor="val_loss", factor=0.5, threshold=0.0):
        self.monitor, self.threshold = _name(monitor, self), number("threshold", threshold, "NewBob")
        self.factor = between("factor", factor, "NewBob", 0, 1)

    def on_train_begin(self):
        self.errors = []
        if callable(self.model.optimizer.lr):
            raise ValueError("NewBob sets the rate itself: give the optimizer a number, not a schedule")

    def on_epoch_end(self, epoch, logs):
        optimizer = self.model.optimizer
        self.errors.append(_watched(self, logs))
        logs["lr"] = optimizer.lr
        optimizer.lr = new_bob(optimizer.lr, self.errors, self.factor, self.threshold)


class CSVLogger(Callback):
    """One line an epoch into a CSV file: the epoch, then the logs in the order of the first epoch.

    append   True: go on at the end of an existing file, without a second header

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = CSVLogger(pathlib.Path(folder) / "log.csv")
    ...     log.on_train_begin()
    ...     log.on_epoch_end(1, {"loss": 0.5, "val_loss": 0.75})        # `fit` calls these
    ...     print(log.path.read_text(), end="")
    epoch,loss,val_loss
    1,0.5,0.75
    """

    def __init__(self, path, append=False):
        self.path, self.append = path, append

    def on_train_begin(self):
        self.names = None
        if not self.append:
            open(self.path, "w", encoding="utf-8").close()

    def on_epoch_end(self, epoch, logs):
        import csv  # by those who use it: everybody else starts a millisecond sooner

        row = {"epoch": epoch, **logs}
        self.names = self.names or list(row)
        # Opened for each line: whatever ends the training, the lines so far are in the file.
        with open(self.path, "a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.names, extrasaction="ignore", lineterminator="\n")
            if file.tell() == 0:
                writer.writeheader()
            writer.writerow(row)


class ProgressBar(Callback):
    """One line that is rewritten as the epochs pass: in a notebook, and on a terminal.

    Where neither is (a file, a pipe) each epoch gets a line of its own. At most ten updates a second.

    >>> import numpy as np
    >>> from coursekit.layers import Dense
    >>> from coursekit.models import Sequential
    >>> model = Sequential([Dense(1)], seed=0)
    >>> model.compile("sgd", "mse")
    >>> history = model.fit(np.zeros((4, 1)), np.zeros(4), epochs=2, verbose=1)
    epoch 1/2 [==========..........] loss: 0
    epoch 2/2 [====================] loss: 0
    2 epochs in ... s: loss: 0
    """

    def on_train_begin(self):
        self.started = time.monotonic()
        self.shown = 0.0
        self.epoch, self.text = 1, ""
        self.display = _display_handle()

    def on_batch_end(self, batch, logs):
        if time.monotonic() - self.shown > 0.1 and (self.display or sys.stdout.isatty()):
            self.show(f"epoch {self.epoch}/{self.epochs} {bar(batch / self.steps)} loss: {logs['loss']:.4f}")

    def on_epoch_end(self, epoch, logs):
        self.text = ", ".join(f"{name}: {value:.4g}" for name, value in logs.items())
        self.epoch = epoch + 1
        self.show(f"epoch {epoch}/{self.epochs} {bar(epoch / self.epochs)} {self.text}", whole=True)

    def on_train_end(self):
        seconds = time.monotonic() - self.started
        self.show(f"{self.epoch - 1} epochs in {seconds:.1f} s: {self.text}", whole=True)
        if not self.display and sys.stdout.isatty():
            print()

    def show(self, line, whole=False):
        """Put `line` in the place of the last one; where lines cannot be replaced, print it if it is a `whole` one."""
        self.shown = time.monotonic()
        if self.display:
            self.display.update({"text/plain": line}, raw=True)
        elif sys.stdout.isatty():
            print(f"\r\x1b[K{line}", end="", flush=True)
        elif whole:
            print(line)


def bar(share, width=20):
    """A bar of `width` characters.

    >>> bar(0.5, width=6)
    '[===...]'
    """
    full = round(width * min(max(share, 0), 1))
    return f"[{'=' * full}{'.' * (width - full)}]"


def _display_handle():
    """A display area to rewrite, if this is a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return ipython.display.display({"text/plain": ""}, raw=True, display_id=True)


def _name(monitor, callback):
    if not isinstance(monitor, str):
        raise TypeError(f"{type(callback).__name__} watches a name of the logs, 'val_loss', received {monitor!r}")
    return monitor


def _watched(callback, logs):
    if callback.monitor not in logs:
        raise ValueError(
            f"{type(callback).__name__} watches {callback.monitor!r}, but the epoch's logs have {', '.join(logs)}: "
            f"give fit validation_data, or watch one of these"
        )
    return logs[callback.monitor]


def _snapshot(model):
    state = [value.copy() for layer in model.layers for part in layer.walk() for value in part.state.values()]
    return model.P.copy(), state


def _restore(model, snapshot):
    P, state = snapshot
    model.P[...] = P
    places = [value for layer in model.layers for part in layer.walk() for value in part.state.values()]
    for place, value in zip(places, state, strict=True):
        place[...] = value
