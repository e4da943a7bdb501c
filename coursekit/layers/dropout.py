"""Dropout: training with a random part of the network switched off."""

import numpy as np

from coursekit.functions.dropout import dropout_backward
from coursekit.inputs import between, seeded
from coursekit.layers.layer import Layer


class Dropout(Layer):
    """Y = X * mask while training, Y = X otherwise; mask is 0 with probability `rate`, else 1 / (1 - rate).

    rate          the share to *drop*, from 0 to below 1 (read to the next 1/65536)
    noise_shape   the mask's shape where it is not X's: an axis of length 1 is dropped together, None is X's own length;
                  (None, 1, None) drops whole features of sequences (n, t, d)
    seed          a number, or a Generator; None: the model's seed decides

    >>> Dropout(0.5, seed=0)(np.ones((1, 8)), training=True)
    array([[2., 2., 2., 2., 2., 2., 2., 0.]])
    """

    def __init__(self, rate, noise_shape=None, seed=None):
        between("rate, the share to drop,", rate, "Dropout", 0, 1)
        if not (noise_shape is None or isinstance(noise_shape, (list, tuple))):
            raise ValueError(f"Dropout expected noise_shape as a tuple, (None, 1, None), received {noise_shape!r}")
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed
        self.own_rng = None if seed is None else seeded(seed, "Dropout")

    def forward(self, X, training=False):
        self.mask = self.draw_mask(X.shape) if training and self.rate else None
        return X if self.mask is None else X * self.mask

    def backward(self, dY):
        return dY if self.mask is None else dropout_backward(dY, self.mask)

    def draw_mask(self, shape):
        """The mask of dropout_forward from 16 random bits a number instead of 53: a third of the time.

        Scaled by the probability that was really used, so that E[Y] = X holds exactly.
        """
        if self.noise_shape is not None:
            if len(self.noise_shape) != len(shape):
                raise ValueError(f"Dropout: noise_shape {self.noise_shape} does not fit inputs of shape {shape}")
            shape = tuple(s if m is None else m for s, m in zip(shape, self.noise_shape, strict=True))
        count = int(np.prod(shape))
        rng = self.rng if self.own_rng is None else self.own_rng
        words = rng.integers(0, 2**64 - 1, -(-count // 4), dtype=np.uint64, endpoint=True)
        bits = words.view(np.uint16)[:count].reshape(shape)
        drop = min(round(self.rate * 65536), 65535)
        mask = (bits >= np.uint16(drop)).astype(self.dtype)
        mask *= 65536 / (65536 - drop)
        return mask
