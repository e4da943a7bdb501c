"""Random results are judged by bounds that a right answer keeps, and that wrong ones break."""

import math

import numpy as np
import pytest

from coursekit.laws import FALSE_REJECTION, breaches, check_law, count_bounds


def broken(x, **law):
    return {b.what for b in breaches(x, law)}


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("n", [1, 7, 100, 10_000])
def test_right_answers_keep_their_law(seed, n):
    rng = np.random.default_rng(seed)
    assert broken(rng.normal(1, 2, n), normal=(1, 2)) == set()
    assert broken(rng.normal(1, 2, n).astype(np.float32), normal=(1, 2)) == set()
    assert broken(rng.normal(1, 2, n), mean=1, variance=4) == set()
    assert broken(rng.uniform(-3, 1, n), uniform=(-3, 1)) == set()
    assert broken(rng.uniform(-3, 1, n), mean=-1, variance=16 / 12, within=(-3, 1)) == set()
    mask = (rng.random(n) >= 0.3) / 0.7
    assert broken(mask, zeros=0.3, among=(0, 1 / 0.7), mean=1, within=(0, 1 / 0.7)) == set()


def test_few_right_answers_are_rejected_at_a_rate_that_can_be_seen():
    # 1e-9 cannot be counted; at alpha = 2% a bound each, right answers may break it in 2% of the runs at most.
    # 2000 runs: a rate of 2% gives 40 +- 6.3, so more than 75 happens with a chance below 1e-6.
    rng = np.random.default_rng(0)
    laws = {"normal": ({"normal": (0, 1)}, lambda: rng.normal(size=40)),
            "uniform": ({"uniform": (0, 1)}, lambda: rng.random(40)),
            "bounded": ({"mean": 0.5, "variance": 1 / 12, "within": (0, 1)}, lambda: rng.random(40)),
            "zeros": ({"zeros": 0.3}, lambda: (rng.random(40) > 0.3).astype(float))}
    for law, draw in laws.values():
        rejected = {}
        for _ in range(2000):
            for breach in breaches(draw(), law, alpha=0.02):
                rejected[breach.what] = rejected.get(breach.what, 0) + 1
        assert all(count <= 75 for count in rejected.values()), rejected


@pytest.mark.parametrize(("x", "law", "what"), [
    (lambda r: r.normal(0, 1.3, 4000), {"normal": (0, 1)}, "variance"),
    (lambda r: r.normal(0.15, 1, 4000), {"normal": (0, 1)}, "mean"),
    (lambda r: r.uniform(-math.sqrt(3), math.sqrt(3), 10_000), {"normal": (0, 1)}, "distribution"),
    (lambda r: r.normal(0, 1 / math.sqrt(12), 4000), {"uniform": (-0.5, 0.5)}, "range"),
    (lambda r: r.uniform(0, 1, 4000), {"uniform": (-0.5, 0.5)}, "range"),
    (lambda r: np.tile(r.normal(size=100), 100), {"normal": (0, 1)}, "repeats"),
    (lambda r: np.zeros(4000), {"normal": (0, 1)}, "variance"),
    (lambda r: np.full(4000, 0.5), {"mean": 0.5, "variance": 1 / 12, "within": (0, 1)}, "variance"),
    (lambda r: r.uniform(0, 0.9, 8000), {"mean": 0.5, "within": (0, 1)}, "mean"),
    (lambda r: (r.random(4000) < 0.3).astype(float), {"zeros": 0.3}, "share of zeros"),
    (lambda r: np.ones(4000), {"zeros": 0.3}, "share of zeros"),
    (lambda r: np.zeros(4000), {"zeros": 0.3}, "share of zeros"),
    (lambda r: (r.random(4000) < 0.7).astype(float), {"among": (0, 1 / 0.7)}, "values"),
    (lambda r: np.array([0.0, np.nan]), {"within": (0, 1)}, "range"),
    (lambda r: np.zeros(0), {"within": (0, 1)}, "size"),
])
def test_wrong_answers_break_theirs(x, law, what):
    assert what in broken(x(np.random.default_rng(1)), **law)


def test_the_normal_mean_bound_is_exact():
    # n = 1, alpha = 2 * (1 - Phi(2)) = 0.0455: a value just below 2 keeps it, one just above does not.
    alpha = 2 * 0.022750131948179195
    law = {"mean": 0.0, "variance": 1.0}
    assert "mean" not in {b.what for b in breaches(np.array([1.999999]), law, alpha)}
    assert "mean" in {b.what for b in breaches(np.array([2.000001]), law, alpha)}


def test_the_zeros_bound_is_chernoffs():
    # All of n values zero: KL(1, p) = ln(1/p), so they are believed while p^n >= alpha/2.
    alpha, p = 2 * 0.5**10, 0.5
    assert breaches(np.zeros(10), {"zeros": p}, alpha) == []
    assert breaches(np.zeros(11), {"zeros": p}, alpha) != []


def test_all_bounds_share_the_rate():
    assert FALSE_REJECTION == 1e-9
    assert count_bounds({"mean": 0, "variance": 1, "within": (0, 1), "zeros": 0.5, "among": (0, 1)}) == 3
    # Half the rate a bound makes the bound wider.
    x, law = np.array([6.15]), {"mean": 0.0, "variance": 1.0}      # two bounds: P(|z| > 6.15) is about 7.8e-10
    assert "mean" in {b.what for b in breaches(x, law, alpha=1e-9)}
    assert "mean" not in {b.what for b in breaches(x, law)}


@pytest.mark.parametrize("law", [{}, {"mean": 0}, {"variance": 1}, {"media": 0}, {"variance": 1, "within": (0, 1)}])
def test_a_law_that_says_too_little_is_refused(law):
    with pytest.raises(ValueError, match="."):
        check_law(law)
