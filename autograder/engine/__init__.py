"""The grading engine: each hand-in in a sandbox of its own, its tests judged in another process."""

from autograder.engine.engine import Engine
from autograder.engine.doctor import Layer, layers
from autograder.engine.station import Unsafe
