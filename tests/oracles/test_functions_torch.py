"""The plain functions against PyTorch: values, and gradients by its autograd, in float64."""

import numpy as np
import pytest

from coursekit.functions import (
    activation_derivatives,
    activations,
    batchnorm,
    convolution,
    embedding,
    local_response,
    pooling,
    recurrent,
    variance,
)

torch = pytest.importorskip("torch")
F = torch.nn.functional
pytestmark = pytest.mark.oracles


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=array.dtype.kind == "f") for array in arrays]


def images(X):
    """(n, h, w, c) -> torch's (n, c, h, w)."""
    return X.permute(0, 3, 1, 2)


def agree(ours, theirs, **tolerance):
    np.testing.assert_allclose(ours, theirs.detach().numpy(), **({"rtol": 1e-9, "atol": 1e-12} | tolerance))


ACTIVATIONS = {
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu,
    "selu": F.selu, "swish": F.silu, "softplus": F.softplus, "gelu": F.gelu,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_derivatives(name):
    z = np.concatenate([np.linspace(-19, 19, 77), [-1000.0, 1000.0, 0.1, -0.1]])  # theirs: softplus(z > 20) = z
    (t,) = tensors(z)
    a = ACTIVATIONS[name](t)
    a.sum().backward()
    agree(getattr(activations, name)(z), a, atol=1e-9)
    kink = z == 0 if name in ("relu", "leaky_relu") else np.zeros(len(z), bool)
    slopes = getattr(activation_derivatives, name + "_derivative")(z)
    agree(slopes[~kink], t.grad[torch.tensor(~kink)], atol=1e-9)
    agree(slopes[kink], t.grad[torch.tensor(kink)])  # at 0 itself they choose as we do


def test_gelu_by_tanh_and_softmax():
    z = draw(4, 7) * 5
    (t,) = tensors(z)
    agree(activations.gelu(z, approximate=True), F.gelu(t, approximate="tanh"))
    agree(activations.softmax(z), F.softmax(t, dim=-1))
    agree(activations.log_softmax(z, axis=0), F.log_softmax(t, dim=0))
    jacobian = torch.autograd.functional.jacobian(lambda v: v.softmax(-1), tensors(z[0])[0])
    agree(activation_derivatives.softmax_jacobian(z[0]), jacobian)


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "relu", "selu"])
def test_gains(name):
    assert variance.gain(name) == pytest.approx(torch.nn.init.calculate_gain(name))
    assert variance.gain("leaky_relu", 0.3) == pytest.approx(torch.nn.init.calculate_gain("leaky_relu", 0.3))


def test_batch_normalisation():
    X, gamma, beta, dY = draw(8, 5), draw(5, seed=1), draw(5, seed=2), draw(8, 5, seed=3)
    x, g, b = tensors(X, gamma, beta)
    y = F.batch_norm(x, None, None, g, b, training=True, eps=1e-3)
    y.backward(torch.tensor(dY))
    Y, cache = batchnorm.batchnorm_forward(X, gamma, beta, 1e-3)
    agree(Y, y)
    for ours, theirs in zip(batchnorm.batchnorm_backward(dY, cache), (x.grad, g.grad, b.grad), strict=True):
        agree(ours, theirs)


@pytest.mark.parametrize("stride, padding", [(1, 0), (2, 1), ((1, 2), 2)])
def test_convolution(stride, padding):
    X, K, b = draw(2, 7, 6, 3), draw(3, 2, 3, 4, seed=1), draw(4, seed=2)
    x, k, c = tensors(X, K, b)
    y = F.conv2d(images(x), k.permute(3, 2, 0, 1), c, stride, padding).permute(0, 2, 3, 1)
    dY = draw(*y.shape, seed=3)
    y.backward(torch.tensor(dY))
    agree(convolution.conv2d_forward(X, K, b, stride, padding), y)
    for ours, theirs in zip(convolution.conv2d_backward(dY, X, K, stride, padding), (x, k, c), strict=True):
        agree(ours, theirs.grad)


@pytest.mark.parametrize("stride, padding", [(1, 0), (2, 1), ((3, 2), 0)])
def test_transposed_convolution(stride, padding):
    X, K, b = draw(2, 4, 5, 3), draw(3, 3, 4, 3, seed=1), draw(4, seed=2)
    x, k, c = tensors(X, K, b)
    y = F.conv_transpose2d(images(x), k.permute(3, 2, 0, 1), c, stride, padding).permute(0, 2, 3, 1)
    dY = draw(*y.shape, seed=3)
    y.backward(torch.tensor(dY))
    agree(convolution.conv2d_transpose_forward(X, K, b, stride, padding), y)
    for ours, theirs in zip(convolution.conv2d_transpose_backward(dY, X, K, stride, padding), (x, k, c), strict=True):
        agree(ours, theirs.grad)


@pytest.mark.parametrize("name, theirs", [("maxpool2d", F.max_pool2d), ("averagepool2d", F.avg_pool2d)])
@pytest.mark.parametrize("size, stride", [(2, None), (3, 2)])
def test_pooling(name, theirs, size, stride):
    X = draw(2, 7, 6, 3)
    (x,) = tensors(X)
    y = theirs(images(x), size, stride).permute(0, 2, 3, 1)
    dY = draw(*y.shape, seed=3)
    y.backward(torch.tensor(dY))
    Y, cache = getattr(pooling, name + "_forward")(X, size, stride)
    agree(Y, y)
    agree(getattr(pooling, name + "_backward")(dY, cache), x.grad)


def test_local_response_normalisation():
    X = draw(2, 3, 4, 7)
    (x,) = tensors(X)
    y = F.local_response_norm(images(x), 5, alpha=0.3, beta=0.75, k=2.0).permute(0, 2, 3, 1)
    dY = draw(*X.shape, seed=3)
    y.backward(torch.tensor(dY))
    Y, cache = local_response.local_response_forward(X, 5, 0.3, 0.75, 2.0)
    agree(Y, y)
    agree(local_response.local_response_backward(dY, cache), x.grad)


def test_embedding():
    indices, E, dY = np.array([[1, 1], [0, 3]]), draw(4, 3), draw(2, 2, 3, seed=1)
    (e,) = tensors(E)
    y = F.embedding(torch.tensor(indices), e)
    y.backward(torch.tensor(dY))
    agree(embedding.embedding_forward(indices, E), y)
    agree(embedding.embedding_backward(dY, indices, 4), e.grad)


def test_rnn_step():
    x, h, W, U, b = tensors(draw(3, 2), draw(3, 4, seed=1), draw(2, 4, seed=2), draw(4, 4, seed=3), draw(4, seed=4))
    new = torch.rnn_tanh_cell(x, h, W.T, U.T, b, torch.zeros(4, dtype=torch.float64))
    dh = draw(3, 4, seed=5)
    new.backward(torch.tensor(dh))
    ours, cache = recurrent.rnn_step(*(t.detach().numpy() for t in (x, h, W, U, b)))
    agree(ours, new)
    for gradient, t in zip(recurrent.rnn_step_backward(dh, cache), (x, h, W, U, b), strict=True):
        agree(gradient, t.grad)


def test_lstm_step_has_their_order_of_gates():
    x, h, c, W, U, b = tensors(draw(3, 2), draw(3, 4, seed=1), draw(3, 4, seed=2), draw(2, 16, seed=3),
                               draw(4, 16, seed=4), draw(16, seed=5))
    new_h, new_c = torch.lstm_cell(x, (h, c), W.T, U.T, b, torch.zeros(16, dtype=torch.float64))
    dh, dc = draw(3, 4, seed=6), draw(3, 4, seed=7)
    torch.autograd.backward([new_h, new_c], [torch.tensor(dh), torch.tensor(dc)])
    our_h, our_c, cache = recurrent.lstm_step(*(t.detach().numpy() for t in (x, h, c, W, U, b)))
    agree(our_h, new_h)
    agree(our_c, new_c)
    for gradient, t in zip(recurrent.lstm_step_backward(dh, dc, cache), (x, h, c, W, U, b), strict=True):
        agree(gradient, t.grad)


def test_gru_step_with_their_first_two_gates_swapped():
    def swapped(array):  # ours: update, reset, candidate; theirs: reset, update, candidate
        return np.concatenate([array[..., 4:8], array[..., :4], array[..., 8:]], axis=-1)

    X, H, W, U, b = draw(3, 2), draw(3, 4, seed=1), draw(2, 12, seed=2), draw(4, 12, seed=3), draw(2, 12, seed=4)
    x, h, w, u, c = tensors(X, H, swapped(W), swapped(U), swapped(b))
    new = torch.gru_cell(x, h, w.T, u.T, c[0], c[1])
    dh = draw(3, 4, seed=5)
    new.backward(torch.tensor(dh))
    ours, cache = recurrent.gru_step(X, H, W, U, b)
    agree(ours, new)
    dx, dH, dW, dU, db = recurrent.gru_step_backward(dh, cache)
    for gradient, t in zip((dx, dH, swapped(dW), swapped(dU), swapped(db)), (x, h, w, u, c), strict=True):
        agree(gradient, t.grad)
