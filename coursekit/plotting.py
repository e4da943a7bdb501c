"""Figures in one style. Each helper draws on `ax`, a new one if none is given, and returns it; `describe` shows it.

Importing this module applies the style to matplotlib; the rest of coursekit does without it.
Meaning never rests on colour alone: curves differ in line style, classes in marker.
"""

import base64
import html
import io
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from coursekit.inputs import even, positive

plt.style.use(Path(__file__).with_suffix(".mplstyle"))

# Okabe & Ito (2008), without the yellow that white paper swallows.
BLUE, VERMILION, GREEN, PURPLE, SKY, ORANGE, BLACK = PALETTE = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")


def axes(ax=None, xlabel=None, ylabel=None, title=None):
    """`ax` with its labels; a new figure's if ax is None. Write the unit into the label: "time (s)".

    >>> axes(xlabel="time (s)").get_xlabel()
    'time (s)'
    """
    if ax is None:
        _, ax = plt.subplots()
    texts = {"xlabel": xlabel, "ylabel": ylabel, "title": title}
    ax.set(**{name: text for name, text in texts.items() if text is not None})
    return ax


def line(x, *curves, labels=None, ax=None, xlabel=None, ylabel=None, title=None):
    """One or more curves over the same x, each with its own colour and line style, named in a legend.

    x is (n,), each curve (n,).

    >>> z = np.linspace(-3, 3, 61)
    >>> ax = line(z, np.tanh(z), 1 - np.tanh(z) ** 2, labels=["tanh", "its derivative"], xlabel="z")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['tanh', 'its derivative']
    """
    if labels and len(labels) != len(curves):
        raise ValueError(f"line expected a label for each of its {len(curves)} curves, received {labels!r}")
    ax = axes(ax, xlabel, ylabel, title)
    for curve, label in zip(curves, labels or [None] * len(curves), strict=True):
        ax.plot(x, curve, label=label)
    if labels:
        ax.legend()
    return ax


def learning_curves(history, metric="loss", *, ax=None, title=None):
    """`metric` after each epoch on the training set and, where there is one, on the validation set.

    history is what `fit` returns or a dict such as `{"loss": [...], "val_loss": [...]}`.

    >>> ax = learning_curves({"loss": [2.3, 1.1, 0.7], "val_loss": [2.3, 1.3, 1.0]})
    >>> ax.get_xlabel(), ax.get_ylabel(), len(ax.get_lines())
    ('epoch', 'loss', 2)
    """
    history = getattr(history, "history", history)
    if metric not in history:
        raise ValueError(f"no {metric!r} was recorded; there are {', '.join(history) or 'none'}")
    names = {metric: "training", "val_" + metric: "validation"}
    curves = {names[key]: history[key] for key in names if key in history}
    epochs = np.arange(1, len(history[metric]) + 1)
    return line(epochs, *curves.values(), labels=list(curves), ax=ax, xlabel="epoch", ylabel=metric, title=title)


def band(x, runs, label=None, *, ax=None, xlabel=None, ylabel=None, title=None):
    """The mean of several runs, in a band of one standard error (deviation / sqrt(runs)) to each side.

    x is (n,), runs (runs, n): the same experiment from at least two seeds.

    >>> ax = band([1, 2], [[1.0, 2.0], [3.0, 2.0]], "two seeds")
    >>> ax.get_lines()[0].get_ydata()
    array([2., 2.])
    """
    runs = _numbers("band", "runs (runs, n) of at least two seeds", runs, ndim=(2,))
    if len(runs) < 2:
        raise ValueError(f"band expected runs (runs, n) of at least two seeds, received shape {runs.shape}")
    mean, error = runs.mean(axis=0), runs.std(axis=0, ddof=1) / np.sqrt(len(runs))
    ax = axes(ax, xlabel, ylabel, title)
    (curve,) = ax.plot(x, mean, label=label)
    ax.fill_between(x, mean - error, mean + error, color=curve.get_color(), alpha=0.2, linewidth=0)
    if label:
        ax.legend()
    return ax


def image_grid(images, labels=None, *, columns=10, ax=None, title=None, limits=None):
    """Images side by side, dark on light. images is (n, h, w), or (n, h * h) for square ones; labels name each.

    limits are the values that are white and black; the smallest and the largest if not given.

    >>> ax = image_grid(np.eye(64)[:12], labels=range(12))
    >>> ax.images[0].get_array().shape                           # 2 rows of 10 images of 8 x 8, a pixel between two
    (17, 89)
    """
    images = _numbers("image_grid", "images (n, h, w), or (n, h * h) for square ones", images, ndim=(2, 3))
    if images.ndim == 2:
        side = round(images.shape[1] ** 0.5)
        if side**2 != images.shape[1]:
            raise ValueError(f"image_grid expected rows of h * h pixels, received shape {images.shape}")
        images = images.reshape(len(images), side, side)
    n, height, width = images.shape
    if labels is not None and len(labels) != n:
        raise ValueError(f"image_grid expected a label for each of its {n} images, received {len(labels)}")
    columns = min(positive("columns", columns, "image_grid"), n)
    rows = -(-n // columns)
    mosaic = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    ax = axes(ax, title=title)
    for i, image in enumerate(images):
        top, left = i // columns * (height + 1), i % columns * (width + 1)
        mosaic[top:top + height, left:left + width] = image
        if labels is not None:
            ax.text(left - 0.3, top - 0.3, str(labels[i]), color=VERMILION, fontsize=8, va="top", weight="bold")
    low, high = limits or (images.min(), images.max())
    ax.imshow(mosaic, cmap="gray_r", vmin=low, vmax=high)
    ax.set_axis_off()
    return ax


def layer_histograms(layers, labels=None, *, bins=60, limits=None, ax=None, xlabel="value", title=None):
    """One histogram a layer, the first at the top, all on the same axis: do the values spread, shrink or pile up?

    layers is a list of arrays (activations, gradients or weights); each histogram is scaled to its own peak, and its
    standard deviation stands at its right.

    >>> ax = layer_histograms([np.linspace(-1, 1, 100), np.zeros(100)])
    >>> [text.get_text() for text in ax.texts]
    ['std 0.583', 'std 0']
    """
    layers = [np.ravel(layer) for layer in layers]
    if limits is None:
        finite = np.concatenate([layer[np.isfinite(layer)] for layer in layers])
        limits = (finite.min(), finite.max()) if finite.size and np.ptp(finite) > 0 else (-1, 1)
    edges = np.linspace(*limits, positive("bins", bins, "layer_histograms") + 1)
    if labels and len(labels) != len(layers):
        raise ValueError(f"layer_histograms expected a label for each of its {len(layers)} arrays, received {labels!r}")
    ax = axes(ax, xlabel, title=title)
    for i, layer in enumerate(layers):
        counts, _ = np.histogram(layer, edges)
        base = -i
        ax.stairs(base + 0.85 * counts / max(counts.max(), 1), edges, baseline=base, fill=True, color=BLUE, alpha=0.7)
        ax.annotate(f"std {layer.std():.3g}", (1, base + 0.1), xycoords=("axes fraction", "data"), ha="right",
                    fontsize=8)
    ax.set_yticks(-np.arange(len(layers)), labels or [f"layer {i + 1}" for i in range(len(layers))])
    ax.grid(axis="y", visible=False)
    return ax


def decision_regions(predict, X, y, *, ax=None, steps=200, xlabel="$x_1$", ylabel="$x_2$", title=None):
    """The plane in the colours of the classes that `predict` gives, and the points (n, 2) on it with their true class.

    predict takes (m, 2) and gives m classes 0, 1, 2, ...

    >>> X = np.array([[-1.0, 0.0], [1.0, 0.0]])
    >>> ax = decision_regions(lambda X: (X[:, 0] > 0).astype(int), X, np.array([0, 1]))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['class 0', 'class 1']
    """
    X, y = _numbers("decision_regions", "points X (n, 2)", X, ndim=(2,)), np.asarray(y)
    if X.shape[1] != 2 or y.shape != X.shape[:1]:
        raise ValueError(f"decision_regions expected X (n, 2) and y (n,), received shapes {X.shape} and {y.shape}")
    low, high = X.min(axis=0), X.max(axis=0)
    low, high = low - 0.1 * (high - low) - 1e-9, high + 0.1 * (high - low) + 1e-9
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], steps), np.linspace(low[1], high[1], steps))
    regions = np.asarray(predict(np.stack([x1.ravel(), x2.ravel()], axis=1))).reshape(x1.shape)
    classes = int(max(regions.max(), y.max())) + 1
    colours = [PALETTE[k % len(PALETTE)] for k in range(classes)]
    ax = axes(ax, xlabel, ylabel, title)
    ax.pcolormesh(x1, x2, regions, cmap=ListedColormap(colours), vmin=-0.5, vmax=classes - 0.5, alpha=0.25,
                  shading="nearest", rasterized=True)
    for k in range(classes):
        ax.scatter(*X[y == k].T, s=18, color=colours[k], marker=MARKERS[k % len(MARKERS)], edgecolors="white",
                   linewidths=0.5, label=f"class {k}")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    ax.grid(visible=False)
    return ax


def matrix(M, *, ax=None, xlabel=None, ylabel=None, title=None, label=None):
    """A matrix as a picture with a colour bar: white is 0, blue negative, red positive.

    >>> matrix(np.array([[1.0, -2.0], [0.0, 1.0]])).images[0].get_clim()
    (-2.0, 2.0)
    """
    M = _numbers("matrix", "M (rows, columns)", M, ndim=(2,))
    ax = axes(ax, xlabel, ylabel, title)
    largest = float(np.max(np.abs(M))) or 1.0
    image = ax.imshow(M, cmap="RdBu_r", vmin=-largest, vmax=largest)
    ax.figure.colorbar(image, ax=ax, label=label)
    ax.grid(visible=False)
    return ax


def descent_paths(f, xlim, ylim, paths, *, ax=None, levels=None, steps=200, xlabel="$w_1$", ylabel="$w_2$", title=None):
    """Contour lines of f over the plane, and on it the path (steps, 2) of each optimiser in the dict `paths`.

    f takes two arrays and gives one of their shape; levels are 25 by default, equally far apart in log(1 + f - min f).

    >>> ax = descent_paths(lambda u, v: u**2 + v**2, (-1, 1), (-1, 1), {"sgd": np.array([[1.0, 1.0], [0.5, 0.5]])})
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['sgd']
    """
    u, v = np.meshgrid(np.linspace(*xlim, steps), np.linspace(*ylim, steps))
    height = f(u, v)
    if levels is None:
        low = height.min()
        levels = low + np.expm1(np.linspace(0, np.log1p(height.max() - low), 25))
    ax = axes(ax, xlabel, ylabel, title)
    ax.contour(u, v, height, levels=levels, colors="0.75", linewidths=0.8)
    for i, (name, path) in enumerate(paths.items()):
        ax.plot(*np.asarray(path).T, marker=MARKERS[i % len(MARKERS)], markersize=4, label=name)
    ax.set(xlim=xlim, ylim=ylim)
    ax.grid(visible=False)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def _numbers(owner, what, values, ndim):
    values = even(values, what)
    if values.ndim not in ndim or not values.size or values.dtype.kind not in "biuf":
        raise ValueError(f"{owner} expected {what}, numbers, received {values.dtype} of shape {values.shape}")
    return values.astype(float, copy=False)


def describe(figure, caption, alt):
    """Shows a figure with a caption, which says what to see, and an alternative text for those who cannot see it.

    figure is a figure or an ax of it. In Jupyter the figure appears as SVG (as PNG if that were larger than 300 kB),
    elsewhere the two texts are printed. The figure is closed, so that it does not appear a second time.

    >>> ax = line([0, 1], [0, 1])
    >>> describe(ax, "The identity keeps its slope.", alt="A straight line from (0, 0) to (1, 1).")
    Figure: The identity keeps its slope.
    [A straight line from (0, 0) to (1, 1).]
    """
    if not (caption.strip() and alt.strip()):
        raise ValueError("describe needs a caption, which says what to see, and an alternative text, "
                         f"which says what is there; received {caption!r} and {alt!r}.")
    figure = getattr(figure, "figure", figure)
    text = f"Figure: {caption}\n[{alt}]"
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(text)
    else:
        from IPython.display import display
        picture = f'<img alt="{html.escape(alt)}" src="{_data_url(figure)}">'
        caption = f"<figcaption>{html.escape(caption)}</figcaption>"
        display({"text/html": f"<figure>{picture}{caption}</figure>", "text/plain": text}, raw=True)
    plt.close(figure)


def _data_url(figure, limit=300_000):
    file, kind = io.BytesIO(), "svg+xml"
    figure.savefig(file, format="svg", metadata={"Date": None})  # without the date the same figure gives the same bytes
    if file.tell() > limit:
        file, kind = io.BytesIO(), "png"
        figure.savefig(file, format="png", dpi=150)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"
