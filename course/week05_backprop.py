# %% [markdown]
# # Week 5 · Losses and backpropagation
#
# A network learns in two moves: find out how wrong it is, then which way to turn each of its numbers. The
# first is the **loss**, the second **backpropagation**. You will do both by hand, by measuring and with a
# small machine, and the three will agree.
#
# **After this lecture you can**
#
# - choose a loss for classes, for yes-or-no questions and for numbers, and say where it comes from;
# - push a gradient backwards through any graph of simple steps, and through a whole network;
# - measure a gradient, and say how far to trust the measurement;
# - explain why gradients vanish or explode in deep networks, and name two cures.
#
# You need weeks 1 to 3 and the derivatives that school taught you. As always: **predict**, then run.

# %%
import numpy as np

from coursekit import plotting
from coursekit.datasets import digits
from coursekit.desk import Number, WrongAnswer, ask
from coursekit.functions.activations import relu, sigmoid, softmax
from coursekit.functions.counting import count_mlp
from coursekit.functions.initializers import he_normal
from coursekit.graph import Value, draw, exp, log

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## From earlier weeks
#
# Two questions on week 2, which today builds on. Answer without looking them up.
#
# **Self-check.** A sigmoid unit answers 0.9. How steep is the sigmoid there?

# %%
steepness = ...

# %% tags=["hide-input"]
ask("steepness", Number("0.9 * (1 - 0.9)", wrong=(
    WrongAnswer("1/4", "That is the slope where the answer is 1/2."),
    WrongAnswer("1 - 0.9**2", "That is the rule of tanh."),
)))

# %% [markdown]
# **Self-check.** What is the first entry of the softmax of four equal numbers?

# %%
share = ...

# %% tags=["hide-input"]
ask("share", Number("1/4", wrong=(
    WrongAnswer("1", "What do the four probabilities add up to?"),
    WrongAnswer("1/2", "That is a sigmoid at 0. How many classes are there?"),
)))

# %% [markdown]
# ## 1 · What should a wrong answer cost?
#
# A classifier gives the true class some probability. The **cross-entropy** charges minus the logarithm of
# that probability (the natural logarithm, here and always). What does it charge for 1, 0.9, 0.5, 0.1 and
# 0.01?

# %%
print(-np.log([1, 0.9, 0.5, 0.1, 0.01]))

# %% [markdown]
# Nothing for being sure and right (NumPy writes -0); 0.6931, which is log 2, for shrugging; 4.6052 for giving
# the truth 1%. It is **lowest when the output matches the target**. (You will find the opposite in print.)
#
# Why a logarithm? Ask how probable the network thinks *all* the true answers are together: independent
# probabilities multiply. Two thousand answers at 0.4 each:

# %%
q = np.full(2000, 0.4)
print(q.prod(), np.log(q).sum().round(1))

# %% [markdown]
# The product, called the **likelihood**, has sunk below the smallest float, to 0.0; its logarithm is an
# ordinary -1832.6. *Maximum likelihood* means: choose the parameters that make what happened most probable.
# The logarithm rises with its argument, so we may as well minimise minus the mean of the logarithms, and that
# *is* the cross-entropy. A coin fell heads 7 times in 10. Which probability of heads costs least?

# %%
heads = np.linspace(0.01, 0.99, 99)
cost = -(7 * np.log(heads) + 3 * np.log(1 - heads)) / 10
print(heads[cost.argmin()].round(2), cost.min().round(4))

# %% [markdown]
# 0.7, the share that was seen. For a batch of $n$ examples, row $i$ of `p` holds the probabilities for
# example $i$; the loss looks at one entry in each row and takes the mean,
# $\ell = \frac1n \sum_i -\log p_{i,y_i}$.
#
# **Self-check.** Two examples, whose true classes were given 1 and $e^{-3}$. What is the loss?

# %%
batch_loss = ...

# %% tags=["hide-input"]
ask("batch_loss", Number("3 / 2", wrong=(
    WrongAnswer("3", "That is the sum. How many examples share it?"),
    WrongAnswer("-3 / 2", "Where is the minus?"),
)))

# %% [markdown]
# ## 2 · Entropy, cross-entropy, and the distance between them
#
# Even at 0.7 the coin cost 0.6109. The part that nobody can avoid is the **entropy** $H(p) = -\sum p \log p$
# (Shannon 1948). Suppose the weather follows `p` and a forecaster believes `q`. (As in most books, `p` is the truth in
# this section; everywhere else it is what the network says.) What does the belief cost?

# %%
p, q = np.array([0.5, 0.25, 0.25]), np.array([0.8, 0.1, 0.1])
H, cross = -(p * np.log(p)).sum(), -(p * np.log(q)).sum()
print(np.array([H, cross, cross - H]))
print((p * np.log(p / q)).sum().round(4), (q * np.log(q / p)).sum().round(4))

# %% [markdown]
# The right forecast pays 1.0397 a day, this one 1.2629. The surcharge of 0.2231 is the **Kullback–Leibler
# divergence** (1951), $KL(p\,\|\,q) = \sum p \log (p/q)$. It is never negative, so cross-entropy never falls below
# entropy. The other way round it is 0.1927, so it is no distance in the usual sense. Certain labels have
# entropy 0: for them cross-entropy and KL coincide.

# %% [markdown]
# ## 3 · Yes or no, and a sign that gets lost
#
# For one yes-or-no question the network gives a number $f$, the **logit**, and $p = \sigma(f)$ is its
# probability of yes, with the logistic function of week 2. With $y$ in $\{0, 1\}$ the **binary
# cross-entropy** is $\ell = -\big(y \log p + (1 - y)\log(1 - p)\big)$: one of the two terms is switched off.
# Mind the minus in front. To see what it does, we measure a slope: a step to each side, difference over
# distance.

# %%
def slope(f, at=0.0, h=1e-5):
    return (f(at + h) - f(at - h)) / (2 * h)


def bce(f, y):
    return -(y * np.log(sigmoid(f)) + (1 - y) * np.log(1 - sigmoid(f)))


f, y = 0.5, 1
print(np.array([slope(lambda t: bce(t, y), at=f), sigmoid(f) - y, y - sigmoid(f)]))

# %% [markdown]
# The slope of the loss is $\sigma(f) - y$, here -0.3775: more logit, less loss. The other sign,
# $y - \sigma(f)$, belongs to the log-*likelihood*, which one climbs. Descend with it and the network
# unlearns.
#
# Some texts write labels as -1 and +1. Since $-\log \sigma(f) = \log(1 + e^{-f})$ and $1 - \sigma(f) =
# \sigma(-f)$, the same loss then reads $\log(1 + e^{-yf})$: for "no" the sign of $f$ turns round. What if you mix
# them up, and put $y = -1$ into the formula for 0 and 1?

# %%
f, y = -3.0, -1
print(np.log(1 + np.exp(-y * f)).round(4), bce(f, y).round(2))

# %% [markdown]
# The right formula charges 0.0486 for a good answer. The wrong one gives -2.95, and training would happily
# make it ever more negative.
#
# And if one picture has several **attributes** (smiling? glasses? a hat?), they are several yes-or-no
# questions, and their losses add up.

# %%
f, y = np.array([2.0, -1.0, 3.0]), np.array([1, 0, 1])
print(sigmoid(f), sigmoid(f).sum().round(2), bce(f, y).sum().round(4))

# %% [markdown]
# The probabilities sum to 2.1. That is as it should be: one may smile *and* wear a hat. Softmax would force
# them to share a total of 1.

# %% [markdown]
# ## 4 · Losses for numbers, and for margins
#
# If the answer is a number, the **squared error** $\frac12(\hat y - y)^2$ has the residual $\hat y - y$ as
# its derivative; the $\frac12$ cancels the 2. The **absolute error** is $|\hat y - y|$. Five ratings of a
# film, one mistyped. Which single guess does each loss like best? Then a film that people love or hate: what
# will the squared error answer?

# %%
ratings, guess = np.array([4, 4, 5, 5, 50]), np.linspace(0, 50, 501)
residual = guess[:, None] - ratings
print(guess[(residual**2).sum(axis=1).argmin()].round(1), guess[np.abs(residual).sum(axis=1).argmin()])

ratings = np.array([1, 5, 5, 1, 5, 1, 1, 5])
print(ratings.mean(), np.bincount(ratings, minlength=6)[1:] / len(ratings))

# %% [markdown]
# 13.6 is the mean: one outlier drags it off the scale. 5.0 is the median. And the loved and hated film gets
# 3.0 stars, which nobody gave. Five *classes* with a cross-entropy would say what is true: half ones, half
# fives. Another weakness of the squared error shows with dropout (at random, half of the inputs become 0 and
# the rest are doubled) right before the output:

# %%
rng = np.random.default_rng(5)
masks = 2 * (rng.random((10_000, 200)) < 0.5)
stars = masks @ np.full(200, 4 / 200)
print(stars.mean().round(2), stars.std().round(2))

# %% [markdown]
# The mean is still 4 stars, but each prediction wobbles by 0.28, and the squared error charges for it. Class
# *scores* may wobble together without a change in which class wins.
#
# For scores and labels of ±1, only the **margin** $yf$ matters: positive if the sign is right. The **hinge**
# loss $\max(0, 1 - yf)$ of support vector machines (Cortes & Vapnik 1995) charges nothing once the margin
# is 1. The other two are functions of the margin as well: the cross-entropy is $\log(1 + e^{-yf})$, and because
# $y^2 = 1$ the squared error is $\frac12 (f - y)^2 = \frac12 (1 - yf)^2$. Which of the three punishes an answer for
# being *too* right?

# %%
margin = np.linspace(-2, 4, 121)
ax = plotting.line(
    margin, np.maximum(0, 1 - margin), np.log1p(np.exp(-margin)), (1 - margin) ** 2 / 2,
    labels=["hinge", "cross-entropy", "squared error"], xlabel="margin y f", ylabel="loss",
)
plotting.describe(
    ax,
    "Which loss punishes an answer for being too right? Only the squared error rises again beyond margin 1.",
    alt="Three curves over the margin from -2 to 4. Hinge falls in a straight line to 0 at margin 1 and stays there; "
    "cross-entropy falls smoothly towards 0; squared error falls to 0 at margin 1 and rises again to 4.5 at margin 4.",
)

# %% [markdown]
# ## 5 · Valleys with one bottom, and others
#
# A loss is **convex** if no point of its curve lies above a chord: then downhill leads to the bottom. Take
# $p = \sigma(f)$, truth $y = 1$, and compare the loss halfway between $f = -8$ and $f = -2$ with the middle
# of the chord.

# %%
for name, loss in [("cross-entropy", lambda f: -np.log(sigmoid(f))),
                   ("squared error", lambda f: (sigmoid(f) - 1) ** 2 / 2)]:
    print(name, loss(-5.0).round(4), ((loss(-8.0) + loss(-2.0)) / 2).round(4))

# %% [markdown]
# Cross-entropy lies below its chord, 5.0067 against 5.0636. The squared error lies above, 0.4933 against
# 0.4438: *through a logistic unit* it is not convex. What does that mean for learning?

# %%
f = np.linspace(-10, 4, 141)
ax = plotting.line(f, -np.log(sigmoid(f)), (sigmoid(f) - 1) ** 2 / 2, labels=["cross-entropy", "squared error"],
                   xlabel="logit f, truth y = 1", ylabel="loss")
plotting.describe(
    ax,
    "What pulls a network back that is sure and wrong? Far left the cross-entropy is steep, the squared error is flat.",
    alt="Two curves over the logit from -10 to 4. Cross-entropy falls as a nearly straight line from 10 to 0. "
    "Squared error stays near 0.5 until about -3, then falls to 0.",
)

# %% [markdown]
# With a *hidden* layer no loss stays convex in the weights. Week 1's network for exclusive or has two hidden
# units, which may swap places: two perfect solutions. What lies halfway?

# %%
X, truth, out = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0]), np.ones(2)
W = np.array([[1.0, -1.0], [-1.0, 1.0]])
for weights in (W, W[:, ::-1], (W + W[:, ::-1]) / 2):
    print(((relu(X @ weights) @ out - truth) ** 2 / 2).mean())

# %% [markdown]
# Loss 0, loss 0, and 0.25 between them: two valleys and a ridge. Which way is down in such a landscape?

# %% [markdown]
# ## 6 · Backwards through a graph
#
# Take the neuron $p = 1 / (1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)})$ and go through it in steps so small that each
# derivative is known by heart. Forwards first:

# %%
w0, w1, w2, x0, x1 = 2.0, -3.0, -3.0, -1.0, -2.0
m0, m1 = w0 * x0, w1 * x1
s = m0 + m1 + w2
e = np.exp(-s)
u = 1 + e
p = 1 / u
print(m0, m1, s, np.round([e, u, p], 4))

# %% [markdown]
# The output is 0.7311. Now backwards. Write `du` for "how much does $p$ change for each unit that $u$
# changes". We start with `dp = 1`, and each step multiplies by one **local** derivative: the chain rule.
# $1/u$ has slope $-1/u^2$; adding 1 has slope 1; $e^{-s}$ has slope $-e^{-s}$.

# %%
dp = 1.0
du = dp * (-1 / u**2)
de = du * 1
ds = de * (-e)
print(np.round([du, de, ds], 4))

# %% [markdown]
# `ds` is 0.1966. Next comes a sum, $s = m_0 + m_1 + w_2$. Each term moves $s$ one for one, so **addition
# hands the gradient to everyone**. In a product $m_0 = w_0 x_0$, $w_0$ counts $x_0$ times as much:
# **multiplication swaps**, each factor gets the gradient times the *other*.

# %%
dm0 = dm1 = dw2 = ds
dw0, dx0 = dm0 * x0, dm0 * w0
dw1, dx1 = dm1 * x1, dm1 * w1
print(np.round([dw0, dw1, dw2], 2), np.round([dx0, dx1], 2))

# %%
v0, v1, v2, u0, u1 = Value(w0, "w0"), Value(w1, "w1"), Value(w2, "w2"), Value(x0, "x0"), Value(x1, "x1")
neuron = (1 + exp(-(v0 * u0 + v1 * u1 + v2))) ** -1
neuron.backward()
plotting.describe(
    draw(neuron),
    "Where does each gradient come from? Follow the arrows backwards: each box passes its own on, times a local slope.",
    alt="The neuron as a graph from left to right: w0 and x0, w1 and x1 meet in products, two additions bring in w2, "
    "then come the minus sign, exp, plus 1 and the power -1. Each box shows its value and its gradient, from grad 1 "
    "at the right to grad -0.197, 0.393, -0.393, -0.59 and 0.197 at w0, x0, w1, x1 and w2.",
)

# %% [markdown]
# Keep this result: $dw = (-0.2, -0.39, 0.2)$ and $dx = (0.39, -0.59)$, five derivatives in one walk back.
# (The program that draws the graph is the subject of section 12.) Does measuring agree, for $w_0$ and $x_0$?
# And refactor: the last steps make up $\sigma$, whose slope is $\sigma(s)(1 - \sigma(s))$. Does one bigger
# step give the same `ds`?

# %%
print(f"{slope(lambda t: sigmoid(t * x0 + w1 * x1 + w2), at=w0):.8f} {dw0:.8f}")
print(f"{slope(lambda t: sigmoid(w0 * t + w1 * x1 + w2), at=x0):.8f} {dx0:.8f}")
print(f"{p * (1 - p):.8f} {ds:.8f}")

# %% [markdown]
# Twice yes. How finely you cut a graph is up to you. Two rules are still missing. What is `dx` if $x$ is used
# **twice**, $L = 3x + x^2$ at $x = 2$? And what gets through a **maximum**, $L = \max(2, t)$ at $t = 5$ and
# at $t = 1$?

# %%
print(round(slope(lambda x: 3 * x + x * x, at=2.0), 6))
print(round(slope(lambda t: max(2, t), at=5.0), 6), slope(lambda t: max(2, t), at=1.0))

# %% [markdown]
# 7 is 3 from one path plus 4 from the other: **where a value forks, gradients add**. And **max routes**: the
# winner gets all, the loser nothing. ReLU is $\max(0, z)$.
#
# **Self-check.** $L = x \cdot y + x$ at $x = 2$, $y = 5$. What is `dx`?

# %%
dx = ...

# %% tags=["hide-input"]
ask("dx", Number("5 + 1", wrong=(
    WrongAnswer("5", "How many ways lead from x to L?"),
    WrongAnswer("2 + 1", "Multiplication swaps. Which factor is the other one?"),
)))

# %% [markdown]
# ## 7 · How good is a measured gradient?
#
# Calculus says: the smaller $h$, the better. Predict the best $h$ before you look. The true slope of $\sigma$ is
# known, so we can see the error; we take its mean over a hundred places.

# %%
h, places = 10.0 ** -np.arange(1, 15), np.linspace(0.5, 1.5, 100)[:, None]
true = sigmoid(places) * (1 - sigmoid(places))
central = np.abs(slope(sigmoid, places, h) / true - 1).mean(axis=0)
one_sided = np.abs((sigmoid(places + h) - sigmoid(places)) / h / true - 1).mean(axis=0)
for name, error in (("one side", one_sided), ("both sides", central)):
    print(f"{name}: best step {h[error.argmin()]:.0e}, error below 1e{np.ceil(np.log10(error.min())):.0f}")

ax = plotting.line(h, one_sided, central, labels=["one side", "both sides"], xlabel="step h", ylabel="relative error")
ax.set(xscale="log", yscale="log")
plotting.describe(
    ax,
    "Which step is best? Neither the largest nor the smallest: left of the valley, rounding takes over.",
    alt="Relative error over h from 1e-14 to 0.1 on logarithmic axes. Both curves are V-shaped. The one-sided curve is "
    "lowest near h = 1e-7, above 1e-8; the central one near h = 1e-5, some three orders of magnitude lower. Left of "
    "1e-8 both rise side by side, as straight lines.",
)

# %% [markdown]
# The best step is 1e-05 with both sides, 1e-07 with one, and then the error is a thousand times larger. From the
# right, the errors fall like $h^2$ and like $h$: in Taylor's series $f(x \pm h) = f \pm hf' + \frac{h^2}{2} f''
# \pm \dots$ the term with $f''$ is the first error of the one-sided difference, and cancels when both sides are
# subtracted. Then both rise, like $1/h$: nearly equal numbers lose their digits when subtracted, about $10^{-16}$
# is noise, and division by $h$ magnifies it. The valley lies about where the two meet: $h^2 = 10^{-16}/h$ gives
# $10^{-5}$, and $h = 10^{-16}/h$ gives $10^{-8}$.
#
# A rule of thumb for the **relative error** $|a - b| / \max(|a|, |b|)$ in float64 at $h = 10^{-5}$: below
# $10^{-7}$, fine; above $10^{-2}$, a bug; between, look twice. Two innocent causes:

# %%
z, true = np.float32(1.0), sigmoid(1.0) * (1 - sigmoid(1.0))
print((slope(sigmoid, z, np.float32(1e-5)) / true - 1).round(3), slope(relu, at=3e-6).round(2))

# %% [markdown]
# In float32 a correct gradient is off by 1.5%. And ReLU has a **kink**: at $z = 0.000003$ its slope is 1, but
# the step reaches over the kink and measures 0.65. So check in float64, away from kinks.

# %% [markdown]
# ## 8 · The dense layer, for a whole batch
#
# Forwards, $Y = XW + b$. From above comes `dY`, of $Y$'s shape. What is `dW`? One entry, `W[k, j]`,
# multiplies `X[i, k]` into `Y[i, j]`, for *every* example $i$. Multiplication swaps, forks add:

# %%
rng = np.random.default_rng(0)
X, W, b, dY = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=(5, 2))
k, j = 2, 0
print(sum(X[i, k] * dY[i, j] for i in range(5)).round(8), (X.T @ dY)[k, j].round(8))

# %% [markdown]
# The sum over $i$ multiplies *column* $k$ of $X$ with column $j$ of $dY$, so all entries at once are
# $X^\top dY$. In the same way `X[i, k]` reaches every output $j$ through `W[k, j]`, and the bias is added in
# every row:
#
# $$dX = dY\,W^\top, \qquad dW = X^\top dY, \qquad db = \text{column sums of } dY.$$
#
# The shapes help you to remember. Keep the result and compare it with measurements. As loss serves
# $\sum dY \cdot Y$, whose gradient at $Y$ is `dY`.

# %%
def moved(A, place, t):
    A = A.copy()
    A[place] += t
    return A


for derived, loss in [((X.T @ dY)[2, 0], lambda t: (dY * (X @ moved(W, (2, 0), t) + b)).sum()),
                      ((dY @ W.T)[4, 1], lambda t: (dY * (moved(X, (4, 1), t) @ W + b)).sum()),
                      (dY.sum(axis=0)[1], lambda t: (dY * (X @ W + moved(b, 1, t))).sum())]:
    print(f"{derived:.8f} {slope(loss):.8f}")

# %% [markdown]
# Three pairs of equals. Note what is *not* there: a division by the number of rows. If the loss is a mean,
# the $\frac1n$ sits inside `dY` already.
#
# **Self-check.** `dY` is $(32, 10)$ and `X` is $(32, 64)$. How many numbers does `dW` hold?

# %%
entries = ...

# %% tags=["hide-input"]
ask("entries", Number("64 * 10", wrong=(
    WrongAnswer("64 * 10 + 10", "Do the biases belong to W?"),
    WrongAnswer("32 * 64", "That is the size of X. Which shape has W?"),
)))

# %% [markdown]
# ## 9 · Prediction minus truth
#
# Softmax and cross-entropy together:
# $\ell = -\log \frac{e^{z_y}}{\sum_j e^{z_j}} = \log \sum_j e^{z_j} - z_y$. The derivative of the first part
# with respect to $z_j$ is $e^{z_j} / \sum e^{z}$, which is softmax again; that of the second is -1 at the
# true class. So $dz = p - \text{onehot}(y)$, where onehot is 1 at class $y$ and 0 elsewhere.

# %%
z, y = np.array([1.0, 2.0, 0.0]), 0
p = softmax(z)
print(p - np.eye(3)[y])
print([float(slope(lambda t, j=j: -np.log(softmax(moved(z, j, t))[y])).round(4)) for j in range(3)])

# %% [markdown]
# The same three numbers. Look back: the logistic unit with binary cross-entropy gave $\sigma(f) - y$. Now the chain
# rule says why: the slope of the loss at $p$, times the slope $p(1 - p)$ of the unit, is
#
# $$\Big(-\frac{y}{p} + \frac{1 - y}{1 - p}\Big)\, p\,(1 - p) = -y(1 - p) + (1 - y)\,p = p - y .$$
#
# A plain output with squared error gave $\hat y - y$. Three times **prediction minus truth**: each loss was made for
# its output.

# %% [markdown]
# ## 10 · A whole network
#
# Everything in a row, on handwritten digits: 64 pixels → 16 ReLU units → 10 classes.

# %%
X, y = digits()
X, n = X / 16, 1500
X, X_new, y, y_new = X[:n], X[n:], y[:n], y[n:]
rng = np.random.default_rng(1)
W1, b1, W2, b2 = he_normal((64, 16), rng), np.zeros(16), he_normal((16, 10), rng), np.zeros(10)
rows, C = np.arange(n), 1e-3


def loss_at(W1, b1, W2, b2):
    logits = relu(X @ W1 + b1) @ W2 + b2
    data = -np.log(softmax(logits)[rows, y]).mean()
    return data + C / 2 * ((W1**2).sum() + (W2**2).sum())


print(loss_at(W1, b1, W2, b2).round(4), np.log(10).round(4))

# %% [markdown]
# A sanity check before training: without any idea the loss should be near $\log 10 = 2.3026$, and 2.421 is.
# The second term is **regularisation**, a price on large weights (week 7). $W$ is used in two places now, a
# fork, so the price adds its own derivative, $CW$, to `dW`. Biases pay no price. Here is the walk
# back:

# %%
def gradients(W1, b1, W2, b2):
    z1 = X @ W1 + b1
    a1 = relu(z1)
    dlogits = softmax(a1 @ W2 + b2)
    dlogits[rows, y] -= 1
    dlogits /= n                         # the mean over the batch: here, and nowhere else
    dW2, db2 = a1.T @ dlogits + C * W2, dlogits.sum(axis=0)
    dz1 = (dlogits @ W2.T) * (z1 > 0)    # max routes: only where the signal passed
    dW1, db1 = X.T @ dz1 + C * W1, dz1.sum(axis=0)
    return dW1, db1, dW2, db2


dW1, db1, dW2, db2 = gradients(W1, b1, W2, b2)
for place in [(20, 3), (36, 7), (43, 12)]:
    print(f"{dW1[place]:.8f} {slope(lambda t, place=place: loss_at(moved(W1, place, t), b1, W2, b2)):.8f}")

# %% [markdown]
# They agree in all digits shown. Why not measure them all? Count the forward passes that this takes. And what does the
# walk back cost? Nearly all the work is in matrix products: forwards each layer has one ($XW$), backwards two
# ($X^\top dY$ and $dY\,W^\top$) of just as many multiplications; only the first layer needs no $dX$.

# %%
count = count_mlp([64, 16, 10])
print(count, 2 * count)
first, second = 64 * 16, 16 * 10             # multiplications for each example
forwards, backwards = first + second, first + 2 * second
print(forwards, backwards, round((forwards + backwards) / forwards, 1))

# %% [markdown]
# To measure 1210 slopes takes 2420 forward passes. All gradients at once cost as much as 2.1, walk back included; it is
# never more than 3, also for a billion parameters. Does it drive?

# %%
losses = []
for _ in range(300):
    losses.append(loss_at(W1, b1, W2, b2))
    for W, dW in zip((W1, b1, W2, b2), gradients(W1, b1, W2, b2), strict=True):
        W -= 0.5 * dW
right = (relu(X_new @ W1 + b1) @ W2 + b2).argmax(axis=1) == y_new
print(losses[0].round(2), losses[-1].round(2), right.mean().round(2))

ax = plotting.line(np.arange(300), losses, xlabel="step", ylabel="loss on 1500 digits")
plotting.describe(
    ax,
    "Does following the gradient teach anything? The loss falls fast at first, then slowly.",
    alt="Loss over 300 steps of descent: from about 2.4 it falls below 0.5 within some 50 steps and ends near 0.15.",
)

# %% [markdown]
# The loss fell from 2.42 to 0.14, and 91% of the digits that the network never saw are read correctly.

# %% [markdown]
# ## 11 · Deep networks: vanish, explode, and what helps
#
# On the way back the gradient is multiplied by each layer's weights in turn. Thirty ReLU layers, 64 wide,
# He's initialisation of week 3 times 0.5, 1 or 2. By which factor does the gradient change from top to
# bottom?

# %%
def norms(scale, residual=False, depth=30, width=64):
    rng = np.random.default_rng(0)
    weights = [scale * he_normal((width, width), rng) for _ in range(depth)]
    a, zs = rng.normal(size=(100, width)), []
    for W in weights:
        zs.append(a @ W)
        a = a + relu(zs[-1]) if residual else relu(zs[-1])
    d, lengths = rng.normal(size=a.shape), []
    for W, z in zip(reversed(weights), reversed(zs), strict=True):
        back = (d * (z > 0)) @ W.T
        d = d + back if residual else back
        lengths.append(np.linalg.norm(d))
    return np.array(lengths)


for scale in (0.5, 1, 2):
    print(scale, f"{norms(scale)[-1] / norms(scale)[0]:.1e}")

# %% [markdown]
# With half the scale 1.9e-09, and the bottom layers learn nothing: the gradient **vanishes**. With twice the
# scale 5.6e+08: it **explodes** (Bengio et al. 1994). Now let each layer only *add* to its input,
# $a \leftarrow a + g(aW)$, a **residual connection** (He et al. 2016). Addition hands the gradient to everyone,
# so one copy of it runs straight to the bottom.

# %%
depth = np.arange(1, 31)
plain, residual = norms(0.25), norms(0.25, residual=True)
ax = plotting.line(depth, plain, norms(1), residual, labels=["plain, 0.25 He", "plain, He", "residual, 0.25 He"],
                   xlabel="layers walked back", ylabel="length of the gradient")
ax.set(yscale="log")
plotting.describe(
    ax,
    "What saves a gradient from small weights? With residual connections it arrives, without them it is gone.",
    alt="Length of the gradient over 30 layers, logarithmic. Plain with small weights falls in a straight line by some "
    "17 orders of magnitude; plain with He's initialisation stays level; residual with small weights rises slightly.",
)
print(f"{plain[-1] / plain[0]:.1e}  {residual[-1] / residual[0]:.1f}")

# %% [markdown]
# With the same small weights, 3.6e-18 becomes 8.4. Against explosions there is first aid, **clipping**: if
# the gradient is longer than allowed, here 1, shorten it (Pascanu et al. 2013). Compare with cutting each
# entry to at most 1:

# %%
g = np.array([30.0, 40.0])
print(g / np.linalg.norm(g), np.clip(g, -1, 1))

# %% [markdown]
# The first, $(0.6, 0.8)$, still points where $(30, 40)$ did; the second has turned to $(1, 1)$. With several
# arrays, take one length for all.

# %% [markdown]
# ## 12 · A machine that does it (optional)
#
# What we did by hand in section 6 is mechanical: each value remembers what it was made of and the local
# slopes, and the walk back visits them in reverse order (Linnainmaa 1976; for networks, Rumelhart et al.
# 1986). `coursekit/graph.py` does it, in little more than a hundred lines: open it and read. Let us put a
# loss on top of its neuron, $-\log p$. What will the gradient for $w_0$ be, by section 9?

# %%
loss = -log(neuron)
loss.backward()
print(round(v0.grad, 4), round((neuron.data - 1) * x0, 4))

# %% [markdown]
# Prediction minus truth, times the input: 0.2689, and nobody told the machine. PyTorch, JAX and TensorFlow do
# the same with arrays in place of numbers.

# %% [markdown]
# ## Summary
#
# - Cross-entropy is minus the mean log-probability of the truth, lowest when output and target match; it
#   comes from maximum likelihood. Squared error is for numbers.
# - The walk back multiplies local derivatives: addition hands on, multiplication swaps, max routes, forks
#   add.
# - Dense layer: $dX = dY\,W^\top$, $dW = X^\top dY$, $db$ = column sums. At the output: prediction minus
#   truth, divided by $n$, once.
# - Measured gradients check; they do not train. Central differences, float64, away from kinks.
# - Gradients vanish or explode with depth; initialisation, residual connections and clipping help.
#
# ## Exercises
#
# 1. Which loss would you take for the month of a photograph, the price of a house, the tags of a song? Why?
# 2. Derive the slope of `tanh` from a graph of `exp`, sums and a quotient. Check it with `slope`.
# 3. In section 10 replace `z1 > 0` by `dlogits @ W2.T > 0`. Predict which of the three comparisons fail.
# 4. At which $h$ is a one-sided difference as good as a central one with $h = 10^{-3}$? Read it off the
#    figure, then measure.
# 5. Give the network in section 10 thirty layers, with and without residual connections. Which one learns?
#
# In the assignment `week05_backprop` you build these pieces yourself.
#
# ## References
#
# - Bengio, Simard & Frasconi (1994). Learning long-term dependencies with gradient descent is difficult. IEEE
#   Trans. Neural Networks 5.
# - Cortes & Vapnik (1995). Support-vector networks. Machine Learning 20.
# - He, Zhang, Ren & Sun (2016). Deep residual learning for image recognition. CVPR.
# - Kullback & Leibler (1951). On information and sufficiency. Annals of Mathematical Statistics 22.
# - Linnainmaa (1976). Taylor expansion of the accumulated rounding error. BIT 16.
# - Pascanu, Mikolov & Bengio (2013). On the difficulty of training recurrent neural networks. ICML.
# - Rumelhart, Hinton & Williams (1986). Learning representations by back-propagating errors. Nature 323.
# - Shannon (1948). A mathematical theory of communication. Bell System Technical Journal 27.
