"""One array for all parameters, and views of it in the layers."""

import numpy as np
import pytest

from coursekit.buffer import aligned_zeros, lay_out
from coursekit.layers import Bidirectional, Dense, SimpleRNN


def test_values_stay_and_places_change(rng):
    layers = [Dense(3).setup((2,), rng), Dense(1).setup((3,), rng)]
    before = [value.copy() for layer in layers for value in layer.params.values()]
    P, G, layout = lay_out(layers, np.float32)
    assert P.dtype == np.float32 and P.shape == G.shape == (13,)
    np.testing.assert_array_equal(P, np.concatenate([value.ravel() for value in before]).astype(np.float32))
    assert [(layer, name, where.start, where.stop) for layer, name, where in layout] == [
        (layers[0], "W", 0, 6),
        (layers[0], "b", 6, 9),
        (layers[1], "W", 9, 12),
        (layers[1], "b", 12, 13),
    ]
    P[6:9] = 7
    layers[1].grads["W"] = np.ones((3, 1))
    assert (layers[0].params["b"] == 7).all() and (G[9:12] == 1).all()


def test_layers_inside_layers_and_frozen_ones(rng):
    outer, frozen = Bidirectional(SimpleRNN(2)).setup((4, 3), rng), Dense(2).setup((4,), rng)
    frozen.trainable = False
    kept = frozen.params["W"]
    P, _, layout = lay_out([outer, frozen], np.float64)
    assert len(P) == 2 * (3 * 2 + 2 * 2 + 2) and {layer for layer, *_ in layout} == {outer.layer, outer.other}
    assert frozen.params["W"] is kept
    outer.trainable = False
    assert len(lay_out([outer, frozen], np.float64)[0]) == 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [0, 1, 1000])
def test_long_arrays_begin_on_a_cache_line(size, dtype):
    made = [aligned_zeros(size, dtype) for _ in range(8)]
    assert all(A.shape == (size,) and A.dtype == dtype and not A.any() for A in made)
    assert all(A.ctypes.data % 64 == 0 for A in made if size)
