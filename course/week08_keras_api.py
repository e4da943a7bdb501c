# %% [markdown]
# # Week 8 · A Keras-style API
#
# For seven weeks you wrote formulas. Libraries pack them into objects that fit together: layers, a model, an
# optimiser, a loss. This week you use such a library, `coursekit`, look under its bonnet, and recognise the
# same three words in Keras, PyTorch and TensorFlow: **define, compile, fit**.
#
# **After this lecture you can**
#
# - define, compile and fit a model, and say what each of the three decides;
# - count the parameters in a summary, trainable or not, dense, convolutional or normalising;
# - read a `History`, write a callback and a layer of your own, save and load a model;
# - read the same model in three other libraries, and say what a convolution and a recurrence add.
#
# You need weeks 1 to 7. As always: **predict**, then run.

# %%
import importlib.util
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Dropdown, IntSlider, interact

from coursekit import initializers, plotting
from coursekit.callbacks import Callback, EarlyStopping, LambdaCallback
from coursekit.datasets import digits
from coursekit.desk import Number, WrongAnswer, ask
from coursekit.functions.activations import relu
from coursekit.functions.backprop import mlp_gradients
from coursekit.functions.counting import count_dense, count_mlp
from coursekit.functions.initializers import glorot_uniform
from coursekit.functions.mlp import mlp_forward
from coursekit.functions.training import train
from coursekit.layers import GRU, AveragePooling2D, BatchNormalization, Conv2D, Dense, Dropout, Flatten, Layer
from coursekit.models import Sequential
from coursekit.optimizers import Adam

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## From earlier weeks
#
# Two questions on weeks 5 and 6, which today builds on. Answer without looking them up.
#
# **Self-check.** A network has 2,410 parameters. How many numbers does Adam remember for them, besides weights and
# gradients?

# %%
remembered = ...

# %% tags=["hide-input"]
ask("remembered", Number("2 * 2410", wrong=(
    WrongAnswer("2410", "That is momentum. Which two running means does Adam keep?"),
    WrongAnswer("4 * 2410", "Weights and gradients are not to be counted."),
)))

# %% [markdown]
# **Self-check.** A network gives each of ten digits the same probability. What is its cross-entropy? Two digits
# after the point will do.

# %%
no_idea = ...

# %% tags=["hide-input"]
ask("no_idea", Number("2.302585", tolerance=0.005, wrong=(
    WrongAnswer("0.1", "That is the probability of the truth. What does cross-entropy make of it?"),
    WrongAnswer("1", "That is the logarithm to base 10. Which one does the loss take?"),
)))

# %% [markdown]
# ## 1 · Define
#
# A `Sequential` model is a list of layers. `Dense` is the layer of weeks 1 and 5 with its activation on top.
# How many parameters does this one have, before you look?

# %%
model = Sequential([Dense(32, activation="relu"), Dense(10, activation="softmax")], seed=0)
model.summary()

# %% [markdown]
# None yet: nobody has said how wide the inputs are. **Shapes are inferred** from the first data, or from
# `build`. Then every layer draws its **kernel**, as Keras calls the weights, to fit the width of the layer before it.

# %%
model.build(64)
model.summary()
print(count_mlp([64, 32, 10]))

# %% [markdown]
# 2,410, and week 1's formula agrees. A summary is a table to check by hand: $64 \cdot 32 + 32 = 2080$ in the
# first row, $32 \cdot 10 + 10 = 330$ in the second.
#
# `Dense(units, activation, use_bias, kernel_initializer, bias_initializer)` has a default for all but the
# first. What do these two rows cost?

# %%
rows = [Dense(32, use_bias=False, kernel_initializer="he_normal"), Dense(10, bias_initializer="ones")]
plain = Sequential(rows, seed=0).build(64)
print([layer.count_params() for layer in plain.layers])
print(plain.layers[0].params["W"].std().round(2), round((2 / 64) ** 0.5, 2), plain.layers[1].params["b"][:3])

# %% [markdown]
# Without biases 2,048, all of them trainable (the second number is what is not). The kernel's deviation is He's
# $\sqrt{2/64}$, up to chance. And chance it is: without a `seed`, each build draws other weights.
#
# One old manual said that `Dense` *flattens* an input with more than two axes. Does it? A batch of shape (5,
# 8, 64) would give kernels of $512 \cdot 10$ numbers, or of $64 \cdot 10$. Count:

# %%
layer = Dense(10)
print(layer(np.zeros((5, 8, 64))).shape, layer.params["W"].shape)

# %% [markdown]
# The last axis alone is contracted, and one kernel of 640 numbers serves all eight places.
#
# **Self-check.** How many parameters has `Dense(5)` on inputs of shape (7, 20, 3)?

# %%
dense_count = ...

# %% tags=["hide-input"]
ask("dense_count", Number("(3 + 1) * 5", wrong=(
    WrongAnswer("(20 * 3 + 1) * 5", "Does Dense flatten, or contract the last axis?"),
    WrongAnswer("3 * 5", "What does each unit add besides its weights?"),
)))

# %% [markdown]
# ## 2 · Compile
#
# Compiling says **how to learn**: which loss, which optimiser, what to watch. Without it, what does `fit` do?

# %%
X, y = digits(np.float32)
X = X / 16
X, y, X_val, y_val, X_test, y_test = X[:1200], y[:1200], X[1200:1500], y[1200:1500], X[1500:], y[1500:]
try:
    model.fit(X, y)
except RuntimeError as error:
    print(error)

# %%
model.compile(Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])

# %% [markdown]
# "Sparse" means that the labels are class numbers; without the word they would be one-hot rows. Did compiling
# change the weights? An untrained model should be as good as a guess: loss $\log 10 \approx 2.30$, accuracy
# 0.1.

# %%
print({name: round(value, 2) for name, value in model.evaluate(X_val, y_val).items()})

# %% [markdown]
# 2.36 and 0.10: it guesses. (Weights are drawn when a model is *built*; `compile` has no part in it.)

# %% [markdown]
# ## 3 · Fit, and its diary
#
# Now one line does what weeks 5 and 6 did in loops: shuffle, cut into batches, forwards, backwards, step.
# `batch_size` is 32 unless you say otherwise. How many steps has an epoch of 1200 rows?

# %%
history = model.fit(X, y, epochs=20, validation_data=(X_val, y_val))
print(history)
print(model.optimizer.steps, -(-1200 // 32))

# %% [markdown]
# 38 steps an epoch, 760 in all. `fit` returns a **History**: one number an epoch for the loss and each metric,
# on the training rows and, with a `val_` in front, on the validation rows.

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
plotting.learning_curves(history, ax=left)
plotting.learning_curves(history, "accuracy", ax=right)
plotting.describe(
    fig,
    "Is there more to gain from longer training? The training loss says yes, the validation loss hardly.",
    alt="Two plots over 20 epochs. Left: the training loss falls from about 2 to 0.05; the validation loss falls with "
    "it at first, then levels out near 0.17. Right: training accuracy rises to 0.99, validation accuracy to 0.95.",
)

# %% [markdown]
# These are the curves that **TensorBoard** shows under *Scalars*: it reads a diary like this from a folder and
# redraws while training runs. Under *Histograms* it shows how each layer's weights spread from epoch to epoch,
# under *Graphs* the layers as boxes, as you saw in week 5. Nothing in it is magic; the second tab, from our
# model:

# %%
fresh = Sequential([Dense(32, activation="relu"), Dense(10, activation="softmax")], seed=0).build(64)
kernels = [part.layers[i].params["W"] for i in (0, 1) for part in (fresh, model)]
plotting.describe(
    plotting.layer_histograms(kernels, ["dense, before", "dense, after", "dense_1, before", "dense_1, after"],
                              xlabel="weight"),
    "What has training done to the weights? The uniform blocks of Glorot's draw have grown into wider hills.",
    alt="Four histograms of weights. Before training both layers are flat blocks with sharp ends; after training both "
    "are hills with tails, with a larger standard deviation.",
)

# %% [markdown]
# ## 4 · Evaluate, predict
#
# `predict` gives the outputs, here ten probabilities a row; `evaluate` the loss and the metrics. Choices
# (epochs, widths) were made by looking at the validation rows, so the number to report comes from the **test
# rows**, once:

# %%
print(model.predict(X_test[:3]).argmax(axis=1), y_test[:3])
print({name: round(value, 2) for name, value in model.evaluate(X_test, y_test).items()})

# %% [markdown]
# The first of the three is wrong, and the model that read 95% of the validation rows reads 89% of the test
# rows. Report the second. (So large a gap is no matter of luck in choosing alone. We cut the file without shuffling;
# exercise 4 of week 6 asks what that does.)
#
# A line of `History` and `evaluate` may disagree even on the same rows. Compare the last epoch's training loss
# with one measured now:

# %%
print(round(history["loss"][-1], 4), round(model.evaluate(X, y)["loss"], 4))

# %% [markdown]
# 0.0509 is a mean over the epoch, *while* the weights still moved; 0.0457 belongs to the weights as they are.
# With dropout the gap grows, since dropout is on in `fit` and off in `evaluate`:

# %%
dropped = Sequential([Dropout(0.5, seed=1)])
ones = np.ones((1, 8))
print(dropped.layers[0](ones, training=True), dropped.predict(ones))
print(Dropout(0.5, noise_shape=(None, 1), seed=1)(np.ones((4, 3)), training=True))

# %% [markdown]
# `Dropout(rate, noise_shape, seed)`: the rate is the share to *drop*, what survives is scaled up, and
# `noise_shape` (None, 1) switches whole rows.

# %% [markdown]
# ## 5 · What "trainable" means
#
# Batch normalisation learns a scale and a shift for each feature, and remembers a running mean and variance.
# How many parameters does it add to 32 features, and how many of them will the optimiser ever touch?

# %%
normed = Sequential([Dense(32), BatchNormalization(), Dense(10, activation="softmax")], seed=0).build(64)
normed.summary()

# %% [markdown]
# 128 in all, 4 a feature, and 64 of them are **not trainable**: the running statistics change, but no gradient
# moves them. You can make other parameters so, too: `trainable = False` freezes a layer.

# %%
normed.layers[0].trainable = False
normed.compile("adam", "sparse_categorical_crossentropy")
before = [layer.params[name].copy() for layer, name in zip(normed.layers, ("W", "gamma", "W"), strict=True)]
normed.fit(X, y, epochs=1)
after = [layer.params[name] for layer, name in zip(normed.layers, ("W", "gamma", "W"), strict=True)]
print([round(float(np.abs(b - a).max()), 4) for a, b in zip(before, after, strict=True)])
print([layer.count_params() for layer in normed.layers])

# %% [markdown]
# The frozen kernel moved by exactly 0, the others by 0.04; its 2,080 parameters are counted on the other side.
# It still computes: a frozen, pretrained network under a fresh last layer is called **transfer learning**.

# %% [markdown]
# ## 6 · Callbacks
#
# `fit` tells its callbacks about each epoch. A callback may look at the model and change it. One for early
# stopping comes with every library:

# %%
stopper = EarlyStopping("val_loss", patience=5)
model = Sequential([Dense(64, activation="relu"), Dense(10, activation="softmax")], seed=0)
model.compile(Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(X, y, epochs=100, validation_data=(X_val, y_val), callbacks=[stopper])
print(len(history.epochs), stopper.best_epoch, round(stopper.best, 4))

# %% [markdown]
# It stopped after epoch 12, five epochs after its best one, 7, and put the best parameters back. Your own is a
# class with a method or two. How does the length of the weights grow?

# %%
class Lengths(Callback):
    def on_epoch_end(self, epoch, logs):
        logs["length"] = float(np.linalg.norm(self.model.layers[0].params["W"]))


model.compile(Adam(0.01), "sparse_categorical_crossentropy")
tell = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, {k: round(v, 3) for k, v in logs.items()}))
history = model.fit(X, y, epochs=3, callbacks=[Lengths(), tell])

# %% [markdown]
# They grow. What a callback adds to the logs ends up in the History. And note: this second `fit` **went on**
# from the weights of the first: its first loss is 0.055, not 2.3.

# %% [markdown]
# ## 7 · A layer of your own
#
# A layer needs three methods: `build` adds parameters, `forward` computes, `backward` fills `grads` and hands
# on. Here is one that ours does not have, a cosine with a frequency to learn for each feature, $a = \cos(\omega
# z)$.

# %%
class Cosine(Layer):
    def build(self, input_shape):
        self.add("omega", input_shape, "ones")

    def forward(self, z, training=False):
        self.z = z
        return np.cos(self.params["omega"] * z)

    def backward(self, da):
        slope = -np.sin(self.params["omega"] * self.z) * da
        self.grads["omega"] = (slope * self.z).sum(axis=0)     # used by every row: forks add
        return slope * self.params["omega"]

# %% [markdown]
# Is the backward pass right? Week 5 has the answer: measure.

# %%
layer, h = Cosine().setup((2,)), 1e-5
z, da = np.array([[0.5, 1.0], [2.0, -1.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
layer.forward(z)
layer.backward(da)
measured = []
for step in np.eye(2) * h:
    layer.params["omega"] += step
    up = (da * layer.forward(z)).sum()
    layer.params["omega"] -= 2 * step
    measured.append((up - (da * layer.forward(z)).sum()) / (2 * h))
    layer.params["omega"] += step
print(layer.grads["omega"], np.array(measured))

# %%
model = Sequential([Dense(32), Cosine(), Dense(10, activation="softmax")], seed=0)
model.compile(Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=20)
print(round(model.evaluate(X_val, y_val)["accuracy"], 2), model.layers[1].params["omega"][:4])

# %% [markdown]
# The two gradients agree, and the network learned with a layer that the library has never heard of, to 96%;
# the frequencies moved away from 1. That is what the common protocol is for.

# %% [markdown]
# ## 8 · Saving and loading
#
# A model is a description plus arrays. `save` writes both to one file, also where the optimiser stands, so
# that training can go on.

# %%
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "reader.npz"
    model.save(path)
    with np.load(path) as file:
        print([name for name in file.files if not name.startswith("optimizer")])
    again = Sequential.load(path, custom=[Cosine])
print(np.abs(again.predict(X_val) - model.predict(X_val)).max(), again.optimizer.steps == model.optimizer.steps)

# %% [markdown]
# Not a digit is lost. Why not `pickle`, which writes any object in one line? Because reading one back *runs*
# what is in it. A file that somebody prepared:

# %%
import pickle


class Surprise:
    def __reduce__(self):
        return print, ("this line was printed by the file",)


loaded = pickle.loads(pickle.dumps(Surprise()))

# %% [markdown]
# It could as well have deleted your thesis. Load pickles only from yourself.

# %% [markdown]
# ## 9 · What is a tensor?
#
# In these libraries, an **array** with any number of axes, all entries of one type: a number has 0 axes, a
# bias 1, a kernel 2, a batch of colour images 4. (Physics asks more of the word.) What Keras, PyTorch and
# TensorFlow add to NumPy's array: it may live on a GPU, and it may remember how it was computed, for the walk
# backwards.

# %%
print([np.ndim(a) for a in (3.0, model.layers[0].params["b"], model.layers[0].params["W"], np.zeros((32, 8, 8, 3)))])

# %% [markdown]
# ## 10 · The same model elsewhere
#
# 64 → 32 → 10, Adam at 0.003, ten epochs. The next cells run where the library is installed, and say so where
# it is not; you can read them all the same. Mark in each: where are define, compile and fit?

# %%
def installed(name):
    there = importlib.util.find_spec(name) is not None
    print(f"{name} is {'' if there else 'not '}installed here")
    return there


def report(name, accuracy):
    """Yes or no; the digits behind the first are chance: another start, another order of the rows."""
    print(f"{name} reads more than nine digits in ten: {bool(accuracy > 0.9)}")


model = Sequential([Dense(32, activation="relu"), Dense(10, activation="softmax")], seed=0)
model.compile(Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=10)
report("coursekit", model.evaluate(X_val, y_val)["accuracy"])

# %% [markdown]
# Now with nothing but functions that **you** wrote. Week 1 had this network with random weights, right one time in
# ten. Which week does each name come from?

# %%
rng = np.random.default_rng(0)
params = [(glorot_uniform((64, 32), rng), np.zeros(32)), (glorot_uniform((32, 10), rng), np.zeros(10))]
params, _ = train(params, X, y, mlp_gradients, 0.2, 10, 32, rng)
report("your own code", (mlp_forward(params, X_val, relu).argmax(axis=1) == y_val).mean())

# %% [markdown]
# Weeks 1, 2, 3, 5 and 6: `mlp_forward`, `relu`, `glorot_uniform`, `mlp_gradients`, `train`. (Plain descent instead of
# Adam, with a rate of its own.) What this week adds is the packaging. And the others:

# %%
if installed("keras") and (importlib.util.find_spec("tensorflow") or importlib.util.find_spec("torch")):
    import os

    os.environ.setdefault("KERAS_BACKEND", "tensorflow" if importlib.util.find_spec("tensorflow") else "torch")
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, y, epochs=10, verbose=0)
    report("Keras", model.evaluate(X_val, y_val, verbose=0, return_dict=True)["accuracy"])

# %% [markdown]
# Keras reads like ours, because ours reads like Keras. In **PyTorch** you write the loop yourself, as in week
# 6; `backward` walks a graph like week 5's. The loss takes logits, so there is no softmax at the end.

# %%
if installed("torch"):
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    X_t, y_t = torch.tensor(X), torch.tensor(y)
    for _ in range(10):
        for rows in torch.randperm(len(X_t)).split(32):
            optimizer.zero_grad()                       # otherwise gradients pile up
            loss = torch.nn.functional.cross_entropy(model(X_t[rows]), y_t[rows])
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        guesses = model(torch.tensor(X_val)).argmax(dim=1).numpy()
    report("PyTorch", (guesses == y_val).mean())
    print(tuple(model[0].weight.shape), "is the kernel's shape: (d_out, d_in)")

# %% [markdown]
# **TensorFlow** under Keras is one floor below: variables, and a tape that records what is computed, to be played
# backwards. (The optimiser is Keras's.)

# %%
if installed("tensorflow"):
    import tensorflow as tf

    draw = tf.random.Generator.from_seed(0)
    params = [tf.Variable(draw.normal((64, 32)) * (2 / 64) ** 0.5), tf.Variable(tf.zeros((32,))),
              tf.Variable(draw.normal((32, 10)) * (2 / 32) ** 0.5), tf.Variable(tf.zeros((10,)))]

    def logits(X):
        W1, b1, W2, b2 = params
        return tf.nn.relu(X @ W1 + b1) @ W2 + b2

    optimizer = tf.optimizers.Adam(0.003)
    for X_batch, y_batch in tf.data.Dataset.from_tensor_slices((X, y)).shuffle(len(X)).batch(32).repeat(10):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y_batch, logits(X_batch)))
        optimizer.apply_gradients(zip(tape.gradient(loss, params), params, strict=True))
    report("TensorFlow", (logits(X_val).numpy().argmax(axis=1) == y_val).mean())

# %% [markdown]
# | | easiest for | its price |
# |---|---|---|
# | Keras | standard models in few lines, on several engines | unusual loops are hidden |
# | PyTorch | research: any Python in the forward pass | you write the loop |
# | TensorFlow | one graph from training to phone and server | more to learn before the first line |
# | coursekit | reading every line of it | small data, no GPU |
#
# They differ in defaults. Kernels stand as (d_in, d_out) in Keras and here, as (d_out, d_in) in PyTorch. They begin by
# Glorot's rule in Keras and here; PyTorch draws them, and the biases, from $U[-k, k]$ with $k = 1/\sqrt{d_{in}}$. Which
# variance is that, and is it enough for ReLU? (Week 3: $1/(3\,d_{in})$, a sixth of He's.)

# %% [markdown]
# ## 11 · Convolution and pooling
#
# A dense layer has a weight for each pixel and knows nothing of neighbours. A **convolution** slides one small
# kernel over the picture and computes the same weighted sum at every place. (Mathematicians turn the kernel
# round first; here nobody does, since it is learned.) By hand, a kernel that looks for vertical edges, and then
# **pooling**, the mean of each 2 × 2 window:

# %%
image = X[0].reshape(8, 8)
kernel = np.array([[1.0, 0, -1], [1, 0, -1], [1, 0, -1]])
edges = np.array([[(image[i:i + 3, j:j + 3] * kernel).sum() for j in range(6)] for i in range(6)])
pooled = edges.reshape(3, 2, 3, 2).mean(axis=(1, 3))

conv = Conv2D(1, 3, use_bias=False, kernel_initializer=initializers.Copy(kernel[:, :, None, None]))
print(np.allclose(conv(image[None, :, :, None])[0, :, :, 0], edges, atol=1e-6), edges.shape, pooled.shape)

# %%
fig, panels = plt.subplots(1, 3, figsize=(8, 2.6))
for ax, picture, title in zip(panels, (image, edges, pooled), ("digit", "convolved", "pooled"), strict=True):
    colours, low, high = ("gray_r", 0, 1) if title == "digit" else ("RdBu_r", -3, 3)
    ax.imshow(picture, cmap=colours, vmin=low, vmax=high)
    ax.set_title(title)
    ax.set_axis_off()
plotting.describe(
    fig,
    "What does the kernel see? The left flank of each stroke (blue, negative) and the right one (red, positive).",
    alt="Three pictures: a handwritten zero of 8 by 8 pixels; its convolution, 6 by 6, negative on the left and "
    "positive on the right of each stroke; and the same pooled to 3 by 3.",
)

# %% [markdown]
# The layer and the loop agree. This kernel is one of many. What will its transpose see? And one whose nine
# weights are all 1/9, and one that subtracts the neighbours from the middle? Draw their answers to a zero before
# you choose.

# %%
KERNELS = {
    "vertical edges": kernel,
    "horizontal edges": kernel.T,
    "mean": np.full((3, 3), 1 / 9),
    "middle against neighbours": np.array([[0.0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
}


def filtered(name, digit):
    weights = KERNELS[name][:, :, None, None]
    return Conv2D(1, 3, use_bias=False, kernel_initializer=initializers.Copy(weights))(
        X[digit].reshape(1, 8, 8, 1))[0, :, :, 0]


def look(name, digit):
    before, after = X[digit].reshape(8, 8), filtered(name, digit)
    fig, panels = plt.subplots(1, 2, figsize=(5.4, 2.7))
    panels[0].imshow(before, cmap="gray_r", vmin=0, vmax=1)
    panels[1].imshow(after, cmap="RdBu_r", vmin=-3, vmax=3)
    for ax, title in zip(panels, (f"a {y[digit]}", name), strict=True):
        ax.set_title(title)
        ax.set_axis_off()
    answers = f"from {after.min():.1f} to {after.max():.1f}"
    plotting.describe(fig, f"{name.capitalize()}: {answers}. Red is positive, blue negative.",
                      alt=f"A handwritten {y[digit]} of 8 by 8 pixels, and what the kernel for {name} makes of it.")


widget = interact(look, name=Dropdown(options=list(KERNELS), value="vertical edges", description="kernel"),
                  digit=IntSlider(0, 0, 20, description="digit"))

# %% [markdown]
# The transpose sees upper flanks (blue) and lower ones (red). The mean is never negative: it blurs. The last answers
# with red where a pixel is darker than its neighbours, so it follows the middle of a stroke. All four on paper:

# %%
fig, panels = plt.subplots(1, 4, figsize=(8, 2.5))
for ax, name in zip(panels, KERNELS, strict=True):
    ax.imshow(filtered(name, 0), cmap="RdBu_r", vmin=-3, vmax=3)
    ax.set_title(name, fontsize=8)
    ax.set_axis_off()
plotting.describe(
    fig,
    "What do four kernels make of the same zero? Nobody chooses them in a network: gradient descent does.",
    alt="Four pictures of 6 by 6 places, red positive and blue negative. Vertical edges: blue left, red right of each "
    "stroke. Horizontal edges: red under the upper stroke, blue over the lower one. Mean: pale red throughout. Middle "
    "against neighbours: red spots along the ring, blue inside it.",
)

# %% [markdown]
# A `Conv2D` with several filters has one such kernel for each, as deep as its
# input has channels: $(k \cdot k \cdot c_{in} + 1) \cdot \text{filters}$ parameters, **whatever the size of
# the picture**. The first layer of LeNet-5 has 6 filters of 5 × 5 on one channel:

# %%
for side in (28, 32, 256):
    print(side, Sequential([Conv2D(6, 5)]).build((side, side, 1)).count_params(), count_dense(side * side, 6))

# %% [markdown]
# Always 156. Six dense units would cost 4,710, then 6,150, then 393,222.
#
# **Self-check.** How many parameters has `Conv2D(8, 3)` on colour images with 3 channels?

# %%
conv_count = ...

# %% tags=["hide-input"]
ask("conv_count", Number("(3 * 3 * 3 + 1) * 8", wrong=(
    WrongAnswer("(3 * 3 + 1) * 8", "How deep is the block that one filter looks at?"),
    WrongAnswer("3 * 3 * 3 * 8", "What does each filter add to its sum?"),
)))

# %% [markdown]
# ## 12 · LeNet, from every initialiser of week 3
#
# LeCun's network of 1998, cut down to 8 × 8 pixels: two convolutions with pooling, then three dense layers,
# tanh between them.

# %%
def lenet(initializer):
    start = {"kernel_initializer": initializer}
    return Sequential([
        Conv2D(6, 3, padding="same", activation="tanh", **start), AveragePooling2D(2),
        Conv2D(16, 3, padding="same", activation="tanh", **start), AveragePooling2D(2), Flatten(),
        Dense(120, activation="tanh", **start), Dense(84, activation="tanh", **start),
        Dense(10, activation="softmax", **start),
    ], seed=0)


lenet("zeros").build((8, 8, 1)).summary()

# %% [markdown]
# Check the second convolution by hand: $(3 \cdot 3 \cdot 6 + 1) \cdot 16 = 880$. Eight epochs from each start
# of week 3, everything else equal. Which ones never leave the ground? Write down your guess.

# %%
starts = {
    "zeros": "zeros", "constant 0.2": initializers.Constant(0.2), "Gaussian, std 0.01": initializers.Normal(std=0.01),
    "Gaussian, std 1": initializers.Normal(std=1.0), "uniform 0 to 0.1": initializers.Uniform(0, 0.1),
    "LeCun": "lecun_normal", "Glorot": "glorot_uniform", "He": "he_normal", "orthogonal": "orthogonal",
    "sparse": initializers.Sparse(fan_in=15, std=15**-0.5),
}
images, images_val = X.reshape(-1, 8, 8, 1), X_val.reshape(-1, 8, 8, 1)
curves = {}
for name, start in starts.items():
    model = lenet(start)
    model.compile(Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    curves[name] = model.fit(images, y, batch_size=50, epochs=8, validation_data=(images_val, y_val))
    print(f"{name:20}", round(curves[name]["loss"][-1], 2), round(curves[name]["val_accuracy"][-1], 2))

# %%
fig, panels = plt.subplots(2, 5, figsize=(10, 4), sharex=True, sharey=True)
for ax, (name, history) in zip(panels.flat, curves.items(), strict=True):
    plotting.line(history.epochs, history["loss"], history["val_loss"], ax=ax, title=name)
    ax.axhline(np.log(10), color="0.6", linewidth=0.8)
    ax.set_yscale("log")
panels[0, 0].legend(panels[0, 0].get_lines()[:2], ["training", "validation"], loc="lower left", fontsize=7)
for ax in panels[1]:
    ax.set_xlabel("epoch")
for ax in panels[:, 0]:
    ax.set_ylabel("loss")
plotting.describe(
    fig,
    "Which starts learn? Zeros and a constant never leave the guess (grey line); scaled ones fall at once.",
    alt="Ten small plots of training and validation loss over 8 epochs, logarithmic. Zeros and constant 0.2 are flat "
    "at 2.3. Gaussian with std 0.01 and uniform 0 to 0.1 stay near 2.3 at first and end near 1.1. Gaussian with std 1 "
    "starts at 8, and its validation curve ends well above its training curve. LeCun, Glorot, He, orthogonal and "
    "sparse fall at once, to 0.2 or 0.3 in training and about 0.4 in validation.",
)

# %% [markdown]
# Zeros and the constant end at 2.3 and 2.32, the guess: all units of a layer stay equal, as in week 3, and
# convolutions do not cure it. A deviation of 0.01 wakes up late and ends at 1.12, a draw without negative
# weights at 1.06. A deviation of 1 saturates tanh, and its 75% on new digits lag behind its loss of 0.54. The
# five rules that look at the fan-in end between 0.18 and 0.29. Which of *them* is best cannot be read off one
# seed each.

# %% [markdown]
# ## 13 · What comes next
#
# **Convolutional networks** go on like this: dozens of layers, batch normalisation between them, residual
# connections around them. **Recurrent networks** read sequences: one step after the other, with a **state** that
# sums up what they have read, and the same parameters at each step. The **GRU** (gated recurrent unit, Cho et al. 2014)
# learns how much of its state to keep: a *gate* is a logistic unit whose output, between 0 and 1, multiplies
# something. One gate says how much of the old state to forget when a new candidate for it is computed, the other how
# to mix old state and candidate. A digit as a sequence of eight rows:

# %%
rows, rows_val = X.reshape(-1, 8, 8), X_val.reshape(-1, 8, 8)
model = Sequential([GRU(32), Dense(10, activation="softmax")], seed=0)
model.compile(Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(rows, y, epochs=8)
model.summary()
print(round(model.evaluate(rows_val, y_val)["accuracy"], 2))

# %% [markdown]
# It reads 94% of them, line by line. Check the count: two gates and a candidate, each with a kernel for the input, one
# for the state, and a bias for each of the two kernels: $3 \cdot (8 \cdot 32 + 32 \cdot 32 + 2 \cdot 32) = 4032$,
# however long the sequence is.

# %% [markdown]
# ## Summary
#
# - **Define** the layers, **compile** loss and optimiser, **fit** to data; `evaluate` and `predict` leave the
#   model alone. Shapes are inferred, weights drawn when the model is built.
# - Counts: Dense $(d_{in} + 1)\,u$ with $d_{in}$ the *last* axis; Conv2D $(k^2 c_{in} + 1)\,f$; batch
#   normalisation 4 a feature, half of them not trainable.
# - A History is the diary of a training; callbacks look over its shoulder; layers of your own need `build`,
#   `forward`, `backward`.
# - Keras, PyTorch and TensorFlow are the same ideas with other defaults. Read the defaults.
# - The start matters for every architecture; convolutions share weights over places, recurrences over time.
#
# ## Exercises
#
# 1. Predict the summary of `[Dense(20), BatchNormalization(), Dropout(0.5), Dense(3)]` on 10 inputs. Check it.
# 2. Write a callback that halves the learning rate when the validation loss has risen. Compare with `NewBob`.
# 3. Replace LeNet's tanh by ReLU. Which initialiser wins now? Run three seeds before you answer.
# 4. Freeze LeNet's convolutions at their random start and train the rest. How much is lost?
# 5. Read each digit by columns instead of rows. Does the GRU mind?
#
# In the assignment `week08_keras_api` you build such a library yourself.
#
# ## References
#
# - Abadi et al. (2016). TensorFlow: a system for large-scale machine learning. OSDI.
# - Cho et al. (2014). Learning phrase representations using RNN encoder-decoder for statistical machine
#   translation. EMNLP.
# - Chollet et al. (2015). Keras. keras.io.
# - He, Zhang, Ren & Sun (2015). Delving deep into rectifiers. ICCV.
# - Ioffe & Szegedy (2015). Batch normalization. ICML.
# - LeCun, Bottou, Bengio & Haffner (1998). Gradient-based learning applied to document recognition. Proc. IEEE
#   86.
# - Paszke et al. (2019). PyTorch: an imperative style, high-performance deep learning library. NeurIPS.
