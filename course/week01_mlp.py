# %% [markdown]
# # Week 1 · Multilayer perceptrons and counting their parameters
#
# A neural network is a short formula with many numbers in it. This week you meet the formula and
# learn to count the numbers.
#
# **After this lecture you can**
#
# - say what a neuron computes, and draw the line along which it changes its mind;
# - write a layer of neurons as one matrix product, and stack layers into a network;
# - show why a network without non-linearities is no deeper than a single layer;
# - count the parameters of a network, and say what they cost in memory;
# - put the steps of training in their order, and count the steps in an epoch.
#
# You need Python, NumPy's arrays, and school mathematics. Before you run a cell, **predict** what it
# will print. A wrong prediction is where learning happens, and nobody is watching.

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, IntSlider, interact

from coursekit import plotting
from coursekit.datasets import digits
from coursekit.desk import Choice, Number, WrongAnswer, ask

# %% [markdown]
# ## 1 · A neuron draws a line
#
# A **neuron** makes one number of several, in two steps. First comes a weighted sum: each input $x_i$ is
# multiplied by its **weight** $w_i$, and a **bias** $b$ is added,
#
# $$z = x_1 w_1 + x_2 w_2 + \dots + b .$$
#
# Such a map is called **affine**: it is linear but for the constant. Then an **activation function** $g$
# bends the result, $a = g(z)$. Here is a neuron with two inputs. (`@` multiplies number by number and adds
# up.) What will $z$ be?

# %%
w, b = np.array([1.0, 2.0]), -2.0
x = np.array([3.0, 1.0])
z = x @ w + b
print(z)

# %% [markdown]
# $3 \cdot 1 + 1 \cdot 2 - 2 = 3$. As activation we take **ReLU**, the *rectified linear unit*: it lets
# positive numbers pass and turns all others into 0. Next week is about its relatives.

# %%
def relu(z):
    return np.maximum(z, 0)


print(relu(z), relu(-z))

# %% [markdown]
# So this neuron answers 3 to the input $(3, 1)$: it is *active*. Where $z$ is not positive it is silent and
# answers 0. The border between the two lies where $z = 0$. Do these three points lie on it?

# %%
border = np.array([[2.0, 0.0], [0.0, 1.0], [4.0, -1.0]])
print(border @ w + b)

# %% [markdown]
# They do, and they lie on a straight line. One neuron cuts the plane in two with a line; with three
# inputs it cuts space with a plane, and with 784 inputs a space of 784 dimensions with a **hyperplane**.
# The weights say which way the cut faces: a step along $w$ raises $z$ by $w \cdot w$, and no other step
# of that length raises it more.

# %%
print((x + w) @ w + b - z, w @ w)

# %%
x1, x2 = np.meshgrid(np.linspace(-2, 5, 141), np.linspace(-2, 3, 101))
height = x1 * w[0] + x2 * w[1] + b
ax = plotting.axes(xlabel="$x_1$", ylabel="$x_2$")
ax.contourf(x1, x2, height > 0, levels=[0.5, 1.5], colors=[plotting.SKY], alpha=0.3)
lines = ax.contour(x1, x2, height, levels=[-4, -2, 2, 4, 6], colors="0.6", linewidths=1, linestyles="-")
ax.clabel(lines, fmt="z = %d", manual=[(-1, -0.5), (-1, 0.5), (-1, 2.5), (1, 2.5), (3, 2.5)])
ax.clabel(ax.contour(x1, x2, height, levels=[0], colors=plotting.BLUE), fmt="z = %d", manual=[(-1, 1.5)])
ax.plot(*border.T, "o", color=plotting.BLACK)
ax.annotate("", xy=np.array([2, 0]) + w / 2, xytext=(2, 0),
            arrowprops={"arrowstyle": "->", "color": plotting.VERMILION, "linewidth": 2})
ax.text(2.6, 0.65, "w", color=plotting.VERMILION)
ax.text(4.2, 2.6, "active")
ax.text(-1.8, -1.7, "silent")
ax.set_aspect("equal")
plotting.describe(
    ax,
    "Where is this neuron active? On one side of a straight line, and more so the further from it.",
    alt="The plane of the two inputs. A straight line z = 0 falls from upper left to lower right through the three "
    "points on the border; above it the area is shaded and marked active, below it is marked silent. Lines of equal "
    "z run parallel to it, and an arrow w stands at a right angle to it.",
)

# %% [markdown]
# Now be the neuron yourself. Let $w$ have length 1 and point at some angle. Which number turns the line, the angle or
# $b$, and which one pushes it? If this notebook is live, drag the sliders until all triangles lie on the active
# side and all squares on the silent one.

# %%
group = np.array([[3.0, 1.2], [2.3, 1.6], [3.6, 0.4], [2.0, 2.4], [4.2, 1.1], [3.1, 2.1],
                  [0.2, 0.4], [1.1, -0.6], [-0.8, 0.9], [0.7, 1.0], [-0.3, -0.9], [1.6, -0.2]])
wanted = np.arange(12) < 6


def draw_neuron(angle, b, ax=None):
    w = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    right = np.sum((group @ w + b > 0) == wanted)
    ax = plotting.axes(ax, "$x_1$", "$x_2$", f"angle {angle}°, b = {b:g}: {right} of 12 right")
    ax.contourf(x1, x2, x1 * w[0] + x2 * w[1] + b > 0, levels=[0.5, 1.5], colors=[plotting.SKY], alpha=0.3)
    ax.plot(*group[wanted].T, "^", *group[~wanted].T, "s", markersize=5)
    ax.set(aspect="equal", xlim=(-2, 5), ylim=(-2, 3))
    return right


def try_neuron(angle, b):
    ax = plotting.axes()
    right = draw_neuron(angle, b, ax)
    plotting.describe(ax, f"The angle of w turns the line, b pushes it: {right} of 12 points are on the right side.",
                      alt=f"Six triangles at the upper right, six squares at the lower left. With w at {angle} degrees "
                      f"and b = {b:g} the shaded, active side has {right} of the 12 points where they belong.")


sliders = interact(try_neuron, angle=IntSlider(144, 0, 180, 9), b=FloatSlider(value=-2, min=-4, max=1, step=0.5))

# %%
figure, panels = plt.subplots(1, 3, figsize=(9, 2.7), sharey=True)
for ax, (angle, b) in zip(panels, [(144, -2), (45, 0), (45, -2)], strict=True):
    draw_neuron(angle, b, ax)
    ax.set_ylabel("$x_2$" if ax is panels[0] else "")
plotting.describe(
    figure,
    "The same without sliders. From left to right: the angle turns the line, then b pushes it between the groups.",
    alt="Three panels with six triangles at the upper right and six squares at the lower left. With w at 144 degrees "
    "and b = -2 the active side is a corner at the upper left, and 6 of 12 points are right. At 45 degrees and b = 0 "
    "the line runs through the squares, and 7 are right. At 45 degrees and b = -2 it passes between the groups: all "
    "12 are right.",
)

# %% [markdown]
# You were given an answer for each point and moved the numbers until the neuron agreed. That is training, and
# section 10 lets the computer do it.
#
# **Self-check.** Where is the neuron with $w = (0, 1)$ and $b = -3$ active: **a** above the line $x_2 = 3$,
# **b** below it, or **c** to the right of the line $x_1 = 3$? Put a letter, in quotes, in place of the dots; then run
# this cell and the folded one below it, which answers.

# %%
side = ...

# %% tags=["hide-input"]
ask("side", Choice("a", options="abc", wrong=(
    WrongAnswer("b", "Put the point (0, 0) in: is z positive there?"),
    WrongAnswer("c", "Which of the two inputs has the weight 0?"),
)))

# %% [markdown]
# ## 2 · A layer is many neurons and one product
#
# Let several neurons look at the same inputs, each with weights and a bias of its own: that is a
# **layer**, and its neurons are its **units**. The weights of unit $j$ form *column* $j$ of an array `W`.
# Here are 2 inputs and 3 units:

# %%
W = np.array([[1.0, -1.0, 0.5],
              [2.0, 1.0, 0.0]])
b = np.array([-2.0, 0.0, 1.0])

# %% [markdown]
# Nor do we have one example only. Throughout the course `X` holds one example in each *row*. First the
# slow way: for each example, for each unit, the weighted sum.

# %%
X = np.array([[3.0, 1.0], [0.0, 0.0], [-1.0, 2.0], [1.0, 1.0]])
slow = np.zeros((4, 3))
for i in range(4):
    for j in range(3):
        slow[i, j] = X[i, 0] * W[0, j] + X[i, 1] * W[1, j] + b[j]
print(slow)

# %% [markdown]
# Four examples, three units, twelve numbers. In the corner stands the 3 of section 1, for unit 0 is the
# neuron that you know. Now look at the innermost line: "row of `X` times column of `W`, summed" is the
# definition of the matrix product. Two loops shrink to one symbol:

# %%
Z = X @ W + b
print(np.array_equal(Z, slow), X.shape, W.shape, b.shape, Z.shape)

# %% [markdown]
# Equal. This line is the layer of the next eight weeks:
#
# $$Z = XW + b, \qquad X: (n, d_{in}),\quad W: (d_{in}, d_{out}),\quad b: (d_{out},),\quad Z: (n, d_{out}).$$
#
# The inner sizes of $XW$ must agree, and vanish; $b$ is added to every row.

# %% [markdown]
# ## 3 · Stacked neurons draw richer borders
#
# One task that a single neuron cannot do is *exclusive or*: be active if exactly one of two inputs is 1. Take
# any weights you like, and add up $z$ over opposite corners of the square:

# %%
corners = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
z = corners @ np.array([0.7, -1.9]) + 0.4
print(round(z[0] + z[1], 12), round(z[2] + z[3], 12))

# %% [markdown]
# Whatever the weights, the two sums are equal, since both are $w_1 + w_2 + 2b$. To do the task the second
# would have to be positive and the first not. So no line will do. But let *two* neurons look at the
# inputs, and a third one at these two:

# %%
W1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
W2, b2 = np.array([[1.0], [-2.0]]), np.array([0.0])
hidden = relu(corners @ W1 + b1)
print(hidden @ W2 + b2)

# %% [markdown]
# 0, 0, 1, 1: solved. The first hidden unit counts the ones, the second notices when there are two of them,
# and the output subtracts the second from the first, twice.
#
# Now a cloud of points inside a ring. Each of three hidden units watches one line and is active *outside*
# it; the output adds up these complaints. What shape will the fence have?

# %%
rng = np.random.default_rng(1)
turn = 2 * np.pi * np.arange(120) / 120
cloud = rng.normal(0, 0.3, (60, 2))
ring = rng.normal(2.4, 0.15, (120, 1)) * np.column_stack([np.cos(turn), np.sin(turn)])
points, inside = np.vstack([cloud, ring]), np.repeat([1, 0], [60, 120])
angles = np.pi * np.array([1 / 2, 7 / 6, 11 / 6])
fence_W, fence_b = np.array([np.cos(angles), np.sin(angles)]), -np.ones(3)


def one_line(X):
    return (X[:, 1] < 1.0).astype(int)


def fence(X):
    complaints = relu(X @ fence_W + fence_b).sum(axis=1)
    return (complaints < 0.1).astype(int)


print(np.mean(one_line(points) == inside), np.mean(fence(points) == inside))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6), sharey=True)
for ax, predict, title in [(left, one_line, "one neuron"), (right, fence, "three hidden neurons")]:
    plotting.decision_regions(predict, points, inside, ax=ax, title=title)
    ax.set_aspect("equal")
left.get_legend().remove()
right.set_ylabel("")
plotting.describe(
    figure,
    "Can lines fence a cloud? One cannot; three, added up by a further neuron, can.",
    alt="Two panels show the same cloud of points inside a ring of other points. On the left a horizontal line cuts "
    "through the ring. On the right a triangular region encloses the cloud and leaves the whole ring outside.",
)

# %% [markdown]
# The share of points on the right side rose to 1. More hidden units make fences with more corners, and further
# layers combine fences. In fact one hidden layer, if it is wide enough, comes as close as you like to any
# continuous function on a closed, bounded region (Cybenko 1989; for ReLU, Leshno et al. 1993). That promises that
# suitable weights *exist*, not that training finds them.

# %% [markdown]
# ## 4 · Without a bend, two layers are one
#
# What if we leave ReLU out? Send `X` through two affine layers with nothing between them, and multiply out:
#
# $$(XW_1 + b_1)W_2 + b_2 \;=\; X\,(W_1 W_2) \;+\; \text{something without } X .$$
#
# That is *one* layer, with the weights $W_1W_2$. Its bias we can simply measure: it is what comes out when
# all inputs are zero. (Its formula waits for you in the assignment.)

# %%
W1, b1 = rng.normal(size=(2, 5)), rng.normal(size=5)
W2, b2 = rng.normal(size=(5, 3)), rng.normal(size=3)


def two_layers(X):
    return (X @ W1 + b1) @ W2 + b2


W = W1 @ W2
b = two_layers(np.zeros((1, 2)))[0]
print(np.abs(two_layers(X) - (X @ W + b)).max() < 1e-12)

# %% [markdown]
# Equal, up to rounding: five hidden units, and nothing gained. Now with the bend. How close does the best
# affine layer come? Least squares finds it (a column of ones stands for the bias):

# %%
many = rng.normal(size=(1000, 2))
with_relu = relu(many @ W1 + b1) @ W2 + b2
with_ones = np.column_stack([many, np.ones(1000)])
best = np.linalg.lstsq(with_ones, with_relu, rcond=None)[0]
print(np.abs(with_relu - with_ones @ best).max().round(2))

# %% [markdown]
# A large difference stays. **That is what activation functions are for: they make the network non-linear.**
# Without them, depth is an illusion.

# %% [markdown]
# ## 5 · The words
#
# - A **multilayer perceptron (MLP)**, or **feed-forward network**, is a chain of layers: information flows
#   from the inputs to the outputs and never back.
# - A layer whose units all see every input is **dense**. *Fully connected*, *affine* and *linear* layer
#   mean the same; strictly, "linear" would have no bias.
# - The **input layer** is a name for the numbers that come in. It has no weights and computes nothing: it
#   is *no affine layer*.
# - The last layer gives the **outputs**, for instance one for each class. In between are **hidden layers**.
# - **Depth** counts the layers with weights; **width** is the number of units in a layer.
# - **Parameters** are all the numbers that training adjusts: weights and biases.
# - An **activation function** bends $z$ in every forward pass: ReLU, and next week its relatives tanh, the logistic
#   function and softmax. An **initialisation function** is another thing: it draws the first weights, once (week 3).
#
# We write a network as the list of its widths. `[784, 32, 10]`, of depth 2, fits **MNIST**, the classic
# images of machine learning: 70,000 handwritten digits of 28 x 28 pixels, 60,000 for training and 10,000
# for testing.

# %% [markdown]
# ## 6 · Counting one layer
#
# How many parameters has the hidden layer of `[784, 32, 10]`? Predict; then we build it and look.

# %%
W, b = np.zeros((784, 32)), np.zeros(32)
print(W.size, b.size, W.size + b.size)

# %% [markdown]
# 25,088 weights, one for each pair of an input and a unit, and 32 biases, one for each unit: 25,120. Keep the
# rule, and you need not build it again:
#
# $$\text{parameters} = \underbrace{d_{in}\, d_{out}}_{\text{weights}} + \underbrace{d_{out}}_{\text{biases}}$$
#
# Two mistakes are common: to forget the biases, and to give one to each *input*. The formula for $z$ protects
# you from both: one bias for each unit that computes a $z$.

# %% [markdown]
# ## 7 · Counting a network
#
# A network is the sum of its layers. Again we build the arrays, for any list of widths:

# %%
def arrays(sizes):
    return [(np.zeros((d_in, d_out)), np.zeros(d_out)) for d_in, d_out in zip(sizes[:-1], sizes[1:], strict=True)]


def count(sizes):
    return sum(W.size + b.size for W, b in arrays(sizes))


print(count([784, 32, 10]), 784 * 32 + 32 + 32 * 10 + 10)

# %% [markdown]
# 25,450, either way. Three widths, *two* layers, two terms for each.
#
# Next, grey images of 48 x 48 pixels in 4 classes: 2304 inputs, 4 outputs, and say 20 hidden units.
# **Predict:** which layer holds nearly everything?

# %%
print(48 * 48)
for W, b in arrays([2304, 20, 4]):
    print(f"{W.shape!s:>10} weights {W.size:>7,}   biases {b.size:>3}   together {W.size + b.size:>7,}")
print(f"all in all {count([2304, 20, 4]):,}")

# %% [markdown]
# The first, by far: 46,100 of 46,184. Images are wide. Now change one width at a time. Which numbers move?

# %%
for sizes in [2304, 20, 4], [2304, 40, 4], [2304, 20, 1000]:
    (_, hidden_b), (_, output_b) = arrays(sizes)
    print(f"{sizes!s:>16}   all {count(sizes):>7,}  hidden biases {hidden_b.size:>3}  output biases {output_b.size:>5}")

# %% [markdown]
# Widening the hidden layer from 20 to 40 units changes the total and the hidden biases; inputs, outputs and
# output biases stay. Going from 4 to 1000 classes changes the output units, their biases and the total, and
# leaves the hidden layer's own parameters alone.
#
# **Self-check.** `[100, 50, 50, 5]` loses a hidden layer and becomes `[100, 50, 5]`. How many parameters are
# lost?

# %%
lost = ...

# %% tags=["hide-input"]
ask("lost", Number("50*50 + 50", wrong=(
    WrongAnswer("50*50", "The biases of the lost layer are missing."),
    WrongAnswer("101*50", "That is the first hidden layer. Which one still has 100 inputs afterwards?"),
)))

# %% [markdown]
# ## 8 · Three networks from the history books
#
# - **LeNet-300-100** read digits: 784 pixels, two hidden layers, 10 classes (LeCun et al. 1998).
# - **AlexNet** won the ImageNet contest of 2012, to name what a photograph shows among 1000 kinds of things
#   (Krizhevsky et al. 2012). It begins with convolutions, which week 8 explains; behind them, three dense
#   layers receive 256 maps of 6 x 6 numbers.
# - **VGG-16** (Simonyan & Zisserman 2015) has the same three, fed with 512 maps of 7 x 7 numbers.
#
# These are too large to build just for counting; we use the rule. Which layer will be the largest?

# %%
networks = {
    "LeNet-300-100": [784, 300, 100, 10],
    "AlexNet, dense": [256 * 6 * 6, 4096, 4096, 1000],
    "VGG-16, dense": [512 * 7 * 7, 4096, 4096, 1000],
}
per_layer = {
    name: [(d_in + 1) * d_out for d_in, d_out in zip(sizes[:-1], sizes[1:], strict=True)]
    for name, sizes in networks.items()
}
for name, layers in per_layer.items():
    print(f"{name:<15}", f"{sum(layers):>11,}", [f"{100 * layer / sum(layers):.0f}%" for layer in layers])

# %%
ax = plotting.axes(xlabel="share of the parameters (%)")
start = np.zeros(3)
for k, (colour, hatch) in enumerate([(plotting.BLUE, ""), (plotting.ORANGE, "//"), (plotting.GREEN, "..")]):
    share = np.array([100 * layers[k] / sum(layers) for layers in per_layer.values()])
    ax.barh(list(per_layer), share, left=start, color=colour, hatch=hatch, edgecolor="white", label=f"layer {k + 1}")
    start += share
ax.invert_yaxis()
ax.set_xlim(0, 100)
ax.grid(axis="y", visible=False)
ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.18), ncols=3)
plotting.describe(
    ax,
    "Where do the parameters sit? Mostly in the first dense layer, where the network is widest.",
    alt="One horizontal bar for each of three networks, cut into the shares of its three dense layers. The first layer "
    "takes about nine tenths of LeNet-300-100, two thirds of AlexNet's dense part and over four fifths of VGG-16's.",
)

# %% [markdown]
# 266,610 parameters in LeNet-300-100, 58,631,144 in the dense part of AlexNet, 123,642,856 in that of VGG-16.
# The first dense layer has the lion's share: 88%, 64% and 83%. Whoever wants a smaller network knows where to
# begin.

# %% [markdown]
# ## 9 · Inference: the forward pass alone
#
# To *use* a network is to send examples through it, layer after layer: the **forward pass**. Nothing else is
# needed, and no weight changes. This is **inference**. Our library brings 1797 small digits of 8 x 8 pixels,
# grey levels from 0 to 16, which we bring to 0 to 1. How often will a network with *random* weights name the right
# one? (They are divided by 8 to keep them small; week 3 says why.)

# %%
X, y = digits()
X = X / 16
print(X.shape, y.shape, count([64, 32, 10]))

# %%
def random_network():
    return rng.normal(size=(64, 32)) / 8, np.zeros(32), rng.normal(size=(32, 10)) / 8, np.zeros(10)


def accuracy(W1, b1, W2, b2, X, y):
    outputs = relu(X @ W1 + b1) @ W2 + b2
    return np.mean(outputs.argmax(axis=1) == y)


print(np.mean([accuracy(*random_network(), X, y) for _ in range(100)]).round(2))

# %% [markdown]
# Each image gives ten outputs; the class of the largest is the network's guess. Over a hundred random networks
# it is right about one time in ten, as a blind guess is. The formula is there, and so are 2,410 parameters. What is
# missing is a good *choice* of them. To find it is called training.

# %% [markdown]
# ## 10 · Training: the same five things, again and again
#
# First the weights are seeded with random numbers. (If two hidden units began with equal weights, they would
# compute equal outputs and receive equal corrections, for ever; week 3 shows it.) Then each **step** does five
# things:
#
# 1. **fetch a batch**, a few examples;
# 2. **forward pass**: what does the network say?
# 3. **cost**, or **loss**: how wrong is that?
# 4. **backward pass**: how does the cost depend on each parameter?
# 5. **update** the weights a little, so that the cost falls.
#
# Each needs what the one before has made, which leaves no choice of order; only the first batch may as well be
# fetched before the weights are seeded. A network with one weight shows it all. Its targets are three times its
# inputs.

# %%
inputs = np.array([1.0, 6.0, 2.0, 5.0, 3.0, 4.0])
targets = 3 * inputs
w, lr, batch_size = rng.normal(), 0.03, 2

# %% [markdown]
# For the backward pass we simply try: what becomes of the cost if `w` is a tiny bit larger? (Week 5 has the
# quick way.)

# %%
def cost(w, x, y):
    return np.mean((x * w - y) ** 2) / 2


for start in range(0, len(inputs), batch_size):
    x, target = inputs[start:start + batch_size], targets[start:start + batch_size]
    loss = cost(w, x, target)
    slope = (cost(w + 1e-6, x, target) - loss) / 1e-6
    w = w - lr * slope
    print(f"cost {loss:6.2f}, now w = {w:.2f}")

# %% [markdown]
# The cost falls, and `w` moves towards 3. The number `lr` is the **learning rate**, the theme of week 6. After
# three steps each of the six examples has been used once: one **epoch**. So an epoch has $n / \text{batch
# size}$ steps. And if that does not come out even? Cut MNIST's 60,000 training images into batches of 128:

# %%
batches = [range(60_000)[start:start + 128] for start in range(0, 60_000, 128)]
print(60_000 / 128, len(batches), len(batches[0]), len(batches[-1]))

# %% [markdown]
# 468.75 is no number of steps. There are 469 batches; the last has only 96 images and is a step like the
# others, unless a program drops it on purpose.
#
# **Self-check.** How many steps are 10 epochs over 1,000 examples in batches of 32, if nothing is dropped?

# %%
steps = ...

# %% tags=["hide-input"]
ask("steps", Number("10*32", wrong=(
    WrongAnswer("312.5", "What would half a step be?"),
    WrongAnswer("313", "Does a batch reach from one epoch into the next?"),
    WrongAnswer("310", "What about the last 8 examples of each epoch?"),
    WrongAnswer("32", "That is one epoch."),
)))

# %% [markdown]
# Does it help on real digits? We borrow the loop and the backward pass that you will write in weeks 5 and 6,
# and train on 1400 digits, forty epochs long. Then we ask about the other 397:

# %%
from coursekit.functions.backprop import mlp_gradients
from coursekit.functions.training import train

W1, b1, W2, b2 = random_network()
params, losses = train([(W1, b1), (W2, b2)], X[:1400], y[:1400], mlp_gradients, 0.2, 40, 32, rng)
(W1, b1), (W2, b2) = params
print(len(X[1400:]), accuracy(W1, b1, W2, b2, X[1400:], y[1400:]).round(2))

# %% [markdown]
# The same formula and 2,410 numbers in better places: from one in ten to about nine in ten, on digits that it
# never saw.

# %% [markdown]
# ## 11 · What a parameter costs
#
# A number is usually stored as `float32`, in 4 bytes. Inference needs the parameters. Training also needs the
# gradient, one number a parameter, and what the optimiser (the rule of the update) remembers: nothing for plain
# gradient descent, one number a parameter for momentum, two for Adam. Week 6 introduces all three.

# %%
for name, layers in per_layer.items():
    megabytes = 4 * sum(layers) / 1e6
    print(f"{name:<15} inference {megabytes:7.1f} MB   training with Adam {(1 + 1 + 2) * megabytes:8.1f} MB")

# %% [markdown]
# A megabyte for LeNet-300-100; half a gigabyte for the dense part of VGG-16, and two while Adam trains it. The
# activations, which the backward pass needs again, come on top: they grow with the batch, not with the
# parameters.

# %% [markdown]
# ## 12 · Why deep?
#
# If one hidden layer is enough in principle, why stack more? Because units *add* and layers *multiply*. This
# function, two hidden units, folds the interval from 0 to 1 in the middle. Now apply it to its own output:

# %%
def tent(x):
    return 2 * relu(x) - 4 * relu(x - 0.5)


def pieces(values):
    rising = np.diff(values) > 0
    return 1 + int(np.sum(rising[1:] != rising[:-1]))


grid = np.linspace(0, 1, 1025)
folded = [tent(grid)]
for _ in range(4):
    folded.append(tent(folded[-1]))
print([pieces(values) for values in folded])

# %%
figure, panels = plt.subplots(1, 3, figsize=(8, 2.4), sharey=True)
for ax, depth in zip(panels, [1, 2, 5], strict=True):
    plotting.line(grid, folded[depth - 1], ax=ax, xlabel="x", title=f"depth {depth}")
panels[0].set_ylabel("output")
plotting.describe(
    figure,
    "What does depth buy? Each further layer of two units doubles the number of straight pieces.",
    alt="Three zigzag curves between 0 and 1 over x from 0 to 1: at depth 1 one peak, at depth 2 two peaks, at depth 5 "
    "sixteen peaks.",
)

# %% [markdown]
# 2, 4, 8, 16, 32 straight pieces, from five layers and ten hidden units. A *single* hidden layer of ten ReLU
# units bends a curve at ten places at most: 11 pieces. Depth does not always pay so well, but it can (Montúfar
# et al. 2014; Telgarsky 2016).

# %% [markdown]
# ## 13 · Why now?
#
# The idea is old. In **1958** Rosenblatt described the perceptron, a neuron that learns. In **1986** Rumelhart,
# Hinton and Williams showed how hidden layers learn, by backpropagation. In **2012** AlexNet won the ImageNet
# contest. What had changed was less the formula than what surrounds it: *data* (1.2 million labelled images),
# *computing power* (graphics processors), and *large models* that use both.
#
# Speech recognition shows the turn. TIMIT asks for the sounds of read sentences, Switchboard for the words of
# telephone calls.

# %%
timit = {1998: 24.4, 2012: 20.0, 2013: 17.7, 2014: 16.7}
switchboard = [(2011, 23.6), (2011, 16.1), (2017, 5.5)]
print(round(1 - timit[2014] / timit[1998], 2), round(1 - 5.5 / 23.6, 2))

# %%
ax = plotting.axes(xlabel="year of publication", ylabel="error rate (%)")
ax.plot(list(timit), list(timit.values()), "o-", label="TIMIT, sounds")
ax.plot(*zip(*switchboard, strict=True), "s--", color=plotting.VERMILION, label="Switchboard, words")
ax.text(1998, 25.2, "24.4")
ax.text(2014.2, 17.0, "16.7")
ax.text(2011.3, 23.8, "23.6 without a deep network")
ax.text(2010.7, 14.4, "16.1 with one", ha="right")
ax.text(2017.2, 6.0, "5.5")
ax.set(ylim=(0, 28), xlim=(1997, 2020), xticks=range(1998, 2019, 4))
ax.legend(loc="lower left")
plotting.describe(
    ax,
    "How much did deep networks change? On Switchboard more than three quarters of the errors vanished in six years.",
    alt="Error rates by year. TIMIT falls from 24.4 percent in 1998 to 20.0 in 2012, 17.7 in 2013 and 16.7 in 2014. "
    "Switchboard falls from 23.6 to 16.1 percent in 2011 and to 5.5 percent in 2017.",
)

# %% [markdown]
# TIMIT: 24.4% for a committee of classifiers without deep networks (Halberstadt & Glass 1998), 20.0% for a
# convolutional network (Abdel-Hamid et al. 2012), then around 17.0%: 17.7% (Graves et al. 2013) and 16.7% (Tóth
# 2014). Switchboard: 23.6% and 16.1% in one paper, without and with a deep network (Seide et al. 2011), then
# 5.5% (Saon et al. 2017).
#
# **The tools** you will meet are *PyTorch*, *TensorFlow* with *Keras*, and *JAX*. They do what this course does
# by hand; in week 8 you write a small one yourself.

# %% [markdown]
# ## Summary
#
# - A neuron is an affine map and a bend, $a = g(x \cdot w + b)$; its border is a hyperplane.
# - A dense layer is one line, `Z = X @ W + b`. It has $d_{in}d_{out}$ weights and $d_{out}$ biases. The input
#   layer has none.
# - Affine layers with nothing between them collapse into one. Activation functions prevent that.
# - Inference is the forward pass. A training step: batch, forward, cost, backward, update. An epoch has
#   $n/\text{batch size}$ steps, rounded up.
# - Training keeps at least two numbers for each parameter, with Adam four.
#
# ## Exercises
#
# The graded ones are in the assignment. These are for pencil, paper and a quiet hour.
#
# 1. How do you turn a neuron round, so that it is active on the other side of the same line?
# 2. Turn section 3's fence into a square. How many hidden units do you need?
# 3. A neuron's second input is always twice the first. Which other weights give the same neuron?
# 4. For which $h$ has the second layer of `[d, h, h, c]` more parameters than the first?
# 5. You double every hidden width of a network whose hidden layers are much wider than its inputs and outputs.
#    By about which factor does the number of parameters grow?
#
# ## References
#
# - Abdel-Hamid, Mohamed, Jiang & Penn (2012). Applying convolutional neural networks concepts to hybrid NN-HMM
#   model for speech recognition. ICASSP.
# - Cybenko (1989). Approximation by superpositions of a sigmoidal function. Math. Control Signals Systems 2.
# - Graves, Mohamed & Hinton (2013). Speech recognition with deep recurrent neural networks. ICASSP.
# - Halberstadt & Glass (1998). Heterogeneous measurements and multiple classifiers for speech recognition.
#   ICSLP.
# - Krizhevsky, Sutskever & Hinton (2012). ImageNet classification with deep convolutional neural networks.
#   NIPS.
# - LeCun, Bottou, Bengio & Haffner (1998). Gradient-based learning applied to document recognition. Proc. IEEE
#   86.
# - Leshno, Lin, Pinkus & Schocken (1993). Multilayer feedforward networks with a nonpolynomial activation
#   function can approximate any function. Neural Networks 6.
# - Montúfar, Pascanu, Cho & Bengio (2014). On the number of linear regions of deep neural networks. NIPS.
# - Rosenblatt (1958). The perceptron. Psychological Review 65.
# - Rumelhart, Hinton & Williams (1986). Learning representations by back-propagating errors. Nature 323.
# - Saon et al. (2017). English conversational telephone speech recognition by humans and machines. Interspeech.
# - Seide, Li & Yu (2011). Conversational speech transcription using context-dependent deep neural networks.
#   Interspeech.
# - Simonyan & Zisserman (2015). Very deep convolutional networks for large-scale image recognition. ICLR.
# - Telgarsky (2016). Benefits of depth in neural networks. COLT.
# - Tóth (2014). Combining time- and frequency-domain convolution in convolutional neural network-based phone
#   recognition. ICASSP.
