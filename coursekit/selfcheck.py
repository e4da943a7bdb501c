"""Questions in a lecture that answer at once and cost nothing."""

import math


def self_check(answer, right, *, wrong=None, hint=""):
    """Says whether `answer` is right; never says what the right answer is.

    answer  what the reader typed in place of `...`: a number, a text, a list of texts, True or False
    right   numbers agree when they differ by less than a billionth of themselves; texts whatever their capitals;
            lists of texts whatever their order
    wrong   usual wrong answers, each with what to say to it
    hint    what to say to the others

    >>> self_check(..., 26)
    Type your answer in place of the three dots and run the cell again.
    >>> self_check(20, 26, wrong={20: "Where are the biases?"}, hint="Draw it, and count the arrows.")
    Not 20. Where are the biases?
    >>> self_check(21, 26, wrong={20: "Where are the biases?"}, hint="Draw it, and count the arrows.")
    Not 21. Draw it, and count the arrows.
    >>> self_check(26, 26)
    Right!
    """
    if answer is ...:
        print("Type your answer in place of the three dots and run the cell again.")
    elif _agree(answer, right):
        print("Right!")
    else:
        remarks = [remark for known, remark in (wrong or {}).items() if _agree(answer, known)]
        print(f"Not {answer}. {(remarks or [hint])[0]}".strip())


def _agree(a, b):
    if isinstance(a, list | tuple | set) and isinstance(b, list | tuple | set):
        return sorted(map(_plain, a)) == sorted(map(_plain, b))
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str):
        return type(a) is type(b) and _plain(a) == _plain(b)
    try:
        return math.isclose(a, b, rel_tol=1e-9)
    except TypeError:
        return False


def _plain(value):
    return value.strip().lower() if isinstance(value, str) else value
