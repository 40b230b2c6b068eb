"""Losses: PyTorch's, safe at any logit, and each with the constant that has the least of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.dataset import targets_of_classes
from mixer_nn.core.losses import LOSSES, USUAL, Loss, probability, softmax

Array = NDArray[np.float64]

ONE_COLUMN = ("mse", "mae", "huber", "bce", "hinge")


def outputs_and_targets(key: str, rows: int = 30, columns: int = 3) -> tuple[Array, Array]:
    rng = np.random.default_rng(3)
    outputs = rng.normal(scale=2.0, size=(rows, columns))
    if "number" in LOSSES[key].kinds:
        return outputs, rng.normal(size=(rows, columns))
    if key == "cross-entropy":
        return outputs, targets_of_classes(rng.integers(columns, size=rows), columns)
    return outputs, rng.integers(2, size=(rows, columns)).astype(np.float64)


def planned(loss: Loss, outputs: Array, targets: Array) -> Array:
    """The derivative that the planned calls write, brought back to (rows, outputs)."""
    given, wanted = np.ascontiguousarray(outputs.T), np.ascontiguousarray(targets.T)
    slope = np.full(given.shape, np.nan)
    for _ in range(2):  # a second time: nothing of the first may be left over
        for call in loss.plan(given, wanted, slope):
            call()
    assert given.tobytes() == np.ascontiguousarray(outputs.T).tobytes()
    return slope.T


def pytorchs(torch: Any, key: str, outputs: Any, targets: Any) -> Any:
    functional = torch.nn.functional
    if key == "hinge":
        margins = (2 * targets - 1) * outputs
        return functional.hinge_embedding_loss(margins, torch.full_like(margins, -1.0))
    return {
        "mse": functional.mse_loss,
        "mae": functional.l1_loss,
        "huber": functional.huber_loss,
        "bce": functional.binary_cross_entropy_with_logits,
        "cross-entropy": functional.cross_entropy,
    }[key](outputs, targets)


@pytest.mark.parametrize("scale", [1.0, 100.0])
@pytest.mark.parametrize("key", LOSSES)
def test_values_and_gradients_are_pytorchs(key: str, scale: float) -> None:
    torch = pytest.importorskip("torch")
    outputs, targets = outputs_and_targets(key)
    outputs = outputs * scale
    leaf = torch.tensor(outputs, requires_grad=True)
    value = pytorchs(torch, key, leaf, torch.tensor(targets))
    value.backward()
    assert LOSSES[key].value(outputs, targets) == pytest.approx(value.item(), rel=1e-12)
    gradient = leaf.grad.numpy()
    np.testing.assert_allclose(LOSSES[key].gradient(outputs, targets), gradient, atol=1e-16)


def test_classes_given_as_columns_are_pytorchs_classes_given_as_numbers() -> None:
    torch = pytest.importorskip("torch")
    outputs, targets = outputs_and_targets("cross-entropy")
    reference = torch.nn.functional.cross_entropy(
        torch.tensor(outputs), torch.tensor(targets.argmax(axis=1))
    )
    expected = pytest.approx(reference.item(), rel=1e-13)
    assert LOSSES["cross-entropy"].value(outputs, targets) == expected


def test_losses_over_classes_are_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    outputs, targets = outputs_and_targets("bce", columns=1)
    expected = metrics.log_loss(targets[:, 0], probability(outputs)[:, 0])
    assert LOSSES["bce"].value(outputs, targets) == pytest.approx(expected, rel=1e-12)
    expected = metrics.hinge_loss(2 * targets[:, 0] - 1, outputs[:, 0])
    assert LOSSES["hinge"].value(outputs, targets) == pytest.approx(expected, rel=1e-12)
    outputs, targets = outputs_and_targets("cross-entropy")
    expected = metrics.log_loss(targets, softmax(outputs))
    assert LOSSES["cross-entropy"].value(outputs, targets) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("key", LOSSES)
def test_the_gradient_is_the_slope_of_the_value(key: str) -> None:
    loss = LOSSES[key]
    outputs, targets = outputs_and_targets(key)
    gradient, step = loss.gradient(outputs, targets), 1e-6
    for place in np.ndindex(*outputs.shape):
        above, below = outputs.copy(), outputs.copy()
        above[place] += step
        below[place] -= step
        rise = loss.value(above, targets) - loss.value(below, targets)
        assert gradient[place] == pytest.approx(rise / (2 * step), abs=1e-8)


@pytest.mark.parametrize("columns", [1, 2, 5])
@pytest.mark.parametrize("rows", [1, 2, 30])
@pytest.mark.parametrize("key", LOSSES)
def test_the_planned_gradient_is_the_readable_one(key: str, rows: int, columns: int) -> None:
    outputs, targets = outputs_and_targets(key, rows, columns)
    outputs = np.append(outputs, 50.0 * outputs, axis=0)
    targets = np.append(targets, targets, axis=0)
    gradient = LOSSES[key].gradient(outputs, targets)
    np.testing.assert_allclose(planned(LOSSES[key], outputs, targets), gradient, atol=3e-16)


@pytest.mark.parametrize("key", ["bce", "cross-entropy", "hinge"])
def test_a_logit_of_a_thousand_is_no_trouble(key: str) -> None:
    # A warning of NumPy's fails a test by itself.
    loss = LOSSES[key]
    sure = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])
    right, wrong = np.eye(2), np.eye(2)[::-1].copy()
    assert loss.value(sure, right) == 0.0
    assert not loss.gradient(sure, right).any()
    assert not planned(loss, sure, right).any()
    # As wrong as it is sure: the loss grows like the logit, its slope is that of a straight line.
    expected = {"bce": 1000.0, "cross-entropy": 2000.0, "hinge": 1001.0}[key]
    assert loss.value(sure, wrong) == pytest.approx(expected, rel=1e-15)
    slope = (2.0 * right - 1.0) / (2 if key == "cross-entropy" else 4)
    np.testing.assert_allclose(loss.gradient(sure, wrong), slope, rtol=1e-15)
    np.testing.assert_allclose(planned(loss, sure, wrong), slope, rtol=1e-15)


def test_probabilities_do_not_overflow_and_add_up_to_one() -> None:
    logits = np.array([[1000.0, -1000.0, 0.0], [-1e308, -1e308, -1e308], [3.0, 2.0, 1.0]])
    assert probability(logits[0]).tolist() == [1.0, 0.0, 0.5]
    np.testing.assert_allclose(softmax(logits).sum(axis=1), 1.0, rtol=1e-15)
    np.testing.assert_allclose(softmax(logits)[0], [1.0, 0.0, 0.0])
    np.testing.assert_allclose(softmax(logits)[1], 1 / 3)
    expected = np.exp([3.0, 2.0, 1.0]) / np.exp([3.0, 2.0, 1.0]).sum()
    np.testing.assert_allclose(softmax(logits)[2], expected, rtol=1e-15)


@pytest.mark.parametrize("balance", [0.0, 0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("key", LOSSES)
def test_no_other_constant_has_less_loss(key: str, balance: float) -> None:
    loss, rng = LOSSES[key], np.random.default_rng(5)
    rows = 41
    if "number" in loss.kinds:
        # Skewed, with outliers: mean, median and Huber's centre are three different numbers.
        targets = rng.exponential(scale=3.0, size=(rows, 2)) + 5.0 * balance
    elif key == "cross-entropy":
        labels = (rng.random((2, rows)) > [[balance], [0.7]]).sum(axis=0)
        targets = targets_of_classes(labels, 3)
    else:
        targets = (rng.random((rows, 1)) < balance).astype(np.float64)
    constant = loss.constant(targets)
    assert constant.shape == (1, targets.shape[1])
    least = loss.value(np.broadcast_to(constant, targets.shape), targets)
    assert np.isfinite(least)
    for reach in (1e-3, 0.1, 1.0, 5.0):
        for _ in range(40):
            other = constant + reach * rng.normal(size=constant.shape)
            assert loss.value(np.broadcast_to(other, targets.shape), targets) >= least - 1e-12


def test_constants_are_those_of_the_textbook() -> None:
    targets = np.array([[0.0], [1.0], [2.0], [9.0]])
    assert LOSSES["mse"].constant(targets).tolist() == [[3.0]]
    assert LOSSES["mae"].constant(targets).tolist() == [[1.5]]
    # Clipped misses balance: (c − 0) + (c − 1) clipped at 1, 0.5 of the third, −1 of the last.
    centre = float(LOSSES["huber"].constant(targets)[0, 0])
    assert np.clip(centre - targets, -1, 1).sum() == pytest.approx(0.0, abs=1e-12)
    share = probability(LOSSES["bce"].constant(np.array([[1.0], [0.0], [1.0], [1.0]])))
    assert share[0, 0] == pytest.approx(0.75)
    shares = softmax(LOSSES["cross-entropy"].constant(np.eye(3)[[0, 0, 1, 2]]))
    np.testing.assert_allclose(shares, [[0.5, 0.25, 0.25]])


@pytest.mark.parametrize("key", LOSSES)
def test_the_right_answer_has_no_loss_and_no_slope(key: str) -> None:
    loss = LOSSES[key]
    _, targets = outputs_and_targets(key)
    outputs = targets if "number" in loss.kinds else 100.0 * (2.0 * targets - 1.0)
    assert loss.value(outputs, targets) == pytest.approx(0.0, abs=1e-40)
    assert np.abs(loss.gradient(outputs, targets)).max() < 1e-40


def test_absolute_error_and_huber_at_their_kinks() -> None:
    even = np.array([[2.0]])
    assert LOSSES["mae"].gradient(even, even).tolist() == [[0.0]]
    huber = LOSSES["huber"]
    inside, outside = np.array([[1.0 - 1e-9]]), np.array([[1.0 + 1e-9]])
    zero = np.zeros((1, 1))
    assert huber.value(np.ones((1, 1)), zero) == 0.5
    assert huber.value(inside, zero) == pytest.approx(huber.value(outside, zero), rel=1e-8)
    assert huber.gradient(outside, zero).tolist() == [[1.0]]
    assert huber.gradient(np.array([[-50.0]]), zero).tolist() == [[-1.0]]
    # Exactly at the margin there is nothing left to gain.
    assert LOSSES["hinge"].gradient(np.ones((1, 1)), np.ones((1, 1))).tolist() == [[0.0]]


def test_every_kind_of_target_has_a_usual_loss_that_is_for_it() -> None:
    assert set(USUAL) == {"number", "two classes", "classes"}
    for kind, key in USUAL.items():
        assert kind in LOSSES[key].kinds
