"""Loss functions: one number for how far the outputs are from the targets."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray


@dataclass(frozen=True)
class Loss:
    """A loss averaged over rows and outputs.

    `value` maps outputs and targets, both (rows, outputs), to a number; `gradient` maps them to
    the derivative of that number by each output, same shape. `formula` is for the screen;
    `power` is the power of the target's unit that the loss is measured in (0: no unit).
    """

    key: str
    title: str
    formula: str
    power: int
    value: Callable[[FloatArray, FloatArray], float]
    gradient: Callable[[FloatArray, FloatArray], FloatArray]


def _mean_squared_error(outputs: FloatArray, targets: FloatArray) -> float:
    miss = outputs - targets
    return float(np.mean(miss * miss))


def _mean_squared_error_gradient(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    return 2.0 * (outputs - targets) / outputs.size


LOSSES: dict[str, Loss] = {
    loss.key: loss
    for loss in (
        Loss(
            "mse",
            "mean squared error",
            "mean of (ŷ − y)²",
            2,
            _mean_squared_error,
            _mean_squared_error_gradient,
        ),
    )
}
