"""How random numbers are judged: by bounds that a right answer breaks with probability 1e-9 at most.

A law says what the numbers in an array (n of them, taken together) must be like:

    normal=(mean, std)    independent, from N(mean, std^2)
    uniform=(low, high)   independent, uniform between low and high
    mean=m, variance=v    of independent numbers; with `within`, of any distribution on that interval, without it, of a
                          normal one (or one with lighter tails, such as a uniform or a truncated normal)
    within=(low, high)    no number lies outside
    zeros=p               each is exactly 0 with probability p, independently
    among=(a, b, ...)     no number is anything else

Each stated bound is a theorem, not a rule of thumb; with L = ln(2/alpha) for a share alpha of the 1e-9:

    normal mean           exact: |mean - m| <= z(1 - alpha/2) * std / sqrt(n)
    normal variance       Laurent & Massart (2000), lemma 1: chi2_n/n lies in [1 - 2 sqrt(L/n), 1 + 2 sqrt(L/n) + 2L/n]
    distribution          Massart (1990), the Dvoretzky-Kiefer-Wolfowitz bound: sup |F_n - F| <= sqrt(L / (2n))
    bounded mean          Bernstein: t = BL/(3n) + sqrt((BL/(3n))^2 + 2 s^2 L/n) for numbers in an interval of length
                          B with variance at most s^2, itself at most (high - m)(m - low) (Bhatia & Davis 2000)
    share of zeros        Chernoff: n * KL(share, p) <= L
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

FALSE_REJECTION = 1e-9      # of a right answer, over all bounds of one exercise together
KEYS = ("normal", "uniform", "mean", "variance", "within", "zeros", "among")


@dataclass(frozen=True)
class Breach:
    """One bound that the numbers break.

    >>> print(breaches(np.full(1000, 3.0), {"mean": 0.0, "variance": 1.0})[0])
    the mean is 3, outside 0 +- 0.197 (1000 numbers)
    """

    what: str      # "mean", "variance", "distribution", "share of zeros", "range", "values", "repeats"
    words: str

    def __str__(self):
        return self.words


def check_law(law: dict) -> None:
    """ValueError if `law` is none, with what would do.

    >>> check_law({"mean": 0.0})
    Traceback (most recent call last):
    ValueError: mean= alone cannot be judged: give variance= or within= too
    """
    if unknown := [k for k in law if k not in KEYS]:
        raise ValueError(f"a law is told by {', '.join(KEYS)}; received {unknown[0]!r}")
    if not law:
        raise ValueError(f"a law needs at least one of {', '.join(KEYS)}")
    if "mean" in law and not {"within", "variance"} & law.keys():
        raise ValueError("mean= alone cannot be judged: give variance= or within= too")
    if "variance" in law and "mean" not in law:
        raise ValueError("variance= is judged around mean=: give that too")


def count_bounds(law: dict) -> int:
    """How many bounds with a chance of false rejection a law has; `within` and `among` have none.

    >>> count_bounds({"normal": (0, 1), "zeros": 0.5})
    4
    """
    return 3 * ("normal" in law) + 3 * ("uniform" in law) + ("mean" in law) + ("variance" in law) + ("zeros" in law)


def breaches(values: np.ndarray, law: dict, alpha: float | None = None) -> list[Breach]:
    """The bounds of `law` that the numbers break; [] if they keep all of them.

    `alpha` is each bound's own share of the false rejections, FALSE_REJECTION / count_bounds(law) by default.

    >>> breaches(np.array([0.0, 2.0]), {"among": (0.0, 1.0)})[0].words
    '2 is none of 0, 1'
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    if not x.size:
        return [Breach("size", "there are no numbers")]
    if not np.isfinite(x).all():
        return [Breach("range", f"{np.sum(~np.isfinite(x))} of {x.size} numbers are not finite")]
    alpha = FALSE_REJECTION / max(count_bounds(law), 1) if alpha is None else alpha
    found: list[Breach | None] = []
    if "within" in law:
        found.append(_range(x, *law["within"]))
    if "among" in law:
        found.append(_values(x, law["among"]))
    if "normal" in law:
        mean, std = law["normal"]
        found += [_normal_mean(x, mean, std, alpha), _normal_variance(x, mean, std**2, alpha), _repeats(x),
                  _distribution(x, lambda t: _normal_cdf((t - mean) / std), alpha)]
    if "uniform" in law:
        low, high = law["uniform"]
        mean, variance = (low + high) / 2, (high - low) ** 2 / 12
        found += [_range(x, low, high), _bounded_mean(x, mean, (low, high), variance, alpha),
                  _bounded_variance(x, mean, variance, (low, high), alpha), _repeats(x),
                  _distribution(x, lambda t: np.clip((t - low) / (high - low), 0, 1), alpha)]
    if "mean" in law:
        if "within" in law:
            found.append(_bounded_mean(x, law["mean"], law["within"], law.get("variance"), alpha))
        else:
            found.append(_normal_mean(x, law["mean"], math.sqrt(law["variance"]), alpha))
    if "variance" in law:
        if "within" in law:
            found.append(_bounded_variance(x, law["mean"], law["variance"], law["within"], alpha))
        else:
            found.append(_normal_variance(x, law["mean"], law["variance"], alpha))
    if "zeros" in law:
        found.append(_zeros(x, law["zeros"], alpha))
    return [f for f in found if f is not None]


def _range(x, low, high):
    # One rounding of float32 beyond the bound is no mistake.
    slack = 1e-6 * max(abs(low), abs(high))
    outside = np.sum((x < low - slack) | (x > high + slack))
    return Breach("range", f"{outside} of {x.size} numbers lie outside [{low:.4g}, {high:.4g}]") if outside else None


def _values(x, among):
    allowed = np.asarray(among, dtype=np.float64)
    gaps = np.abs(x[:, None] - allowed).min(axis=1)
    strange = x[gaps > 1e-6 * np.abs(allowed).max()]
    if not strange.size:
        return None
    return Breach("values", f"{strange[0]:.4g} is none of {', '.join(f'{a:.4g}' for a in allowed)}")


def _mean_breach(x, mean, slack):
    found = x.mean()
    if abs(found - mean) <= slack:
        return None
    return Breach("mean", f"the mean is {found:.3g}, outside {mean:.3g} +- {slack:.3g} ({x.size} numbers)")


def _normal_mean(x, mean, std, alpha):
    z = -NormalDist().inv_cdf(alpha / 2)
    return _mean_breach(x, mean, z * std / math.sqrt(x.size))


def _bounded_mean(x, mean, within, variance, alpha):
    low, high = within
    spread = (high - mean) * (mean - low) if variance is None else variance
    return _mean_breach(x, mean, _bernstein(x.size, high - low, spread, alpha))


def _bernstein(n, length, variance, alpha):
    log = math.log(2 / alpha)
    linear = length * log / (3 * n)
    return linear + math.sqrt(linear**2 + 2 * variance * log / n)


def _variance_breach(x, found, variance, low, high):
    if low <= found <= high:
        return None
    return Breach(
        "variance",
        f"the variance is {found:.3g}, outside [{max(low, 0):.3g}, {high:.3g}] around {variance:.3g} "
        f"({x.size} numbers)",
    )


def _normal_variance(x, mean, variance, alpha):
    rate = math.log(2 / alpha) / x.size
    return _variance_breach(x, ((x - mean) ** 2).mean(), variance,
                            variance * (1 - 2 * math.sqrt(rate)), variance * (1 + 2 * math.sqrt(rate) + 2 * rate))


def _bounded_variance(x, mean, variance, within, alpha):
    # (x - mean)^2 lies in [0, B] with mean v, so its own variance is at most v (B - v).
    bound = max(within[1] - mean, mean - within[0]) ** 2
    slack = _bernstein(x.size, bound, max(variance * (bound - variance), 0.0), alpha)
    return _variance_breach(x, ((x - mean) ** 2).mean(), variance, variance - slack, variance + slack)


def _distribution(x, cdf, alpha):
    ordered = np.sort(x)
    at = cdf(ordered)
    steps = np.arange(x.size + 1) / x.size
    gap = max(np.max(steps[1:] - at), np.max(at - steps[:-1]))
    # The numbers may come in float32: rounding moves the distribution by far less than this.
    if gap <= math.sqrt(math.log(2 / alpha) / (2 * x.size)) + 1e-6:
        return None
    return Breach(
        "distribution",
        f"the numbers are not distributed as asked: the shares below a value are off by up to {gap:.3g} "
        f"({x.size} numbers)",
    )


def _normal_cdf(z):
    # NumPy has no erf; the standard library's, entry by entry, is fast enough for checks.
    return 0.5 * (1 + np.array([math.erf(t) for t in z / math.sqrt(2)]))


def _repeats(x):
    """Draws from a continuous law hardly ever repeat; a row drawn once and copied does.

    Even in float32 (24 bits) n numbers hold about n^2/2^24 repeats, so a tenth of them for n <= 10^6
    is beyond any 1e-9.
    """
    distinct = np.unique(x).size
    if distinct >= 0.9 * x.size - 1:
        return None
    return Breach("repeats", f"only {distinct} of {x.size} numbers are distinct: each must be drawn on its own")


def _zeros(x, p, alpha):
    share = np.mean(x == 0)
    divergence = sum(
        q * math.log(q / r) if q and r else (math.inf if q else 0.0) for q, r in ((share, p), (1 - share, 1 - p))
    )
    if x.size * divergence <= math.log(2 / alpha):
        return None
    return Breach("share of zeros", f"{share:.3g} of the numbers are zero, too far from {p:.3g} ({x.size} numbers)")
