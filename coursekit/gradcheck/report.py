"""What a check of gradients found: a row for each array, and the first wrong entry."""

from dataclasses import dataclass

import numpy as np

from coursekit.gradcheck.cause import likely_cause
from coursekit.inputs import above, positive


@dataclass(frozen=True)
class Row:
    """One array that was checked: where it is, how many entries were measured, the largest relative error."""

    where: str
    entries: int
    error: float


@dataclass(frozen=True)
class Finding:
    """The first wrong entry: where, which index, both values, and what the pattern of all entries looks like."""

    where: str
    index: tuple
    analytic: float
    numerical: float
    cause: str

    def __str__(self):
        place = f"{self.where}{list(self.index)}" if self.index else self.where
        return (f"first wrong: {place} is {self.analytic:.6g}, measured {self.numerical:.6g}\n"
                f"likely cause: {self.cause}")


class Report:
    """Rows in the order of the backward pass, and the Finding in the first one that is wrong (None if all agree).

    >>> from coursekit.gradcheck import check_function
    >>> report = check_function(lambda x: (x**2).sum(), np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    >>> bool(report), report.finding.index, report.finding.analytic
    (False, (1,), 3.0)
    """

    def __init__(self, rows=(), finding=None):
        self.rows, self.finding = list(rows), finding

    def __bool__(self):
        return self.finding is None

    def __repr__(self):
        width = max((len(row.where) for row in self.rows), default=0)
        lines = [f"{row.where:{width}}  {row.entries:5d} entries  relative error {row.error:.1e}" for row in self.rows]
        return "\n".join([*lines, str(self.finding) if self.finding else "all gradients agree"])

    def add(self, where, value, gradient, loss, *, h, tolerance, entries, rng, rows=None):
        """Measure `loss()` while the entries of `value` are moved in place, and compare with `gradient`."""
        above("h", h, "gradcheck", 0)
        above("tolerance", tolerance, "gradcheck", 0)
        positive("entries", entries, "gradcheck")
        if np.shape(gradient) != value.shape:
            cause = "the shapes differ: the gradient has the shape of what it belongs to."
            if np.shape(gradient) == value.shape[::-1]:
                cause = "the gradient is transposed: the gradient has the shape of what it belongs to."
            self._found(Finding(where, (), float("nan"), float("nan"),
                                f"received shape {np.shape(gradient)} for an array of shape {value.shape}; {cause}"))
            self.rows.append(Row(where, 0, float("inf")))
            return
        chosen = np.arange(value.size)
        if value.size > entries:
            chosen = np.sort(rng.choice(value.size, entries, replace=False))
        places = [tuple(int(i) for i in np.unravel_index(k, value.shape)) for k in chosen]
        slopes = np.array([_slopes(loss, value, place, h) for place in places]).reshape(-1, 2)
        measured = slopes.mean(axis=1)
        analytic = np.array([gradient[place] for place in places], dtype=float)
        scale = max(np.abs(measured).max(initial=0), np.abs(analytic).max(initial=0), 1e-8)
        # Left and right slope differ by h times the curvature where f is smooth, and by far more at a kink, where any
        # value between the two is a gradient.
        low, high = slopes.min(axis=1), slopes.max(axis=1)
        between = (analytic > low - tolerance * scale) & (analytic < high + tolerance * scale)
        kink = between & (high - low > 1000 * h * scale)
        errors = np.where(kink, 0, np.abs(analytic - measured) / scale)
        errors = np.where(np.isfinite(errors), errors, np.inf)
        self.rows.append(Row(where, len(places), float(errors.max(initial=0))))
        if errors.max(initial=0) > tolerance:
            first = int(np.argmax(errors > tolerance))
            held = np.array([value[place] for place in places])
            turned = None
            if value.ndim == 2 and value.shape[0] == value.shape[1]:
                turned = np.array([gradient[place[::-1]] for place in places])
            cause = likely_cause(analytic, measured, value=held, turned=turned, rows=rows, tolerance=tolerance)
            self._found(Finding(where, places[first], float(analytic[first]), float(measured[first]), cause))

    def _found(self, finding):
        self.finding = self.finding or finding


def _slopes(loss, value, place, h):
    """(slope to the left, slope to the right) of loss as value[place] moves; their mean is the central difference."""
    old, middle = value[place], loss()
    value[place] = old + h
    above = loss()
    value[place] = old - h
    below = loss()
    value[place] = old
    return (middle - below) / h, (above - middle) / h
