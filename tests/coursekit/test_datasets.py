"""Digits equal to scikit-learn's copy, drawn points by their geometry, MNIST on small files made here."""

import gzip
import struct

import numpy as np
import pytest

from coursekit import datasets


def test_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    X, y = datasets.digits()
    X_theirs, y_theirs = load_digits(return_X_y=True)
    assert X.tobytes() == X_theirs.tobytes() and y.tobytes() == y_theirs.astype(np.int64).tobytes()
    assert datasets.digits(np.float32)[0].dtype == np.float32


def test_blobs_lie_around_centres_four_from_the_origin():
    X, y = datasets.blobs(3000, classes=4, spread=0.5, rng=np.random.default_rng(0))
    centres = np.array([X[y == k].mean(axis=0) for k in range(4)])
    np.testing.assert_allclose(centres, [[4, 0], [0, 4], [-4, 0], [0, -4]], atol=0.1)
    assert abs((X - centres[y]).std() - 0.5) < 0.03


def test_moons_without_noise_lie_on_two_circles():
    X, y = datasets.moons(101, noise=0, rng=np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(X[y == 0], axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(X[y == 1] - [1, 0.5], axis=1), 1)
    assert (X[y == 0, 1] >= -1e-12).all() and (X[y == 1, 1] <= 0.5 + 1e-12).all()


def test_spirals_wind_as_often_as_asked():
    X, y = datasets.spirals(600, classes=2, turns=1.5, noise=0, rng=np.random.default_rng(0))
    arm = X[y == 0]
    angle = np.unwrap(np.arctan2(arm[:, 1], arm[:, 0]))
    assert abs((angle[-1] - angle[0]) / (2 * np.pi) - 1.5) < 0.01
    np.testing.assert_allclose(np.linalg.norm(arm[-1]), 1)


def test_three_quarters_of_a_turn_if_nothing_is_said():
    arm = datasets.spirals(600, classes=2, noise=0, rng=np.random.default_rng(0))[0][::2]
    angle = np.unwrap(np.arctan2(arm[:, 1], arm[:, 0]))
    assert (angle[-1] - angle[0]) / (2 * np.pi) == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("make, classes", [(datasets.blobs, 3), (datasets.moons, 2), (datasets.spirals, 3)])
def test_three_hundred_points_if_nothing_is_said(make, classes):
    X, y = make(rng=np.random.default_rng(0))
    assert X.shape == (300, 2) and (np.bincount(y) == 300 // classes).all()


def test_the_noise_if_nothing_is_said():
    def draw(make, **arguments):
        return make(3000, rng=np.random.default_rng(0), **arguments)[0]

    # 3000 points, two numbers each: the deviation is known to about 1%
    assert (draw(datasets.blobs) - draw(datasets.blobs, spread=1e-12)).std() == pytest.approx(1.0, rel=0.05)
    assert (draw(datasets.moons) - draw(datasets.moons, noise=0)).std() == pytest.approx(0.1, rel=0.05)
    radius = [np.linalg.norm(draw(datasets.spirals, **noise), axis=1) for noise in ({}, {"noise": 0})]
    assert (radius[0] - radius[1]).std() == pytest.approx(0.025, rel=0.1)  # at the middle a radius below 0 turns round


@pytest.mark.parametrize("make", [datasets.blobs, datasets.moons, datasets.spirals])
def test_the_generator_decides(make):
    one, two, other = (make(50, rng=np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()


def write_idx(path, code, array):
    header = struct.pack(">BBBB", 0, 0, code, array.ndim) + struct.pack(f">{array.ndim}i", *array.shape)
    content = header + array.tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_mnist_from_idx_files(tmp_path, suffix):
    rng = np.random.default_rng(0)
    made = {name: rng.integers(0, 256 if "images" in name else 10, shape, dtype=np.uint8)
            for name, shape in zip(datasets.MNIST_FILES, [(6, 28, 28), (6,), (2, 28, 28), (2,)], strict=True)}
    for name, array in made.items():
        write_idx(tmp_path / (name + suffix), 0x08, array)
    (X_train, y_train), (X_test, y_test) = datasets.mnist(tmp_path)
    assert X_train.shape == (6, 784) and X_test.shape == (2, 784) and X_train.dtype == np.uint8
    np.testing.assert_array_equal(X_train[3].reshape(28, 28), made["train-images-idx3-ubyte"][3])
    np.testing.assert_array_equal(y_test, made["t10k-labels-idx1-ubyte"])
    assert y_train.dtype == np.int64


def test_mnist_through_scikit_learns_fetcher(monkeypatch):
    def fetch_openml(name, version, return_X_y, as_frame):  # gives what the real one gives: floats, and labels as text
        assert (name, version, return_X_y, as_frame) == ("mnist_784", 1, True, False)
        return np.tile(np.arange(70000.0)[:, None] % 256, (1, 4)), (np.arange(70000) % 10).astype(str).astype(object)

    monkeypatch.setattr("sklearn.datasets.fetch_openml", fetch_openml)
    (X_train, y_train), (X_test, y_test) = datasets.mnist()
    assert len(X_train) == 60000 and len(X_test) == 10000 and y_train[7] == 7
    assert X_test[0, 0] == 60000 % 256


@pytest.mark.parametrize("code, dtype", [(0x08, ">u1"), (0x09, ">i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"),
                                         (0x0E, ">f8")])  # fmt: skip
def test_every_type_of_the_format(tmp_path, code, dtype):
    made = np.array([[1, 2, 3], [4, 5, 6]], dtype)
    write_idx(tmp_path / "file", code, made)
    read = datasets.read_idx(tmp_path / "file")
    assert read.dtype == np.dtype(dtype).newbyteorder("=") and read.dtype.isnative
    np.testing.assert_array_equal(read, made)


def test_read_idx_reads_wider_types_big_endian(tmp_path):
    write_idx(tmp_path / "ints", 0x0C, np.array([[1, 2], [70000, -4]], ">i4"))
    np.testing.assert_array_equal(datasets.read_idx(tmp_path / "ints"), [[1, 2], [70000, -4]])


def test_errors_say_what_arrived(tmp_path):
    with pytest.raises(FileNotFoundError, match="train-images-idx3-ubyte"):
        datasets.mnist(tmp_path)
    (tmp_path / "page").write_bytes(b"<html>")
    with pytest.raises(ValueError, match="no IDX file: it starts with b'<htm'"):
        datasets.read_idx(tmp_path / "page")
    write_idx(tmp_path / "cut", 0x08, np.zeros((3, 4), np.uint8))
    (tmp_path / "cut").write_bytes((tmp_path / "cut").read_bytes()[:-5])
    with pytest.raises(ValueError, match=r"promises shape \(3, 4\), 12 bytes, but holds 7"):
        datasets.read_idx(tmp_path / "cut")
