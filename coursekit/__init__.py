"""The small NumPy library of the course on the foundations of neural networks."""

__version__ = "0.1.0"
