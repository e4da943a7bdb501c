"""Callbacks: what they are told, what they change, what they write."""

import csv
import sys

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
