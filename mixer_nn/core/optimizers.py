"""Optimizers: what to do with a gradient; each a pure function, and a planned one equal to it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from mixer_nn.core.arrays import FloatArray

Call = Callable[[], object]


@dataclass(frozen=True)
class Optimizer:
    """An optimizer with `slots` vectors of memory, one row each.

    `update` maps (gradient, slots, learning rate) to (change of the parameters, new slots) and
    touches neither. `plan` maps (gradient, slots, learning rate, change) to a list of calls
    that do the same in place, writing `change`; the arrays are bound once and must stay.
    """

    key: str
    title: str
    slots: int
    update: Callable[[FloatArray, FloatArray, float], tuple[FloatArray, FloatArray]]
    plan: Callable[[FloatArray, FloatArray, float, FloatArray], list[Call]]


def _descend(
    gradient: FloatArray, slots: FloatArray, learning_rate: float
) -> tuple[FloatArray, FloatArray]:
    """Gradient descent (Cauchy, 1847): Δp = −η · ∂loss/∂p."""
    return -learning_rate * gradient, slots


def _plan_descent(
    gradient: FloatArray, slots: FloatArray, learning_rate: float, change: FloatArray
) -> list[Call]:
    # A 0-d array costs the ufunc less than a Python float.
    return [partial(np.multiply, gradient, np.array(-learning_rate), change)]


OPTIMIZERS: dict[str, Optimizer] = {
    optimizer.key: optimizer
    for optimizer in (
        Optimizer("gradient-descent", "gradient descent", 0, _descend, _plan_descent),
    )
}
