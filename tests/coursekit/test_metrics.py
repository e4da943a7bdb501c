"""Metrics against scikit-learn, in every form that a prediction may take."""

import numpy as np
import pytest
from sklearn import metrics as theirs

from coursekit import metrics


@pytest.fixture
def y():
    return np.random.default_rng(0).integers(0, 4, 200)


@pytest.fixture
def p(y):
    p = np.random.default_rng(1).random((200, 4)) + 0.5 * np.eye(4)[y]
    return p / p.sum(axis=1, keepdims=True)


def test_all_agree_with_scikit_learn(y, p):
    predicted = p.argmax(axis=1)
    assert metrics.accuracy(y, p) == pytest.approx(theirs.accuracy_score(y, predicted))
    assert metrics.top_k(y, p, k=2) == pytest.approx(theirs.top_k_accuracy_score(y, p, k=2))
    assert metrics.log_loss(y, p) == pytest.approx(theirs.log_loss(y, p))
    for positive in range(4):
        binary = y == positive, predicted == positive
        assert metrics.precision(y, p, positive) == pytest.approx(theirs.precision_score(*binary))
        assert metrics.recall(y, p, positive) == pytest.approx(theirs.recall_score(*binary))
    np.testing.assert_array_equal(metrics.confusion_matrix(y, predicted), theirs.confusion_matrix(y, predicted))


def test_log_loss_of_a_certain_mistake_is_finite_as_in_scikit_learn():
    y, p = np.array([0, 1]), np.array([[0.0, 1.0], [0.0, 1.0]])
    assert metrics.log_loss(y, p) == pytest.approx(theirs.log_loss(y, p))


def test_log_loss_keeps_away_from_zero_by_what_is_asked():
    assert metrics.log_loss([0], [[0.0, 1.0]], eps=0.01) == pytest.approx(-np.log(0.01))


def test_a_column_of_whole_numbers_holds_classes():
    assert metrics.classes(np.array([[0], [2], [1]])).tolist() == [0, 2, 1]


def test_one_hot_targets_and_columns_of_probabilities(y, p):
    assert metrics.accuracy(np.eye(4)[y], p) == metrics.accuracy(y, p)
    binary, column = np.array([0.0, 1.0, 1.0]), np.array([[0.2], [0.9], [0.4]])
    assert metrics.accuracy(binary, column) == metrics.accuracy(binary[:, None], column) == 2 / 3
    assert metrics.log_loss(binary, column) == pytest.approx(-np.log([0.8, 0.9, 0.4]).mean())


def test_a_probability_of_exactly_one_half_is_class_0_as_in_keras():
    assert metrics.classes(np.array([[0.5], [0.500001]])).tolist() == [0, 1]


def test_what_is_taken_if_nothing_is_said():
    scores = np.arange(7.0)[::-1][None]  # class 0 first, class 6 last
    assert [metrics.top_k([k], scores) for k in range(7)] == [1, 1, 1, 1, 1, 0, 0]
    assert metrics.top_k([1], [[0.5, 0.5]], k=1) == 0  # of equals, the lower


@pytest.mark.parametrize("total", [0.99, 0.9985, 1.0015, 1.01, 1.5])
def test_log_loss_wants_rows_that_add_up_to_one(total):
    with pytest.raises(ValueError, match="add up to 1"):
        metrics.log_loss([0], np.array([[0.5, total - 0.5]]))
    assert metrics.log_loss([0], np.array([[0.5, 0.5005]])) > 0  # rounding is no mistake


def test_nothing_predicted_is_zero_without_a_warning():
    assert metrics.precision([0, 1], [0, 0]) == 0 and metrics.recall([0, 0], [0, 1]) == 0


def test_confusion_matrix_keeps_classes_that_do_not_occur():
    assert metrics.confusion_matrix([0, 1], [1, 1], k=4).shape == (4, 4)
    with pytest.raises(ValueError, match="classes reach from 0 to 3, expected 0 to 2"):
        metrics.confusion_matrix([0, 3], [0, 0], k=3)


@pytest.mark.parametrize("call, message", [
    (lambda: metrics.accuracy([0, 1, 2], [0, 1]), "3 true classes and 2 predictions"),
    (lambda: metrics.accuracy(["cat"], ["cat"]), "expected numbers, received <U3 such as ['cat']"),
    (lambda: metrics.accuracy([], []), "n > 0, received shape (0,)"),
    (lambda: metrics.accuracy([0, 1], [0.2, 0.8]), "received 0.2 among them; probabilities of class 1"),
    (lambda: metrics.top_k([0, 3], np.ones((2, 3))), "classes reach from 0 to 3, there are 3 columns"),
    (lambda: metrics.top_k([0, 1], np.ones((3, 3))), "shape (2, k), received (3, 3)"),
    (lambda: metrics.top_k([0, 1], np.ones(2)), "shape (2, k), received (2,)"),
    (lambda: metrics.top_k([0, 1], np.ones((2, 3, 3))), "shape (2, k), received (2, 3, 3)"),
    (lambda: metrics.top_k([0, 1], np.ones((2, 3)), k=0), "top_k expected k as a positive whole number"),
    (lambda: metrics.top_k([-1, 1], np.ones((2, 3))), "classes reach from -1 to 1"),
    (lambda: metrics.accuracy([0, 1], np.ones((2, 3, 3))), "n > 0, received shape (2, 3, 3)"),
    (lambda: metrics.confusion_matrix([0, -1], [0, 0]), "classes reach from -1 to 0, expected 0 to 0"),
    (lambda: metrics.log_loss([0, 1], np.array([[2.0, -1.0], [0.0, 1.0]])), "pass logits through softmax"),
    (lambda: metrics.get("acuracy"), "did you mean 'accuracy'"),
])
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)


def test_a_function_is_a_metric_and_a_number_is_not():
    assert metrics.get(metrics.recall) is metrics.recall
    with pytest.raises(TypeError, match="received 3"):
        metrics.get(3)
