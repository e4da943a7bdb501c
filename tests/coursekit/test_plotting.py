"""Figures: what is drawn where, read back from the artists; captions and alternative texts; the same bytes again."""

import matplotlib

matplotlib.use("Agg")

import sys
import types

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plotting


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_curves_differ_in_colour_and_in_line_style():
    x = np.arange(3)
    ax = plotting.line(x, *[x * k for k in range(7)], labels=list("abcdefg"), xlabel="time (s)")
    looks = [(curve.get_color(), curve.get_linestyle()) for curve in ax.get_lines()]
    assert len({colour for colour, _ in looks}) == 7
    assert all(a[1] != b[1] for a, b in zip(looks, looks[1:], strict=False))
    assert ax.get_xlabel() == "time (s)"


def test_helpers_draw_on_the_ax_they_are_given():
    _, axes = plt.subplots(1, 6)
    x = np.linspace(0, 1, 5)
    X, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    drawn = [
        plotting.line(x, x, ax=axes[0]),
        plotting.learning_curves({"loss": [1, 2]}, ax=axes[1]),
        plotting.band(x, [x, 2 * x], ax=axes[2]),
        plotting.image_grid(np.ones((3, 4, 4)), ax=axes[3]),
        plotting.layer_histograms([x], ax=axes[4]),
        plotting.decision_regions(lambda X: np.zeros(len(X), int), X, y, ax=axes[5]),
    ]
    assert all(a is b for a, b in zip(drawn, axes, strict=True))


# What a reader without one kind of cone sees of linear RGB (Machado, Oliveira & Fernandes 2009, severity 1).
DEUTERANOPIA = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
PROTANOPIA = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]


@pytest.mark.parametrize("seen", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["all cones", "deuteranopia", "protanopia"])
def test_palette_stays_apart_for_the_colour_blind(seen):
    rgb = np.array([matplotlib.colors.to_rgb(colour) for colour in plotting.PALETTE])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    shown = np.clip(linear @ np.transpose(seen), 0, 1) ** (1 / 2.4)
    distances = np.linalg.norm(shown[:, None] - shown[None], axis=-1)[np.triu_indices(len(rgb), 1)]
    assert distances.min() > 0.15
    assert [entry["color"] for entry in plt.rcParams["axes.prop_cycle"]] == list(plotting.PALETTE)


def test_learning_curves_take_fits_history_too():
    history = types.SimpleNamespace(history={"accuracy": [0.5, 0.75], "val_accuracy": [0.4, 0.6]})
    ax = plotting.learning_curves(history, "accuracy")
    np.testing.assert_array_equal(ax.get_lines()[1].get_xydata(), [[1, 0.4], [2, 0.6]])


def test_band_is_one_standard_error_wide():
    ax = plotting.band([0, 1], [[0.0, 2.0], [2.0, 2.0], [4.0, 2.0]])
    edge = ax.collections[0].get_paths()[0].vertices
    # at x = 0: mean 2, deviation 2 (n - 1), error 2 / sqrt 3
    np.testing.assert_allclose([edge[edge[:, 0] == 0, 1].min(), edge[edge[:, 0] == 0, 1].max()],
                               [2 - 2 / 3**0.5, 2 + 2 / 3**0.5])


def test_image_grid_puts_each_image_in_its_place():
    images = np.arange(5)[:, None, None] * np.ones((5, 2, 3))
    ax = plotting.image_grid(images, labels="abcde", columns=2)
    shown = np.asarray(ax.images[0].get_array())
    assert shown.shape == (8, 7)
    assert (shown[0, 0], shown[0, 4], shown[6, 0]) == (0, 1, 4) and np.isnan(shown[6, 4])
    assert [text.get_text() for text in ax.texts] == list("abcde")


def test_layer_histograms_survive_overflown_layers():
    with np.errstate(invalid="ignore"):
        ax = plotting.layer_histograms([np.array([1.0, 2.0]), np.array([np.inf, -np.inf])], limits=(0, 3))
    assert [text.get_text() for text in ax.texts] == ["std 0.5", "std nan"]


def test_decision_regions_ask_predict_for_the_whole_plane():
    X, y = np.array([[-1.0, -1.0], [1.0, 1.0], [1.0, -1.0]]), np.array([0, 1, 2])
    ax = plotting.decision_regions(lambda X: np.where(X[:, 0] < 0, 0, np.where(X[:, 1] > 0, 1, 2)), X, y, steps=11)
    mesh = np.asarray(ax.collections[0].get_array()).reshape(11, 11)
    assert (mesh[0, 0], mesh[-1, -1], mesh[0, -1]) == (0, 1, 2)


def test_matrix_is_white_at_zero():
    ax = plotting.matrix(np.array([[0.0, 3.0], [-1.0, 0.0]]))
    assert ax.images[0].get_clim() == (-3, 3)
    assert plotting.matrix(np.zeros((2, 2))).images[0].get_clim() == (-1, 1)


def test_descent_paths_draw_each_path():
    path = np.array([[1.0, 1.0], [0.2, 0.1]])
    ax = plotting.descent_paths(lambda u, v: u**2 + 10 * v**2, (-1, 1), (-1, 1), {"sgd": path})
    np.testing.assert_array_equal(ax.get_lines()[0].get_xydata(), path)


def test_describe_prints_both_texts_without_jupyter(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    ax = plotting.line([0, 1], [0, 1])
    plotting.describe(ax, "It rises.", alt="A line.")
    assert capsys.readouterr().out == "Figure: It rises.\n[A line.]\n"
    assert not plt.fignum_exists(ax.figure.number)


def test_describe_displays_an_svg_with_escaped_texts_in_jupyter(monkeypatch):
    shown = []
    IPython = pytest.importorskip("IPython")
    monkeypatch.setattr(IPython, "get_ipython", lambda: "a shell")
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    for _ in range(2):
        plotting.describe(plotting.line([0, 1], [0, 1]), "a < b", alt='say "line"')
    first, second = (data["text/html"] for data in shown)
    assert first == second  # no date, no random ids: the same figure gives the same bytes
    assert 'alt="say &quot;line&quot;"' in first
    assert "<figcaption>a &lt; b</figcaption>" in first and "data:image/svg+xml;base64," in first
    assert shown[0]["text/plain"] == 'Figure: a < b\n[say "line"]'


def test_large_figures_become_png():
    ax = plotting.axes()
    ax.scatter(*np.random.default_rng(0).normal(size=(2, 6000)))
    assert plotting._data_url(ax.figure).startswith("data:image/png")


def test_a_figure_without_alternative_text_is_refused():
    with pytest.raises(ValueError, match="alternative text"):
        plotting.describe(plotting.axes(), "caption", alt=" ")


X, y, x = np.zeros((3, 2)), np.zeros(3, np.int64), np.arange(3, dtype=np.int64)


@pytest.mark.parametrize("draw, words", [
    (lambda: plotting.line(x, x, labels=["a", "b"]), "a label for each of its 1 curves, received ['a', 'b']"),
    (lambda: plotting.learning_curves({"loss": [1.0]}, "accuracy"), "no 'accuracy' was recorded; there are loss"),
    (lambda: plotting.band(x, x), "runs (runs, n) of at least two seeds, numbers, received int64 of shape (3,)"),
    (lambda: plotting.band(x, [x]), "at least two seeds, received shape (1, 3)"),
    (lambda: plotting.band(x, [x, x[:2]]), "a list whose rows differ in length"),
    (lambda: plotting.image_grid(np.zeros((2, 15))), "rows of h * h pixels, received shape (2, 15)"),
    (lambda: plotting.image_grid(np.zeros(16)), "received float64 of shape (16,)"),
    (lambda: plotting.image_grid(np.zeros((0, 16))), "received float64 of shape (0, 16)"),
    (lambda: plotting.image_grid(np.zeros((2, 16)), labels=["a"]), "a label for each of its 2 images, received 1"),
    (lambda: plotting.image_grid(np.zeros((2, 16)), columns=0), "columns as a positive whole number, received 0"),
    (lambda: plotting.layer_histograms([x, x], labels=["a"]), "a label for each of its 2 arrays, received ['a']"),
    (lambda: plotting.layer_histograms([x], bins=0), "bins as a positive whole number, received 0"),
    (lambda: plotting.decision_regions(len, np.zeros((3, 3)), y), "X (n, 2) and y (n,), received shapes (3, 3)"),
    (lambda: plotting.decision_regions(len, X, y[:2]), "received shapes (3, 2) and (2,)"),
    (lambda: plotting.decision_regions(len, X.astype(str), y), "points X (n, 2), numbers, received <U32"),
    (lambda: plotting.matrix(x), "matrix expected M (rows, columns), numbers, received int64 of shape (3,)"),
    (lambda: plotting.matrix(np.zeros((0, 2))), "received float64 of shape (0, 2)"),
])  # fmt: skip
def test_what_cannot_be_drawn_gets_a_sentence(draw, words):
    with pytest.raises(ValueError) as caught:
        draw()
    assert words in str(caught.value)
    assert not plt.get_fignums()  # and leaves no empty figure behind
