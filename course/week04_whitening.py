# %% [markdown]
# # Week 4 · Normalisation, PCA and whitening
#
# Data come as they come: metres beside kilograms, columns in which nothing ever happens. This week you
# learn to turn a cloud of data, and to make it round.
#
# **After this lecture you can**
#
# - centre and scale data, and say why validation data get the *training* statistics;
# - find the directions in which data vary, keep the best of them, and paint the data back (PCA);
# - whiten data, say what becomes of their covariance, and stop noise from being blown up;
# - keep "uncorrelated" apart from "independent";
# - fit a Gaussian, count its parameters, and say how many points that takes.
#
# You need weeks 1 to 3 and the product of matrices. As always: **predict**, then run.

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatLogSlider, IntSlider, interact

from coursekit import plotting
from coursekit.datasets import digits
from coursekit.desk import Number, WrongAnswer, ask

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## From earlier weeks
#
# Two questions on weeks 1 and 3, which today builds on. Answer without looking them up.
#
# **Self-check.** Every number of a column is multiplied by 3. By which factor does its *variance* grow?

# %%
grown = ...

# %% tags=["hide-input"]
ask("grown", Number("3**2", wrong=(
    WrongAnswer("3", "That is the deviation. And its square?"),
    WrongAnswer("1", "A shift leaves the variance alone. And a stretch?"),
)))

# %% [markdown]
# **Self-check.** `X` is (1200, 64) and `E` is (64, 10). How many numbers are in `X @ E`?

# %%
projected = ...

# %% tags=["hide-input"]
ask("projected", Number("1200 * 10", wrong=(
    WrongAnswer("1200 * 64", "That is X. Which size vanishes in the product?"),
    WrongAnswer("64 * 10", "That is E. How many examples are there?"),
)))

# %% [markdown]
# ## 1 · Centre and scale
#
# Four hundred people, made up: height in metres, weight in kilograms. Rows are examples, as ever; a
# column is called a **feature**.

# %%
rng = np.random.default_rng(0)
height = rng.normal(1.7, 0.1, 400)
people = np.column_stack([height, 70 + 80 * (height - 1.7) + rng.normal(0, 8, 400)])
mean, std = people.mean(axis=0), people.std(axis=0)
print(people[:2], mean, std)

# %% [markdown]
# `axis=0` runs down the rows: one mean and one standard deviation (the root of the mean squared distance
# from the mean) for each column, here 1.6963 and 0.0995 for the heights. **Centring** takes the mean away;
# **standardising** then divides by the deviation. Which means and deviations will `Z` have?

# %%
Z = (people - mean) / std
print(Z.mean(axis=0), Z.std(axis=0))
print(Z.mean(axis=0) == 0, np.abs(Z.mean(axis=0)).max() < 1e-12)

# %% [markdown]
# Means 0 and deviations 1, in the eyes of a reader. `==` disagrees: sums of floats are rounded. Ask if a
# number is *near* zero, in absolute value, and never if it is zero.
#
# ## 2 · Whose mean?
#
# Handwritten digits, 1200 to learn from (**training data**) and 597 that play the unknown future
# (**validation data**). The future may differ: let its scanner print everything 3 grey levels darker. We
# centre the new images, once with the training mean and once with their own. Where does the change show?
# And what is left of *one* example, centred by itself, and of its deviation?

# %%
X, y = digits()
order = np.random.default_rng(0).permutation(len(X))
X, y = X[order], y[order]
X_train, X_new, y_train, y_new = X[:1200], X[1200:], y[:1200], y[1200:]
darker = X_new + 3
print((darker - X_train.mean(axis=0)).mean().round(2), (darker - darker.mean(axis=0)).mean().round(2) + 0)
one = X_new[:1]
print(np.abs(one - one.mean(axis=0)).max(), one.std(axis=0).max())

# %% [markdown]
# The training mean shows the change: 3.0. With its own mean the future looks as if nothing had happened, 0,
# and nothing is left of one example. So the rule is: **mean and deviation are learned from the training
# data, stored with the model, and applied to everything else.** Whoever lets validation data into the mean
# has let the model peek at the exam.
#
# **Self-check.** A training column holds 0, 2, 4 and a validation column 10, 12. How far from 0 does the
# mean of the validation column lie after centring?

# %%
new_mean = ...

# %% tags=["hide-input"]
ask("new_mean", Number("11 - 2", wrong=(
    WrongAnswer("0", "Which mean did you take away?"),
    WrongAnswer("11", "That is the mean before centring."),
    WrongAnswer("11 - 28/5", "May the validation data enter the mean?"),
)))

# %% [markdown]
# ## 3 · Columns in which nothing happens
#
# How many pixels have the same value in every training image, and what would dividing by their deviation
# do?

# %%
mean, std = X_train.mean(axis=0), X_train.std(axis=0)
constant = X_train.max(axis=0) == X_train.min(axis=0)
print(constant.sum(), np.flatnonzero(constant), std[constant])

# %% [markdown]
# Three of the 64, at the margin, with deviation 0: dividing gives 0/0, NumPy's `nan`. The cure: only centre
# them. But do not ask if `std == 0`; ask if largest and smallest value are equal. Why? Take a thousand
# times 0.1:

# %%
column = np.full(1000, 0.1)
print(column.std(), (column[0] - column.mean()) / column.std())

# %% [markdown]
# The deviation is not 0 but about 1e-17, and dividing by it makes a "signal" of size 1 out of rounding.
# *Rare* pixels are a problem too. How large does the largest entry become, and how many images have ink
# there?

# %%
Z = (X_train - mean) / np.where(constant, 1, std)
print(np.abs(Z).max().round(1), (X_train[:, np.abs(Z).max(axis=0).argmax()] > 0).sum())

# %% [markdown]
# 34.6, at a pixel with ink in 1 of 1200 images. Pixels share one unit to begin with and **need no scaling
# one by one**; it gives the least reliable ones the loudest voice.
#
# Bounded data may be stretched instead, to [0, 1] or [-1, 1], by the smallest and largest *training* value.
# What happens to a value beyond them?

# %%
def stretch(train, X, low, high):
    smallest, largest = train.min(), train.max()
    return low + (high - low) * (X - smallest) / (largest - smallest)


print(stretch(X_train, np.array([0, 8, 16]), 0, 1), stretch(X_train, np.array([0, 8, 16, 20]), -1, 1))

# %% [markdown]
# The 20, unheard of in training, lands outside, at 1.5. That is honest.
#
# ## 4 · Covariance: what columns do together
#
# Do tall people weigh more? Multiply each person's two distances from the means: a positive product says
# "both above or both below". The average product is the **covariance**. It divides by $n - 1$, since the
# mean came from the same rows and lies closer to them than the true one. First slowly, for all pairs of
# columns:

# %%
n = len(people)
centred = people - people.mean(axis=0)
slow = np.zeros((2, 2))
for j in range(2):
    for k in range(2):
        slow[j, k] = sum(centred[i, j] * centred[i, k] for i in range(n)) / (n - 1)
print(slow)

# %% [markdown]
# The heights have variance 0.0099 m², the weights 139.4011 kg², and together they vary by 0.863 m kg.
# Column times column, summed: a matrix product. We keep the result and make the loops one line:
#
# $$\Sigma = \frac{1}{n-1}\,(X - \mu)^\top (X - \mu).$$

# %%
def covariance_of(X):
    c = X - X.mean(axis=0)
    return c.T @ c / (len(X) - 1)


print(np.allclose(covariance_of(people), slow), np.allclose(covariance_of(people), np.cov(people, rowvar=False)))
print([np.corrcoef(people * units, rowvar=False)[0, 1].round(3).item() for units in ([1, 1], [100, 1000])])

# %% [markdown]
# Equal. The covariance of *standardised* columns is the **correlation**, from -1 to 1; here it is 0.734, in
# any units.
#
# ## 5 · Directions of their own
#
# We now measure in decimetres and tens of kilograms, so that both columns spread about alike. Along a unit
# vector $u$, a direction, each person has one coordinate, $(X - \mu)u$. Its variance is
# $\frac{1}{n-1}\,u^\top (X - \mu)^\top (X - \mu)\,u = u^\top \Sigma u$. Turn $u$ half around.
# Where is the variance largest, and how does the direction of the smallest lie to it?

# %%
cloud = people * [10, 0.1]
S = covariance_of(cloud)
angle = np.arange(180)
U = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
along = (U * (S @ U)).sum(axis=0)
print(angle[along.argmax()], along.max().round(4), angle[along.argmin()], along.min().round(4))

# %% [markdown]
# See it: each person drops a shadow on the line along $u$, and the variance is that of the shadows. If this notebook is
# live, turn the line. Where do the shadows spread most, and what does the curve do there?

# %%
hundred = (cloud - cloud.mean(axis=0))[:100]


def draw_shadows(degrees, ax):
    u = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    plotting.axes(ax, "height (dm from mean)", "weight (10 kg from mean)", f"u at {degrees}°")
    ax.plot(*hundred.T, ".", color="0.7", markersize=4)
    ax.plot(*np.outer(hundred @ u, u).T, "|", color=plotting.VERMILION, markersize=5)
    ax.set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal")


def turn(degrees):
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4))
    draw_shadows(degrees, left)
    plotting.line(angle, along, ax=right, xlabel="direction of u (degrees)", ylabel="variance of the shadows")
    right.plot(degrees, along[degrees], "o", color=plotting.VERMILION)
    right.set(ylim=(0, 2.3), xticks=range(0, 181, 45))
    plotting.describe(figure, f"Along {degrees}° the shadows have the variance {along[degrees]:.2f}.",
                      alt=f"Left: a slanted cloud and its shadows on a line at {degrees} degrees. Right: the variance "
                      f"over the direction, a wave between 0.31 and 2.08; a dot marks {along[degrees]:.2f}.")


slider = interact(turn, degrees=IntSlider(0, 0, 179, 1, description="u (degrees)"))

# %%
figure, panels = plt.subplots(1, 3, figsize=(9, 3.2), sharey=True)
for ax, degrees in zip(panels, [0, 52, 142], strict=True):
    draw_shadows(degrees, ax)
    ax.set_ylabel(ax.get_ylabel() if ax is panels[0] else "")
plotting.describe(
    figure,
    "The same without a slider: shadows spread most along the cloud, at 52°, and least across it, at 142°.",
    alt="Three times the same slanted cloud with its shadows on a line. On the level line they spread from -2 to 2, on "
    "the line along the cloud from -3 to 3, and on the line across it they crowd between -1 and 1.",
)

# %% [markdown]
# Largest at 52°, with 2.0793, smallest at 142°, with 0.3074: at a right angle. A vector that a matrix only
# stretches, $\Sigma e = \lambda e$, is an **eigenvector**, and $\lambda$ its **eigenvalue**. A symmetric
# $d \times d$ matrix has $d$ of them at right angles, of length 1. With these as columns of $E$ and the
# eigenvalues in $D$: $\Sigma = E\,\mathrm{diag}(D)\,E^\top$.

# %%
D, E = np.linalg.eigh(S)
print(D, (np.degrees(np.arctan2(E[1], E[0])) % 180).round(1))
print(np.allclose(S @ E[:, 1], D[1] * E[:, 1]), np.allclose(E @ np.diag(D) @ E.T, S), np.allclose(E.T @ E, np.eye(2)))

# %% [markdown]
# The same variances and directions. It had to be so: write $u$ by its shares $c = E^\top u$ of the eigenvectors. Then
# $u^\top \Sigma u = c^\top \mathrm{diag}(D)\, c = \sum_j D_j c_j^2$ with $\sum_j c_j^2 = 1$, a weighted *mean* of the
# eigenvalues. It lies between the smallest and the largest, and reaches each along its own eigenvector.
#
# Two traps: `eigh` sorts *upwards*, and its vectors are *columns*. And
# the **sign** is nobody's: if $e$ is an eigenvector, so is $-e$. To compare, fix it: we let the largest
# entry, in absolute value, be positive.

# %%
def pca_of(X):
    mu = X.mean(axis=0)
    D, E = np.linalg.eigh(covariance_of(X))
    D, E = D[::-1], E[:, ::-1]
    largest = E[np.abs(E).argmax(axis=0), np.arange(len(D))]
    return mu, E * np.sign(largest), D

# %% [markdown]
# ## 6 · PCA: turn the cloud
#
# Now use the eigenvectors as new axes: $Y = (X - \mu)E$. This is **principal component analysis** (Pearson
# 1901). What will the covariance of $Y$ be?

# %%
mu, E, D = pca_of(cloud)
Y = (cloud - mu) @ E
print(covariance_of(Y).round(4) + 0, D)

# %% [markdown]
# $\mathrm{diag}(D)$: the new columns are **uncorrelated**. No wonder:
# $E^\top \Sigma E = E^\top E\,\mathrm{diag}(D)\,E^\top E = \mathrm{diag}(D)$. Now 64 dimensions. How many
# directions hold 90% of the variance of the digits?

# %%
mu, E, D = pca_of(X_train)
explained = D.cumsum() / D.sum()
print(D[:3].round(1), explained[[0, 1, 9, 20]].round(3), (explained < 0.9).sum() + 1)
print((D > 1e-9).sum(), D[60:])

ax = plotting.line(np.arange(1, 65), 100 * explained, xlabel="directions kept", ylabel="variance explained (%)")
ax.axhline(90, color="0.6", linewidth=1)
plotting.describe(
    ax,
    "How many directions do digits need? The curve bends early: a third of the directions hold 90% of the variance.",
    alt="Explained variance in percent over the number of directions kept, 1 to 64. The curve starts at 15, passes the "
    "line at 90 near 21 directions and is flat at 100 from about 50 on.",
)

# %% [markdown]
# 21 of 64 hold 90%. And only 61 eigenvalues are not zero: the three constant pixels have no variance to
# give. The **rank** of this covariance is 61. (The zeros are *near* zero, some even negative.)
#
# ## 7 · Fewer numbers, and back
#
# Keep the first $k$ columns of $E$: $Y = (X - \mu)E_k$ turns $(n, 64)$ into $(n, k)$. The way back is
# $\hat X = Y E_k^\top + \mu$. The squared error for each image should be what we left out, the sum of the
# remaining eigenvalues. Is it, on the training data? And on new images?

# %%
def there_and_back(X, k):
    return (X - mu) @ E[:, :k] @ E[:, :k].T + mu


for k in 2, 10, 30, 61:
    train, new = (((A - there_and_back(A, k)) ** 2).sum() / (len(A) - 1) for A in (X_train, X_new))
    print(f"k = {k:>2}  left out {abs(D[k:].sum()):>7.2f}  training {train:>7.2f}  new {new:>7.2f}")

# %% [markdown]
# To the last digit in training. New images lose a little more: their best directions are slightly others.

# %%
rows = np.vstack([there_and_back(X_new[:8], k) for k in (2, 10, 30)] + [X_new[:8]])
ax = plotting.image_grid(rows, columns=8, limits=(0, 16))
ax.set_axis_on()
ax.set_xticks([])
ax.set_yticks(4 + 9 * np.arange(4), ["2 directions", "10", "30", "all 64 pixels"])
ax.grid(visible=False)
plotting.describe(
    ax,
    "When can you read a digit again? With 2 directions hardly, with 10 mostly, with 30 without trouble.",
    alt="Eight new digits in four rows, rebuilt from 2, 10 and 30 directions, and as they were. The first row is "
    "blurred and much alike, the second readable for most, the third nearly like the originals.",
)

# %% [markdown]
# ## 8 · The other road: SVD
#
# The **singular value decomposition** writes any matrix as $X - \mu = U\,\mathrm{diag}(s)\,V^\top$, with
# columns at right angles in $U$ and $V$. Put it into $\Sigma$: the $U$ cancel,
# $\Sigma = V\,\mathrm{diag}(s^2/(n-1))\,V^\top$. So $V$ must be $E$, and $D = s^2/(n-1)$, without a
# covariance ever being made.

# %%
_, s, Vt = np.linalg.svd(X_train - mu, full_matrices=False)
print(np.allclose(s**2 / 1199, D), np.allclose(np.abs((Vt.T * E).sum(axis=0))[:61], 1))

# %% [markdown]
# One answer, up to the sign. When is this road better? First, for very thin directions: squares lose half
# of the digits. Three columns, one of them with a deviation of 1e-10, then turned at random. Second, for
# fewer rows than columns: 20 photographs of 64 x 64 pixels. How many megabytes has their covariance?

# %%
Q = np.linalg.qr(rng.normal(size=(3, 3)))[0]
thin = (rng.normal(size=(100, 3)) * [1, 1, 1e-10]) @ Q
print(f"{pca_of(thin)[2][-1]:.0e}", f"{np.linalg.svd(thin - thin.mean(axis=0))[1][-1] ** 2 / 99:.0e}")
photos = rng.normal(size=(20, 4096))
U, s, Vt = np.linalg.svd(photos - photos.mean(axis=0), full_matrices=False)
print(4096 * 4096 * 8 / 1e6, Vt.shape, (s > 1e-9).sum())

# %% [markdown]
# The true variance is near 1e-20, and the SVD finds it. What the covariance gives is rounding, far too
# large, and on some machines negative. And the photographs' covariance has 134 MB, where 20 rows of
# $V^\top$ do, and of those only 19 count: 20 points less one mean. With many rows and few columns the
# covariance is cheaper.
#
# ## 9 · Whitening: make the cloud round
#
# After turning, divide each column by its deviation: $Y = (X - \mu)\,E\,D^{-1/2}$, with $D^{-1/2}$ for the
# diagonal matrix of $1/\sqrt{D}$. For one example as a *column* $x$ books write
# $y = D^{-1/2}E^\top (x - \mu)$: the same, transposed. What is the covariance now?

# %%
mu2, E2, D2 = pca_of(cloud)
white = (cloud - mu2) @ E2 / np.sqrt(D2)
column_form = np.diag(D2**-0.5) @ E2.T @ (cloud[0] - mu2)
print(covariance_of(white).round(6) + 0, np.allclose(white[0], column_form))

figure, panels = plt.subplots(1, 3, figsize=(9, 3.1))
views = [(cloud - mu2, "height (dm from mean)", "weight (10 kg from mean)"),
         ((cloud - mu2) @ E2, "first direction", "second direction"),
         (white, "first, whitened", "second, whitened")]
for ax, (view, xlabel, ylabel) in zip(panels, views, strict=True):
    plotting.axes(ax, xlabel, ylabel).plot(*view.T, ".", color=plotting.BLUE, markersize=3)
    ax.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), aspect="equal")
plotting.describe(
    figure,
    "What do turning and whitening do? Turning takes the slant away, whitening the difference in size.",
    alt="Three scatter plots of the same 400 people on equal axes. Left, weight over height, a slanted cloud. Middle, "
    "turned: a flat cloud, wide in the first direction and narrow in the second. Right, whitened: a round cloud "
    "from -3 to 3 in both directions.",
)

# %% [markdown]
# The **identity**: all variances 1, no correlations. Such data are called *white*, like light in which no
# colour stands out. How many ones can the digits have?

# %%
kept = D > 1e-9
Y = (X_train - mu) @ E[:, kept] / np.sqrt(D[kept])
print(Y.shape, np.allclose(covariance_of(Y), np.eye(61)))

# %% [markdown]
# 61: no variance, nothing to stretch. The covariance is the identity on the subspace where anything
# happens.
#
# **Self-check.** 10 features, two of them constant, and a third that is always the sum of two others. How
# many ones?

# %%
ones = ...

# %% tags=["hide-input"]
ask("ones", Number("10 - 2 - 1", wrong=(
    WrongAnswer("8", "Does a sum of two others vary in a direction of its own?"),
    WrongAnswer("10", "What is the variance of a constant feature?"),
)))

# %% [markdown]
# ## 10 · Whitening blows up noise, and epsilon
#
# Dividing by a small deviation is multiplying by a large number. Which factor do the strongest and the
# weakest of the 61 directions get?

# %%
print(1 / np.sqrt(D[[0, 60]]))

# %% [markdown]
# 0.0745 and 44.4831: what lies in the weakest direction, ink or dust, gains 600-fold on the strongest. The
# cure is a small number, **epsilon**, beside each variance, $Y = (X - \mu)\,E\,/\sqrt{D + \varepsilon}$.
# The variance becomes $D/(D+\varepsilon)$: near 1 where $D$ is much larger than $\varepsilon$, near 0 where
# it is much smaller.

# %%
eps = 1.0
Y = (X_train - mu) @ E / np.sqrt(D + eps)
print(np.allclose(covariance_of(Y), np.diag(D / (D + eps))), (D / (D + eps))[[0, 30, 60, 63]])

# %% [markdown]
# Even the three dead pixels do no harm now. Ask a simple model, the **nearest neighbour**: each new image
# gets the label of the closest training image. Does whitening help it?

# %%
def nearest(train, new):
    distance = (new**2).sum(axis=1)[:, None] - 2 * new @ train.T + (train**2).sum(axis=1)
    return (y_train[distance.argmin(axis=1)] == y_new).mean()


def white_with(X, eps):
    return (X - mu) @ E / np.sqrt(D + eps)


sizes = 10.0 ** np.arange(-5, 5)
right = np.array([nearest(white_with(X_train, e), white_with(X_new, e)) for e in sizes])
print(nearest(X_train, X_new).round(3), right.round(3))

ax = plotting.line(sizes, 100 * right, xlabel="epsilon (squared grey levels)", ylabel="new digits read correctly (%)")
ax.set_xscale("log")
ax.axhline(100 * nearest(X_train, X_new), color="0.6", linewidth=1)
ax.text(1e-5, 100 * nearest(X_train, X_new) - 0.4, "raw pixels", color="0.4", va="top")
plotting.describe(
    ax,
    "What does epsilon do? Too small and noise votes as loudly as ink; as it grows, the raw pixels' result returns.",
    alt="Share of new digits read correctly over epsilon from 1e-5 to 1e4, logarithmic. About 93 percent up to 0.01, "
    "then rising to near the line of the raw pixels at about 98 to 99 percent.",
)

# %% [markdown]
# Raw pixels 98.8%, whitened almost without epsilon 93.3%: the noise votes. Whitening is no medicine for
# everyone.
#
# ## 11 · ZCA: white, and still a picture
#
# White data stay white however you turn them. One turn is special: back, by $E^\top$. The result, **ZCA**
# (Bell & Sejnowski 1997), is of all white versions the closest to the original. What does a digit look like
# in each?

# %%
white8 = white_with(X_new[:8], 10.0)
pictures = [X_new[:8] - mu, white8, white8 @ E.T]
ax = plotting.image_grid(np.vstack([p / np.abs(p).max() for p in pictures]), columns=8)
ax.set_axis_on()
ax.set_xticks([])
ax.set_yticks(4 + 9 * np.arange(3), ["centred", "whitened", "ZCA"])
ax.grid(visible=False)
plotting.describe(
    ax,
    "Which whitening leaves images images? ZCA: strokes stay where they were, with sharper edges.",
    alt="Eight new digits in three rows. Centred: readable on grey. Whitened: grey noise without form, since the "
    "places are principal directions. ZCA: the strokes are there again, sharpened.",
)

# %% [markdown]
# How much epsilon does a picture like? With too little, what will stand out: strokes or dust? And what comes back when
# epsilon is far larger than every $D$? Predict, then drag it.

# %%
def draw_zca(eps):
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8))
    plotting.line(np.arange(1, 65), D / (D + eps), ax=left, xlabel="direction", ylabel="its variance, D / (D + ε)")
    left.set(ylim=(0, 1.05))
    pictures = white_with(X_new[:8], eps) @ E.T
    plotting.image_grid(pictures, columns=4, ax=right, title=f"ZCA, epsilon = {eps:.3g}")
    loud = np.sum(D > eps)
    plotting.describe(figure, f"{loud} of 64 directions vary by more than epsilon; whitened, they keep more than half.",
                      alt=f"Left: the variance of each direction after whitening, falling from the first to the last, "
                      f"above one half for {loud} of 64. Right: eight digits after ZCA with epsilon {eps:.3g}.")


slider = interact(draw_zca, eps=FloatLogSlider(1.0, base=10, min=-4, max=4, step=0.4, description="epsilon"))

# %%
some = [0.001, 1.0, 10_000.0]
pictures = [white_with(X_new[:8], eps) @ E.T for eps in some]
ax = plotting.image_grid(np.vstack([p / np.abs(p).max() for p in pictures]), columns=8)
ax.set_axis_on()
ax.set_xticks([])
ax.set_yticks(4 + 9 * np.arange(3), [f"ε = {eps:g}" for eps in some])
ax.grid(visible=False)
plotting.describe(
    ax,
    "The same without a slider. Too little epsilon: dust. Some: sharp strokes. Far too much: the centred digits.",
    alt="Eight new digits in three rows after ZCA. Epsilon 0.001: a few extreme pixels at the margin on flat grey. "
    "Epsilon 1: strokes with sharp edges beside some specks. Epsilon 10,000: the centred digits, soft as before.",
)

# %% [markdown]
# With a tiny epsilon rare pixels at the margin drown the strokes. With an epsilon far above every $D$ all directions
# are divided by the same $\sqrt\varepsilon$, and the centred digits come back, only paler (here each row has its own
# scale of greys). That is why the curve of section 10 ends at the raw pixels' result.
#
# ## 12 · Who wants white data?
#
# Whoever **learns by small steps downhill**, such as networks. Let the true answer be $t = Xw^*$ and the
# loss $\frac{1}{2n}\sum (Xw - t)^2$. For centred $X$ that is $\frac12 (w - w^*)^\top \Sigma\,(w - w^*)$ (with $n$ for
# $n - 1$); its slope, by school's chain rule, is $\Sigma\,(w - w^*)$. Each step moves $w$ a little against it, by 1
# over the largest eigenvalue times the slope. How many steps until both weights are within 0.01?

# %%
w_true = np.array([1.0, -0.5])


def walk(X):
    S = np.cov(X, rowvar=False, ddof=0)
    rate, w, path = 1 / np.linalg.eigvalsh(S)[-1], np.zeros(2), [np.zeros(2)]
    while np.abs(w - w_true).max() > 0.01:
        w = w - rate * S @ (w - w_true)
        path.append(w)
    return S, np.array(path)


walks = {"m and kg": walk(people), "dm and 10 kg": walk(cloud), "whitened": walk(white)}
print({name: len(path) - 1 for name, (_, path) in walks.items()})

figure, panels = plt.subplots(1, 2, figsize=(8, 3.4))
for ax, name in zip(panels, ["dm and 10 kg", "whitened"], strict=True):
    S, path = walks[name]

    def loss(u, v, S=S):
        return (S[0, 0] * (u - 1) ** 2 + 2 * S[0, 1] * (u - 1) * (v + 0.5) + S[1, 1] * (v + 0.5) ** 2) / 2

    plotting.descent_paths(loss, (-0.5, 2.5), (-2, 1), {name: path}, ax=ax, title=name)
    ax.get_legend().remove()
    ax.set_aspect("equal")
plotting.describe(
    figure,
    "Why are white data easy to learn from? The loss becomes a round bowl, and downhill leads straight to its bottom.",
    alt="Contours of the loss over the two weights, with the path from (0, 0) to (1, -0.5). Left, raw data: a slanted "
    "valley; the path creeps along its floor. Right, whitened data: round contours and a single straight step.",
)

# %% [markdown]
# 140,000 steps in metres and kilograms, 28 in friendlier units, 1 when white: the step must suit the
# steepest direction, and the flattest one waits (LeCun et al. 1998).
#
# Others **measure distances**, such as support vector machines and neighbours. What part of the squared
# distance between people is due to height, raw and standardised? And PCA asks where variance is *large*, a
# matter of units. Where does the first direction point, with heights in metres, in millimetres, and
# standardised?

# %%
gaps = (people[:200] - people[200:]) ** 2
for share in gaps.sum(axis=0), (gaps / people.var(axis=0)).sum(axis=0):
    print((share[0] / share.sum()).round(5))
for data in people, people * [1000, 1], (people - people.mean(axis=0)) / people.std(axis=0):
    print(pca_of(data)[1][:, 0].round(3))

# %% [markdown]
# Raw, height has no say; standardised, about half. (Decision trees compare one column with a threshold and
# do not care.) And the first direction points at the weight, at the height, and between them. **If columns
# have different units, divide by their deviations before PCA.** Pixels share one unit: do not.
#
# ## 13 · Uncorrelated is not independent
#
# Whitening removes *correlation*. Two quantities are **independent** if knowing one tells you nothing about
# the other. Four clouds. Predict each correlation, and whether $x_1$ tells anything about $x_2$.

# %%
t, g = rng.uniform(-1, 1, 20_000), rng.normal(size=20_000)
clouds = {
    "parabola": np.column_stack([t, t**2]),
    "ring": np.column_stack([np.cos(np.pi * t), np.sin(np.pi * t)]),
    "cross": np.column_stack([g, g * rng.choice([-1, 1], 20_000)]),
    "Gaussian": rng.normal(size=(20_000, 2)),
}
for name, c in clouds.items():
    print(f"{name:>8}  correlation {np.corrcoef(c.T)[0, 1]:5.2f}  of the squares {np.corrcoef(c.T**2)[0, 1]:5.2f}")

figure, panels = plt.subplots(1, 3, figsize=(9, 3))
for ax, (name, c) in zip(panels, list(clouds.items())[:3], strict=True):
    plotting.axes(ax, "$x_1$", "$x_2$", name).plot(*c[:400].T, ".", color=plotting.BLUE, markersize=3)
plotting.describe(
    figure,
    "Can uncorrelated columns know of each other? In all three pictures x1 all but gives x2 away.",
    alt="Three scatter plots: a parabola, a ring, and a cross of two diagonals. Each is symmetric, so no straight line "
    "describes it, though each x1 allows one or two values of x2 only.",
)

# %% [markdown]
# All correlations are near 0: correlation sees straight lines only. The squares betray the first three. In
# the cross *each* column is Gaussian by itself. Only if columns are **jointly Gaussian**, as in the last,
# does "uncorrelated" mean "independent". And standardising makes nothing Gaussian.
#
# Nor does whitening whiten each *class*. Two classes, leaning opposite ways:

# %%
lean = np.array([[1.0, 0.8], [0.8, 1.0]])
first = rng.multivariate_normal([0, 0], lean, 500)
second = rng.multivariate_normal([0, 0], lean * [[1, -1], [-1, 1]], 500)
both = np.vstack([first, second]) * [1, 2]
mu3, E3, D3 = pca_of(both)
white3 = (both - mu3) @ E3 / np.sqrt(D3)
print(covariance_of(white3).round(2) + 0)
print([np.abs(np.corrcoef(c, rowvar=False)[0, 1]).round(2).item() for c in (first, second, white3[:500], white3[500:])])

kept = D > 1e-9
Y = (X_train - mu) @ E[:, kept] / np.sqrt(D[kept])
zeros = np.corrcoef(Y[y_train == 0][:, :20], rowvar=False) - np.eye(20)
print(np.abs(zeros).max().round(2))

# %% [markdown]
# The whole is white, yet within the classes 0.77 and 0.79 survive; in whitened digits, two of the first
# twenty directions correlate by 0.75 among the zeros. Good: a classifier lives on such differences.
#
# ## 14 · Fitting a Gaussian
#
# The bell curve in $d$ dimensions has the density
# $\exp(-\frac12 (x-\mu)^\top \Sigma^{-1} (x-\mu)) / \sqrt{(2\pi)^d \det\Sigma}$. The $\mu$ and $\Sigma$
# that make the data most probable are their mean and their covariance, divided by $n$. How many numbers is
# $\Sigma$ free to choose? It is symmetric: those on and above the diagonal.

# %%
for d in 2, 3, 64:
    print(d, len(np.triu_indices(d)[0]), d * (d + 1) // 2)

# %% [markdown]
# **Spherical** (one variance for all, a ball) takes 1, **diagonal** $d$, **full** $d(d+1)/2$: 3 for a 2 x 2
# matrix, 2080 for the digits. That takes data. With how many points in $d = 5$ dimensions does the full
# covariance become invertible (of rank 5), when the mean comes from the same points?

# %%
points = rng.normal(size=(8, 5))
print([int(np.linalg.matrix_rank(covariance_of(points[:n]))) for n in range(2, 9)])

# %% [markdown]
# Ranks for 2 to 8 points: the mean uses up one, so it takes $d + 1 = 6$ (in general position, that is, not
# by chance all in a flatter space).
#
# **Self-check.** How many points at least for the covariance of 64 pixels, none of them constant?

# %%
points_needed = ...

# %% tags=["hide-input"]
ask("points_needed", Number("64 + 1", wrong=(
    WrongAnswer("64", "What does the mean cost?"),
    WrongAnswer("64 * 65 / 2", "Those are the parameters. How many numbers does one point bring?"),
)))

# %% [markdown]
# Two humps need a **mixture** of two Gaussians, and nobody says which point belongs to which. The **EM
# algorithm** (Dempster et al. 1977) takes turns. *E-step*: a component's responsibility $r_i$, from 0 to 1,
# is its share of the density at $x_i$. *M-step*: fit the component with $r_i$ as weights,
#
# $$\mu = \frac{\sum r_i x_i}{\sum r_i}, \qquad \Sigma = \frac{\sum r_i (x_i - \mu)(x_i - \mu)^\top}{\sum r_i} .$$
#
# Heights of 200 children around 1.20 m and 300 adults around 1.70 m. Can it tell them apart from a bad
# start?

# %%
x = np.concatenate([rng.normal(1.2, 0.1, 200), rng.normal(1.7, 0.1, 300)])
m, v, share = np.array([1.5, 1.6]), np.array([0.1, 0.1]), np.array([0.5, 0.5])
for _ in range(50):
    density = share * np.exp(-((x[:, None] - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
    r = density / density.sum(axis=1, keepdims=True)
    m = (r * x[:, None]).sum(axis=0) / r.sum(axis=0)
    v = (r * (x[:, None] - m) ** 2).sum(axis=0) / r.sum(axis=0)
    share = r.mean(axis=0)
print(m.round(2), np.sqrt(v).round(2), share.round(2))

# %% [markdown]
# It can. Note the divisor: the sum of the weights, not $n$.
#
# A full covariance is dear; many models make do with a diagonal or spherical one. What does the economy
# cost? Here is the mean log-density of our people, each kind fitted at its best, raw and whitened.
# (Whitening changes the unit of volume; `volume` makes up for it.)

# %%
def log_density(X, kind):
    S = np.cov(X, rowvar=False, ddof=0)
    C = {"spherical": np.eye(2) * np.trace(S) / 2, "diagonal": np.diag(np.diag(S)), "full": S}[kind]
    return -(2 * np.log(2 * np.pi) + np.log(np.linalg.det(C)) + np.trace(np.linalg.solve(C, S))) / 2


volume = -np.log(D2).sum() / 2
for kind in "spherical", "diagonal", "full":
    print(f"{kind:>9}  raw {log_density(cloud, kind):.3f}  whitened {log_density(white, kind) + volume:.3f}")

# %% [markdown]
# Raw, the economy costs 0.4. Whitened, a ball with one parameter is as good as the full covariance. **So
# whitening helps spherical and diagonal models.**
#
# ## 15 · LDA: whiten, then look at the classes
#
# PCA never sees a label. **Linear discriminant analysis** (Fisher 1936) does: whiten by the covariance
# *within* the classes, $W = E_w (D_w + \varepsilon)^{-1/2}$, so that each class becomes round on average;
# then turn by the eigenvectors $V$ of the class *means*, in which these differ most. For a column vector:
# first $W^\top x$, then $V^\top$ of that. Two projections, one after the other?

# %%
means = np.array([X_train[y_train == c].mean(axis=0) for c in range(10)])
_, E_w, D_w = pca_of(X_train - means[y_train])
W = E_w / np.sqrt(D_w + 1.0)
_, V, _ = pca_of(means @ W)
x = X_new[0] - mu
print(np.allclose(V.T @ (W.T @ x), (W @ V).T @ x))


def nearest_mean(P):
    distance = ((((X_new - mu) @ P)[:, None] - (means - mu) @ P) ** 2).sum(axis=2)
    return (distance.argmin(axis=1) == y_new).mean().round(3)


kept = np.arange(1, 10)
by_pca, by_lda = ([nearest_mean(P[:, :k]) for k in kept] for P in (E, W @ V))
print(by_pca[1], by_lda[1], by_pca[8], by_lda[8])

ax = plotting.line(kept, 100 * np.array(by_pca), 100 * np.array(by_lda), labels=["PCA", "LDA"],
                   xlabel="directions kept", ylabel="new digits read correctly (%)")
plotting.describe(
    ax,
    "Which directions part the classes? Those of LDA, which knows the labels, with any number of directions.",
    alt="Share of new digits read correctly by the nearest class mean over 1 to 9 directions. Both curves rise; LDA's "
    "lies above PCA's and ends near 96 percent, PCA's near 89.",
)

# %% [markdown]
# One: $V^\top W^\top x = (WV)^\top x$. New digits given to the nearest class mean: with 2 directions 59.6%
# by PCA and 64.8% by LDA, with 9 88.8% and 95.8%. Ten means span 9 directions, so LDA has no more.

# %% [markdown]
# ## Summary
#
# - Means and deviations come from the training data alone. Constant columns are only centred; zero means
#   *near* zero.
# - $\Sigma = E\,\mathrm{diag}(D)\,E^\top$. Turned data, $(X-\mu)E$, have covariance $\mathrm{diag}(D)$;
#   keeping $k$ directions loses the sum of the other eigenvalues. The SVD of the centred data gives the
#   same without squaring.
# - Whitening, $(X-\mu)E\,\mathrm{diag}(D)^{-1/2}$, gives the identity where there is variance, and with
#   epsilon $D/(D+\varepsilon)$, which keeps noise down. ZCA turns back.
# - Uncorrelated is not independent, unless jointly Gaussian; classes keep their own correlations.
# - A covariance has 1, $d$ or $d(d+1)/2$ parameters, and the full one needs $d + 1$ points.
#
# ## Exercises
#
# 1. Standardise the digits with statistics of 10 training images. What goes wrong on new images, and why?
# 2. In section 10, whiten with the first 20 directions only and no epsilon. Predict the share read
#    correctly, then compute it.
# 3. Show that ZCA with $\varepsilon = 0$ leaves white data alone.
# 4. If you have scikit-learn: compare `PCA(whiten=True)` with section 9 on the digits. Which columns
#    differ, and by what?
#
# In the assignment `week04_whitening` you build these pieces yourself.
#
# ## References
#
# - Bell & Sejnowski (1997). The "independent components" of natural scenes are edge filters. Vision
#   Research 37.
# - Dempster, Laird & Rubin (1977). Maximum likelihood from incomplete data via the EM algorithm. J. Royal
#   Statistical Society B 39.
# - Fisher (1936). The use of multiple measurements in taxonomic problems. Annals of Eugenics 7.
# - LeCun, Bottou, Orr & Müller (1998). Efficient BackProp. In Neural Networks: Tricks of the Trade,
#   Springer.
# - Pearson (1901). On lines and planes of closest fit to systems of points in space. Philosophical Magazine
#   2.
