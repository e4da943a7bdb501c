"""What wrong gradients look like, and what that says about the mistake."""

import numpy as np


def likely_cause(analytic, numerical, value=None, turned=None, rows=None, tolerance=1e-6):
    """A sentence on what the wrong numbers look like. The patterns are those of common mistakes, likeliest first.

    >>> likely_cause(np.array([-1.0, 2.0]), np.array([1.0, -2.0]))
    'the sign is the wrong way round.'
    """
    scale = np.abs(numerical).max(initial=0)
    slack = 10 * tolerance * max(scale, 1e-8)

    def equal(a, b):
        return np.allclose(a, b, rtol=10 * tolerance, atol=slack)

    if not np.isfinite(analytic).all():
        return "the gradient holds nan or inf: a division by 0, a log of 0 or an overflow on the way."
    if not np.isfinite(numerical).all():
        return "the loss itself is nan or inf near this point: look at the forward pass."
    if not np.any(analytic):
        return "the gradient is 0 throughout: was it never computed, or not stored?"
    if scale <= 1e-8:
        return "the loss does not depend on these numbers, but the gradient says so."
    if equal(analytic, -numerical):
        return "the sign is the wrong way round."
    if turned is not None and equal(turned, numerical):
        return "the gradient is transposed."
    ratio = float(analytic @ numerical / (numerical @ numerical))
    if equal(analytic, ratio * numerical):
        if rows and rows > 1 and np.isclose(ratio, rows, rtol=1e-4):
            return f"every entry is {rows} times too large, the number of rows: the mean over the batch is missing."
        if rows and rows > 1 and np.isclose(ratio, 1 / rows, rtol=1e-4):
            return f"every entry is {rows} times too small, the number of rows: the mean over the batch is taken twice."
        if abs(ratio) < 1:
            return f"every entry is {1 / ratio:.4g} times too small: a constant factor."
        return f"every entry is {ratio:.4g} times too large: a constant factor."
    if value is not None and np.any(value):
        extra = float((analytic - numerical) @ value / (value @ value))
        if equal(analytic - extra * value, numerical):
            penalty = "a penalty that the loss does not hold" if extra > 0 else "the L2 penalty's gradient is missing"
            return f"the difference is {abs(extra):.4g} times the parameter: {penalty}."
    wrong = ~np.isclose(analytic, numerical, rtol=10 * tolerance, atol=slack)
    if np.all(analytic[wrong] == 0):
        return f"{wrong.sum()} of {wrong.size} entries are 0 that should not be: a mask stops too much."
    if np.all(np.abs(numerical[wrong]) <= slack):
        return f"{wrong.sum()} of {wrong.size} entries should be 0: a mask lets too much pass."
    if wrong.mean() < 0.5:
        return f"{wrong.sum()} of {wrong.size} entries are wrong, the others right: a special case or an index."
    return "no pattern that is known here: check the formula term by term, with a batch of one row and one column."
