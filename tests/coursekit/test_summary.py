"""The table of layers, with counts worked by hand."""

from coursekit.layers import BatchNormalization, Conv2D, Dense, Flatten, MaxPooling2D
from coursekit.models import Sequential
from coursekit.summary import summary


def test_lenets_parameters(capsys):
    # LeNet-5 with dense second convolution: 6 (25 + 1) + 16 (6 * 25 + 1) + (400 + 1) 120 + (120 + 1) 84 + (84 + 1) 10
    model = Sequential(
        [
            Conv2D(6, 5, padding="same", activation="tanh"),
            MaxPooling2D(),
            Conv2D(16, 5, activation="tanh"),
            MaxPooling2D(),
            Flatten(),
            Dense(120, "tanh"),
            Dense(84, "tanh"),
            Dense(10, "softmax"),
        ]
    ).build((28, 28, 1))
    model.summary()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[2:-2]] == ["156", "0", "2,416", "0", "0", "48,120", "10,164", "850"]
    assert lines[-1] == "61,706 parameters: 61,706 trainable, 0 not trainable"
    assert model.count_params() == 61_706


def test_running_statistics_are_not_trainable():
    # (784 + 1) * 64 + 4 * 64 + (64 + 1) * 10, of which the running mean and variance, 2 * 64, are not trained
    model = Sequential([Dense(64), BatchNormalization(), Dense(10)]).build((784,))
    assert summary(model).endswith("51,146 parameters: 51,018 trainable, 128 not trainable")


def test_frozen_layers_count_as_not_trainable():
    model = Sequential([Dense(2), Dense(1)]).build((3,))
    model.layers[0].trainable = False
    assert summary(model).endswith("11 parameters: 3 trainable, 8 not trainable")


def test_an_unbuilt_model_says_so():
    text = summary(Sequential([Dense(2), Dense(1)]))
    assert "dense_1  Dense" in text and "not built yet" in text
