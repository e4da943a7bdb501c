"""One table for all that takes data or arguments: what will not do is named, and what would do is said.

Each line is a call, and words of the sentence that it gets. NumPy's own sentences are about NumPy, not about the call.
"""

import numpy as np
import pytest

from coursekit import (
    callbacks,
    constraints,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    preprocessing,
    regularizers,
    schedules,
)
from coursekit.models import Sequential

X, y, rng = np.zeros((3, 2)), np.zeros((3, 2)), np.random.default_rng(0)
nan, empty, text = np.array([[0.0, np.nan]]), np.zeros((0, 2)), np.array([["a", "b"]])
LOSSES = sorted(losses.LOSSES)
TRANSFORMERS = [preprocessing.Standardizer, preprocessing.MinMax, preprocessing.PCA, preprocessing.ZCA]
LAYERS = [lambda: layers.Dense(2), layers.Activation, layers.BatchNormalization, lambda: layers.Dropout(0.5)]


def model():
    made = Sequential([layers.Dense(2)], seed=0)
    made.compile("sgd", "mse")
    return made


def ids(made):
    return getattr(made, "__name__", str(made))


def says(call, *words):
    """Whether the error of `call` holds all the words; it is a ValueError or a TypeError, never something by chance."""
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
@pytest.mark.parametrize("data, words", [
    ((empty, y), "at least one example, received X of shape (0, 2)"),
    ((X, empty), "at least one example, received y of shape (0, 2)"),
    ((nan, y[:1]), "received nan at [0, 1]"),
    ((text, y[:1]), "expected numbers in X"),
    ((X[0], y[0]), "at least 2 axes"),
    ((None, y), "expected X as an array of numbers, received NoneType"),
    ((X, None), "expected y as an array of numbers, received NoneType"),
    ((X, y[:2]), "3 examples and 2 targets"),
    ((X, np.zeros((3, 5))), "predictions' shape (3, 2), received (3, 5)"),
    ((X[:1], nan), "expected finite targets, received nan"),
    ((X[:1], text), "expected numbers as targets"),
])  # fmt: skip
def test_models_and_data(method, data, words):
    says(lambda: getattr(model(), method)(*data), words)


@pytest.mark.parametrize("make", LAYERS)
@pytest.mark.parametrize("data, words", [
    (empty, "at least one example, received X of shape (0, 2)"),
    (nan, "received nan at [0, 1]"),
    (text, "expected numbers in X"),
    (np.zeros(3), "at least 2 axes"),
    ([[1.0], [2.0, 3.0]], "a list whose rows differ in length"),
])  # fmt: skip
def test_layers_and_data(make, data, words):
    says(lambda: make()(data), words)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("method", ["__call__", "gradient"])
def test_losses_and_data(loss, method):
    measure = getattr(losses.get(loss), method)
    says(lambda: measure(empty, empty), "at least one example, received y_hat of shape (0, 2)")
    says(lambda: measure(text, y[:1]), "expected numbers as predictions")
    says(lambda: measure(np.zeros((2, 2)), np.zeros((3, 2))), loss, "received (3, 2)")
    says(lambda: measure(np.full((1, 2), 0.5), np.array([["a", "b"]])[:, : y.ndim]), loss, "received")


@pytest.mark.parametrize("make", TRANSFORMERS)
@pytest.mark.parametrize("data, words", [
    (empty, "received shape (0, 2)"),
    (np.zeros((2, 0)), "received shape (2, 0)"),
    (nan, "received nan in row 0, column 1"),
    (text, "expected numbers in X"),
    (np.zeros(3), "received shape (3,)"),
])  # fmt: skip
def test_transformers_and_data(make, data, words):
    says(lambda: make().fit(data), words)
    learned = make().fit(rng.normal(size=(5, 2)))
    says(lambda: learned.transform(data), words)
    says(lambda: learned.transform(np.zeros((2, 3))), "with 2 features, received shape (2, 3)")


@pytest.mark.parametrize("call, words", [
    (lambda: metrics.accuracy(["a"], ["a"]), "expected numbers, received <U1"),
    (lambda: metrics.accuracy([np.nan], [0]), "whole numbers"),
    (lambda: metrics.top_k([0], np.ones((1, 3)), k=0), "k as a positive whole number, received 0"),
    (lambda: metrics.log_loss([], np.zeros((0, 2))), "n > 0"),
    (lambda: datasets.blobs(0, rng=rng), "blobs expected n as a positive whole number, received 0"),
    (lambda: datasets.spirals(5, classes=0, rng=rng), "classes as a positive whole number"),
    (lambda: datasets.moons(5, rng=3), "moons draws from a np.random.Generator, received 3"),
    (lambda: preprocessing.train_test_split(np.ones(4), rng=0), "train_test_split draws from a np.random.Generator"),
    (lambda: preprocessing.train_test_split(np.ones(4), rng=rng, stratify=[1]), "expected 4 classes in stratify"),
], ids=range(9))  # fmt: skip
def test_functions_and_data(call, words):
    says(call, words)


@pytest.mark.parametrize("call, words", [
    (lambda: Sequential([], dtype="flaot32"), "'float32' or 'float64', received 'flaot32'"),
    (lambda: Sequential([], dtype=int), "'float32' or 'float64'"),
    (lambda: Sequential(layers.Dense(1)), "a list of layers, [Dense(10), ...]"),
    (lambda: model().compile(0.1, "mse"), "an object such as SGD(lr=0.01), received 0.1"),
    (lambda: model().compile("sgd", None), "an object such as SquaredError(), received None"),
    (lambda: model().compile("sgd", "mse", "accuracy"), "a list of metrics, ['accuracy'], received 'accuracy'"),
    (lambda: model().fit(X, y, validation_data=X), "validation_data as (X, y), received ndarray"),
    (lambda: model().fit(X, y, callbacks=callbacks.EarlyStopping()), "a list of callbacks, [EarlyStopping()]"),
    (lambda: model().fit(X, y, callbacks=[callbacks.EarlyStopping]), "a list of callbacks"),
    (lambda: layers.Conv2D(1, 0), "Conv2D expected kernel_size as a positive whole number, received 0"),
    (lambda: layers.Conv2D(1, (1, 2, 3)), "kernel_size as one number or two"),
    (lambda: layers.Conv2D(1, 2, stride=0), "stride as a positive whole number"),
    (lambda: layers.MaxPooling2D(0), "MaxPooling2D expected pool_size"),
    (lambda: layers.AveragePooling2D(2, stride=0), "AveragePooling2D expected stride"),
    (lambda: layers.Dropout("a"), "the share to drop, as a number from 0 to below 1, received 'a'"),
    (lambda: layers.Activation(3), "expected the name of activation, such as 'identity', received 3"),
    (lambda: layers.Activation("relu", {"alpha": 1}), "relu has no option 'alpha': it takes none"),
    (lambda: layers.Activation("elu", {"beta": 1}), "it takes alpha"),
    (lambda: optimizers.Adam(None), "a number, a schedule or a function of the step, received None"),
    (lambda: optimizers.Adam(beta1=1.0), "Adam expected beta1 as a number from 0 to below 1, received 1.0"),
    (lambda: optimizers.Adam(eps=-1), "eps as a number from 0 up"),
    (lambda: optimizers.AdamW(weight_decay=-1), "weight_decay"),
    (lambda: optimizers.RMSprop(rho=2), "RMSprop expected rho"),
    (lambda: optimizers.AdaDelta(rho=2), "AdaDelta expected rho"),
    (lambda: optimizers.AdaGrad(eps=-1), "AdaGrad expected eps"),
    (lambda: schedules.Cosine(0.1, 0), "Cosine expected steps as a positive whole number, received 0"),
    (lambda: schedules.StepDecay(every=0), "StepDecay expected every"),
    (lambda: schedules.Triangular(half=0), "Triangular expected half"),
    (lambda: regularizers.L1(-1), "L1 expected C as a number from 0 up, received -1"),
    (lambda: regularizers.ElasticNet(0.1, -1), "ElasticNet expected l2"),
    (lambda: constraints.MaxNorm(-1), "MaxNorm expected limit"),
    (lambda: preprocessing.PCA(eps=-1), "PCA expected eps"),
    (lambda: preprocessing.ZCA(eps=-1), "ZCA expected eps"),
    (lambda: callbacks.EarlyStopping(patience=-1), "EarlyStopping expected patience"),
    (lambda: callbacks.NewBob(factor=2), "NewBob expected factor"),
    (lambda: initializers.get("glorrot"), "did you mean 'GlorotNormal'"),
], ids=range(36))  # fmt: skip
def test_arguments(call, words):
    says(call, words)
