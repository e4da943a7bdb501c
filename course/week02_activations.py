# %% [markdown]
# # Week 2 · Activation functions
#
# Without a bend between them, all layers of a network collapse into one. Which bend is a good one? The
# question looks small. You will see one and the same network learn nothing with one bend and nearly
# everything with another.
#
# **After this lecture you can**
#
# - draw a dozen activation functions and their slopes, and say what each was made for;
# - explain why a saturated unit does not learn, and measure it;
# - kill a ReLU unit, count the dead, and name what keeps units alive;
# - compute sigmoid, softmax and its logarithm at ±1000 without an overflow;
# - say what an exponential costs.
#
# You need week 1, and derivatives from school: the chain rule, the product rule, $(e^x)' = e^x$. As always:
# **predict**, then run.

# %%
import math
import time

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact

from coursekit import plotting
from coursekit.datasets import digits, spirals
from coursekit.desk import Number, WrongAnswer, ask
from coursekit.functions.losses import softmax_cross_entropy

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## From earlier weeks
#
# Two questions on week 1, which today builds on. Answer without looking them up.
#
# **Self-check.** How many parameters has the network `[64, 32, 32, 10]`, biases included?

# %%
count = ...

# %% tags=["hide-input"]
ask("count", Number("65*32 + 33*32 + 33*10", wrong=(
    WrongAnswer("64*32 + 32*32 + 32*10", "What does each unit add besides its weights?"),
    WrongAnswer("65*32 + 33*10", "How many layers lie between four widths?"),
)))

# %% [markdown]
# **Self-check.** Leave out all bends in it, and a *single* layer computes the same. How many parameters has that one?

# %%
collapsed = ...

# %% tags=["hide-input"]
ask("collapsed", Number("65*10", wrong=(
    WrongAnswer("64*10", "Has the single layer no biases?"),
    WrongAnswer("65*32 + 33*32 + 33*10", "Those are the three layers. Which widths are left when they collapse?"),
)))

# %% [markdown]
# ## 1 · The logistic function
#
# The first networks that learned with hidden layers used an S-shaped curve, the **logistic function** or
# **sigmoid**, $\sigma(z) = 1 / (1 + e^{-z})$. What are its values at -4, 0 and 4?

# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


print(sigmoid(np.array([-4.0, 0.0, 4.0])))

# %% [markdown]
# 0.018, a half, 0.982: it squeezes every number into the interval from 0 to 1. **It is always positive**,
# which will matter. How steep is it? We measure: a small step to each side, difference over distance.

# %%
def slope(g, z, h=1e-5):
    return (g(z + h) - g(z - h)) / (2 * h)


print(slope(sigmoid, np.array([-4.0, -1.0, 0.0, 1.0, 4.0])))

# %% [markdown]
# Steepest at 0, where the slope is **1/4**; at ±4 it is down to 0.0177. Calculus gives the rule: with $u =
# 1 + e^{-z}$ the derivative of $1/u$ is $-1/u^2$, times that of $u$, $-e^{-z}$. The two minus signs cancel:
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \sigma(z)\,\big(1 - \sigma(z)\big).$$

# %%
s = sigmoid(1.0)
print(round(s * (1 - s), 8), round(slope(sigmoid, 1.0), 8))

# %% [markdown]
# Equal. Note that the slope follows from the *output* alone, without another exponential.
#
# A textbook sentence says that near the origin sigmoid is "linear, $a = z$". Is it?

# %%
z = np.array([-0.1, 0.0, 0.1])
print(sigmoid(z), 0.5 + z / 4, np.tanh(z))

# %% [markdown]
# ## 2 · tanh
#
# No. Near 0 the sigmoid is $\frac12 + \frac z4$. The sentence is true of another curve, in the last column.
# The **hyperbolic tangent**, $\tanh z = (e^z - e^{-z}) / (e^z + e^{-z})$, runs from -1 to 1. It is a
# sigmoid, stretched and moved: $\tanh z = 2\sigma(2z) - 1$. So what is its slope at 0?

# %%
z = np.linspace(-3, 3, 7)
print(np.abs(np.tanh(z) - (2 * sigmoid(2 * z) - 1)).max() < 1e-12)
print(slope(np.tanh, z), 1 - np.tanh(z) ** 2, sep="\n")

# %% [markdown]
# 2 outside, 2 inside, times 1/4: **1**. In general $\tanh' = 1 - \tanh^2$, as the two lines show.

# %%
z = np.linspace(-6, 6, 241)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
plotting.line(z, sigmoid(z), np.tanh(z), labels=["sigmoid", "tanh"], ax=left, xlabel="z", title="the function")
plotting.line(z, sigmoid(z) * (1 - sigmoid(z)), 1 - np.tanh(z) ** 2, ax=right, xlabel="z", title="its slope")
plotting.describe(
    figure,
    "Where can these units learn? Only near 0: on both sides the slope dies away, and sigmoid's never exceeds 1/4.",
    alt="Left: two S-shaped curves over z from -6 to 6; sigmoid rises from 0 to 1, tanh from -1 to 1. Right: "
    "their slopes, two bells around 0; that of tanh is 1 high, that of sigmoid 0.25 high and wider.",
)

# %% [markdown]
# **Self-check.** How steep is $\sigma(8z)$ at $z = 0$?

# %%
steep = ...

# %% tags=["hide-input"]
ask("steep", Number("8 / 4", wrong=(
    WrongAnswer("1/4", "The chain rule multiplies by something. By what?"),
    WrongAnswer("8", "How steep is the sigmoid itself at 0?"),
    WrongAnswer("1/2", "That is the height at 0, not the slope."),
)))

# %% [markdown]
# ## 3 · Saturation
#
# A unit far out on the flat part is **saturated**. Training moves a weight in proportion to its
# **gradient**, the slope of the loss when this weight alone is moved. That is a product of all the slopes
# on the way from the weight to the loss (the chain rule; week 5 does it in full). Take a chain of ten
# units, each with weight 1 and bias 0, and begin at $z = 0.5$. What is the product of ten slopes? And if
# the first unit is saturated, at $z = 10$?

# %%
for start in (0.5, 10.0):
    for g in (sigmoid, np.tanh):
        z, product = start, 1.0
        for _ in range(10):
            product *= slope(g, z)
            z = g(z)
        print(f"from {start:4} {g.__name__:7} {product:.0e},",
              f"first slope {slope(g, start):.0e}, best case {slope(g, 0.0) ** 10:.0e}")

# %% [markdown]
# Ten sigmoids leave less than a millionth, and not even the best case, $(1/4)^{10}$, is more. With tanh
# something is left, if its units sit near 0. One saturated unit at the start takes away several digits
# more: the **gradient vanishes**, and nothing below learns.
#
# And the sign? A weight's gradient is its *input* times something that belongs to its unit. If all inputs
# are outputs of sigmoids, they are all positive. Four units with 20 inputs each: in how many do all 20
# gradients have one sign?

# %%
rng = np.random.default_rng(2)
z, d = rng.normal(size=20), rng.normal(size=4)
for g in (sigmoid, np.tanh):
    dW = np.outer(g(z), d)
    print(g.__name__, [int(abs(column.sum())) for column in np.sign(dW).T])

# %% [markdown]
# With sigmoid in all of them: the 20 signs add up to 20. One example can only move all weights of a unit up
# or all of them down, and training has to zigzag. tanh is free of that. So far, a good activation
#
# - bends,
# - can be differentiated wherever it matters,
# - has **large slopes where its inputs are**,
# - gives both signs,
# - and is cheap. The last point comes now.

# %% [markdown]
# ## 4 · ReLU, and the price of an exponential
#
# The **rectified linear unit** is $\max(0, z)$. Its slope is 1 on the right, however far out, and 0 on the
# left. At 0 it has a **kink**. What does measuring say there?

# %%
def relu(z):
    return np.maximum(z, 0)


print(slope(relu, np.array([-2.0, 0.0, 2.0, 1000.0])))

# %% [markdown]
# At 1000 the slope is 1: no saturation on the right. At the kink we measure 0.5, the mean of both sides,
# and any number from 0 to 1 would do. Libraries, and we, take the slope on the left, 0. It hardly ever
# matters, because $z$ is hardly ever exactly 0.
#
# ReLU needs one comparison with a threshold, sigmoid an exponential. How many thresholds could you have for
# the price of one exponential? Guess; the answer is your machine's own.

# %%
def seconds(f):
    times = []
    for _ in range(100):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return np.median(times)


z, out, W = rng.normal(size=(100, 100)), np.empty((100, 100)), rng.normal(size=(100, 100))
threshold, exponential = seconds(lambda: np.maximum(z, 0.0, out=out)), seconds(lambda: np.exp(z, out=out))
print(f"one exponential for {exponential / threshold:.1f} thresholds")
print(f"one sigmoid for {seconds(lambda: sigmoid(z)) / seconds(lambda: relu(z)):.1f} ReLUs")
print(f"one product with 100 weights each for {seconds(lambda: np.matmul(z, W, out=out)) / threshold:.1f} thresholds")

# %% [markdown]
# If your first number is small, your processor computes several exponentials at once. A sigmoid also adds
# and divides. And the last line says what both are to be compared with: the layer's own product. So cheap
# is good, but good slopes matter more. Let us see by how much. What follows is a whole training loop; weeks
# 5 and 6 take it apart. For now look at two places: `g` on the way forwards, `dg`, its derivative, on the
# way back.

# %%
def fit(g, dg, sizes, X, y, lr=0.1, epochs=10, jolt=0.0, seed=0):
    rng, losses = np.random.default_rng(seed), []
    params = [(rng.normal(size=(i, o)) * np.sqrt(2 / i), np.zeros(o))
              for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
    for _ in range(epochs):
        order, total = rng.permutation(len(X)), 0.0
        for rows in np.array_split(order, len(X) // 50):
            a, seen = X[rows], []
            for W, b in params:
                z = a @ W + b
                seen.append((a, z))
                a = g(z)
            loss, d = softmax_cross_entropy(z, y[rows])
            total += loss * len(rows)
            for k in reversed(range(len(params))):
                (a, _), (W, b) = seen[k], params[k]
                params[k] = W - (lr + jolt) * a.T @ d, b - (lr + jolt) * d.sum(axis=0)
                if k > 0:
                    d = (d @ W.T) * dg(seen[k - 1][1])
            jolt = 0.0                                   # only the first step is a large one
        losses.append(total / len(X))
    return params, np.array(losses)

# %% [markdown]
# Digits, four hidden layers of 32 units, the same starting weights. Which of the three learns slowest?

# %%
X, y = digits()
X = X / 16
sizes = [64, 32, 32, 32, 32, 10]
three = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (relu, lambda z: (z > 0) * 1.0),
}
curves = {name: fit(g, dg, sizes, X, y)[1] for name, (g, dg) in three.items()}
for name, losses in curves.items():
    print(f"{name:8}", losses[[0, 4, 9]].round(2))

ax = plotting.line(np.arange(1, 11), *curves.values(), labels=list(curves), xlabel="epoch", ylabel="loss on digits")
ax.set(ylim=(0, None))
plotting.describe(
    ax,
    "Who learns? tanh and ReLU at once; four layers of sigmoid not at all in ten epochs.",
    alt="Loss over ten epochs: sigmoid stays level near 2.3; tanh falls from about 1.7 to 0.1, ReLU from about "
    "1.9 to about 0.1.",
)

# %% [markdown]
# After ten epochs sigmoid's loss still stands at $\log 10 \approx 2.3$, that of a blind guess among ten. (This loss is
# minus the logarithm of the probability that the network gives to the truth; week 5 says why.)
# tanh keeps up with ReLU here: with well-chosen starting weights (week 3) its units stay near 0. ReLU needs
# less luck, since an active unit passes the gradient on *undiminished*, at any depth (Glorot et al. 2011).
# On small photographs, Krizhevsky et al. (2012) came to a training error of 25% six times faster with ReLU
# than with tanh.

# %% [markdown]
# ## 5 · Dead units
#
# The flat left side has its price. Here is one ReLU unit that works. Then a single step that is too large
# moves its bias to -50.

# %%
inputs = rng.normal(size=(1000, 3))
w, b = np.array([1.0, -2.0, 0.5]), 0.2
for bias in (b, b - 50):
    z = inputs @ w + bias
    print((z > 0).mean(), np.abs(inputs.T @ (z > 0)).max().round(1))

# %% [markdown]
# The first column is the share of examples that wake it, the second its largest gradient if the loss asks of each
# example the same. Before, about half of the examples woke it. After, none of them does, the slope is 0 for each, and
# so is the gradient of all its weights. A step of length 0 changes nothing: **the unit is dead**, and stays so
# while its inputs stay what they are.
#
# For a whole layer we count the columns in which nothing is positive. That is your `dead_fraction`; here by
# hand:

# %%
a = relu(np.array([[0.5, -1.0, -2.0], [-0.3, -4.0, 2.0]]))
print(a, (a > 0).any(axis=0), (1 - (a > 0).any(axis=0).mean()).round(3), sep="\n")

# %% [markdown]
# Only the middle unit is dead, a third of three. (Four of the six *entries* are 0, which is a different
# thing, and healthy.)
#
# Now we kill on purpose: two hidden layers of 16 units, and a first step three hundred times as long as the
# others. Will 15 epochs of ordinary training repair it? Three different starts, to be sure.

# %%
def leaky_relu(z, alpha=0.1):
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


def elu(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)


def second_layer(params, g):
    (W1, b1), (W2, b2), _ = params
    return g(g(X @ W1 + b1) @ W2 + b2)


for name, g, jolt in [("ReLU, no jolt", relu, 0), ("ReLU", relu, 30), ("leaky ReLU", leaky_relu, 30), ("ELU", elu, 30)]:
    runs = [fit(g, lambda z, g=g: slope(g, z), [64, 16, 16, 10], X, y, epochs=15, jolt=jolt, seed=seed)
            for seed in range(3)]
    awake = [(second_layer(params, g) > 0).any(axis=0).mean() for params, _ in runs]
    print(f"{name:13} losses", [f"{losses[-1]:.2f}" for _, losses in runs],
          "never positive", [f"{1 - share:.0%}" for share in awake])

# %% [markdown]
# With ReLU the second layer is dead to the last unit, and the loss ends at 2.3 again. The **leaky ReLU**
# (Maas et al. 2013), which multiplies negative numbers by a small $\alpha$ instead of cutting them, lets a
# gradient through, and climbs out each time: a leaky unit that is never positive still learns. **ELU**,
# which we meet next, is not always saved, for far to the left it is flat as well. The better cure is not to
# take such steps.

# %% [markdown]
# ## 6 · The leaky family
#
# Some books write leaky ReLU as $\max(z, \alpha z)$. Is that the same, for every $\alpha$?

# %%
z = np.array([-2.0, 3.0])
for alpha in (0.1, 2.0):
    print(leaky_relu(z, alpha), np.maximum(z, alpha * z))

# %% [markdown]
# Only for $\alpha \le 1$. This matters once $\alpha$ is learned, in the **parametric ReLU** (He et al.
# 2015): $\alpha$ is one more parameter, and its gradient is $z$ where $z \le 0$ and 0 elsewhere. Data from
# a leak of 0.25; does gradient descent find it?

# %%
z = rng.normal(size=500)
target, alpha = np.where(z > 0, z, 0.25 * z), 0.0
for _ in range(30):
    error = leaky_relu(z, alpha) - target
    alpha -= 0.5 * np.mean(error * np.minimum(z, 0))
print(round(alpha, 3))

# %% [markdown]
# It does. The **noisy ReLU** (Nair & Hinton 2010) adds noise before it cuts, $\max(0, z + \text{noise})$,
# with variance $\sigma(z)$: a unit that is nearly off sometimes fires, and learns when it does. At
# inference one leaves the noise out.
#
# The **ELU** (Clevert et al. 2016) goes down smoothly on the left, $\alpha(e^z - 1)$, towards $-\alpha$, so
# that outputs have both signs. How close to 0 are the mean outputs of these, for inputs from $N(0, 1)$?

# %%
def selu(z):
    return 1.0507009873554805 * elu(z, alpha=1.6732632423543772)


def noisy_relu(z, rng):
    return np.maximum(z + np.sqrt(sigmoid(z)) * rng.normal(size=z.shape), 0)


z = rng.normal(size=200_000)
for g in (sigmoid, relu, leaky_relu, elu, selu):
    print(f"{g.__name__:10} mean {g(z).mean():5.2f}  variance {g(z).var():.2f}")
print("noisy ReLU at z = -1 fires in", f"{(noisy_relu(np.full(100_000, -1.0), rng) > 0).mean():.0%}")

# %% [markdown]
# (The noisy unit, off at $z = -1$, fires in 3% of the cases.) ReLU leaves a mean of 0.4, ELU 0.16, and
# **SELU** (Klambauer et al. 2017) a mean of 0 and a variance of 1: the very numbers that went in. It is an
# ELU times $\lambda = 1.0507009873554805$ with $\alpha = 1.6732632423543772$, and the two constants were
# *solved for*, so that this holds. What happens over 50 layers, with weights of variance $1/d_{in}$?

# %%
for g in (relu, np.tanh, selu):
    weights, a = np.random.default_rng(0), rng.normal(size=(200, 100))
    for _ in range(50):
        a = g(a @ weights.normal(size=(100, 100)) / 10)
    print(f"{g.__name__:5} mean {a.mean():5.2f}  standard deviation {a.std():.2g}")

# %% [markdown]
# SELU's signal arrives with its spread; tanh's has shrunk, and ReLU's is gone. (With its own starting
# weights ReLU fares better: week 3.)

# %% [markdown]
# ## 7 · Move the numbers
#
# If this notebook is live, drag the sliders. Which $\alpha$ makes ELU smooth at 0? Which turns a leaky ReLU
# into the identity?

# %%
grid = np.linspace(-5, 5, 201)


def draw_alpha(alpha):
    ax = plotting.line(grid, leaky_relu(grid, alpha), elu(grid, alpha),
                       labels=["leaky ReLU", "ELU"], xlabel="z", title=f"alpha = {alpha:.2f}")
    ax.set(ylim=(-3, 5))
    plotting.describe(
        ax, "What does alpha do? For leaky ReLU it is the slope on the left, for ELU the depth.",
        alt=f"Leaky ReLU and ELU for alpha = {alpha:.2f}: on the right both are the identity; on the left leaky ReLU "
        f"is a line of slope {alpha:.2f}, and ELU sinks towards {-alpha:.2f}.")


widget = interact(draw_alpha, alpha=FloatSlider(value=0.5, min=0, max=2, step=0.05))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), sharey=True)
alphas = [0.2, 1.0, 2.0]
labels = [f"alpha = {alpha}" for alpha in alphas]
curves = [leaky_relu(grid, alpha) for alpha in alphas]
plotting.line(grid, *curves, ax=left, xlabel="z", title="leaky ReLU")
curves = [elu(grid, alpha) for alpha in alphas]
plotting.line(grid, *curves, labels=labels, ax=right, xlabel="z", title="ELU")
left.set(ylim=(-3, 5))
plotting.describe(
    figure,
    "The same without a slider: alpha is the slope on the left, or the depth. With alpha = 1 ELU has no corner.",
    alt="Left: leaky ReLU for alpha 0.2, 1 and 2, lines of these slopes left of 0; for 1 it is a straight line. "
    "Right: ELU, sinking towards -0.2, -1 and -2; only for 1 does it pass 0 without a corner.",
)

# %% [markdown]
# ## 8 · Smooth relatives: softplus, GELU, Swish
#
# **Softplus**, $\log(1 + e^z)$, rounds off ReLU's corner (Dugas et al. 2001). Its derivative is an old
# friend; which?

# %%
def softplus(z):
    return np.log(1 + np.exp(z))


z = np.array([-2.0, 0.0, 3.0])
print(slope(softplus, z), sigmoid(z), sep="\n")

# %% [markdown]
# The sigmoid. **GELU** (Hendrycks & Gimpel 2016), $z\,\Phi(z)$, weighs $z$ by the probability that a
# standard normal number lies below it; **Swish**, $z\,\sigma(\beta z)$, does it with a sigmoid. The product
# rule gives Swish's slope:
#
# $$g'(z) = \underbrace{1 \cdot \sigma(\beta z)}_{\text{slope of the first factor}} +
#   \underbrace{z \cdot \beta\, \sigma(\beta z)\big(1 - \sigma(\beta z)\big)}_{\text{slope of the second factor}}$$

# %%
def swish(z, beta=1.0):
    return z * sigmoid(beta * z)


def swish_slope(z, beta=1.0):
    s = sigmoid(beta * z)
    return s + z * beta * s * (1 - s)


print(swish_slope(z, 1.5), slope(lambda z: swish(z, 1.5), z), sep="\n")

# %% [markdown]
# You can read that Swish is "non-negative, like ReLU". Look for its lowest point:

# %%
fine = np.linspace(-6, 6, 120_001)
a = swish(fine)
print(fine[a.argmin()].round(4), a.min().round(4), (np.diff(a) < 0).any())

# %% [markdown]
# It is **not** non-negative: the minimum is -0.2785, at $z = -1.2785$. Nor is it monotonic, for it falls
# before it rises. And $\beta$? Predict the values at -2 and 2 for $\beta = 0$ and for a very large $\beta$.

# %%
for beta in (0.0, 1.0, 100.0):
    print(beta, swish(np.array([-2.0, 2.0]), beta))
s = sigmoid(2.0)
print(round(slope(lambda beta: swish(2.0, beta), 1.0), 6), round(2.0**2 * s * (1 - s), 6))

# %% [markdown]
# $\beta = 0$ gives the line $z/2$, a large $\beta$ comes to ReLU. In between, a network may *learn*
# $\beta$: the slope in this direction is $z^2\,\sigma(1 - \sigma)$, as the last line confirms at $z = 2$.

# %%
def draw_beta(beta):
    ax = plotting.line(grid, swish(grid, beta), swish_slope(grid, beta),
                       labels=["Swish", "its slope"], xlabel="z", title=f"beta = {beta:.1f}")
    ax.set(ylim=(-1, 5))
    plotting.describe(ax, "What does beta do? It bends a straight line into a ReLU.",
                      alt=f"Swish and its slope for beta = {beta:.1f}.")


widget = interact(draw_beta, beta=FloatSlider(value=1, min=0, max=8, step=0.1))

# %%
betas = [0.0, 0.5, 1.0, 8.0]
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
labels = [f"beta = {beta}" for beta in betas]
curves = [swish(grid, beta) for beta in betas]
plotting.line(grid, *curves, labels=labels, ax=left, xlabel="z", title="Swish")
curves = [swish_slope(grid, beta) for beta in betas]
plotting.line(grid, *curves, ax=right, xlabel="z", title="its slope")
plotting.describe(
    figure,
    "The same without a slider: from the line z/2 to ReLU. The slope rises above 1 and falls below 0 on the way.",
    alt="Left: Swish for beta 0, a straight line through 0 with slope one half; for 0.5 and 1, curves with a "
    "shallow dip left of 0; for 8, almost ReLU. Right: their slopes, from constant 0.5 to almost a step from "
    "0 to 1 with an overshoot on both sides.",
)

# %% [markdown]
# ## 9 · Searching for formulas
#
# Swish came out of a search: Ramachandran et al. (2017) had a computer combine small formulas, train a
# network with each, and keep the best. (With $\beta = 1$ it had been written down before, as SiLU:
# Hendrycks & Gimpel 2016.) We can do that in seconds: products of two formulas, on three interlocking
# spirals, with *measured* slopes. Which products will lose?

# %%
formulas = {"1": np.ones_like, "z": np.positive, "sigmoid": sigmoid, "relu": relu, "sin": np.sin, "tanh": np.tanh}
arms, arm = spirals(600, rng=np.random.default_rng(0))
scores, names = {}, list(formulas)
for i, first in enumerate(names):
    for second in names[i:]:
        def g(z, f=formulas[first], h=formulas[second]):
            return np.clip(f(z) * h(z), -20, 20)         # z * z would explode

        _, losses = fit(g, lambda z, g=g: slope(g, z), [2, 16, 16, 3], arms, arm, lr=0.3, epochs=40)
        scores[f"{first} * {second}"] = losses[-1]
ranking = sorted(scores, key=scores.get)
print(len(scores), [f"{name}: {scores[name]:.2f}" for name in ranking[:5]], sep="\n")
print([f"{name}: {scores[name]:.2f}" for name in ranking if name in ("1 * relu", "z * sigmoid", "1 * z", "1 * 1")])

# %% [markdown]
# Without an input (`1 * 1`) nothing is learned, and without a bend (`1 * z`) little. But many bends work,
# and on this small task some even beat ReLU and Swish. That is a warning too: the winner of a search is the
# winner *on its task*. Swish won on far larger image networks.

# %% [markdown]
# ## 10 · All of them, with their slopes
#
# Derive, keep the result, compare: here is each function with its derivative. Do all agree with measured
# slopes? (The **identity** is in the family too: it is what a network that predicts plain numbers ends
# with.)

# %%
def Phi(z):
    return np.array([math.erfc(-t / math.sqrt(2)) / 2 for t in z])


family = {
    "identity": (lambda z: z, np.ones_like),
    **three,
    "leaky ReLU": (lambda z: leaky_relu(z, 0.01), lambda z: (z > 0) + 0.01 * (z <= 0)),
    "PReLU, alpha = 0.25": (lambda z: leaky_relu(z, 0.25), lambda z: (z > 0) + 0.25 * (z <= 0)),
    "ELU": (elu, lambda z: np.exp(np.minimum(z, 0))),
    "SELU": (selu, lambda z: 1.0507009873554805 * ((z > 0) + 1.6732632423543772 * (z <= 0) * np.exp(-np.abs(z)))),
    "softplus": (softplus, sigmoid),
    "GELU": (lambda z: z * Phi(z), lambda z: Phi(z) + z * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)),
    "Swish": (swish, swish_slope),
}
z = np.linspace(-4, 4, 100)                              # an even number of points: none at the kink
print(len(family), max(np.abs(dg(z) - slope(g, z)).max() for g, dg in family.values()) < 1e-9)

figure, panels = plt.subplots(3, 4, figsize=(9, 6.4), sharex=True)
for ax, (title, (g, dg)) in zip(panels.flat[:-1], family.items(), strict=True):
    plotting.line(grid, g(grid), dg(grid), ax=ax, title=title)
noisy = noisy_relu(grid, np.random.default_rng(0))
panels[-1, -1].plot(grid, noisy, ".", grid, (noisy > 0) * 1.0, ".", markersize=3)
panels[-1, -1].set(title="noisy ReLU, one draw")
for ax in panels.flat:
    ax.set(ylim=(-2.2, 3.2))
for ax in panels[-1]:
    ax.set_xlabel("z")
figure.legend(panels[0, 0].get_lines(), ["function", "slope"], loc="outside upper right", ncols=2)
plotting.describe(
    figure,
    "Which slopes reach 0? Sigmoid's and tanh's on both sides, ReLU's, ELU's and their smooth relatives' on the left.",
    alt="Twelve panels over z from -5 to 5, each with a function and its slope: identity, sigmoid, tanh, ReLU, "
    "leaky ReLU, PReLU with alpha 0.25, ELU, SELU, softplus, GELU, Swish and one draw of noisy ReLU, which "
    "scatters around ReLU and jumps to 0 and back near z = 0.",
)

# %% [markdown]
# ## 11 · Softmax
#
# The activations so far look at one number. **Softmax** looks at a whole row and makes probabilities of it,
# $p_i = e^{z_i} / \sum_j e^{z_j}$. What if we add 100 to every entry?

# %%
z = np.array([1.0, 2.0, 4.0])
e, shifted = np.exp(z), np.exp(z + 100)
print(e / e.sum(), shifted / shifted.sum())

# %% [markdown]
# Nothing changes: $e^{100}$ stands above and below the fraction bar.
#
# Each output depends on each input, so the derivative is a table, the **Jacobian**: $\partial p_i /
# \partial z_j = p_i(1 - p_i)$ if $i = j$, else $-p_i p_j$. What does each row add up to?

# %%
def softmax_of_one(z):
    return np.exp(z) / np.exp(z).sum()


p = softmax_of_one(z)
J = np.diag(p) - np.outer(p, p)
columns = [slope(lambda t, j=j: softmax_of_one(z + t * np.eye(3)[j]), 0.0) for j in range(3)]
print(J, np.abs(J - np.column_stack(columns)).max() < 1e-9, np.abs(J.sum(axis=1)).max() < 1e-15, sep="\n")

# %% [markdown]
# To 0, since a shift of all inputs changes nothing; and the formula agrees with measuring.

# %%
p = np.array([softmax_of_one(np.array([t, 0.0, 1.0])) for t in grid])
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
plotting.line(grid, *p.T, labels=["of z", "of 0", "of 1"], ax=left, xlabel="z",
              ylabel="probability", title="softmax of (z, 0, 1)")
of_z = np.array([1.0, 0.0, 0.0])
plotting.line(grid, *(p[:, :1] * (of_z - p)).T, ax=right, xlabel="z", title="slope with respect to z")
plotting.describe(
    figure,
    "What one class wins the others lose: the three slopes add up to 0 everywhere.",
    alt="Left: over z from -5 to 5 the probability of the first class rises from 0 to nearly 1 in an S; the two "
    "others fall, that of 1 from 0.73 and that of 0 from 0.27. Right: one positive bell and two negative "
    "ones.",
)

# %% [markdown]
# ## 12 · At plus and minus 1000
#
# So far $z$ was small. Early in training, or after a jolt, it is not. What does our sigmoid do at ±1000? We
# ask NumPy to stop where it would otherwise warn.

# %%
for z in (1000.0, -1000.0):
    for name, formula in [("1 / (1 + exp(-z))", lambda z: 1 / (1 + np.exp(-z))),
                          ("exp(z) / (1 + exp(z))", lambda z: np.exp(z) / (1 + np.exp(z)))]:
        with np.errstate(over="raise"):
            try:
                print(z, name, formula(np.float64(z)))
            except FloatingPointError as problem:
                print(z, name, problem)

# %% [markdown]
# $e^{1000}$ is larger than any float; $e^{-1000}$ is a harmless 0. The two formulas are equal on paper, and
# each is safe on one side: *never take the exponential of a positive number*. That is all there is to it,
# and your assignment asks for it.
#
# For softmax, the shift that changes nothing comes to the rescue. By how much would you shift $(1000, 999,
# -1000)$?

# %%
z = np.array([1000.0, 999.0, -1000.0])
e = np.exp(z - z.max())
p = e / e.sum()
print(p, z - z.max() - np.log(e.sum()), sep="\n")

# %% [markdown]
# By the largest entry: the largest exponent is then 0. The third probability has become an exact 0, which
# is fine, unless somebody takes its logarithm, as most losses of week 5 do. But $\log (e^{z_i} / \sum_j
# e^{z_j}) = z_i - \log \sum_j e^{z_j}$ needs no quotient: the second line is this **log-softmax**, with
# -2000.3133 in place of minus infinity.
#
# **Self-check.** What is the log-softmax of $(1000, 1000)$? Give the first entry.

# %%
entry = ...

# %% tags=["hide-input"]
ask("entry", Number("-0.69314718056", tolerance=1e-3, wrong=(
    WrongAnswer("0.5", "That is the softmax. What is its logarithm?"),
    WrongAnswer("0", "How many classes share the probability?"),
)))

# %% [markdown]
# ## Summary
#
# - Slopes multiply on the way back. Sigmoid's is at most 1/4, tanh's at most 1, both at 0; far from 0 they
#   vanish: saturation.
# - Sigmoid is always positive, and near 0 it is $\frac12 + \frac z4$.
# - ReLU is cheap and has slope 1 wherever it is active. One step that is too large may kill a unit for
#   good: measure the dead fraction. Leaky relatives keep a gradient.
# - ELU, SELU, softplus, GELU and Swish are smoother, and cost an exponential. Swish dips to -0.2785.
# - Softmax ignores a shift. Subtract the largest entry, and take log-softmax where a logarithm is needed.
# - To begin with: ReLU in hidden layers, softmax for classes, sigmoid for yes or no, the identity for
#   numbers.
#
# ## Exercises
#
# The graded ones are in the assignment. These are for pencil, paper and a quiet hour.
#
# 1. Show that $\sigma(-z) = 1 - \sigma(z)$. What follows for the slope?
# 2. Which $\alpha$ makes the leaky ReLU useless, and why?
# 3. Compute GELU's slope with the product rule. ($\Phi' = e^{-z^2/2} / \sqrt{2\pi}$.)
# 4. In section 5, find the smallest jolt that kills the second layer. Does another seed change the answer?
# 5. Put 50 layers of ELU into the last cell of section 6. Predict mean and spread first.
#
# ## References
#
# - Clevert, Unterthiner & Hochreiter (2016). Fast and accurate deep network learning by exponential linear
#   units (ELUs). ICLR.
# - Dugas, Bengio, Bélisle, Nadeau & Garcia (2001). Incorporating second-order functional knowledge for
#   better option pricing. NIPS.
# - Glorot, Bordes & Bengio (2011). Deep sparse rectifier neural networks. AISTATS.
# - He, Zhang, Ren & Sun (2015). Delving deep into rectifiers. ICCV.
# - Hendrycks & Gimpel (2016). Gaussian error linear units (GELUs). arXiv:1606.08415.
# - Klambauer, Unterthiner, Mayr & Hochreiter (2017). Self-normalizing neural networks. NIPS.
# - Krizhevsky, Sutskever & Hinton (2012). ImageNet classification with deep convolutional neural networks.
#   NIPS.
# - Maas, Hannun & Ng (2013). Rectifier nonlinearities improve neural network acoustic models. ICML
#   workshop.
# - Nair & Hinton (2010). Rectified linear units improve restricted Boltzmann machines. ICML.
# - Ramachandran, Zoph & Le (2017). Searching for activation functions. arXiv:1710.05941.
