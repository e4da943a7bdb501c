# %% [markdown]
# # Week 3 · Variance and weight initialisation
#
# How large should the first weights be? In the lecture the answer fell out of one calculation with variances.
# Here you do the calculation yourself, line by line, then write the initialisers that follow from it, and at
# last measure what a signal makes of a hundred layers.
#
# **How to work.** Fill in a function where it says `raise NotImplementedError()`, run the cell, then run
# the cell below it. `check` tells you at once what came out for a few small inputs and what was expected.
# `hint("name_of_the_function")` asks you a question that leads on, `progress()` shows what is left. The
# marks come from further inputs, so write the rule, not the examples.
#
# **Good to know.** Every exercise stands alone: if one resists, go on with the next. Reckon with 110
# minutes. Four rules hold everywhere:
#
# - *Shapes* are those of the course: `X` is `(n, d)`, and a layer's weights have `shape = (d_in, d_out)`, so
#   that the weights of unit `j` form column `j`.
# - *Arguments stay as they are.* A function that needs to change an array changes a copy.
# - *Randomness is an argument.* Where a function gets `rng`, a `np.random.Generator`, every random number
#   comes from it: the same state gives the same array, another state another one. No seed is set, no other
#   generator is made.
# - *Random answers are judged by their statistics*, not by their values: you may draw in any order you like.
#   The bounds are so wide that a right answer misses them once in a billion times.

# %% setup="imports"
import numpy as np
from coursekit.desk import check, hint, progress

# %% [markdown]
# ## 1 · The derivation, line by line
#
# `X` and `Y` are independent random numbers. Each line below is one method with one formula (`self` you may leave
# alone), and you may check after each: a line that you have not written yet counts as "not written yet" and does
# not disturb the others. So write line 1, run, check; then line 2.
#
# | line | is | from | why |
# |---|---|---|---|
# | 1 | $E[X^2]$ | `mean_x`, `var_x` | $\mathrm{Var}(X) = E[X^2] - E[X]^2$, solved for the other term |
# | 2 | $E[(XY)^2]$ | `square_x` $= E[X^2]$, `square_y` $= E[Y^2]$ | $X^2$ and $Y^2$ are independent too |
# | 3 | $E[XY]$ | `mean_x`, `mean_y` | independence once more |
# | 4 | $\mathrm{Var}(XY)$ | `square_xy` $= E[(XY)^2]$, `mean_xy` $= E[XY]$ | the definition |
# | 5 | $\mathrm{Var}(t_1 + \dots + t_n)$ | `n`, `var_t` | $n$ independent terms, each of variance `var_t` |
# | 6 | $\mathrm{Var}(w_1 x_1 + \dots + w_n x_n)$ | `n`, `var_w`, `var_x` | lines 1 to 5, with all means 0 |
# | 7 | $E[U]$ for $U$ uniform between $a$ and $b$ | `a`, `b` | $\int_a^b \frac{u}{b-a}\,du$ |
# | 8 | $E[U^2]$ | `a`, `b` | $\int_a^b \frac{u^2}{b-a}\,du$ |
#
# Each line is a function of what it is given and of nothing else; a wrong line 1 does not cost line 4. Each
# is worth half a point. The test throws two unfair dice, whose faces `x` and `y` you see in the table, so you
# can count out every line yourself: `np.outer(x, y)` lists all products, each equally likely.

# %% solution="Derivation"
class Derivation:
    """From the variance of a product to that of a layer's output, and the first two moments of a uniform number."""

    def line_1(self, mean_x, var_x):
        """E[X^2]"""
        ### BEGIN SOLUTION
        return var_x + mean_x**2
        ### END SOLUTION

    def line_2(self, square_x, square_y):
        """E[(XY)^2]"""
        ### BEGIN SOLUTION
        return square_x * square_y
        ### END SOLUTION

    def line_3(self, mean_x, mean_y):
        """E[XY]"""
        ### BEGIN SOLUTION
        return mean_x * mean_y
        ### END SOLUTION

    def line_4(self, square_xy, mean_xy):
        """Var(XY)"""
        ### BEGIN SOLUTION
        return square_xy - mean_xy**2
        ### END SOLUTION

    def line_5(self, n, var_t):
        """Var(t_1 + ... + t_n)"""
        ### BEGIN SOLUTION
        return n * var_t
        ### END SOLUTION

    def line_6(self, n, var_w, var_x):
        """Var(w_1 x_1 + ... + w_n x_n), all means 0"""
        ### BEGIN SOLUTION
        return n * var_w * var_x
        ### END SOLUTION

    def line_7(self, a, b):
        """E[U]"""
        ### BEGIN SOLUTION
        return (a + b) / 2
        ### END SOLUTION

    def line_8(self, a, b):
        """E[U^2]"""
        ### BEGIN SOLUTION
        return (a**2 + a * b + b**2) / 3
        ### END SOLUTION

# %% test="Derivation" points=4
def each_line(Derivation, x, y, n):
    """Every line for two dice with the faces x and y and n throws; U lies between the first two faces of x."""
    lines = Derivation()
    mean_x, mean_y, var_x, var_y = [float(m) for m in (x.mean(), y.mean(), x.var(), y.var())]
    square_x, square_y, square_xy = [float((faces**2).mean()) for faces in (x, y, np.outer(x, y))]
    asked = {
        "line 1": lambda: lines.line_1(mean_x, var_x),
        "line 2": lambda: lines.line_2(square_x, square_y),
        "line 3": lambda: lines.line_3(mean_x, mean_y),
        "line 4": lambda: lines.line_4(square_xy, float(np.outer(x, y).mean())),
        "line 5": lambda: lines.line_5(n, var_y),
        "line 6": lambda: lines.line_6(n, var_x, var_y),
        "line 7": lambda: lines.line_7(float(x[0]), float(x[1])),
        "line 8": lambda: lines.line_8(float(x[0]), float(x[1])),
    }
    found = {}
    for name, line in asked.items():
        try:
            found[name] = line()
        except NotImplementedError:
            found[name] = "not written yet"
    return found

check(Derivation, through=each_line)
### BEGIN HIDDEN TESTS
def cases(rng):
    def faces(count):
        return np.sort(rng.normal(rng.uniform(-2, 2), 2, size=count))

    yield np.array([1.0, 4.0, 4.0]), np.array([-2.0, 8.0]), 3
    yield np.array([-1.0, 2.0, 5.0]), np.array([1.0, 3.0, 3.0, 5.0]), 100
    yield faces(2), faces(5), 7
    yield faces(6), faces(6), 512
    yield faces(3), faces(2), 1

lines = [f"line {number}" for number in range(1, 9)]
examine(Derivation, cases, public=2, through=each_line, parts=lines, points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · The variance of a product
#
# Now insert lines 1, 2 and 3 into line 4, and multiply out. One term cancels, three are left:
#
# $$\mathrm{Var}(XY) = E[X]^2\,\mathrm{Var}(Y) + E[Y]^2\,\mathrm{Var}(X) + \mathrm{Var}(X)\,\mathrm{Var}(Y)$$
#
# for independent `X` and `Y`. Write it as a function of the two means and the two variances (not of the
# standard deviations). The arguments are numbers, or float arrays of one shape, entry by entry; the result has
# that shape.
#
# *Predict before you check: which terms are left when both means are 0? And when `Y` is a constant?*

# %% solution="product_variance"
from coursekit.functions.variance import product_variance

# %% test="product_variance" points=2
check(product_variance)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 2.0, 3.0, 5.0, 7.0
    yield 0.0, 0.5, -3.0, 4.0
    yield np.array([1.0, 0.0]), np.array([0.0, 2.0]), np.array([4.0, 0.0]), np.array([3.0, 5.0])
    yield 0.0, 2.0, 0.0, 0.25
    yield tuple(float(v) for v in rng.uniform(0.5, 3, size=4))
    (mean_x, mean_y), (var_x, var_y) = rng.normal(size=(2, 2, 3)), rng.uniform(0, 2, size=(2, 2, 3))
    yield mean_x, var_x, mean_y, var_y

examine(product_variance, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · The variance of a uniform number
#
# `U` is drawn uniformly between `a` and `b`, where `a < b`. From the density $1/(b-a)$ follows
#
# $$\mathrm{Var}(U) = \int_a^b \Big(u - \frac{a+b}{2}\Big)^2 \frac{du}{b-a} .$$
#
# Work out the integral on paper and write the variance as a function of `a` and `b`: numbers, or float arrays
# of one shape. (Or take lines 7 and 8 and the definition of the variance.)

# %% solution="uniform_variance"
from coursekit.functions.variance import uniform_variance

# %% test="uniform_variance" points=2
check(uniform_variance)
### BEGIN HIDDEN TESTS
def cases(rng):
    yield 1.0, 7.0
    yield -3.0, 3.0
    yield np.array([0.0, -4.0]), np.array([1.0, -1.0])
    yield 0.0, 0.05
    low = rng.normal(size=(2, 2))
    yield low, low + rng.uniform(0.5, 3, size=(2, 2))
    yield float(rng.uniform(-3, -1)), float(rng.uniform(1, 3))

examine(uniform_variance, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · Glorot's compromise
#
# On the way forwards a layer adds up `d_in` terms and wants weights of variance `1 / d_in`; on the way back
# the gradient adds up `d_out` terms and wants `1 / d_out`. Glorot and Bengio (2010) take $2 / (d_{in} +
# d_{out})$. Draw weights of this variance **uniformly from an interval around 0**: which bound `k` gives
# `U[-k, k]` that variance?
#
# - `shape` is the tuple `(d_in, d_out)`; the result is a new float array of that shape.
# - `rng` is the generator to draw from.

# %% solution="glorot_uniform"
from coursekit.functions.initializers import glorot_uniform

# %% test="glorot_uniform" points=3
check(glorot_uniform)
### BEGIN HIDDEN TESTS
def cases(rng):
    for d_in, d_out in [(60, 40), (300, 100), (20, 900), (500, 30), (1, 5)]:
        k = float(np.sqrt(6 / (d_in + d_out)))
        yield Case((d_in, d_out), np.random.default_rng(int(rng.integers(2**32))), law={"uniform": (-k, k)})

examine(glorot_uniform, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · He's rule for ReLU
#
# ReLU takes away half of the second moment of what enters it, if that is symmetric around 0. He and
# colleagues (2015) make up for it with weights of twice the variance: **normally distributed**, mean 0,
# variance $2 / d_{in}$.
#
# - `shape` is `(d_in, d_out)`; the result is a new float array of that shape, drawn from `rng`.
# - NumPy's `rng.normal` has an argument called `scale`. Is that a variance?

# %% solution="he_normal"
from coursekit.functions.initializers import he_normal

# %% test="he_normal" points=3
check(he_normal)
### BEGIN HIDDEN TESTS
def cases(rng):
    for d_in, d_out in [(60, 40), (300, 100), (30, 700), (500, 30), (5, 1)]:
        law = {"normal": (0.0, float(np.sqrt(2 / d_in)))}
        yield Case((d_in, d_out), np.random.default_rng(int(rng.integers(2**32))), law=law)

examine(he_normal, cases, public=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · Weights that change no length
#
# The columns of an **orthogonal** matrix are at right angles to each other and of length 1, so that `x @ W`
# is exactly as long as `x`. Draw one at random: fill a matrix with independent normal numbers and let
# `np.linalg.qr` make its columns orthonormal, $A = QR$.
#
# - `shape` is `(d_in, d_out)`. With at least as many rows as columns, the *columns* are orthonormal,
#   `W.T @ W = I`. With fewer rows than columns that is impossible; then the *rows* are, `W @ W.T = I`.
# - Everything is multiplied by `gain`.
# - Every direction must be equally likely. The bare `Q` of the computer is biased (its first entry is never
#   positive, look at it!). The cure is Mezzadri's (2007): multiply column `j` of `Q` by the sign of `R[j, j]`.
#
# The test looks at the products above, and at the first entry of 400 matrices of shape (3, 3), which must be
# spread evenly between -1 and 1.

# %% solution="orthogonal"
from coursekit.functions.initializers import orthogonal

# %% test="orthogonal" points=4
def properties(orthogonal, shape, rng, gain, draws):
    """One draw: its shape and its products with itself. Many draws: the first entry of each."""
    if draws > 1:
        seeds = rng.integers(2**32, size=draws)
        matrices = [orthogonal(shape, np.random.default_rng(int(seed)), gain) for seed in seeds]
        return np.array([W[0, 0] for W in matrices], dtype=float)
    W = orthogonal(shape, rng, gain)
    products = W.T @ W if shape[0] >= shape[1] else W @ W.T
    return {"shape": W.shape, "products": np.round(products, 12) + 0.0}

check(orthogonal, through=properties)
### BEGIN HIDDEN TESTS
def cases(rng):
    def generator():
        return np.random.default_rng(int(rng.integers(2**32)))

    yield (3, 2), generator(), 1.0, 1
    yield (2, 3), generator(), 1.3, 1
    yield Case((3, 3), generator(), 1.0, 400, law={"uniform": (-1.0, 1.0)})
    yield (7, 7), generator(), 0.7, 1
    yield (20, 6), generator(), 2.0, 1
    yield (5, 16), generator(), 1.0, 1

examine(orthogonal, cases, public=3, through=properties)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 · Few weights, but real ones
#
# Martens (2010) gives each unit only a few inputs that count: in **each column** exactly `fan_in` weights, at
# rows drawn at random without repetition, are normally distributed with mean 0 and standard deviation `std`;
# all the others are 0. However wide the layer before is, a unit then receives `fan_in` terms.
#
# - `shape` is `(d_in, d_out)`; the result is a new float array of that shape, drawn from `rng`.
# - The rows are drawn anew for each column.
# - If there are fewer than `fan_in` inputs, all of them get a weight.

# %% solution="sparse"
from coursekit.functions.initializers import sparse

# %% test="sparse" points=3
def seen(sparse, shape, rng, fan_in, std, look):
    """What is there to see: how many non-zeros a column has, or their values, or their rows."""
    W = sparse(shape, rng, fan_in, std)
    filled = np.asarray(W) != 0
    if look == "counts":
        return {"shape": W.shape, "non-zeros in each column": filled.sum(axis=0),
                "all columns use the same rows": bool((filled == filled[:, :1]).all())}
    return W[filled] if look == "values" else np.nonzero(filled)[0]

check(sparse, through=seen)
### BEGIN HIDDEN TESTS
def cases(rng):
    def generator():
        return np.random.default_rng(int(rng.integers(2**32)))

    yield (8, 12), generator(), 3, 1.0, "counts"
    yield Case((100, 150), generator(), 10, 0.5, "values", law={"normal": (0.0, 0.5)})
    yield (4, 6), generator(), 15, 1.0, "counts"
    yield Case((200, 300), generator(), 10, 1.0, "rows", law={"mean": 99.5, "within": (0, 199), "variance": 3333.25})
    yield (30, 50), generator(), 20, 2.0, "counts"
    yield Case((50, 400), generator(), 5, 3.0, "values", law={"normal": (0.0, 3.0)})

examine(sparse, cases, public=3, through=seen)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · A signal on its way down
#
# Send `X` through layer after layer, without biases. Each layer multiplies what comes in by its `W` and
# applies `activation`; what comes out enters the next one. After each layer note the standard deviation of
# **all** entries that come out, together (divide by their number, as NumPy does).
#
# - `weights` is a list of matrices that fit together; `activation` is a function, called once a layer.
# - The result is an array of shape `(depth,)`, one number a layer. The input's own deviation is not in it.
# - The arithmetic stays in the precision that comes in: float32 matrices and data are not made float64.

# %% solution="signal_std_by_depth"
from coursekit.functions.variance import signal_std_by_depth

# %% test="signal_std_by_depth" points=3
check(signal_std_by_depth)
### BEGIN HIDDEN TESTS
from coursekit.plain import Formula

identity = Formula("lambda z: z")
relu = Formula("lambda z: np.maximum(z, 0)")
tanh = Formula("lambda z: np.tanh(z)")

def chain(rng, n, *sizes, scale=1.0):
    weights = [rng.normal(0, scale / np.sqrt(i), size=(i, o)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
    return rng.normal(0.3, 1, size=(n, sizes[0])), weights

def cases(rng):
    yield np.array([[1.0, -1.0], [3.0, 2.0]]), [np.array([[2.0, 0.0], [0.0, 1.0]])], relu
    yield np.array([[1.0, -1.0]]), [np.array([[2.0], [1.0]]), np.array([[3.0, -1.0]])], identity
    yield np.array([[2.0], [-1.0]]), [np.array([[1.0, -1.0]]), np.array([[1.0], [3.0]])], relu
    yield *chain(rng, 6, 4, 3, 5, 2), tanh
    yield *chain(rng, 30, 16, 16, 16, 16, 16, 16, scale=1.5), relu
    X, weights = chain(rng, 20, 12, 12, 12, scale=2.0)
    yield X.astype(np.float32), [W.astype(np.float32) for W in weights], relu
    yield *chain(rng, 5, 3, 8), identity

examine(signal_std_by_depth, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · Let the data decide
#
# For an unusual activation nobody may know the right variance. Mishkin and Matas (2016) measure instead
# (LSUV, layer by layer): push a batch `X` forwards; at each layer compute `z = a @ W`, divide `W` by the
# standard deviation of all entries of `z`, and go on **with the rescaled layer**: its outputs, of standard
# deviation 1, go through the activation into the next one.
#
# - `weights` is a list of matrices, `X` is `(n, d)`, `activation` a function. Return a list of new matrices.
# - If the standard deviation is 0, there is nothing to rescale: raise a `ValueError`.

# %% solution="lsuv"
from coursekit.functions.initializers import lsuv

# %% test="lsuv" points=3
check(lsuv)
### BEGIN HIDDEN TESTS
from coursekit.plain import Formula

relu = Formula("lambda z: np.maximum(z, 0)")
tanh = Formula("lambda z: np.tanh(z)")

def layers(rng, n, *sizes):
    weights = [rng.normal(size=(i, o)) for i, o in zip(sizes[:-1], sizes[1:], strict=True)]
    return weights, rng.normal(0.5, 1, size=(n, sizes[0]))

def cases(rng):
    yield [np.array([[2.0]])], np.array([[1.0], [4.0]]), tanh
    yield [np.array([[1.0, -2.0]]), np.array([[3.0], [1.0]])], np.array([[1.0], [-1.0], [3.0]]), relu
    yield [np.zeros((2, 3))], np.array([[1.0, -1.0]]), tanh
    yield *layers(rng, 10, 4, 5, 3), tanh
    yield *layers(rng, 25, 6, 6, 6, 6), relu

examine(lsuv, cases, public=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · Why not start from nothing?
#
# A network has one hidden layer of 100 ReLU units and is trained by gradient descent. "In a trained network",
# somebody says, "about half of the weights are positive, half are negative, and their mean is close to 0. So
# zero is the best guess for each of them." Consider three starts, with all biases 0:
#
# 1. all weights of both layers are 0;
# 2. all weights of both layers are 0.2;
# 3. the hidden layer's weights are all 0.2, the output layer's are drawn at random.
#
# For each start: are the outputs of two hidden units different? Are their gradients? What has become of the
# hidden layer after many steps? And what is wrong with the argument in quotes? About ten sentences; a few
# lines of code in a cell of your own are welcome. This answer is read and marked by a person.

# %% [markdown] answer="why-not-zero" points=4
# *Double-click here and write.*
#
# ### BEGIN SOLUTION
# 1. All hidden outputs are relu(0) = 0. The output layer's weights get the gradient (hidden outputs)^T
#    dlogits = 0. The hidden layer gets dlogits W2^T = 0 because W2 is 0 (and ReLU's slope at 0 counts as 0
#    too). Only the output biases learn: the network gives the same class frequencies for every input, for
#    ever.
# 2. All hidden units have the same output. Row j of W2 is the same for all j, so the gradient that comes back
#    to each hidden unit is the same as well; all of them make the same step and stay equal for ever: 100
#    units compute what one unit could. (The output units do differ, since each class gets its own gradient,
#    but every hidden unit is treated alike.) The network learns a little, like one with a single hidden unit.
# 3. At first the hidden outputs are equal. But the gradient that comes back to unit j is dlogits times row j
#    of W2, and the rows differ, so the units take different steps and part company: the symmetry is broken by
#    the output layer. It starts poorly (all units look in the same direction) but it is not stuck. The
#    argument takes the mean of the weights for their distribution: that the average is 0 does not make 0 a
#    typical value. The weights must differ from each other; random numbers around 0 have the same mean and do
#    differ.
#
# Rubric: 1 point for start 1 (no gradient reaches any weight; only output biases move); 1 point for start 2
# (equal outputs and equal gradients, equal for ever, one effective unit); 1 point for start 3 (gradients
# differ because the rows of the output weights do, so symmetry breaks); 1 point for mean against
# distribution, or "they must differ".
# ### END SOLUTION

# %% [markdown]
# ## 11 · Quiz
#
# Type each answer in its cell and run the cell below it, which tells you whether the *form* of the answer is
# right. Whether the answer is right you learn with your marks. Numbers may be typed as formulas, in quotes:
# `"sqrt(3/100)"`.
#
# Some questions have numbers of your own. So say who you are first: the id under which you hand in.

# %%
student_id = "..."

# %% quiz="q_bound"

# %% quiz="q_variance"

# %% quiz="q_why_two"

# %% quiz="q_zero"

# %% quiz="q_backward"

# %% quiz="q_depth"

# %% quiz="q_one_relu"

# %% quiz="q_leaky"

# %% quiz="q_mean_not_zero"

# %% quiz="q_true"

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel, run everything from top to bottom, and look at what is left:

# %%
progress()
