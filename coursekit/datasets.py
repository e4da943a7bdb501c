"""Data to learn from: `X (n, d)`, one example a row, and `y (n,)`, its class as an integer.

`digits` ships with the library; `blobs`, `moons` and `spirals` are drawn from a generator that you pass in; `mnist`
reads files that you have or asks scikit-learn to fetch them.
"""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from coursekit.inputs import between, generator, number, positive

IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MNIST_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def digits(dtype=np.float64):
    """1797 handwritten digits of 8 x 8 pixels: X (1797, 64) with values 0, 1, ..., 16 and y (1797,).

    The same values in the same order as `sklearn.datasets.load_digits`. Three pixels are 0 in every image. Source and
    licence: `coursekit/data/README.md` (Alpaydin & Kaynak 1998).

    >>> X, y = digits()
    >>> X.shape, y.shape, float(X.max())
    ((1797, 64), (1797,), 16.0)
    """
    with np.load(Path(__file__).parent / "data" / "digits.npz") as file:
        return file["pixels"].astype(dtype), file["labels"].astype(np.int64)


def blobs(n=300, classes=3, *, spread=1.0, rng):
    """Round clouds: n points of the plane in `classes` normal clouds of standard deviation `spread`, centres 4 from 0.

    >>> X, y = blobs(6, rng=np.random.default_rng(0))
    >>> X.shape, y
    ((6, 2), array([0, 1, 2, 0, 1, 2]))
    """
    y = _classes("blobs", n, classes, rng)
    between("spread", spread, "blobs", 0)
    angle = 2 * np.pi * y / classes
    return 4 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + rng.normal(0, spread, (n, 2)), y


def moons(n=300, *, noise=0.1, rng):
    """Two half circles that interlock: no straight line parts them. noise is the standard deviation at each point.

    >>> X, y = moons(4, noise=0, rng=np.random.default_rng(0))
    >>> X.round(1) + 0                    # the upper moon ends at (-1, 0), the lower at (2, 0.5)
    array([[ 1. ,  0. ],
           [ 0. ,  0.5],
           [-1. ,  0. ],
           [ 2. ,  0.5]])
    """
    y = _classes("moons", n, 2, rng)
    between("noise", noise, "moons", 0)
    angle = np.pi * (np.arange(n) // 2) / max((n - 1) // 2, 1)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return np.where(y[:, None] == 0, upper, lower) + rng.normal(0, noise, (n, 2)), y


def spirals(n=300, classes=3, *, turns=0.75, noise=0.05, rng):
    """Arms that wind around 0 from radius 0 to 1; each makes `turns` turns. noise is added to the radius and the angle.

    >>> X, y = spirals(300, rng=np.random.default_rng(0))
    >>> X.shape, np.bincount(y)
    ((300, 2), array([100, 100, 100]))
    """
    y = _classes("spirals", n, classes, rng)
    number("turns", turns, "spirals")
    between("noise", noise, "spirals", 0)
    radius = (np.arange(n) // classes + 1) / ((n - 1) // classes + 1)
    angle = 2 * np.pi * (turns * radius + y / classes) + rng.normal(0, 2 * noise, n)
    radius = radius + rng.normal(0, noise / 2, n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y


def _classes(owner, n, classes, rng):
    """0, 1, ..., classes - 1, 0, 1, ...: n of them."""
    generator(rng, owner)
    return np.arange(positive("n", n, owner)) % positive("classes", classes, owner)


def mnist(folder=None):
    """70,000 handwritten digits of 28 x 28 pixels: `(X_train, y_train), (X_test, y_test)`, X of type uint8 (0 to 255).

    X_train has shape (60000, 784). folder holds the four IDX files, `train-images-idx3-ubyte` and so on, gzipped or
    not. Without a folder scikit-learn fetches them from openml.org (about 15 MB) and keeps a copy. Source: LeCun et
    al. 1998.

    >>> import tempfile
    >>> def idx(*shape):                                   # an IDX file of zeros: type, axes, shape, bytes
    ...     head = bytes([0, 0, 0x08, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
    ...     return head + bytes(math.prod(shape))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, shape in zip(MNIST_FILES, [(5, 28, 28), (5,), (2, 28, 28), (2,)], strict=True):
    ...         _ = (Path(folder) / name).write_bytes(idx(*shape))
    ...     (X_train, y_train), (X_test, y_test) = mnist(folder)
    >>> X_train.shape, y_train.shape, X_test.shape, X_train.dtype
    ((5, 784), (5,), (2, 784), dtype('uint8'))
    """
    if folder is not None:
        X_train, y_train, X_test, y_test = (read_idx(_find(Path(folder), name)) for name in MNIST_FILES)
        for X, y in ((X_train, y_train), (X_test, y_test)):
            if X.ndim != 3 or y.shape != X.shape[:1]:
                raise ValueError(f"{folder} holds images of shape {X.shape} and labels of shape {y.shape}, "
                                 "expected (n, height, width) and (n,): are the files in each other's place?")
    else:
        try:
            from sklearn.datasets import fetch_openml
        except ImportError as missing:
            raise ImportError("mnist() without a folder needs scikit-learn: pip install scikit-learn, "
                              "or pass the folder that holds the four IDX files.") from missing
        X, y = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False)
        X_train, y_train, X_test, y_test = X[:60000], y[:60000], X[60000:], y[60000:]
    return ((X_train.reshape(len(X_train), -1).astype(np.uint8), y_train.astype(np.int64)),
            (X_test.reshape(len(X_test), -1).astype(np.uint8), y_test.astype(np.int64)))


def _find(folder, name):
    for candidate in (folder / name, folder / (name + ".gz")):
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"{folder} holds neither {name} nor {name}.gz; "
                            f"MNIST needs the four files {', '.join(MNIST_FILES)}.")


def read_idx(path):
    """The array that an IDX file holds, gzipped or not.

    The format: two zero bytes, one byte for the type, one for the number of dimensions, then each dimension as a
    big-endian 32-bit integer, then the values, big-endian, last index fastest (LeCun's files of MNIST).

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "labels"
    ...     _ = path.write_bytes(bytes([0, 0, 0x08, 1, 0, 0, 0, 3, 5, 0, 4]))
    ...     read_idx(path)
    array([5, 0, 4], dtype=uint8)
    """
    content = Path(path).read_bytes()
    if content[:2] == b"\x1f\x8b":  # what every gzip file starts with
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as problem:
            raise ValueError(f"{path} is no whole gzip file ({problem}): is it cut off?") from None
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in IDX_TYPES:
        raise ValueError(f"{path} is no IDX file: it starts with {content[:4]!r}, "
                         "expected two zero bytes and a type code.")
    start = 4 + 4 * content[3]
    if len(content) < start or content[3] > 32:
        raise ValueError(f"{path} promises an array of {content[3]} axes, but ends after {len(content)} bytes.")
    shape = tuple(np.frombuffer(content[4:start], ">u4").tolist())
    dtype = np.dtype(IDX_TYPES[content[2]])
    expected = math.prod(shape) * dtype.itemsize
    if len(content) - start != expected:
        raise ValueError(f"{path} promises shape {shape}, {expected} bytes, "
                         f"but holds {len(content) - start}: is it cut off?")
    return np.frombuffer(content, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="))
