"""Layers, gradients, losses, optimisers and schedules against PyTorch's automatic differentiation, in float64."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from coursekit import layers, losses, optimizers, schedules  # noqa: E402  only where PyTorch is
from coursekit.datasets import digits  # noqa: E402
from coursekit.models import Sequential  # noqa: E402

pytestmark = pytest.mark.oracles


def tensor(array, grad=False):
    return torch.tensor(np.asarray(array), requires_grad=grad)


def mlp():
    model = Sequential(
        [layers.Dense(6, "tanh"), layers.BatchNormalization(), layers.Activation("relu"), layers.Dense(3, "softmax")],
        seed=0,
        dtype="float64",
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def test_all_gradients_of_a_network():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(8, 4)), rng.integers(0, 3, 8)
    model = mlp().build((4,))
    P = {(i, name): tensor(value, True) for i, layer in enumerate(model.layers) for name, value in layer.params.items()}
    a = torch.tanh(tensor(X) @ P[0, "W"] + P[0, "b"])
    a = torch.nn.functional.batch_norm(a, None, None, P[1, "gamma"], P[1, "beta"], training=True, eps=1e-3)
    loss = torch.nn.functional.cross_entropy(torch.relu(a) @ P[3, "W"] + P[3, "b"], tensor(y))
    loss.backward()
    ours = forward_and_back(model, X, y)
    assert ours == pytest.approx(float(loss.detach()), rel=1e-12)
    for (i, name), value in P.items():
        np.testing.assert_allclose(model.layers[i].grads[name], value.grad.numpy(), atol=1e-12)


def forward_and_back(model, X, y):
    """The loss, with the gradients left in the layers: an optimiser spoils them."""
    for forward in model.plan.forwards:
        X = forward(X, True)
    loss, gradient = model.plan.loss.value_and_gradient(X, y)
    for backward in model.plan.backwards:
        gradient = backward(gradient)
    return loss


def test_twenty_layers_have_the_same_first_gradient():
    X, y = digits()
    X, y = X[:64] / 16, y[:64]
    deep = [layer for _ in range(20) for layer in (layers.Dense(32), layers.BatchNormalization(),
                                                   layers.Activation("relu"))]  # fmt: skip
    model = Sequential([*deep, layers.Dense(10, "softmax")], seed=0, dtype="float64").build((64,))
    model.compile("sgd", "sparse_categorical_crossentropy")
    a, kept = tensor(X), []
    for layer in model.layers:
        params = [tensor(value, True) for value in layer.params.values()]
        kept.append(params)
        if isinstance(layer, layers.Dense):
            a = a @ params[0] + params[1]
        elif params:
            a = torch.nn.functional.batch_norm(a, None, None, *params, training=True, eps=1e-3)
        else:
            a = torch.relu(a)
    loss = torch.nn.functional.cross_entropy(a, tensor(y))
    loss.backward()
    assert forward_and_back(model, X, y) == pytest.approx(float(loss.detach()), rel=1e-12)
    W = model.layers[0].grads["W"]
    np.testing.assert_allclose(W, kept[0][0].grad.numpy(), atol=1e-10 * np.abs(W).max())


def test_lstm_and_gru_through_time():
    rng = np.random.default_rng(0)
    X, target = rng.normal(size=(4, 6, 3)), rng.normal(size=(4, 6, 5))
    layer = layers.LSTM(5, return_sequences=True).setup((6, 3), rng)
    theirs = torch.nn.LSTM(3, 5, batch_first=True, dtype=torch.float64)
    with torch.no_grad():  # their gates are i f g o as well, with a bias for x and one for h
        theirs.weight_ih_l0.copy_(tensor(layer.params["W"].T))
        theirs.weight_hh_l0.copy_(tensor(layer.params["U"].T))
        theirs.bias_ih_l0.copy_(tensor(layer.params["b"]))
        theirs.bias_hh_l0.zero_()
    x = tensor(X, True)
    Y, _ = theirs(x)
    (Y * tensor(target)).sum().backward()
    np.testing.assert_allclose(layer.forward(X), Y.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(layer.backward(target), x.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(layer.grads["W"], theirs.weight_ih_l0.grad.numpy().T, atol=1e-11)
    np.testing.assert_allclose(layer.grads["U"], theirs.weight_hh_l0.grad.numpy().T, atol=1e-11)


# eps sits elsewhere in PyTorch's Adam, AdaGrad and RMSprop: made so small that it makes no difference.
OPTIMIZERS = {
    "sgd": (optimizers.SGD(0.05), lambda p: torch.optim.SGD(p, 0.05)),
    "momentum": (optimizers.Momentum(0.05, 0.8), lambda p: torch.optim.SGD(p, 0.05, momentum=0.8)),
    "nesterov": (optimizers.Nesterov(0.05, 0.8), lambda p: torch.optim.SGD(p, 0.05, momentum=0.8, nesterov=True)),
    "adagrad": (optimizers.AdaGrad(0.05, eps=0), lambda p: torch.optim.Adagrad(p, 0.05, eps=0)),
    "rmsprop": (optimizers.RMSprop(0.05, 0.8, eps=0), lambda p: torch.optim.RMSprop(p, 0.05, 0.8, eps=0)),
    "adadelta": (optimizers.AdaDelta(0.5, 0.9), lambda p: torch.optim.Adadelta(p, 0.5, 0.9, eps=1e-6)),
    "adam": (optimizers.Adam(0.05, eps=1e-30), lambda p: torch.optim.Adam(p, 0.05, eps=1e-30)),
    "adamw": (optimizers.AdamW(0.05, eps=1e-30, weight_decay=0.1),
              lambda p: torch.optim.AdamW(p, 0.05, eps=1e-30, weight_decay=0.1)),
}  # fmt: skip


@pytest.mark.parametrize("ours, make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_optimizers_take_the_same_path(ours, make):
    P, A = np.array([1.0, -2.0, 0.5]), np.diag([1.0, 4.0, 9.0])
    W = tensor(P.copy(), True)
    theirs = make([W])
    ours.build(P)
    for _ in range(50):
        ours.step(P, A @ P)
        W.grad = tensor(A) @ W.detach()
        theirs.step()
        np.testing.assert_allclose(P, W.detach().numpy(), rtol=1e-9, atol=1e-12)


F = torch.nn.functional
CLASSES = np.array([0, 2, 1, 2])
TARGETS = np.array([[1, 0, 0], [0, 0, 1], [0.2, 0.5, 0.3], [0, 0.5, 0.5]])
LOSSES = {
    "squared error": (losses.SquaredError(), TARGETS, lambda z, y: F.mse_loss(z, y) * 3 / 2),
    "absolute error": (losses.AbsoluteError(), TARGETS, lambda z, y: F.l1_loss(z, y) * 3),
    "binary": (losses.BinaryCrossEntropy(True), TARGETS, lambda z, y: F.binary_cross_entropy_with_logits(z, y) * 3),
    "categorical": (losses.CategoricalCrossEntropy(True), TARGETS, F.cross_entropy),
    "sparse": (losses.SparseCategoricalCrossEntropy(True), CLASSES, F.cross_entropy),
    "multiclass hinge": (losses.MulticlassHinge(), CLASSES, lambda z, y: F.multi_margin_loss(z, y) * 3),
}


@pytest.mark.parametrize("ours, y, theirs", LOSSES.values(), ids=LOSSES.keys())
def test_losses_and_their_gradients(ours, y, theirs):
    z = np.random.default_rng(0).normal(size=(4, 3)) * 3
    logits = tensor(z, True)
    value = theirs(logits, tensor(y))
    value.backward()
    assert ours(z, y) == pytest.approx(float(value.detach()), rel=1e-12)
    np.testing.assert_allclose(ours.gradient(z, y), logits.grad.numpy(), atol=1e-14)


SCHEDULES = {
    "step": (schedules.StepDecay(0.5, 0.3, 7), lambda o, s: s.StepLR(o, 7, 0.3), 0.5),
    "exponential": (schedules.ExponentialDecay(0.5, 0.9, 1), lambda o, s: s.ExponentialLR(o, 0.9), 0.5),
    "cosine": (schedules.Cosine(0.5, 40, 0.1), lambda o, s: s.CosineAnnealingLR(o, 40, 0.1), 0.5),
    "triangular": (schedules.Triangular(0.1, 0.5, 6),
                   lambda o, s: s.CyclicLR(o, 0.1, 0.5, 6, cycle_momentum=False), 0.1),
    "one cycle": (schedules.OneCycle(40, 0.5), lambda o, s: s.OneCycleLR(o, 0.5, 40, cycle_momentum=False), 0.02),
}  # fmt: skip


@pytest.mark.parametrize("ours, make, lr", SCHEDULES.values(), ids=SCHEDULES.keys())
def test_schedules(ours, make, lr):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    theirs, rates = make(optimizer, torch.optim.lr_scheduler), []
    for step in range(40):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < 39:
            theirs.step()
    np.testing.assert_allclose([ours(step) for step in range(40)], rates, rtol=1e-9)


def test_a_training_of_digits_follows_the_same_curve_to_twelve_digits():
    X, y = digits()
    X = X / 16
    model = Sequential([layers.Dense(64, "relu"), layers.Dense(10, "softmax")], seed=0, dtype="float64").build((64,))
    model.compile(optimizers.Adam(), "sparse_categorical_crossentropy")
    W1, b1, W2, b2 = (tensor(value.copy(), True) for layer in model.layers for value in layer.params.values())
    params, t, curve = [W1, b1, W2, b2], 0, []
    m, v = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params]
    rng = np.random.default_rng(1)
    for _ in range(5):
        order, total = rng.permutation(len(X)), 0.0
        for start in range(0, len(X), 32):
            idx = order[start : start + 32]
            loss = F.cross_entropy(torch.relu(tensor(X[idx]) @ W1 + b1) @ W2 + b2, tensor(y[idx]))
            grads = torch.autograd.grad(loss, params)
            t += 1
            with torch.no_grad():  # Adam in Keras's form: torch.optim.Adam has eps elsewhere
                for p, g, m_, v_ in zip(params, grads, m, v, strict=True):
                    m_.mul_(0.9).add_(0.1 * g)
                    v_.mul_(0.999).add_(0.001 * g * g)
                    p -= 0.001 * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t) * m_ / (v_.sqrt() + 1e-7)
            total += float(loss.detach()) * len(idx)
        curve.append(total / len(X))
    history = model.fit(X, y, epochs=5, rng=np.random.default_rng(1))
    np.testing.assert_allclose(history["loss"], curve, rtol=1e-12)
