# %% [markdown]
# # Week 6 · Optimisers and learning rates
#
# Backpropagation says which way is down. It does not say how far to go, on how much evidence, or whether to
# remember the steps before. Those three answers decide whether a network learns in a minute or never.
#
# **After this lecture you can**
#
# - predict above which learning rate gradient descent diverges, and measure that you were right;
# - say what a minibatch costs, and what its noise is good for;
# - write SGD, momentum, Nesterov, AdaGrad, RMSprop, AdaDelta and Adam, and tell their paths apart;
# - choose a rate and a schedule by a test, and read learning curves without fooling yourself.
#
# You need weeks 1 to 5. As always: **predict**, then run.

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Dropdown, FloatLogSlider, IntSlider, interact

from coursekit import optimizers, plotting, schedules
from coursekit.callbacks import EarlyStopping, LambdaCallback
from coursekit.datasets import digits
from coursekit.desk import Number, WrongAnswer, ask
from coursekit.functions.backprop import mlp_gradients
from coursekit.functions.gradients import numerical_gradient
from coursekit.functions.initializers import he_normal
from coursekit.layers import Dense
from coursekit.models import Sequential

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## From earlier weeks
#
# Two questions on weeks 4 and 5, which today builds on. Answer without looking them up.
#
# **Self-check.** A batch has 50 rows, and every entry of `dY` is 0.1. What is each entry of `db`?

# %%
bias_gradient = ...

# %% tags=["hide-input"]
ask("bias_gradient", Number("50 * 0.1", wrong=(
    WrongAnswer("0.1", "The bias is used in every row. What do gradients do where a value forks?"),
    WrongAnswer("0.1 / 50", "The mean over the batch sits in dY already."),
)))

# %% [markdown]
# **Self-check.** A covariance has the eigenvalues 9 and 0.25. The data are whitened without epsilon. What is the
# ratio of their largest to their smallest variance now?

# %%
ratio = ...

# %% tags=["hide-input"]
ask("ratio", Number("1", wrong=(
    WrongAnswer("9 / 0.25", "So it was before. By what was each direction divided?"),
    WrongAnswer("3 / 0.5", "That is the ratio of the deviations before."),
)))

# %% [markdown]
# ## 1 · How far is too far?
#
# The smallest landscape is one weight in a valley, $\ell = \frac12 \lambda w^2$. The number $\lambda$ is its
# **curvature**, the second derivative. The gradient is $\lambda w$. One step of **gradient descent** goes against
# it, as far as the **learning rate** $\eta$ says (`lr` in code):
#
# $$w \leftarrow w - \eta\,\lambda w = (1 - \eta\lambda)\,w .$$
#
# So each step multiplies $w$ by the same factor. Take $\lambda = 4$ and begin at 1. Where will five rates be after
# 20 steps?

# %%
curvature = 4
for lr in (0.01, 0.25, 0.49, 0.5, 0.51):
    w = 1.0
    for _ in range(20):
        w = w - lr * curvature * w
    print(f"lr {lr}: factor {1 - lr * curvature:5.2f}, w = {w:.4f}")

# %% [markdown]
# At 0.01 it **crawls**: 0.4420 is left. At 0.25 the factor is 0, one step and done. At 0.49 it overshoots each
# time and still shrinks, to 0.4420 again. At 0.5 it jumps from 1 to -1 for ever, and at 0.51 it **diverges**:
# 2.1911. The factor must lie between -1 and 1, so the limit is
#
# $$\eta < \frac{2}{\lambda}.$$
#
# **Self-check.** $\ell = 10\,w^2$. Above which rate does descent diverge?

# %%
limit = ...

# %% tags=["hide-input"]
ask("limit", Number("2 / 20", wrong=(
    WrongAnswer("2 / 10", "What is the second derivative of 10 w^2?"),
    WrongAnswer("1 / 20", "That rate is the best one. How far beyond it may you go?"),
)))

# %% [markdown]
# ## 2 · Many weights, one rate
#
# Two weights, curvatures 1 and 100: a **ravine**. Each direction has its own factor, and one rate has to serve
# both. From now on a rule is a function from weights to new weights. It may keep things in a dict, `memory`, and
# it is told the number `t` of the step. How many steps until both weights are home?

# %%
def sgd(w, gradient, memory, t, lr):
    return w - lr * gradient(w)


def walk(rule, gradient, start, steps, lr):
    memory, path = {}, [np.array(start, dtype=float)]
    for t in range(1, steps + 1):
        path.append(rule(path[-1], gradient, memory, t, lr))
    return np.array(path)


def arrival(path, goal=0.01):
    """After how many steps the distance from 0 is below `goal`, and stays there."""
    return int(np.flatnonzero(np.linalg.norm(path, axis=1) >= goal).max() + 1)


curvatures = np.array([1.0, 100.0])


def ravine(w):
    """The gradient of (w1^2 + 100 w2^2) / 2."""
    return curvatures * w


for lr in (0.005, 0.01, 0.0195):
    print(lr, "factors", 1 - lr * curvatures, "arrives after", arrival(walk(sgd, ravine, [1, 1], 2000, lr)))

# %% [markdown]
# The steep direction sets the limit, $2/100$. At half of it $w_2$ arrives in one step, and $w_1$ takes 459. Right
# below the limit the flat one still has a factor of 0.9805, and it takes 234. The ratio of largest to smallest
# curvature, the **condition number**, decides how slow descent is.
#
# Real losses have no labelled axes. But week 4 found the right directions in any symmetric matrix: eigenvectors.
# The matrix of second derivatives is the **Hessian**, and in the direction of each eigenvector it acts as one
# curvature. Take linear regression with the squared error: the gradient is $X^\top (XW - Y) / n$, so its own
# derivative, the Hessian, is $X^\top X / n$, the same for each output. So for the digits we can **predict** the limit:

# %%
X, y = digits()
order = np.random.default_rng(0).permutation(len(X))
X, y = X[order] / 16, y[order]
X, X_val, X_test = X[:1000], X[1000:1400], X[1400:]
y, y_val, y_test = y[:1000], y[1000:1400], y[1400:]
centred, targets = X - X.mean(axis=0), np.eye(10)[y] - 0.1
eigenvalues = np.linalg.eigvalsh(centred.T @ centred / len(X))
predicted = 2 / eigenvalues[-1]
print(eigenvalues[-1].round(4), predicted.round(4))

# %% [markdown]
# The largest eigenvalue is 0.6983, so the limit should be 2.8642. Now **measure**: descend, see whether the
# weights blow up, and halve the interval.

# %%
H, pull = centred.T @ centred / len(X), centred.T @ targets / len(X)


def blows_up(lr, steps=2000):
    W = np.zeros((64, 10))
    for _ in range(steps):
        W = W - lr * (H @ W - pull)
        if np.abs(W).max() > 1e3:
            return True
    return False


low, high = 0.1, 10.0
while high - low > 1e-3:
    middle = (low + high) / 2
    low, high = (low, middle) if blows_up(middle) else (middle, high)
print(round(low, 4), round(high, 4), round(low / predicted, 3))

# %% [markdown]
# Predicted 2.8642, measured between 2.8705 and 2.8711: 0.2% more, since just above the limit the blow-up takes
# more than 2000 steps. In a deep network the curvature changes on the way, but the rule stays: the **steepest
# direction decides how fast you may go, the flattest how long it takes**. All that follows fights this.

# %% [markdown]
# ## 3 · Batch, step, epoch
#
# The gradient of the training loss is a mean over all examples. A mean can be estimated from a few: a
# **minibatch**, drawn at random. Then descent is called **stochastic**, SGD (Robbins & Monro 1951). One move is a
# **step**; once through all $n$ examples is an **epoch**, of $\lceil n / \text{batch size} \rceil$ steps, since
# the smaller last batch counts too. How far off is the gradient of a minibatch?

# %%
def fresh(seed=0, hidden=32):
    rng = np.random.default_rng(seed)
    return [(he_normal((64, hidden), rng), np.zeros(hidden)), (he_normal((hidden, 10), rng), np.zeros(10))]


rng = np.random.default_rng(0)
full = mlp_gradients(fresh(), X, y)[1][0][0]
sizes, errors = np.array([1, 4, 16, 64, 256]), []
for m in sizes:
    batches = [rng.choice(1000, m, replace=False) for _ in range(200)]
    off = [np.linalg.norm(mlp_gradients(fresh(), X[i], y[i])[1][0][0] - full) for i in batches]
    errors.append(np.mean(off) / np.linalg.norm(full))
print(np.array(errors))

# %% [markdown]
# A batch of 1 is wrong by 5.7 times the gradient's own length, 16 by 1.4, 256 by 0.31. **Four times the examples
# halve the error** (a mean's deviation falls like $1/\sqrt m$), but they cost four times as much. So small
# batches are the better bargain. Five epochs, the same amount of arithmetic each:

# %%
def descend(params, batch_size, lr, epochs, rng):
    losses = []
    for _ in range(epochs):
        total, order = 0.0, rng.permutation(len(X))
        for rows in np.split(order, range(batch_size, len(X), batch_size)):
            loss, grads = mlp_gradients(params, X[rows], y[rows])
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
            total += loss * len(rows)
        losses.append(total / len(X))
    return losses


for batch_size in (1000, 250, 32):
    losses = descend(fresh(), batch_size, 0.5, 5, np.random.default_rng(1))
    print(f"batch {batch_size:4}: {5 * -(-1000 // batch_size):3} steps, losses {np.round(losses, 2)}")

# %% [markdown]
# With the whole set, five steps get from 2.31 to 1.89; with batches of 32, 160 steps get to 0.19 and, since noise
# goes both ways, back to 0.25. (Much smaller ones waste a processor that likes large matrices.) Two duties:
# **shuffle** before each epoch (a file sorted by class gives batches of one class), and **do not drop the last
# batch** without a reason.

# %% [markdown]
# ## 4 · What noise is good for
#
# Two landscapes where noise helps. A **saddle** goes up one way and down another; its middle has gradient zero
# but is no minimum. With many weights, saddles are thought to be far more common than poor minima (Dauphin et al.
# 2014). That nearly all minima of a deep network are as good as the best one is a conjecture with evidence
# (Choromanska et al. 2015), not a theorem. Begin on the ridge of
# $\frac12 w_1^2 - \frac12 w_2^2 + \frac14 w_2^4$, exactly at $w_2 = 0$:

# %%
def saddle_gradient(w):
    return np.array([w[0], -w[1] + w[1] ** 3])


rng = np.random.default_rng(0)
noisy = walk(sgd, lambda w: saddle_gradient(w) + 0.01 * rng.normal(size=2), [1.0, 0.0], 200, 0.1)
print(walk(sgd, saddle_gradient, [1.0, 0.0], 200, 0.1)[-1], noisy[-1])

# %% [markdown]
# Without noise it stays on the saddle, $w_2 = 0$. A hundredth of noise tips it over, into the minimum at $w_2 =
# -1$.
#
# The second: a narrow pit beside a wide valley. A thousand walkers begin at the bottom of the pit, each with its
# own noise. How many are still there after 1000 steps?

# %%
def two_valleys(w):
    return (w - 2) ** 2 / 8 - np.exp(-((w + 1) ** 2) / 0.02)


def two_valleys_slope(w):
    return (w - 2) / 4 + 100 * (w + 1) * np.exp(-((w + 1) ** 2) / 0.02)


ends = {}
for noise in (0, 4, 6, 8):
    rng, w = np.random.default_rng(0), np.full(1000, -1.0)
    for _ in range(1000):
        w = w - 0.01 * (two_valleys_slope(w) + noise * rng.normal(size=1000))
    ends[noise] = w
    print(noise, "in the pit", np.mean(np.abs(w + 1) < 0.3), "in the wide valley", np.mean(np.abs(w - 2) < 2))

grid = np.linspace(-2.5, 5.5, 400)
figure, (top, bottom) = plt.subplots(2, 1, figsize=(6, 4.4), sharex=True)
plotting.line(grid, two_valleys(grid), ax=top, ylabel="loss")
bins = np.linspace(-2.5, 5.5, 41)
bottom.hist(ends[4], bins, label="noise 4", color=plotting.BLUE)
bottom.hist(ends[8], bins, label="noise 8", color=plotting.BLACK, histtype="step", linewidth=1.2)
plotting.axes(bottom, xlabel="weight w", ylabel="walkers of 1000").legend()
plotting.describe(
    figure,
    "Where do noisy walkers end? A little noise leaves them in the pit, more takes them to the wide valley.",
    alt="Above: a wide parabola with its bottom at 2 and a narrow pit at -1. Below: histogram of the walkers; with "
    "noise 4 nearly all are in the pit, with noise 8 most are spread widely around 2 and an eighth is in the pit.",
)
print(round(two_valleys(-0.7) - two_valleys(-1.0), 4), round(two_valleys(2.3) - two_valleys(2.0), 4))

# %% [markdown]
# With noise 8 the pit keeps 12% of them. Is that good? On new data the landscape is a little different, as if
# shifted. Shifted by 0.3, the pit's loss rises by 0.7751, the valley's by 0.0112: here the noise of minibatches
# is a **regulariser**: it helps on data not seen in training (week 7). That flat minima **generalise** better, that
# is, do better on such data, has evidence (Keskar et al. 2017) and counterexamples
# (Dinh et al. 2017).

# %% [markdown]
# ## 5 · Momentum
#
# In the ravine the gradients across it change sign at each step, those along it all agree. So keep a share
# $\beta$ of the step before (Polyak 1964): $V \leftarrow \beta V + \eta\, dW$, then $W \leftarrow W - V$. What is
# $V$ in the long run, in plain steps, if all gradients are 1? And if they alternate?

# %%
def momentum(w, gradient, memory, t, lr, beta=0.9):
    V = memory["V"] = beta * memory.get("V", 0) + lr * gradient(w)
    return w - V


for name, gradients in [("same sign", np.ones(100)), ("alternating", (-1.0) ** np.arange(100))]:
    V = 0.0
    for g in gradients:
        V = 0.9 * V + g
    print(name, round(abs(V), 3))

# %% [markdown]
# 10 against 0.526. The newest gradient counts fully, the one before it $\beta$ times, then $\beta^2$ times:
# $1 + \beta + \beta^2 + \dots = 1/(1-\beta)$ where the gradients agree, $1 - \beta + \beta^2 - \dots = 1/(1+\beta)$
# where they quarrel. Ten steps of one kind, half a step of the other. (Mind the signs: a $V$ *added* to $W$ runs
# uphill.) Does it help in the ravine?

# %%
for name, rule, lr in [("sgd", sgd, 0.0195), ("momentum", momentum, 0.0195), ("momentum", momentum, 0.03)]:
    path = walk(rule, ravine, [1, 1], 2000, lr)
    print(f"{name:8} {lr}: arrives after {arrival(path)}, w2 begins with {path[:4, 1]}")

# %% [markdown]
# 234 steps become 97, and a rate of 0.03, where plain descent diverges, works too. The price shows in $w_2$: the
# ball rolls through the bottom, to and fro.
#
# **Self-check.** $\beta = 0.99$, and every gradient says the same. How many plain steps is one step of momentum
# worth in the long run?

# %%
worth = ...

# %% tags=["hide-input"]
ask("worth", Number("1 / (1 - 0.99)", wrong=(
    WrongAnswer("1 / (1 + 0.99)", "Do these gradients agree or quarrel?"),
    WrongAnswer("1 + 0.99", "That is the second step. How does the sum go on?"),
)))

# %% [markdown]
# ## 6 · Nesterov: look before you leap
#
# Before the step we know where the velocity alone will take us: to $W - \beta V$. Measure the gradient *there*
# (Nesterov 1983). If the ground rises ahead, we brake in time.

# %%
def nesterov(w, gradient, memory, t, lr, beta=0.9):
    V = memory.get("V", 0)
    V = memory["V"] = beta * V + lr * gradient(w - beta * V)
    return w - V


across = {}
for rule in (momentum, nesterov):
    path = walk(rule, ravine, [1, 1], 120, 0.01)
    across[rule.__name__] = path[:, 1]
    print(f"{rule.__name__:8} overshoots to {path[:, 0].min():.3f} along, {path[:, 1].min():.3f} across")

ax = plotting.line(np.arange(121), *across.values(), labels=["momentum", "Nesterov"],
                   xlabel="step", ylabel="$w_2$, across the ravine")
plotting.describe(
    ax,
    "Who stops first? Looking ahead, Nesterov is quiet across the ravine at once; momentum still swings.",
    alt="w2 over 120 steps. Momentum swings to and fro around 0, from 1 down to about -0.9, and fades slowly; "
    "Nesterov is at 0 after one step and stays there.",
)

# %% [markdown]
# Same rate, same $\beta$: -0.119 instead of -0.153 along the ravine, and nothing instead of -0.9 across. (To stop
# dead in one step takes the luckiest of rates, $1/\lambda$ of the steep direction, as in section 1. At others
# Nesterov swings too, but less.) The look ahead is for the gradient only; the step starts from $W$.
#
# Do the new rules keep the limit $2/\lambda$? Measure again, with $\lambda = 1$:

# %%
def thrown_out(rule, lr):
    return np.abs(walk(rule, lambda w: w, 1.0, 300, lr)[-100:]).max() > 1


for rule in (sgd, momentum, nesterov):
    print(rule.__name__, round(min(lr for lr in np.arange(1.0, 4.0, 0.01) if thrown_out(rule, lr)), 2))
print(2 * (1 + 0.9), round(2 * (1 + 0.9) / (1 + 2 * 0.9), 3))

# %% [markdown]
# Momentum widens it to $2(1 + \beta)/\lambda$, and looking ahead narrows it again, below the plain limit, to
#
# $$\frac{2(1 + \beta)}{(1 + 2\beta)\,\lambda} .$$
#
# **Nesterov is the first to be thrown out**: foresight helps at small rates, not at large ones.

# %% [markdown]
# ## 7 · A rate for each weight
#
# The trouble was one rate for all. **AdaGrad** (Duchi et al. 2011) gives each weight its own: it sums up the
# squared gradients, $s \leftarrow s + dW^2$, and divides by the root, $W \leftarrow W - \eta\, dW / \sqrt{s +
# \varepsilon}$. The $\varepsilon$ only keeps 0 out of the denominator. Suppose a feature comes with every example
# and another with one in a hundred. How far do their weights get in 1000 steps?

# %%
def adagrad(w, gradient, memory, t, lr, eps=1e-7):
    dW = gradient(w)
    s = memory["s"] = memory.get("s", 0) + dW**2
    return w - lr * dW / np.sqrt(s + eps)


for rule in (sgd, adagrad):
    gradients = iter([[1.0, 1.0 if step % 100 == 0 else 0.0] for step in range(1000)])
    path = walk(rule, lambda w, gradients=gradients: np.array(next(gradients)), [0, 0], 1000, 0.1)
    print(rule.__name__, path[-1], (path[-1][0] / path[-1][1]).round(1))

# %% [markdown]
# With SGD the common one gets 100 times as far as the rare one, with AdaGrad 12.3 times: rare features, such as
# rare words, learn faster. But the sum only grows, so the steps only shrink. **RMSprop** (Tieleman & Hinton 2012)
# forgets: a running mean, $s \leftarrow \rho s + (1 - \rho)\, dW^2$. Ten gradients of 10, then a hundred of 0.1.
# How long is the last step?

# %%
def rmsprop(w, gradient, memory, t, lr, rho=0.9, eps=1e-7):
    dW = gradient(w)
    s = memory["s"] = rho * memory.get("s", 0) + (1 - rho) * dW**2
    return w - lr * dW / np.sqrt(s + eps)


for rule in (sgd, adagrad, rmsprop):
    gradients = iter([10.0] * 10 + [0.1] * 100)
    path = walk(rule, lambda w, gradients=gradients: next(gradients), 0.0, 110, 0.01)
    print(f"{rule.__name__:8} {path[-2] - path[-1]:.5f}")

# %% [markdown]
# AdaGrad still remembers the storm: 0.00003. RMSprop has forgotten it and steps by 0.00923, nearly the rate
# itself, although the gradient is a tenth.
#
# **AdaDelta** (Zeiler 2012) also replaces the rate, by the typical size of its own past steps: with $u$ a running
# mean of squared steps, the step is $\sqrt{u + \varepsilon} / \sqrt{s + \varepsilon}\; dW$. "No learning rate" is
# the promise. Is it kept?

# %%
def adadelta(w, gradient, memory, t, lr=1.0, rho=0.95, eps=1e-6):
    dW = gradient(w)
    s = memory["s"] = rho * memory.get("s", 0) + (1 - rho) * dW**2
    step = np.sqrt(memory.get("u", 0) + eps) / np.sqrt(s + eps) * dW
    memory["u"] = rho * memory.get("u", 0) + (1 - rho) * step**2
    return w - lr * step


for eps in (1e-8, 1e-6, 1e-2):
    path = walk(lambda *args, eps=eps: adadelta(*args, eps=eps), lambda w: w, 1.0, 100, 1.0)
    print(eps, path[[1, 10, 100]])

# %% [markdown]
# Not quite. After 100 steps 0.9514 is left with one $\varepsilon$, 0.5973 or nothing with others: it sets the
# size of the first steps, from which all later ones grow. It is a learning rate in disguise.

# %% [markdown]
# ## 8 · Adam
#
# **Adam** (Kingma & Ba 2015) is momentum over RMSprop: a running mean $m$ of the gradients ($\beta_1 = 0.9$), one
# $v$ of their squares ($\beta_2 = 0.999$). Both begin at 0, and that is a problem. All gradients are 1: what are
# $m$ and $v$ after 1, 10 and 100 steps?

# %%
t = np.array([1, 10, 100])
m, v = 1 - 0.9**t, 1 - 0.999**t
print(m, v, m / np.sqrt(v), sep="\n")

# %% [markdown]
# Both are too small, by the factors $1 - \beta_1^t$ and $1 - \beta_2^t$, and not equally: the first step would be
# 3.16 times too long, the tenth 6.53 times. The **bias correction** divides by these factors. In the short form
# that this course and Keras use, both go into the rate, and $\varepsilon$ stands *beside* the root:
#
# $$W \leftarrow W - \eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \cdot \frac{m}{\sqrt v + \varepsilon}.$$

# %%
def adam(w, gradient, memory, t, lr, beta1=0.9, beta2=0.999, eps=1e-7):
    dW = gradient(w)
    m = memory["m"] = beta1 * memory.get("m", 0) + (1 - beta1) * dW
    v = memory["v"] = beta2 * memory.get("v", 0) + (1 - beta2) * dW**2
    return w - lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)


for scale in (1e-3, 1.0, 1e3):
    print(scale, walk(adam, lambda w, scale=scale: scale * np.array([3.0, -0.5]), [0, 0], 2, 0.1)[1])

# %% [markdown]
# The first step has length `lr` in every weight, whatever the loss is measured in. Four errors are so common that
# you should see them once: a $t$ that starts at 0, the correction forgotten or applied twice, and $\varepsilon$
# inside the root. The first step, which should be 0.1, for a gradient of 0.001:

# %%
dW, lr = 1e-3, 0.1
m, v, c1, c2, eps = 0.1 * dW, 0.001 * dW**2, 0.1, np.sqrt(0.001), 1e-7
with np.errstate(invalid="ignore"):
    print("t from 0  ", lr * np.sqrt(1 - 0.999**0) / np.float64(1 - 0.9**0) * m / (np.sqrt(v) + eps))
print("forgotten ", round(lr * m / (np.sqrt(v) + eps), 4))
print("twice     ", round(lr * c2 / c1 * (m / c1) / (np.sqrt(v) / c2 + eps), 4))
print("eps inside", round(lr * c2 / c1 * m / np.sqrt(v + eps), 4))
print("right     ", round(lr * c2 / c1 * m / (np.sqrt(v) + eps), 4))

# %% [markdown]
# `nan`; three times too long; a third; a tenth. Keep the results, compare: `coursekit`'s optimisers keep our
# `memory` as arrays (for Adam two running means for each parameter, as much again as weights and gradients) and
# change `W` in place. Same points after 20 steps?

# %%
for name, rule, lr in [("Adam", adam, 0.05), ("RMSprop", rmsprop, 0.05), ("AdaGrad", adagrad, 0.3)]:
    W = np.ones(2)
    optimizer = getattr(optimizers, name)(lr).build(W)
    for _ in range(20):
        optimizer.step(W, ravine(W))
    print(f"{name:8}", np.abs(W - walk(rule, ravine, [1, 1], 20, lr)[-1]).max() < 1e-9)

# %% [markdown]
# ## 9 · Seven walkers, five landscapes
#
# A bowl, a ravine, a saddle, and two famous tests: Beale's function, with a plateau and steep corners, and
# Rosenbrock's banana, whose curved floor is nearly flat. Their gradients are measured, as in week 5.

# %%
def beale(u, v):
    return (1.5 - u + u * v) ** 2 + (2.25 - u + u * v**2) ** 2 + (2.625 - u + u * v**3) ** 2


def rosenbrock(u, v):
    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


SURFACES = {   # f, start, lowest point, limits of the picture, rate of SGD, momentum and Nesterov
    "bowl": (lambda u, v: (u**2 + v**2) / 2, (-1.8, 0.6), (0, 0), (-2, 1), (-1, 1), 0.1),
    "ravine": (lambda u, v: (u**2 + 20 * v**2) / 2, (-1.8, 0.8), (0, 0), (-2, 1), (-1.2, 1.2), 0.06),
    "saddle": (lambda u, v: u**2 / 2 - v**2 / 2 + v**4 / 4, (-1.5, 1e-3), (0, 1), (-2, 1), (-0.5, 1.6), 0.1),
    "Beale": (beale, (1.0, 1.0), (3, 0.5), (-0.5, 4), (-1, 1.3), 0.01),
    "Rosenbrock": (rosenbrock, (-1.2, 1.0), (1, 1), (-1.6, 1.6), (-0.6, 1.8), 5e-4),
}
RULES = {"SGD": (sgd, None), "momentum": (momentum, None), "Nesterov": (nesterov, None), "AdaGrad": (adagrad, 0.3),
         "RMSprop": (rmsprop, 0.03), "AdaDelta": (adadelta, 1.0), "Adam": (adam, 0.1)}


def paths_on(surface, steps, factor=1.0):
    f, start, *_, base = SURFACES[surface]

    def gradient(w):     # whoever is thrown far out stays there
        return numerical_gradient(lambda w: f(*w), w) if np.abs(w).max() < 10 else np.zeros(2)

    return {name: walk(rule, gradient, start, steps, factor * (base if rate is None else rate))
            for name, (rule, rate) in RULES.items()}


def picture(surface, paths, ax=None):
    f, start, goal, xlim, ylim, _ = SURFACES[surface]
    ax = plotting.descent_paths(f, xlim, ylim, paths, ax=ax, steps=100, title=surface)
    for curve in ax.get_lines():
        curve.set(linewidth=1.2, markevery=max(len(curve.get_xdata()) // 12, 1))
    ax.plot(*goal, marker="*", markersize=12, color=plotting.BLACK, linestyle="none", zorder=5)
    return ax


def play(surface="ravine", steps=100, factor=1.0):
    paths = paths_on(surface, steps, factor)
    goal = SURFACES[surface][2]
    ends = {name: np.linalg.norm(path[-1] - goal) for name, path in paths.items()}
    ax = picture(surface, paths)
    plotting.describe(ax, f"Nearest to the star after {steps} steps: {min(ends, key=ends.get)}.",
                      alt="Paths; distances left: " + ", ".join(f"{name} {end:.2f}" for name, end in ends.items()))


widget = interact(play, surface=Dropdown(options=list(SURFACES), value="ravine"), steps=IntSlider(100, 5, 400, 5),
                  factor=FloatLogSlider(1.0, base=10, min=-1, max=1, step=0.05, description="rate ×"))

# %% [markdown]
# Play: in the ravine, raise the rate slowly. In which order are SGD, momentum and Nesterov thrown out, and does
# it fit the limits of section 6? The same for readers on paper, after 200 steps:

# %%
figure, axes = plt.subplots(3, 2, figsize=(8, 9.5))
left_over = {}
for ax, surface in zip(axes.flat, SURFACES, strict=False):
    paths = paths_on(surface, 200)
    picture(surface, paths, ax)
    handles, names = ax.get_legend_handles_labels()
    ax.get_legend().remove()
    left_over[surface] = [float(np.linalg.norm(path[-1] - SURFACES[surface][2])) for path in paths.values()]
axes.flat[-1].set_axis_off()
axes.flat[-1].legend(handles, names, loc="center")
plotting.describe(
    figure,
    "Who goes where? SGD follows the slope, momentum swings past, the adaptive rules cut across at their own pace.",
    alt="Five contour maps with seven paths each and a star at the minimum. On the bowl SGD and its kin go straight, "
    "the others bend; in the ravine SGD goes down first, then along, momentum swings, AdaGrad, RMSprop and Adam start "
    "diagonally; at the saddle SGD waits and turns off at a right angle; on Rosenbrock all stop half-way along the "
    "curved floor.",
)
print("distance left".ljust(14) + "".join(f"{name:>9}" for name in RULES))
for surface, distances in left_over.items():
    print(surface.ljust(14) + "".join(f"{distance:9.3f}" for distance in distances))

# %% [markdown]
# Bowl, ravine and saddle are easy, but RMSprop keeps trembling, 0.02 away, by steps as large as its rate, and
# AdaDelta has hardly begun, as section 7 foretold. On Beale's plateau SGD is still 0.305 away, where momentum has
# arrived. On Rosenbrock nobody has: the walls bound the rate and the floor asks for more; momentum's 0.934 is
# best. **No rule wins everywhere**, and each had a rate of its own.

# %% [markdown]
# ## 10 · Different optimisers for different layers
#
# Layers differ as weights do. In a network with three layers of sigmoid units the gradient vanishes on the way
# down (weeks 2 and 5). How long is it in each layer, first layer first? And what if lower layers get larger
# rates, or an optimiser that does not care? (`Sequential` packs weeks 1, 3 and 5 into an object; week 8 builds
# it.)

# %%
def deep(optimizer, seed=0):
    hidden = [Dense(16, activation="sigmoid") for _ in range(3)]
    model = Sequential([*hidden, Dense(10, activation="softmax")], seed=seed, dtype="float64")
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.build(64)


model = deep(optimizers.SGD(1.0))
model.train_on_batch(X, y)
lengths = np.array([np.linalg.norm(layer.grads["W"]) for layer in model.layers])
print(lengths, (lengths[-1] / lengths[0]).round(1))

SGD, Adam, MultiOptimizer = optimizers.SGD, optimizers.Adam, optimizers.MultiOptimizer
choices = {
    "SGD 0.5 for all": lambda: SGD(0.5),
    "SGD 2 for all": lambda: SGD(2.0),
    "SGD 5, 5, 2, 0.5": lambda: MultiOptimizer(
        {"dense": SGD(5.0), "dense_1": SGD(5.0), "dense_2": SGD(2.0)}, default=SGD(0.5)),
    "Adam below, SGD above": lambda: MultiOptimizer({"dense": Adam(0.01), "dense_1": Adam(0.01)}, default=SGD(0.5)),
    "Adam for all": lambda: Adam(0.01),
}
for name, optimizer in choices.items():
    histories = [deep(optimizer(), seed).fit(X, y, epochs=20, validation_data=(X_val, y_val)) for seed in range(3)]
    print(f"{name:22}", [round(history["val_accuracy"][-1], 2) for history in histories])

# %% [markdown]
# The first layer's gradient is 37 times shorter than the last one's. With the top layer's rate for all, 20 epochs
# bring 29 to 51%; with the rate 2 for all, 49 to 92%; with large rates below and the small one on top, 73 to 94%. Adam,
# below or everywhere, brings about 90% from every start: it finds by itself what we had to set. The same tool serves in
# **transfer**: a small rate for layers trained before, a larger one for the new last layer.

# %% [markdown]
# ## 11 · Schedules
#
# A rate that is right at first may be too large at the end, where the noise of the minibatches keeps the weights
# trembling. A **schedule** is a function from the step to the rate.

# %%
def stairs(step, lr, steps):
    """Four stairs: a quarter of the steps at `lr`, then at a half, a quarter, an eighth of it."""
    return np.repeat(lr * np.array([1, 1 / 2, 1 / 4, 1 / 8]), steps // 4)[step]


def one_cycle(step, lr, steps):
    """Up to `lr` in 30% of the steps, then down to nearly nothing, each half a wave of a cosine."""
    top = 0.3 * steps - 1
    at, low = (step / top, lr / 25) if step <= top else ((steps - 1 - step) / (steps - 1 - top), lr / 250_000)
    return low + (lr - low) * (1 - np.cos(np.pi * at)) / 2


step = np.arange(100)
families = [
    {"constant": schedules.Constant(0.1), "step decay": lambda t: stairs(t, 0.1, 100),
     "exponential": schedules.ExponentialDecay(0.1, 0.5, 25), "cosine": schedules.Cosine(0.1, 100)},
    {"warm-up": schedules.WarmUp(0.1, 20), "triangular": schedules.Triangular(0.0, 0.1, 25),
     "one-cycle": lambda t: one_cycle(t, 0.1, 100)},
]
figure, pair = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
for ax, family in zip(pair, families, strict=True):
    plotting.line(step, *[[schedule(s) for s in step] for schedule in family.values()], labels=list(family), ax=ax,
                  xlabel="step", ylabel="learning rate")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
plotting.describe(
    figure,
    "Which schedules begin low? Left: those that only fall. Right: those that climb first.",
    alt="Left: constant at 0.1, a staircase halving every 25 steps, an exponential curve touching it, half a cosine "
    "wave from 0.1 to 0. Right: warm-up rises in 20 steps to 0.1 and stays, triangular goes up and down twice, "
    "one-cycle climbs for 30 steps and descends to 0 over 70.",
)

# %% [markdown]
# Step decay and exponential decay fall by a factor, cosine (Loshchilov & Hutter 2017) in a set time. **Warm-up**
# climbs first, while the weights are still raw. Triangular, or **cyclical**, goes up and down (Smith 2017), and
# **one-cycle** once up and far down (Smith & Topin 2018). Are they worth it? Five seeds each, 20 epochs:

# %%
def network(optimizer, seed=0, hidden=32):
    model = Sequential([Dense(hidden, activation="relu"), Dense(10, activation="softmax")], seed=seed, dtype="float64")
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


steps = 20 * 32
for name, lr in {"constant 0.5": 0.5, "constant 0.05": 0.05,
                 "step decay": lambda t: stairs(t, 0.5, steps), "cosine": schedules.Cosine(0.5, steps),
                 "one-cycle": lambda t: one_cycle(t, 1.0, steps)}.items():
    runs = [network(SGD(lr), seed).fit(X, y, epochs=20, validation_data=(X_val, y_val)) for seed in range(5)]
    ends = np.array([(run["val_loss"][-1], run["val_accuracy"][-1]) for run in runs])
    print(f"{name:14} loss {ends[:, 0].mean():.3f} ± {ends[:, 0].std(ddof=1) / 5**0.5:.3f}",
          f" accuracy {ends[:, 1].mean():.3f} ± {ends[:, 1].std(ddof=1) / 5**0.5:.3f}")

# %% [markdown]
# A rate ten times too small costs most, 0.293. Step decay and cosine end a little higher than the constant rate,
# 0.115 and 0.112 against 0.098; one-cycle, 0.093, is level with it; in accuracy the four can hardly be told
# apart. On easy data the *size* of the rate matters and the schedule hardly does. Believe no schedule without
# error bars.
#
# **New-bob** looks instead of counting: halve the rate when the validation error *rises*.

# %%
model, rates, errors = network(SGD(1.0), seed=1), [], []


def new_bob(epoch, logs):
    rates.append(model.optimizer.lr)
    errors.append(logs["val_loss"])
    if len(errors) > 1 and errors[-1] > errors[-2]:
        model.optimizer.lr /= 2


listen = LambdaCallback(on_epoch_end=new_bob)
model.fit(X, y, epochs=25, validation_data=(X_val, y_val), callbacks=[listen])
print(np.array(rates), np.array(errors), sep="\n")

# %% [markdown]
# At the rate 1 the loss jumps, from 0.726 to 1.0725, and new-bob halves, six times in all. At 0.0156 all is calm,
# at 0.1722.
#
# And the first rate? The **range test** (Smith 2017) tries all sizes in one short run: raise the rate from tiny
# to huge in equal ratios, and watch the loss of each batch.

# %%
seen = []
sweep = schedules.RangeTest(1e-3, 10.0, 128)
listen = LambdaCallback(on_batch_end=lambda batch, logs: seen.append(logs["loss"]))
network(SGD(sweep), seed=1).fit(X, y, epochs=4, callbacks=[listen])
rates = np.array([sweep(step) for step in range(128)])
smooth = np.convolve(seen, np.ones(7) / 7, mode="same")[3:-3]
print("lowest at", rates[3:-3][smooth.argmin()].round(2))

ax = plotting.line(rates[3:-3], smooth, xlabel="learning rate", ylabel="loss, mean of 7 batches")
ax.set(xscale="log")
plotting.describe(
    ax,
    "Which rate is right? Where the loss falls fastest, well left of where it climbs again.",
    alt="Loss over the learning rate from 0.001 to 10, logarithmic. It stays near 2.5 up to about 0.03, "
    "falls to about 1.4 near 0.7, and then leaps, to more than 6 near 7.",
)

# %% [markdown]
# Lowest at 0.68, and chaos beyond 1. At the lowest point it is nearly too late; take a third to a tenth of its
# rate, where the loss still falls.

# %% [markdown]
# ## 12 · Reading the curves
#
# A network with little to learn from, 200 digits, trained for long. When should it have stopped, by its loss on
# the validation set, and by its accuracy? Three seeds:

# %%
def long_run(seed, **options):
    model = network(Adam(0.02), seed, hidden=64)
    return model, model.fit(X[:200], y[:200], epochs=80, validation_data=(X_val, y_val), **options)


for seed in range(3):
    model, history = long_run(seed)
    loss, accuracy = np.array(history["val_loss"]), np.array(history["val_accuracy"])
    best = loss.argmin()
    print(f"lowest loss {loss[best]:.3f} in epoch {best + 1}, accuracy {accuracy[best]:.4f};",
          f"at the end {loss[-1]:.3f} and {accuracy[-1]:.4f}")

figure, pair = plt.subplots(1, 2, figsize=(8, 3))
plotting.learning_curves(history, ax=pair[0]).set(ylim=(0, 0.7))
plotting.learning_curves(history, "accuracy", ax=pair[1]).set(ylim=(0.8, 1.01))
plotting.describe(
    figure,
    "When should training have stopped? By the validation loss early; by the accuracy it makes no difference.",
    alt="Left: loss over 80 epochs; training falls to nearly 0, validation falls to about 0.2 in the first 13 epochs "
    "and then rises slowly. Right: accuracy; training reaches 1, validation stays level near 0.93.",
)
p = model.predict(X_val)[np.arange(400), y_val]
wrong = model.predict(X_val).argmax(axis=1) != y_val
print(wrong.sum(), (-np.log(p[wrong]).sum() / -np.log(p).sum()).round(2), (-np.log(p)).max().round(2))

# %% [markdown]
# The training loss goes on falling, the validation loss turns up: **overfitting**. But the accuracy does not
# fall; once it even rises. **Loss and accuracy may disagree**: accuracy asks who is ahead, loss how sure the
# network was. At the end 24 wrong answers of 400 make up 87% of the loss.
#
# So, **early stopping**: keep the weights of the best epoch. But curves wiggle; read the *trend*. How patient
# should one be?

# %%
for patience in (1, 3, 10):
    stop = EarlyStopping(patience=patience)
    long_run(2, callbacks=[stop])
    print(f"patience {patience:2}: stopped after {stop.stopped_epoch}, best {stop.best_epoch}, loss {stop.best:.3f}")

# %% [markdown]
# A patience of 1 stops at the first wiggle and misses the 0.211 of epoch 13; 3 finds it, and 10 only costs more
# time.
#
# The validation set has now chosen the epoch, the rate, the schedule. Is it still honest? Take 50 classifiers
# that *guess* on yes-or-no questions, and keep the one that is best on 100 validation examples. On 100 new ones?

# %%
rng = np.random.default_rng(0)
validation, test = rng.random((50, 100)) < 0.5, rng.random((50, 100)) < 0.5
chosen = validation.mean(axis=1).argmax()
print(validation[chosen].mean(), test[chosen].mean())

# %% [markdown]
# 68% where it was chosen, 54% elsewhere, for a coin: **choosing uses a set up**. So there are three: training for
# the weights, **validation** for the choices, **test** once, at the very end.

# %% [markdown]
# ## 13 · A recipe
#
# **First**: shuffle, take batches of 32 to 1024, and start with Adam. **Second**: if the loss does not fall,
# divide the rate by 10. Knowing nothing costs $\log 10$:

# %%
print(np.log(10).round(3))
for lr in (1.0, 0.1, 0.01, 0.001):
    history = network(Adam(lr), seed=1).fit(X, y, epochs=5, validation_data=(X_val, y_val))
    print(f"{lr:5}", np.round(history["loss"], 3), round(history["val_accuracy"][-1], 3))

# %% [markdown]
# At 1.0 the network knows nothing, 2.358; at 0.1 and at 0.01 it learns; at 0.001 it crawls. **Third**: keep a
# schedule. **Fourth**: **warm up** in transfer, lest the first steps wreck what was learnt, and with large
# batches, which are given large rates. Momentum with batches of 250, at the rate 1.5, with 60 steps of warm-up,
# and at the rate 1.0. How many of twenty runs come to grief, that is, read less than 90%?

# %%
for name, lr in [("1.5", 1.5), ("1.5, warm-up", schedules.WarmUp(1.5, 60)), ("1.0", 1.0)]:
    runs = [network(optimizers.Momentum(lr), seed).fit(X, y, batch_size=250, epochs=30, validation_data=(X_val, y_val))
            for seed in range(20)]
    print(f"{name:13}", sum(run["val_accuracy"][-1] < 0.9 for run in runs), "of 20 below 90%")

# %% [markdown]
# Without warm-up 17, with it 6. But at the rate 1.0 none does, and without a warm-up: first look for a smaller
# rate. **Fifth**: stop early, with patience, and look at the test set last, once:

# %%
model = network(Adam(lambda t: one_cycle(t, 0.02, 40 * 32)), seed=3, hidden=64)
model.fit(X, y, epochs=40, validation_data=(X_val, y_val))
share = model.evaluate(X_test, y_test)["accuracy"]
error = (share * (1 - share) / len(X_test)) ** 0.5
print(round(model.evaluate(X_val, y_val)["accuracy"], 4), round(share, 4), round(error, 4))

# %% [markdown]
# 97.25% on the validation set, 97.73% on 397 test digits, with a standard error of 0.75%: no difference that one
# could tell.
#
# ## Summary
#
# - Descent diverges above $2/\lambda_{\max}$; the flattest direction decides how long it takes.
# - A minibatch of $m$ has noise like $1/\sqrt m$. The noise leads off saddles and out of narrow pits.
# - Momentum adds up what agrees; Nesterov measures at $W - \beta V$; AdaGrad sums squares, RMSprop and Adam let
#   them fade; Adam corrects the start at 0, counting $t$ from 1.
# - The size of the rate matters most: the range test finds it. A falling rate calms the noise; new-bob watches,
#   one-cycle plans.
# - Loss and accuracy may disagree. Read trends, stop with patience, and keep the test set for the end.
#
# ## Exercises
#
# 1. At which rate do *both* directions of a ravine with curvatures 1 and 100 shrink equally fast? Predict, then
#    measure.
# 2. Turn the ravine by 45 degrees. Which of the seven paths change in more than direction?
# 3. In section 3 measure the error for batches drawn *with* replacement. Where does it differ?
# 4. Split the digits without shuffling, as week 5 did. What does that do to the test accuracy, and what may be
#    the reason?
#
# In the assignment `week06_optimisers` you build these pieces yourself.
#
# ## References
#
# - Choromanska, Henaff, Mathieu, Ben Arous & LeCun (2015). The loss surfaces of multilayer networks. AISTATS.
# - Dauphin et al. (2014). Identifying and attacking the saddle point problem in high-dimensional non-convex
#   optimization. NeurIPS.
# - Dinh, Pascanu, Bengio & Bengio (2017). Sharp minima can generalize for deep nets. ICML.
# - Duchi, Hazan & Singer (2011). Adaptive subgradient methods for online learning and stochastic optimization.
#   JMLR 12.
# - Keskar et al. (2017). On large-batch training for deep learning: generalization gap and sharp minima. ICLR.
# - Kingma & Ba (2015). Adam: a method for stochastic optimization. ICLR.
# - Loshchilov & Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR.
# - Nesterov (1983). A method for solving the convex programming problem with convergence rate O(1/k²). Doklady
#   27.
# - Polyak (1964). Some methods of speeding up the convergence of iteration methods. USSR Comp. Math. 4.
# - Robbins & Monro (1951). A stochastic approximation method. Annals of Mathematical Statistics 22.
# - Smith (2017). Cyclical learning rates for training neural networks. WACV.
# - Smith & Topin (2018). Super-convergence: very fast training of neural networks using large learning rates.
#   arXiv:1708.07120.
# - Tieleman & Hinton (2012). Lecture 6.5: RMSprop. Coursera, Neural Networks for Machine Learning.
# - Zeiler (2012). ADADELTA: an adaptive learning rate method. arXiv:1212.5701.
