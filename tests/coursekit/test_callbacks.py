"""Callbacks: what they are told, what they change, what they write."""

import csv
import sys
import types

import numpy as np
import pytest

from coursekit import callbacks, schedules
from coursekit.functions.regularization import early_stopping
from coursekit.layers import BatchNormalization, Dense
from coursekit.models import Sequential
from coursekit.optimizers import SGD


class Script(callbacks.Callback):
    """Puts given numbers in the logs, in the place of what really happened."""

    def __init__(self, losses):
        self.losses = losses

    def on_epoch_end(self, epoch, logs):
        logs["val_loss"] = self.losses[epoch - 1]


def model_and_data(lr=0.1):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 3))
    model = Sequential([BatchNormalization(), Dense(1)], seed=0)
    model.compile(SGD(lr), "mse")
    return model, X, X.sum(axis=1)


def fit(script, *more, lr=0.1, epochs=None):
    model, X, y = model_and_data(lr)
    history = model.fit(X, y, epochs=epochs or len(script), callbacks=[Script(script), *more])
    return model, history


def test_a_callback_hears_of_everything():
    heard = []

    class Listener(callbacks.Callback):
        def on_train_begin(self):
            heard.append(("begin", self.epochs, self.steps))

        def on_batch_end(self, batch, logs):
            heard.append(("batch", batch, *logs))

        def on_epoch_end(self, epoch, logs):
            heard.append(("epoch", epoch, *logs))

        def on_train_end(self):
            heard.append("end")

    model, X, y = model_and_data()
    model.fit(X, y, batch_size=16, epochs=2, callbacks=[Listener()])
    epoch = [("batch", 1, "loss"), ("batch", 2, "loss")]
    assert heard == [("begin", 2, 2), *epoch, ("epoch", 1, "loss"), *epoch, ("epoch", 2, "loss"), "end"]


@pytest.mark.parametrize("losses", [[0.9, 0.5, 0.6, 0.4, 0.45, 0.41, 0.3], [3, 2, 1, 0], [1, 1, 1, 1], [1, 2, 3, 0]])
@pytest.mark.parametrize("patience", [1, 2, 3])
def test_early_stopping_is_the_plain_rule(losses, patience):
    stopping = callbacks.EarlyStopping(patience=patience)
    _, history = fit(losses, stopping)
    best, stop = early_stopping(losses, patience)
    assert stopping.best_epoch == best + 1 and len(history.epochs) == stop + 1


def test_early_stopping_goes_back_to_the_best_parameters_and_statistics():
    best, _ = fit([1.0])
    stopped, _ = fit([1.0, 2.0, 3.0], callbacks.EarlyStopping(patience=2))
    np.testing.assert_array_equal(stopped.P, best.P)
    np.testing.assert_array_equal(stopped.layers[0].state["mean"], best.layers[0].state["mean"])
    last, _ = fit([1.0, 2.0, 3.0], callbacks.EarlyStopping(patience=2, restore_best=False))
    assert (last.P != best.P).any()


def test_early_stopping_knows_where_more_is_better():
    assert callbacks.EarlyStopping("val_accuracy").highest and not callbacks.EarlyStopping("val_loss").highest


def test_new_bob_halves_after_a_rise_and_logs_each_epochs_rate():
    _, history = fit([3.0, 2.0, 2.5, 2.0, 2.1, 1.0], callbacks.NewBob(), lr=0.8)
    assert history["lr"] == [0.8, 0.8, 0.8, 0.4, 0.4, 0.2]


def test_new_bob_and_a_schedule_exclude_each_other():
    with pytest.raises(ValueError, match="give the optimizer a number"):
        fit([1.0], callbacks.NewBob(), lr=schedules.Constant(0.1))


@pytest.mark.parametrize("callback", [callbacks.EarlyStopping(), callbacks.NewBob()])
def test_watching_what_is_not_there_gets_a_sentence(callback):
    model, X, y = model_and_data()
    with pytest.raises(ValueError, match="watches 'val_loss', but the epoch's logs have loss"):
        model.fit(X, y, callbacks=[callback])


def test_csv_holds_one_line_an_epoch(tmp_path):
    path = tmp_path / "log.csv"
    _, history = fit([3.0, 2.0], callbacks.CSVLogger(path))
    rows = read(path)
    assert list(rows[0]) == ["epoch", "loss", "val_loss"]
    assert [float(row["loss"]) for row in rows] == history["loss"] and [row["epoch"] for row in rows] == ["1", "2"]
    fit([1.0], callbacks.CSVLogger(path, append=True))
    assert path.read_text(encoding="utf-8").count("epoch") == 1 and len(read(path)) == 3


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_functions_can_be_callbacks(capsys):
    losses = []
    fit([1.0, 2.0], callbacks.LambdaCallback(on_batch_end=lambda batch, logs: losses.append(logs["loss"]),
                                             on_epoch_end=lambda epoch, logs: print(epoch)))  # fmt: skip
    assert len(losses) == 2 and capsys.readouterr().out == "1\n2\n"


def test_progress_in_a_file_is_a_line_an_epoch(capsys):
    model, X, y = model_and_data()
    model.fit(X, y, epochs=2, verbose=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("epoch 1/2 [==========..........] loss: ") and lines[2].startswith("2 epochs in ")


def test_progress_on_a_terminal_rewrites_its_line(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    model, X, y = model_and_data()
    model.fit(X, y, batch_size=4, epochs=2, verbose=1)
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and out.endswith("\n") and "\r\x1b[Kepoch 2/2 [====================]" in out


def test_progress_in_a_notebook_updates_one_display(monkeypatch, capsys):
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data["text/plain"])

    class Shell:
        kernel = object()

    class IPython:
        get_ipython = staticmethod(Shell)

        class display:
            @staticmethod
            def display(data, raw, display_id):
                return Handle()

    monkeypatch.setitem(sys.modules, "IPython", IPython)
    model, X, y = model_and_data()
    model.fit(X, y, epochs=2, verbose=1)
    assert shown[-1].startswith("2 epochs in ") and capsys.readouterr().out == ""


def follow(callback, values):
    """Tell a callback of these values of what it watches, until it stops."""
    model = types.SimpleNamespace(P=np.zeros(1), layers=[], stop_training=False)
    callback.begin(model, len(values), 1)
    for epoch, value in enumerate(values, start=1):
        model.P[0] = epoch
        callback.on_epoch_end(epoch, {callback.monitor: value})
        if model.stop_training:
            break
    callback.on_train_end()
    return callback.best, callback.best_epoch, callback.stopped_epoch, int(model.P[0])


@pytest.mark.parametrize("arguments, values, expected", [
    # (best, its epoch, the epoch that stopped, the epoch whose parameters are left)
    ({"monitor": "val_accuracy", "patience": 2}, [0.5, 0.7, 0.6, 0.65, 0.9], (0.7, 2, 4, 2)),
    ({"monitor": "loss", "patience": 2}, [0.7, 0.5, 0.6, 0.65, 0.1], (0.5, 2, 4, 2)),
    ({"monitor": "score", "highest": True}, [0.5, 0.7, 0.6], (0.7, 2, 3, 2)),
    ({"monitor": "val_accuracy", "highest": False}, [0.5, 0.7, 0.6], (0.5, 1, 2, 1)),
    ({"monitor": "loss", "restore_best": False}, [0.5, 0.7, 0.6], (0.5, 1, 2, 2)),
    ({"monitor": "loss", "min_delta": 0.1, "patience": 2}, [1.0, 0.95, 0.92, 0.5], (1.0, 1, 3, 1)),
    ({"monitor": "loss", "min_delta": 0.1, "patience": 2}, [1.0, 0.95, 0.85, 0.5], (0.5, 4, None, 4)),
    ({"monitor": "recall", "min_delta": 0.1}, [0.5, 0.55, 0.9], (0.5, 1, 2, 1)),
])  # fmt: skip
def test_early_stopping_by_hand(arguments, values, expected):
    assert follow(callbacks.EarlyStopping(**arguments), values) == expected


def test_a_factor_of_one_would_never_change_the_rate():
    with pytest.raises(ValueError, match="NewBob expected factor as a number from 0 to below 1, received 1"):
        callbacks.NewBob(factor=1)


def test_functions_that_are_not_given_are_not_called():
    callbacks.LambdaCallback().on_epoch_end(1, {})
    assert not callbacks.LambdaCallback().listens


@pytest.mark.parametrize("append, kept", [(False, ""), (True, "an older line\n")])
def test_csv_begins_anew_or_goes_on(tmp_path, append, kept):
    path = tmp_path / "log.csv"
    path.write_text("an older line\n")
    log = callbacks.CSVLogger(path, append=append)
    log.on_train_begin()
    log.on_epoch_end(1, {"loss": 0.5})
    log.on_epoch_end(2, {"more": 7, "loss": 0.25})  # what the first epoch did not have has no column
    assert path.read_text() == kept + ("" if append else "epoch,loss\n") + "1,0.5\n2,0.25\n"
    callbacks.CSVLogger(path).on_train_begin()
    assert path.read_text() == ""


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is told the time."""
    time = types.SimpleNamespace(now=100.0)
    monkeypatch.setattr(callbacks, "time", types.SimpleNamespace(monotonic=lambda: time.now))
    return time


def begun(epochs=2, steps=4):
    bar = callbacks.ProgressBar()
    bar.begin(None, epochs, steps)
    return bar


def test_progress_is_shown_ten_times_a_second_at_most(capsys, monkeypatch, clock):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    bar = begun()
    for batch, now in enumerate([100.0, 100.05, 100.15, 100.2], start=1):
        clock.now = now
        bar.on_batch_end(batch, {"loss": batch / 2})
    assert capsys.readouterr().out == ("\r\x1b[Kepoch 1/2 [=====...............] loss: 0.5000"
                                       "\r\x1b[Kepoch 1/2 [===============.....] loss: 1.5000")
    bar.on_epoch_end(1, {"loss": 2.0})
    clock.now = 102.5
    bar.on_batch_end(1, {"loss": 1.0})
    bar.on_train_end()
    assert capsys.readouterr().out == ("\r\x1b[Kepoch 1/2 [==========..........] loss: 2"
                                       "\r\x1b[Kepoch 2/2 [=====...............] loss: 1.0000"
                                       "\r\x1b[K1 epochs in 2.5 s: loss: 2\n")


def test_progress_in_a_file_tells_nothing_of_batches(capsys, clock):
    bar = begun()
    bar.on_batch_end(1, {"loss": 1.0})
    bar.show("half a line")
    assert capsys.readouterr().out == ""
    bar.show("a line", whole=True)
    assert capsys.readouterr().out == "a line\n"
