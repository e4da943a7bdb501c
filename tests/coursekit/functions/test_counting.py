"""Counting is judged by building the thing and counting it."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.functions import counting
from coursekit.functions.counting import count_dense, count_mlp, layer_table, steps_per_epoch

size = st.integers(1, 40)
sizes = st.lists(size, min_size=2, max_size=6)


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(counting)
    assert result.attempted >= 5
    assert result.failed == 0


@given(size, size, st.booleans())
def test_a_layer_has_as_many_parameters_as_its_arrays_have_entries(d_in, d_out, bias):
    W, b = np.zeros((d_in, d_out)), np.zeros(d_out)
    assert count_dense(d_in, d_out, bias) == W.size + bias * b.size


@given(sizes, st.booleans())
def test_a_network_is_the_sum_of_its_layers(sizes, bias):
    layers = [count_dense(d_in, d_out, bias) for d_in, d_out in zip(sizes, sizes[1:], strict=False)]
    table = layer_table(sizes, bias)
    assert count_mlp(sizes, bias) == sum(layers)
    assert [row["parameters"] for row in table] == layers
    assert [row["weights"] + row["biases"] for row in table] == layers
    assert [row["inputs"] for row in table] + [sizes[-1]] == [sizes[0]] + [row["units"] for row in table]


@pytest.mark.parametrize(
    ("sizes", "parameters"),
    [
        # (28 * 28 + 1) * 64 + (64 + 1) * 10
        ([784, 64, 10], 50_890),
        # (64 * 64 + 1) * 32 + (32 + 1) * 3
        ([4096, 32, 3], 131_203),
        # LeNet-300-100 (LeCun et al. 1998): 235,500 + 30,100 + 1,010
        ([784, 300, 100, 10], 266_610),
        # the dense layers of AlexNet (Krizhevsky et al. 2012): 37,752,832 + 16,781,312 + 4,097,000
        ([256 * 6 * 6, 4096, 4096, 1000], 58_631_144),
        # the dense layers of VGG-16 (Simonyan & Zisserman 2015): 102,764,544 + 16,781,312 + 4,097,000
        ([512 * 7 * 7, 4096, 4096, 1000], 123_642_856),
    ],
)
def test_known_networks(sizes, parameters):
    assert count_mlp(sizes) == parameters


@given(st.integers(1, 200), st.integers(1, 50))
def test_steps_are_the_batches_one_can_cut(n, batch_size):
    batches = [range(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    assert steps_per_epoch(n, batch_size) == len(batches)
    assert steps_per_epoch(n, batch_size, drop_last=True) == sum(len(batch) == batch_size for batch in batches)


@pytest.mark.parametrize("answer", [count_dense(3, 2), count_mlp([3, 2]), steps_per_epoch(5, 2)])
def test_counts_are_ints(answer):
    assert type(answer) is int


@pytest.mark.parametrize(
    "call",
    [
        lambda: count_dense(0, 3),
        lambda: count_dense(3, -1),
        lambda: count_mlp([5]),
        lambda: count_mlp([5, 0, 2]),
        lambda: layer_table([]),
        lambda: layer_table([5, 2, 0]),
        lambda: steps_per_epoch(0, 4),
        lambda: steps_per_epoch(4, 0),
    ],
)
def test_impossible_sizes_are_refused_in_words(call):
    with pytest.raises(ValueError, match="received"):
        call()
