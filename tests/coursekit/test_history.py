"""What a History remembers."""

import pytest

from coursekit.history import History


def history(*losses):
    result = History()
    for loss in losses:
        result.add({"loss": loss})
    return result


def test_best_is_the_first_of_equals():
    assert history(3, 1, 2, 1).best("loss") == (2, 1) and history(1, 3, 3).best("loss", highest=True) == (2, 3)


def test_an_unknown_name_gets_a_sentence():
    with pytest.raises(KeyError, match="no 'val_loss' was recorded; there are loss"):
        history(1)["val_loss"]
    assert "val_loss" not in history(1) and "loss" in history(1)


def test_repr_shows_the_last_epoch():
    assert repr(history(3, 1.5)) == "History(2 epochs: loss=1.5)" and repr(History()) == "History(0 epochs)"
