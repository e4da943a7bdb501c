"""Convolutions of images, and their transposes."""

import numpy as np

from coursekit.functions import convolution as rules
from coursekit.inputs import is_whole, pair, positive
from coursekit.layers.affine import Affine


class Conv2D(Affine):
    """Y = g(X * W + b): the same kernel at every place of the image.

    X (n, h, w, c_in) -> Y (n, h', w', filters). Parameters W (kh, kw, c_in, filters) and b (filters,).

    kernel_size   one number or (kh, kw)
    stride        one number or (sy, sx)
    padding       "valid": none; "same": zeros, so that h' = ceil(h / stride); or a number of zeros on each side

    >>> layer = Conv2D(6, 5, activation="tanh")          # the first layer of LeNet-5
    >>> layer(np.zeros((1, 32, 32, 1))).shape, layer.count_params()
    ((1, 28, 28, 6), (156, 0))
    """

    rank = 4
    axes = "(n, height, width, channels)"

    def __init__(
        self,
        filters,
        kernel_size,
        stride=1,
        padding="valid",
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        kernel_constraint=None,
    ):
        self.filters = positive("filters", filters, type(self).__name__)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.window = pair("kernel_size", kernel_size, type(self).__name__)
        pair("stride", stride, type(self).__name__)
        if not (padding in ("valid", "same") if isinstance(padding, str) else is_whole(padding) and padding >= 0):
            raise ValueError(
                f"{type(self).__name__} expected padding 'valid', 'same' or a number of zeros, received {padding!r}"
            )
        self.remember(
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, kernel_constraint
        )

    def check_width(self, shape):
        if shape[-1] != self.input_shape[-1]:
            raise ValueError(f"{self.label} expected X with {self.input_shape[-1]} channels, received shape {shape}")

    def build(self, input_shape):
        self.add_kernel_and_bias((*self.window, input_shape[-1], self.filters), self.filters)

    def output_shape(self, input_shape):
        size = rules.conv2d_shape(input_shape[:2], self.window, self.stride, self.padding)
        return (*size, self.filters)

    def affine(self, X, training=False):
        self.X = X
        return self.rule(X, self.params["W"], self.bias(), self.stride, self.padding)

    def affine_backward(self, dz):
        dX, self.grads["W"], db = self.backward_rule(dz, self.X, self.params["W"], self.stride, self.padding)
        if self.use_bias:
            self.grads["b"] = db
        return dX

    def bias(self):
        """b, or zeros where there is none."""
        return self.params["b"] if self.use_bias else np.zeros(self.filters, self.dtype)

    rule = staticmethod(rules.conv2d_forward)
    backward_rule = staticmethod(rules.conv2d_backward)


class Conv2DTranspose(Conv2D):
    """The transpose of a convolution ("deconvolution"): every pixel stamps the kernel on a larger image.

    X (n, h, w, c_in) -> Y (n, h', w', filters), with h' = h * stride for padding "same".
    Parameters W (kh, kw, filters, c_in) and b (filters,).

    >>> Conv2DTranspose(3, 4, stride=2, padding="same")(np.zeros((1, 7, 7, 8))).shape
    (1, 14, 14, 3)
    """

    def build(self, input_shape):
        self.add_kernel_and_bias((*self.window, self.filters, input_shape[-1]), self.filters)

    def output_shape(self, input_shape):
        size = rules.conv2d_transpose_shape(input_shape[:2], self.window, self.stride, self.padding)
        return (*size, self.filters)

    rule = staticmethod(rules.conv2d_transpose_forward)
    backward_rule = staticmethod(rules.conv2d_transpose_backward)
