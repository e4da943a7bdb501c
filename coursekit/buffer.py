"""One flat array for all the parameters of a model, so that an optimiser's step is a few operations in all."""

import numpy as np


def lay_out(layers, dtype):
    """Move the trainable parameters of `layers` and their gradients into two flat arrays; views take their places.

    Returns (P, G, layout): layout lists (layer, parameter name, slice of P), in the order of the layers.
    """
    layout, end = [], 0
    for layer in layers:
        for part in layer.walk():
            for name, value in part.params.items():
                if part.trainable and layer.trainable:
                    layout.append((part, name, slice(end, end + value.size)))
                    end += value.size
    P, G = np.empty(end, dtype), np.zeros(end, dtype)
    for part, name, where in layout:
        shape = part.params[name].shape
        part.params.move(name, P[where].reshape(shape))
        part.grads.move(name, G[where].reshape(shape))
    return P, G, layout
