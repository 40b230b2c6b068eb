"""A check of a derivative that knows nothing of the chain rule: turn a little, look at the loss."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.objective import CHUNK, Objective

STEP = 1e-5
"""How far the parameter is turned either way, for one of size 1 or less."""

_ROUNDING = 8.0 * float(np.finfo(np.float64).eps)
"""By how much of itself a loss may be off, since it is a sum of rounded numbers."""

_KINKED = ("relu", "leaky-relu")


@dataclass(frozen=True)
class Check:
    """The derivative of the loss by one parameter, found in two ways.

    `numeric` is (loss at p + step − loss at p − step) / (2·step). `rounding` is how far off that
    may be because losses have sixteen digits only. `kink` tells that between the two places the
    loss has a corner, where it has two slopes and the difference lies between them.
    """

    analytic: float
    numeric: float
    step: float
    rounding: float
    kink: bool

    @property
    def difference(self) -> float:
        """How far apart the two are."""
        return abs(self.analytic - self.numeric)

    @property
    def relative(self) -> float:
        """The difference as a share of the larger of the two; 0 where both are 0."""
        larger = max(abs(self.analytic), abs(self.numeric))
        return self.difference / larger if larger > 0.0 else self.difference

    @property
    def digits(self) -> int:
        """To how many digits the two agree, 16 at most; 0 where they are not finite."""
        if not math.isfinite(self.relative) or self.relative >= 1.0:
            return 0
        return 16 if self.relative == 0.0 else min(16, math.floor(-math.log10(self.relative)))

    @property
    def is_within_rounding(self) -> bool:
        """Whether the difference can be rounding alone."""
        return self.difference <= self.rounding


def check(objective: Objective, vector: FloatArray, index: int) -> Check:
    """The gradient's entry `index` against a central difference of the loss over all rows."""
    step = STEP * max(1.0, abs(float(vector[index])))
    below, above = np.array(vector), np.array(vector)
    below[index] -= step
    above[index] += step
    apart = float(above[index] - below[index])  # what of the two steps is left after rounding
    low, high = objective.value(below), objective.value(above)
    with np.errstate(all="ignore"):
        numeric = float(np.float64(high - low) / apart)
        rounding = float(_ROUNDING * np.float64(max(abs(low), abs(high))) / apart)
    analytic = float(objective.gradient(vector)[index])
    kink = _has_kink(objective, below, above)
    return Check(analytic, numeric, step, rounding, kink)


def _has_kink(objective: Objective, below: FloatArray, above: FloatArray) -> bool:
    """Whether for any row a neuron or the loss is on another side of its corner at `above`."""
    chunks = range(0, objective.rows, CHUNK)
    with np.errstate(all="ignore"):
        return any(
            bool((one != other).any())
            for start in chunks
            for one, other in zip(
                _sides(objective, below, start), _sides(objective, above, start), strict=True
            )
        )


def _sides(objective: Objective, vector: FloatArray, start: int) -> list[BoolArray]:
    rows = slice(start, start + CHUNK)
    sums, made = objective.network.forward(vector, objective.inputs[rows])
    sides: list[BoolArray] = [
        z > 0.0
        for z, name in zip(sums, objective.network.activations, strict=True)
        if name in _KINKED
    ]
    outputs, targets = made[-1], objective.targets[rows]
    if objective.loss_name == "mae":
        sides.append(outputs > targets)
    if objective.loss_name == "hinge":
        sides.append((2.0 * targets - 1.0) * outputs < 1.0)
    return sides
