# %% [markdown]
# # Week 6 · Optimisers and learning rates
#
# Week 5 told you which way is down. This week you write what walks there: the portions of data, six kinds of
# step, three ways to choose the learning rate, and the loop that puts them together.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then run the cell
# below it. `check` tells you at once what came out for a few small inputs and what was expected.
# `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what is left. The marks
# come from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: if one resists, go on with the next. Reckon with 110 minutes.
# Three rules hold everywhere:
#
# - *An optimiser is one step.* It gets the weights `W`, their gradient `dW` of the same shape, and what it
#   remembers from the step before. It returns the new weights and what it will want to remember. `lr` is the
#   learning rate.
# - *Arguments stay as they are.* New arrays are returned. (What does `V *= beta` do to the caller's `V`?)
# - *Steps count from 0* in schedules and loops. The one exception is Adam's `t`, which exercise 5 explains.

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %% [markdown]
# ## 1 · Minibatches
#
# An epoch shows every example once, in small portions and in a new order. Write a **generator** (a function that
# says `yield`) of pairs `(X_batch, y_batch)`.
#
# - `X` has n rows (its shape is `(n,)`, `(n, d)` or more), `y` has n labels. Row and label stay together.
# - With an `rng`, draw the order of the rows with one call of `rng.permutation(n)` and cut this order into
#   consecutive pieces of `batch_size` rows. With `rng=None` the rows keep their order, and nothing is drawn.
# - What is left over at the end is a smaller batch of its own. Only with `drop_last=True` is it left out, and
#   then only if it *is* smaller.
# - A `batch_size` below 1, and `X` and `y` of different lengths, are a `ValueError`, at the latest when the first
#   batch is asked for.
#
# The test runs two epochs, one after the other, with the same generator of random numbers.

# %% solution="minibatches"
from coursekit.functions.batches import minibatches

# %% test="minibatches" points=3
def two_epochs(minibatches, X, y, batch_size, rng=None, drop_last=False):
    """All batches of two epochs."""
    return [list(minibatches(X, y, batch_size, rng, drop_last)) for _ in range(2)]

check(minibatches, through=two_epochs)
### BEGIN HIDDEN TESTS
def cases(rng):
    def shuffled():
        return np.random.default_rng(rng.integers(2**32))

    yield np.array([10, 20, 30, 40, 50]), np.array([1, 2, 3, 4, 5]), 2
    yield np.array([10, 20, 30, 40, 50]), np.array([1, 2, 3, 4, 5]), 2, shuffled()
    yield np.array([10, 20, 30, 40, 50]), np.array([1, 2, 3, 4, 5]), 2, None, True
    yield np.array([10, 20, 30, 40]), np.array([1, 2, 3, 4]), 2, None, True
    yield np.array([10, 20, 30]), np.array([1, 2]), 2
    yield np.array([10, 20, 30]), np.array([1, 2, 3]), 0
    yield np.array([10, 20, 30]), np.array([1, 2, 3]), -1, shuffled()
    yield np.arange(24.0).reshape(12, 2), np.arange(12), 4, shuffled()
    yield rng.normal(size=(17, 3)), rng.integers(4, size=17), 5, shuffled()
    yield rng.normal(size=(17, 3)), rng.integers(4, size=17), 5, shuffled(), True
    yield rng.normal(size=(12, 2, 2)), rng.integers(4, size=12), 50, shuffled()

examine(minibatches, cases, public=5, through=two_epochs)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · A step, and a step with a memory
#
# ### 2a · Gradient descent
#
# $$W \leftarrow W - \eta\, dW$$
#
# The learning rate $\eta$ is `lr`. Return the new weights.

# %% solution="sgd"
from coursekit.functions.optimizers import sgd

# %% test="sgd" points=1
check(sgd)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([1.0, 2.0]), np.array([10.0, -10.0]), 0.5
    yield rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 0.1
    yield rng.normal(size=3), 5 * rng.normal(size=3)
    yield rng.normal(size=(4, 1, 2)), rng.normal(size=(4, 1, 2)), 3

examine(sgd, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ### 2b · Momentum
#
# The velocity `V` is of `W`'s shape and zero before the first step. It keeps a share `beta` of itself and takes
# up the new step; then the weights move by it:
#
# $$V \leftarrow \beta V + \eta\, dW \qquad W \leftarrow W - V$$
#
# - This is the course's convention: the learning rate is *inside* `V`. (Elsewhere you meet
#   $V \leftarrow \beta V + dW$, $W \leftarrow W - \eta V$, and velocities with the opposite sign.)
# - Return the tuple `(W, V)`, both new.

# %% solution="momentum"
from coursekit.functions.optimizers import momentum

# %% test="momentum" points=2
check(momentum)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([7.0]), np.array([10.0]), np.array([4.0]), 0.25, 0.5
    yield np.array([1.0, -2.0]), np.array([0.5, 3.0]), np.zeros(2), 0.125, 0.75
    yield rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.3, 0.8
    yield rng.normal(size=5), rng.normal(size=5), rng.normal(size=5)
    yield rng.normal(size=5), rng.normal(size=5), rng.normal(size=5), 0.1, 0.0

examine(momentum, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Nesterov: look before you leap
#
# Momentum knows before it steps where the velocity alone would carry it: to $W - \beta V$. Nesterov's idea:
# measure the gradient **there**, and use it in the step, which starts from `W` all the same:
#
# $$V \leftarrow \beta V + \eta\, \nabla(W - \beta V) \qquad W \leftarrow W - V$$
#
# (On the right of the first arrow both `V` are the old one.)
#
# - This time you do not get a gradient, but the function `gradient`: it takes weights and gives the gradient
#   there. Call it exactly **once**.
# - Return `(W, V)`, both new. The test also notes where you asked.

# %% solution="nesterov"
from coursekit.functions.optimizers import nesterov

# %% test="nesterov" points=3
def overheard(nesterov, W, gradient, V, lr, beta):
    """One step, and the places where the gradient was asked for."""
    places = []

    def noting(W):
        places.append(np.array(W))
        return gradient(W)

    W, V = nesterov(W, noting, V, lr, beta)
    return {"asked at": places, "W": W, "V": V}

check(nesterov, through=overheard)
### BEGIN HIDDEN TESTS
from coursekit.plain import Formula

def cases(rng):
    square = Formula("lambda W: 2 * W")
    mixed = Formula("lambda W: 3 * W + W.sum() - W**2")
    yield np.array([7.0]), square, np.array([4.0]), 0.25, 0.5
    yield np.array([1.0, -2.0]), mixed, np.array([0.5, 3.0]), 0.125, 0.75
    yield np.array([1.0, -2.0]), square, np.zeros(2), 0.125, 0.75
    yield rng.normal(size=(3, 2)), mixed, rng.normal(size=(3, 2)), 0.3, 0.8
    yield rng.normal(size=4), mixed, rng.normal(size=4), 0.1, 0.95

examine(nesterov, cases, public=2, through=overheard)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · A rate for each weight
#
# ### 4a · AdaGrad
#
# A weight whose gradients have been large takes smaller steps. `s` sums up the squared gradients, for each weight
# apart:
#
# $$s \leftarrow s + dW^2 \qquad W \leftarrow W - \eta\, \frac{dW}{\sqrt{s + \varepsilon}}$$
#
# - Squares, root and quotient are taken entry by entry; $\varepsilon$ (`eps`) is **under** the root, and the step
#   uses the *new* `s`.
# - Return `(W, s)`, both new.

# %% solution="adagrad"
from coursekit.functions.optimizers import adagrad

# %% test="adagrad" points=2
check(adagrad)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([1.0]), np.array([3.0]), np.array([16.0]), 0.5, 11.0
    yield np.array([1.0, -2.0]), np.array([0.5, -3.0]), np.zeros(2), 0.25, 0.0
    yield rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.uniform(0, 4, size=(3, 2)), 0.3, 0.01
    yield rng.normal(size=5), 0.01 * rng.normal(size=5), np.zeros(5)
    yield np.ones(2), np.zeros(2), np.zeros(2), 0.1

examine(adagrad, cases, public=2, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ### 4b · RMSprop
#
# AdaGrad never forgets, so its steps only shrink. RMSprop keeps a *running mean* of the squares instead of their
# sum. The old value gets weight $\rho$ (`rho`), the new square the rest:
#
# $$s \leftarrow \rho\, s + (1 - \rho)\, dW^2 \qquad W \leftarrow W - \eta\, \frac{dW}{\sqrt{s + \varepsilon}}$$
#
# Everything else is as for AdaGrad.

# %% solution="rmsprop"
from coursekit.functions.optimizers import rmsprop

# %% test="rmsprop" points=2
check(rmsprop)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([1.0]), np.array([2.0]), np.array([8.0]), 0.5, 0.75, 2.0
    yield np.array([1.0, -2.0]), np.array([0.5, -3.0]), np.zeros(2), 0.25, 0.75, 0.0
    yield rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.uniform(0, 4, size=(3, 2)), 0.3, 0.8, 0.01
    yield rng.normal(size=5), 0.01 * rng.normal(size=5), np.zeros(5)
    yield np.ones(2), np.zeros(2), np.zeros(2), 0.1

examine(rmsprop, cases, public=2, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Adam
#
# Adam keeps two running means, `m` of the gradients and `v` of their squares, each weight for itself. Both begin
# at zero and are too small at first; two factors make up for that, the **bias correction**. The course writes it
# as Kingma and Ba do at the end of their section 2, and as Keras does:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, dW \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, dW^2$$
#
# $$W \leftarrow W - \eta\,\frac{\sqrt{1 - \beta_2^{\,t}}}{1 - \beta_1^{\,t}} \cdot \frac{m}{\sqrt{v} + \varepsilon}$$
#
# - `t` is the number of this step. The very first step of a run has `t = 1`. (Put 0 into the formula to see why.)
# - $\varepsilon$ is *beside* the root here, and is not corrected. In the paper's other form, with $\hat m /
#   (\sqrt{\hat v} + \varepsilon)$, it counts a little more; the test can tell.
# - Return `(W, m, v)`, all new. `m` and `v` are the plain running means, as the next step will want them.
# - One point for `m`, one for `v`, two for `W`.

# %% solution="adam"
from coursekit.functions.optimizers import adam

# %% test="adam" points=4
def one_step(adam, W, dW, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """What one step gives, by name."""
    W, m, v = adam(W, dW, m, v, t, lr, beta1, beta2, eps)
    return {"W": W, "m": m, "v": v}

check(adam, through=one_step)
### BEGIN HIDDEN TESTS
def cases(rng):
    def state(*shape):
        return rng.normal(size=shape), rng.normal(size=shape), rng.normal(size=shape), rng.uniform(0.5, 4, size=shape)

    yield np.array([1.0]), np.array([3.0]), np.array([0.0]), np.array([0.0]), 1, 0.5, 0.5, 0.75, 0.25
    yield np.array([1.0]), np.array([3.0]), np.array([1.0]), np.array([4.0]), 2, 0.5, 0.5, 0.75, 0.25
    yield np.zeros(2), np.array([5.0, -0.01]), np.zeros(2), np.zeros(2), 1, 0.1
    yield *state(3, 2), 4, 0.3, 0.6, 0.9, 0.1
    yield *state(4), 1000, 0.01
    yield *state(2, 1, 3), 7
    yield np.ones(2), np.zeros(2), np.zeros(2), np.zeros(2), 1, 0.1

examine(adam, cases, public=3, through=one_step, parts={"W": 2, "m": 1, "v": 1}, points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · Down the stairs
#
# A schedule is a function from the step (0, 1, 2, ...) to the rate of that step. The simplest after the constant
# one is a staircase: `every` steps at the rate `lr`, the next `every` steps at `factor` times that, and so on.
# The rate is computed from `step` alone; nothing is remembered.

# %% solution="step_decay"
from coursekit.functions.schedules import step_decay

# %% test="step_decay" points=2
def rates(step_decay, steps, lr=0.1, factor=0.5, every=10):
    """The rates of some steps."""
    return [step_decay(step, lr, factor, every) for step in steps]

check(step_decay, through=rates)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield [0, 1, 2, 3, 4, 5, 6], 0.8, 0.5, 2
    yield [0, 9, 10, 19, 20, 99], 0.5, 0.25
    yield [0, 1, 2, 3, 4], 0.1, 0.5, 1
    yield [int(step) for step in rng.integers(500, size=12)], 0.3, 0.9, 7
    yield [40, 4, 41, 3, 39], 0.3, 1.5, 5

examine(step_decay, cases, public=2, through=rates)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · New-bob: ask the validation set
#
# A schedule that looks. After each epoch the validation error is measured; while it keeps falling the rate stays,
# and when it **rises**, the next epoch gets a smaller rate.
#
# - `lr` is the rate of the epoch that just ended, `errors` the list of validation errors of all epochs so far,
#   the newest last. Return the rate for the next epoch: `lr`, or `lr * factor`.
# - Compare the newest error with the one before it, no other.
# - `threshold` asks for more: the rate is reduced when the error fell by *less than* `threshold`. With `threshold
#   = 0` that means: when it rose. An error that stays exactly the same is no rise.
# - With fewer than two errors there is nothing to compare: return `lr`.

# %% solution="new_bob"
from coursekit.functions.schedules import new_bob

# %% test="new_bob" points=3
check(new_bob)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 0.5, [0.5, 0.25]
    yield 0.5, [0.25, 0.375]
    yield 0.5, [0.5, 0.25, 0.375]
    yield 0.5, [0.5]
    yield 0.5, []
    yield 0.5, [0.25, 0.25]
    yield 0.5, [0.5, 0.125, 0.375, 0.25]
    yield 0.5, [0.5, 0.25, 0.375, 0.125], 0.1
    yield 0.5, [0.25, 0.3125], 0.25, 0.125
    yield 0.5, [0.5, 0.375], 0.25, 0.25
    yield 0.5, [0.5, 0.25], 0.25, 0.25
    yield 0.5, [0.5, 0.25, 0.375], 0.25, 0.0625
    yield 0.5, [8.0, 7.0], 0.1, 0.5
    for n in (3, 6, 9):
        yield 0.01, rng.uniform(0.1, 0.9, size=n).round(3).tolist(), 0.3
        yield 0.01, rng.uniform(0.1, 0.9, size=n).round(3).tolist(), 0.7, 0.2
        yield 0.01, (rng.permutation(n) / 10 + 0.2).tolist(), 0.5

examine(new_bob, cases, public=9)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · One cycle
#
# Up once, then down for long, each half a wave of a cosine. The run has `steps` steps, numbered 0 to `steps - 1`:
#
# | at step | rate |
# |---|---|
# | 0 | `lr / start` |
# | top = `rise * steps - 1` (it need not be a whole number) | `lr` |
# | `steps - 1`, the last one | `lr / start / end` |
# | later | as at the last one |
#
# Between two of these points, from the rate $a$ to the rate $b$, the wave is $\;b + (a - b)\,\dfrac{1 + \cos(\pi
# q)}{2}$, where $q$ runs from 0 at the first point to 1 at the second.
#
# You may take for granted that `top` is larger than 0 and smaller than `steps - 1`. Return a number.

# %% solution="one_cycle"
from coursekit.functions.schedules import one_cycle

# %% test="one_cycle" points=3
def whole_run(one_cycle, steps, lr=0.1, rise=0.3, start=25.0, end=1e4):
    """The rates of a whole run, and of two steps after its end."""
    return [one_cycle(step, steps, lr, rise, start, end) for step in range(steps + 2)]

check(one_cycle, through=whole_run)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 6, 1.0, 0.5, 8.0, 4.0
    yield 10, 0.5, 0.25, 8.0, 4.0
    yield 20,
    yield 50, float(rng.uniform(0.1, 1)), float(rng.uniform(0.1, 0.9)), 10.0, 100.0
    yield 13, 2.0, 0.4, 5.0, 20.0

examine(one_cycle, cases, public=2, through=whole_run)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · The whole loop
#
# Now train. In each epoch draw a new order of the rows with `rng.permutation(n)` and go through it in consecutive
# pieces of `batch_size` (the last one may be smaller). For each piece ask `gradients`, then take a plain step, $W
# \leftarrow W - \eta\, dW$ and $b \leftarrow b - \eta\, db$, for every layer.
#
# - `params` is a list of pairs `(W, b)`; it stays as it is. The trained ones are new arrays in a new list.
# - `gradients(params, X_batch, y_batch)` returns `(loss, list of (dW, db))`. The loss is a mean over the batch.
# - `lr` is a number, or a schedule: a function of the step, which counts 0, 1, 2, ... over the *whole run*, not
#   anew in each epoch. (`callable(lr)` tells.)
# - Return `(params, losses)`. There is one loss for each epoch: the mean over its **examples**. Each batch counts
#   with the loss before its own step, and as much as it has rows.
#
# Minibatches are needed in three lines here; write them out.

# %% solution="train"
from coursekit.functions.training import train

# %% test="train" points=4
check(train)
### BEGIN HIDDEN TESTS
from coursekit.plain import Formula

def cases(rng):
    line = Formula(
        "lambda params, X, y: (lambda r: ((r**2).mean() / 2, [(X.T @ r / len(X), r.mean(axis=0))]))"
        "(X @ params[0][0] + params[0][1] - y)"
    )
    two = Formula(
        "lambda params, X, y: (lambda a, r: ((r**2).mean() / 2, [(X.T @ r @ params[1][0].T / len(X),"
        " (r @ params[1][0].T).mean(axis=0)), (a.T @ r / len(X), r.mean(axis=0))]))"
        "(X @ params[0][0] + params[0][1],"
        " (X @ params[0][0] + params[0][1]) @ params[1][0] + params[1][1] - y)"
    )
    falling = Formula("lambda step: 0.25 / (1 + step)")

    def layers(*sizes):
        return [(rng.normal(size=(i, o)) / 2, rng.normal(size=o)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]

    def shuffled():
        return np.random.default_rng(rng.integers(2**32))

    X = np.arange(3.0)[:, None]
    zero = [(np.zeros((1, 1)), np.zeros(1))]
    yield zero, X, 2 * X + 1, line, 0.25, 1, 3, shuffled()
    yield zero, X, 2 * X + 1, line, 0.25, 2, 2, shuffled()
    yield zero, X, 2 * X + 1, line, falling, 2, 2, shuffled()
    yield layers(2, 1), rng.normal(size=(10, 2)), rng.normal(size=(10, 1)), line, 0.1, 3, 4, shuffled()
    yield layers(3, 2, 1), rng.normal(size=(11, 3)), rng.normal(size=(11, 1)), two, falling, 2, 5, shuffled()
    yield layers(2, 1), rng.normal(size=(4, 2)), rng.normal(size=(4, 1)), line, 0.1, 0, 2, shuffled()
    yield layers(2, 1), rng.normal(size=(6, 2)), rng.normal(size=(6, 1)), line, 0.1, 2, 100, shuffled()

examine(train, cases, public=3, parts={"params": 3, "losses": 1}, points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · Long valley, steep walls
#
# A loss is $\ell(w_1, w_2) = \frac12 (w_1^2 + 400\, w_2^2)$, and descent begins at $(1, 1)$.
#
# In six to twelve sentences: How large may the learning rate of plain gradient descent be before it diverges, and
# which direction decides? With half of that rate, what happens to $w_1$ and to $w_2$ in one step, and about how
# many steps does $w_1$ need until it is below 0.01? Why does momentum help here? And how would Adam's first step
# look, and why? Finally: somebody turns the axes by 45 degrees, so that the valley runs diagonally. Which of the
# three optimisers notice? You may back your numbers by a few lines of code in a cell of your own. This answer is
# read and marked by a person.

# %% [markdown] answer="steep-walls" points=5
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# The gradient is (w1, 400 w2), so a step multiplies w1 by 1 - lr and w2 by 1 - 400 lr. It diverges when one of
# these factors is beyond -1, and the steep direction decides: lr must stay below 2/400 = 0.005. With half of
# that, 0.0025, w2 is multiplied by 1 - 1 = 0: it is at the bottom after one step. w1 is multiplied by 0.9975:
# after k steps it is 0.9975^k, which is below 0.01 for k > ln(0.01)/ln(0.9975), about 1840 steps. The steep
# direction dictates the rate, the flat one has to live with it. Momentum: along the floor the gradients all have
# one sign, so the velocity grows towards 1/(1 - beta) times a plain step (10 times for beta = 0.9); across the
# valley their signs alternate and they largely cancel in V. So it moves faster along the floor at the same rate
# (and tolerates a larger one). Adam's first step is (lr, lr) in length, whatever the curvature: m/sqrt(v) is the
# gradient divided by its own magnitude, so both weights move by lr towards 0 and the path starts along the
# diagonal. Turned by 45 degrees: plain descent and momentum do not notice; their path is the same path, turned,
# since they use the gradient as a vector only. Adam divides entry by entry; after the turn both entries of the
# gradient carry the steep direction, so its rates cannot tell steep from flat any more, and it loses its
# advantage.
#
# Rubric: 1 point for 2/400 and "the steepest direction decides"; 1 point for 0 and 0.9975 and 1500 to 2100 steps;
# 1 point for momentum (same signs add up, alternating ones cancel); 1 point for Adam's equal steps of lr; 1 point
# for the turn (Adam notices, the others do not, with a reason).
# ### END SOLUTION

# %% [markdown]
# ## 11 · Quiz
#
# Type each answer in its cell and run the cell below it, which tells you whether the *form* of the answer is
# right. Whether the answer is right you learn with your marks. Numbers may be typed as formulas, in quotes:
# `"2/3"`.
#
# Some questions have numbers of your own. So say who you are first: the id under which you hand in.

# %%
student_id = "..."

# %% quiz="q_steps"

# %% quiz="q_limit"

# %% quiz="q_velocity"

# %% quiz="q_first_step"

# %% quiz="q_running_mean"

# %% quiz="q_memory"

# %% quiz="q_staircase"

# %% quiz="q_curves"

# %% quiz="q_test_set"

# %% quiz="q_order"

# %% quiz="q_true"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
