"""How good a classifier is: `metric(y, prediction)` is one number.

y holds the true classes 0, 1, ..., k - 1, as integers (n,) or one-hot (n, k). A prediction is classes (n,), a score for
each class (n, k), of which the largest decides, or the probability of class 1 (n, 1): above one half it is 1.
"""

import numpy as np

from coursekit.identifiers import find_class
from coursekit.inputs import between, even, is_whole
from coursekit.inputs import positive as positive_whole


def accuracy(y, prediction):
    """Share of the examples whose predicted class is y. The misclassification rate is 1 minus it.

    >>> accuracy(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2]))
    0.75
    """
    y, predicted = _both(y, prediction)
    return float(np.mean(y == predicted))


def top_k(y, scores, k=5):
    """Share of the examples whose y is among the k classes with the highest scores (n, classes). Of equals, the lower.

    >>> scores = np.array([[0.6, 0.3, 0.1], [0.5, 0.4, 0.1]])
    >>> top_k(np.array([1, 2]), scores, k=2)
    0.5
    """
    y, scores = _with_scores(y, scores)
    positive_whole("k", k, "top_k")
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.mean((best == y[:, None]).any(axis=1)))


def log_loss(y, p, eps=None):
    """`-mean(log p[i, y[i]])`, p (n, k) probabilities: cross-entropy, in nats. p is kept eps away from 0.

    eps is the machine precision of p's type if not given, as in scikit-learn.

    >>> round(log_loss(np.array([0, 1]), np.array([[0.5, 0.5], [0.75, 0.25]])), 4)
    1.0397
    """
    y, p = _with_scores(y, p)
    if np.any(p < 0) or np.any(np.abs(p.sum(axis=1) - 1) > 1e-3):
        raise ValueError("log_loss expected probabilities: rows without negative numbers that add up to 1; "
                         "pass logits through softmax first.")
    of_truth = p[np.arange(len(y)), y]
    eps = np.finfo(p.dtype).eps if eps is None else between("eps", eps, "log_loss", 0, 1)
    return float(-np.mean(np.log(np.maximum(of_truth, eps))))


def precision(y, prediction, positive=1):
    """Of the examples predicted `positive`, the share that is: TP / (TP + FP). 0 if none was predicted.

    >>> precision(np.array([0, 1, 1]), np.array([1, 1, 0]))
    0.5
    """
    y, predicted = _both(y, prediction)
    return _share(y == _class(positive), of=predicted == positive)


def recall(y, prediction, positive=1):
    """Of the examples that are `positive`, the share predicted so: TP / (TP + FN). 0 if there is none.

    >>> recall(np.array([0, 1, 1]), np.array([1, 1, 0]))
    0.5
    """
    y, predicted = _both(y, prediction)
    return _share(predicted == _class(positive), of=y == positive)


def confusion_matrix(y, prediction, k=None):
    """C[i, j]: how many examples of class i were predicted as j. Shape (k, k), k the number of classes.

    >>> confusion_matrix(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2]))
    array([[1, 0, 0],
           [0, 1, 1],
           [0, 0, 1]])
    """
    y, predicted = _both(y, prediction)
    lowest, highest = min(y.min(), predicted.min()), max(y.max(), predicted.max())
    k = int(highest) + 1 if k is None else positive_whole("k", k, "confusion_matrix")
    if lowest < 0 or highest >= k:
        raise ValueError(f"classes reach from {lowest} to {highest}, expected 0 to {k - 1}.")
    return np.bincount(y * k + predicted, minlength=k * k).reshape(k, k)


METRICS = {metric.__name__: metric for metric in (accuracy, top_k, log_loss, precision, recall)}


def name_of(metric):
    """The name under which a metric is recorded: "accuracy", or that of the function.

    >>> name_of("accuracy"), name_of(log_loss)
    ('accuracy', 'log_loss')
    """
    return metric if isinstance(metric, str) else getattr(metric, "__name__", type(metric).__name__)


def get(identifier):
    """The metric of that name; a function of (y, prediction) is taken as it is.

    >>> get("accuracy") is accuracy
    True
    """
    if isinstance(identifier, str):
        return find_class(identifier, METRICS, "metric")
    if not callable(identifier):
        raise TypeError(f"a metric is a name or a function of (y, prediction), received {identifier!r}.")
    return identifier


def classes(prediction):
    """The classes (n,) that scores (n, k), a probability (n, 1) or classes (n,) stand for.

    >>> classes(np.array([[0.1, 0.9], [0.8, 0.2]])), classes(np.array([[0.7], [0.2]]))
    (array([1, 0]), array([1, 0]))
    """
    prediction = even(prediction, "classes or scores")
    if prediction.dtype.kind not in "biuf":
        raise ValueError(f"a metric expected numbers, received {prediction.dtype} such as {prediction.ravel()[:1]}.")
    if prediction.ndim == 2 and prediction.shape[1] > 1:
        return prediction.argmax(axis=1)
    if prediction.ndim not in (1, 2) or not prediction.size:
        raise ValueError(f"a metric expected classes (n,) or scores (n, k), n > 0, received shape {prediction.shape}.")
    if prediction.ndim == 2 and prediction.dtype.kind == "f":
        return (prediction[:, 0] > 0.5).astype(np.int64)
    whole = (prediction == np.floor(prediction)) & (np.abs(prediction) < 2**31)  # NaN is not equal to itself
    if not whole.all():
        raise ValueError(f"a metric expected classes as whole numbers, received {prediction[~whole][0]} among them; "
                         "probabilities of class 1 have shape (n, 1).")
    return prediction.ravel().astype(np.int64)


def _both(y, prediction):
    y, predicted = classes(y), classes(prediction)
    if len(y) != len(predicted):
        raise ValueError(f"there are {len(y)} true classes and {len(predicted)} predictions.")
    return y, predicted


def _class(number):
    if not (is_whole(number) or isinstance(number, (bool, np.bool_))):
        raise ValueError(f"a metric expected the number of the positive class, received {number!r}.")
    return number


def _with_scores(y, scores):
    y, scores = classes(y), even(scores, "scores")
    if scores.dtype.kind not in "biuf":
        raise ValueError(f"a metric expected scores as numbers, received {scores.dtype} such as {scores.ravel()[:1]}.")
    if scores.ndim == 2 and scores.shape[1] == 1:
        scores = np.hstack([1 - scores, scores])
    if scores.ndim != 2 or len(scores) != len(y):
        raise ValueError(f"expected one score for each class, shape ({len(y)}, k), received {scores.shape}.")
    if y.min() < 0 or y.max() >= scores.shape[1]:
        raise ValueError(f"classes reach from {y.min()} to {y.max()}, there are {scores.shape[1]} columns of scores.")
    return y, scores


def _share(part, of):
    return float(np.mean(part[of])) if of.any() else 0.0
