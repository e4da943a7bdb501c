"""Digits equal to scikit-learn's copy, drawn points by their geometry, MNIST on small files made here."""

import gzip
import struct
import sys

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
    assert abs(np.corrcoef((X - centres[y]).T)[0, 1]) < 0.1  # round: each coordinate has noise of its own


def test_moons_without_noise_lie_on_two_circles():
    X, y = datasets.moons(101, noise=0, rng=np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(X[y == 0], axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(X[y == 1] - [1, 0.5], axis=1), 1)
    assert (X[y == 0, 1] >= -1e-12).all() and (X[y == 1, 1] <= 0.5 + 1e-12).all()


def test_moons_blur_in_both_directions():
    sharp, blurred = (datasets.moons(3000, noise=noise, rng=np.random.default_rng(0))[0] for noise in (0, 0.3))
    assert abs(np.corrcoef((blurred - sharp).T)[0, 1]) < 0.1


@pytest.mark.parametrize("n", [1, 2])
def test_moons_of_one_point_begin_where_all_moons_do(n):
    np.testing.assert_allclose(datasets.moons(n, noise=0, rng=np.random.default_rng(0))[0], [[1, 0], [0, 0.5]][:n])


def test_arms_of_spirals_are_one_arm_turned():
    X, y = datasets.spirals(7, classes=3, noise=0, rng=np.random.default_rng(0))
    c, s = np.cos(2 * np.pi / 3), np.sin(2 * np.pi / 3)
    np.testing.assert_allclose(X[y == 1], X[y == 0][:2] @ [[c, s], [-s, c]])  # a third of a turn, counter-clockwise
    np.testing.assert_allclose(np.linalg.norm(X[y == 0], axis=1), [1 / 3, 2 / 3, 1])


def test_noise_of_spirals_is_in_the_angle_and_in_the_radius():
    X, _ = datasets.spirals(20000, classes=1, turns=0, noise=0.02, rng=np.random.default_rng(0))
    outer = X[-10000:]  # beyond radius 1/2, where noise turns no radius round
    angle, radius = np.arctan2(outer[:, 1], outer[:, 0]), np.linalg.norm(outer, axis=1)
    assert abs(angle.mean()) < 0.002 and angle.std() == pytest.approx(0.04, rel=0.05)
    assert (radius - (np.arange(10000, 20000) + 1) / 20000).std() == pytest.approx(0.01, rel=0.05)


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
    assert len(X_train) == len(y_train) == 60000 and len(X_test) == len(y_test) == 10000 and y_train[7] == 7
    assert X_test[0, 0] == 60000 % 256


def test_mnist_without_files_and_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)  # as if it were not installed
    with pytest.raises(ImportError, match="pip install scikit-learn, or pass the folder"):
        datasets.mnist()


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
    write_idx(tmp_path / "whole.gz", 0x08, np.zeros((3, 4), np.uint8))
    (tmp_path / "half.gz").write_bytes((tmp_path / "whole.gz").read_bytes()[:-9])
    with pytest.raises(ValueError, match="no whole gzip file"):
        datasets.read_idx(tmp_path / "half.gz")
    (tmp_path / "head").write_bytes(bytes([0, 0, 0x08, 3, 0, 0, 0, 1]))
    with pytest.raises(ValueError, match="promises an array of 3 axes, but ends after 8 bytes"):
        datasets.read_idx(tmp_path / "head")
    (tmp_path / "deep").write_bytes(bytes([0, 0, 0x08, 255]) + bytes([0, 0, 0, 1]) * 255 + b"7")
    with pytest.raises(ValueError, match="promises an array of 255 axes"):
        datasets.read_idx(tmp_path / "deep")
    for name, shape in zip(datasets.MNIST_FILES, [(3,), (3, 2, 2), (1, 2, 2), (1,)], strict=True):
        write_idx(tmp_path / name, 0x08, np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match=r"images of shape \(3,\) and labels of shape \(3, 2, 2\)"):
        datasets.mnist(tmp_path)
    write_idx(tmp_path / "cut", 0x08, np.zeros((3, 4), np.uint8))
    (tmp_path / "cut").write_bytes((tmp_path / "cut").read_bytes()[:-5])
    with pytest.raises(ValueError, match=r"promises shape \(3, 4\), 12 bytes, but holds 7"):
        datasets.read_idx(tmp_path / "cut")
