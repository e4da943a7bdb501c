# %% [markdown]
# # Week 2 · Activation functions
#
# In the lecture you saw a dozen ways to bend a signal. Here you write five of them with their slopes,
# softmax with its logarithm, and a measuring instrument for dead units. They are short; the care goes into
# the edges: very large numbers, the kink at 0, the axis that is summed over.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then run
# the cell below it. `check` tells you at once what came out for a few small inputs and what was expected.
# `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what is left. The
# marks come from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: if one resists, go on with the next. Reckon with 90
# minutes. Four rules hold everywhere:
#
# - *Entry by entry.* `z` is an array of floats of any shape, also of the shape `()`; the answer has the
#   same shape. (Softmax and `dead_fraction` look at whole rows or columns, and say so.)
# - *Silence.* Entries may be as far out as 1000 and -1000. The answer is then still right, and NumPy gives
#   no warning.
# - *Arguments stay as they are.* A function that needs to change an array changes a copy.
# - *Kinks.* Where a curve has a corner at 0, the derivative there is the slope on its **left**.
#
# A derivative takes the same `z` as its function, not the function's output. You may call your own
# functions from others; then their mistakes come along.

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %% [markdown]
# ## 1 · Sigmoid and its slope
#
# The **logistic function**, or sigmoid, makes a number between 0 and 1 of any number:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^{z}}{1 + e^{z}}$$
#
# The two fractions are equal on paper. In floating point each of them is safe on one side of 0 only.
#
# ### 1a · The function
#
# *Predict before you check: what is `np.exp(1000.0)`, and what `np.exp(-1000.0)`?*

# %% solution="sigmoid"
from coursekit.functions.activations import sigmoid

# %% test="sigmoid" points=2
check(sigmoid)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([0.0, 1.0, -2.0]),)
    yield (np.array([1000.0]),)
    yield (np.array([-1000.0, -10.0, 0.5]),)
    yield (np.array(-0.5),)
    yield (rng.normal(size=(3, 4)),)
    yield (30 * rng.normal(size=(2, 3, 2)),)

examine(sigmoid, cases, public=3, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ### 1b · Its derivative
#
# Write $\sigma'(z)$. On paper first: differentiate the fraction, then look for $\sigma(z)$ in what you get.

# %% solution="sigmoid_derivative"
from coursekit.functions.activation_derivatives import sigmoid_derivative

# %% test="sigmoid_derivative" points=2
check(sigmoid_derivative)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([0.0, 1.0, -2.0]),)
    yield (np.array([-1000.0, 0.0, 1000.0]),)
    yield (np.array(3.0),)
    yield (rng.normal(size=(3, 4)),)
    yield (4 * rng.normal(size=(2, 3, 2)),)

examine(sigmoid_derivative, cases, public=2, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · ReLU and its slope
#
# The rectified linear unit lets positive numbers pass and gives 0 for all others.
#
# ### 2a · The function

# %% solution="relu"
from coursekit.functions.activations import relu

# %% test="relu" points=1
check(relu)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-2.0, 0.0, 3.0]),)
    yield (np.array([[0.5, -4.0], [-0.25, 7.0]]),)
    yield (np.array(-1.5),)
    yield (np.array([-1000.0, 1000.0]),)
    yield (rng.normal(size=(2, 3, 4)),)

examine(relu, cases, public=2, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ### 2b · Its derivative
#
# The answer holds floats. What the slope at `z = 0` is, the fourth rule above says.

# %% solution="relu_derivative"
from coursekit.functions.activation_derivatives import relu_derivative

# %% test="relu_derivative" points=1
check(relu_derivative)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-2.0, 0.0, 3.0]),)
    yield (np.array([[0.5, -4.0], [-0.25, 7.0]]),)
    yield (np.array(0.25),)
    yield (rng.normal(size=(2, 3, 4)),)
    yield (rng.integers(-1, 2, size=(4, 5)).astype(float),)

examine(relu_derivative, cases, public=2, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Leaky ReLU and its slope
#
# A leaky ReLU passes positive numbers unchanged and multiplies all others by `alpha`:
#
# $$g(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}$$
#
# `alpha` is 0.01 if nothing else is said. When a network learns it (parametric ReLU), it can become any
# number: more than 1, or negative. Your function must be right for those too.
#
# ### 3a · The function

# %% solution="leaky_relu"
from coursekit.functions.activations import leaky_relu

# %% test="leaky_relu" points=2
check(leaky_relu)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-2.0, 0.0, 3.0]),)
    yield np.array([-2.0, 0.0, 3.0]), 0.25
    yield np.array([[-1.0, 4.0], [2.0, -3.0]]), 2.0
    yield np.array([-1000.0, 1000.0]), -0.5
    yield np.array(-3.0), 0.1
    yield rng.normal(size=(2, 3, 4)), float(rng.uniform(0.1, 0.9))
    yield (rng.normal(size=(5, 3)),)

examine(leaky_relu, cases, public=3, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ### 3b · Its derivative

# %% solution="leaky_relu_derivative"
from coursekit.functions.activation_derivatives import leaky_relu_derivative

# %% test="leaky_relu_derivative" points=1
check(leaky_relu_derivative)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-2.0, 0.0, 3.0]),)
    yield np.array([-2.0, 0.0, 3.0]), 0.25
    yield np.array([[-1.0, 4.0], [2.0, -3.0]]), 2.0
    yield np.array(-3.0), -0.1
    yield rng.normal(size=(2, 3, 4)), float(rng.uniform(0.1, 0.9))
    yield (rng.normal(size=(5, 3)),)

examine(leaky_relu_derivative, cases, public=2, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · ELU and its slope
#
# The exponential linear unit passes positive numbers too, and lets negative ones sink smoothly towards
# $-\alpha$:
#
# $$g(z) = \begin{cases} z & z > 0 \\ \alpha\,(e^z - 1) & z \le 0 \end{cases}$$
#
# `alpha` is a positive number, 1 if nothing else is said. Beware: `np.where(condition, one, other)`
# computes *both* and then chooses.
#
# ### 4a · The function

# %% solution="elu"
from coursekit.functions.activations import elu

# %% test="elu" points=2
check(elu)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-1.0, 0.0, 2.0]),)
    yield np.array([-1.0, 0.0, 2.0]), 0.5
    yield (np.array([-1000.0, 1000.0]),)
    yield np.array([[-0.5, -2.0], [0.25, -0.125]]), 2.0
    yield np.array(-3.0), 1.5
    yield rng.normal(size=(2, 3, 4)), float(rng.uniform(0.2, 0.8))
    yield (2 * rng.normal(size=(5, 3)),)

examine(elu, cases, public=4, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ### 4b · Its derivative
#
# Unless `alpha` is 1 there is a corner at 0; remember the rule for corners.

# %% solution="elu_derivative"
from coursekit.functions.activation_derivatives import elu_derivative

# %% test="elu_derivative" points=2
check(elu_derivative)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-1.0, 0.0, 2.0]),)
    yield np.array([-1.0, 0.0, 2.0]), 0.5
    yield (np.array([-1000.0, 1000.0]),)
    yield np.array(-3.0), 1.5
    yield rng.normal(size=(2, 3, 4)), float(rng.uniform(0.2, 0.8))
    yield (2 * rng.normal(size=(5, 3)),)

examine(elu_derivative, cases, public=3, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Swish and its slope
#
# Swish multiplies a number by its own sigmoid, $g(z) = z\,\sigma(\beta z)$. `beta` is 1 if nothing else is
# said; it may be any number, 0 and negative ones included.
#
# ### 5a · The function
#
# *Predict before you check: is swish ever negative?*

# %% solution="swish"
from coursekit.functions.activations import swish

# %% test="swish" points=2
check(swish)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-1.0, 0.0, 2.0]),)
    yield np.array([-1.0, 0.0, 2.0]), 0.5
    yield np.array([-4.0, 6.0]), 0.0
    yield (np.array([-1000.0, 2.0, 1000.0]),)
    yield np.array(-3.0), -1.5
    yield rng.normal(size=(2, 3, 4)), float(rng.uniform(1.5, 3))
    yield (3 * rng.normal(size=(5, 3)),)

examine(swish, cases, public=4, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ### 5b · Its derivative
#
# With respect to `z`. Two factors depend on `z`, and in one of them $\beta$ waits for the chain rule.

# %% solution="swish_derivative"
from coursekit.functions.activation_derivatives import swish_derivative

# %% test="swish_derivative" points=3
check(swish_derivative)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([-1.0, 0.0, 2.0]),)
    yield np.array([-1.0, 0.0, 2.0]), 0.5
    yield (np.array([-1000.0, 2.0, 1000.0]),)
    yield np.array([-4.0, 6.0]), 0.0
    yield np.array(-3.0), -1.5
    yield rng.normal(size=(2, 3, 4)), float(rng.uniform(1.5, 3))
    yield (3 * rng.normal(size=(5, 3)),)

examine(swish_derivative, cases, public=3, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · Softmax
#
# Softmax turns any numbers into positive ones that add up to 1:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# - `axis` says along which axis the numbers add up to 1; the others are independent of each other. It is
#   the last one if nothing else is said.
# - One row may hold numbers around 1000 while another one's are around -1000. (By which number may you
#   shift a row, so that nothing overflows and nothing changes?)

# %% solution="softmax"
from coursekit.functions.activations import softmax

# %% test="softmax" points=3
check(softmax)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([0.0, 1.0, 3.0]),)
    yield (np.array([[0.0, 1.0, 2.0], [1.0, 1.0, -1.0]]),)
    yield (np.array([[1000.0, 999.0], [-1000.0, -1001.0]]),)
    yield np.array([[0.0, 1.0, 2.0], [1.0, 1.0, -1.0]]), 0
    yield (np.array([[1000.0, -1000.0, -1000.0, -1000.0]]),)
    yield (rng.normal(size=(3, 3)),)
    yield rng.normal(size=(2, 4, 3)), 1
    yield 300 * rng.normal(size=(4, 2)), -1

examine(softmax, cases, public=5, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · The logarithm of softmax
#
# The losses of week 5 need $\log p_i$. Where `p` has become 0 in floating point, its logarithm is lost. So
# do not compute `p` first: simplify $\log \big(e^{z_i} / \sum_j e^{z_j}\big)$ on paper, then write
# `log_softmax(z, axis=-1)`.
#
# - `axis` means what it meant for softmax, and the numbers may be as large.
# - The result is finite for all of them.

# %% solution="log_softmax"
from coursekit.functions.activations import log_softmax

# %% test="log_softmax" points=3
check(log_softmax)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([0.0, 1.0, 3.0]),)
    yield (np.array([[0.0, 1.0, 2.0], [1.0, 1.0, -1.0]]),)
    yield (np.array([1000.0, 0.0]),)
    yield np.array([[0.0, 1.0, 2.0], [1.0, 1.0, -1.0]]), 0
    yield (np.array([[1000.0, -1000.0, -1000.0, -1000.0]]),)
    yield (np.array([[1000.0, 999.0], [-1000.0, -1001.0]]),)
    yield (rng.normal(size=(3, 3)),)
    yield rng.normal(size=(2, 4, 3)), 1
    yield 300 * rng.normal(size=(4, 2)), -1

examine(log_softmax, cases, public=6, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · How many units are dead?
#
# A ReLU unit that is silent for *every* example no longer learns anything. Write `dead_fraction(a)`: the
# share of such units.
#
# - `a` has the shape `(n, units)`: one row for each example, one column for each unit. It holds what came
#   out of the ReLUs or what went into them; your answer is the same for both.
# - The result is one number from 0 (all alive) to 1 (all dead).

# %% solution="dead_fraction"
from coursekit.functions.activations import dead_fraction

# %% test="dead_fraction" points=2
check(dead_fraction)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield (np.array([[0.0, 2.0, 0.0, 0.0], [0.0, 1.0, 3.0, 0.0], [0.0, 0.0, 0.0, 0.0]]),)
    yield (np.array([[-1.0, -2.0], [-3.0, 0.5]]),)
    yield (np.array([[2.0, 1.0], [1.0, 0.5], [3.0, 0.0]]),)
    yield (np.zeros((2, 3)),)
    z = rng.normal(size=(6, 8)) - 0.5
    z[:, 5] = -np.abs(z[:, 5])
    yield (z,)
    yield (np.maximum(z, 0),)
    yield (rng.normal(size=(2, 40)),)

examine(dead_fraction, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · A diagnosis
#
# A colleague trains a network with six hidden layers. With **sigmoid** everywhere the loss hardly moves;
# the gradient of the first layer's weights is ten thousand times smaller than that of the last. So she
# changes all hidden layers to **ReLU** and raises the learning rate tenfold. The loss falls quickly, jumps
# once, then stays where it is; your `dead_fraction` says 0.85 for the second layer, and it does not go down
# any more.
#
# 1. Why is the first layer's gradient so small with sigmoid? Use a number from the lecture.
# 2. What has happened to the 85%, and why do they not recover by themselves?
# 3. Name two changes that you would try, and say for each of them why it helps.
#
# Six to ten sentences are enough. This answer is read and marked by a person.

# %% [markdown] answer="diagnosis" points=4
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# 1. On the way back each sigmoid multiplies the gradient by its slope, which is at most 1/4 (at z = 0) and
#    far less where the unit is saturated. Five or six such factors make at most (1/4)^6, about 0.0002, so
#    the first layers learn next to nothing.
# 2. One large step (the jump of the loss) has moved weights and biases so far that z is negative for every
#    example. ReLU's slope is 0 there, so the gradient of all weights and biases of such a unit is 0 for
#    every example: no later step moves them. (Only a change in the layers below could wake one up.)
# 3. For example: a smaller learning rate (or warm-up, or clipping), so that no single step is so large; a
#    leaky ReLU, ELU or another activation whose slope is not 0 on the left, so that a silent unit still
#    receives a gradient; an initialisation made for ReLU, or normalisation, so that z stays around 0. The
#    units that are dead now are lost: train again.
#
# Rubric, 4 points:
# - 1 point: the slope of sigmoid is at most 1/4, and slopes multiply from layer to layer.
# - 1 point: dead means z <= 0 for all examples, after too large a step.
# - 1 point: slope 0, so no gradient, so no recovery.
# - 1 point: two changes, each with its reason. (Half a point for one, or for two without reasons. "Use
#   sigmoid again" earns nothing.)
# ### END SOLUTION

# %% [markdown]
# ## 10 · Quiz
#
# Type each answer in its cell and run the cell below it, which tells you whether the *form* of the answer
# is right. Whether the answer is right you learn with your marks.
#
# Some questions have numbers of your own. So say who you are first: the id under which you hand in.

# %%
student_id = "..."

# %% [markdown]
# The first questions are about these curves. Each of the first three is an activation function, the fourth
# one is the *derivative* of an activation function.

# %%
import matplotlib.pyplot as plt
from coursekit import plotting

x = np.linspace(-4, 4, 17)
curves = {
    "A": [-0.07, -0.1, -0.14, -0.19, -0.24, -0.27, -0.27, -0.19, 0.0, 0.31, 0.73, 1.23, 1.76, 2.31, 2.86, 3.4, 3.93],
    "B": [-0.98, -0.97, -0.95, -0.92, -0.86, -0.78, -0.63, -0.39, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0],
    "C": [0.02, 0.03, 0.05, 0.08, 0.13, 0.2, 0.31, 0.47, 0.69, 0.97, 1.31, 1.7, 2.13, 2.58, 3.05, 3.53, 4.02],
    "D": [0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.24, 0.25, 0.24, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02],
}
figure, panels = plt.subplots(1, 4, figsize=(9, 2.4))
for ax, (name, curve) in zip(panels, curves.items(), strict=True):
    plotting.line(x, np.array(curve), ax=ax, xlabel="z", title=name)
plotting.describe(
    figure,
    "Which function is which? Look at the left end, at z = 0, and at the scale of each panel.",
    alt="Four curves over z from -4 to 4; the list above holds their heights at every half unit.",
)

# %% quiz="q_curve_a"
# %% quiz="q_curve_b"
# %% quiz="q_curve_c"
# %% quiz="q_curve_d"
# %% quiz="q_steepest"
# %% quiz="q_product"
# %% quiz="q_tangent"
# %% quiz="q_swish_minimum"
# %% quiz="q_swish_beta"
# %% quiz="q_relu_fast"
# %% quiz="q_shift"
# %% quiz="q_two_classes"
# %% quiz="q_dead"
# %% quiz="q_true"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
