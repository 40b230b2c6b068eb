"""Loss functions: one number for how far the outputs are from the targets.

Each is PyTorch's function of that name with its default reduction, the mean: over rows and
outputs, or for the softmax cross-entropy over rows. The hinge loss takes each column for a yes or
no of its own. Class losses take logits, what the output layer gives before any squashing, and are
written so that none of them can overflow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from mixer_nn.core.arrays import Call, FloatArray
from mixer_nn.core.kinds import Kind

HUBER_DELTA = 1.0


@dataclass(frozen=True)
class Loss:
    """A loss averaged over rows and outputs.

    `value` maps outputs and targets, both (rows, outputs), to a number; `gradient` maps them to
    the derivative of that number by each output, same shape. `bend(outputs, targets, change)`
    gives how that derivative changes with the outputs, to first order: the second derivatives
    times a change of the outputs, (…, rows, outputs), several stacked if need be.
    `plan(outputs, targets, slope)` gives the calls that write the derivative into `slope`, all
    three (outputs, rows). `constant` maps targets to the one row of outputs that, given for every
    row, has the least loss. `kinds` says what targets it is for: numbers; two classes as one
    column of 0 and 1; classes as one column each, 1 for the right one. `formula` is for the
    screen; `power` is the power of the target's unit that the loss is measured in (0: no unit).
    """

    key: str
    title: str
    formula: str
    power: int
    kinds: tuple[Kind, ...]
    value: Callable[[FloatArray, FloatArray], float]
    gradient: Callable[[FloatArray, FloatArray], FloatArray]
    bend: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
    plan: Callable[[FloatArray, FloatArray, FloatArray], list[Call]]
    constant: Callable[[FloatArray], FloatArray]


# -- numbers ------------------------------------------------------------------------------------


def _mean_squared_error(outputs: FloatArray, targets: FloatArray) -> float:
    miss = outputs - targets
    return float(np.mean(miss * miss))


def _mean_squared_error_gradient(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    return 2.0 * (outputs - targets) / outputs.size


def _mean_squared_error_bend(
    outputs: FloatArray, targets: FloatArray, change: FloatArray
) -> FloatArray:
    return 2.0 / outputs.size * change


def _plan_mean_squared_error(
    outputs: FloatArray, targets: FloatArray, slope: FloatArray
) -> list[Call]:
    return [
        partial(np.subtract, outputs, targets, slope),
        partial(np.multiply, slope, np.array(2.0 / slope.size), slope),
    ]


def _mean_absolute_error(outputs: FloatArray, targets: FloatArray) -> float:
    return float(np.mean(np.abs(outputs - targets)))


def _mean_absolute_error_gradient(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    return np.asarray(np.sign(outputs - targets)) / outputs.size


def _straight(outputs: FloatArray, targets: FloatArray, change: FloatArray) -> FloatArray:
    # On either side of its kink the slope stays as it is.
    return np.zeros_like(change)


def _plan_mean_absolute_error(
    outputs: FloatArray, targets: FloatArray, slope: FloatArray
) -> list[Call]:
    return [
        partial(np.subtract, outputs, targets, slope),
        partial(np.sign, slope, slope),
        partial(np.multiply, slope, np.array(1.0 / slope.size), slope),
    ]


def _huber(outputs: FloatArray, targets: FloatArray) -> float:
    size = np.abs(outputs - targets)
    near = np.minimum(size, HUBER_DELTA)
    return float(np.mean(near * (size - 0.5 * near)))


def _huber_gradient(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    return np.clip(outputs - targets, -HUBER_DELTA, HUBER_DELTA) / outputs.size


def _huber_bend(outputs: FloatArray, targets: FloatArray, change: FloatArray) -> FloatArray:
    return np.where(np.abs(outputs - targets) < HUBER_DELTA, change, 0.0) / outputs.size


def _plan_huber(outputs: FloatArray, targets: FloatArray, slope: FloatArray) -> list[Call]:
    return [
        partial(np.subtract, outputs, targets, slope),
        partial(np.minimum, slope, np.array(HUBER_DELTA), out=slope),
        partial(np.maximum, slope, np.array(-HUBER_DELTA), out=slope),
        partial(np.multiply, slope, np.array(1.0 / slope.size), slope),
    ]


# -- classes, from logits -----------------------------------------------------------------------


def _binary_cross_entropy(outputs: FloatArray, targets: FloatArray) -> float:
    # log(1 + e^z) − t·z, the usual −t·log p − (1 − t)·log(1 − p) without its overflow.
    return float(np.mean(np.logaddexp(0.0, outputs) - targets * outputs))


def _binary_cross_entropy_gradient(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    return (probability(outputs) - targets) / outputs.size


def _binary_cross_entropy_bend(
    outputs: FloatArray, targets: FloatArray, change: FloatArray
) -> FloatArray:
    share = probability(outputs)
    return share * (1.0 - share) * change / outputs.size


def _plan_binary_cross_entropy(
    outputs: FloatArray, targets: FloatArray, slope: FloatArray
) -> list[Call]:
    half = np.array(0.5)
    return [
        partial(np.multiply, outputs, half, slope),
        partial(np.tanh, slope, slope),
        partial(np.multiply, slope, half, slope),
        partial(np.add, slope, half, slope),
        partial(np.subtract, slope, targets, slope),
        partial(np.multiply, slope, np.array(1.0 / slope.size), slope),
    ]


def _softmax_cross_entropy(outputs: FloatArray, targets: FloatArray) -> float:
    right = np.sum(outputs * targets, axis=1)
    return float(np.mean(np.logaddexp.reduce(outputs, axis=1) - right))


def _softmax_cross_entropy_gradient(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    return (softmax(outputs) - targets) / len(outputs)


def _softmax_cross_entropy_bend(
    outputs: FloatArray, targets: FloatArray, change: FloatArray
) -> FloatArray:
    shares = softmax(outputs)
    usual = np.sum(shares * change, axis=-1, keepdims=True)
    return np.asarray(shares * (change - usual) / len(outputs))


def _plan_softmax_cross_entropy(
    outputs: FloatArray, targets: FloatArray, slope: FloatArray
) -> list[Call]:
    rows = slope.shape[1]
    largest = np.empty((1, rows))
    ones = np.ones((1, len(slope)))
    return [
        partial(np.maximum.reduce, outputs, axis=0, out=largest, keepdims=True),
        partial(np.subtract, outputs, largest, slope),
        partial(np.exp, slope, slope),
        # A product with ones sums the columns, and three times as fast as a sum does.
        partial(ones.dot, slope, largest),
        partial(np.divide, slope, largest, slope),
        partial(np.subtract, slope, targets, slope),
        partial(np.multiply, slope, np.array(1.0 / rows), slope),
    ]


def _hinge(outputs: FloatArray, targets: FloatArray) -> float:
    return float(np.mean(np.maximum(0.0, 1.0 - (2.0 * targets - 1.0) * outputs)))


def _hinge_gradient(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    side = 2.0 * targets - 1.0
    return np.where(side * outputs < 1.0, -side, 0.0) / outputs.size


def _plan_hinge(outputs: FloatArray, targets: FloatArray, slope: FloatArray) -> list[Call]:
    side = np.empty(slope.shape)
    return [
        partial(np.multiply, targets, np.array(2.0), side),
        partial(np.subtract, side, np.array(1.0), side),
        partial(np.multiply, side, outputs, slope),
        partial(np.less, slope, np.array(1.0), out=slope),
        partial(np.multiply, slope, side, slope),
        partial(np.multiply, slope, np.array(-1.0 / slope.size), slope),
    ]


# -- the best that can be done without looking at the inputs ------------------------------------

RAREST = 1e-12
"""A class that never occurs is given this share, since its logarithm would be infinite."""


def _mean(targets: FloatArray) -> FloatArray:
    # Half of each first, so that not even the largest numbers overflow in the sum.
    return np.asarray(2.0 * np.mean(0.5 * targets, axis=0, keepdims=True))


def _median(targets: FloatArray) -> FloatArray:
    return np.asarray(np.median(targets, axis=0, keepdims=True))


def _huber_centre(targets: FloatArray) -> FloatArray:
    """Where the clipped misses balance; they grow with the guess, so halving finds it."""
    low, high = targets.min(axis=0, keepdims=True), targets.max(axis=0, keepdims=True)
    for _ in range(100):
        middle = 0.5 * low + 0.5 * high
        over = np.mean(_huber_gradient(middle, targets), axis=0, keepdims=True) > 0.0
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.asarray(0.5 * low + 0.5 * high)


def _log_odds(targets: FloatArray) -> FloatArray:
    share = np.clip(targets.mean(axis=0, keepdims=True), RAREST, 1.0 - RAREST)
    return np.asarray(np.log(share / (1.0 - share)))


def _log_shares(targets: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.maximum(targets.mean(axis=0, keepdims=True), RAREST)))


def _majority(targets: FloatArray) -> FloatArray:
    return np.where(targets.mean(axis=0, keepdims=True) > 0.5, 1.0, -1.0)


def probability(outputs: FloatArray) -> FloatArray:
    """Logits as probabilities, each by itself: 1 / (1 + e⁻ᶻ), without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * outputs)


def softmax(outputs: FloatArray) -> FloatArray:
    """Logits (rows, classes) as probabilities that add up to 1 in each row, without overflow."""
    raised = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


LOSSES: dict[str, Loss] = {
    loss.key: loss
    for loss in (
        Loss(
            "mse",
            "mean squared error",
            "mean of (ŷ − y)²",
            2,
            ("number",),
            _mean_squared_error,
            _mean_squared_error_gradient,
            _mean_squared_error_bend,
            _plan_mean_squared_error,
            _mean,
        ),
        Loss(
            "mae",
            "mean absolute error",
            "mean of |ŷ − y|",
            1,
            ("number",),
            _mean_absolute_error,
            _mean_absolute_error_gradient,
            _straight,
            _plan_mean_absolute_error,
            _median,
        ),
        Loss(
            "huber",
            "Huber loss",
            "mean of ½(ŷ − y)², beyond ±1 of |ŷ − y| − ½",
            0,
            ("number",),
            _huber,
            _huber_gradient,
            _huber_bend,
            _plan_huber,
            _huber_centre,
        ),
        Loss(
            "bce",
            "binary cross-entropy",
            "mean of −log of the probability given to the right class",
            0,
            ("two classes",),
            _binary_cross_entropy,
            _binary_cross_entropy_gradient,
            _binary_cross_entropy_bend,
            _plan_binary_cross_entropy,
            _log_odds,
        ),
        Loss(
            "cross-entropy",
            "softmax cross-entropy",
            "mean of −log of the probability given to the right class",
            0,
            ("classes",),
            _softmax_cross_entropy,
            _softmax_cross_entropy_gradient,
            _softmax_cross_entropy_bend,
            _plan_softmax_cross_entropy,
            _log_shares,
        ),
        Loss(
            "hinge",
            "hinge loss",
            "mean of max(0, 1 − (±1)·z)",
            0,
            ("two classes", "classes"),
            _hinge,
            _hinge_gradient,
            _straight,
            _plan_hinge,
            _majority,
        ),
    )
}

USUAL: dict[Kind, str] = {"number": "mse", "two classes": "bce", "classes": "cross-entropy"}
"""The loss that comes with a problem of each kind."""
