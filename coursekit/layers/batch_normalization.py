"""Batch normalisation (Ioffe & Szegedy 2015)."""

import numpy as np

from coursekit.inputs import between, number
from coursekit.layers.layer import Layer
from coursekit.sums import column_sums


class BatchNormalization(Layer):
    """Y = gamma * (X - mean) / sqrt(var + eps) + beta, feature by feature (the last axis).

    While training, mean and var are the batch's own, over all axes but the last, and the running statistics move:
    running = momentum * running + (1 - momentum) * batch. Otherwise, and in a frozen layer, the running statistics are
    used as they are.

    gamma and beta are parameters; the running mean and var are not trained: 4 * d numbers, half of them trainable.

    >>> layer = BatchNormalization()
    >>> layer(np.array([[1.0], [3.0]]), training=True).round(3).ravel()
    array([-1.,  1.])
    >>> layer.state["mean"], layer.count_params()
    (array([0.02]), (2, 2))
    """

    def __init__(self, momentum=0.99, eps=1e-3):
        if not 0 <= number("momentum", momentum, "BatchNormalization") <= 1:
            raise ValueError(f"BatchNormalization expected a momentum from 0 to 1, received {momentum}")
        self.momentum, self.eps = momentum, between("eps", eps, "BatchNormalization", 0)

    def build(self, input_shape):
        self.add("gamma", input_shape[-1:], "ones")
        self.add("beta", input_shape[-1:], "zeros")
        self.state["mean"] = np.zeros(input_shape[-1:], self.dtype)
        self.state["var"] = np.ones(input_shape[-1:], self.dtype)

    # batchnorm_forward and batchnorm_backward in fewer passes over the batch. With s = sqrt(var + eps), X_hat = Xc / s
    # is never written out: gamma / s is one factor a feature, and every sum over the batch is a product with ones.

    def forward(self, X, training=False):
        shape, X = X.shape, X.reshape(-1, X.shape[-1])
        gamma, beta, mean, var = self.params["gamma"], self.params["beta"], self.state["mean"], self.state["var"]
        self.training = training and self.trainable
        if self.training:
            n = len(X)
            batch_mean = column_sums(X) / n
            Xc = X - batch_mean
            batch_var = column_sums(Xc * Xc) / n
            mean += (1 - self.momentum) * (batch_mean - mean)
            var += (1 - self.momentum) * (batch_var - var)
            self.s = np.sqrt(batch_var + self.eps)
        else:
            Xc = X - mean
            self.s = np.sqrt(var + self.eps)
        self.Xc = Xc
        Y = Xc * (gamma / self.s)
        Y += beta
        return Y.reshape(shape)

    def backward(self, dY):
        shape, dY = dY.shape, dY.reshape(-1, dY.shape[-1])
        n, s, Xc, gamma = len(dY), self.s, self.Xc, self.params["gamma"]
        dbeta = column_sums(dY, out=self.grads["beta"])
        dgamma = self.grads["gamma"] = column_sums(dY * Xc) / s
        dX = dY * (gamma / s)
        if self.training:
            # dX = gamma / s * (dY - mean(dY) - X_hat * mean(dY * X_hat))
            dX -= Xc * (gamma / s**2 * dgamma / n)
            dX -= gamma / s * dbeta / n
        return dX.reshape(shape)
