# %% [markdown]
# # Week 4 · Normalisation, PCA and whitening
#
# In the lecture you turned clouds of data and made them round. Here you write the tools: scaling that does
# not peek at the exam, the covariance, PCA, two kinds of whitening, the way back, and one Gaussian of a
# mixture.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then run
# the cell below it. `check` tells you at once what came out for a few small inputs and what was expected.
# `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what is left. The
# marks come from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: if one resists, go on with the next. Reckon with 100
# minutes. Four rules hold everywhere:
#
# - *Rows are examples*: `X` is `(n, d)`, and statistics are taken down the columns.
# - *Arrays hold float64*, and so do your results, unless the exercise says otherwise.
# - *Arguments stay as they are.* A function that needs to change an array changes a copy.
# - *NumPy is all you need, and all that is allowed.* This week you write what scikit-learn and SciPy would
#   do for you.

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %% [markdown]
# ## 1 · Standardise, without peeking
#
# Bring the columns of `X` to mean 0 and standard deviation 1, **as measured on `X_train`**:
#
# $$z_{ij} = \frac{x_{ij} - \mu_j}{\sigma_j}$$
#
# - `X_train` is `(n, d)`, `X` is `(m, d)`: training data, validation data, or a single row that a model in
#   use has just received. `X` has no influence on $\mu$ and $\sigma$.
# - The standard deviation divides by n.
# - A column whose entries in `X_train` are all equal is only centred (its $\sigma$ counts as 1). Mind the
#   rounding: three times 0.1 has a standard deviation of about 1e-17 in floating point, and is constant all
#   the same.

# %% solution="standardize"
from coursekit.functions.whitening import standardize

# %% test="standardize" points=3
check(standardize)
### BEGIN HIDDEN TESTS
from coursekit.datasets import digits

def cases(rng):
    yield np.array([[0.0, 5.0], [2.0, 9.0]]), np.array([[4.0, 6.0], [1.0, 8.0]])
    yield np.array([[0.0, 5.0], [4.0, 5.0]]), np.array([[3.0, 7.0]])
    yield np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]), np.array([[0.3, 1.0], [0.1, 4.0]])
    yield 10 + 3 * rng.normal(size=(8, 3)), 8 + 5 * rng.normal(size=(4, 3))
    yield rng.normal(size=(5, 5)) * [1, 2, 3, 4, 5], rng.normal(size=(5, 5))
    yield np.column_stack([rng.normal(size=30), np.full(30, -2.0), 1e6 * rng.normal(size=30)]), rng.normal(size=(1, 3))
    X = digits()[0]     # with constant pixels
    yield X[:100], X[100:150]

examine(standardize, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Near zero
#
# Did it work? You cannot ask if a mean `== 0`, since sums of floats are rounded. Write
# `near_zero(Z, tol=1e-9)`, which returns a tuple of two boolean arrays of shape `(d,)`:
#
# 1. for each column, whether its mean is 0 up to `tol`: no further away than `tol`, to either side;
# 2. for each column, whether its standard deviation (dividing by n) is 1 up to `tol`.
#
# - `Z` is `(n, d)`. The arrays have the dtype `bool`.
# - A column with a NaN in it is near to nothing: `False` in both.
# - One point for each of the two.

# %% solution="near_zero"
from coursekit.functions.whitening import near_zero

# %% test="near_zero" points=2
check(near_zero)
### BEGIN HIDDEN TESTS
def standard(rng, n, d):
    X = rng.normal(size=(n, d))
    return (X - X.mean(axis=0)) / X.std(axis=0)

def cases(rng):
    yield np.array([[-1.0, 1.0], [1.0, 3.0]]), 1e-9
    yield np.array([[-1.0, -5.0, 0.0, 1.25], [1.0, 5.5, 0.25, -1.25]]), 0.5
    yield np.array([[-7.0, 6.0], [-5.0, 6.0]]), 0.5
    yield np.array([[-1.0, np.nan], [1.0, 1.0]]), 0.5
    yield (np.array([[-1.000001, 3.0], [1.000001, 5.0]]),)
    yield (standard(rng, 20, 3),)
    yield standard(rng, 40, 4) + [0, 3e-4, -0.2, 0.2], 1e-3
    yield standard(rng, 40, 4) * [1, 1.0007, 1.2, 0.8], 1e-3

examine(near_zero, cases, public=5, parts=("means", "deviations"), points=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Covariance
#
# What do the columns of `X` do together?
#
# $$\Sigma = \frac{1}{n-1}\,(X - \mu)^\top (X - \mu)$$
#
# - `X` is `(n, d)` with n of at least 2. The result is `(d, d)`, also for d = 1.

# %% solution="covariance"
from coursekit.functions.whitening import covariance

# %% test="covariance" points=2
check(covariance)
### BEGIN HIDDEN TESTS
from coursekit.datasets import digits

def cases(rng):
    yield (np.array([[0.0, 0.0], [2.0, 4.0]]),)
    yield (np.array([[1.0], [3.0], [8.0]]),)
    yield (5 + rng.normal(size=(4, 4)),)
    yield (rng.normal(size=(30, 3)) @ rng.normal(size=(3, 3)) + [10, -20, 0],)
    yield (rng.normal(size=(3, 6)) - 4,)
    yield (digits()[0][:60, :16],)

examine(covariance, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Principal directions
#
# Find the directions in which `X` varies. Return the tuple `mu, E, D`:
#
# - `mu`, `(d,)`: the mean;
# - `E`, `(d, d)`: the directions, one in each **column**, at right angles and of length 1;
# - `D`, `(d,)`: the variance of the data along each, as the covariance of exercise 3 defines it (with n - 1),
#   **largest first**. A variance of zero may come out as plus or minus 1e-17; give no negative one.
#
# Then `E @ np.diag(D) @ E.T` is the covariance. The sign of a direction is arbitrary, so we agree on one:
# **the entry that is largest in absolute value is positive**, in each column.
#
# - `np.linalg.eigh` and `np.linalg.svd` are both fine roads. `X` may have fewer rows than columns; there are
#   d directions all the same, and any choice of those without variance is right.
# - One point for `mu`, two for `E`, one for `D`.

# %% solution="pca"
from coursekit.functions.whitening import pca

# %% test="pca" points=4
def look(pca, X):
    """What pca finds, without the directions that have no variance: there any choice is right."""
    mu, E, D = pca(X)
    varies = D > 1e-9 * D.max()
    return {"mu": mu, "E": {"directions": E[:, varies], "E.T @ E": np.round(E.T @ E, 12) + 0.0}, "D": D}

check(pca, through=look)
### BEGIN HIDDEN TESTS
def cloud(rng, n, d):
    turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return rng.normal(size=(n, d)) * 2.0 ** np.arange(d) @ turn + 3 * rng.normal(size=d)

def cases(rng):
    yield (np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]),)
    yield (np.array([[4.0, -2.0], [-2.0, 6.0], [1.8, 2.6], [0.2, 1.4]]),)
    yield (cloud(rng, 6, 3),)
    # Hidden from here on: directions without variance come out otherwise on another processor, and so do mistakes.
    yield (cloud(rng, 3, 5),)
    yield (np.insert(cloud(rng, 12, 3), 1, 7.0, axis=1),)
    yield (cloud(rng, 40, 6),)
    yield (cloud(rng, 9, 4),)

examine(pca, cases, public=3, through=look, parts={"mu": 1, "E": 2, "D": 1}, points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Whitening
#
# Somebody has found mean, directions and variances on training data. Turn the rows of `X` onto the
# directions and bring each coordinate to variance 1, or nearly, where there is next to none:
#
# $$Y = (X - \mu)\,E\;\mathrm{diag}(D + \varepsilon)^{-1/2}$$
#
# - `X` is `(m, d)`, `mu` is `(d,)`, `E` is `(d, k)` and `D` is `(k,)`, both perhaps cut to the first k
#   directions. The result is `(m, k)`.
# - `eps` is added to each variance, before the root; 1e-5 if nothing is said.
# - Use what you are given. `X` may be validation data, with another mean and other variances.

# %% solution="whiten"
from coursekit.functions.whitening import whiten

# %% test="whiten" points=3
check(whiten)
### BEGIN HIDDEN TESTS
def some_directions(rng, d, k):
    E = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return rng.normal(size=d), E[:, :k], np.sort(rng.uniform(0.5, 9, size=k))[::-1]

def cases(rng):
    E = np.array([[0.6, -0.8], [0.8, 0.6]])
    yield np.array([[6.0, 2.0], [1.0, 7.0]]), np.array([1.0, 2.0]), E, np.array([16.0, 4.0]), 0.0
    yield np.array([[6.0, 2.0], [1.0, 7.0]]), np.array([1.0, 2.0]), E, np.array([15.0, 0.0]), 1.0
    yield rng.normal(size=(3, 3)), *some_directions(rng, 3, 3)
    yield rng.normal(size=(5, 4)), *some_directions(rng, 4, 2), 0.1
    yield rng.normal(size=(1, 3)), *some_directions(rng, 3, 3), 0.5

examine(whiten, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · ZCA: whitened, and turned back
#
# After whitening, a last turn back makes white images look like images again:
#
# $$Y = (X - \mu)\,E\;\mathrm{diag}(D + \varepsilon)^{-1/2}\,E^\top$$
#
# - Shapes as in exercise 5, but with all d directions: `E` is `(d, d)`, `D` is `(d,)`, the result is `(m, d)`.
# - The mean is taken away and does not come back.

# %% solution="zca"
from coursekit.functions.whitening import zca

# %% test="zca" points=2
check(zca)
### BEGIN HIDDEN TESTS
def all_directions(rng, d):
    return rng.normal(size=d), np.linalg.qr(rng.normal(size=(d, d)))[0], np.sort(rng.uniform(0.5, 9, size=d))[::-1]

def cases(rng):
    E = np.array([[0.6, -0.8], [0.8, 0.6]])
    yield np.array([[4.0, 6.0], [2.0, 2.0]]), np.array([1.0, 2.0]), E, np.array([16.0, 4.0]), 0.0
    yield np.array([[4.0, 6.0], [2.0, 2.0]]), np.array([1.0, 2.0]), E, np.array([15.0, 0.0]), 1.0
    yield rng.normal(size=(3, 3)), *all_directions(rng, 3)
    yield rng.normal(size=(6, 4)), *all_directions(rng, 4), 0.1

examine(zca, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · The way back
#
# `Y = (X - mu) @ E` gave each example k coordinates along the directions in the columns of `E`. (No
# whitening here.) Paint the data back: from `(n, k)` to `(n, d)`.
#
# - `Y` is `(n, k)`, `mu` is `(d,)`, `E` is `(d, k)` with columns at right angles and of length 1.
# - If no direction was left out, the original data come back. Otherwise the result comes as close as these
#   directions allow.

# %% solution="reconstruct"
from coursekit.functions.whitening import reconstruct

# %% test="reconstruct" points=2
check(reconstruct)
### BEGIN HIDDEN TESTS
def turned(rng, n, d, k):
    return rng.normal(size=(n, k)), rng.normal(size=d), np.linalg.qr(rng.normal(size=(d, d)))[0][:, :k]

def cases(rng):
    yield np.array([[5.0]]), np.array([1.0, 1.0]), np.array([[0.6], [0.8]])
    yield np.array([[5.0, 0.0], [1.0, 2.0]]), np.array([1.0, -2.0]), np.array([[0.6, -0.8], [0.8, 0.6]])
    yield turned(rng, 4, 3, 3)
    yield turned(rng, 6, 5, 2)
    yield turned(rng, 2, 4, 1)

examine(reconstruct, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · One Gaussian of a mixture
#
# In the M-step of the EM algorithm each component of a mixture is fitted anew. Point i belongs to it with
# responsibility $r_i$ between 0 and 1, which weights the point:
#
# $$\mu = \frac{\sum_i r_i\,x_i}{\sum_i r_i}, \qquad
# \Sigma = \frac{\sum_i r_i\,(x_i - \mu)(x_i - \mu)^\top}{\sum_i r_i}$$
#
# - `X` is `(n, d)`, `r` is `(n,)` with a sum above 0. Return the tuple `(mu, Sigma)`, of shapes `(d,)` and `(d, d)`.
# - In $\Sigma$ stands the new, weighted $\mu$. If all $r_i$ are 1, $\Sigma$ is the covariance divided by n.
# - One point for `mu`, two for `Sigma`.

# %% solution="m_step"
from coursekit.functions.whitening import m_step

# %% test="m_step" points=3
check(m_step)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([[0.0], [4.0], [100.0]]), np.array([1.0, 0.25, 0.0])
    yield np.array([[0.0, 0.0], [2.0, 4.0], [6.0, -2.0]]), np.array([0.5, 1.0, 0.5])
    yield rng.normal(size=(4, 2)), np.ones(4)
    yield 3 + rng.normal(size=(4, 4)), rng.uniform(0.05, 0.95, size=4)
    yield rng.normal(size=(30, 3)) - 5, rng.uniform(0, 0.2, size=30)

examine(m_step, cases, public=3, parts={"mu": 1, "Sigma": 2}, points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · How free is a covariance?
#
# How many numbers can be chosen freely in a covariance of d columns? `kind` is one of
#
# | kind | the matrix |
# |---|---|
# | `"spherical"` | one variance, the same in every direction |
# | `"diagonal"` | a variance for each column, no covariances |
# | `"full"` | any symmetric matrix |
#
# - The mean is not counted. The result is an `int`, exact for d up to a million.
# - For any other `kind` raise a `ValueError`.

# %% solution="covariance_parameters"
from coursekit.functions.whitening import covariance_parameters

# %% test="covariance_parameters" points=2
check(covariance_parameters)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 2, "full"
    yield 3, "diagonal"
    yield 3, "spherical"
    yield 3, "tied"
    yield 784, "full"
    yield 1, "full"
    yield 1_000_000, "full"
    for _ in range(4):
        yield int(rng.integers(4, 1000)), str(rng.choice(["spherical", "diagonal", "full"]))

examine(covariance_parameters, cases, public=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · In your own words
#
# A colleague prepares photographs for a classifier. "I took mean and standard deviation of each pixel over
# *all* images, training and validation, and standardised. Then I whitened with the eigenvectors of the
# training covariance, without an epsilon, so that every direction counts the same. Now the pixels are
# independent of each other. Strangely, the validation accuracy is worse than on the raw pixels."
#
# 1. What is wrong with the statistics, and what would you use instead?
# 2. Did pixels need a standard deviation each? When is it needed before PCA?
# 3. Why may whitening have hurt here, and what would you change?
# 4. Are the new columns independent? Give a counterexample, or say what more would be needed.
#
# Six to ten sentences are enough. This answer is read and marked by a person.

# %% [markdown] answer="four-mistakes" points=4
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# 1. The validation images had a say in mean and deviation, so the validation result no longer tells how the
#    model does on images that nobody has seen; and a single image in use has no statistics of its own. Take both
#    from the training images, store them, and apply them to everything else.
# 2. No. All pixels share one unit. Dividing by each one's deviation makes pixels that hardly ever have ink as
#    loud as the others (and constant ones 0/0). It is needed when the columns have different units.
# 3. Directions with tiny variance hold mostly noise; without epsilon they are divided by a tiny number and count
#    as much as the signal. Add an epsilon (variance becomes D / (D + eps)), or keep only the first directions.
# 4. No, only uncorrelated: for example x uniform on (-1, 1) and x squared, a ring, or a cross. Uncorrelated
#    means independent only if the columns are jointly Gaussian, and within a class they may even be correlated.
#
# Rubric, 4 points:
# - 1 point: statistics from the training data alone, with a reason.
# - 1 point: no per-pixel scaling, since the unit is shared; needed where units differ.
# - 1 point: noise directions are blown up; epsilon or fewer directions as the cure.
# - 1 point: uncorrelated is not independent, with a counterexample or with "jointly Gaussian".
# ### END SOLUTION

# %% [markdown]
# ## 11 · Quiz
#
# Type each answer in its cell and run the cell below it, which tells you whether the *form* of the answer is
# right. Whether the answer is right you learn with your marks.
#
# Some questions have numbers of your own. So say who you are first: the id under which you hand in.

# %%
student_id = "..."

# %% quiz="q_statistics"

# %% quiz="q_rotated"

# %% quiz="q_rank"

# %% quiz="q_epsilon"

# %% quiz="q_row_form"

# %% quiz="q_noise"

# %% quiz="q_units"

# %% quiz="q_models"

# %% quiz="q_two"

# %% quiz="q_parameters"

# %% quiz="q_points"

# %% quiz="q_mstep"

# %% quiz="q_spherical"

# %% quiz="q_lda"

# %% quiz="q_true"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
