"""Convolution and pooling against SciPy and against loops that follow the definition; shapes; errors."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from coursekit.functions import convolution, pooling


@pytest.fixture
def images():
    return np.random.default_rng(0).normal(size=(2, 7, 8, 3))


@pytest.fixture
def kernel():
    return np.random.default_rng(1).normal(size=(3, 2, 3, 4))


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_convolution_is_scipys_cross_correlation_summed_over_channels(images, kernel, padding):
    b = np.arange(4.0)
    Y = convolution.conv2d_forward(images, kernel, b, padding=padding)
    if padding == "same":  # 3 rows: one zero above and below; 2 columns: the odd zero at the right
        images = np.pad(images, ((0, 0), (1, 1), (0, 1), (0, 0)))
    for n in range(2):
        for k in range(4):
            expected = sum(correlate2d(images[n, :, :, c], kernel[:, :, c, k], mode="valid") for c in range(3)) + b[k]
            np.testing.assert_allclose(Y[n, :, :, k], expected)


def test_a_stride_takes_every_second_row_and_third_column(images, kernel):
    dense = convolution.conv2d_forward(images, kernel, np.zeros(4), padding=1)
    sparse = convolution.conv2d_forward(images, kernel, np.zeros(4), stride=(2, 3), padding=1)
    np.testing.assert_allclose(sparse, dense[:, ::2, ::3])


@pytest.mark.parametrize("size", [(5, 5), (6, 9), (7, 8)])
@pytest.mark.parametrize("stride", [1, 2, 3, (1, 2)])
@pytest.mark.parametrize("padding", ["valid", "same", 2])
def test_shapes_are_foretold(size, stride, padding):
    X, K = np.zeros((1, *size, 1)), np.zeros((3, 4, 1, 1))
    Y = convolution.conv2d_forward(X, K, np.zeros(1), stride, padding)
    assert Y.shape[1:3] == convolution.conv2d_shape(size, (3, 4), stride, padding)
    Y = convolution.conv2d_transpose_forward(X, K, np.zeros(1), stride, padding)
    assert Y.shape[1:3] == convolution.conv2d_transpose_shape(size, (3, 4), stride, padding)


@pytest.mark.parametrize("stride, padding", [(1, "valid"), (2, "same"), ((1, 2), "valid"), (2, 1)])
def test_the_transposed_convolution_is_the_transpose(kernel, stride, padding):
    # <conv(X), Z> = <X, conv^T(Z)> for all X and Z: that is what transpose means.
    rng = np.random.default_rng(2)
    Z = rng.normal(size=(1, 4, 5, 4))
    back = convolution.conv2d_transpose_forward(Z, kernel, np.zeros(3), stride, padding)
    X = rng.normal(size=back.shape)
    there = convolution.conv2d_forward(X, kernel, np.zeros(4), stride, padding)
    assert np.sum(there * Z) == pytest.approx(np.sum(X * back))


@pytest.mark.parametrize("stride", [1, 2])
def test_a_kernel_of_one_pixel_needs_no_padding(images, stride):
    K = np.random.default_rng(1).normal(size=(1, 1, 3, 4))
    Y = convolution.conv2d_forward(images, K, np.zeros(4), stride, "same")
    np.testing.assert_allclose(Y, images[:, ::stride, ::stride] @ K[0, 0])


def test_misfits_are_named():
    X = np.zeros((1, 4, 4, 1))
    with pytest.raises(ValueError, match="padding is 'full', expected 'valid', 'same' or a number"):
        convolution.conv2d_forward(X, np.zeros((3, 3, 1, 1)), np.zeros(1), padding="full")
    with pytest.raises(ValueError, match=r"kernel of size \(5, 3\) does not fit in images of size \(4, 4\)"):
        convolution.conv2d_forward(X, np.zeros((5, 3, 1, 1)), np.zeros(1))
    with pytest.raises(ValueError, match=r"window of size \(5, 5\) does not fit in images of size \(4, 4\)"):
        pooling.maxpool2d_forward(X, 5)
    for size in ((5, 1), (1, 5)):
        with pytest.raises(ValueError, match="does not fit in images"):
            pooling.averagepool2d_forward(X, size)


@pytest.mark.parametrize("forward, reduce", [(pooling.maxpool2d_forward, np.max),
                                             (pooling.averagepool2d_forward, np.mean)])
@pytest.mark.parametrize("size, stride", [(2, None), (3, 2), ((2, 3), (3, 1))])
def test_pooling_by_its_definition(images, forward, reduce, size, stride):
    kh, kw = size if isinstance(size, tuple) else (size, size)
    sy, sx = (kh, kw) if stride is None else stride if isinstance(stride, tuple) else (stride, stride)
    Y, _ = forward(images, size, stride)
    assert Y.shape == (2, (7 - kh) // sy + 1, (8 - kw) // sx + 1, 3)
    for n, y, x, c in np.ndindex(Y.shape):
        assert Y[n, y, x, c] == pytest.approx(reduce(images[n, y * sy:y * sy + kh, x * sx:x * sx + kw, c]))


def test_max_pooling_sends_a_tie_to_the_first():
    Y, cache = pooling.maxpool2d_forward(np.ones((1, 2, 2, 1)))
    np.testing.assert_array_equal(pooling.maxpool2d_backward(Y, cache)[0, :, :, 0], [[1, 0], [0, 0]])
