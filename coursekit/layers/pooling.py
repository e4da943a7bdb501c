"""Pooling: one number for each window of an image."""

from coursekit.functions import pooling as rules
from coursekit.inputs import pair
from coursekit.layers.layer import Layer


class MaxPooling2D(Layer):
    """The largest number of each window and channel: X (n, h, w, c) -> Y (n, h', w', c). No parameters.

    pool_size   one number or (kh, kw)
    stride      one number or (sy, sx); None: the windows lie side by side

    >>> import numpy as np
    >>> MaxPooling2D(2)(np.arange(16.0).reshape(1, 4, 4, 1)).ravel()
    array([ 5.,  7., 13., 15.])
    """

    rank = 4
    axes = "(n, height, width, channels)"

    def __init__(self, pool_size=2, stride=None):
        self.pool_size, self.stride = pool_size, stride
        self.window = pair("pool_size", pool_size, type(self).__name__)
        self.steps = self.window if stride is None else pair("stride", stride, type(self).__name__)

    def output_shape(self, input_shape):
        size, stride = self.window, self.steps
        if input_shape[0] < size[0] or input_shape[1] < size[1]:
            raise ValueError(f"{self.label}: a window of {size} does not fit in {input_shape[:2]}")
        height, width = ((input_shape[i] - size[i]) // stride[i] + 1 for i in (0, 1))
        return (height, width, input_shape[2])

    def forward(self, X, training=False):
        Y, self.cache = self.rule(X, self.pool_size, self.stride)
        return Y

    def backward(self, dY):
        return self.backward_rule(dY, self.cache)

    rule = staticmethod(rules.maxpool2d_forward)
    backward_rule = staticmethod(rules.maxpool2d_backward)


class AveragePooling2D(MaxPooling2D):
    """The mean of each window and channel.

    >>> import numpy as np
    >>> AveragePooling2D(2)(np.arange(16.0).reshape(1, 4, 4, 1)).ravel()
    array([ 2.5,  4.5, 10.5, 12.5])
    """

    rule = staticmethod(rules.averagepool2d_forward)
    backward_rule = staticmethod(rules.averagepool2d_backward)
