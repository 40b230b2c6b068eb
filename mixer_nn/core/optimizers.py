"""Optimizers: what to do with a gradient; each a pure function, and a planned one equal to it.

Formulas and defaults are PyTorch's (``torch.optim``). With g the gradient, p the parameters, η the
learning rate, μ the momentum, and t counting the updates since the memory was empty.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from mixer_nn.core.arrays import Call, FloatArray

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
ALPHA = 0.99
ADAGRAD_EPSILON = 1e-10


@dataclass(frozen=True, eq=False)
class Step:
    """What an update is made from: arrays (parameters,), and slots (slots, parameters).

    `decay` is the weight decay of each parameter, 0 for biases; `count` the updates before.
    """

    parameters: FloatArray
    gradient: FloatArray
    slots: FloatArray
    learning_rate: float
    momentum: float
    decay: FloatArray
    count: int


@dataclass(eq=False)
class Workspace:
    """The same for a planned update: arrays bound once and written in place.

    `minus_rate` is a 0-d array with −η, which a schedule may change before each step; `count` a
    list of one number.
    """

    parameters: FloatArray
    gradient: FloatArray
    slots: FloatArray
    change: FloatArray
    minus_rate: FloatArray
    momentum: float
    decay: FloatArray
    count: list[int]


@dataclass(frozen=True)
class Optimizer:
    """An optimizer with `slots` vectors of memory, one row each.

    `update` maps a step to (change of the parameters, new slots) and touches neither. `plan`
    gives the calls that do the same in a workspace, writing its `change`.
    """

    key: str
    title: str
    formula: str
    slots: int
    update: Callable[[Step], tuple[FloatArray, FloatArray]]
    plan: Callable[[Workspace], list[Call]]
    has_momentum: bool = False
    is_adaptive: bool = False
    decays: bool = False


# -- gradient descent, and what has momentum ----------------------------------------------------


def _descend(step: Step) -> tuple[FloatArray, FloatArray]:
    """Gradient descent (Cauchy, 1847): Δp = −η·g."""
    return -step.learning_rate * step.gradient, step.slots


def _plan_descent(work: Workspace) -> list[Call]:
    return [partial(np.multiply, work.gradient, work.minus_rate, work.change)]


def _momentum(step: Step) -> tuple[FloatArray, FloatArray]:
    """Momentum (Polyak, 1964): v = μ·v + g; Δp = −η·v."""
    velocity = step.momentum * step.slots[0] + step.gradient
    return -step.learning_rate * velocity, velocity[np.newaxis]


def _plan_velocity(work: Workspace) -> list[Call]:
    velocity = work.slots[0]
    return [
        partial(np.multiply, velocity, np.array(work.momentum), velocity),
        partial(np.add, velocity, work.gradient, velocity),
    ]


def _plan_momentum(work: Workspace) -> list[Call]:
    return [
        *_plan_velocity(work),
        partial(np.multiply, work.slots[0], work.minus_rate, work.change),
    ]


def _nesterov(step: Step) -> tuple[FloatArray, FloatArray]:
    """Nesterov's momentum (1983, as in Sutskever et al., 2013): Δp = −η·(g + μ·v), v as above."""
    velocity = step.momentum * step.slots[0] + step.gradient
    ahead = step.gradient + step.momentum * velocity
    return -step.learning_rate * ahead, velocity[np.newaxis]


def _plan_nesterov(work: Workspace) -> list[Call]:
    change = work.change
    return [
        *_plan_velocity(work),
        partial(np.multiply, work.slots[0], np.array(work.momentum), change),
        partial(np.add, change, work.gradient, change),
        partial(np.multiply, change, work.minus_rate, change),
    ]


# -- a learning rate of its own for each parameter ----------------------------------------------


def _adagrad(step: Step) -> tuple[FloatArray, FloatArray]:
    """AdaGrad (Duchi, Hazan and Singer, 2011): s = s + g²; Δp = −η·g / (√s + ε)."""
    total = step.slots[0] + step.gradient**2
    change = -step.learning_rate * step.gradient / (np.sqrt(total) + ADAGRAD_EPSILON)
    return change, total[np.newaxis]


def _plan_divided(work: Workspace, squares: FloatArray, epsilon: float) -> list[Call]:
    """Δp = −η·g / (√squares + ε)."""
    root = np.empty_like(work.change)
    return [
        partial(np.sqrt, squares, root),
        partial(np.add, root, np.array(epsilon), root),
        partial(np.divide, work.gradient, root, work.change),
        partial(np.multiply, work.change, work.minus_rate, work.change),
    ]


def _plan_adagrad(work: Workspace) -> list[Call]:
    total, square = work.slots[0], np.empty_like(work.change)
    return [
        partial(np.multiply, work.gradient, work.gradient, square),
        partial(np.add, total, square, total),
        *_plan_divided(work, total, ADAGRAD_EPSILON),
    ]


def _rmsprop(step: Step) -> tuple[FloatArray, FloatArray]:
    """RMSProp (Hinton, 2012): s = α·s + (1 − α)·g²; Δp = −η·g / (√s + ε)."""
    average = ALPHA * step.slots[0] + (1.0 - ALPHA) * step.gradient**2
    change = -step.learning_rate * step.gradient / (np.sqrt(average) + EPSILON)
    return change, average[np.newaxis]


def _plan_rmsprop(work: Workspace) -> list[Call]:
    average, square = work.slots[0], np.empty_like(work.change)
    return [
        partial(np.multiply, average, np.array(ALPHA), average),
        partial(np.multiply, work.gradient, work.gradient, square),
        partial(np.multiply, square, np.array(1.0 - ALPHA), square),
        partial(np.add, average, square, average),
        *_plan_divided(work, average, EPSILON),
    ]


def _adam(step: Step) -> tuple[FloatArray, FloatArray]:
    """Adam (Kingma and Ba, 2015): m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²;
    Δp = −η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε).
    """
    mean = BETA1 * step.slots[0] + (1.0 - BETA1) * step.gradient
    square = BETA2 * step.slots[1] + (1.0 - BETA2) * step.gradient**2
    time = step.count + 1
    unbiased = mean / (1.0 - BETA1**time)
    spread = np.sqrt(square / (1.0 - BETA2**time)) + EPSILON
    return -step.learning_rate * unbiased / spread, np.stack([mean, square])


class _Unbias:
    """Works out, before each step, the numbers that correct Adam's moments for their start.

    With c = √(1 − β₂ᵗ) the formula is −η·c/(1 − β₁ᵗ) · m / (√v + ε·c), which needs no array more.
    """

    def __init__(self, work: Workspace) -> None:
        self._minus_rate, self._count = work.minus_rate, work.count
        self.factor, self.epsilon = np.zeros(()), np.zeros(())

    def __call__(self) -> None:
        self._count[0] += 1
        time = self._count[0]
        root = math.sqrt(1.0 - BETA2**time)
        self.factor[()] = float(self._minus_rate) * root / (1.0 - BETA1**time)
        self.epsilon[()] = EPSILON * root


def _plan_adam(work: Workspace) -> list[Call]:
    fresh, root, unbias = np.empty_like(work.slots), np.empty_like(work.change), _Unbias(work)
    # Written out for every number: a row each, spread while multiplying, takes twice as long.
    betas = np.empty_like(work.slots)
    betas[:] = [[BETA1], [BETA2]]
    return [
        unbias,
        # Both moments at once, as the two rows of one array.
        partial(np.multiply, work.slots, betas, work.slots),
        partial(np.multiply, work.gradient, np.array(1.0 - BETA1), fresh[0]),
        partial(np.multiply, work.gradient, work.gradient, fresh[1]),
        partial(np.multiply, fresh[1], np.array(1.0 - BETA2), fresh[1]),
        partial(np.add, work.slots, fresh, work.slots),
        partial(np.sqrt, work.slots[1], root),
        partial(np.add, root, unbias.epsilon, root),
        partial(np.divide, work.slots[0], root, work.change),
        partial(np.multiply, work.change, unbias.factor, work.change),
    ]


def _adamw(step: Step) -> tuple[FloatArray, FloatArray]:
    """AdamW (Loshchilov and Hutter, 2019): Adam's Δp, and −η·λ·p of its own for the weights."""
    change, slots = _adam(step)
    return change - step.learning_rate * step.decay * step.parameters, slots


def _plan_adamw(work: Workspace) -> list[Call]:
    shrink = np.empty_like(work.change)
    return [
        *_plan_adam(work),
        partial(np.multiply, work.parameters, work.decay, shrink),
        partial(np.multiply, shrink, work.minus_rate, shrink),
        partial(np.add, work.change, shrink, work.change),
    ]


OPTIMIZERS: dict[str, Optimizer] = {
    optimizer.key: optimizer
    for optimizer in (
        Optimizer("gradient-descent", "gradient descent", "Δp = −η·g", 0, _descend, _plan_descent),
        Optimizer(
            "momentum",
            "momentum",
            "v = μ·v + g;  Δp = −η·v",
            1,
            _momentum,
            _plan_momentum,
            has_momentum=True,
        ),
        Optimizer(
            "nesterov",
            "Nesterov",
            "v = μ·v + g;  Δp = −η·(g + μ·v)",
            1,
            _nesterov,
            _plan_nesterov,
            has_momentum=True,
        ),
        Optimizer(
            "adagrad",
            "AdaGrad",
            "s = s + g²;  Δp = −η·g / (√s + ε)",
            1,
            _adagrad,
            _plan_adagrad,
            is_adaptive=True,
        ),
        Optimizer(
            "rmsprop",
            "RMSProp",
            "s = 0.99·s + 0.01·g²;  Δp = −η·g / (√s + ε)",
            1,
            _rmsprop,
            _plan_rmsprop,
            is_adaptive=True,
        ),
        Optimizer(
            "adam",
            "Adam",
            "m, v: averages of g, g²;  Δp = −η·m̂ / (√v̂ + ε)",
            2,
            _adam,
            _plan_adam,
            is_adaptive=True,
        ),
        Optimizer(
            "adamw",
            "AdamW",
            "Adam, and −η·λ·w for the weights",
            2,
            _adamw,
            _plan_adamw,
            is_adaptive=True,
            decays=True,
        ),
    )
}
