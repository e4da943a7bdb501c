# %% [markdown]
# # Week 7 · Regularisation, dropout and batch normalisation
#
# In the lecture you watched a network learn its training set by heart, and looked at what can be done about
# it. Here you build the tools: prices on weights and a bound for them, dropout, batch normalisation in both
# directions, a shortcut, and the rule that says when to stop.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then run the
# cell below it. `check` tells you at once what came out for a few small inputs and what was expected.
# `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what is left. The marks
# come from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: if one resists, go on with the next. Reckon with 110 minutes.
# Four rules hold everywhere:
#
# - *Shapes* are those of the course: rows are examples, `X` is `(n, d)`, `W` is `(d_in, d_out)`, so that the
#   weights of one unit form a column, and a gradient has the shape of the thing it belongs to.
# - *Arguments stay as they are.* A function that needs to change an array changes a copy.
# - *Randomness is an argument.* Where a function gets `rng`, a `np.random.Generator`, every random number
#   comes from it. No seed is set, no other generator is made.
# - *The mean over the batch belongs to the loss.* What comes in as `dY` has been divided by the number of
#   rows already.

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %% [markdown]
# ## 1 · A price on large weights
#
# The L2 penalty adds to the loss $\frac12 C \sum w^2$, the sum over **all** entries of `W`. Return the pair
# `(value, gradient)`: the penalty itself, and its derivative with respect to `W`.
#
# - `W` is a float array of any shape, `C` a number that is not negative. The value is one number, the
#   gradient an array of the shape of `W`.
# - One point for each of the two.

# %% solution="l2_penalty"
from coursekit.functions.regularization import l2_penalty

# %% test="l2_penalty" points=2
check(l2_penalty)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([[3.0, -4.0]]), 0.1
    yield np.array([[1.0, -2.0, 0.5], [0.0, 4.0, -1.0]]), 0.5
    yield rng.normal(size=(4, 3)), 0.01
    yield rng.normal(size=5), 2.0
    yield rng.normal(size=(2, 3, 2)), 0.3

examine(l2_penalty, cases, public=2, parts=("value", "gradient"), points=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · What a whole network pays
#
# Backpropagation gave you the loss of a network, a number, and its gradients `grads`, a list of pairs
# `(dW, db)` in the order of `params`, a list of pairs `(W, b)`. Add an **elastic net**: each weight $w$ costs
#
# $$l_1\,|w| + \tfrac12\, l_2\, w^2 .$$
#
# Return the new loss and the new list of pairs.
#
# - Every layer pays. **Biases do not**, and their gradients stay what they were.
# - At $w = 0$ the absolute value has a kink; take the slope 0 there.
# - One point for the loss, two for the gradients.

# %% solution="penalise"
def penalise(loss, grads, params, l1, l2):
    """Loss and gradients with an elastic net on the weights. Gives (loss, list of (dW, db)).

    >>> params = [(np.array([[1.0, -2.0]]), np.array([7.0, 7.0]))]
    >>> grads = [(np.array([[10.0, 10.0]]), np.array([0.5, 0.5]))]
    >>> loss, [(dW, db)] = penalise(100.0, grads, params, l1=1.0, l2=2.0)
    >>> loss, dW, db
    (108.0, array([[13.,  5.]]), array([0.5, 0.5]))
    """
    ### BEGIN SOLUTION
    priced = []
    for (W, _), (dW, db) in zip(params, grads, strict=True):
        loss = loss + l1 * np.abs(W).sum() + l2 / 2 * (W**2).sum()
        priced.append((dW + l1 * np.sign(W) + l2 * W, db))
    return float(loss), priced
    ### END SOLUTION

# %% test="penalise" points=3
check(penalise)
### BEGIN HIDDEN TESTS
def network(rng, *sizes):
    params = [(rng.normal(size=(i, o)), rng.normal(size=o)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
    grads = [(rng.normal(size=W.shape), rng.normal(size=b.shape)) for W, b in params]
    return float(rng.uniform(0.5, 2)), grads, params

def cases(rng):
    params = [(np.array([[3.0, -2.0]]), np.array([5.0, 7.0]))]
    grads = [(np.array([[10.0, 20.0]]), np.array([0.25, 0.5]))]
    yield 100.0, grads, params, 0.0, 0.5
    yield 100.0, grads, params, 0.25, 0.0
    yield *network(rng, 2, 3, 2), 0.5, 0.125
    params = [(np.array([[0.0, 1.0], [-1.0, 0.0]]), np.array([1.0, -1.0]))]
    yield 1.0, [(np.ones((2, 2)), np.ones(2))], params, 0.5, 1.0
    yield *network(rng, 4, 3, 3, 2), 0.01, 0.3
    yield *network(rng, 5, 2), 0.2, 0.02

examine(penalise, cases, public=4, parts={"loss": 1, "grads": 2}, points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · A bound instead of a price
#
# Max-norm regularisation does not touch the loss. After each update it looks at the weights that lead into
# one unit, **a column** of `W`, and if their Euclidean length is more than `limit`, shortens them to `limit`,
# keeping their direction.
#
# - `W` is `(d_in, d_out)`, `limit` a positive number. Return a new array.
# - A column that is short enough stays as it is, a column of zeros included.

# %% solution="max_norm"
from coursekit.functions.regularization import max_norm

# %% test="max_norm" points=2
check(max_norm)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([[3.0, 0.5], [4.0, 1.0]]), 2.0
    yield np.array([[6.0, 0.0, 1.0], [8.0, 0.0, -1.0]]), 5.0
    yield 2 * rng.normal(size=(5, 3)), 3.0
    yield 2 * rng.normal(size=(4, 4)), 2.5
    yield rng.normal(size=(3, 6)), 100.0
    yield 0.3 * rng.normal(size=(30, 5)), 1.5

examine(max_norm, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Dropout, forwards
#
# While a network is trained, dropout sets each number of `X` to 0 with probability `rate`, each on its own.
# What is kept is multiplied by a constant, chosen so that **every number keeps its expectation**, $E[Y] = X$.
# Then nothing has to be done at inference. (Which constant? Write down the expectation of a number that is 0
# with probability `rate` and $c\,x$ otherwise.)
#
# Return the pair `(Y, mask)`, where `mask` holds the factor of each number, so that `Y` is `X * mask`.
#
# - `rate` is the share that is **dropped**, at least 0 and less than 1; for any other raise a `ValueError`.
# - `X` is a float array of any shape. `mask` has its shape, unless `noise_shape` is given: then `mask` has
#   that shape, and broadcasting does the rest. `(1, d)` drops a column for all rows together.
# - `rng` is the generator to draw from.
#
# The test judges by statistics; you may draw in any order you like. The bounds are so wide that a right
# answer misses them once in a billion times.

# %% solution="dropout_forward"
from coursekit.functions.dropout import dropout_forward

# %% test="dropout_forward" points=4
def seen(dropout_forward, X, rate, rng, noise_shape, look):
    """What there is to see of one call: all of Y, or what holds between Y, X and the mask."""
    Y, mask = dropout_forward(X, rate, rng, noise_shape)
    if look == "Y":
        return Y
    return {"shape of Y": np.shape(Y), "shape of the mask": np.shape(mask),
            "values in the mask": np.unique(np.round(np.asarray(mask, float), 6)),
            "Y is X * mask": bool(np.allclose(Y, X * mask))}

check(dropout_forward, through=seen)
### BEGIN HIDDEN TESTS
def cases(rng):
    def generator():
        return np.random.default_rng(int(rng.integers(2**32)))

    def law(x, rate):
        return {"zeros": rate, "among": (0.0, x / (1 - rate)), "mean": x, "within": (0.0, x / (1 - rate))}

    # The values in the mask need one number of each kind: that 80 are all kept at a rate of 1/4, or 40 all alike
    # at 1/2, has probability 1e-10 and 2e-12.
    yield np.arange(1.0, 81.0).reshape(8, 10), 0.25, generator(), None, "facts"
    yield Case(np.full((10, 20), 3.0), 0.25, generator(), None, "Y", law=law(3.0, 0.25))
    yield np.arange(1.0, 81.0).reshape(2, 40), 0.5, generator(), (1, 40), "facts"
    yield np.ones((2, 3)), 1.0, generator(), None, "facts"
    yield np.ones((2, 3)), -0.1, generator(), None, "facts"
    yield Case(np.full((50, 80), 2.0), 0.8, generator(), None, "Y", law=law(2.0, 0.8))
    yield Case(np.full((10, 20, 30), 1.0), 0.5, generator(), None, "Y", law=law(1.0, 0.5))
    yield Case(np.full(3000, 5.0), 0.1, generator(), None, "Y", law=law(5.0, 0.1))
    yield rng.normal(size=(200, 3)), 0.5, generator(), (200, 1), "facts"

examine(dropout_forward, cases, public=5, through=seen)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Dropout, backwards
#
# `dY` is the gradient of the loss with respect to dropout's output, `mask` is the array of factors that the
# way forwards has used. Return the gradient with respect to dropout's input.
#
# - `dY` has any shape; `mask` has the same, or one that broadcasts to it. The answer has the shape of `dY`.

# %% solution="dropout_backward"
from coursekit.functions.dropout import dropout_backward

# %% test="dropout_backward" points=2
check(dropout_backward)
### BEGIN HIDDEN TESTS
def factors(rng, shape, rate):
    return (rng.random(shape) >= rate) / (1 - rate)

def cases(rng):
    yield np.array([3.0, 5.0, -7.0, 9.0]), np.array([0.0, 4.0, 4.0, 0.0])
    yield np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]]), np.array([[1.25, 0.0, 1.25]])
    yield rng.normal(size=(6, 4)), factors(rng, (6, 4), 0.5)
    yield rng.normal(size=(3, 2, 5)), factors(rng, (3, 2, 5), 0.2)
    yield rng.normal(size=(8, 3)), factors(rng, (8, 1), 0.5)

examine(dropout_backward, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · Batch normalisation, forwards
#
# For each column of `X` take the mean $\mu$ and the variance $v$ over the rows of **this batch**, normalise,
# and let the network scale and shift the result:
#
# $$\hat x = \frac{x - \mu}{\sqrt{v + \varepsilon}}, \qquad y = \gamma\,\hat x + \beta .$$
#
# - `X` is `(n, d)`; `gamma` and `beta` are `(d,)`; `eps` is a number, **inside** the root. The variance
#   divides by `n`.
# - Return `(Y, cache)`, where `cache` is the tuple `(X_hat, gamma, mean, var, eps)`: what the way back will
#   need.
# - Two points for `Y`, one for the cache.

# %% solution="batchnorm_forward"
from coursekit.functions.batchnorm import batchnorm_forward

# %% test="batchnorm_forward" points=3
check(batchnorm_forward)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([[1.0, 10.0], [3.0, 30.0], [8.0, 20.0]]), np.array([2.0, -1.0]), np.array([5.0, 3.0]), 0.5
    yield np.array([[4.0, 1.0], [4.0, 7.0]]), np.array([3.0, 2.0]), np.array([1.0, -1.0])
    yield rng.normal(2, 3, size=(4, 4)), rng.normal(size=4), rng.normal(size=4), 0.01
    yield rng.normal(-1, 2, size=(20, 3)), rng.normal(size=3), rng.normal(size=3)
    yield rng.normal(0, 0.1, size=(6, 5)), rng.normal(size=5), rng.normal(size=5), 0.1

examine(batchnorm_forward, cases, public=2, parts={"Y": 2, "cache": 1}, points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · Batch normalisation, backwards
#
# Now the way back: `dY` is the gradient with respect to `Y`, and `cache` is the tuple
# `(X_hat, gamma, mean, var, eps)` of exercise 6. Return `(dX, dgamma, dbeta)`.
#
# - `dY` is `(n, d)`. Shapes of the answers: `(n, d)`, `(d,)`, `(d,)`.
# - A number $x_i$ reaches $y_j$ of another row as well: it moves the mean and the variance, which all rows
#   share. Draw the graph of one column, and add up over all ways.
# - A good test of your own: `numerical_gradient` from `coursekit.functions.gradients`, with
#   `lambda X: (dY * forward(X)).sum()` for a small batch, as in week 5.
# - Two points for `dX`, one each for `dgamma` and `dbeta`.

# %% solution="batchnorm_backward"
from coursekit.functions.batchnorm import batchnorm_backward

# %% test="batchnorm_backward" points=4
check(batchnorm_backward)
### BEGIN HIDDEN TESTS
def seen_forwards(X, gamma, eps):
    mean, var = X.mean(axis=0), X.var(axis=0)
    return (X - mean) / np.sqrt(var + eps), gamma, mean, var, eps

def cases(rng):
    X = np.array([[1.0, 10.0], [3.0, 30.0], [8.0, 20.0]])
    yield np.array([[1.0, 0.0], [0.0, 2.0], [3.0, -1.0]]), seen_forwards(X, np.array([2.0, -1.0]), 0.5)
    yield rng.normal(size=(4, 3)), seen_forwards(rng.normal(2, 3, size=(4, 3)), rng.normal(size=3), 0.1)
    yield rng.normal(size=(4, 4)), seen_forwards(rng.normal(2, 3, size=(4, 4)), rng.normal(size=4), 0.01)
    yield rng.normal(size=(25, 3)), seen_forwards(rng.normal(-1, 0.5, size=(25, 3)), rng.normal(size=3), 0.001)
    yield rng.normal(size=(5, 6)), seen_forwards(rng.normal(0, 2, size=(5, 6)), rng.normal(size=6), 0.2)

examine(batchnorm_backward, cases, public=2, parts={"dX": 2, "dgamma": 1, "dbeta": 1}, points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Batch normalisation at inference
#
# When the network is used there may be no batch, or one of a single example. Now `mean` and `var` are the
# **running averages** collected while training, and arrive as arguments. Normalise `X` by them, scale and
# shift.
#
# - `X` is `(n, d)`, also with `n = 1`; `gamma`, `beta`, `mean`, `var` are `(d,)`; `eps` is a number inside
#   the root.
# - What an example becomes does not depend on its neighbours, and using a network does not change it.

# %% solution="batchnorm_inference"
from coursekit.functions.batchnorm import batchnorm_inference

# %% test="batchnorm_inference" points=2
check(batchnorm_inference)
### BEGIN HIDDEN TESTS
def cases(rng):
    def learned(d):
        return rng.normal(size=d), rng.normal(size=d), rng.normal(2, 1, size=d), rng.uniform(0.2, 4, size=d)

    gamma, beta, mean, var = np.array([[3.0, 2.0], [1.0, -1.0], [1.0, 0.0], [3.0, 8.0]])
    yield np.array([[5.0, 2.0]]), gamma, beta, mean, var, 1.0
    yield np.array([[1.0], [2.0], [6.0]]), np.array([2.0]), np.array([0.5]), np.array([2.5]), np.array([0.25])
    yield rng.normal(size=(4, 4)), *learned(4), 0.01
    yield rng.normal(size=(1, 6)), *learned(6)
    yield rng.normal(size=(30, 2)), *learned(2), 0.1

examine(batchnorm_inference, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · A residual block
#
# Two layers learn only what to **add** to their input: an affine layer, a ReLU, a second affine layer, and
# around all of it a shortcut. Return what the block gives.
#
# - `X` is `(n, d)`, `W1` is `(d, h)`, `b1` is `(h,)`, `W2` is `(h, d)`, `b2` is `(d,)`. The result is
#   `(n, d)`.
# - There is one ReLU, between the two layers; none after the sum. With all weights and biases 0 the block is
#   the identity.

# %% solution="residual"
from coursekit.functions.regularization import residual

# %% test="residual" points=2
check(residual)
### BEGIN HIDDEN TESTS
def block(rng, n, d, h):
    return (rng.normal(size=(n, d)), rng.normal(size=(d, h)), rng.normal(size=h),
            rng.normal(size=(h, d)), rng.normal(size=d))

def cases(rng):
    yield np.array([[1.0, -2.0]]), np.eye(2), np.array([0.5, 1.0]), 10 * np.eye(2), np.array([-20.0, 0.25])
    yield np.array([[2.0, -1.0]]), np.zeros((2, 3)), np.zeros(3), np.zeros((3, 2)), np.zeros(2)
    yield block(rng, 4, 3, 3)
    yield block(rng, 3, 3, 5)
    yield block(rng, 10, 2, 6)

examine(residual, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · When to stop
#
# `losses` is a list with the validation loss after each epoch, counted from 0. An epoch is an **improvement**
# if its loss is lower than *the best so far* by more than `min_delta`. Training ends after the epoch that is
# the `patience`-th in a row without improvement. Return the pair `(best, stop)` of whole numbers: the epoch
# whose weights are kept, and the epoch after which training ends.
#
# - Epoch 0 is the first best. If training is never ended, `stop` is the last epoch of the list.
# - When training has ended, nothing is known of the epochs that would have come.
# - `patience` is 1 or more.
# - A loss that is not a number (`nan`) is no improvement. `losses[0]` is a number.

# %% solution="early_stopping"
from coursekit.functions.regularization import early_stopping

# %% test="early_stopping" points=3
check(early_stopping)
### BEGIN HIDDEN TESTS
def cases(rng):
    def curve(n):
        # falls, then rises, with noise, as validation losses do
        t = np.arange(n)
        return [float(v) for v in 1 / (1 + t) + 0.01 * t + 0.1 * rng.random(n)]

    yield [0.9, 0.5, 0.6, 0.7, 0.4], 2
    yield [0.9, 0.8, 0.85, 0.7, 0.75, 0.72, 0.71, 0.6], 3, 0.0
    yield [1.0, 0.97, 0.94, 0.5, 0.49, 0.48], 3, 0.05
    yield [1.0, 0.5, 0.5, 0.5, 0.4], 2
    yield [1.0, 0.6, float("nan"), float("nan"), 0.2], 2
    yield [3.0, 2.0, 1.0], 1
    for patience in (1, 2, 3, 5):
        yield curve(20), patience
    yield curve(30), 4, 0.03
    yield [1.0], 3

examine(early_stopping, cases, public=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 11 · Good in the laboratory, bad in the field
#
# A network with batch normalisation and dropout classifies images. Its author, who never left training mode,
# has evaluated it on 1000 validation images in one batch: 94% are right. The users send one image at a time
# to the very same program. Now nearly every image gets the same class, and the answer to some images changes
# from one call to the next.
#
# In five to ten sentences: which mechanism explains each of the two symptoms (work out what a batch
# normalisation layer gives for a batch of one, whatever the image), which tests would show that you are
# right, and what has to be changed, in the program or in what was saved while training? A few lines of code
# that back your answer are welcome in a cell of your own. This answer is read and marked by a person.

# %% [markdown] answer="laboratory-and-field" points=4
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# Both layers are still in training mode. For a batch of one example the batch's mean is the example itself
# and its variance is 0, so that x_hat = 0 in every unit and the layer gives beta, whatever the image: all
# that the layers below have found out is lost, and everything above gets the same input, hence the same
# class. In the batch of 1000 the statistics were close to those of the training data, so that nothing was
# noticed there. The changing answers come from dropout, which still draws a new mask for each call, so that
# the scores of one and the same image differ; where two classes are close, the winner changes. Tests: send
# the same image twice (only dropout can make the answers differ; with rate 0 they agree); send two different
# images one at a time with rate 0 (the same scores prove that the image is not looked at); send an image
# alone and among 999 others. Cure: switch to inference: dropout does nothing (it is scaled while training),
# and batch normalisation uses running averages of mean and variance, which have to be collected while
# training and saved with the weights. If they were not saved, pass training images through the net once more
# and collect them. To send images in larger batches is no cure: an answer would depend on its neighbours.
#
# Rubric: 1 point for x_hat = 0 and the output beta whatever the image; 1 point for dropout's masks as the
# cause of the changing answers; 1 point for a test that separates the two; 1 point for inference mode with
# running averages (and that they must be saved).
# ### END SOLUTION

# %% [markdown]
# ## 12 · Quiz
#
# Type each answer in its cell and run the cell below it, which tells you whether the *form* of the answer is
# right. Whether the answer is right you learn with your marks.
#
# Some questions have numbers of your own. So say who you are first: the id under which you hand in.

# %%
student_id = "..."

# %% quiz="q_decay"

# %% quiz="q_half"

# %% quiz="q_sparse"

# %% quiz="q_adam"

# %% quiz="q_keep"

# %% quiz="q_scale"

# %% quiz="q_ensemble"

# %% quiz="q_parameters"

# %% quiz="q_gaussian"

# %% quiz="q_stop"

# %% quiz="q_order"

# %% quiz="q_true"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
