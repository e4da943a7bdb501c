"""One table for all that takes data or arguments: what will not do is named, and what would do is said.

Each line is a call, and words of the sentence that it gets. NumPy's own sentences are about NumPy, not about the call.
"""

import numpy as np
import pytest

from coursekit import (
    callbacks,
    constraints,
    datasets,
    gradcheck,
    graph,
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

RAGGED = [[1], [2, 3]]
X, y, rng = np.zeros((3, 2)), np.zeros((3, 2)), np.random.default_rng(0)
nan, empty, text = np.array([[0.0, np.nan]]), np.zeros((0, 2)), np.array([["a", "b"]])
LOSSES = sorted(losses.LOSSES)
TRANSFORMERS = [preprocessing.Standardizer, preprocessing.MinMax, preprocessing.PCA, preprocessing.ZCA]
LAYERS = [lambda: layers.Dense(2), layers.Activation, layers.BatchNormalization, lambda: layers.Dropout(0.5)]


def model():
    made = Sequential([layers.Dense(2)], seed=0)
    made.compile("sgd", "mse")
    return made


def wide():
    made = Sequential([layers.Dense(2)], seed=0, dtype="float64")
    made.compile("sgd", "mse")
    return made


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
    (lambda: preprocessing.train_test_split(X, rng=rng, stratify=np.ones((3, 1))), "received shape (3, 1)"),
    (lambda: preprocessing.train_test_split(rng=rng), "expected arrays of n rows, received []"),
    (lambda: preprocessing.train_test_split(3.0, rng=rng), "expected arrays of n rows"),
    (lambda: preprocessing.train_test_split(X, rng=rng, test_size="a"), "test_size as a finite number, received 'a'"),
    (lambda: preprocessing.one_hot(RAGGED), "a list whose rows differ in length"),
    (lambda: preprocessing.one_hot([0, 1], k=2.5), "one_hot expected k as a positive whole number, received 2.5"),
    (lambda: preprocessing.MinMax("a"), "MinMax expected low as a finite number, received 'a'"),
    (lambda: preprocessing.MinMax(0, np.inf), "high as a finite number"),
    (lambda: preprocessing.Standardizer().fit(RAGGED), "a list whose rows differ in length"),
    (lambda: preprocessing.PCA().inverse_transform(X), "this PCA has learned nothing yet"),
    (lambda: preprocessing.Standardizer().inverse_transform(X), "this Standardizer has learned nothing yet"),
    (lambda: metrics.accuracy(RAGGED, [0, 1]), "a list whose rows differ in length"),
    (lambda: metrics.accuracy([0], [np.inf]), "received inf among them"),
    (lambda: metrics.accuracy([0], [2.0**70]), "received 1.1805916207174113e+21 among them"),
    (lambda: metrics.top_k([0], [["a", "b"]]), "expected scores as numbers, received <U1"),
    (lambda: metrics.top_k([0, 1], RAGGED), "a list whose rows differ in length"),
    (lambda: metrics.log_loss([0], [[1.0, 0.0]], eps=2), "log_loss expected eps as a number from 0 to below 1"),
    (lambda: metrics.precision([0], [0], positive="cat"), "number of the positive class, received 'cat'"),
    (lambda: metrics.recall([0], [0], positive=0.5), "number of the positive class, received 0.5"),
    (lambda: metrics.confusion_matrix([0], [0], k=1.5), "confusion_matrix expected k as a positive whole number"),
    (lambda: metrics.confusion_matrix([-1], [0]), "classes reach from -1 to 0"),
    (lambda: datasets.blobs(5, spread=-1, rng=rng), "blobs expected spread as a number from 0 up, received -1"),
    (lambda: datasets.moons(5, noise="a", rng=rng), "moons expected noise as a number from 0 up, received 'a'"),
    (lambda: datasets.spirals(5, turns=None, rng=rng), "spirals expected turns as a finite number, received None"),
    (lambda: datasets.spirals(5, noise=np.nan, rng=rng), "spirals expected noise"),
    (lambda: datasets.blobs(np.zeros(2), rng=rng), "blobs expected n as a positive whole number"),
    (lambda: losses.BinaryCrossEntropy()([[2.0]], [[1]]), "from 2 to 2: for logits there is BinaryCrossEntropy(from_l"),
    (lambda: losses.SparseCategoricalCrossEntropy().gradient([[0.0, -3.0]], [1]), "expected probabilities, received"),
    (lambda: initializers.Zeros()((2, -1), rng), "Zeros expected a shape of positive whole numbers, such as (3, 2)"),
    (lambda: initializers.HeNormal()((0, 3), rng), "received (0, 3)"),
    (lambda: initializers.fans((2.5, 3)), "fans expected a shape of positive whole numbers"),
    (lambda: initializers.lsuv(Sequential([layers.Dense(2)]), X), "a built model: call model.build(input_shape) first"),
    (lambda: initializers.lsuv(Sequential([layers.Dense(2)]).build(3), X), "with 3 features, received shape (3, 2)"),
    (lambda: gradcheck.check_layer(3, X), "a layer such as Dense(10), received 3"),
    (lambda: gradcheck.check_layer(layers.Dense(2), nan), "received nan at [0, 1]"),
    (lambda: gradcheck.check_layer(layers.Dense(2), X, rng=3), "check_layer draws from a np.random.Generator"),
    (lambda: gradcheck.check_model(3, X, y), "a Sequential model, received 3"),
    (lambda: gradcheck.check_model(wide(), nan, y[:1]), "received nan at [0, 1]"),
    (lambda: gradcheck.check_model(wide().build(3), X, y), "with 3 features, received shape (3, 2)"),
    (lambda: gradcheck.check_function(np.sin, X, X), "f(x) to be one number"),
    (lambda: gradcheck.check_function(np.sum, nan, nan), "received nan"),
    (lambda: gradcheck.check_function(np.sum, X, X, h=0), "gradcheck expected h as a number above 0, received 0"),
    (lambda: gradcheck.check_function(np.sum, X, X, tolerance=np.nan), "tolerance as a number above 0, received nan"),
    (lambda: gradcheck.check_function(np.sum, X, X, entries=0), "entries as a positive whole number, received 0"),
    (lambda: graph.Value("2"), "a Value is a plain number, received '2'"),
    (lambda: graph.Value(2.0) * X[0], "one for each entry of an array"),
    (lambda: graph.log(0), "log expected a number above 0, received 0"),
    (lambda: 1 / graph.Value(0.0), "0 ** -1 has no value or no slope"),
    (lambda: graph.Value(0.0) ** 0.5, "0 ** 0.5 has no value or no slope"),
    (lambda: graph.Value(-1.0) ** 0.5, "-1 ** 0.5 has no value or no slope"),
    (lambda: graph.draw(3), "a Value, received 3"),
])  # fmt: skip
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
    (lambda: initializers.get({}), "the config of initializer is {'name': ..., 'config': ...}, received {}"),
    (lambda: initializers.Constant("a"), "Constant expected value as a finite number"),
    (lambda: initializers.Copy("a"), "expected values as an array of numbers"),
    (lambda: initializers.Copy(["a"]), "Copy expected an array of numbers, received ['a']"),
    (lambda: initializers.Uniform("a"), "Uniform expected low as a finite number"),
    (lambda: initializers.TruncatedNormal(std=-1), "TruncatedNormal expected std as a number from 0 up, received -1"),
    (lambda: initializers.Normal(mean=None), "Normal expected mean as a finite number, received None"),
    (lambda: initializers.Orthogonal(None), "Orthogonal expected gain as a finite number, received None"),
    (lambda: initializers.Identity("relu"), "Identity expected gain as a finite number, received 'relu'"),
    (lambda: initializers.HeNormal(np.nan), "HeNormal expected gain as a finite number, received nan"),
    (lambda: initializers.Sparse(fan_in=-1), "Sparse expected fan_in as a positive whole number, received -1"),
    (lambda: layers.Dense(np.zeros(2)), "Dense expected units as a positive whole number"),
    (lambda: layers.Dense(2, kernel_initializer=True)(X), "an initializer is a name, a number or a function"),
    (lambda: layers.Dense(2, kernel_regularizer=0.01), "a regularizer is a name or an object such as L2(0.01)"),
    (lambda: layers.Dense(2, kernel_constraint=2.0), "a constraint is a name or an object such as MaxNorm(2.0)"),
    (lambda: layers.Dense(2).count_params(), "Dense is not built: call it, or build its model"),
    (lambda: layers.Dropout(0.5, noise_shape=3), "Dropout expected noise_shape as a tuple, (None, 1, None), received"),
    (lambda: layers.Dropout(0.5, seed="a"), "Dropout expected seed as a whole number from 0 or a np.random.Generator"),
    (lambda: layers.BatchNormalization("a"), "BatchNormalization expected momentum as a finite number"),
    (lambda: layers.BatchNormalization(eps=-1), "BatchNormalization expected eps as a number from 0 up"),
    (lambda: layers.Conv2D(1, 2, padding="smae"), "Conv2D expected padding 'valid', 'same' or a number of zeros"),
    (lambda: layers.Conv2DTranspose(1, 2, padding=1.5), "Conv2DTranspose expected padding 'valid', 'same' or a number"),
    (lambda: layers.LocalResponseNormalization(0), "expected size as a positive whole number, received 0"),
    (lambda: layers.LocalResponseNormalization(k=-1), "LocalResponseNormalization expected k as a number from 0 up"),
    (lambda: layers.Residual(3), "Residual expected a list of layers, [Dense(10), ...], received 3"),
    (lambda: layers.Residual([3]), "a layer is an object such as Dense(10), received 3"),
    (lambda: layers.Residual([None]), "Residual expected a list of layers"),
    (lambda: layers.Residual([layers.Dense(2)] * 2), "Residual has one layer at two places"),
    (lambda: layers.Bidirectional(layers.LSTM(2).setup((3, 1))), "a new layer, received LSTM, which is built already"),
    (lambda: layers.Residual([layers.Dense(2)], shortcut=3), "a layer is an object such as Dense(10), received 3"),
    (lambda: Sequential([layers.Dense(2)]).build(("a",)), "a shape of positive whole numbers, such as (3, 2)"),
    (lambda: Sequential([layers.Dense(2)]).build(-1), "build expected a shape as a positive whole number, received -1"),
    (lambda: optimizers.SGD("a"), "unknown schedule 'a'"),
    (lambda: optimizers.SGD(True), "a rate is a number, a schedule or a function of the step, received True"),
    (lambda: optimizers.SGD(np.inf), "SGD expected lr as a number from 0 up, received inf"),
    (lambda: optimizers.SGD(clip_value="a"), "SGD expected clip_value as a number above 0, received 'a'"),
    (lambda: optimizers.SGD(clip_norm=np.nan), "clip_norm as a number above 0, received nan"),
    (lambda: optimizers.MultiOptimizer("sgd"), "rules as {layer name: optimizer}, received 'sgd'"),
    (lambda: schedules.Constant(None), "Constant expected lr as a number from 0 up, received None"),
    (lambda: schedules.StepDecay(factor=-1), "StepDecay expected factor as a number from 0 up"),
    (lambda: schedules.ExponentialDecay(lr="a"), "ExponentialDecay expected lr"),
    (lambda: schedules.Cosine(end=-1), "Cosine expected end as a number from 0 up"),
    (lambda: schedules.Triangular(high=np.nan), "Triangular expected high as a number from 0 up, received nan"),
    (lambda: schedules.OneCycle(rise=1.5), "OneCycle expected rise as a number from 0 to below 1, received 1.5"),
    (lambda: schedules.OneCycle(start=0), "OneCycle expected start as a number above 0, received 0"),
    (lambda: schedules.RangeTest(low=0), "RangeTest expected low as a number above 0, received 0"),
    (lambda: schedules.RangeTest(high=-1), "RangeTest expected high as a number above 0, received -1"),
    (lambda: callbacks.EarlyStopping(3), "EarlyStopping watches a name of the logs, 'val_loss', received 3"),
    (lambda: callbacks.NewBob(None), "NewBob watches a name of the logs"),
    (lambda: callbacks.NewBob(threshold="a"), "NewBob expected threshold as a finite number, received 'a'"),
    (lambda: callbacks.LambdaCallback(on_epoch_end=[]), "LambdaCallback expected functions, received []"),
])  # fmt: skip
def test_arguments(call, words):
    says(call, words)
