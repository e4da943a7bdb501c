"""The scalar autograd: week 5's worked example, every rule by central differences, shared operands, the drawing."""

import math

import matplotlib
import numpy as np
import pytest

from coursekit import graph
from coursekit.graph import Value
from coursekit.plotting import BLUE, VERMILION

matplotlib.use("Agg")


def test_the_worked_example_of_week_five():
    w, x = [Value(2), Value(-3), Value(-3)], [Value(-1), Value(-2)]
    f = 1 / (1 + graph.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    f.backward()
    assert round(f.data, 2) == 0.73
    assert [round(v.grad, 2) for v in w] == [-0.20, -0.39, 0.20]
    assert [round(v.grad, 2) for v in x] == [0.39, -0.59]


@pytest.mark.parametrize("f", [
    lambda a, b: a + 2 * b,
    lambda a, b: 3 - a - b,
    lambda a, b: a * b * a,
    lambda a, b: a / b + 2 / a,
    lambda a, b: (-a) ** 3 + b**0.5,
    lambda a, b: graph.exp(a * b) - graph.log(b),
    lambda a, b: graph.tanh(a) * graph.sigmoid(b),
    lambda a, b: graph.maximum(a, b) * graph.maximum(b, 5) + graph.maximum(a, 0),
])
def test_every_rule_by_central_differences(f):
    at, h = (1.3, 0.7), 1e-6
    a, b = Value(at[0]), Value(at[1])
    f(a, b).backward()
    slope_a = (f(Value(at[0] + h), b).data - f(Value(at[0] - h), b).data) / (2 * h)
    slope_b = (f(a, Value(at[1] + h)).data - f(a, Value(at[1] - h)).data) / (2 * h)
    assert (a.grad, b.grad) == pytest.approx((slope_a, slope_b), rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("f", [
    lambda a, b: a + 2 * b - 5,
    lambda a, b: 3 - a - b,
    lambda a, b: 2 / a - a / b,
    lambda a, b: (-a) ** 3 + b**0.5,
])
def test_values_are_those_of_plain_numbers(f):
    assert f(Value(1.3), Value(0.7)).data == pytest.approx(f(1.3, 0.7), rel=1e-15)


def test_functions_have_the_values_of_math():
    for z in (-1.5, 0.3, 2.0):
        assert graph.sigmoid(Value(z)).data == pytest.approx(1 / (1 + math.exp(-z)))
        assert (graph.exp(z).data, graph.tanh(z).data) == (math.exp(z), math.tanh(z))
    assert graph.log(2.0).data == math.log(2.0) and graph.maximum(2.0, -1.0).data == 2.0


def test_of_equals_the_second_gets_the_gradient():
    a, b = Value(1.0), Value(1.0)
    graph.maximum(a, b).backward()
    assert (a.grad, b.grad) == (0.0, 1.0)


def test_a_network_has_the_gradients_of_the_batch_formulas():
    from coursekit.functions.backprop import mlp_gradients

    rng = np.random.default_rng(0)
    params = [(rng.normal(size=(2, 3)), rng.normal(size=3)), (rng.normal(size=(3, 2)), rng.normal(size=2))]
    X, y = rng.normal(size=(4, 2)), np.array([0, 1, 1, 0])
    nodes = [(np.vectorize(Value)(W), np.vectorize(Value)(b)) for W, b in params]
    total = Value(0)
    for x, k in zip(X, y, strict=True):
        hidden = [graph.maximum(z, 0) for z in x @ nodes[0][0] + nodes[0][1]]
        logits = np.array(hidden) @ nodes[1][0] + nodes[1][1]
        total = total + graph.log(sum(graph.exp(z) for z in logits)) - logits[k]
    loss = total / len(X)
    loss.backward()
    expected, gradients = mlp_gradients(params, X, y)
    assert loss.data == pytest.approx(expected)
    for pair, formulas in zip(nodes, gradients, strict=True):
        for values, formula in zip(pair, formulas, strict=True):
            np.testing.assert_allclose([v.grad for v in values.ravel()], formula.ravel(), atol=1e-12)


def test_backward_twice_gives_the_same():
    x = Value(3)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 6


def test_a_sum_of_ten_thousand_terms_needs_no_recursion():
    x = Value(1)
    total = sum((x for _ in range(10_000)), Value(0))
    total.backward()
    assert x.grad == 10_000


def test_a_power_has_to_be_a_number():
    with pytest.raises(TypeError, match="write exp"):
        Value(2) ** Value(3)


def test_the_drawing_shows_each_node_once_and_none_on_top_of_another():
    a, b = Value(2, "a"), Value(3, "b")
    y = (a + b) * (a * b) + graph.exp(a)
    y.backward()
    ax = graph.draw(y)
    boxes = [text for text in ax.texts if text.get_text()]
    assert len(boxes) == len(graph.topological_order(y)) == 7
    assert f"exp\n{math.exp(2):.3g}\ngrad 1" in {text.get_text() for text in boxes}
    places = np.array([text.get_position() for text in boxes])
    apart = np.abs(places[:, None] - places[None]).max(axis=-1)[np.triu_indices(7, 1)]
    assert apart.min() >= 1
    matplotlib.pyplot.close("all")


def test_a_node_stands_right_of_its_operands_and_a_leaf_just_before_its_first_use():
    a, c = Value(0, "a"), Value(1, "c")
    figure, ax = matplotlib.pyplot.subplots()
    # tanh is one step from a, the sum two, the product three; c is first used by the sum. Leaves from above: a, c.
    assert graph.draw((graph.tanh(a) + c) * c, ax) is ax
    places = {text.get_text().split("\n")[0]: text for text in ax.texts if text.get_text()}
    assert {name: text.get_position() for name, text in places.items()} == {
        "a": (0, 0), "c": (1, -1), "tanh": (1, 0), "+": (2, -0.5), "*": (3, -0.75)}  # level with the operands' middle
    assert ax.get_xlim()[0] < 0 and ax.get_xlim()[1] > 3 and ax.get_ylim()[0] < -1 and ax.get_ylim()[1] > 0
    for name, text in places.items():
        box = text.get_bbox_patch()
        shape, colour = ("Square", VERMILION) if name in "ac" else ("Round", BLUE)
        assert type(box.get_boxstyle()).__name__ == shape
        assert box.get_edgecolor() == matplotlib.colors.to_rgba(colour)
    matplotlib.pyplot.close(figure)


@pytest.mark.parametrize("base, power, value, slope", [
    (0.0, 0, 1.0, 0.0),  # x^0 is 1 everywhere
    (0.0, 1, 0.0, 1.0),
    (0.0, 2, 0.0, 0.0),
    (-2.0, 3, -8.0, 12.0),
    (-2.0, -1, -0.5, -0.25),
    (4.0, 0.5, 2.0, 0.25),
])  # fmt: skip
def test_powers_by_hand(base, power, value, slope):
    x = Value(base)
    y = x**power
    y.backward()
    assert (y.data, x.grad) == (value, slope)


@pytest.mark.parametrize("base, power", [(0.0, 0.5), (0.0, -1), (-1.0, 0.5), (-1.0, -0.5)])
def test_powers_without_a_value_or_a_slope(base, power):
    with pytest.raises(ValueError, match="has no value or no slope"):
        Value(base) ** power


@pytest.mark.parametrize("number", [np.float32(0.5), np.array(2), np.int64(3), np.True_])
def test_numbers_of_numpy_are_numbers(number):
    assert Value(number).data == float(number) and type(Value(number).data) is float


@pytest.mark.parametrize("thing", ["2", None, np.ones(1), np.array("2"), 1j, np.array(1j)])
def test_what_is_no_number_gets_a_sentence(thing):
    with pytest.raises(TypeError, match="a Value is a plain number, received"):
        Value(thing)


def named(ax):
    """The boxes of a drawing by the first line in them."""
    return {text.get_text().split("\n")[0]: text for text in ax.texts if text.get_text()}


def test_arrows_lead_from_each_operand_to_what_is_made_of_it():
    a, b = Value(2, "a"), Value(3, "b")
    ax = graph.draw((a * a) + b)
    boxes, arrows = named(ax), [text for text in ax.texts if not text.get_text()]
    places = {text.get_position(): name for name, text in boxes.items()}
    assert sorted((places[arrow.xyann], places[arrow.xy]) for arrow in arrows) == [("*", "+"), ("a", "*"), ("b", "+")]
    assert max(arrow.get_zorder() for arrow in arrows) < min(text.get_zorder() for text in boxes.values())
    assert not ax.axison
    matplotlib.pyplot.close("all")


def test_boxes_have_room_in_a_figure_of_their_own():
    a, b = Value(2.125, "a"), Value(3, "b")
    y = (a + b) * (a * b) + graph.exp(a) / graph.log(b)
    y.backward()
    ax = graph.draw(y)
    ax.figure.canvas.draw()
    boxes = [text.get_bbox_patch().get_window_extent() for text in ax.texts if text.get_text()]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert all(ax.figure.bbox.x0 <= box.x0 and box.x1 <= ax.figure.bbox.x1 for box in boxes)
    matplotlib.pyplot.close("all")


def test_only_leaves_wait_for_their_first_use():
    a = Value(0, "a")
    late, early = graph.exp(graph.exp(graph.exp(a))), graph.tanh(a)
    places = {name: text.get_position()[0] for name, text in named(graph.draw(late + early)).items()}
    assert places == {"a": 0, "exp": 3, "tanh": 1, "+": 4}
    matplotlib.pyplot.close("all")


def test_a_number_alone_is_a_graph():
    (box,) = named(graph.draw(Value(2))).items()
    assert box[0] == "constant" and box[1].get_text() == "constant\n2\ngrad 0"
    matplotlib.pyplot.close("all")


def test_what_has_no_logarithm_and_what_is_no_graph_get_a_sentence():
    for number in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="log expected a number above 0"):
            graph.log(number)
    with pytest.raises(TypeError, match="a graph is drawn from its result, a Value, received 3"):
        graph.topological_order(3)
