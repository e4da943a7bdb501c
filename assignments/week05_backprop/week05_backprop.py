# %% [markdown]
# # Week 5 · Losses and backpropagation
#
# In the lecture you pushed gradients backwards by hand. Here you write everything that a network needs
# in order to learn: two losses, the gradients of its building blocks, a whole network backwards, a layer
# that remembers, and a first run of gradient descent.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then run
# the cell below it. `check` tells you at once what came out for a few small inputs and what was expected.
# `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what is left. The
# marks come from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: if one resists, go on with the next. Reckon with 100
# minutes. Three rules hold everywhere:
#
# - *Shapes* are those of the course: rows are examples, `X` is `(n, d)`, `W` is `(d_in, d_out)`, and a
#   gradient has the shape of the thing it belongs to.
# - *Arguments stay as they are.* A function that needs to change an array changes a copy, unless the
#   exercise says otherwise.
# - *The mean over the batch belongs to the loss.* It is taken once, there, and nowhere else.

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %% [markdown]
# ## 1 · Cross-entropy
#
# A classifier gave each example a probability for each class, `p` of shape `(n, k)`. What really happened
# is in `y`, one integer class for each example. Write the loss
#
# $$\ell = \frac{1}{n} \sum_{i=1}^{n} -\log p_{i,\,y_i}$$
#
# with the natural logarithm.
#
# - `p` holds floats greater than 0; some are as small as `1e-200`, and their logarithm is wanted as it is.
# - The result is one number.
# - Classes run from 0 to k - 1. For any other class in `y` raise a `ValueError` (what would NumPy do with `p[0, -1]`?).

# %% solution="cross_entropy"
from coursekit.functions.losses import cross_entropy

# %% test="cross_entropy" points=2
check(cross_entropy)
### BEGIN HIDDEN TESTS
def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

def cases(rng):
    yield np.array([[0.25, 0.75]]), np.array([0])
    yield np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]), np.array([2, 0])
    yield np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([1, -1])
    yield np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([0, 2])
    yield np.array([[1e-200, 1.0], [0.5, 0.5]]), np.array([0, 1])
    yield softmax(rng.normal(size=(4, 4))), rng.permutation(4)
    yield softmax(3 * rng.normal(size=(40, 5))), rng.integers(5, size=40)

examine(cross_entropy, cases, public=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · A gradient by measuring
#
# You can measure the slope of any function without knowing its formula: go a step `h` to the right, a step `h`
# to the left, and divide the difference by the distance. `f` is a function that takes an array and gives a
# number. Measure its slope for each entry of `x`, with all the other entries where they were:
#
# $$g_i = \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}$$
#
# ($e_i$ is 1 at place $i$ and 0 elsewhere).
#
# - `x` may have any shape; the result is a float64 array of the same shape.
# - `x` may hold integers; your steps have to be small all the same.
# - `x` is the same after the call as it was before.

# %% solution="numerical_gradient"
from coursekit.functions.gradients import numerical_gradient

# %% test="numerical_gradient" points=3
check(numerical_gradient)
### BEGIN HIDDEN TESTS
from coursekit.plain import Formula

def cases(rng):
    cube = Formula("lambda x: (x**3).sum()")
    together = Formula("lambda x: np.exp(x.sum() / 4) + x.sum()**3")
    product = Formula("lambda x: np.prod(x + 3)")
    yield cube, np.array([2.0]), 0.1
    yield together, np.array([0.5, 1.0]), 0.1
    yield product, np.array([[1, 2], [3, 4]]), 0.01
    yield product, np.array(1.5)
    yield together, rng.uniform(0.1, 1, size=(2, 3)), 0.01
    yield product, rng.uniform(0, 1, size=(2, 1, 2))
    yield cube, rng.integers(1, 9, size=5), 0.001

# A difference of nearly equal numbers keeps fewer digits: about 1e-16 |f| / h is rounding.
examine(numerical_gradient, cases, public=3, rtol=1e-7)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · The dense layer, backwards
#
# Forwards, a dense layer computes `Y = X @ W + b`. Somebody upstream tells you `dY`, the gradient of the loss with
# respect to `Y`. Give back the gradients with respect to the three things that `Y` was made of: `dX`, `dW`, `db`.
#
# - Shapes: `dY` is `(n, d_out)`, `X` is `(n, d_in)`, `W` is `(d_in, d_out)`. The answer is a tuple of three
#   arrays, of shapes `(n, d_in)`, `(d_in, d_out)` and `(d_out,)`.
# - One point for each of the three.

# %% solution="dense_backward"
from coursekit.functions.dense import dense_backward

# %% test="dense_backward" points=3
check(dense_backward)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]]), np.array([[7.0]])
    yield rng.normal(size=(3, 2)), rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    yield rng.normal(size=(1, 3)), rng.normal(size=(1, 2)), rng.normal(size=(2, 3))
    yield rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    yield rng.normal(size=(20, 2)), rng.normal(size=(20, 6)), rng.normal(size=(6, 2))

examine(dense_backward, cases, public=2, parts=("dX", "dW", "db"), points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · ReLU, backwards
#
# Forwards, `a = max(z, 0)`, entry by entry. `dY` is the gradient of the loss with respect to `a`. Give the
# gradient with respect to `z`.
#
# - `dY` and `z` have the same shape, any shape; the answer has it too.
# - At `z = 0` there is a kink, where any slope from 0 to 1 would do. This course takes 0.

# %% solution="relu_backward"
from coursekit.functions.backprop import relu_backward

# %% test="relu_backward" points=2
check(relu_backward)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([-5.0, -5.0, 5.0]), np.array([-1.0, 2.0, 3.0])
    yield np.array([[2.0, -3.0], [4.0, 5.0]]), np.array([[0.0, 1.5], [-2.0, 0.5]])
    yield rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    yield rng.normal(size=(2, 3, 2)), rng.integers(-1, 2, size=(2, 3, 2)).astype(float)

examine(relu_backward, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Softmax and cross-entropy in one piece
#
# The last affine layer gives **logits**: one number for each class, of any size. Softmax makes probabilities of
# them, cross-entropy makes a loss of those. Taken together they are simpler than apart, and safer:
#
# $$\ell = \frac{1}{n}\sum_i -\log \mathrm{softmax}(z_i)_{y_i}
# \qquad d\mathrm{logits} = \frac{1}{n}\,(\mathrm{softmax}(z) - \mathrm{onehot}(y))$$
#
# - `logits` is `(n, k)`, `y` is `(n,)` with classes from 0 to k - 1. Return the tuple `(loss, dlogits)`.
# - Logits of 1000, of -1000, and of both in one batch give finite answers, without a warning from NumPy.
#   (You may move all logits of a row by the same number. Which one?)
# - Two points for the loss, two for the gradient.

# %% solution="softmax_cross_entropy"
from coursekit.functions.losses import softmax_cross_entropy

# %% test="softmax_cross_entropy" points=4
check(softmax_cross_entropy)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield np.array([[0.0, 0.0]]), np.array([1])
    yield np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]), np.array([2, 0])
    yield np.array([[1000.0, 0.0], [0.0, -1000.0]]), np.array([1, 0])
    yield np.array([[1000.0, 999.0], [-1000.0, -999.0]]), np.array([0, 0])
    yield rng.normal(size=(3, 3)), rng.permutation(3)
    yield 5 * rng.normal(size=(30, 4)), rng.integers(4, size=30)
    yield 400 * rng.normal(size=(6, 5)), rng.integers(5, size=6)

examine(softmax_cross_entropy, cases, public=4, parts=("loss", "dlogits"), points=4, silent=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · A whole network, backwards
#
# Now put the pieces in a row. A network is a list `params` of pairs `(W, b)`. After each layer but the last
# comes a ReLU; the last layer's outputs are the logits of a softmax cross-entropy. Return the loss and
# a list of pairs `(dW, db)`, in the order of `params`.
#
# - Start with two layers: `X → dense → ReLU → dense → loss`. Then make a loop of it: the list may have one
#   pair (no ReLU at all), two, three or more.
# - `X` is `(n, d)`, `y` is `(n,)`. Logits are of ordinary size here, though a stable softmax does no harm.
# - Write it out in NumPy. You may copy lines from your own solutions above; a call of one of them
#   works too, but then its mistakes come along.
# - One point in five is for the loss, the rest for the gradients.

# %% solution="mlp_gradients"
from coursekit.functions.backprop import mlp_gradients

# %% test="mlp_gradients" points=5
check(mlp_gradients)
### BEGIN HIDDEN TESTS
def network(rng, n, *sizes):
    params = [(rng.normal(size=(i, o)), rng.normal(size=o)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
    return params, rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n)

def cases(rng):
    yield [(np.array([[1.0, 2.0]]), np.array([0.0, 1.0]))], np.array([[1.0], [2.0]]), np.array([0, 1])
    yield network(rng, 3, 2, 3, 2)
    yield network(rng, 8, 4, 3)
    yield network(rng, 12, 3, 6, 4)
    yield network(rng, 10, 5, 5, 5, 5)
    yield network(rng, 16, 2, 7, 6, 5, 3)

examine(mlp_gradients, cases, public=2, parts={"loss": 1, "grads": 4}, points=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · A layer that remembers
#
# `dense_backward` had to be handed `X` once more, though the way forwards had just seen it. Libraries let the
# layer remember. Write the class:
#
# - `DenseLayer(W, b)` keeps the two arrays as `self.W` and `self.b`.
# - `forward(X)` returns `X @ W + b` and remembers `X`.
# - `backward(dY)` returns `dX`, and leaves the gradients of the last call in `self.dW` and `self.db`. It
#   belongs to the latest `forward`.
#
# The same layer is used for many batches, of different sizes, and a network has many layers.

# %% solution="DenseLayer"
class DenseLayer:
    """Y = X W + b, and the gradients of it.

    >>> layer = DenseLayer(np.array([[2.0]]), np.array([1.0]))
    >>> layer.forward(np.array([[3.0]]))
    array([[7.]])
    >>> layer.backward(np.array([[10.0]])), layer.dW, layer.db
    (array([[20.]]), array([[30.]]), array([10.]))
    """

    def __init__(self, W, b):
        ### BEGIN SOLUTION
        self.W = W
        self.b = b
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        self.X = X
        return X @ self.W + self.b
        ### END SOLUTION

    def backward(self, dY):
        ### BEGIN SOLUTION
        self.dW = self.X.T @ dY
        self.db = dY.sum(axis=0)
        return dY @ self.W.T
        ### END SOLUTION

# %% test="DenseLayer" points=3
def two_layers(Layer, params, batches):
    """Send each batch forwards through two layers, then its gradient back, and note all that comes out."""
    first, second = [Layer(W, b) for W, b in params]
    seen = []
    for X, dY in batches:
        Y = second.forward(first.forward(X))
        dX = first.backward(second.backward(dY))
        seen.append({"Y": Y, "dX": dX,
                     "first dW": np.array(first.dW), "first db": np.array(first.db),
                     "second dW": np.array(second.dW), "second db": np.array(second.db)})
    return seen

check(DenseLayer, through=two_layers)
### BEGIN HIDDEN TESTS
def cases(rng):
    def layers(*sizes):
        return [(rng.normal(size=(i, o)), rng.normal(size=o)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]

    def batches(d_in, d_out, *counts):
        return [(rng.normal(size=(n, d_in)), rng.normal(size=(n, d_out))) for n in counts]

    one = [(np.array([[2.0]]), np.array([1.0])), (np.array([[-1.0]]), np.array([0.5]))]
    yield one, [(np.array([[3.0]]), np.array([[10.0]]))]
    yield layers(2, 3, 2), batches(2, 2, 2, 3)
    yield layers(3, 3, 3), batches(3, 3, 3, 3)
    yield layers(4, 2, 5), batches(4, 5, 1, 6, 2)

examine(DenseLayer, cases, public=2, through=two_layers)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Clipping a gradient that explodes
#
# In deep and in recurrent networks a gradient can become enormous from one step to the next. The usual first
# aid: lay all gradients of the network end to end, as one long vector. If its Euclidean length is more than
# `max_norm`, shorten it to `max_norm` and keep its direction.
#
# - `grads` is a list of float arrays of any shapes. Return a list of new arrays of the same shapes.
# - A vector that is short enough comes back unchanged, zeros included.
# - Gradients that have exploded are what this is for: float32 entries up to `1e30` must be clipped well. (The
#   largest float32 is about `3e38`. What is the square of `1e30`?)
# - If `max_norm` is not positive, raise a `ValueError`.

# %% solution="clip_by_norm"
from coursekit.functions.gradients import clip_by_norm

# %% test="clip_by_norm" points=3
check(clip_by_norm)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield [np.array([3.0]), np.array([[4.0]])], 2.5
    yield [np.array([0.5, -0.25]), np.zeros(2)], 2.0
    yield [np.full((2, 2), 1e30, np.float32), np.array([2.0], np.float32)], 1.0
    yield [np.array([1.0])], 0.0
    yield [np.zeros(3)], 1.0
    yield [rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=(2, 4))], 1.5
    yield [rng.normal(size=(3, 2)).astype(np.float32), 20 * rng.normal(size=2).astype(np.float32)], 3
    yield [rng.normal(size=(3, 2))], 100.0
    yield [rng.normal(size=2)], -1.0

examine(clip_by_norm, cases, public=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · Walk downhill
#
# With a loss and its gradients a network can learn. Repeat `steps` times: ask for loss and gradients at the present
# parameters, note the loss, and move every parameter a little against its gradient, `W ← W - lr · dW`.
#
# - `params` is a list of float arrays. **This exercise wants them changed in place**: after the call the
#   arrays that came in hold the trained values. No new arrays take their place.
# - `loss_and_gradients(params)` gives a pair: the loss, and a list with one gradient for each array. It is
#   called once a step.
# - Return the list of the `steps` losses, each measured *before* its step.

# %% solution="descend"
def descend(params, loss_and_gradients, lr, steps):
    """Plain gradient descent: value = value - lr * gradient, `steps` times, in place.

    >>> W = np.array([4.0])
    >>> descend([W], lambda params: (params[0][0] ** 2, [2 * params[0]]), lr=0.25, steps=2)
    [16.0, 4.0]
    >>> W
    array([1.])
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(steps):
        loss, gradients = loss_and_gradients(params)
        losses.append(float(loss))
        for value, gradient in zip(params, gradients, strict=True):
            value -= lr * gradient
    return losses
    ### END SOLUTION

# %% test="descend" points=3
def trained(descend, params, loss_and_gradients, lr, steps):
    """The losses, and what the arrays that came in hold after the call."""
    arrays = list(params)
    losses = descend(params, loss_and_gradients, lr, steps)
    return {"losses": losses, "arrays": arrays}

check(descend, through=trained)
### BEGIN HIDDEN TESTS
from coursekit.plain import Formula

def cases(rng):
    bowl = Formula("lambda params: (((params[0] - 3) ** 2).sum(), [2 * (params[0] - 3)])")
    # w0 and w1 multiply each other, so that it matters when each of them moves
    saddle = Formula("lambda params: ((params[0] * (params[0] + params[1])).sum(),"
                     " [2 * params[0] + params[1], 1 * params[0]])")
    yield [np.array([4.0])], bowl, 0.25, 2
    yield [np.array([1.0, -2.0]), np.array([0.5, 3.0])], saddle, 0.125, 3
    yield [rng.normal(size=(2, 3))], bowl, 0.1, 0
    yield [rng.normal(size=4)], bowl, 0.3, 1
    yield [rng.normal(size=(2, 3)), rng.normal(size=(2, 3))], saddle, 0.05, 12

examine(descend, cases, public=2, through=trained, changes=("params",))
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · Sure, and wrong
#
# A network for yes-or-no questions ends in one logistic unit, `p = sigmoid(f)`. For one example the truth is
# `y = 1`, but the network is sure of the opposite: `f = -10`. Somebody trains it with the squared error
# `(p - y)² / 2`, somebody else with the cross-entropy `-log p`.
#
# In five to ten sentences: how large is the gradient with respect to `f` in each case (a number each), where
# does the difference come from in the chain of local derivatives, and what does it mean for how the two networks
# learn from this example? A few lines of code that back your numbers are welcome in a cell of your own. This
# answer is read and marked by a person.

# %% [markdown] answer="sure-and-wrong" points=4
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# Write p = sigmoid(-10), about 0.0000454. With the squared error the chain is
# dloss/dp = p - y, about -1, times dp/df = p (1 - p), about 0.0000454: the gradient is about -0.0000454.
# With the cross-entropy it is dloss/dp = -1/p, about -22000, times the same p (1 - p), which gives
# p - y, about -0.99995. The logistic unit is saturated in both cases: its slope is nearly zero.
# The cross-entropy's own slope, -1/p, is exactly as large as the unit's slope is small, and they cancel;
# the squared error's slope is never more than 1 and cannot make up for it. So under the squared error the
# network hardly moves on the example that it gets most wrong, and stays stuck; under the cross-entropy the
# example pulls with nearly full strength, and the more wrong the answer is, the stronger (up to 1).
#
# Rubric: 1 point for both numbers right to one digit; 1 point for the slope p (1 - p) named as the cause;
# 1 point for -1/p cancelling it (p - y); 1 point for the consequence in training.
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

# %% quiz="q_match"

# %% quiz="q_bce_gradient"

# %% quiz="q_labels"

# %% quiz="q_softmax_gradient"

# %% quiz="q_fork"

# %% quiz="q_max"

# %% quiz="q_sigmoid_slope"

# %% quiz="q_evaluations"

# %% quiz="q_order"

# %% quiz="q_true"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
