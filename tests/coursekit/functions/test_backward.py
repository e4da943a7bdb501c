"""One contract for each forward and backward pair of coursekit.functions: central differences find the gradient.

A row of the table gives the arrays, a forward pass on them and a backward pass that takes dY and gives one gradient for
each array. Y is projected on a random dY, so that the loss is one number.
"""

import numpy as np
import pytest

from coursekit.functions import (
    batchnorm,
    convolution,
    dropout,
    embedding,
    local_response,
    pooling,
    recurrent,
    regularization,
)
from coursekit.functions.gradients import numerical_gradient, relative_error

rng = np.random.default_rng(0)


def draw(*shape):
    return rng.normal(size=shape)


def apart(*shape):
    """Numbers further apart than any h: no maximum changes hands."""
    return rng.permutation(int(np.prod(shape))).reshape(shape) / 10


def with_cache(forward, backward, **options):
    """The pair for functions that give (Y, cache)."""
    def back(dY, *arrays):
        gradients = backward(dY, forward(*arrays, **options)[1])
        return gradients if isinstance(gradients, tuple) else (gradients,)
    return (lambda *arrays: forward(*arrays, **options)[0]), back


def convolving(kind, **options):
    forward, backward = getattr(convolution, kind + "_forward"), getattr(convolution, kind + "_backward")
    return (lambda X, K, b: forward(X, K, b, **options)), (lambda dY, X, K, b: backward(dY, X, K, **options))


def dropped(X):
    return dropout.dropout_forward(X, 0.4, np.random.default_rng(1))


def lstm(*arrays):
    h, c, cache = recurrent.lstm_step(*arrays)
    return np.concatenate([h, c], axis=1), cache


INDICES = np.array([[0, 2, 2], [1, 0, 2]])
TABLE = {
    "dropout": ((draw(3, 4),), lambda X: dropped(X)[0],
                lambda dY, X: (dropout.dropout_backward(dY, dropped(X)[1]),)),
    "batchnorm": ((draw(6, 3), draw(3), draw(3)),
                  *with_cache(batchnorm.batchnorm_forward, batchnorm.batchnorm_backward)),
    "conv2d": ((draw(2, 5, 6, 3), draw(3, 2, 3, 4), draw(4)), *convolving("conv2d")),
    "conv2d same": ((draw(2, 5, 6, 3), draw(3, 2, 3, 4), draw(4)), *convolving("conv2d", padding="same")),
    "conv2d stride": ((draw(2, 7, 6, 2), draw(3, 3, 2, 2), draw(2)),
                      *convolving("conv2d", stride=(2, 3), padding="same")),
    "conv2d padding": ((draw(2, 4, 4, 1), draw(3, 3, 1, 2), draw(2)), *convolving("conv2d", stride=2, padding=1)),
    "conv2d_transpose": ((draw(2, 3, 4, 2), draw(3, 2, 3, 2), draw(3)), *convolving("conv2d_transpose", stride=2)),
    "conv2d_transpose wide": ((draw(1, 3, 2, 2), draw(2, 2, 1, 2), draw(1)), *convolving("conv2d_transpose", stride=3)),
    "conv2d_transpose same": ((draw(2, 3, 4, 2), draw(3, 3, 3, 2), draw(3)),
                              *convolving("conv2d_transpose", stride=2, padding="same")),
    "maxpool2d": ((apart(2, 5, 4, 3),), *with_cache(pooling.maxpool2d_forward, pooling.maxpool2d_backward)),
    "maxpool2d overlap": ((apart(2, 5, 6, 2),),
                          *with_cache(pooling.maxpool2d_forward, pooling.maxpool2d_backward, size=3, stride=(2, 1))),
    "averagepool2d": ((draw(2, 5, 4, 3),),
                      *with_cache(pooling.averagepool2d_forward, pooling.averagepool2d_backward)),
    "averagepool2d overlap": ((draw(2, 5, 6, 2),), *with_cache(
        pooling.averagepool2d_forward, pooling.averagepool2d_backward, size=(3, 2), stride=1)),
    "rnn_step": ((draw(3, 2), draw(3, 4), draw(2, 4), draw(4, 4), draw(4)),
                 *with_cache(recurrent.rnn_step, recurrent.rnn_step_backward)),
    "lstm_step": ((draw(3, 2), draw(3, 4), draw(3, 4), draw(2, 16), draw(4, 16), draw(16)),
                  *with_cache(lstm, lambda dY, cache: recurrent.lstm_step_backward(dY[:, :4], dY[:, 4:], cache))),
    "gru_step": ((draw(3, 2), draw(3, 4), draw(2, 12), draw(4, 12), draw(2, 12)),
                 *with_cache(recurrent.gru_step, recurrent.gru_step_backward)),
    "embedding": ((draw(4, 3),), lambda E: embedding.embedding_forward(INDICES, E),
                  lambda dY, E: (embedding.embedding_backward(dY, INDICES, len(E)),)),
    "local_response": ((draw(2, 3, 7),), *with_cache(
        local_response.local_response_forward, local_response.local_response_backward, alpha=0.5)),
    "residual": ((draw(3, 2), draw(2, 4), draw(4), draw(4, 2), draw(2)), regularization.residual,
                 regularization.residual_backward),
    "l2_penalty": ((draw(3, 2),), lambda W: regularization.l2_penalty(W, 0.3)[0],
                   lambda dY, W: (dY * regularization.l2_penalty(W, 0.3)[1],)),
    "l1_penalty": ((draw(3, 2),), lambda W: regularization.l1_penalty(W, 0.3)[0],
                   lambda dY, W: (dY * regularization.l1_penalty(W, 0.3)[1],)),
    "elastic_net": ((draw(3, 2),), lambda W: regularization.elastic_net(W, 0.3, 0.2)[0],
                    lambda dY, W: (dY * regularization.elastic_net(W, 0.3, 0.2)[1],)),
}


@pytest.mark.parametrize("name", TABLE)
def test_gradients_are_what_central_differences_find(name):
    arrays, forward, backward = TABLE[name]
    before = [array.copy() for array in arrays]
    dY = np.random.default_rng(2).normal(size=np.shape(forward(*arrays)))
    gradients = backward(dY, *arrays)
    assert len(gradients) == len(arrays)
    for i, gradient in enumerate(gradients):
        def loss(value, i=i):
            return np.sum(dY * forward(*arrays[:i], value, *arrays[i + 1:]))
        assert gradient.shape == arrays[i].shape
        assert relative_error(gradient, numerical_gradient(loss, arrays[i])) < 1e-7, f"argument {i}"
    for array, old in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)  # nobody's input was changed


@pytest.mark.parametrize("name", [name for name in TABLE if "penalty" not in name and name != "elastic_net"])
def test_float32_stays_float32(name):
    arrays, forward, backward = TABLE[name]
    arrays = [array.astype(np.float32) for array in arrays]
    Y = forward(*arrays)
    assert Y.dtype == np.float32
    assert {gradient.dtype for gradient in backward(np.ones_like(Y), *arrays)} == {np.dtype(np.float32)}
