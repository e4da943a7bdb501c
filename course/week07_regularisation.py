# %% [markdown]
# # Week 7 · Regularisation, dropout and batch normalisation
#
# A network with more weights than examples can learn its examples by heart, mistakes included. What keeps
# it from doing so? This week has half a dozen answers, and a test for each: several starts, error bars, and
# the courage to say when something does not help.
#
# **After this lecture you can**
#
# - split an error into bias, variance and noise, and say which of them a regulariser trades for which;
# - put a price on weights (L2, L1, elastic net) or a bound (max-norm), and say which prior it stands for;
# - write dropout and batch normalisation, forwards, backwards and at inference;
# - use a residual connection, clipping and early stopping;
# - compare methods honestly, over several seeds.
#
# You need weeks 1 to 6. As always: **predict**, then run.

# %%
import itertools

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatLogSlider, FloatSlider, interact

from coursekit import plotting
from coursekit.datasets import digits
from coursekit.desk import Choice, Number, WrongAnswer, ask
from coursekit.functions.activations import relu, softmax
from coursekit.functions.batches import minibatches
from coursekit.functions.counting import count_mlp
from coursekit.functions.gradients import clip_by_norm, numerical_gradient
from coursekit.functions.initializers import he_normal
from coursekit.functions.losses import softmax_cross_entropy
from coursekit.functions.optimizers import adam, adamw

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## From earlier weeks
#
# Two questions on weeks 3 and 4, which today builds on. Answer without looking them up.
#
# **Self-check.** Fifty independent terms have a variance of 0.5 each. What is the variance of their sum?

# %%
sum_variance = ...

# %% tags=["hide-input"]
ask("sum_variance", Number("50 * 0.5", wrong=(
    WrongAnswer("50**2 * 0.5", "That is fifty times one and the same term."),
    WrongAnswer("0.5", "Is the sum of fifty dice as sure as one die?"),
)))

# %% [markdown]
# **Self-check.** A network was trained on standardised images, and now one new image arrives. Which mean is taken away:
# **a** its own, **b** that of the training images, or **c** none?

# %%
mean_used = ...

# %% tags=["hide-input"]
ask("mean_used", Choice("b", options="abc", wrong=(
    WrongAnswer("a", "What is left of a single row minus its own mean?"),
    WrongAnswer("c", "Where did zero lie in training, and where would it lie now?"),
)))

# %% [markdown]
# ## 1 · Bias and variance
#
# Twelve noisy measurements of a sine, and polynomials to fit them. The same experiment 300 times, with new
# noise each time. Which degree comes closest to the truth: 1, 3 or 9?

# %%
rng = np.random.default_rng(0)
x, grid = np.linspace(-1, 1, 12), np.linspace(-1, 1, 101)
truth = np.sin(np.pi * grid)
samples = np.sin(np.pi * x) + rng.normal(0, 0.4, size=(300, 12))


def fits(degree, C=0.0):
    A, A_grid = (np.vander(points, degree + 1, increasing=True) for points in (x, grid))
    w = np.linalg.solve(A.T @ A + C * np.eye(degree + 1), A.T @ samples.T)     # C is 0 until section 2
    return (A_grid @ w).T                     # one row for each of the 300 experiments


def bias_and_variance(curves):
    return np.array([((curves.mean(axis=0) - truth) ** 2).mean(), curves.var(axis=0).mean()])


for degree in (1, 3, 9):
    print(degree, bias_and_variance(fits(degree)), ((fits(degree) - truth) ** 2).mean().round(4))

# %% [markdown]
# Degree 3. The expected squared error, in the last column, is the sum of the two before. **Bias**, squared (not the
# $b$ of a layer, which has the same name): how far is the *mean* of all fits from the truth? The line has 0.2174,
# whatever the data. **Variance**: how far do the fits scatter? Degree 9 has no bias worth mentioning and nine times
# the variance of the line. (A third part, the noise in new measurements, nobody can avoid.)
#
# Why a plain sum? Split the error of a fit $f$ in two, with $\bar f$ for the mean of all fits and $t$ for the truth:
# $f - t = (f - \bar f) + (\bar f - t)$. The square of the right side has a mixed term, $2 (f - \bar f)(\bar f - t)$;
# its second factor is the same for all fits and the first is 0 on average, so it vanishes.

# %%
figure, panels = plt.subplots(1, 3, figsize=(9, 3), sharey=True)
for ax, degree in zip(panels, (1, 3, 9), strict=True):
    ax.plot(grid, fits(degree)[:20].T, color=plotting.SKY, linewidth=0.8, linestyle="-")
    plotting.line(grid, truth, labels=["truth"] if degree == 1 else None, ax=ax, xlabel="x", title=f"degree {degree}")
    ax.set(ylim=(-2, 2))
plotting.describe(
    figure,
    "Where does the error come from? Left all fits agree and are wrong, right each follows its own noise.",
    alt="Three panels with twenty fitted curves each and the true sine. Degree 1: straight lines close together, far "
    "from the sine. Degree 3: a band around the sine. Degree 9: curves that swing widely, most of all at the ends.",
)

# %% [markdown]
# **Regularisation** is whatever we do to lower the variance at a price in bias. It is *explicit* where we
# add something for this purpose (all of sections 2 to 6), and *implicit* where it comes with the way of
# training. Here is an implicit one: five examples, ten weights, so infinitely many solutions. Gradient
# descent starts at 0. Which solution does it find?

# %%
A, t = rng.normal(size=(5, 10)), rng.normal(size=5)
w = np.zeros(10)
for _ in range(3000):
    w -= 0.03 * A.T @ (A @ w - t)
shortest = np.linalg.pinv(A) @ t
other = shortest + np.linalg.svd(A)[2][-1]            # moved along a direction that A does not see
print(np.abs(A @ w - t).max() < 1e-9, np.abs(A @ other - t).max() < 1e-9)
print(np.abs(w - shortest).max() < 1e-9, np.linalg.norm(w).round(4), np.linalg.norm(other).round(4))

# %% [markdown]
# The shortest of all solutions, though nobody asked for short weights.
#
# ## 2 · A price on weights
#
# Now we ask. To the loss we add $\frac12 C \sum w^2$, the **L2 penalty**. Degree 9 again:

# %%
for C in (0, 0.001, 0.01, 0.1, 1, 10):
    bias, variance = bias_and_variance(fits(9, C))
    print(f"C = {C:<6} bias {bias:.4f}  variance {variance:.4f}  sum {bias + variance:.4f}")

# %% [markdown]
# The variance falls, the bias rises, and somewhere between their sum is lowest: at 0.01 it is 0.0654, less
# than a third of the 0.2112 without a price. Which $C$ is best depends on the data; a validation set has to
# tell.
#
# Why squares? Suppose that, before any data, weights are believed to be normally distributed with variance
# $1/C$: the **prior**. Maximum likelihood (week 5) becomes **MAP**, maximum a posteriori: maximise likelihood *times*
# prior, so minimise the loss minus the log prior. What is minus the logarithm of that density, compared
# with its value at 0?

# %%
C, w = 0.25, np.array([0.5, 2.0, -3.0])
density = np.sqrt(C / (2 * np.pi)) * np.exp(-C * w**2 / 2)
print(-np.log(density) + np.log(np.sqrt(C / (2 * np.pi))), C * w**2 / 2)

# %% [markdown]
# The penalty. (A prior that falls like $e^{-C|w|}$ gives the L1 penalty of section 3. In a loss that is a
# *mean* over $n$ examples, the prior's part is divided by $n$ as well.) The $\frac12$ is there for
# prettiness: the gradient is $Cw$. A step of gradient descent on the penalty alone is
# $w - \eta C w = (1 - \eta C) w$, hence the name **weight decay** (Krogh & Hertz 1992). You may meet
# `W += -C * W`. What is wrong with it?

# %%
C = 0.01
for lr in (0.1, 0.01):
    steps = int(1 / lr)                       # the same distance in all: lr times steps is 1
    print(lr, round((1 - lr * C) ** steps, 3), round((1 - C) ** steps, 3))

# %% [markdown]
# With the learning rate (first number) a run with ten times smaller steps comes to the same. Without it,
# the slower run decays to 0.366 instead of 0.904, and no schedule can calm it.
#
# **Self-check.** $w = 4$, $C = 0.5$, `lr` = 0.1, and the data's gradient is 0. Where is $w$ after one step?

# %%
decayed = ...

# %% tags=["hide-input"]
ask("decayed", Number("4 * (1 - 0.1 * 0.5)", wrong=(
    WrongAnswer("4 * (1 - 0.5)", "Where is the learning rate?"),
    WrongAnswer("4 * (1 - 0.1)", "What is the derivative of ½ · 0.5 · w²?"),
)))

# %% [markdown]
# ## 3 · L1, and both
#
# The **L1 penalty** (Tibshirani 1996) is $C \sum |w|$, without a $\frac12$: the derivative of $|w|$ is the
# sign of $w$, and there is no 2 to cancel. Take one weight whose data want it at $a$, loss
# $\frac12 (w - a)^2$, and try all $w$. What becomes of $a = 2$ and of $a = 0.3$?

# %%
ws = np.linspace(-3, 3, 6001)


def best(a, l1, l2):
    return ws[((ws - a) ** 2 / 2 + l1 * np.abs(ws) + l2 / 2 * ws**2).argmin()].round(3)


for a in (2.0, 0.3):
    print(a, "L2:", best(a, 0, 0.5), " L1:", best(a, 0.5, 0), " both:", best(a, 0.5, 0.5))

wanted = np.linspace(-2, 2, 81)
ax = plotting.line(wanted, wanted, *([best(a, *price) for a in wanted] for price in ((0, 0.5), (0.5, 0), (0.5, 0.5))),
                   labels=["no price", "L2", "L1", "both"], xlabel="weight that the data want", ylabel="weight chosen")
plotting.describe(
    ax,
    "Which price makes weights exactly 0? L1: it is flat around 0. L2 only makes the line less steep.",
    alt="Chosen against wanted weight from -2 to 2. Without a price the diagonal; L2 a line through 0 of slope 2/3; "
    "L1 zero between -0.5 and 0.5, then parallel to the diagonal; both: zero there too, then of slope 2/3.",
)

# %% [markdown]
# L2 divides by $1 + C$. L1 subtracts $C$ and stops at 0: small weights vanish, the solution is **sparse**.
# L2 **spreads out**: if two inputs are copies, only the sum of their weights matters. Compare (1, 0) with
# (½, ½):

# %%
for w in (np.array([1.0, 0.0]), np.array([0.5, 0.5])):
    print(w, "L1", np.abs(w).sum(), " L2", (w**2).sum() / 2)

# %% [markdown]
# To L1 they are the same, L2 prefers to share. The sum of both is the **elastic net** (Zou & Hastie 2005):
# sparse, yet copies share.
#
# Beware of a letter. A support vector machine minimises $\frac12 w^2 + C \cdot$ (the sum of its *slacks*,
# the hinge losses). Does a larger $C$ regularise more there?

# %%
points, labels = np.array([0.5, 1.0, -1.0, 0.2]), np.array([1, 1, -1, -1])
slacks = np.maximum(0, 1 - labels * points * ws[:, None]).sum(axis=1)
for C in (0.1, 1, 10):
    print(C, ws[(ws**2 / 2 + C * slacks).argmin()].round(2))

# %% [markdown]
# Less: the weight *grows* with $C$. There $C$ is the price of errors on the data, not of weights.
#
# ## 4 · Who pays, and through which optimiser
#
# Do biases pay? A line through points that lie around 100, with and without a price on the bias:

# %%
x1 = np.linspace(-1, 1, 20)
target, A = 100 + 3 * x1 + rng.normal(0, 0.1, 20), np.column_stack([x1, np.ones(20)])
for payers in ([1, 0], [1, 1]):
    print(payers, np.linalg.solve(A.T @ A + np.diag(payers), A.T @ target))

# %% [markdown]
# If the bias pays too, the line is nearly 5 too low, everywhere, and no simpler for it. A large weight
# makes a function steep; a large bias only moves it. So **biases are left alone**.
#
# Next, the optimiser. Under plain descent, L2 in the loss and weight decay are the same. Under Adam (week
# 6)? Two weights of 1 with noisy gradients around 0, one a thousand times as large as the other.

# %%
noise = np.random.default_rng(1).choice([-1.0, 1.0], size=(2000, 1)) * np.array([10.0, 0.01])
W1 = W2 = np.ones(2)
state1 = state2 = (np.zeros(2), np.zeros(2))
for step, dW in enumerate(noise, start=1):
    W1, *state1 = adam(W1, dW + 0.1 * W1, *state1, step, lr=0.001)
    W2, *state2 = adamw(W2, dW, *state2, step, lr=0.001, weight_decay=0.1)
print("L2 in the loss", W1, " weight decay", W2)

# %% [markdown]
# Weight decay shrinks both alike, by the factor $e^{-0.2} = 0.82$, up to noise. The penalty's gradient is
# divided by the size of the data's, like everything in Adam: next to large gradients it counts for nearly
# nothing, next to small ones it takes all (Loshchilov & Hutter 2019).
#
# ## 5 · A bound: max-norm
#
# No price, but a fence: after each update, the weights that lead into one unit, **a column** of $W$, are
# shortened if they are longer than a limit.

# %%
W = rng.normal(size=(4, 3)) * np.array([0.3, 1.0, 5.0])
length = np.linalg.norm(W, axis=0)
fenced = W * np.minimum(1, 2 / length)
print(length, np.linalg.norm(fenced, axis=0), fenced[:, 2] / W[:, 2])

# %% [markdown]
# Short columns stay as they are, the long one becomes 2 and keeps its direction. Doing it again changes
# nothing: it is a **projection**. Whatever the learning rate, weights cannot run away.
#
# ## 6 · Dropout
#
# Hinton et al. (2012): in each training step, switch each hidden unit off with probability `rate`, independently of
# the others. No unit can rely on another one being there. What is left of the mean?

# %%
rate, a = 0.25, np.full(100_000, 3.0)
kept = rng.random(a.shape) >= rate
print((a * kept).mean().round(2), (a * kept / (1 - rate)).mean().round(2), (a * kept * (1 - rate)).mean().round(2))

# %% [markdown]
# Three quarters, 2.25 up to chance; the layer above would see other inputs in training than afterwards.
# **Vanilla** dropout repairs it at inference and multiplies by $1 - \text{rate}$ there. **Inverted**
# dropout repairs it at once and divides while training, so that $E[Y] = X$ and inference has nothing to do.
# The third number is what one gets by multiplying at the wrong time. Keras and PyTorch use the inverted
# form; but some texts call the share that is *kept* p. Read before you type.
#
# The mean is kept. What changes is the spread. A unit above adds up what is left of its inputs, and the sum differs
# from mask to mask. Fifty terms, 5 in all: which rate makes the sum spread twice as far as the rate ½ does? Guess, then
# move the slider.

# %%
terms = np.random.default_rng(1).uniform(0, 0.2, size=50)
terms *= 5 / terms.sum()


def sums(rate, masks=4000):
    kept = np.random.default_rng(2).random((masks, 50)) >= rate
    return (kept / (1 - rate)) @ terms


def spread(rate):
    total = sums(rate)
    ax = plotting.axes(xlabel="sum of what is left, scaled up", ylabel="share of the masks")
    ax.hist(total, bins=np.linspace(-0.125, 15.125, 62), weights=np.full(4000, 1 / 4000), color=plotting.BLUE)
    ax.axvline(5, color=plotting.BLACK, linewidth=1, linestyle="--")
    ax.set(ylim=(0, 0.4))
    words = f"mean {total.mean():.1f}, deviation {total.std():.2f}"
    plotting.describe(ax, f"Dropping {rate:.0%}: {words}.", alt=f"Histogram of the sum over 4,000 masks, {words}.")


widget = interact(spread, rate=FloatSlider(value=0.5, min=0, max=0.9, step=0.05))

# %% [markdown]
# The same standing still, and why. A term $x$ becomes $x / (1 - p)$ with probability $1 - p$ and 0
# otherwise ($p$ is the rate). So $E[Y^2] = x^2 / (1 - p)$, and $\operatorname{Var} Y = E[Y^2] - x^2 =
# x^2\, p / (1 - p)$. Variances of independent terms add up (week 3): the deviation of the sum is $\sqrt{p
# / (1 - p)}$ times the length of the vector of terms.

# %%
rates = np.arange(0, 1, 0.05)
measured, theory = [sums(rate).std() for rate in rates], np.sqrt(rates / (1 - rates)) * np.linalg.norm(terms)
ax = plotting.line(rates, measured, theory, labels=["measured", "$\\sqrt{p/(1-p)}$ · length"], xlabel="rate p",
                   ylabel="deviation of the sum")
plotting.describe(
    ax,
    "What does a higher rate cost? Up to ½ little; then the noise grows ever faster.",
    alt="Deviation of the sum over the rate from 0 to 0.95; measured and computed curves coincide. They rise from 0 to "
    "about 0.8 at one half, 1.6 at 0.8, and steeply to about 3.5 at 0.95.",
)
print(np.sqrt(np.array([0.5, 0.8, 0.9]) / (1 - np.array([0.5, 0.8, 0.9]))))

# %% [markdown]
# Factor 1 at ½, 2 at 0.8, 3 at 0.9. This noise is what regularises, and what makes learning slow.
#
# Which sub-network was that? With ten units there are $2^{10}$. Let us run **all** of them, for one hidden
# layer of ten and rate ½, and compare their mean with the one pass that inference makes.

# %%
hidden, V = relu(rng.normal(size=10)), rng.normal(size=(10, 3))
masks = np.array(list(itertools.product([0, 2], repeat=10)))            # 2 is 1 / (1 - 0.5)
logits = (masks * hidden) @ V
print("mean of the logits   ", logits.mean(axis=0), hidden @ V)
print("mean of probabilities", softmax(logits).mean(axis=0), softmax(hidden @ V))

# %% [markdown]
# For the logits, which are linear in the mask, inference gives the mean of the **ensemble** of 1024
# networks (Srivastava et al. 2014). For the probabilities it does not, since softmax is not linear: the one
# pass is surer of the third class (0.9984) than the networks are on average (0.8826). But try the
# *geometric* mean, rescaled to sum 1:

# %%
geometric = np.exp(np.log(softmax(logits)).mean(axis=0))
print(geometric / geometric.sum(), softmax(hidden @ V))

# %% [markdown]
# Equal: in a network with one hidden layer the scaled pass is exactly the rescaled geometric mean. With
# more layers it **approximates** that too.
#
# Backwards, $Y = X \cdot \text{mask}$ is a multiplication, and multiplication swaps. It has to be the
# *same* mask. What does measuring say, for a loss $\sum Y^2$?

# %%
X = np.array([1.0, 2.0, 3.0, 4.0])
mask = np.array([0.0, 2.0, 2.0, 0.0])
print(numerical_gradient(lambda X: ((X * mask) ** 2).sum(), X), 2 * X * mask * mask)
print(2 * X * mask * np.array([2.0, 2.0, 0.0, 0.0]), "with a mask drawn anew")

# %% [markdown]
# A mask can also be smaller than what it is for: with `noise_shape` (1, d) each column is dropped for the
# whole batch, and in images one drops whole channels.

# %%
print(np.ones((3, 6)) * (rng.random((1, 6)) >= 0.5) / 0.5)

# %% [markdown]
# **Self-check.** `rate` is 0.2. By what is a unit multiplied that is kept?

# %%
factor = ...

# %% tags=["hide-input"]
ask("factor", Number("1 / (1 - 0.2)", wrong=(
    WrongAnswer("1 - 0.2", "Is the mean too small or too large after dropping?"),
    WrongAnswer("1 / 0.2", "With which probability is a unit kept?"),
)))

# %% [markdown]
# ## 7 · Batch normalisation
#
# Week 3 chose weights so that signals *start* with a good spread. Ioffe & Szegedy (2015) keep it so at
# every step: they standardise each unit, as week 4 did with columns of data, over the rows of the batch:
#
# $$\hat z = \frac{z - \mu}{\sqrt{v + \varepsilon}}, \qquad y = \gamma \hat z + \beta .$$
#
# It stands between the affine map and the non-linearity. $\gamma$ and $\beta$ are learned (this $\beta$ has nothing
# to do with momentum's); they can give back any mean and spread that the network wants.

# %%
def batchnorm(z, gamma, beta, eps=1e-3):
    return gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps) + beta


z, gamma, beta = rng.exponential(2, size=(1000, 2)), np.array([1.0, 3.0]), np.array([0.0, 5.0])
y = batchnorm(z, gamma, beta)
print(y.mean(axis=0), y.std(axis=0), np.abs(batchnorm(z + 7, gamma, beta) - y).max() < 1e-9)

# %% [markdown]
# Mean $\beta$, deviation $|\gamma|$ (nearly: $\varepsilon$). And a bias of 7 before it changes nothing, for
# the mean takes it away again: layers before batch normalisation need no biases, $\beta$ does their work.
#
# These $z$ are strongly skewed. Are the normalised ones normal? We measure the skewness, the mean cube of
# standardised values, which is 0 for a normal distribution.

# %%
print([float(((v - v.mean()) ** 3).mean() / v.std() ** 3).__round__(4) for v in (z[:, 0], y[:, 0])])

# %% [markdown]
# As skewed as before. Batch normalisation *standardises*; it makes nothing Gaussian (nor units independent
# of each other).
#
# **At inference** there may be only one example. Its own mean is itself, so $\hat z = 0$:

# %%
print(batchnorm(z[:1], gamma, beta), batchnorm(z[1:2], gamma, beta))

# %% [markdown]
# $\beta$, whatever came in. So while training one keeps **running averages** of mean and variance, and uses
# them later; inference never changes them. Keras: running = 0.99 running + 0.01 batch. How far is the
# running mean after 100 and after 500 steps, if it starts at 0 and each batch has mean 1?

# %%
running = np.zeros(501)
for step in range(1, 501):
    running[step] = 0.99 * running[step - 1] + 0.01 * 1
print(running[[100, 500]], round(200 / 199, 3))

# %% [markdown]
# 63%, 99%: evaluate too early and it looks as if batch normalisation failed. What Keras calls momentum 0.99
# is 0.01 in PyTorch, whose running variance, besides, divides by $n - 1$ (for 200 rows, a factor of 1.005).
#
# **In training** the statistics are noisy, for they come from a few rows. One and the same example, one deviation above
# the mean of all data, meets 4,000 random batches. What does it become? Predict it for batches of 2.

# %%
def become(batch_size):
    """What a 1 among numbers from N(0, 1) is normalised to, in 4,000 batches (without epsilon)."""
    batches = np.random.default_rng(3).normal(size=(4000, batch_size))
    batches[:, 0] = 1
    return (1 - batches.mean(axis=1)) / batches.std(axis=1)


def meet(batch_size):
    hat = become(int(batch_size))
    ax = plotting.axes(xlabel="normalised value of the same example", ylabel="share of the batches")
    ax.hist(hat, bins=np.linspace(-3.05, 4.05, 72), weights=np.full(4000, 1 / 4000), color=plotting.BLUE)
    ax.axvline(1, color=plotting.BLACK, linewidth=1, linestyle="--")
    ax.set(ylim=(0, 0.9))
    words = f"mean {hat.mean():.2f}, deviation {hat.std():.2f}"
    plotting.describe(ax, f"Batches of {batch_size:.0f}: what one example becomes, {words}.",
                      alt=f"Histogram of the normalised value over 4,000 batches: {words}.")


widget = interact(meet, batch_size=FloatLogSlider(value=32, base=2, min=1, max=8, step=1, description="batch"))

# %%
sizes = 2 ** np.arange(1, 9)
deviations = np.array([become(m).std() for m in sizes])
print(*np.unique(become(2).round(2), return_counts=True))
ax = plotting.line(sizes, deviations, np.sqrt(1.5 / sizes), labels=["measured", "$\\sqrt{1.5 / m}$"],
                   xlabel="batch size m", ylabel="deviation of the value")
ax.set(xscale="log", yscale="log")
plotting.describe(
    ax,
    "How much noise do neighbours make? From a batch size of 8 on, four times the rows halve it.",
    alt="Deviation of the normalised value over the batch size from 2 to 256, logarithmic axes. From 8 on the measured "
    "curve lies on a straight line that falls from 0.4 to below 0.1.",
)

# %% [markdown]
# In a batch of 2 every example becomes 1 or -1: all that is left of it is whether it is larger than its neighbour. (An
# example of 1 is, 84 times in 100.) In larger batches the noise falls like $1/\sqrt m$; the mean of the batch and its
# deviation both contribute, together $1 + \frac12$. A little of it regularises, as section 11 will say; with very small
# batches it drowns the signal.

# %% [markdown]
# **Backwards.** The mean and the variance are made of all rows, so one $z_i$ reaches every $\hat z_j = (z_j - \mu) / s$
# of its column, where $s = \sqrt{v + \varepsilon}$. It does so in three ways: directly if $j = i$, through $\mu$, and
# through $s$. The slope of $\mu$ is $\frac1n$. The slope of $v = \frac1n \sum_j (z_j - \mu)^2$ is
# $\frac2n (z_i - \mu)$ (that $\mu$ moves as well does not matter, for $\sum_j (z_j - \mu) = 0$). So the slope of $s$
# is $\frac{1}{2s} \cdot \frac2n (z_i - \mu) = \frac1n \hat z_i$, and together
#
# $$\frac{\partial \hat z_j}{\partial z_i} = \frac1s \Big([i = j] - \frac1n - \frac1n\, \hat z_j \hat z_i\Big),$$
#
# where $[i = j]$ is 1 if $i = j$ and 0 otherwise. Times $\gamma\, dy_j$, and added up over all $j$, since forks add:
#
# $$dz = \frac{\gamma}{s}\Big(dy - \overline{dy} - \hat z\; \overline{dy\,\hat z}\Big), \qquad
#   d\gamma = \sum dy\,\hat z, \quad d\beta = \sum dy,$$
#
# where the bar is the mean over the batch. Measured, by the formula, and with the statistics taken for
# constants:

# %%
z, dy = rng.normal(2, 3, size=(4, 1)), rng.normal(size=(4, 1))
s, g = np.sqrt(z.var() + 1e-3), 1.5
z_hat = (z - z.mean()) / s
print(numerical_gradient(lambda z: (dy * batchnorm(z, g, 0.0)).sum(), z).ravel())
print((g / s * (dy - dy.mean() - z_hat * (dy * z_hat).mean())).ravel())
print((g / s * dy).ravel())

# %% [markdown]
# The first two agree; forgetting the statistics is not a small error. The true gradient sums to 0, since a
# common shift changes nothing.
#
# **Parameters.** $\gamma$ and $\beta$ are trained, the running averages are not. For 64 → 100 → 100 → 10:

# %%
plain = count_mlp([64, 100, 100, 10])
print(plain, plain - 200 + 2 * 2 * 100, "trainable, and", 2 * 2 * 100, "that are not")

# %% [markdown]
# The 200 hidden biases go, 400 numbers come.
#
# ## 8 · The network for all experiments
#
# One training loop, with a switch for each tool: momentum descent on batches of 50. You have written its parts; look
# for five places: the two lines of `norm` on the way forwards, the mask, the mask again, the formula of section 7,
# and the penalties, which enter at $dW$. (The rate stands outside the velocity here, as in PyTorch; while it is
# constant, that is week 6's momentum.)

# %%
def forwards(net, X, norm=False, rate=0.0, residual=False, rng=None):
    """Logits, and what each layer leaves for the way back. Training mode if there is an rng."""
    a, seen = X, []
    for W, b, gamma, beta, mean, var in net[:-1]:
        z, z_hat, s, mask = a @ W + b, 0.0, 1.0, 1.0
        if norm:
            m, v = (z.mean(axis=0), z.var(axis=0)) if rng else (mean, var)
            if rng:
                mean += 0.1 * (m - mean)                # running averages: momentum 0.9
                var += 0.1 * (v - var)
            s = np.sqrt(v + 1e-3)
            z_hat = (z - m) / s
            z = gamma * z_hat + beta
        if rate and rng:
            mask = (rng.random(z.shape) >= rate) / (1 - rate)
        seen.append((a, z, z_hat, s, mask))
        h = relu(z) * mask
        a = a + h if residual and a.shape == h.shape else h
    W, b = net[-1][:2]
    return a @ W + b, [*seen, (a,)]


def backwards(net, seen, d, norm=False, residual=False):
    """Gradients of (W, b, gamma, beta) for each layer, from d at the logits."""
    grads = [(seen[-1][0].T @ d, d.sum(axis=0), 0.0, 0.0)]
    d = d @ net[-1][0].T
    for (W, _, gamma, *_), (a, z, z_hat, s, mask) in zip(net[-2::-1], seen[-2::-1], strict=True):
        shortcut = d if residual and a.shape == z.shape else 0.0
        d = d * mask * (z > 0)
        dgamma = dbeta = 0.0
        if norm:
            dgamma, dbeta = (d * z_hat).sum(axis=0), d.sum(axis=0)
            d = gamma / s * (d - dbeta / len(d) - z_hat * dgamma / len(d))
        grads.append((a.T @ d, d.sum(axis=0), dgamma, dbeta))
        d = d @ W.T + shortcut
    return grads[::-1]


# %%
def fit(X, y, *, sizes=(64, 64, 64, 10), scale=1.0, l1=0.0, l2=0.0, limit=None, clip=None, lr=0.02, epochs=40, seed=0,
        watch=None, **how):
    """(net, losses by step, what `watch(net)` gave after each epoch)"""
    rng, losses, watched = np.random.default_rng(seed), [], []
    net = [[scale * he_normal((i, o), rng), np.zeros(o), np.ones(o), np.zeros(o), np.zeros(o), np.ones(o)]
           for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
    V = [[0.0] * 4 for _ in net]
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, 50, rng):
            logits, seen = forwards(net, X_batch, rng=rng, **how)
            loss, d = softmax_cross_entropy(logits, y_batch)
            losses.append(loss)
            grads = backwards(net, seen, d, how.get("norm", False), how.get("residual", False))
            if clip:
                flat = clip_by_norm([np.asarray(g, float) for layer in grads for g in layer], clip)
                grads = [flat[i:i + 4] for i in range(0, len(flat), 4)]
            for layer, velocity, (dW, *rest) in zip(net, V, grads, strict=True):
                dW = dW + l2 * layer[0] + l1 * np.sign(layer[0])
                for k, g in enumerate((dW, *rest)):
                    velocity[k] = 0.9 * velocity[k] + g
                    layer[k] = layer[k] - lr * velocity[k]
                if limit:
                    layer[0] *= np.minimum(1, limit / np.linalg.norm(layer[0], axis=0))
        watched.append(watch(net) if watch else None)
    return net, np.array(losses), watched


X, y = digits()
X = X / 16
order = np.random.default_rng(0).permutation(len(X))
X, y = X[order], y[order]
few, y_few = X[:500], y[:500]

# %% [markdown]
# Does it compute gradients? We measure two numbers with everything switched on but the random masks.

# %%
def loss_with(net, i, k, value):
    net = [[*map(np.copy, layer)] for layer in net]
    net[i][k] = value
    return softmax_cross_entropy(forwards(net, few[:20], norm=True, residual=True, rng=rng)[0], y_few[:20])[0]


net = fit(few, y_few, sizes=(64, 8, 8, 10), epochs=1, norm=True, residual=True)[0]
logits, seen = forwards(net, few[:20], norm=True, residual=True, rng=rng)
grads = backwards(net, seen, softmax_cross_entropy(logits, y_few[:20])[1], norm=True, residual=True)
for i, k, name in ((0, 2, "gamma"), (1, 0, "W")):
    measured = numerical_gradient(lambda value, i=i, k=k: loss_with(net, i, k, value), net[i][k])
    print(name, np.abs(measured - grads[i][k]).max() < 1e-7, np.abs(measured).max() > 1e-3)

# %% [markdown]
# ## 9 · Deep: shortcuts, normalisation, clipping
#
# Not all cures are against learning by heart; some let a network learn at all. A **residual block** (He et al. 2016a)
# gives its input plus what its layers make of it. (The first ones had one more ReLU behind the sum; without it the
# shortcut is free, 2016b.) With all weights at 0, what comes out?

# %%
def block(x, W1, W2):
    return x + relu(x @ W1) @ W2


x = np.array([[1.0, -2.0, 3.0]])
print(block(x, np.zeros((3, 5)), np.zeros((5, 3))), numerical_gradient(
    lambda x: block(x, np.zeros((3, 5)), np.zeros((5, 3))).sum(), x))

# %% [markdown]
# The input itself, and a gradient of 1: depth does no harm, and the block learns what to *add*. Twenty
# hidden layers of 32 units on 500 digits, started with weights too small (0.2 times He's). Which of the
# three learns?

# %%
deep, curves = (64, *[32] * 20, 10), {}
for name, how in (("plain", {}), ("residual", {"residual": True}), ("batch norm", {"norm": True})):
    runs = [fit(few, y_few, sizes=deep, scale=0.2, epochs=10, seed=seed, **how)[1] for seed in range(3)]
    curves[name] = np.array(runs).reshape(3, 10, 10).mean(axis=2)
    print(name, [float(run[-10:].mean().round(1)) for run in runs])

ax = plotting.axes(xlabel="epoch", ylabel="loss on 500 digits")
for name, runs in curves.items():
    plotting.band(np.arange(1, 11), runs, name, ax=ax)
plotting.describe(
    ax,
    "What lets twenty layers learn? Either cure does; without one the loss stays at log 10.",
    alt="Mean loss of three starts over ten epochs. Plain: level at 2.3. Residual and batch norm fall.",
)

# %% [markdown]
# Without a cure the loss stays at $\log 10$. Batch normalisation does not care how small the weights began,
# for a common factor cancels in $\hat z$; the shortcuts let signal and gradient pass by.
#
# And too large a step, with weights too large (1.3 times He's) and `lr` 0.1? **Clipping** of week 5:
# shorten the gradient, all arrays as one vector, to length 1 at most. Three starts:

# %%
for clip in (None, 1.0):
    with np.errstate(over="ignore", invalid="ignore"):          # an overflow is what we expect to see
        runs = [fit(few, y_few, sizes=(64, *[32] * 8, 10), scale=1.3, lr=0.1, clip=clip, epochs=10, seed=seed)[1]
                for seed in range(3)]
    ends = [losses[-10:].mean() for losses in runs]
    print("clipped" if clip else "as it is", np.round(ends, 1))

# %% [markdown]
# As it is, none of the three learns, and one overflows (`nan`). Clipped, all do.
#
# ## 10 · Stop in time
#
# Now learning by heart. 200 digits to learn from, of which **a fifth got a random label**; 100 more,
# labelled just as badly, for validation; 600 clean ones for the test. We watch the errors while a plain
# network trains.

# %%
def errors(net, images, truth, norm=False):
    return (forwards(net, images, norm)[0].argmax(axis=1) != truth).mean()


def data(noise, seed):
    """Three pairs: 200 examples to train on, 100 to validate, 600 clean ones to test."""
    rng = np.random.default_rng([7, seed])
    rows, labels = rng.permutation(len(X)), y.copy()
    wrong = rng.random(len(y)) < noise
    labels[wrong] = rng.integers(10, size=wrong.sum())
    train, validation, test = rows[:200], rows[200:300], rows[300:900]
    return (X[train], labels[train]), (X[validation], labels[validation]), (X[test], y[test])


sets = data(0.2, seed=0)
watched = np.array(fit(*sets[0], lr=0.05, watch=lambda net: [errors(net, *part) for part in sets])[2])
stop = watched[:, 1].argmin()
print("training, validation, test error at the end", watched[-1].round(3))
print(f"at the lowest validation error, epoch {stop + 1}:", watched[stop].round(3))

ax = plotting.line(np.arange(1, 41), *watched.T, labels=["training", "validation", "test"], xlabel="epoch",
                   ylabel="share of errors")
plotting.describe(
    ax,
    "When should one have stopped? Where the validation error was lowest, long before the training error was.",
    alt="Errors over 40 epochs. Training falls towards 0; test falls at first, then rises again; validation does the "
    "same, higher up, since its labels are noisy as well.",
)

# %% [markdown]
# The training error says 0.5%, and rises nowhere; the test error was 13.8% at epoch 16 and ends at 19.7%.
# Stopping there is **early stopping** (Prechelt 1998): keep the best weights so far, and end after `patience`
# epochs without improvement. It costs 100 labels, which the network might have learned from. Is it worth it? One
# run proves nothing.
#
# ## 11 · What helps? Eight seeds each
#
# Seven tools against nothing, on clean labels and with a fifth of them random. For each seed all methods
# get the same data and the same start, so that we may look at *differences*, seed by seed. Write down your
# guess first.

# %%
TOOLS = {
    "nothing": {},
    "L2": {"l2": 0.01},
    "L1": {"l1": 0.001},
    "max-norm": {"limit": 1.5},
    "dropout": {"rate": 0.5},
    "batch norm": {"norm": True},
    "dropout + norm": {"norm": True, "rate": 0.5},
}
SEEDS = 8


def compare(noise):
    """Test error in per cent by tool: (seeds, epochs)."""
    found = {name: [] for name in (*TOOLS, "early stopping")}
    for seed in range(SEEDS):
        train, validation, test = data(noise, seed)
        for name, how in TOOLS.items():
            norm = "norm" in how

            def look(net, norm=norm, sets=(validation, test)):
                return [100 * errors(net, *part, norm) for part in sets]
            validated, tested = np.array(fit(*train, lr=0.05, seed=seed, watch=look, **how)[2]).T
            found[name].append(tested)
            if name == "nothing":
                found["early stopping"].append(np.full(len(tested), tested[validated.argmin()]))
    return {name: np.array(runs) for name, runs in found.items()}


results = {"clean labels": compare(0.0), "a fifth of the labels random": compare(0.2)}


def standard_error(values):
    return values.std(ddof=1) / np.sqrt(len(values))


for title, found in results.items():
    print(title)
    for name, runs in found.items():
        end, gain = runs[:, -1], runs[:, -1] - found["nothing"][:, -1]
        print(f"  {name:15}{end.mean():5.1f}% wrong, against nothing {gain.mean():+5.1f} +- {standard_error(gain):.1f}")

# %%
figure, panels = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True, sharex=True)
for ax, (title, found) in zip(panels, results.items(), strict=True):
    names = list(found)[1:]
    gains = np.array([found[name][:, -1] - found["nothing"][:, -1] for name in names])
    plotting.axes(ax, "test error against nothing (percentage points)", title=title)
    ax.axvline(0, color="0.6", linewidth=1)
    ax.errorbar(gains.mean(axis=1), np.arange(len(names)), xerr=[2 * standard_error(gain) for gain in gains], fmt="o",
                capsize=3)
    ax.plot(gains, np.arange(len(names)), ".", color=plotting.BLACK, alpha=0.35, markersize=4)
    ax.set_yticks(np.arange(len(names)), names)
panels[0].invert_yaxis()
plotting.describe(
    figure,
    "What helps? On clean labels hardly anything; with wrong ones most things. Left of the line is better. Bars: two "
    "standard errors; small points: seeds.",
    alt="Differences of the test error against a network without any tool, with error bars, for seven tools. Clean "
    "labels: all within two points of 0. Random labels: all but batch norm alone are clearly to the left of 0.",
)

# %%
found = results["a fifth of the labels random"]
ax = plotting.axes(xlabel="epoch", ylabel="test error (%)")
for name in ("nothing", "L2", "dropout", "batch norm"):
    plotting.band(np.arange(1, 41), found[name], name, ax=ax)
ax.set(ylim=(10, 50))
plotting.describe(
    ax,
    "Who forgets what it knew? With wrong labels the plain network gets worse after its best epoch; dropout is slow, "
    "and does not turn.",
    alt="Test error over 40 epochs, mean of eight seeds with a band of one standard error. Nothing: falls to about 16, "
    "then rises to 22. L2 rises less. Dropout falls slowly and stays low. Batch norm is down first and rises.",
)

# %% [markdown]
# Clean labels first: nothing on the list lies clearly to the left of zero. With its eight seeds this
# experiment cannot see gains below a percentage point. Dropout rather does harm: 40 epochs are few for it,
# and the network is small. Early stopping seems to lose as well; there was nothing to stop.
#
# With wrong labels the picture changes. Nothing: 22% wrong. L1 and max-norm help a little, L2 more, early
# stopping and dropout by 6 to 8 points, dropout with batch normalisation by nearly 10. Batch normalisation
# *alone* cannot be told from nothing: it learns faster, the wrong labels too. So
#
# - a regulariser helps where there is something to be learned by heart that is not so;
# - differences of the size of two standard errors are rumours, above all among seven comparisons;
# - the strengths were not tuned here. Tune each on validation data before you call one the winner.
#
# **When does batch normalisation replace dropout?** Each example sees its unit's mean through the noise of
# a random batch, which regularises a little, and Ioffe & Szegedy found that on ImageNet they could do
# without dropout. That was a large, clean set. On ours it could not. Dropout shone where fully connected
# networks met little data: on TIMIT (week 1), the table of Srivastava et al. (2014) has phone error rates of
# 23.4% for a six-layer network and 21.8% with dropout; for four pretrained layers, 22.7% and 19.7%. What is
# that in relative terms?

# %%
print([f"{1 - after / before:.0%}" for before, after in ((23.4, 21.8), (22.7, 19.7))])

# %% [markdown]
# A tenth of all errors, more or less, for a line of code. But keep dropout away from the inputs of a
# squared-error output (week 5), and think before you put it in front of batch normalisation: variances in
# training and at inference then differ (Li et al. 2019). What does dropout at ½ do to the variance of numbers
# with mean 2 and variance 1? (Section 6: the mean square, 5, is divided by $1 - p$.)

# %%
a = rng.normal(2, 1, size=100_000)
print(a.var().round(1), (a * (rng.random(a.shape) >= 0.5) / 0.5).var().round(0))

# %% [markdown]
# From 1 to 6, though the mean stays. In our network dropout comes after the ReLU, and the next
# normalisation collects its running variance *with* dropout and uses it *without*. It worked all the same;
# now you know what to look at when it does not.
#
# **Self-check.** A batch normalisation layer for 50 units: how many numbers does the optimiser train in it?

# %%
trained = ...

# %% tags=["hide-input"]
ask("trained", Number("2 * 50", wrong=(
    WrongAnswer("4 * 50", "Which of the four arrays have a gradient?"),
    WrongAnswer("2", "One gamma for the layer, or one for each unit?"),
)))

# %% [markdown]
# ## Summary
#
# - Regularisation lowers variance at a price in bias; some of it is implicit in how we train.
# - L2, $\frac12 C \sum w^2$, is a normal prior and decays weights; L1 makes them sparse; biases do not pay.
#   Under Adam, L2 and weight decay differ. Max-norm is a projection after the step.
# - Dropout keeps the expectation if what is kept is divided by $1 - \text{rate}$, in training; the spread grows like
#   $\sqrt{p / (1 - p)}$. The same mask goes backwards. One scaled pass approximates the ensemble.
# - Batch normalisation standardises each unit over the batch, learns $\gamma$ and $\beta$, uses running
#   averages at inference, and its gradient runs through mean and variance. Its noise falls like $1/\sqrt m$ with the
#   batch size $m$.
# - Shortcuts and normalisation make depth trainable, clipping tames steps, early stopping keeps the best
#   epoch.
# - Compare on the same seeds, with error bars, and report what did not help.
#
# ## Exercises
#
# 1. In section 2 use 50 points instead of 12. Predict how the best $C$ moves.
# 2. Minimise section 3's loss on paper, with both prices, and compare with `best`.
# 3. In `forwards` draw a new mask on the way back. Does training notice?
# 4. Let the running averages be updated at inference too, and classify the test set in batches of one digit
#    each.
# 5. Give dropout 200 epochs on clean labels. Is the harm gone? Which seeds would you need to be sure?
# 6. Take 50 and 1000 training digits instead of 200. Where do the tools help most?
#
# In the assignment `week07_regularisation` you build these pieces yourself.
#
# ## References
#
# - He, Zhang, Ren & Sun (2016a). Deep residual learning for image recognition. CVPR.
# - He, Zhang, Ren & Sun (2016b). Identity mappings in deep residual networks. ECCV.
# - Hinton, Srivastava, Krizhevsky, Sutskever & Salakhutdinov (2012). Improving neural networks by
#   preventing co-adaptation of feature detectors. arXiv:1207.0580.
# - Ioffe & Szegedy (2015). Batch normalization: accelerating deep network training by reducing internal
#   covariate shift. ICML.
# - Krogh & Hertz (1992). A simple weight decay can improve generalization. NIPS.
# - Li, Chen, Hu & Yang (2019). Understanding the disharmony between dropout and batch normalization by
#   variance shift. CVPR.
# - Loshchilov & Hutter (2019). Decoupled weight decay regularization. ICLR.
# - Prechelt (1998). Early stopping, but when? In: Neural networks: tricks of the trade. Springer.
# - Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014). Dropout: a simple way to prevent
#   neural networks from overfitting. JMLR 15.
# - Tibshirani (1996). Regression shrinkage and selection via the lasso. J. Royal Statistical Society B 58.
# - Zou & Hastie (2005). Regularization and variable selection via the elastic net. J. Royal Statistical
#   Society B 67.
