"""Layers: one noun a file."""

from coursekit.layers.activation import Activation
from coursekit.layers.dense import Dense
from coursekit.layers.layer import Layer
