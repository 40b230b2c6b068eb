"""An account of one parameter's next step: the parts that add up to its change.

`updated` in `mixer_nn.core.update` says what a step does to all parameters. Here the same change
of one of them is taken apart: with g̃ = limiter · (slope + penalties), every optimizer makes of it

    Δp = −rate · g̃ + carried + decayed,

where *rate* is the learning rate of this one parameter in this one step (the formulas below), and
*carried* is what the optimizer's memory of earlier steps adds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import ADAGRAD_EPSILON, ALPHA, BETA1, BETA2, EPSILON
from mixer_nn.core.schedule import factor
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState
from mixer_nn.core.update import CLIP_EPSILON


@dataclass(frozen=True)
class StepAccount:
    """How the next step comes about for one parameter.

    `slope` is ∂loss/∂p over the step's batch; `l2` and `l1` are what the penalties add to it;
    `limiter` and `schedule` are factors, 1 where they leave things as they are; `learning_rate`
    has the schedule in it. `rate` is how far a slope of 1 moves the parameter in this step,
    `carried` what memory adds to the change, `decayed` what weight decay does. `remembered` is
    the optimizer's memory before the step. `divisor` is what the step is divided by, and
    `unbiased` Adam's m̂, both with this slope counted in; None where there is none.
    """

    slope: float
    l2: float
    l1: float
    limiter: float
    schedule: float
    learning_rate: float
    rate: float
    carried: float
    decayed: float
    remembered: tuple[float, ...]
    unbiased: float | None
    divisor: float | None
    is_free: bool

    @property
    def from_slope(self) -> float:
        """The part of the change that the slope makes."""
        return -self.rate * self.limiter * self.slope

    @property
    def from_l2(self) -> float:
        """The part that the pull l2·w makes."""
        return -self.rate * self.limiter * self.l2

    @property
    def from_l1(self) -> float:
        """The part that the pull l1·sign(w) makes."""
        return -self.rate * self.limiter * self.l1

    @property
    def parts(self) -> tuple[float, ...]:
        """From the slope, from L2, from L1, carried on, decayed; their sum is the change."""
        return (self.from_slope, self.from_l2, self.from_l1, self.carried, self.decayed)

    @property
    def change(self) -> float:
        """Δp of the next step; exactly 0 for a parameter that the optimizer may not move."""
        return sum(self.parts) if self.is_free else 0.0


@dataclass(frozen=True, eq=False)
class Batch:
    """What a step is made from: the loss's gradient over its rows, and its place in epochs."""

    gradient: FloatArray
    epochs: float
    length: float


def batch_size(settings: Settings, rows: int) -> int:
    """How many rows a step takes; all of them for a full batch."""
    size = settings.batch_size
    return rows if size == FULL_BATCH or size >= rows else size


def next_batch(
    objective: Objective, settings: Settings, state: TrainingState, order: IntArray
) -> Batch:
    """The mini-batch that the next step takes; `order` is the epoch's order of rows."""
    rows = order[state.place : state.place + settings.batch_size]
    with np.errstate(all="ignore"):
        _, gradient = loss_and_gradient(
            objective.network,
            objective.loss,
            state.parameters,
            objective.inputs[rows],
            objective.targets[rows],
        )
    total = objective.rows
    return Batch(gradient, state.epoch + state.place / total, settings.batch_size / total)


def account(
    network: Network,
    settings: Settings,
    state: TrainingState,
    batch: Batch,
    free: BoolArray,
    index: int,
) -> StepAccount:
    """The account of parameter `index`; `free` is True where the optimizer may move one."""
    value, is_weight = float(state.parameters[index]), float(network.is_weight[index])
    slope = float(batch.gradient[index])
    l2, l1 = settings.l2 * value * is_weight, settings.l1 * float(np.sign(value)) * is_weight
    limiter = _limiter(network, settings, state.parameters, batch.gradient, free)
    schedule = factor(
        settings.schedule, batch.epochs, settings.warm_up, settings.horizon, batch.length
    )
    rate = settings.learning_rate * schedule
    slots, count = state.memory_for(settings.optimizer)
    is_free = bool(free[index])
    # What is held is forgotten as it is held.
    remembered = tuple(float(slot) if is_free else 0.0 for slot in slots[:, index])
    pulled = limiter * (slope + l2 + l1)
    effect = _EFFECTS[settings.optimizer](
        _Push(pulled, remembered, rate, settings.momentum, count + 1)
    )
    decayed = -rate * settings.decay * is_weight * value if settings.optimizer == "adamw" else 0.0
    return StepAccount(
        slope,
        l2,
        l1,
        limiter,
        schedule,
        rate,
        effect.rate,
        effect.carried,
        decayed,
        remembered,
        effect.unbiased,
        effect.divisor,
        is_free,
    )


def _limiter(
    network: Network,
    settings: Settings,
    vector: FloatArray,
    gradient: FloatArray,
    free: BoolArray,
) -> float:
    """The factor by which clipping to a norm shortens the gradient with its penalties."""
    if settings.clip is None:
        return 1.0
    with np.errstate(all="ignore"):
        pull = network.is_weight * (settings.l2 * vector + settings.l1 * np.sign(vector))
        pulled = np.where(free, gradient + pull, 0.0)
        norm = float(np.sqrt(pulled @ pulled))
    return min(1.0, settings.clip / (norm + CLIP_EPSILON))


# -- what each optimizer makes of it ------------------------------------------------------------


class _Push(NamedTuple):
    """What comes to an optimizer for one parameter: g̃, its memory, η, μ, and the step's number."""

    slope: float
    remembered: tuple[float, ...]
    learning_rate: float
    momentum: float
    time: int


class _Effect(NamedTuple):
    rate: float
    carried: float = 0.0
    unbiased: float | None = None
    divisor: float | None = None


def _descent(push: _Push) -> _Effect:
    """Δp = −η·g."""
    return _Effect(push.learning_rate)


def _momentum(push: _Push) -> _Effect:
    """Δp = −η·g − η·μ·v."""
    (velocity,) = push.remembered
    return _Effect(push.learning_rate, -push.learning_rate * push.momentum * velocity)


def _nesterov(push: _Push) -> _Effect:
    """Δp = −η·(g + μ·(μ·v + g)) = −η·(1 + μ)·g − η·μ²·v."""
    (velocity,) = push.remembered
    rate, momentum = push.learning_rate, push.momentum
    return _Effect(rate * (1.0 + momentum), -rate * momentum * momentum * velocity)


def _divided(rate: float, squares: float, epsilon: float) -> _Effect:
    """Δp = −η / (√squares + ε) · g."""
    divisor = math.sqrt(squares) + epsilon
    return _Effect(rate / divisor, divisor=divisor)


def _adagrad(push: _Push) -> _Effect:
    (total,) = push.remembered
    return _divided(push.learning_rate, total + push.slope * push.slope, ADAGRAD_EPSILON)


def _rmsprop(push: _Push) -> _Effect:
    (average,) = push.remembered
    squares = ALPHA * average + (1.0 - ALPHA) * push.slope * push.slope
    return _divided(push.learning_rate, squares, EPSILON)


def _adam(push: _Push) -> _Effect:
    """Δp = −η·m̂ / (√v̂ + ε), where m̂ = (β₁·m + (1 − β₁)·g) / (1 − β₁ᵗ)."""
    mean, square = push.remembered
    bias = 1.0 - BETA1**push.time
    squares = BETA2 * square + (1.0 - BETA2) * push.slope * push.slope
    divisor = math.sqrt(squares / (1.0 - BETA2**push.time)) + EPSILON
    per_mean = push.learning_rate / (bias * divisor)
    unbiased = (BETA1 * mean + (1.0 - BETA1) * push.slope) / bias
    return _Effect(per_mean * (1.0 - BETA1), -per_mean * BETA1 * mean, unbiased, divisor)


_EFFECTS: dict[str, Callable[[_Push], _Effect]] = {
    "gradient-descent": _descent,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adam,
}
