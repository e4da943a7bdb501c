# %% [markdown]
# # Week 1 · Multilayer perceptrons and counting their parameters
#
# In the lecture you met the neuron, the dense layer and the network made of them. Here you write
# the five-line functions that say how large such a network is, what it computes, and how often its
# weights are adjusted. Everything later in the course leans on them: in week 8 you will hold the
# `summary()` of a whole framework against your own `layer_table`.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then
# run the cell below it. `check` tells you at once what came out for a few small inputs and what was
# expected. `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what
# is left. The marks come from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: nothing that you write in one is used by another, so
# skip what resists and come back. Reckon with 90 minutes. Functions must not change their arguments.
# You need Python and `@`, the matrix product of NumPy; nothing else has to be imported.

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %% [markdown]
# ## 1 · One dense layer
#
# A dense layer with `d_in` inputs and `d_out` units computes `z = X @ W + b`. Its **parameters** are
# the numbers that training adjusts: the entries of `W`, which has the shape `(d_in, d_out)`, and the
# entries of `b`, which has the shape `(d_out,)`.
#
# Write `count_dense(d_in, d_out, bias=True)`. It returns the number of parameters as an `int`.
# With `bias=False` the layer has no `b` at all. A layer without inputs or without units is nonsense:
# raise a `ValueError` if `d_in` or `d_out` is below 1.
#
# *Predict before you check: how many parameters has a layer with 4 inputs and 3 units?*

# %% solution="count_dense"
from coursekit.functions.counting import count_dense

# %% test="count_dense" points=2
check(count_dense)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 4, 3
    yield 4, 3, False
    yield 1, 1
    yield 0, 3
    yield 784, 64
    yield 3, 0
    yield 2, -1
    for _ in range(6):
        yield int(rng.integers(1, 500)), int(rng.integers(1, 500)), bool(rng.integers(2))


examine(count_dense, cases, public=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · A whole network
#
# Write `count_mlp(sizes, bias=True)`: the number of parameters of a whole multilayer perceptron, an
# `int`. `sizes` is a list (or tuple) of widths from the inputs to the outputs. `[64, 32, 10]` means
# 64 inputs, one hidden layer of 32 units, 10 outputs: **three** numbers, but **two** dense layers.
#
# `bias=False` means that no layer has biases. Raise a `ValueError` if there are fewer than two sizes
# or if any of them is below 1.
#
# *Predict before you check: sketch the network `[3, 4, 2]` on paper, draw every arrow, and count.*

# %% solution="count_mlp"
from coursekit.functions.counting import count_mlp

# %% test="count_mlp" points=3
check(count_mlp)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield ([3, 4, 2],)
    yield [3, 4, 2], False
    yield ([5, 1],)
    yield ([7],)
    yield ([784, 300, 100, 10],)
    yield ([6, 0, 2],)
    yield ((2, 2, 2, 2, 2),)
    for _ in range(6):
        yield [int(size) for size in rng.integers(1, 300, size=rng.integers(2, 7))], bool(rng.integers(2))


examine(count_mlp, cases, public=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · Where the parameters sit
#
# A total hides where the parameters are. Write `layer_table(sizes, bias=True)`, which returns a list
# with one dictionary for each **dense layer**, first layer first. Each dictionary has five keys, all
# with `int` values:
#
# | key | meaning |
# |---|---|
# | `"inputs"` | numbers that enter the layer |
# | `"units"` | numbers that leave it |
# | `"weights"` | entries of `W` |
# | `"biases"` | entries of `b`, which is 0 with `bias=False` |
# | `"parameters"` | weights and biases of **this** layer |
#
# The input layer computes nothing, so it has no row. Raise a `ValueError` as in exercise 2: for fewer
# than two sizes, and for a size below 1.

# %% solution="layer_table"
from coursekit.functions.counting import layer_table

# %% test="layer_table" points=3
check(layer_table)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield ([3, 4, 2],)
    yield [3, 4, 2], False
    yield ([5, 1],)
    yield ([7],)
    yield ([4096, 32, 3],)
    yield ([4, 0, 2],)
    for _ in range(5):
        yield [int(size) for size in rng.integers(1, 300, size=rng.integers(2, 7))], bool(rng.integers(2))


examine(layer_table, cases, public=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · The widest layer you can afford
#
# Small devices come with a budget: "the model may have 5,000 parameters, not one more". So turn the
# question round. Write `widest_hidden(budget, d_in, d_out)`, which returns the largest number `h` of
# hidden units for which the network `[d_in, h, d_out]`, **with** biases, has at most `budget`
# parameters. The answer is an `int`; it is 0 if not even one hidden unit fits.
#
# You may let the computer search, or solve an inequality on paper. Budgets go up to a hundred million.
#
# *Predict before you check: how many parameters does one more hidden unit cost?*

# %% solution="widest_hidden"
def widest_hidden(budget, d_in, d_out):
    """Largest number of hidden units for which the network [d_in, h, d_out] stays within the budget.

    budget  parameters the network may have in all, biases included
    d_in    number of inputs, at least 1
    d_out   number of outputs, at least 1

    Returns an int, 0 if no hidden unit fits.

    >>> widest_hidden(13, 2, 1), widest_hidden(12, 2, 1)
    (3, 2)
    """
    ### BEGIN SOLUTION
    # d_in*h + h + h*d_out + d_out <= budget: each hidden unit costs its weights in, its bias and its weights out
    cost_of_a_unit = d_in + 1 + d_out
    left = budget - d_out
    return max(0, left // cost_of_a_unit)
    ### END SOLUTION

# %% test="widest_hidden" points=3
check(widest_hidden)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 103, 4, 3
    yield 106, 4, 3
    yield 107, 4, 3
    yield 2, 4, 3
    yield 99_999_999, 784, 10
    yield 10, 6, 2
    for _ in range(8):
        yield int(rng.integers(1, 100_000)), int(rng.integers(1, 300)), int(rng.integers(1, 40))


examine(widest_hidden, cases, public=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Two affine layers are one
#
# Send `X` through two dense layers with nothing between them:
# `(X @ W1 + b1) @ W2 + b2`. The lecture claims that one layer `X @ W + b` does the same for *every* `X`.
#
# Write `collapse(W1, b1, W2, b2)`, which returns the pair `(W, b)` of that one layer.
#
# | argument | shape |
# |---|---|
# | `W1`, `b1` | `(d_in, d_hidden)`, `(d_hidden,)` |
# | `W2`, `b2` | `(d_hidden, d_out)`, `(d_out,)` |
# | returned `W`, `b` | `(d_in, d_out)`, `(d_out,)` |
#
# Shapes that do not fit together must end in a `ValueError`; NumPy's own operators raise it for you.
# Two of the four points are for `W`, two for `b`.
#
# *On paper first: multiply out the brackets. Which terms contain `X`, which do not?*

# %% solution="collapse"
from coursekit.functions.mlp import collapse

# %% test="collapse" points=4
check(collapse)
### BEGIN HIDDEN TESTS
def layers(rng, d_in, d_hidden, d_out):
    W1, b1 = rng.normal(size=(d_in, d_hidden)), rng.normal(size=d_hidden)
    W2, b2 = rng.normal(size=(d_hidden, d_out)), rng.normal(size=d_out)
    return W1, b1, W2, b2


def cases(rng):
    yield np.array([[2.0]]), np.array([1.0]), np.array([[10.0]]), np.array([5.0])
    W1, W2 = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[3.0, 0.0], [1.0, 2.0]])
    yield W1, np.array([1.0, -1.0]), W2, np.array([0.5, 0.0])
    yield layers(rng, 2, 3, 1)
    yield layers(rng, 5, 4, 3)
    yield layers(rng, 1, 6, 2)
    yield Case(*layers(rng, 2, 3, 1)[:2], *layers(rng, 3, 2, 4)[2:], raises="ValueError")


examine(collapse, cases, public=3, parts=("W", "b"), points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · The forward pass
#
# Write `mlp_forward(params, X, activation)`, the forward pass of a network.
#
# - `params` is a list of pairs `(W, b)`, one for each dense layer, first layer first;
#   `W` has the shape `(d_in, d_out)`, `b` the shape `(d_out,)`.
# - `X` has the shape `(n, d)`: one example in each row.
# - `activation` is a function that takes an array and returns an array of the same shape. It is applied
#   after every layer **but the last**.
#
# The result is the output of the last layer, of shape `(n, outputs)`. An empty `params` raises a
# `ValueError`. Leave `X` and `params` as they are.

# %% solution="mlp_forward"
from coursekit.functions.mlp import mlp_forward

# %% test="mlp_forward" points=4
check(mlp_forward)
### BEGIN HIDDEN TESTS
from coursekit.plain import Formula

relu = Formula("lambda z: np.maximum(z, 0)")
tanh = Formula("lambda z: np.tanh(z)")


def network(rng, *sizes):
    shapes = zip(sizes[:-1], sizes[1:], strict=True)
    return [(rng.normal(size=(d_in, d_out)), rng.normal(size=d_out)) for d_in, d_out in shapes]


def cases(rng):
    yield [(np.array([[2.0], [1.0]]), np.array([-1.0]))], np.array([[1.0, -4.0], [-2.0, 3.0]]), relu
    yield (
        [(np.array([[1.0, -1.0]]), np.array([1.0, 2.0])), (np.array([[1.0], [3.0]]), np.array([-5.0]))],
        np.array([[-3.0], [1.0], [4.0]]),
        relu,
    )
    yield [], np.array([[1.0, 2.0]]), relu
    yield network(rng, 3, 4, 2), rng.normal(size=(5, 3)), tanh
    yield network(rng, 2, 5, 4, 3), rng.normal(size=(6, 2)), relu
    yield network(rng, 4, 3, 3, 3, 1), rng.normal(size=(1, 4)), tanh
    yield network(rng, 3, 3), rng.normal(size=(4, 3)), tanh


examine(mlp_forward, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · Steps in an epoch
#
# Training cuts the examples into batches and takes one **step** for each batch. An **epoch** is over when
# every example has been used once. If the examples do not divide evenly, the last batch is smaller, and
# it counts as a step like any other. Some programs leave it out instead.
#
# Write `steps_per_epoch(n, batch_size, drop_last=False)` for `n` examples. It returns an `int`. With
# `drop_last=True` an incomplete batch is left out, even if that leaves no step at all. Raise a
# `ValueError` if `n` or `batch_size` is below 1.

# %% solution="steps_per_epoch"
from coursekit.functions.counting import steps_per_epoch

# %% test="steps_per_epoch" points=2
check(steps_per_epoch)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 11, 4
    yield 8, 4
    yield 11, 4, True
    yield 8, 4, True
    yield 0, 4
    yield 3, 5
    yield 3, 5, True
    yield 4, 0
    yield 60_000, 128
    for _ in range(8):
        yield int(rng.integers(1, 5000)), int(rng.integers(1, 300)), bool(rng.integers(2))


examine(steps_per_epoch, cases, public=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Training, in the right order
#
# Somebody has written the six parts of a training program for you, as functions:
#
# | part | what it does |
# |---|---|
# | `w = seed_weights()` | draws the first weights at random |
# | `X, y = fetch_batch()` | brings the next batch: a different one each time it is called |
# | `y_hat = forward(w, X)` | the forward pass |
# | `loss, dy_hat = cost(y_hat, y)` | how wrong the predictions are, and in which direction |
# | `dw = backward(w, X, dy_hat)` | the backward pass: how the loss depends on each weight |
# | `w = update(w, dw)` | **returns** new weights that are a little better; the old ones stay as they are |
#
# You need not know how they work; that is what weeks 2 to 6 are about. What you need is the order. Look
# at what each part takes and at what it returns.
#
# Write `train_steps(steps, seed_weights, fetch_batch, forward, cost, backward, update)`. It takes `steps`
# training steps (at least 1), each on a batch of its own, calling each part once a step, except for
# the one that belongs before all steps. It returns the pair `(w, losses)`: the final weights, and a list of
# the `steps` losses, in the order in which they came.
#
# The test cell shows a small set of parts, in which each part also notes its letter when it is called:
# a cost, b forward pass, c update weights, d randomly seed weights, e backward pass, f fetch a batch.

# %% solution="train_steps"
def train_steps(steps, seed_weights, fetch_batch, forward, cost, backward, update):
    """Take `steps` training steps with the six given parts, in the right order.

    Returns the pair (w, losses): the weights after the last step, and the list of the losses.
    """
    ### BEGIN SOLUTION
    w = seed_weights()
    losses = []
    for _ in range(steps):
        X, y = fetch_batch()
        y_hat = forward(w, X)
        loss, dy_hat = cost(y_hat, y)
        dw = backward(w, X, dy_hat)
        w = update(w, dw)
        losses.append(loss)
    return w, losses
    ### END SOLUTION

# %% test="train_steps" points=4
def run(train_steps, steps, examples, targets, lr):
    """Train y_hat = X @ w, two examples a batch, and note which part is called when."""
    calls = []

    def seed_weights():
        calls.append("d")
        return np.ones(examples.shape[1])

    def fetch_batch():
        calls.append("f")
        first = 2 * (calls.count("f") - 1) % len(examples)
        return examples[first:first + 2], targets[first:first + 2]

    def forward(w, X):
        calls.append("b")
        return X @ w

    def cost(y_hat, y):
        calls.append("a")
        return float(np.mean((y_hat - y) ** 2) / 2), (y_hat - y) / len(y)

    def backward(w, X, dy_hat):
        calls.append("e")
        return X.T @ dy_hat

    def update(w, dw):
        calls.append("c")
        return w - lr * dw

    w, losses = train_steps(steps, seed_weights, fetch_batch, forward, cost, backward, update)
    order = "".join(calls)
    if order.startswith("fd"):  # these two do not wait for each other: either may be first
        order = "df" + order[2:]
    return {"order": order, "w": w, "losses": losses}


check(train_steps, through=run)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 1, np.array([[1.0], [2.0]]), np.array([3.0, 6.0]), 0.5
    yield 3, np.array([[1.0], [2.0], [1.0], [3.0]]), np.array([3.0, 6.0, 2.0, 9.0]), 0.25
    yield 2, rng.normal(size=(6, 2)), rng.normal(size=6), 0.1
    yield 5, rng.normal(size=(8, 3)), rng.normal(size=8), 0.2


examine(train_steps, cases, public=2, through=run)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · In your own words
#
# A colleague recognises digits with one dense layer, `[784, 10]`, which has 7,850 parameters. "It is too
# weak", she says, "so I put a hidden layer of 30 units in between, without an activation. Now I have
# 23,860 parameters, and three times as many parameters can represent more."
#
# 1. What do you answer? Give the reason, not only the verdict.
# 2. With 5 hidden units instead of 30, and still without an activation, the network has fewer
#    parameters than the single layer. Can it represent everything that the single layer can? Why, or why not?
# 3. What would you change so that the hidden layer earns its keep?
#
# Five or six sentences are enough. This answer is read and marked by a person.

# %% [markdown] answer="linear-hidden-layer" points=4
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# 1. Two affine layers with nothing between them are one affine layer: W = W1 W2 and b = b1 W2 + b2.
#    So every function that the larger network computes, a single layer computes as well. The additional
#    parameters describe the same functions in more than one way; they add none.
# 2. No. W = W1 W2 goes through 5 numbers, so all its columns are combinations of the 5 columns of W1
#    (its rank is at most 5). A single layer from 784 to 10 may have rank 10. The narrow network
#    represents fewer functions. (That can be wanted, to save parameters, but it is a restriction.)
# 3. Put a non-linear activation, such as ReLU or tanh, after the hidden layer.
#
# Rubric, 4 points:
# - 1 point: says that the two layers collapse into one affine layer (or that the same functions result).
# - 1 point: gives the reason, by multiplying out or by "a composition of affine maps is affine".
# - 1 point: the bottleneck: everything must pass through 5 numbers, so not every 784 x 10 layer can be reached.
# - 1 point: a non-linearity after the hidden layer. More units or more layers alone earn nothing.
# ### END SOLUTION

# %% [markdown]
# ## 10 · Quiz
#
# Type each answer in its cell and run the cell below it, which tells you whether the *form* of the answer
# is right. Whether the answer is right you learn with your marks, so use your functions to make sure.
#
# One question below has numbers of its own for each student. So say who you are first: the id under which you
# hand in.

# %%
student_id = "..."

# %% quiz="q_mnist"
# %% quiz="q_inputs"
# %% quiz="q_outputs"
# %% quiz="q_total"
# %% quiz="q_wider"
# %% quiz="q_classes"
# %% quiz="q_own"
# %% quiz="q_order"
# %% quiz="q_input_layer"
# %% quiz="q_inference"
# %% quiz="q_initialisers"
# %% quiz="q_random_start"
# %% quiz="q_activation"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
