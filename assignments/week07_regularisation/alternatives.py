# Correct solutions in other styles. Each must get full marks.

# %% alternative="l2_penalty" style="loop"
import numpy as np

def l2_penalty(W, C):
    total, gradient = 0.0, np.zeros(W.shape)
    for i in np.ndindex(*W.shape):
        total += 0.5 * C * W[i] ** 2
        gradient[i] = C * W[i]
    return total, gradient

# %% alternative="l2_penalty" style="dot-product"
import numpy as np

def l2_penalty(W, C):
    w = W.ravel()
    return 0.5 * C * (w @ w), np.multiply(C, W)

# %% alternative="l2_penalty" style="norm"
import numpy as np

def l2_penalty(W, C):
    gradient = W.copy()
    gradient *= C
    return [C / 2 * np.linalg.norm(W) ** 2, gradient]

# %% alternative="penalise" style="two-comprehensions"
import numpy as np

def penalise(loss, grads, params, l1, l2):
    price = sum(l1 * np.abs(W).sum() + 0.5 * l2 * np.square(W).sum() for W, _ in params)
    return loss + price, [(dW + (l1 * np.sign(W) + l2 * W), db.copy())
                          for (dW, db), (W, _) in zip(grads, params, strict=True)]

# %% alternative="penalise" style="where-for-the-kink"
import numpy as np

def penalise(loss, grads, params, l1, l2):
    new = []
    for i in range(len(params)):
        W = params[i][0]
        slope = np.where(W > 0, l1, np.where(W < 0, -l1, 0.0)) + l2 * W
        loss += np.sum(l1 * np.abs(W) + l2 * W * W / 2)
        new.append([grads[i][0] + slope, grads[i][1]])
    return loss, new

# %% alternative="penalise" style="weight-by-weight"
import numpy as np

def penalise(loss, grads, params, l1, l2):
    result = []
    for (W, _), (dW, db) in zip(params, grads, strict=True):
        dW = dW.copy()
        for i, row in enumerate(W.tolist()):
            for j, w in enumerate(row):
                loss += l1 * abs(w) + 0.5 * l2 * w**2
                dW[i, j] += l2 * w + (l1 if w > 0 else -l1 if w < 0 else 0)
        result.append((dW, db))
    return loss, result

# %% alternative="max_norm" style="column-by-column"
import numpy as np

def max_norm(W, limit):
    W = W.copy()
    for j in range(W.shape[1]):
        length = np.linalg.norm(W[:, j])
        if length > limit:
            W[:, j] *= limit / length
    return W

# %% alternative="max_norm" style="einsum"
import numpy as np

def max_norm(W, limit):
    lengths = np.sqrt(np.einsum("ij,ij->j", W, W))
    return W / np.maximum(1, lengths / limit)

# %% alternative="max_norm" style="mask"
import numpy as np

def max_norm(W, limit):
    lengths = np.linalg.norm(W, axis=0)
    long = lengths > limit
    result = np.array(W)
    result[:, long] = W[:, long] / lengths[long] * limit
    return result

# %% alternative="dropout_forward" style="where"
import numpy as np

def dropout_forward(X, rate, rng, noise_shape=None):
    if rate < 0 or rate >= 1:
        raise ValueError("a rate is at least 0 and less than 1")
    shape = noise_shape or X.shape
    mask = np.where(rng.uniform(size=shape) < rate, 0.0, 1 / (1 - rate))
    return mask * X, mask

# %% alternative="dropout_forward" style="binomial"
import numpy as np

def dropout_forward(X, rate, rng, noise_shape=None):
    if not 0 <= rate < 1:
        raise ValueError(rate)
    mask = rng.binomial(1, 1 - rate, size=X.shape if noise_shape is None else noise_shape) / (1 - rate)
    return X * mask, mask

# %% alternative="dropout_forward" style="choice"
import numpy as np

def dropout_forward(X, rate, rng, noise_shape=None):
    if rate not in (0,) and not (0 < rate < 1):
        raise ValueError("impossible rate")
    shape = np.shape(X) if noise_shape is None else tuple(noise_shape)
    mask = rng.choice([0.0, 1 / (1 - rate)], p=[rate, 1 - rate], size=shape)
    Y = np.empty(X.shape)
    np.multiply(X, mask, out=Y)
    return Y, mask

# %% alternative="dropout_forward" style="one-number-at-a-time"
import math
import numpy as np

def dropout_forward(X, rate, rng, noise_shape=None):
    if not (rate >= 0 and rate < 1):
        raise ValueError("rate")
    shape = noise_shape if noise_shape is not None else X.shape
    numbers = [0.0 if rng.random() < rate else 1 / (1 - rate) for _ in range(math.prod(shape))]
    mask = np.array(numbers).reshape(shape)
    return X * mask, mask

# %% alternative="dropout_backward" style="where"
import numpy as np

def dropout_backward(dY, mask):
    return np.where(mask == 0, 0.0, dY * mask)

# %% alternative="dropout_backward" style="loop"
import numpy as np

def dropout_backward(dY, mask):
    factors = np.broadcast_to(mask, dY.shape)
    dX = np.zeros(dY.shape)
    for i in np.ndindex(*dY.shape):
        if factors[i]:
            dX[i] = dY[i] * factors[i]
    return dX

# %% alternative="dropout_backward" style="copy-then-multiply"
def dropout_backward(dY, mask):
    dX = dY.copy()
    dX *= mask
    return dX

# %% alternative="batchnorm_forward" style="from-sums"
import numpy as np

def batchnorm_forward(X, gamma, beta, eps=1e-3):
    n = len(X)
    mean = X.sum(axis=0) / n
    centred = X - mean
    var = (centred**2).sum(axis=0) / n
    X_hat = centred * (var + eps) ** -0.5
    Y = X_hat * gamma + beta
    return Y, (X_hat, gamma, mean, var, eps)

# %% alternative="batchnorm_forward" style="column-by-column"
import numpy as np

def batchnorm_forward(X, gamma, beta, eps=1e-3):
    n, d = X.shape
    mean, var, X_hat, Y = np.zeros(d), np.zeros(d), np.zeros((n, d)), np.zeros((n, d))
    for j in range(d):
        mean[j] = sum(X[:, j]) / n
        var[j] = sum((x - mean[j]) ** 2 for x in X[:, j]) / n
        for i in range(n):
            X_hat[i, j] = (X[i, j] - mean[j]) / (var[j] + eps) ** 0.5
            Y[i, j] = gamma[j] * X_hat[i, j] + beta[j]
    return Y, (X_hat, gamma, mean, var, eps)

# %% alternative="batchnorm_forward" style="einsum"
import numpy as np

def batchnorm_forward(X, gamma, beta, eps=1e-3):
    mean = np.einsum("nd->d", X) / X.shape[0]
    centred = np.subtract(X, mean)
    var = np.einsum("nd,nd->d", centred, centred) / X.shape[0]
    X_hat = np.divide(centred, np.sqrt(np.add(var, eps)))
    return np.add(np.multiply(X_hat, gamma), beta), [X_hat, gamma.copy(), mean, var, eps]

# %% alternative="batchnorm_backward" style="step-by-step-through-the-graph"
import numpy as np

def batchnorm_backward(dY, cache):
    X_hat, gamma, mean, var, eps = cache
    n = dY.shape[0]
    s = np.sqrt(var + eps)
    centred = X_hat * s
    dX_hat = dY * gamma
    dvar = (dX_hat * centred).sum(axis=0) * -0.5 / s**3
    dmean = -dX_hat.sum(axis=0) / s - 2 * dvar * centred.mean(axis=0)
    dX = dX_hat / s + dvar * 2 * centred / n + dmean / n
    return dX, (dY * X_hat).sum(axis=0), dY.sum(axis=0)

# %% alternative="batchnorm_backward" style="jacobian-of-each-column"
import numpy as np

def batchnorm_backward(dY, cache):
    X_hat, gamma, mean, var, eps = cache
    n, d = dY.shape
    dX = np.zeros((n, d))
    for j in range(d):
        x = X_hat[:, j]
        jacobian = (np.eye(n) - 1 / n - np.outer(x, x) / n) / np.sqrt(var[j] + eps)
        dX[:, j] = gamma[j] * jacobian @ dY[:, j]
    return dX, np.einsum("nd,nd->d", dY, X_hat), np.ones(n) @ dY

# %% alternative="batchnorm_backward" style="everything-times-n"
import numpy as np

def batchnorm_backward(dY, cache):
    X_hat, gamma, _, var, eps = cache
    n = X_hat.shape[0]
    dbeta = np.add.reduce(dY, axis=0)
    dgamma = np.add.reduce(X_hat * dY, axis=0)
    return (n * dY - dbeta - X_hat * dgamma) * gamma / (n * np.sqrt(var + eps)), dgamma, dbeta

# %% alternative="batchnorm_inference" style="one-affine-map"
import numpy as np

def batchnorm_inference(X, gamma, beta, mean, var, eps=1e-3):
    scale = gamma / np.sqrt(var + eps)
    return X * scale + (beta - mean * scale)

# %% alternative="batchnorm_inference" style="row-by-row"
import numpy as np

def batchnorm_inference(X, gamma, beta, mean, var, eps=1e-3):
    return np.array([[g * (x - m) / (v + eps) ** 0.5 + b
                      for x, g, b, m, v in zip(row, gamma, beta, mean, var, strict=True)] for row in X])

# %% alternative="batchnorm_inference" style="in-steps"
import numpy as np

def batchnorm_inference(X, gamma, beta, mean, var, eps=1e-3):
    Y = X - mean
    Y /= np.sqrt(var + eps)
    Y *= gamma
    Y += beta
    return Y

# %% alternative="residual" style="in-steps"
import numpy as np

def residual(X, W1, b1, W2, b2):
    a = np.dot(X, W1) + b1
    a[a < 0] = 0
    return np.dot(a, W2) + b2 + X

# %% alternative="residual" style="einsum"
import numpy as np

def residual(X, W1, b1, W2, b2):
    a = np.einsum("nd,dh->nh", X, W1) + b1
    return np.einsum("nh,hd->nd", a * (a > 0), W2) + b2 + X

# %% alternative="residual" style="row-by-row"
import numpy as np

def residual(X, W1, b1, W2, b2):
    Y = np.zeros(X.shape)
    for i, x in enumerate(X):
        h = np.array([max(0.0, W1[:, k] @ x + b1[k]) for k in range(len(b1))])
        Y[i] = [x[j] + W2[:, j] @ h + b2[j] for j in range(len(b2))]
    return Y

# %% alternative="early_stopping" style="counter"
def early_stopping(losses, patience, min_delta=0.0):
    best, waited, epoch = 0, 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best] - min_delta:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best, epoch

# %% alternative="early_stopping" style="while"
def early_stopping(losses, patience, min_delta=0.0):
    best = epoch = 0
    while epoch < len(losses) - 1 and epoch - best < patience:
        epoch += 1
        if losses[best] - losses[epoch] > min_delta:
            best = epoch
    return [best, epoch]

# %% alternative="early_stopping" style="recursion"
def early_stopping(losses, patience, min_delta=0.0):
    def onwards(best):
        for epoch in range(best + 1, min(best + patience, len(losses) - 1) + 1):
            if losses[epoch] < losses[best] - min_delta:
                return onwards(epoch)
        return best, min(best + patience, len(losses) - 1)
    return onwards(0)
