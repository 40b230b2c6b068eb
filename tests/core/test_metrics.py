"""Read-outs: right where they are defined, None where they are not, never NaN, never a warning."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core.dataset import targets_of_classes
from mixer_nn.core.kinds import Kind
from mixer_nn.core.metrics import accuracy, chosen_classes, confusion, defined, r_squared, rmse


def test_they_are_what_the_textbook_says() -> None:
    outputs, targets = np.array([[1.0], [2.0], [6.0]]), np.array([[1.0], [3.0], [5.0]])
    assert rmse(outputs, targets) == pytest.approx(np.sqrt(2 / 3), rel=1e-15)
    assert r_squared(outputs, targets) == pytest.approx(1 - 2 / 8, rel=1e-15)


def test_they_are_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    outputs, targets = rng.normal(size=(50, 1)), 3 + rng.normal(size=(50, 1))
    expected = metrics.root_mean_squared_error(targets, outputs)
    assert rmse(outputs, targets) == pytest.approx(expected, rel=1e-13)
    expected = metrics.r2_score(targets, outputs)
    assert r_squared(outputs, targets) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("rows", [3, 7, 11])
@pytest.mark.parametrize("value", [0.0, 0.1, 1.1, 1e8 + 0.1])
def test_targets_without_variance_have_no_r_squared(value: float, rows: int) -> None:
    targets = np.full((rows, 1), value)  # the mean of equal numbers need not be that number
    assert r_squared(targets, targets) is None
    assert r_squared(targets + 1, targets) is None
    assert rmse(targets, targets) == 0.0


def test_nor_have_several_outputs_none_of_which_varies() -> None:
    targets = np.tile([0.1, 1.1, 3.0], (7, 1))
    assert r_squared(targets + 1, targets) is None


def test_one_row_has_a_miss_but_no_r_squared() -> None:
    assert rmse(np.ones((1, 1)), np.zeros((1, 1))) == 1.0
    assert r_squared(np.ones((1, 1)), np.zeros((1, 1))) is None


def test_no_rows_have_neither() -> None:
    assert rmse(np.zeros((0, 1)), np.zeros((0, 1))) is None
    assert r_squared(np.zeros((0, 1)), np.zeros((0, 1))) is None


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_outputs_that_are_not_numbers_have_neither(broken: float) -> None:
    outputs, targets = np.array([[1.0], [broken]]), np.array([[1.0], [2.0]])
    assert rmse(outputs, targets) is None
    assert r_squared(outputs, targets) is None


def test_huge_numbers_do_not_overflow() -> None:
    targets = np.array([[1e200], [3e200]])
    assert rmse(targets + 1e199, targets) == pytest.approx(1e199)
    assert r_squared(targets + 1e199, targets) == pytest.approx(0.99)
    assert rmse(np.full((2, 1), 1.7e308), np.full((2, 1), -1.7e308)) is None


def test_a_number_is_defined_if_it_is_finite() -> None:
    assert [defined(value) for value in (1.5, np.nan, np.inf)] == [1.5, None, None]


def test_accuracy_is_the_share_of_rows_whose_class_is_found() -> None:
    logits = np.array([[2.0], [-0.5], [0.1], [-3.0]])
    assert chosen_classes(logits, "two classes").tolist() == [1, 0, 1, 0]
    right = np.array([[1.0], [1.0], [0.0], [0.0]])
    assert accuracy(logits, right, "two classes") == 0.5
    logits = np.array([[3.0, 1.0, 2.0], [0.0, -1.0, -2.0], [-5.0, -4.0, -3.0]])
    assert chosen_classes(logits, "classes").tolist() == [0, 0, 2]
    assert accuracy(logits, np.eye(3), "classes") == pytest.approx(2 / 3)


def test_numbers_and_no_rows_have_no_accuracy() -> None:
    assert accuracy(np.ones((3, 1)), np.ones((3, 1)), "number") is None
    assert accuracy(np.ones((0, 3)), np.ones((0, 3)), "classes") is None
    assert accuracy(np.ones((0, 1)), np.ones((0, 1)), "two classes") is None


def test_confusion_has_a_row_for_each_true_class() -> None:
    logits = np.array([[2.0], [-0.5], [0.1], [-3.0], [-1.0]])
    right = np.array([[1.0], [1.0], [0.0], [0.0], [0.0]])
    assert confusion(logits, right, "two classes").tolist() == [[2, 1], [1, 1]]
    # A class that never occurs, and is never chosen, has its row and column all the same.
    logits = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    right = np.eye(3)[[0, 0, 1]]
    assert confusion(logits, right, "classes").tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("kind", ["two classes", "classes"])
def test_both_are_scikit_learns(kind: Kind) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(4)
    classes = 2 if kind == "two classes" else 4
    labels = rng.integers(classes, size=200)
    outputs = rng.normal(size=(200, 1 if classes == 2 else classes))
    chosen = (outputs[:, 0] > 0).astype(int) if classes == 2 else outputs.argmax(axis=1)
    targets = targets_of_classes(labels, classes)
    expected = metrics.accuracy_score(labels, chosen)
    assert accuracy(outputs, targets, kind) == pytest.approx(expected, rel=1e-14)
    expected = metrics.confusion_matrix(labels, chosen)
    assert confusion(outputs, targets, kind).tolist() == expected.tolist()
    assert confusion(outputs, targets, kind).trace() / 200 == accuracy(outputs, targets, kind)
