# %% [markdown]
# # Week 3 · Variance and weight initialisation
#
# Before a network learns anything, somebody has to choose its first weights. Zero? One? A little noise? Most
# choices ruin a deep network before the first step of training, and one short calculation with variances finds
# those that do not.
#
# **After this lecture you can**
#
# - say why weights must differ, and why zeros fail however plausible they look;
# - derive how the variance of a signal changes in a layer, and test each line of the derivation;
# - choose the spread of the weights for linear layers, for ReLU and for others, forwards and backwards;
# - show by experiment what a wrong choice does to a deep network, and measure instead of calculating.
#
# You need weeks 1 and 2, and from school the mean, the **variance** (the mean square distance from the mean)
# and its root, the **standard deviation**. As always: **predict**, then run.

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatLogSlider, IntSlider, interact

from coursekit import plotting
from coursekit.datasets import digits
from coursekit.desk import Choice, Number, WrongAnswer, ask
from coursekit.functions.activations import identity, leaky_relu, relu, tanh
from coursekit.functions.backprop import mlp_gradients
from coursekit.functions.initializers import lecun_normal, xavier_uniform
from coursekit.functions.mlp import mlp_forward
from coursekit.functions.training import train

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## From earlier weeks
#
# Two questions on weeks 1 and 2, which today builds on. Answer without looking them up.
#
# **Self-check.** `X` is (500, 64) and `W` is (64, 32). How many products does one entry of `X @ W` add up?

# %%
terms = ...

# %% tags=["hide-input"]
ask("terms", Number("64", wrong=(
    WrongAnswer("500", "That is the number of examples. Does one example's output depend on the others?"),
    WrongAnswer("32", "That is the number of units. Which size vanishes in the product?"),
    WrongAnswer("64*32", "Those are all the weights. How many of them lead into one unit?"),
)))

# %% [markdown]
# **Self-check.** Where is a tanh unit saturated: **a** near $z = 0$, **b** far from 0 on either side, or **c** for
# negative $z$ only?

# %%
flat = ...

# %% tags=["hide-input"]
ask("flat", Choice("b", options="abc", wrong=(
    WrongAnswer("a", "There its slope is 1, the largest."),
    WrongAnswer("c", "That is where a ReLU is flat. And tanh, at z = 10?"),
)))

# %% [markdown]
# ## 1 · Why not zero?
#
# Here is a network for the digits of week 1, 64 → 32 → 32 → 10 with ReLU. As then, we borrow the training
# from weeks 5 and 6; `draw` says how the weights of a layer begin, and biases begin at 0. For now take `he`,
# a rule by He et al. (2015), as given; section 6 finds it. What will the trained weights look like: how many
# are positive, what is their mean?

# %%
X, y = digits()
X = X / 16
shapes = [(64, 32), (32, 32), (32, 10)]


def he(shape, rng):
    return rng.normal(size=shape) * np.sqrt(2 / shape[0])


def learn(draw, epochs=20, bias=0.0, seed=1):
    rng = np.random.default_rng(seed)
    params = [(draw(shape, rng), np.full(shape[1], bias)) for shape in shapes]
    return train(params, X[:1400], y[:1400], mlp_gradients, 0.1, epochs, 32, rng)


def accuracy(params):
    return (mlp_forward(params, X[1400:], relu).argmax(axis=1) == y[1400:]).mean().round(2)


params, losses = learn(he)
for W, _ in params:
    print(W.shape, "positive", (W > 0).mean().round(2), "mean", W.mean().round(3))
print("right on new digits", accuracy(params))

# %% [markdown]
# Half of the weights are positive, and the mean is nearly 0. So 0 looks like the best guess for each of them.
# Try it: first zeros, then the constant 0.2.

# %%
zero_params, zero_losses = learn(lambda shape, rng: np.zeros(shape))
same_params, same_losses = learn(lambda shape, rng: np.full(shape, 0.2))
print("right:", accuracy(zero_params), accuracy(same_params))
print("largest weight from zeros:", np.abs(zero_params[0][0]).max())
for name, (W, _) in {"0.2": same_params[0], "He": params[0]}.items():
    print(name, "largest difference between two units:", np.ptp(W, axis=1).max().round(2))

# %% [markdown]
# Both are right one time in ten. With zeros no hidden weight has moved at all: the largest is still 0.0. With
# 0.2 they have moved, but between the weights that two units give to the same input there is no difference at
# all: 0.0, where He's start has 1.38. Units that begin equal compute equal outputs, receive equal corrections
# and **stay equal for ever**. That is called **symmetry**, and 32 equal units are one unit. The mean of the
# weights was the wrong thing to look at: they must *differ*.
#
# So we draw them at random. Small noise, `0.01 * randn`? Large noise? Random directions, each unit's weights
# scaled to length 1? Predict which learn.

# %%
starts = {
    "0.01 randn": lambda shape, rng: 0.01 * rng.normal(size=shape),
    "randn": lambda shape, rng: rng.normal(size=shape),
    "directions": lambda shape, rng: (W := rng.normal(size=shape)) / np.linalg.norm(W, axis=0),
}
runs = {"zeros": zero_losses, "0.2": same_losses, "He": losses}
for name, draw in starts.items():
    trained, runs[name] = learn(draw)
    print(name, accuracy(trained), "first loss", round(runs[name][0], 2), "last", round(runs[name][-1], 2))

# %%
ax = plotting.line(np.arange(1, 21), *runs.values(), labels=list(runs), xlabel="epoch", ylabel="mean loss in the epoch")
ax.set(ylim=(0, 4), xticks=[1, 5, 10, 15, 20])
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plotting.describe(
    ax,
    "Which starts learn? Zeros, 0.2 and tiny noise stay at 2.3, large noise limps, directions and He's rule fly.",
    alt="Loss over 20 epochs from six starts. Zeros and 0.01 randn lie flat at 2.3, and so does the constant 0.2 "
    "after a first epoch above 4; randn falls from above 4 to 0.3; random directions and He fall below 0.3 within five "
    "epochs.",
)

# %% [markdown]
# Random is not enough. Noise of 0.01 stays at the loss of a blind guess, $\log 10 \approx 2.3$, for twenty
# epochs; noise of 1 starts above 8 and reaches 79%. What is special about random directions, and He's rule?
# Their *size*. Let us calculate it.

# %% [markdown]
# ## 2 · The variance of a product
#
# A unit adds up products $w x$ of a random weight and an input. Write $E[X]$ for the mean of a random number
# $X$. If $X$ and $Y$ are **independent** (knowing one tells nothing of the other), the mean of the product is
# the product of the means. Two unfair dice, all pairs equally likely:

# %%
x, y_die = np.array([1.0, 2.0, 6.0]), np.array([-1.0, 0.0, 5.0, 5.0])
xy = np.outer(x, y_die)
print(xy.mean(), x.mean() * y_die.mean())

# %% [markdown]
# The squares are independent as well. So with $\mathrm{Var}(X) = E[X^2] - E[X]^2$, a line at a time:
#
# $$\begin{aligned}
# \mathrm{Var}(XY) &= E[X^2Y^2] - E[XY]^2 & (1)\\
# &= E[X^2]\,E[Y^2] - E[X]^2E[Y]^2 & (2)\\
# &= (\mathrm{Var}(X) + E[X]^2)(\mathrm{Var}(Y) + E[Y]^2) - E[X]^2E[Y]^2 & (3)\\
# &= E[X]^2\,\mathrm{Var}(Y) + E[Y]^2\,\mathrm{Var}(X) + \mathrm{Var}(X)\mathrm{Var}(Y) & (4)
# \end{aligned}$$
#
# Never trust four lines: test each one. The left side is counted out over all twelve pairs.

# %%
mx, my, vx, vy = x.mean(), y_die.mean(), x.var(), y_die.var()
lines = [(xy**2).mean() - xy.mean() ** 2,
         (x**2).mean() * (y_die**2).mean() - mx**2 * my**2,
         (vx + mx**2) * (vy + my**2) - mx**2 * my**2,
         mx**2 * vy + my**2 * vx + vx * vy]
print(xy.var().round(6), np.round(lines, 6))

# %% [markdown]
# Five times the same. Two dice prove no theorem, but a wrong line would hardly survive them. Does it also
# survive sampling? And what if $X$ and $Y$ are *not* independent? Take $Y = X$:

# %%
rng = np.random.default_rng(0)
u, v = rng.normal(1, 2, 1_000_000), rng.normal(-3, 0.5, 1_000_000)
print((u * v).var().round(1), 1 * 0.25 + 9 * 4 + 4 * 0.25)
print((u * u).var().round(1), 1 * 4 + 1 * 4 + 4 * 4)

# %% [markdown]
# Independent: 37.3 against 37.25, good to the sampling. Dependent: 48.2 against a predicted 24, for line 2
# fails. If both *means are 0*, line 4 shrinks to $\mathrm{Var}(XY) = \mathrm{Var}(X)\,\mathrm{Var}(Y)$.

# %% [markdown]
# ## 3 · The sum of n terms
#
# Variances of independent terms add up. A unit without bias, $y = \sum_{i=1}^{n} w_i x_i$, adds $n$ products; with
# zero means each has the variance $\mathrm{Var}(w)\,\mathrm{Var}(x)$, so
#
# $$\mathrm{Var}(y) = n\,\mathrm{Var}(w)\,\mathrm{Var}(x).$$
#
# Variance over what? Over all weights that may be drawn and all inputs that may come. Predict it for $n = 100$,
# $\mathrm{Var}(w) = 0.04$, $\mathrm{Var}(x) = 1$; then sample.

# %%
w, inputs = rng.normal(0, 0.2, (20_000, 100)), rng.normal(size=(20_000, 100))
print((w * inputs).sum(axis=1).var().round(2), 100 * 0.04 * 1)

# %% [markdown]
# About 4: the layer *quadruples* the variance, and the next one will do it again. To keep it we need
# $n\,\mathrm{Var}(w) = 1$.
#
# **Self-check.** 400 inputs of variance 1, weights with a *standard deviation* of 0.1. What is
# $\mathrm{Var}(y)$?

# %%
var_y = ...

# %% tags=["hide-input"]
ask("var_y", Number("400 * 0.1**2", wrong=(
    WrongAnswer("400 * 0.1", "Is 0.1 the variance of the weights?"),
    WrongAnswer("sqrt(400) * 0.1", "That is the standard deviation of y."),
)))

# %% [markdown]
# ## 4 · Uniform numbers
#
# Many initialisers draw uniformly from an interval $[a, b]$. The density is $1/(b-a)$, the mean $(a+b)/2$;
# with $h = (b-a)/2$ the variance is $\int_{-h}^{h} \frac{u^2}{2h}\,du = \frac{h^2}{3} = \frac{(b-a)^2}{12}$.
# So $U[-k, k]$ has variance $k^2/3$. Sum up the integral in thin slices, then sample:

# %%
a, b = 1.0, 4.0
slices = np.linspace(a, b, 100_001)[:-1] + (b - a) / 200_000
print(slices.mean().round(6), slices.var().round(6), (b - a) ** 2 / 12)
print(rng.uniform(-0.3, 0.3, 1_000_000).var().round(4), 0.3**2 / 3)

# %% [markdown]
# Three times the mean square is the square of the bound: whoever wants variance $v$ draws from $U[-\sqrt{3v},
# \sqrt{3v}]$. The standard deviation is *not* the bound.

# %% [markdown]
# ## 5 · Forwards, backwards, and a compromise
#
# Forwards, a unit adds up $d_{in}$ terms: $\mathrm{Var}[W] = 1/d_{in}$ keeps the variance (LeCun et al.
# 1998). When training, a signal also travels *back* through the layer: $dY$, which says how the loss depends
# on each output, becomes $dX = dY\,W^\top$ (week 5). Each entry adds up $d_{out}$ terms, so this direction
# wants $1/d_{out}$. Both can be had only if the layer is square. Glorot and Bengio (2010) take
#
# $$\mathrm{Var}[W] = \frac{2}{d_{in} + d_{out}},
# \qquad\text{uniformly: } U[-k, k] \text{ with } k = \sqrt{\frac{6}{d_{in} + d_{out}}}.$$
#
# *Xavier* (Glorot's first name) means the same rule in PyTorch, but $k = \sqrt{3/d_{in}}$ in other libraries, and here.
# Measure both directions in a
# layer 400 → 100:

# %%
def glorot(shape, rng):
    k = np.sqrt(6 / sum(shape))
    return rng.uniform(-k, k, size=shape)


signal, back = rng.normal(size=(500, 400)), rng.normal(size=(500, 100))
for name, W in {"1 / d_in (Xavier)": xavier_uniform((400, 100), rng),
                "1 / d_out": xavier_uniform((100, 400), rng).T,
                "Glorot": glorot((400, 100), rng)}.items():
    print(f"{name:<18} forwards x {(signal @ W).var():.2f}   backwards x {(back @ W.T).var():.2f}")

# %% [markdown]
# Each rule keeps its own direction near 1 and multiplies the other by 4 or by 0.25. Glorot's factors are 1.6
# and 0.4: twice unfaithful, never by much.

# %% [markdown]
# ## 6 · Where does ReLU's 2 come from?
#
# ReLU turns half of its inputs into 0. Does it halve the variance? Predict mean, variance and mean square of
# $\mathrm{relu}(z)$ for $z$ from $N(0, 1)$.

# %%
active = relu(rng.normal(size=4_000_000))
print("mean", active.mean().round(3), "variance", active.var().round(2), "mean square", (active**2).mean().round(2))
print("exactly", (1 / np.sqrt(2 * np.pi)).round(3), round(1 / 2 - 1 / (2 * np.pi), 3))

# %% [markdown]
# The variance is 0.341, *not* 1/2; what is halved is the **second moment** $E[a^2]$, the mean square. It
# counts, because the next layer's weights have mean 0: line 3 of section 2 then gives $\mathrm{Var}(wa) =
# \mathrm{Var}(w)\,E[a^2]$. To make up for the half, He et al. (2015) double the variance: **$\mathrm{Var}[W]
# = 2/d_{in}$**, usually Gaussian, with the deviation $\sigma = \sqrt{2/d_{in}}$. (A $\sigma$ by itself is a deviation;
# $\sigma(z)$ remains the sigmoid.) Through one layer:

# %%
first = relu(rng.normal(size=(1000, 512)))
print("before   mean square", (first**2).mean().round(2), "mean", first.mean().round(2))
for name, W in {"1 / d_in": lecun_normal((512, 512), rng), "2 / d_in": he((512, 512), rng)}.items():
    second = relu(first @ W)
    print(name, "mean square", (second**2).mean().round(2), "mean", second.mean().round(2))

# %% [markdown]
# With $1/d_{in}$ the mean square falls from 0.5 to 0.25; with $2/d_{in}$ it stays near 0.5. So does the mean
# near 0.4, far from 0: He's rule repairs the spread, not the mean.
#
# **Self-check.** Weights of variance $1/d_{in}$, ReLU. By which factor does the *root* mean square change in 10
# layers? Type a formula in quotes.

# %%
factor = ...

# %% tags=["hide-input"]
ask("factor", Number("2**(-5)", wrong=(
    WrongAnswer("2**(-10)", "That is the mean square. And its root?"),
    WrongAnswer("2**5", "Does ReLU add anything?"),
)))

# %% [markdown]
# ## 7 · A hundred layers
#
# Now 512 units wide, in `float32`, the format that graphics processors like. One layer of $N(0, 1)$ weights
# multiplies the standard deviation by $\sqrt{512} \approx 22.6$; weights of $0.01 \cdot N(0, 1)$ by 0.226.
# The largest float32 is about $3 \cdot 10^{38}$, the smallest above 0 about $10^{-45}$. After how many layers
# is the signal gone?

# %%
def by_depth(std, activation=identity, depth=100, dtype=np.float32, width=512):
    rng = np.random.default_rng(0)
    a, stds = rng.standard_normal((16, width)).astype(dtype), []
    for _ in range(depth):
        W = rng.standard_normal((width, width), dtype=np.float32).astype(dtype) * dtype(std)
        a = activation(a @ W)
        stds.append(a.std(dtype=np.float64))    # the squares of 1e20 would overflow float32 by themselves
    return np.array(stds)


with np.errstate(over="ignore", invalid="ignore"):    # we know what is coming
    large, small = by_depth(1), by_depth(0.01)
print("not finite from layer", np.argmax(~np.isfinite(large)) + 1, " zero from layer", np.argmax(small == 0) + 1)

# %% [markdown]
# Overflow from layer 28 on, nothing but zeros from layer 70 on. In float64 the numbers have more room:

# %%
wide_large, wide_small = by_depth(1, dtype=np.float64), by_depth(0.01, dtype=np.float64)
print(f"{wide_large[-1]:.1e}  {wide_small[-1]:.1e}   predicted {512**50:.1e}  {512**50 / 1e200:.1e}")

# %% [markdown]
# $10^{135}$ and $10^{-65}$ after 100 layers, as predicted. No format is wide enough for *very* deep; only the
# right factor is. With $\sigma = 1/\sqrt{512}$ a linear network keeps its signal. And with ReLU? Predict the
# curve before you see it.

# %%
linear = by_depth(512**-0.5)
halved, repaired = by_depth(512**-0.5, relu), by_depth((2 / 512) ** 0.5, relu)
print(f"linear {linear[-1]:.2f}   relu {halved[-1]:.1e} (predicted {2.0**-50:.1e})   with the 2 {repaired[-1]:.2f}")

ax = plotting.line(np.arange(1, 101), wide_large, linear, repaired, halved, wide_small,
                   labels=["1, linear", "1/√n, linear", "√(2/n), ReLU", "1/√n, ReLU", "0.01, linear"],
                   xlabel="layer", ylabel="standard deviation of the signal")
ax.set_yscale("log")
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plotting.describe(
    ax,
    "Which weights carry a signal through 100 layers? 1/√n without ReLU, √(2/n) with it; all others are off by powers.",
    alt="Standard deviation over 100 layers on a logarithmic axis. Weights of deviation 1 rise in a line to 1e135, "
    "0.01 fall to 1e-65. 1/√n without ReLU and √(2/n) with ReLU stay level near 1; 1/√n with ReLU falls below 1e-15.",
)

# %% [markdown]
# ReLU costs a factor of $\sqrt2$ a layer, $2^{-50}$ in all, and $\sqrt{2/n}$ repairs it. (It repairs the
# expectation. The signal of one network still wanders a little: He's is at 0.43 here.) Move the sliders: at
# which $\sigma\sqrt{n}$ does a ReLU network of 60 layers neither die nor explode?

# %%
def explore(scale=1.0, depth=60):
    stds = by_depth(scale * 128**-0.5, relu, depth, np.float64, width=128)
    ax = plotting.line(np.arange(1, depth + 1), stds, xlabel="layer", ylabel="standard deviation of the signal")
    ax.set(yscale="log", ylim=(1e-20, 1e20), title=f"σ√n = {scale:.2f}")
    plotting.describe(ax, f"After {depth} ReLU layers: {stds[-1]:.1e}.",
                      alt=f"Standard deviation by layer on a logarithmic axis, ending at {stds[-1]:.1e}.")


sliders = interact(explore, scale=FloatLogSlider(1.0, base=10, min=-0.5, max=0.8, step=0.05, description="σ√n"),
                   depth=IntSlider(60, 5, 200, 5, description="layers"))

# %% [markdown]
# The same thing standing still:

# %%
scales = [0.5, 1.0, 2**0.5, 2.0, 4.0]
ax = plotting.line(np.arange(1, 61), *[by_depth(s * 128**-0.5, relu, 60, np.float64, width=128) for s in scales],
                   labels=[f"σ√n = {s:.2f}" for s in scales], xlabel="layer", ylabel="standard deviation of the signal")
ax.set_yscale("log")
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plotting.describe(
    ax,
    "How exact must the spread be? Only σ√n = √2 stays level; a factor of √2 to either side costs nine powers of ten.",
    alt="Five straight lines over 60 ReLU layers, logarithmic: 0.5 falls to about 1e-27, 1.0 to about 1e-9, 1.41 stays "
    "level, 2.0 rises to about 1e9 and 4.0 to about 1e27.",
)

# %% [markdown]
# ## 8 · What each layer sees
#
# One number a layer hides a lot. Here are the activations of six tanh layers on a batch, and the gradient on
# its way back, from three starts: weights too small, Xavier, too large. What will the *gradients* of the
# large weights do? (Recall from week 2 where tanh is flat.)

# %%
def forwards_and_back(std, depth=6, width=256):
    rng = np.random.default_rng(3)
    weights = [rng.normal(0, std, (width, width)) for _ in range(depth)]
    activations = [rng.normal(size=(200, width))]
    for W in weights:
        activations.append(tanh(activations[-1] @ W))
    d, gradients = rng.normal(size=activations[-1].shape), []
    for W, a in zip(weights[::-1], activations[:0:-1], strict=True):
        d = (d * (1 - a**2)) @ W.T      # tanh has the slope 1 - tanh^2
        gradients.append(d)
    return activations[1:], gradients[::-1]


figure, panels = plt.subplots(2, 3, figsize=(9, 5.6), sharey=True)
for column, (name, std) in zip(panels.T, {"0.3/√n": 0.3 / 16, "1/√n": 1 / 16, "4/√n": 4 / 16}.items(), strict=True):
    activations, gradients = forwards_and_back(std)
    plotting.layer_histograms(activations, ax=column[0], limits=(-1, 1), xlabel="activation", title=f"σ = {name}")
    plotting.layer_histograms(gradients, ax=column[1], limits=(-4, 4), xlabel="gradient")
    column[0].set(xlim=(-1.1, 2.2), xticks=[-1, 0, 1])
    column[1].set(xlim=(-4.4, 8.8), xticks=[-4, 0, 4])
plotting.describe(
    figure,
    "Do the values spread, shrink or pile up? Small weights shrink both signals; large ones saturate the units and "
    "blow the gradient up; in the middle both live.",
    alt="Histograms of activations (above) and gradients (below) in six tanh layers for three spreads of the weights. "
    "Small: activations shrink to a spike at 0 layer by layer, gradients shrink towards layer 1. Middle: both stay "
    "broad. Large: activations pile up at -1 and 1, and the gradients grow from layer 6 to layer 1.",
)

# %% [markdown]
# Left, the activations shrink to a spike, and so do the gradients on their way back to layer 1, to 0.000683.
# Right, tanh is saturated: nearly all units sit at -1 or 1, where it is flat, but the few that do not pass on
# a gradient multiplied by large weights, and from layer to layer it *grows*, to 12.6: steep in a few places
# and flat in all others.

# %% [markdown]
# ## 9 · A trap: Uniform(0, ·)
#
# Now and then one sees an initialiser $U(0, 1/\sqrt{d_{in} + d_{out}})$. Its numbers are of a decent size.
# What is their mean, and what does a sum of 512 of them do? Measure the damage, on one layer of inputs 0 to
# 1, on deep ReLU networks and on the digits:

# %%
def trap(shape, rng):
    return rng.uniform(0, 1 / np.sqrt(sum(shape)), size=shape)


positive = rng.uniform(size=(200, 512))
for name, draw in {"trap": trap, "Glorot": glorot}.items():
    z, a = positive @ draw((512, 512), rng), positive
    for _ in range(10):
        a = relu(a @ draw((512, 512), rng))
    spread = a.std(axis=1).mean() / a.mean()
    print(f"{name:<7} mean z {z.mean():.2f}, after 10 layers {a.mean():.1e}, spread between units / mean {spread:.3f}")

# %%
trap_params, trap_losses = learn(trap)
glorot_params, glorot_losses = learn(glorot)
print(np.round([trap_losses[4], glorot_losses[4]], 2), accuracy(trap_params), accuracy(glorot_params))

# %% [markdown]
# Each layer multiplies the mean by $512 / (2\sqrt{1024}) = 8$: half a billion after ten. Worse, the units
# hardly differ any more: each one computes nearly the same sum. On the digits, three layers only, the loss
# after five epochs is 1.91 where Glorot's is 0.29. A shift of the mean is not something that training
# politely ignores.

# %% [markdown]
# ## 10 · Gains, fans, and a catalogue
#
# What ReLU needs, other activations need in other amounts. The **gain** is the factor on $1/\sqrt{d_{in}}$
# that makes up for what the activation takes away. For the leaky ReLU with slope $s$, half of the mean square
# comes through whole and half times $s^2$: the gain is $\sqrt{2/(1+s^2)}$. For tanh, 5/3 is in use. Is it
# derived? Follow the mean square through 50 layers:

# %%
def rms(gain, activation, depth=50):
    rng, stds = np.random.default_rng(0), []
    a = rng.normal(size=(50, 256))
    for _ in range(depth):
        a = activation(a @ rng.normal(0, gain / 16, (256, 256)))
        stds.append(np.sqrt((a**2).mean()))
    return np.array(stds)[[0, 9, 49]]


print("ReLU, sqrt 2   ", rms(2**0.5, relu))
print("leaky 0.2      ", rms((2 / 1.04) ** 0.5, lambda z: leaky_relu(z, 0.2)))
print("tanh, gain 1   ", rms(1, tanh))
print("tanh, gain 5/3 ", rms(5 / 3, tanh))

# %% [markdown]
# Three columns: after 1, 10 and 50 layers. With gain 1 tanh lets the signal fade, slowly: near 0 it *is* the
# identity, so the smaller the signal, the less it loses. With 5/3 it settles at 0.65, a place where tanh
# bends but does not saturate. That is a heuristic, no theorem.
#
# Which number of terms counts, $d_{in}$, $d_{out}$ or their mean, is called the **fan mode**: `fan_in`
# protects the signal, `fan_out` the gradient, `fan_avg` is Glorot's. Besides there are
#
# | start | for |
# |---|---|
# | constant | biases (0), scales (1); never weights |
# | Gaussian or uniform, given spread | when you know what you want |
# | LeCun, $1/d_{in}$ | linear layers, SELU |
# | Glorot, $2/(d_{in}+d_{out})$ | tanh, logistic |
# | He, $2/d_{in}$ | ReLU and its family |
# | identity | recurrent and very deep linear layers |
# | orthogonal | very deep networks (section 12) |
# | sparse: a fixed number of inputs for each unit | very wide layers (Martens 2010) |
# | pretrained weights | whenever somebody has trained on similar data |
#
# Beware of a word. Asked for a *sparsity* of 0.9, one library makes nine tenths of the weights zero, and
# another keeps nine tenths. Does it matter? Weights by He's rule, 784 inputs of variance 1 for each unit:

# %%
for share in (0.1, 0.9):
    W = he((784, 64), rng) * (rng.random((784, 64)) < share)
    print(f"{share:.0%} kept: {(W != 0).sum(axis=0).mean():5.1f} inputs a unit, variance of z",
          (rng.normal(size=(1000, 784)) @ W).var().round(2))

# %% [markdown]
# A factor of nine in the variance, from one word. The `sparse` of the assignment is told the *number* of inputs
# for each unit, which nobody can misread.
#
# **Biases** start at 0: the weights have broken the symmetry already. Some start them at 0.01 with ReLU, so
# that every unit is active at first. Does it help? Five seeds each, mean loss after five epochs, and its
# standard error:

# %%
for bias in 0.0, 0.01:
    finals = np.array([learn(he, 5, bias, seed)[1][-1] for seed in range(5)])
    print(bias, finals.mean().round(3), "+-", (finals.std(ddof=1) / 5**0.5).round(3))
z = X @ he((64, 32), rng)
print("active", (z > 0).mean().round(3), "and", (z + 0.01 > 0).mean().round(3), "deviation of z", z.std().round(2))

# %% [markdown]
# The difference is smaller than the error bars. How could it help: beside sums of size 1 a hundredth decides
# nothing, and the share of active units hardly moves.
#
# **Self-check.** Your 30-layer ReLU network outputs only numbers near $10^{-5}$. Which start was probably
# used: **a** He's, **b** LeCun's, **c** $N(0, 1)$?

# %%
start = ...

# %% tags=["hide-input"]
ask("start", Choice("b", options="abc", wrong=(
    WrongAnswer("a", "He's rule keeps the mean square. What is the factor without its 2?"),
    WrongAnswer("c", "Would the signal shrink or grow with such weights?"),
)))

# %% [markdown]
# ## 11 · Or simply measure
#
# No formula for your activation? Push a batch of real data through and divide each layer's weights by the
# standard deviation of its outputs, one layer after the other (LSUV, *layer-sequential unit-variance*;
# Mishkin & Matas 2016). Start with **orthogonal** weights, whose columns have length 1 and stand at right angles
# (`qr` makes such columns out of random ones; so that every direction is equally likely, signs have to be mended,
# Mezzadri 2007, which the assignment does), and a *squared* ReLU. What will become of the untouched network?

# %%
def orthogonal(n, rng):
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def squared(z):
    return relu(z) ** 2


plain, scaled = X[:500], X[:500]
before, after = [], []
for W in [orthogonal(64, rng) for _ in range(10)]:
    before.append((plain @ W).std())
    W_scaled = W / (scaled @ W).std()
    after.append((scaled @ W_scaled).std())
    plain, scaled = squared(plain @ W), squared(scaled @ W_scaled)
print("untouched", [f"{std:.0e}" for std in before[::3]])
print("rescaled ", np.round(after[::3], 3))

# %% [markdown]
# Squaring makes small signals smaller, layer by layer faster; no fixed gain could stop that. Rescaled, the
# deviation is 1 in each layer, by construction, for the price of one forward pass.

# %% [markdown]
# ## 12 · Ten thousand layers
#
# Multiplying by an orthogonal matrix changes no vector's length. Saxe et al. (2014) start from such matrices.
# Let us be bold: 10,000 linear layers, 64 wide, one matrix at a time. Beside it, Gaussian weights of exactly
# the right variance, 1/64. Both keep the variance *on average*. Predict the lengths at the end.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(4, 64))
straight, bent = x, x
for _ in range(10_000):
    straight = straight @ orthogonal(64, rng)
    bent = bent @ lecun_normal((64, 64), rng)
kept, lost = [np.linalg.norm(end, axis=1) / np.linalg.norm(x, axis=1) for end in (straight, bent)]
print("orthogonal:  all equal 1 up to 1e-12:", np.abs(kept - 1).max() < 1e-12)
print("Gaussian:  ", [f"{r:.0e}" for r in lost], f"predicted {np.exp(-10_000 / 128):.0e}")

# %% [markdown]
# Orthogonal layers keep every length, up to rounding. The Gaussian ones let it fall to some $10^{-34}$. How
# can that be, with the right variance? An average hides what its terms do: a Gaussian matrix stretches some
# directions and squeezes others, by its **singular values**. Such factors multiply, and the *logarithm* of a
# length falls by about $1/(2 \cdot 64)$ a layer: $10{,}000/128 = 78$ powers of $e$. Look at the singular
# values of the whole product:

# %%
products = {"orthogonal, 100 layers": np.eye(64)}
for _ in range(100):
    products["orthogonal, 100 layers"] = products["orthogonal, 100 layers"] @ orthogonal(64, rng)
product = np.eye(64)
for depth in range(1, 11):
    product = product @ lecun_normal((64, 64), rng)
    if depth in (1, 3, 10):
        products[f"Gaussian, {depth} layer" + "s" * (depth > 1)] = product
values = {name: np.linalg.svd(P, compute_uv=False) for name, P in products.items()}
for name, s in values.items():
    print(f"{name:<23} largest {s[0]:.2f}  median {np.median(s):.3f}")

# %%
ax = plotting.line(np.arange(1, 65), *values.values(), labels=list(values), xlabel="rank of the singular value",
                   ylabel="singular value of the product")
ax.set(yscale="log", ylim=(1e-11, 1e1))
plotting.describe(
    ax,
    "What happens to directions? Orthogonal layers treat all alike; Gaussian ones squeeze nearly all of them away.",
    alt="64 singular values in falling order on a logarithmic axis. Orthogonal: a level line at 1. Gaussian: the "
    "curves begin slightly above 1 and fall the more steeply the more layers are multiplied.",
)

# %% [markdown]
# After 10 Gaussian layers the median is 0.027: half of the directions have all but vanished. And after
# 10,000? Do four different inputs still come out as four different directions?

# %%
directions = bent / np.linalg.norm(bent, axis=1, keepdims=True)
print(np.abs(directions @ directions.T).min().round(6))

# %% [markdown]
# All cosines are 1 or -1: whatever goes in, one direction comes out. To have all singular values at 1 is
# called **dynamical isometry**. The idea carries further: *delta-orthogonal* kernels, an orthogonal matrix at
# the centre of a convolution and zeros around it, train convolutional networks of 10,000 layers (Xiao et al.
# 2018), and *Fixup* starts networks whose layers *add* to their input (week 5) so that they add nothing at
# first, and needs no normalisation (Zhang et al. 2019).

# %% [markdown]
# ## Summary
#
# - Weights must differ, or units stay equal for ever: never zeros, never a constant. Biases may be 0.
# - Independent, means 0: $\mathrm{Var}(y) = n\,\mathrm{Var}(w)\,\mathrm{Var}(x)$. Keep the factor
#   $n\,\mathrm{Var}(w)$ at 1.
# - $U[-k, k]$ has variance $k^2/3$. Glorot: $k = \sqrt{6/(d_{in}+d_{out})}$.
# - ReLU halves the *second moment*; He: $\mathrm{Var}[W] = 2/d_{in}$. The spread is repaired, the mean is
#   not.
# - Small errors of the spread are exponential in depth. Orthogonal weights keep *every* direction.
#
# ## Exercises
#
# 1. Show that $\mathrm{Var}(X + Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)$ for independent $X$, $Y$. Which line
#    fails if $Y = X$?
# 2. Which $\mathrm{Var}[W]$ does a layer need whose inputs are dropped (set to 0) with probability 1/2?
# 3. In section 1 let only the *last* layer begin at zeros. Predict whether the network learns; try it.
# 4. In section 7, what does `a.std()` in float32 show from layer 13 on, and why?
# 5. Why does LSUV divide by the deviation *before* the activation?
#
# The graded exercises are in `week03_initialisation`.
#
# ## References
#
# - Glorot & Bengio (2010). Understanding the difficulty of training deep feedforward neural networks.
#   AISTATS.
# - He, Zhang, Ren & Sun (2015). Delving deep into rectifiers. ICCV.
# - LeCun, Bottou, Orr & Müller (1998). Efficient backprop. In: Neural Networks: Tricks of the Trade.
# - Martens (2010). Deep learning via Hessian-free optimization. ICML.
# - Mezzadri (2007). How to generate random matrices from the classical compact groups. Notices of the AMS 54.
# - Mishkin & Matas (2016). All you need is a good init. ICLR.
# - Saxe, McClelland & Ganguli (2014). Exact solutions to the nonlinear dynamics of learning in deep linear
#   neural networks. ICLR.
# - Xiao, Bahri, Sohl-Dickstein, Schoenholz & Pennington (2018). Dynamical isometry and a mean field theory of
#   CNNs. ICML.
# - Zhang, Dauphin & Ma (2019). Fixup initialization: residual learning without normalization. ICLR.
